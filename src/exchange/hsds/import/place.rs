//! Where an entry lies: by its code, by the names in its address, else where the operator said.

use lianjie_index::DivisionCode;
use lianjie_index::text::fold;

use crate::division::model::Divisions;

/// The narrowest division that an address names: a county with its townships, told apart by the prefecture where it is named.
#[must_use]
pub fn named(address: &str, divisions: &Divisions) -> Option<DivisionCode> {
    let address = fold(address);
    let names = |row: &crate::division::model::Division| {
        let name = fold(&row.name);
        name.chars().count() >= 2 && address.contains(&name)
    };
    let prefectures: Vec<_> = divisions.of_level("prefecture").filter(|row| names(row)).collect();
    let under = |code: &DivisionCode| prefectures.is_empty() || prefectures.iter().any(|row| row.code.contains(code));
    let counties: Vec<_> = divisions.of_level("county").filter(|row| names(row) && under(&row.code)).collect();
    match counties.as_slice() {
        [county] => {
            let townships: Vec<_> = divisions.children(&county.code).filter(|row| names(row)).collect();
            Some(if let [township] = townships.as_slice() { township.code.clone() } else { county.code.clone() })
        }
        // Several counties of a name, or none: the prefecture is all that is sure.
        _ => {
            if let [prefecture] = prefectures.as_slice() {
                Some(prefecture.code.clone())
            } else {
                None
            }
        }
    }
}
