//! Whether the family starts: term S of the expected utility.
//!
//! `sigma(3.2 - T/50 - max(0, T - L)/25 - fee_gap - 0.7 language_gap - 0.4 schedule_gap + 0.3
//! preferred)`: `T` minutes one way, `L` the family's limit, `fee_gap` steps of fee above what the
//! family can pay (0 to 2). Time windows and wishes are not in a case yet, so the last two are 0.
//! Range (0, 1). Source: `docs/MATCHING.md`, "Start".

/// What speaks for and against a start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Effort {
    /// Minutes one way; absent where no place is known.
    pub(crate) minutes: Option<u16>,
    pub(crate) limit_minutes: u16,
    /// 0 to 2.
    pub(crate) fee_gap: u8,
    pub(crate) language_gap: bool,
}

/// A way of which nothing is known is taken for a usual one.
const USUAL_MINUTES: u16 = 30;

/// Term S.
pub(crate) fn starts(effort: Effort) -> f64 {
    let minutes = f64::from(effort.minutes.unwrap_or(USUAL_MINUTES));
    let over = (minutes - f64::from(effort.limit_minutes)).max(0.0);
    let language = if effort.language_gap { 0.7 } else { 0.0 };
    sigma(3.2 - minutes / 50.0 - over / 25.0 - f64::from(effort.fee_gap) - language)
}

fn sigma(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn effort(minutes: u16, fee_gap: u8) -> Effort {
        Effort { minutes: Some(minutes), limit_minutes: 45, fee_gap, language_gap: false }
    }

    #[test]
    fn a_short_free_way_is_nearly_always_taken() {
        assert!((starts(effort(0, 0)) - 0.960_834).abs() < 1e-6);
        assert!(starts(effort(90, 2)) < 0.10);
    }

    proptest! {
        #[test]
        fn nearer_and_cheaper_never_start_less(minutes in 0..400_u16, more in 0..100_u16, fee in 0..2_u8) {
            prop_assert!(starts(effort(minutes, fee)) >= starts(effort(minutes + more, fee)));
            prop_assert!(starts(effort(minutes, fee)) >= starts(effort(minutes, fee + 1)));
        }
    }
}
