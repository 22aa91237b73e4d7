//! Whether the provider accepts: term A of the expected utility.
//!
//! The accepted share of answers, smoothed from service (weight 6) over organisation (20) to
//! category (30), prior 0.70; refusals for lack of places or for rules are not counted. Range
//! (0, 1). Source: `docs/MATCHING.md`, "Acceptance".

use super::rates::Rates;
use crate::code::{OrganizationId, ServiceId};

/// Term A of a service of this organisation, for a need of this group.
pub(crate) fn accepts(service: &ServiceId, organization: &OrganizationId, group: &str, rates: &Rates) -> f64 {
    rates.accepted.rate(service, organization, group)
}

/// Weighted answers of this service that it rests on.
pub(super) fn answers(service: &ServiceId, rates: &Rates) -> f64 {
    rates.accepted.service.get(service).map_or(0.0, |tally| tally.tried)
}
