//! Whether it is carried to the end: term C of the expected utility.
//!
//! The completed share of services begun, smoothed as acceptance is (prior 0.70), times
//! `exp(-T/400)` with `T` minutes one way. Range (0, 1). Source: `docs/MATCHING.md`, "Completion".

use super::rates::Rates;
use crate::{code::TermCode, entry::Entry};

/// Term C.
pub(super) fn completes(entry: &Entry, term: &TermCode, minutes: Option<u16>, rates: &Rates) -> f64 {
    let rate = rates.completed.rate(&entry.service, &entry.organization, term.group());
    rate * (-f64::from(minutes.unwrap_or(0)) / 400.0).exp()
}

/// Weighted endings of this service that it rests on.
pub(super) fn endings(entry: &Entry, rates: &Rates) -> f64 {
    rates.completed.service.get(&entry.service).map_or(0.0, |tally| tally.tried)
}
