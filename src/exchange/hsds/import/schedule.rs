//! `schedule` as openings of a week and the season they hold in; what is neither goes behind the description, in words.

use jiff::civil::Date;
use lianjie_index::entry::{Opening, Schedule, Season};

use super::super::write::is_of_calendar;
use super::adapt;
use super::rows::Rows;
use super::service::{Around, append, named};
use super::source::Row;
use crate::id::ServiceId;

/// First and last day that a row is bounded by.
type Bounds = Option<(Date, Date)>;

/// Openings of the service, and of its sites where it has none of its own.
pub fn schedule(rows: &mut Rows, around: &Around<'_>, theirs: &str, id: &ServiceId, description: &mut String) -> Schedule {
    let mut found = rows.within("schedule", "service_id", theirs, id.as_str());
    for site in rows.within("service_at_location", "service_id", theirs, id.as_str()) {
        let of_site = site.cells.get("id").cloned().unwrap_or_default();
        let more = rows.within("schedule", "service_at_location_id", &of_site, id.as_str());
        if found.is_empty() {
            found = more;
        }
    }
    // Holidays that an export of ours wrote out: the calendar here says them.
    found.retain(|row| !is_of_calendar(id.as_str(), cell(row, "id"), |column| cell(row, column)));
    let mut schedule = Schedule::default();
    let mut season = None;
    let mut read: Vec<(&Row, Vec<Opening>, Bounds)> = Vec::new();
    for row in &found {
        let said = around.attributes.of(rows, "schedule", cell(row, "id"), id.as_str());
        season = season.or_else(|| said.fact("season").and_then(|season| season_of(&season)));
        schedule.open_on_holidays |= said.fact("open_on_holidays").is_some();
        match openings(rows, row) {
            Some(openings) => {
                if around.attributes.is_foreign() {
                    for column in ["description", "notes"] {
                        append(description, "开放时间", cell(row, column));
                    }
                }
                read.push((row, openings, bounds(row)));
            }
            None => append(description, "开放时间", &words(row)),
        }
    }
    let one_stretch = read.iter().all(|(.., bounds)| Some(bounds) == read.first().map(|(.., first)| first));
    if season.is_none() && !one_stretch {
        // Hours that change in the year: those of a stretch cannot be told from the rest here.
        for (row, ..) in read.iter().filter(|(.., bounds)| bounds.is_some()) {
            rows.adapted("schedule", row, "valid_from", "hsds_schedule_kind");
            append(description, "开放时间", &words(row));
        }
        read.retain(|(.., bounds)| bounds.is_none());
    }
    let dated = read.first().and_then(|(.., bounds)| *bounds).map(|(from, to)| Season::Dated(from, to));
    schedule.season = season.or(dated).unwrap_or_default();
    schedule.weekly = read.into_iter().flat_map(|(_, openings, _)| openings).collect();
    schedule.weekly.sort_by_key(|opening| (opening.day, opening.from, opening.to));
    schedule.weekly.dedup();
    schedule
}

fn cell<'a>(row: &'a Row, column: &str) -> &'a str {
    row.cells.get(column).map(String::as_str).unwrap_or_default()
}

/// A season as a fact says it: a name by itself, or JSON.
fn season_of(text: &str) -> Option<Season> {
    serde_json::from_str(text).ok().or_else(|| named(text))
}

fn bounds(row: &Row) -> Bounds {
    adapt::day(cell(row, "valid_from")).zip(adapt::day(cell(row, "valid_to")))
}

/// What a row says, in one line.
fn words(row: &Row) -> String {
    let columns = ["description", "valid_from", "valid_to", "byday", "opens_at", "closes_at", "closed", "notes"];
    let said: Vec<&str> = columns.iter().map(|column| cell(row, column)).filter(|text| !text.is_empty()).collect();
    said.join(" ")
}

/// The openings of a row; none where it has no hours of a week.
fn openings(rows: &mut Rows, row: &Row) -> Option<Vec<Opening>> {
    if cell(row, "notes") == "holiday" || cell(row, "freq") == "MONTHLY" {
        rows.adapted("schedule", row, "freq", "hsds_schedule_kind");
        return None;
    }
    let (opens, closes, byday) = (cell(row, "opens_at"), cell(row, "closes_at"), cell(row, "byday"));
    let (Some(from), Some(to)) = (adapt::time(opens), adapt::time(closes)) else {
        rows.adapted("schedule", row, "opens_at", "hsds_time_free");
        return None;
    };
    let written = |text: &str| text.len() >= 5 && text.as_bytes().get(2) == Some(&b':');
    if !written(opens) || !written(closes) || opens.to_lowercase().ends_with('m') || closes.to_lowercase().ends_with('m') {
        rows.adapted("schedule", row, "opens_at", "hsds_time");
    }
    let mut days: Vec<u8> = adapt::numbered(byday).map_or_else(|| adapt::weekdays(byday), |day| vec![day]);
    if byday.is_empty() {
        days = (1..=7).collect();
    }
    if days.is_empty() {
        rows.adapted("schedule", row, "byday", "hsds_time_free");
        return None;
    }
    Some(days.into_iter().map(|day| Opening { day, from, to }).collect())
}
