//! Categories of child, computed from guardians and flags.
//!
//! Source: `seed-data/child-categories.csv` (民发〔2019〕62号, 民发〔2020〕125号, Jiangsu's supplement of 2018,
//! 国发〔2016〕13号). The narrower status stands for the wider one: an orphan is not listed as unguarded as well.

use jiff::civil::Date;
use lianjie_index::CategoryCode;

use super::{BirthMonth, Flag, Guardian, GuardianState};

/// States of liberty and contact count after this many days.
const HALF_A_YEAR: i32 = 182;

/// The categories of a child on a day, in the order of the table; never empty.
#[must_use]
pub fn categories(guardians: &[Guardian], flags: &[Flag], birth: Option<BirthMonth>, day: Date) -> Vec<CategoryCode> {
    let parents: Vec<&Guardian> = guardians.iter().filter(|guardian| guardian.relation.is_parent()).collect();
    let has = |flag: Flag| flags.contains(&flag);
    let under = |years: u16| birth.is_none_or(|birth| birth.age_years(day) < years);
    let mut found = Vec::new();
    if let Some(status) = by_parents(&parents, day) {
        found.push(status);
    }
    for (flag, code) in [
        (Flag::SevereDisability, "DISABLED"),
        (Flag::ListedIllness, "ILL"),
        (Flag::Street, "STREET"),
        (Flag::Poor, "POOR"),
        (Flag::Harm, "HARM"),
    ] {
        if has(flag) {
            found.push(code);
        }
    }
    if has(Flag::RuralHukou) && under(16) && is_left_behind(&parents, day) {
        found.push("LEFT");
    }
    if has(Flag::Migrant) && under(16) {
        found.push("MIGRANT");
    }
    if found.is_empty() {
        found.push("GENERAL");
    }
    found.into_iter().map(|code| code.parse().expect("the codes above are codes")).collect()
}

fn by_parents(parents: &[&Guardian], day: Date) -> Option<&'static str> {
    if parents.is_empty() {
        return None;
    }
    let both = parents.len() >= 2;
    let all = |test: &dyn Fn(&Guardian) -> bool| parents.iter().all(|parent| test(parent));
    let gone = |parent: &Guardian| matches!(parent.state, GuardianState::Dead | GuardianState::Missing);
    let absent = |parent: &Guardian| gone(parent) || is_kept_away(parent, day);
    let listed =
        |parent: &Guardian| absent(parent) || is_unable(parent) || matches!(parent.state, GuardianState::Revoked | GuardianState::Deported);
    if both && all(&gone) {
        Some("ORPHAN")
    } else if both && all(&listed) {
        Some("DEFACTO")
    } else if all(&absent) {
        Some("NOGUARD")
    } else if all(&|parent| absent(parent) || is_unable(parent)) {
        Some("UNABLE")
    } else {
        None
    }
}

fn is_unable(parent: &Guardian) -> bool {
    matches!(parent.state, GuardianState::Disabled | GuardianState::Ill)
}

/// Without liberty or contact for half a year.
fn is_kept_away(parent: &Guardian, day: Date) -> bool {
    use GuardianState::{CompulsoryDetox, Detained, Imprisoned, LostContact};
    let long = parent.since.is_some_and(|since| (day - since).get_days() >= HALF_A_YEAR);
    long && matches!(parent.state, Imprisoned | CompulsoryDetox | Detained | LostContact)
}

/// Both parents away, or one away and the other not there to guard.
fn is_left_behind(parents: &[&Guardian], day: Date) -> bool {
    let away = parents.iter().any(|parent| parent.state == GuardianState::Away);
    let guarded = parents.iter().any(|parent| parent.state == GuardianState::Present);
    let orphaned = by_parents(parents, day).is_some();
    parents.len() >= 2 && away && !guarded && !orphaned
}

#[cfg(test)]
mod tests {
    use super::super::Relation;
    use super::*;
    use crate::id::GuardianId;

    const TODAY: Date = jiff::civil::date(2026, 11, 25);

    fn parent(relation: Relation, state: GuardianState, since: &str) -> Guardian {
        Guardian {
            id: GuardianId::from_parts(jiff::Timestamp::UNIX_EPOCH, [0; 10]),
            relation,
            state,
            since: since.parse().ok(),
            evidence: String::new(),
            carer: false,
            suspected: false,
            name: None,
            phone: None,
        }
    }

    fn of(guardians: &[Guardian], flags: &[Flag]) -> String {
        let codes = categories(guardians, flags, "2015-03".parse().ok(), TODAY);
        codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_father_in_prison_and_a_mother_gone_for_half_a_year_is_de_facto_without_carers() {
        let father = parent(Relation::Father, GuardianState::Imprisoned, "2025-01-10");
        let mother = parent(Relation::Mother, GuardianState::LostContact, "2026-04-01");
        assert_eq!(of(&[father.clone(), mother], &[Flag::Poor]), "DEFACTO POOR");
        let lately = parent(Relation::Mother, GuardianState::LostContact, "2026-10-01");
        assert_eq!(of(&[father, lately], &[]), "GENERAL");
    }

    #[test]
    fn both_parents_dead_is_an_orphan_and_nothing_wider() {
        let dead = |relation| parent(relation, GuardianState::Dead, "2020-01-01");
        assert_eq!(of(&[dead(Relation::Father), dead(Relation::Mother)], &[]), "ORPHAN");
    }

    #[test]
    fn one_known_parent_out_of_reach_is_guardianship_missing_or_unable() {
        assert_eq!(of(&[parent(Relation::Mother, GuardianState::Imprisoned, "2025-01-10")], &[]), "NOGUARD");
        assert_eq!(of(&[parent(Relation::Mother, GuardianState::Ill, "2025-01-10")], &[]), "UNABLE");
    }

    #[test]
    fn left_behind_is_rural_under_sixteen_and_away() {
        let away = |relation| parent(relation, GuardianState::Away, "2024-01-01");
        let parents = [away(Relation::Father), away(Relation::Mother)];
        assert_eq!(of(&parents, &[Flag::RuralHukou]), "LEFT");
        assert_eq!(of(&parents, &[]), "GENERAL");
        let one = [away(Relation::Father), parent(Relation::Mother, GuardianState::Present, "")];
        assert_eq!(of(&one, &[Flag::RuralHukou]), "GENERAL");
    }
}
