//! Whether two entries are likely one organization: the same code, the same name in one county, the same phone.

use lianjie_index::text::fold;

use super::model::Organization;

/// What is alike, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// The same 统一社会信用代码.
    Code,
    /// The same name in the same county, but for blanks, brackets and width.
    Name,
    /// A phone number in common, in the same county.
    Phone,
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

/// A name without what people write one way or another.
fn plain(name: &str) -> String {
    fold(name).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Whether two numbers ring at the same place; short public numbers belong to everybody, and noughts are a filler.
fn same_phone(one: &str, other: &str) -> bool {
    let digits = |phone: &str| phone.chars().filter(char::is_ascii_digit).collect::<String>();
    let (one, other) = (digits(one), digits(other));
    one.len() >= 7 && one == other && !one.ends_with("0000000")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organization::actions::blank;

    fn named(name: &str, division: &str, phone: &str) -> Organization {
        let at = "2026-11-25T01:00:00Z".parse().unwrap();
        Organization { name: name.into(), division: division.parse().unwrap(), phones: vec![phone.into()], ..blank(at) }
    }

    #[test]
    fn width_brackets_and_blanks_make_no_other_name() {
        let one = named("青藤（六合）社工中心", "320116010", "025-11111111");
        assert_eq!(alike(&one, &named("青藤(六合) 社工中心", "320116011", "025-22222222")), Some(Alike::Name));
        assert_eq!(alike(&one, &named("青藤（六合）社工中心", "320111001", "025-22222222")), None);
        assert_eq!(alike(&one, &one.clone()), None);
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
