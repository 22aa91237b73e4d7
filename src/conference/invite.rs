//! The invitation as a calendar file: when, where, which meeting, and nothing of a child.

use icalendar::{Calendar, Component, Event, EventLike};
use jiff::{SignedDuration, Timestamp};

use super::model::{Conference, State};

fn instant(at: Timestamp) -> String {
    at.to_zoned_datetime(jiff::tz::TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The file. A meeting that was called off takes itself out of the calendar.
pub fn calendar(conference: &Conference, url: &str, now: Timestamp) -> String {
    let mut event = Event::new();
    event
        .uid(&format!("{}@lianjie", conference.id))
        .summary(&conference.title)
        .location(&conference.place)
        .add_property("DTSTAMP", instant(now))
        .add_property("DTSTART", instant(conference.starts_at))
        .add_property("DTEND", instant(conference.starts_at + SignedDuration::from_hours(2)))
        .add_property("SEQUENCE", conference.version.to_string())
        .add_property("URL", format!("{url}/conferences/{}", conference.id));
    if conference.state == State::Cancelled {
        event.add_property("STATUS", "CANCELLED");
    }
    Calendar::new().name("lianjie").push(event.done()).done().to_string()
}
