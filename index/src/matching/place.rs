//! Whether a place is free: term P of the expected utility.
//!
//! `phi * (0.95 if posted > 0 else 0.10) + (1 - phi) * 0.60`, `phi = exp(-age/42)` with the age of
//! the posting in days; 0.60 where nothing is posted. Then: after an answer "full" times
//! `1 - 0.85 exp(-days/35)`; never confirmed alive times 0.92; each referral left unanswered times
//! 0.3. Range (0, 1]. A full service scores low and is never kept out.
//! Source: `docs/MATCHING.md`, "Places".

use jiff::Timestamp;

use super::rates::Rates;
use crate::{entry::Entry, search::Places};

/// The chance of a place, unposted.
const UNPOSTED: f64 = 0.60;

/// Term P.
pub(super) fn free(entry: &Entry, places: Option<Places>, rates: &Rates, now: Timestamp) -> f64 {
    let posted = places.map_or(UNPOSTED, |places| {
        let phi = (-days(places.as_of, now) / 42.0).exp();
        let likely = if places.free() > 0 { 0.95 } else { 0.10 };
        phi * likely + (1.0 - phi) * UNPOSTED
    });
    let full = rates.full_at.get(&entry.site).map_or(1.0, |at| 1.0 - 0.85 * (-days(*at, now) / 35.0).exp());
    let alive = if entry.assured_at.is_some() { 1.0 } else { 0.92 };
    let silent = rates.unanswered.get(&entry.service).copied().unwrap_or(0);
    let silence = 0.3_f64.powi(i32::try_from(silent.min(20)).unwrap_or(20));
    posted * full * alive * silence
}

/// Days between two instants, not negative.
pub(super) fn days(from: Timestamp, to: Timestamp) -> f64 {
    (to.duration_since(from).as_secs_f64() / 86_400.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::province::{NOW, entry};

    fn posted(capacity: u32, days_ago: i64) -> f64 {
        let as_of = NOW - SignedDuration::from_hours(24 * days_ago);
        free(&entry("a"), Some(Places { capacity, used: 0, held: 0, as_of }), &Rates::default(), NOW)
    }

    #[test]
    fn a_fresh_posting_is_believed_and_an_old_one_forgotten() {
        assert!((posted(1, 0) - 0.95).abs() < 1e-9);
        assert!((posted(0, 0) - 0.10).abs() < 1e-9);
        assert!((posted(0, 3_000) - 0.60).abs() < 1e-9);
        assert!(posted(1, 30) < posted(1, 3));
    }

    #[test]
    fn an_answer_that_it_is_full_fades_with_time() {
        let after = |days: i64| {
            let mut rates = Rates::default();
            rates.full_at.insert("site-a".into(), NOW - SignedDuration::from_hours(24 * days));
            free(&entry("a"), None, &rates, NOW)
        };
        assert!((after(0) - 0.60 * 0.15).abs() < 1e-9);
        assert!(after(0) < after(35) && after(35) < after(200));
    }

    #[test]
    fn silence_costs_seven_tenths_each_time() {
        let mut rates = Rates::default();
        rates.unanswered.insert("a".into(), 2);
        assert!((free(&entry("a"), None, &rates, NOW) - 0.60 * 0.09).abs() < 1e-9);
    }
}
