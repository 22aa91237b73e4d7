//! Whether two entries are likely one organization: the same code, the same name in one county, the same phone; or much the
//! same all in all.

use std::collections::{BTreeSet, HashMap};

use lianjie_index::duplicate::{self, Regions, SUGGESTED};
use lianjie_index::text::fold;

use super::model::Organization;
use super::phone;

/// What is alike, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// The same 统一社会信用代码.
    Code,
    /// The same name in the same county, but for blanks, brackets and width.
    Name,
    /// A phone number in common, in the same county.
    Phone,
    /// Name, address and the rest taken together.
    Whole,
}

impl Alike {
    /// The key of the fault that says so.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Code => "alike_code",
            Self::Name => "alike_name",
            Self::Phone => "alike_phone",
            Self::Whole => "alike_whole",
        }
    }
}

/// What is alike about two entries, if they may be one. Branches may share a code with their own parent.
#[must_use]
pub fn alike(one: &Organization, other: &Organization) -> Option<Alike> {
    let related = one.parent.as_ref() == Some(&other.id) || other.parent.as_ref() == Some(&one.id);
    if one.id == other.id || related {
        return None;
    }
    if one.code_uscc.is_some() && one.code_uscc == other.code_uscc {
        return Some(Alike::Code);
    }
    if one.division.county() != other.division.county() {
        return None;
    }
    if plain(&one.name) == plain(&other.name) {
        return Some(Alike::Name);
    }
    let shared = one.phones.iter().any(|phone| other.phones.iter().any(|known| same_phone(phone, known)));
    shared.then_some(Alike::Phone)
}

/// The entry among others that another is likely the same as, and by what: what is surest first.
#[must_use]
pub fn likely<'a>(one: &Organization, others: &'a [Organization], regions: &Regions) -> Option<(Alike, &'a Organization)> {
    let found = others.iter().filter_map(|other| Some((alike(one, other)?, other))).min_by_key(|(why, _)| *why);
    found.or_else(|| likest(one, others, regions).map(|other| (Alike::Whole, other)))
}

/// The entry that is most like another all in all, if it is likely the same.
#[must_use]
pub fn likest<'a>(one: &Organization, others: &'a [Organization], regions: &Regions) -> Option<&'a Organization> {
    let related = |other: &Organization| one.parent.as_ref() == Some(&other.id) || other.parent.as_ref() == Some(&one.id);
    let records: Vec<_> = others.iter().filter(|other| other.id != one.id && !related(other)).map(record).collect();
    let best = duplicate::like(&record(one), &records, regions, SUGGESTED).into_iter().next()?;
    let theirs = if best.a == one.id.as_str() { best.b } else { best.a };
    others.iter().find(|other| other.id.as_str() == theirs)
}

/// Of each of some entries the one among many that it is likely the same as, and by what. Only what shares a code, a name or a phone,
/// or is likely the same all in all, is looked at.
#[must_use]
pub fn likest_of_many<'a>(
    some: &[&'a Organization],
    all: &'a [Organization],
    regions: &Regions,
) -> Vec<(&'a Organization, Alike, &'a Organization)> {
    let at: HashMap<&str, usize> = all.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
    let mut near: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    let mut shared: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, one) in all.iter().enumerate() {
        for key in keys(one) {
            shared.entry(key).or_default().push(at);
        }
    }
    for one in some {
        let others = keys(one).into_iter().filter_map(|key| shared.get(&key)).flatten();
        near.entry(one.id.as_str()).or_default().extend(others);
    }
    let records: Vec<_> = all.iter().map(record).collect();
    for pair in duplicate::pairs(&records, regions, SUGGESTED) {
        for (one, other) in [(&pair.a, &pair.b), (&pair.b, &pair.a)] {
            if let (Some(near), Some(other)) = (near.get_mut(one.as_str()), at.get(other.as_str())) {
                near.insert(*other);
            }
        }
    }
    let found = some.iter().filter_map(|one| {
        let others = near.get(one.id.as_str()).into_iter().flatten().filter_map(|at| all.get(*at));
        let sure = others.clone().filter_map(|other| Some((alike(one, other)?, other))).min_by_key(|(why, _)| *why);
        let related = |other: &Organization| one.parent.as_ref() == Some(&other.id) || other.parent.as_ref() == Some(&one.id);
        let whole = || {
            let records: Vec<_> = others.filter(|other| other.id != one.id && !related(other)).map(record).collect();
            let best = duplicate::like(&record(one), &records, regions, SUGGESTED).into_iter().next()?;
            let theirs = if best.a == one.id.as_str() { best.b } else { best.a };
            Some((Alike::Whole, all.get(*at.get(theirs.as_str())?)?))
        };
        let (why, other) = sure.or_else(whole)?;
        Some((*one, why, other))
    });
    found.collect()
}

/// What entries must share at least to be the same by code, name or phone.
fn keys(one: &Organization) -> Vec<String> {
    let county = one.division.county();
    let code = one.code_uscc.iter().map(|code| format!("code {code}"));
    let phones = one.phones.iter().map(|phone| phone::digits(phone));
    let phones = phones.filter(|digits| digits.len() >= 7).map(|digits| format!("phone {county} {digits}"));
    code.chain([format!("name {county} {}", plain(&one.name))]).chain(phones).collect()
}

/// An entry as it is compared.
fn record(organization: &Organization) -> duplicate::Organization {
    let other = organization.alternate_name.as_deref().filter(|other| !other.is_empty());
    duplicate::Organization {
        id: organization.id.to_string(),
        name: other.map_or_else(|| organization.name.clone(), |other| format!("{}（{other}）", organization.name)),
        address: organization.address.clone(),
        phone: organization.phones.join("、"),
        contact: String::new(),
        uscc: organization.code_uscc.clone().unwrap_or_default(),
        county: organization.division.county().to_string(),
        website: organization.website.clone().unwrap_or_default(),
        point: String::new(),
    }
}

/// A name without what people write one way or another.
fn plain(name: &str) -> String {
    fold(name).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Whether two numbers ring at the same place; short public numbers belong to everybody, and noughts are a filler.
fn same_phone(one: &str, other: &str) -> bool {
    let (one, other) = (phone::digits(one), phone::digits(other));
    one.len() >= 7 && one == other && !one.ends_with("0000000")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, division: &str, phone: &str) -> Organization {
        let at = "2026-11-25T01:00:00Z".parse().unwrap();
        Organization { name: name.into(), division: division.parse().unwrap(), phones: vec![phone.into()], ..Organization::blank(at) }
    }

    #[test]
    fn width_brackets_and_blanks_make_no_other_name() {
        let one = named("青藤（六合）社工中心", "320116010", "025-11111111");
        assert_eq!(alike(&one, &named("青藤(六合) 社工中心", "320116011", "025-22222222")), Some(Alike::Name));
        assert_eq!(alike(&one, &named("青藤（六合）社工中心", "320111001", "025-22222222")), None);
        assert_eq!(alike(&one, &one.clone()), None);
    }

    #[test]
    fn a_name_written_short_at_the_same_address_is_likely_the_same() {
        let one = Organization {
            address: "六合区长芦街道芦花路12号".into(), ..named("南京市六合区青藤社会工作服务中心", "320116012", "")
        };
        let other = Organization { address: "长芦街道芦花路十二号".into(), ..named("青藤社工服务中心", "320116012", "") };
        let branch =
            Organization { address: "大厂街道3号".into(), ..named("青藤社工服务中心大厂分中心", "320116010", "") };
        let county: lianjie_index::DivisionCode = "320116".parse().unwrap();
        let regions = Regions::new([(&county, "六合区")]);
        let all = [other.clone(), branch.clone()];
        assert_eq!(likest(&one, &all, &regions).map(|found| &found.id), Some(&other.id));
        assert_eq!(likest(&one, &[branch], &regions), None);
    }

    #[test]
    fn of_many_each_is_told_with_the_one_it_is_likely_the_same_as() {
        let one = named("青藤社工中心", "320116010", "025-1111 1111");
        let all = [
            one.clone(),
            named("青藤之家", "320116011", "02511111111"),
            named("青藤（社工）中心", "320116012", "025-22222222"),
            named("新芽康复中心", "320116012", "025-33333333"),
        ];
        let county: lianjie_index::DivisionCode = "320116".parse().unwrap();
        let regions = Regions::new([(&county, "六合区")]);
        let found = likest_of_many(&[&all[0], &all[3]], &all, &regions);
        assert_eq!(found.len(), 1, "it is not like itself, and the last is like none");
        assert_eq!((&found[0].0.name, found[0].1, &found[0].2.name), (&one.name, Alike::Name, &all[2].name), "the surest counts");
    }

    #[test]
    fn a_shared_phone_tells_but_a_short_number_does_not() {
        let one = named("青藤社工中心", "320116010", "025-1111 1111");
        assert_eq!(alike(&one, &named("青藤之家", "320116011", "02511111111")), Some(Alike::Phone));
        let short = named("甲站", "320116010", "12345");
        assert_eq!(alike(&short, &named("乙站", "320116010", "12345")), None);
    }

    #[test]
    fn a_code_is_of_one_organization_wherever_it_is_but_a_branch_shares_it() {
        let code = Some("52329900MJ9900012Q".to_owned());
        let one = Organization { code_uscc: code.clone(), ..named("甲", "320116010", "") };
        let other = Organization { code_uscc: code, ..named("乙", "320111001", "") };
        assert_eq!(alike(&one, &other), Some(Alike::Code));
        assert_eq!(alike(&one, &Organization { parent: Some(one.id.clone()), ..other }), None);
    }
}
