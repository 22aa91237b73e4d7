//! What comes with an act: fields as a form or body gives them, read by the act that needs them.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use crate::clock;
use crate::error::{Error, Fault, Result};
use crate::secret::Hidden;

/// The fields of all acts; absent ones are empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Deed {
    /// Coded reason.
    pub reason: String,
    /// Words; sealed under the child's key.
    pub note: Hidden,
    /// Promised day of the first contact.
    pub contact_day: String,
    /// Promised day of the first service.
    pub promised_day: String,
    /// Expected day of a waiting list.
    pub expected_day: String,
    /// Place in the line.
    pub position: String,
    /// `1` when the provider takes one more than it posted.
    pub override_full: String,
    /// `contact` or `service`.
    pub record: String,
    /// `engaged` or `not_engaged`.
    pub engagement: String,
    /// Day of a contact, service or question to the family.
    pub day: String,
    /// How much of it.
    pub units: String,
    /// Outcome.
    pub outcome: String,
    /// First day of service.
    pub from_day: String,
    /// Last day of service.
    pub to_day: String,
    /// What is proposed next.
    pub next_step: String,
    /// Who says so.
    pub verified_by: String,
    /// How the family was asked.
    pub method: String,
    /// 1 to 5.
    pub satisfaction: String,
    /// Last day of a rest.
    pub until: String,
    /// Tries to reach the family.
    pub tries: String,
    /// Days on which they were made.
    pub tried_days: String,
    /// Whom the worker spoke with, when a call is written down.
    pub spoke_with: String,
    /// When: `2026-11-25T10:30`.
    pub spoke_at: String,
    /// Version the person saw.
    pub version: String,
}

impl Deed {
    /// A coded value.
    pub fn code<T>(field: &'static str, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T> {
        if text.is_empty() {
            return Err(Error::invalid(field, "required"));
        }
        read(text).ok_or_else(|| Error::invalid(field, "unlisted"))
    }

    /// A day that must be there.
    pub fn day(field: &'static str, text: &str) -> Result<Date> {
        Self::maybe_day(field, text)?.ok_or_else(|| Error::invalid(field, "required"))
    }

    /// A day that may be absent.
    pub fn maybe_day(field: &'static str, text: &str) -> Result<Option<Date>> {
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| Error::invalid(field, "day_form"))
    }

    /// A day from today to a year ahead.
    pub fn coming(field: &'static str, day: Date, today: Date) -> Result<Date> {
        let last = today.checked_add(1.year()).unwrap_or(Date::MAX);
        if day < today {
            return Err(Error::invalid(field, "day_gone"));
        }
        if day > last { Err(Error::invalid(field, "day_far")) } else { Ok(day) }
    }

    /// A day that has come, at most a year ago.
    pub fn gone(field: &'static str, day: Date, today: Date) -> Result<Date> {
        let first = today.checked_sub(1.year()).unwrap_or(Date::MIN);
        if day > today {
            return Err(Error::invalid(field, "not_yet"));
        }
        if day < first { Err(Error::invalid(field, "day_far")) } else { Ok(day) }
    }

    /// A count that may be absent.
    pub fn count(field: &'static str, text: &str, most: u32) -> Result<Option<u32>> {
        if text.is_empty() {
            return Ok(None);
        }
        let count = lianjie_index::text::fold(text).trim().parse::<u32>().ok().filter(|count| (1..=most).contains(count));
        count.map(Some).ok_or_else(|| Error::Invalid(vec![Fault::new(field, "count_range").with("most", most)]))
    }

    /// Words that must be there.
    pub fn words(&self) -> Result<&Hidden> {
        if self.note.is_empty() { Err(Error::invalid("note", "required")) } else { Ok(&self.note) }
    }

    /// Words that may be absent.
    #[must_use]
    pub fn maybe_words(&self) -> Option<&Hidden> {
        Some(&self.note).filter(|note| !note.is_empty())
    }

    /// With a reason that says nothing, words must be there.
    pub fn words_for(&self, other: bool) -> Result<Option<&Hidden>> {
        if other { self.words().map(Some) } else { Ok(self.maybe_words()) }
    }

    /// With whom and when the worker spoke, where a call is written down.
    pub fn call(&self, now: Timestamp) -> Result<Option<String>> {
        if self.spoke_with.is_empty() && self.spoke_at.is_empty() {
            return Ok(None);
        }
        if self.spoke_with.is_empty() {
            return Err(Error::invalid("spoke_with", "required"));
        }
        if self.spoke_with.chars().count() > 40 {
            return Err(Error::invalid("spoke_with", "words_long"));
        }
        let at = Self::moment("spoke_at", &self.spoke_at)?;
        if at > now {
            return Err(Error::invalid("spoke_at", "not_yet"));
        }
        Ok(Some(format!("{} · {}", self.spoke_with, at.to_zoned_datetime(clock::zone()).strftime("%Y-%m-%d %H:%M"))))
    }

    /// A moment in China: `2026-11-25 10:30`, also with a T.
    pub fn moment(field: &'static str, text: &str) -> Result<Timestamp> {
        let wrong = || Error::invalid(field, if text.is_empty() { "required" } else { "moment_form" });
        let at = text.replace(' ', "T").parse::<jiff::civil::DateTime>().map_err(|_| wrong())?;
        Ok(at.to_zoned_datetime(clock::zone()).map_err(|_| wrong())?.timestamp())
    }
}
