//! Time, passed in. Nothing else reads the machine's clock.

use std::path::PathBuf;
use std::sync::Mutex;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now(&self) -> Timestamp;

    /// The day now, in [`zone`].
    fn today(&self) -> Date {
        day(self.now())
    }
}

/// The zone in which days are counted: China has one.
///
/// A fixed offset: China keeps no summer time, and a station's machine may have no zone database.
#[must_use]
pub fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

/// The day of an instant in China.
#[must_use]
pub fn day(at: Timestamp) -> Date {
    at.to_zoned_datetime(zone()).date()
}

/// The first instant of a day in China.
#[must_use]
pub fn start_of(day: Date) -> Timestamp {
    day.to_zoned_datetime(zone()).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

/// An instant as stored: RFC 3339, UTC, three decimals, so that text order is time order.
#[must_use]
pub fn stored(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct System;

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The machine's clock, moved on by as much as a file says (`20d`, `36h`): the demo shows what happens when time passes.
#[derive(Debug)]
pub struct Moved(PathBuf);

impl Moved {
    /// By what stands in a file; without the file, or with something else in it, not at all.
    #[must_use]
    pub fn by(file: PathBuf) -> Self {
        Self(file)
    }
}

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        let hours = std::fs::read_to_string(&self.0).ok().and_then(|text| hours(text.trim()));
        System.now().saturating_add(SignedDuration::from_hours(hours.unwrap_or(0))).unwrap_or(Timestamp::MAX)
    }
}

/// Hours of `36h`, or of the days of `20d`.
fn hours(text: &str) -> Option<i64> {
    match text.strip_suffix('d') {
        Some(days) => days.parse::<u16>().ok().map(|days| i64::from(days) * 24),
        None => text.strip_suffix('h')?.parse::<u16>().ok().map(i64::from),
    }
}

/// A clock that stands where it is put; for tests and for the demo's past.
#[derive(Debug)]
pub struct Fixed(Mutex<Timestamp>);

impl Fixed {
    /// Stands at `at`.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self(Mutex::new(at))
    }

    /// Moves on by `step`.
    pub fn advance(&self, step: SignedDuration) {
        let mut at = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *at = at.saturating_add(step).unwrap_or(Timestamp::MAX);
    }
}

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_china_begins_at_sixteen_hours_utc() {
        assert_eq!(day("2026-03-01T15:59:59Z".parse().unwrap()).to_string(), "2026-03-01");
        assert_eq!(day("2026-03-01T16:00:00Z".parse().unwrap()).to_string(), "2026-03-02");
    }

    #[test]
    fn a_clock_is_moved_by_what_a_file_says() {
        assert_eq!((hours("36h"), hours("20d"), hours("soon"), hours("-1d")), (Some(36), Some(480), None, None));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("later");
        let clock = Moved::by(file.clone());
        assert!(clock.now().duration_since(System.now()) < SignedDuration::from_hours(1), "without the file it is the machine's");
        std::fs::write(&file, "2d\n").unwrap();
        assert!(clock.now().duration_since(System.now()) > SignedDuration::from_hours(47));
    }

    #[test]
    fn stored_instants_sort_as_text() {
        let early = stored("2026-03-01T00:00:00Z".parse().unwrap());
        assert_eq!(early, "2026-03-01T00:00:00.000Z");
        assert!(early < stored("2026-03-01T00:00:00.010Z".parse().unwrap()));
    }
}
