//! Areas as people write them: names of counties, townships and zones, one after the other.

use lianjie_index::{Area, DivisionCode};

use crate::division::model::Divisions;
use crate::error::Fault;

/// Reads names or codes, apart by commas or line ends. Of two places of one name, that nearer to `home` is meant.
///
/// # Errors
/// The fault of the first name that is none.
pub fn read(text: &str, divisions: &Divisions, home: &DivisionCode) -> Result<Vec<Area>, Fault> {
    let apart = |letter: char| matches!(letter, '、' | '，' | ',' | '；' | ';' | '\n' | ' ' | '\u{3000}');
    let mut found = Vec::new();
    for name in text.split(apart).map(str::trim).filter(|name| !name.is_empty()) {
        let unknown = || Fault::new("areas", "unknown_area").with("name", name.chars().take(40).collect::<String>());
        let area = one(name, divisions, home).ok_or_else(unknown)?;
        if !found.contains(&area) {
            found.push(area);
        }
    }
    Ok(found)
}

fn one(name: &str, divisions: &Divisions, home: &DivisionCode) -> Option<Area> {
    if let Ok(area) = name.parse::<Area>() {
        return divisions.has_area(&area).then_some(area);
    }
    if let Some(zone) = divisions.zone_named(name) {
        return Some(zone);
    }
    let levels = ["province", "prefecture", "county", "township"];
    let rows = levels.iter().flat_map(|level| divisions.of_level(level));
    // A full name ends with the division's own: only then is it worth putting together.
    let fits = |code: &DivisionCode, own: &str| own == name || (name.ends_with(own) && divisions.full_name(code) == name);
    let fitting = rows.filter(|row| fits(&row.code, &row.name));
    fitting.max_by_key(|row| shared(row.code.as_str(), home.as_str())).map(|row| row.code.clone().into())
}

/// How many digits two codes begin with alike.
fn shared(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count()
}

/// Writes areas so that they can be read again.
#[must_use]
pub fn write(areas: &[Area], divisions: &Divisions) -> String {
    areas.iter().map(|area| divisions.area_name(area)).collect::<Vec<_>>().join("、")
}
