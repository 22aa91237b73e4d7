//! The place that is asked about: what a text means, or a point in the system it was given in.

use lianjie_index::search::Near;
use lianjie_index::text::fold;
use lianjie_index::{DivisionCode, Wgs84};

use crate::division::meaning::Meant;
use crate::division::model::Divisions;
use crate::error::Fault;
use crate::organization::coordinates::to_wgs84;
use crate::organization::model::Crs;

/// Places that are offered where a name means several.
const MOST_CHOICES: usize = 8;

/// Where the family is.
#[derive(Debug, Clone)]
pub struct Place {
    /// For the index.
    pub near: Near,
    /// What the words meant; none for a point.
    pub meant: Option<Meant>,
    /// The system a point was given in; it is kept as WGS-84.
    pub crs_given: Option<Crs>,
}

impl From<Meant> for Place {
    fn from(meant: Meant) -> Self {
        Self { near: Near { area: Some(meant.area.clone()), point: None }, meant: Some(meant), crs_given: None }
    }
}

impl Place {
    /// The place of a division.
    #[must_use]
    pub fn of(division: DivisionCode) -> Self {
        Meant::from(lianjie_index::Area::from(division)).into()
    }

    /// The narrowest division that holds the place; none for a point.
    #[must_use]
    pub fn division(&self, divisions: &Divisions) -> Option<DivisionCode> {
        divisions.gazetteer.around(self.near.area.as_ref()?)
    }
}

/// Reads a place: a point, or one of what the text was found to mean.
///
/// # Errors
/// A fault where it means nothing, and one with choices where it means several; those near `home` come first.
pub fn read(text: &str, crs: &str, mut meant: Vec<Meant>, divisions: &Divisions, home: Option<&DivisionCode>) -> Result<Place, Fault> {
    if let Some((longitude, latitude)) = numbers(text) {
        return point(longitude, latitude, crs);
    }
    match meant.len() {
        0 => Err(alike(text, divisions, home)),
        1 => Ok(meant.swap_remove(0).into()),
        _ => Err(several(text, meant, divisions, home)),
    }
}

fn unknown(text: &str) -> Fault {
    Fault::new("near", "near_unknown").with("place", text.trim())
}

/// Nothing is called so; what is called so but for one character is offered.
fn alike(text: &str, divisions: &Divisions, home: Option<&DivisionCode>) -> Fault {
    let near: Vec<Meant> = divisions.gazetteer.nearly(text).into_iter().map(Meant::from).collect();
    if near.is_empty() { unknown(text) } else { offering("near_alike", text, near, divisions, home) }
}

fn several(text: &str, meant: Vec<Meant>, divisions: &Divisions, home: Option<&DivisionCode>) -> Fault {
    offering("near_several", text, meant, divisions, home)
}

fn offering(key: &'static str, text: &str, mut meant: Vec<Meant>, divisions: &Divisions, home: Option<&DivisionCode>) -> Fault {
    let home = home.map_or("", DivisionCode::as_str);
    let shared = |one: &Meant| one.area.as_str().bytes().zip(home.bytes()).take_while(|(a, b)| a == b).count();
    meant.sort_by_key(|one| std::cmp::Reverse(shared(one)));
    let choices = meant.iter().take(MOST_CHOICES).map(|one| (one.code(), one.full_name(divisions)));
    let choices: Vec<(String, String)> = choices.collect();
    let names: Vec<&str> = choices.iter().take(6).map(|(_, name)| name.as_str()).collect();
    Fault::new("near", key).with("place", text.trim()).with("places", names.join("、")).choosing(choices)
}

/// A point by its numbers and the system of the map; WGS-84 where none is named.
fn point(longitude: f64, latitude: f64, crs: &str) -> Result<Place, Fault> {
    let crs = if crs.trim().is_empty() { Crs::Wgs84 } else { crs.trim().parse()? };
    let given = Wgs84::new(longitude, latitude).ok_or_else(|| unknown(&format!("{longitude},{latitude}")))?;
    let point = to_wgs84(given.longitude, given.latitude, crs);
    Ok(Place { near: Near { area: None, point: Some(point) }, meant: None, crs_given: Some(crs) })
}

/// Whether a text is a point.
#[must_use]
pub fn is_point(text: &str) -> bool {
    numbers(text).is_some()
}

fn numbers(text: &str) -> Option<(f64, f64)> {
    let text = fold(text);
    let (longitude, latitude) = text.split_once(',')?;
    Some((longitude.trim().parse().ok()?, latitude.trim().parse().ok()?))
}
