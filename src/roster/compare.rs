//! Lays a list beside the directory: by 统一社会信用代码, else by the engine that finds duplicates, with its points. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lianjie_index::duplicate::{LIKELY, Organization, Pair, Regions, SUGGESTED, pairs};

use super::model::{Alike, Point, State};
use super::read::Listed;
use crate::id::OrganizationId;

/// What a list is laid beside.
#[derive(Debug, Default)]
pub struct Directory {
    /// The entries of the area.
    pub entries: Vec<Organization>,
    /// The entries of each code, wherever they are; the body before its branches.
    pub codes: BTreeMap<String, Vec<OrganizationId>>,
    /// What a person said before: of a row's mark and an entry, whether they are the same.
    pub answers: BTreeMap<(String, OrganizationId), bool>,
}

/// What was found of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Where it stands.
    pub state: State,
    /// Entries it may be, the likeliest first.
    pub alike: Vec<Alike>,
    /// The entry it is, or the likeliest it may be.
    pub organization: Option<OrganizationId>,
}

/// Compares: what was found of each row, in the order of the rows, and the entries that the list may have.
#[must_use]
pub fn compare(theirs: &[Listed], directory: &Directory, regions: &Regions) -> (Vec<Found>, BTreeSet<OrganizationId>) {
    let mut near = near(theirs, directory, regions);
    let of_code = |row: &Listed| directory.codes.get(&row.record.uscc).filter(|_| !row.record.uscc.is_empty());
    let taken: BTreeSet<&OrganizationId> = theirs.iter().filter_map(of_code).flatten().collect();
    let mut there: BTreeSet<OrganizationId> = taken.iter().map(|id| (*id).clone()).collect();
    let mut found = Vec::with_capacity(theirs.len());
    for row in theirs {
        let alike = near.remove(row.record.id.as_str()).unwrap_or_default();
        if let Some(first) = of_code(row).and_then(|ids| ids.first()) {
            there.extend(alike.iter().filter(|one| one.score >= LIKELY).map(|one| one.organization.clone()));
            found.push(Found { state: State::Matched, alike: Vec::new(), organization: Some(first.clone()) });
            continue;
        }
        let mark = row.mark();
        let answer = |id: &OrganizationId| directory.answers.get(&(mark.clone(), id.clone())).copied();
        let alike: Vec<Alike> = alike.into_iter().filter(|one| answer(&one.organization) != Some(false)).collect();
        let same = alike.iter().find(|one| answer(&one.organization) == Some(true)).cloned();
        let standing = match (same, alike.first()) {
            (Some(same), _) => Found { state: State::Same, organization: Some(same.organization.clone()), alike: vec![same] },
            (None, None) => Found { state: State::Theirs, alike, organization: None },
            (None, Some(first)) => {
                let sure = first.score >= LIKELY && !codes_differ(first) && !taken.contains(&first.organization);
                let state = if sure { State::Alike } else { State::Maybe };
                Found { state, organization: Some(first.organization.clone()), alike }
            }
        };
        there.extend(standing.alike.iter().map(|one| one.organization.clone()));
        found.push(standing);
    }
    (found, there)
}

/// The entries that each row may be, by the id of its record, the likeliest first.
fn near(theirs: &[Listed], directory: &Directory, regions: &Regions) -> HashMap<String, Vec<Alike>> {
    let rows: BTreeSet<&str> = theirs.iter().map(|row| row.record.id.as_str()).collect();
    let records: Vec<Organization> = directory.entries.iter().chain(theirs.iter().map(|row| &row.record)).cloned().collect();
    let mut near: HashMap<String, Vec<Alike>> = HashMap::new();
    for pair in pairs(&records, regions, SUGGESTED) {
        let (row, entry) = match (rows.contains(pair.a.as_str()), rows.contains(pair.b.as_str())) {
            (true, false) => (&pair.a, &pair.b),
            (false, true) => (&pair.b, &pair.a),
            // Two of one side are for 查重.
            _ => continue,
        };
        let Ok(organization) = OrganizationId::parse(entry) else { continue };
        near.entry(row.clone()).or_default().push(Alike { organization, score: pair.score, points: points(&pair) });
    }
    for alike in near.values_mut() {
        alike.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.organization.cmp(&other.organization)));
    }
    near
}

fn points(pair: &Pair) -> Vec<Point> {
    let shown = pair.evidence.iter().filter(|one| one.comparison != "base");
    shown.map(|one| Point { comparison: one.comparison.to_owned(), level: one.level.to_owned(), points: one.points }).collect()
}

/// Whether both have a code, and not the same: then nobody is sure.
fn codes_differ(alike: &Alike) -> bool {
    alike.points.iter().any(|point| point.comparison == "uscc" && point.level != "same")
}

#[cfg(test)]
mod tests {
    use lianjie_index::DivisionCode;

    use super::*;

    fn entry(number: u8, name: &str, address: &str, code: &str) -> Organization {
        let id = OrganizationId::from_parts("2026-11-25T01:00:00Z".parse().unwrap(), [number; 10]);
        Organization {
            id: id.to_string(),
            name: name.into(),
            address: address.into(),
            uscc: code.into(),
            county: "320116".into(),
            ..Organization::default()
        }
    }

    fn row(number: u32, name: &str, address: &str, code: &str) -> Listed {
        let record = Organization { id: format!("row {number}"), ..entry(0, name, address, code) };
        Listed { number, given: [("name".to_owned(), name.to_owned())].into(), record }
    }

    fn regions() -> Regions {
        let county: DivisionCode = "320116".parse().unwrap();
        Regions::new([(&county, "六合区")])
    }

    fn id(entry: &Organization) -> OrganizationId {
        OrganizationId::parse(&entry.id).unwrap()
    }

    #[test]
    fn the_same_code_is_the_same_body_whatever_its_name() {
        let ours = entry(1, "青藤社工服务中心", "长芦街道1号", "91350100M000100Y43");
        let codes = BTreeMap::from([(ours.uscc.clone(), vec![id(&ours)])]);
        let directory = Directory { entries: vec![ours.clone()], codes, ..Directory::default() };
        let (found, there) = compare(&[row(1, "新名字的机构", "大厂街道9号", "91350100M000100Y43")], &directory, &regions());
        assert_eq!((found[0].state, found[0].organization.as_ref()), (State::Matched, Some(&id(&ours))));
        assert!(there.contains(&id(&ours)));
    }

    #[test]
    fn what_a_person_said_before_is_not_asked_again() {
        let ours = entry(1, "南京市六合区青藤社会工作服务中心", "六合区长芦街道芦花路12号", "");
        let theirs = [row(1, "青藤社工服务中心", "长芦街道芦花路十二号", "")];
        let laid = |answers: BTreeMap<(String, OrganizationId), bool>| {
            let directory = Directory { entries: vec![ours.clone()], answers, ..Directory::default() };
            compare(&theirs, &directory, &regions())
        };
        let (found, there) = laid(BTreeMap::new());
        assert_eq!(found[0].organization, Some(id(&ours)));
        assert!(matches!(found[0].state, State::Maybe | State::Alike) && !found[0].alike[0].points.is_empty(), "{found:?}");
        assert!(there.contains(&id(&ours)));
        let (found, there) = laid([((theirs[0].mark(), id(&ours)), false)].into());
        assert!(found[0].state == State::Theirs && there.is_empty(), "{found:?}");
        let (found, _) = laid([((theirs[0].mark(), id(&ours)), true)].into());
        assert_eq!(found[0].state, State::Same);
    }

    #[test]
    fn what_resembles_nothing_is_only_theirs() {
        let ours = entry(1, "青藤社工服务中心", "长芦街道1号", "");
        let directory = Directory { entries: vec![ours], ..Directory::default() };
        let (found, there) = compare(&[row(1, "新芽康复中心", "大厂街道2号", "")], &directory, &regions());
        assert!(found[0].state == State::Theirs && there.is_empty(), "{found:?}");
    }
}
