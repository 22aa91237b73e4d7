//! Whether a place is free: term P of the expected utility.
//!
//! `phi * (0.95 if posted > 0 else 0.10) + (1 - phi) * 0.60`, `phi = exp(-age/42)` with the age of
//! the posting in days; 0.60 where nothing is posted. Then: after an answer "full" times
//! `1 - 0.85 exp(-days/35)`; never confirmed alive times 0.92; each referral left unanswered times
//! 0.3. Range (0, 1]. A full service scores low and is never kept out.
//! Source: `docs/MATCHING.md`, "Places".

/// The chance of a place, unposted.
pub(crate) const UNPOSTED: f64 = 0.60;

/// What is known of the places of a service.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Known {
    /// Whether a place was free, and how many days ago.
    pub(crate) posted: Option<(bool, f64)>,
    /// The chance where nothing is posted, or what is posted has aged.
    pub(crate) unposted: f64,
    /// Days since it answered that it is full.
    pub(crate) full_days: Option<f64>,
    /// Confirmed alive by somebody, ever.
    pub(crate) confirmed: bool,
    /// Referrals left unanswered since its last answer.
    pub(crate) unanswered: u32,
}

/// Term P.
pub(crate) fn free(known: Known) -> f64 {
    let posted = known.posted.map_or(known.unposted, |(free, days)| {
        let phi = (-days / 42.0).exp();
        let likely = if free { 0.95 } else { 0.10 };
        phi * likely + (1.0 - phi) * known.unposted
    });
    let full = known.full_days.map_or(1.0, |days| 1.0 - 0.85 * (-days / 35.0).exp());
    let alive = if known.confirmed { 1.0 } else { 0.92 };
    let silence = 0.3_f64.powi(i32::try_from(known.unanswered.min(20)).unwrap_or(20));
    posted * full * alive * silence
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Known = Known { posted: None, unposted: UNPOSTED, full_days: None, confirmed: true, unanswered: 0 };

    fn posted(free_place: bool, days: f64) -> f64 {
        free(Known { posted: Some((free_place, days)), ..NOTHING })
    }

    #[test]
    fn a_fresh_posting_is_believed_and_an_old_one_forgotten() {
        assert!((posted(true, 0.0) - 0.95).abs() < 1e-9);
        assert!((posted(false, 0.0) - 0.10).abs() < 1e-9);
        assert!((posted(false, 3_000.0) - 0.60).abs() < 1e-9);
        assert!(posted(true, 30.0) < posted(true, 3.0));
    }

    #[test]
    fn an_answer_that_it_is_full_fades_with_time() {
        let after = |days: f64| free(Known { full_days: Some(days), ..NOTHING });
        assert!((after(0.0) - 0.60 * 0.15).abs() < 1e-9);
        assert!(after(0.0) < after(35.0) && after(35.0) < after(200.0));
    }

    #[test]
    fn silence_costs_seven_tenths_each_time() {
        assert!((free(Known { unanswered: 2, ..NOTHING }) - 0.60 * 0.09).abs() < 1e-9);
    }
}
