//! Levels and keys that organisations and services have in common.

use super::{
    address::Address,
    name::Name,
    phone::{self, Phone},
    whereabouts::{Nearness, Whereabouts},
    word::Word,
};

/// How alike two words are; the levels are in order, best first.
pub(super) const WORD_LEVELS: [&str; 8] = ["same", "sound", "typo", "part", "abbreviation", "similar", "weak", "other"];

/// Which of [`WORD_LEVELS`] two words reach.
pub(super) fn word_level(one: &Word, other: &Word) -> usize {
    if one == other {
        return 0;
    }
    if one.taken_for(other) {
        return 1;
    }
    let longest = u32::try_from(one.len().max(other.len())).unwrap_or(u32::MAX).max(1);
    let distance = one.distance(other);
    match distance {
        _ if distance <= 5 || (distance <= 10 && longest >= 4) => 2,
        _ if one.is_part(other) => 3,
        _ if one.abbreviates(other) => 4,
        _ if distance <= 4 * longest => 5,
        _ if distance <= 7 * longest => 6,
        _ => 7,
    }
}

/// The best level of any name of one with any of the other; names without a word of their own
/// have levels of their own, since there the words tell less.
pub(super) fn core_level(one: &Name, other: &Name, common: bool) -> Option<&'static str> {
    if one.core.is_empty() || other.core.is_empty() {
        return None;
    }
    let best = one.cores().flat_map(|a| other.cores().map(|b| word_level(a, b))).min()?;
    // A slip in a generic word leaves that word in the core; the whole shows it is but a slip.
    if best > 2 && one.raw.len() >= 5 && one.raw.is_slip_of(&other.raw) {
        return Some("slip");
    }
    Some(match (one.generic, other.generic) {
        (true, true) => {
            ["generic_same", "generic_similar", "generic_similar", "generic_similar", "generic_similar", "generic_other"][best.min(5)]
        }
        (false, false) if best == 0 && common => "same_common",
        (false, false) => WORD_LEVELS[best],
        _ => "one_generic",
    })
}

/// Whether two bodies do the same, as far as their names say.
pub(super) fn field_level(one: &[&str], other: &[&str]) -> Option<&'static str> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let common = one.iter().filter(|field| other.contains(field)).count();
    Some(if common == one.len() && common == other.len() {
        "same"
    } else if common == one.len() || common == other.len() {
        "part"
    } else if common > 0 {
        "partly"
    } else {
        "other"
    })
}

/// Whether two are the same part of a body; neutral where neither says it is one.
pub(super) fn branch_level(one: &Name, other: &Name) -> Option<&'static str> {
    if let (Some(a), Some(b)) = (one.number, other.number)
        && a != b
    {
        return Some("other");
    }
    match (&one.branch, &other.branch) {
        (None, None) => None,
        (Some(a), Some(b)) if a == b => Some("same"),
        (Some(a), Some(b)) => {
            let number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
            let alike = !number(a) && !number(b) && word_level(&Word::new(a), &Word::new(b)) < 3;
            Some(if alike { "same" } else { "other" })
        }
        _ => Some("one"),
    }
}

/// How near two are; names without a word of their own are told apart by little else.
pub(super) fn place_level(one: &Whereabouts, other: &Whereabouts, generic: bool) -> Option<&'static str> {
    let near = one.nearness(other)?;
    let seat = one.township().is_none() && other.township().is_none();
    Some(match (near, generic) {
        // 妇联 of a county, which has one: no town is named because there is none to name.
        (Nearness::County, true) if seat => "generic_seat",
        (Nearness::Township, false) => "township",
        (Nearness::County, false) => "county",
        (Nearness::OtherTownship, false) => "other_township",
        (Nearness::OtherCounty, false) => "other_county",
        (Nearness::OtherPrefecture, false) => "other_prefecture",
        (Nearness::Township, true) => "generic_township",
        (Nearness::County, true) => "generic_county",
        (Nearness::OtherTownship, true) => "generic_other_township",
        (Nearness::OtherCounty, true) => "generic_other_county",
        (Nearness::OtherPrefecture, true) => "generic_other_prefecture",
    })
}

/// The level of a phone.
pub(super) fn phone_name(found: phone::Agreement) -> &'static str {
    match found {
        phone::Agreement::Same => "same",
        phone::Agreement::Masked => "masked",
        phone::Agreement::Typo => "typo",
        phone::Agreement::Other => "other",
    }
}

/// Keys by which names that sound alike, or differ in a character, meet.
pub(super) fn name_keys(name: &Name, place: &Whereabouts) -> Vec<String> {
    let county = place.county().unwrap_or_default();
    let mut keys = vec![format!("w{}", name.whole.text()), format!("w{}{county}", name.whole.text())];
    for core in name.cores().filter(|core| core.len() >= 2) {
        for heard in core.heard(2) {
            keys.push(format!("n{heard}{county}"));
            keys.push(format!("n{heard}"));
        }
        keys.extend(core.heard_last(2).iter().map(|heard| format!("l{heard}{county}")));
        keys.extend(core.heard(4).iter().map(|heard| format!("f{heard}{}", place.township().unwrap_or(county))));
        let chars = core.chars();
        if (3..=6).contains(&chars.len()) {
            // What is left without one character: the same for a name that lost or changed it.
            for gone in 0..chars.len() {
                let left: String = chars.iter().enumerate().filter(|(n, _)| *n != gone).map(|(_, c)| c).collect();
                keys.push(format!("d{left}"));
            }
            keys.push(format!("d{}", core.text()));
        }
        keys.extend(chars.windows(2).map(|pair| format!("b{}{}{county}", pair[0], pair[1])));
        keys.extend(chars.windows(2).map(|pair| format!("b{}{}", pair[0], pair[1])));
    }
    keys
}

/// Keys of the house, with and without its county.
pub(super) fn address_keys(address: &Address, place: &Whereabouts) -> Vec<String> {
    let county = place.county().unwrap_or_default();
    let house = address.house().into_iter().chain(address.estate());
    house.flat_map(|house| [format!("a{house}{county}"), format!("a{house}")]).collect()
}

/// Keys of every phone; what is visible of a masked one counts within a county.
pub(super) fn phone_keys(phones: &[Phone], place: &Whereabouts) -> Vec<String> {
    let county = place.county().unwrap_or_default();
    let key = |key: String| if key.contains('*') { format!("p{key}{county}") } else { format!("p{key}") };
    phones.iter().flat_map(|phone| phone.keys()).map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_alike_in_steps() {
        let level = |one: &str, other: &str| WORD_LEVELS[word_level(&Word::new(one), &Word::new(other))];
        assert_eq!(level("春晖", "春晖"), "same");
        assert_eq!(level("春晖", "春辉"), "sound");
        assert_eq!(level("春晖", "晖春"), "typo");
        assert_eq!(level("向日葵", "小小向日葵"), "part");
        assert_eq!(level("心青年社", "心之青年社团"), "abbreviation");
        assert_eq!(level("春晖", "阳光"), "other");
    }

    #[test]
    fn fields_agree_wholly_partly_or_not() {
        assert_eq!(field_level(&["social"], &["social"]), Some("same"));
        assert_eq!(field_level(&["social", "mind"], &["mind"]), Some("part"));
        assert_eq!(field_level(&["social", "mind"], &["law", "mind"]), Some("partly"));
        assert_eq!(field_level(&["social"], &["law"]), Some("other"));
        assert_eq!(field_level(&["social"], &[]), None);
    }
}
