//! Whether it is carried to the end: term C of the expected utility.
//!
//! The completed share of services begun, smoothed as acceptance is (prior 0.70), times
//! `exp(-T/400)` with `T` minutes one way. Range (0, 1). Source: `docs/MATCHING.md`, "Completion".

use super::rates::Rates;
use crate::code::{OrganizationId, ServiceId};

/// Term C of a service of this organisation, for a need of this group.
pub(crate) fn completes(service: &ServiceId, organization: &OrganizationId, group: &str, minutes: Option<u16>, rates: &Rates) -> f64 {
    lasts(rates.completed.rate(service, organization, group), minutes)
}

/// Term C where the smoothed rate is at hand.
pub(crate) fn lasts(rate: f64, minutes: Option<u16>) -> f64 {
    rate * (-f64::from(minutes.unwrap_or(0)) / 400.0).exp()
}

/// Weighted endings of this service that it rests on.
pub(super) fn endings(service: &ServiceId, rates: &Rates) -> f64 {
    rates.completed.service.get(service).map_or(0.0, |tally| tally.tried)
}
