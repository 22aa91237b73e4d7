//! Places: what a provider posted, some of it full, some of it old, the holiday classes by term.

use jiff::ToSpan;
use jiff::civil::Date;

use super::draw::Draw;
use super::kinds::Kind;
use super::province::{Ground, Province};
use crate::id::PlaceId;
use crate::service::model::{Place, ServiceAtLocation};

/// Leaves in which nothing runs out.
const BOUNDLESS: [&str; 9] = ["COO", "ECO", "IDD", "LAW", "EMG-01", "EMG-03", "EMG-07", "EMG-09", "GUA-03"];

/// The rows of a site: none where places are not a matter or nobody posted any.
pub fn places(
    province: &Province,
    kind: &Kind,
    ground: &Ground<'_>,
    site: &ServiceAtLocation,
    leaf: &str,
    sound: bool,
    draw: &mut Draw,
) -> Vec<Place> {
    let Some([least, most]) = kind.places else { return Vec::new() };
    if BOUNDLESS.iter().any(|prefix| leaf.starts_with(prefix)) || !(sound || draw.chance(75)) {
        return Vec::new();
    }
    let terms = if leaf == "DEV-03" { school_breaks(province, ground) } else { vec![(None, None)] };
    let mut rows = Vec::new();
    for (term_from, term_to) in terms {
        let capacity = draw.number(least..=most);
        let used = match draw.number(0..=9) {
            _ if sound => capacity / 2,
            0 | 1 => capacity,
            _ => draw.number(0..=capacity),
        };
        let days = if sound || draw.chance(78) { draw.number(0..=13) } else { draw.number(15..=120) };
        rows.push(Place {
            id: PlaceId::from_parts(province.at, draw.bytes()),
            service_at_location: site.id.clone(),
            term_from,
            term_to,
            capacity,
            used,
            held: 0,
            source: (*draw.one(&["organization", "organization", "organization", "worker", "import"])).into(),
            as_of: province.at - (i64::from(days) * 24).hours(),
            version: 1,
        });
    }
    rows
}

/// The next summer and winter break of a place.
fn school_breaks(province: &Province, ground: &Ground<'_>) -> Vec<(Option<Date>, Option<Date>)> {
    ["summer_break", "winter_break"]
        .into_iter()
        .filter_map(|kind| province.calendar.next_term(kind, province.today, &ground.county.code))
        .map(|term| (Some(term.from), Some(term.to)))
        .collect()
}
