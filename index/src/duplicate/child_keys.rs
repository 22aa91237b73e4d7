//! Keys by which records of one child meet: two things that a slip of one would not both spoil.

use super::{child::Read, word::Word};

/// The keys of a child.
pub(super) fn of(child: &Read) -> Vec<String> {
    let mut keys = Vec::new();
    let given = child.name().given.heard(2);
    let surname = child.name().surname.heard(1);
    let surname = surname.first().map_or("", String::as_str);
    let county = child.county();
    let (year, month) = (child.birth().year.unwrap_or_default(), child.birth().month.unwrap_or_default());
    if !child.name().given.is_empty() {
        for given in &given {
            keys.push(format!("n{surname}{given}{county}"));
            keys.push(format!("n{surname}{given}{year}"));
            keys.push(format!("n{surname}{given}"));
            keys.push(format!("g{given}{year}-{month}"));
            keys.push(format!("g{given}{county}"));
            keys.extend(child.guardian().whole().map(|guardian| format!("gg{given}{guardian}")));
            keys.extend(child.phones().iter().flat_map(|phone| phone.keys()).map(|phone| format!("gp{given}{phone}")));
        }
        keys.push(format!("s{}{year}", sorted(&child.name().given)));
    }
    if let Some(day) = child.birth().whole() {
        keys.extend([format!("b{day}"), format!("b{day}{surname}"), format!("b{day}{county}")]);
    }
    if month > 0 {
        keys.push(format!("m{year}-{month}{surname}{county}"));
    }
    keys.extend(child.phones().iter().flat_map(|phone| phone.keys()).filter(|phone| !phone.contains('*')).map(|phone| format!("p{phone}")));
    keys.extend(child.guardian().whole().map(|guardian| format!("h{guardian}{county}")));
    keys.extend(child.guardian().whole().map(|guardian| format!("h{guardian}{year}")));
    keys.extend(child.address().house().into_iter().chain(child.address().estate()).map(|house| format!("a{house}{county}{surname}")));
    if !child.id4().is_empty() {
        keys.push(format!("i{}{surname}", child.id4()));
        keys.push(format!("i{}{year}", child.id4()));
    }
    keys
}

/// The characters of a word in the order of their codes: the same when two are exchanged.
fn sorted(word: &Word) -> String {
    let mut chars = word.chars().to_vec();
    chars.sort_unstable();
    chars.into_iter().collect()
}
