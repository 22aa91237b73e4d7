//! How soon the first service is likely to start: term D of the expected utility.
//!
//! `exp(-W / h)`, in (0, 1]: `W` is the expected wait in days (the service's own mean of answer and
//! waiting, prior 14 days or what the provider states, with weight 3), `h` is 14, 30, 60 or 90 days
//! for tiers 1 to 4. Source: `docs/MATCHING.md`, "Delay".

use super::rates::{Rates, smooth};
use crate::code::ServiceId;

/// Days to the first service where nothing is stated.
const USUAL_DAYS: u16 = 14;

/// Expected days to the first service; `stated` is what the provider says of its waiting.
pub(crate) fn days(service: &ServiceId, stated: Option<u16>, rates: &Rates) -> f64 {
    let prior = f64::from(stated.unwrap_or(USUAL_DAYS));
    smooth(rates.waited.get(service), 3.0, prior)
}

/// Term D.
pub(crate) fn soon(days: f64, tier: u8) -> f64 {
    let patience = match tier {
        0 | 1 => 14.0,
        2 => 30.0,
        3 => 60.0,
        _ => 90.0,
    };
    (-days / patience).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_that_cannot_wait_loses_more_by_waiting() {
        assert!((soon(14.0, 1) - (-1.0_f64).exp()).abs() < 1e-12);
        assert!(soon(14.0, 1) < soon(14.0, 2) && soon(14.0, 3) < soon(14.0, 4));
    }

    #[test]
    fn three_observations_weigh_as_much_as_the_prior() {
        let mut rates = Rates::default();
        assert!((days(&"a".into(), None, &rates) - 14.0).abs() < 1e-12);
        rates.waited.insert("a".into(), crate::matching::rates::Tally { good: 6.0, tried: 3.0 });
        assert!((days(&"a".into(), None, &rates) - 8.0).abs() < 1e-12);
    }
}
