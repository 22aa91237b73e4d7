//! Reading a place that somebody typed.

use super::meaning::Meant;
use super::model::Divisions;
use super::store;
use crate::error::Result;
use crate::store::Connection;

/// Every place that a text means: divisions and zones first, else villages; none where it is not known.
pub async fn meant(db: &mut Connection, divisions: &Divisions, text: &str) -> Result<Vec<Meant>> {
    let known = divisions.meant(text);
    if !known.is_empty() {
        return Ok(known);
    }
    let code = text.trim();
    if code.len() == 12 && code.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(store::village(db, code).await?.and_then(|village| divisions.with_village(village)).into_iter().collect());
    }
    let mut found: Vec<Meant> = Vec::new();
    for (within, name) in divisions.village_readings(text) {
        let places = store::villages_called(db, &name).await?.into_iter().filter_map(|village| divisions.with_village(village));
        for place in places {
            let inside = within.as_ref().is_none_or(|code| place.area.as_str().starts_with(code.as_str()));
            if inside && !found.contains(&place) {
                found.push(place);
            }
        }
    }
    Ok(found)
}
