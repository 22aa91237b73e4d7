//! Whether what was expected came about: bins, the expected calibration error, the Brier score.
//!
//! Pure counts over pairs of an expected chance and whether it happened. Which pairs belong
//! together (a town, a category of household) is for the caller.
//! Source: `docs/MATCHING.md`, "Calibration".

/// How many bins of equal width the chances 0 to 1 are sorted into.
const BINS: usize = 10;
/// How many right forecasts a bin is taken to have before its first.
const TRUST: f64 = 20.0;

/// Forecasts whose chances lie close together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub count: u32,
    /// The sum of their chances.
    expected: f64,
    /// How many came about.
    observed: f64,
}

impl Bin {
    /// The mean chance; absent where the bin is empty.
    #[must_use]
    pub fn expected(&self) -> Option<f64> {
        (self.count > 0).then(|| self.expected / f64::from(self.count))
    }

    /// The share that came about; absent where the bin is empty.
    #[must_use]
    pub fn observed(&self) -> Option<f64> {
        (self.count > 0).then(|| self.observed / f64::from(self.count))
    }

    fn add(&mut self, chance: f64, happened: bool) {
        self.count += 1;
        self.expected += chance;
        self.observed += f64::from(u8::from(happened));
    }
}

/// Forecasts held against what happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calibration {
    bins: [Bin; BINS],
    /// The sum of squared errors.
    squares: f64,
}

impl Calibration {
    /// Counts one forecast; a chance outside 0 to 1 is taken as the nearer end, and one that is no
    /// number as 0.
    pub fn add(&mut self, chance: f64, happened: bool) {
        let chance = if chance.is_nan() { 0.0 } else { chance.clamp(0.0, 1.0) };
        self.bins[bin_of(chance)].add(chance, happened);
        let error = chance - f64::from(u8::from(happened));
        self.squares += error * error;
    }

    /// A chance moved by how far the forecasts near it were off, as if `TRUST` more had been right.
    #[must_use]
    pub fn corrected(&self, chance: f64) -> f64 {
        let bin = &self.bins[bin_of(chance)];
        (chance + (bin.observed - bin.expected) / (f64::from(bin.count) + TRUST)).clamp(0.0, 1.0)
    }

    /// Adds the forecasts of another.
    pub fn merge(&mut self, other: &Self) {
        for (own, other) in self.bins.iter_mut().zip(&other.bins) {
            own.count += other.count;
            own.expected += other.expected;
            own.observed += other.observed;
        }
        self.squares += other.squares;
    }

    /// The bins, from improbable to certain.
    #[must_use]
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// How many forecasts there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.bins.iter().map(|bin| bin.count).sum()
    }

    /// The mean chance, and the share that came about; absent without forecasts.
    #[must_use]
    pub fn means(&self) -> Option<(f64, f64)> {
        let count = self.count();
        let expected: f64 = self.bins.iter().map(|bin| bin.expected).sum();
        let observed: f64 = self.bins.iter().map(|bin| bin.observed).sum();
        (count > 0).then(|| (expected / f64::from(count), observed / f64::from(count)))
    }

    /// The expected calibration error, 0 to 1: the mean over forecasts of how far their bin's mean
    /// chance is from the share that came about; absent without forecasts.
    #[must_use]
    pub fn error(&self) -> Option<f64> {
        let count = self.count();
        let off: f64 = self.bins.iter().map(|bin| (bin.expected - bin.observed).abs()).sum();
        (count > 0).then(|| off / f64::from(count))
    }

    /// The Brier score, 0 (always right and sure) to 1; absent without forecasts.
    #[must_use]
    pub fn brier(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| self.squares / f64::from(count))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of less than 0, or of no number, is 0")]
fn bin_of(chance: f64) -> usize {
    ((chance * 10.0) as usize).min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(forecasts: &[(f64, bool)]) -> Calibration {
        let mut calibration = Calibration::default();
        forecasts.iter().for_each(|(chance, happened)| calibration.add(*chance, *happened));
        calibration
    }

    #[test]
    fn a_forecast_that_comes_about_as_often_as_it_says_has_no_error() {
        let calibration = of(&[(0.25, true), (0.25, false), (0.25, false), (0.25, false)]);
        assert!(calibration.error().unwrap() < 1e-12);
        assert!((calibration.brier().unwrap() - 0.1875).abs() < 1e-12);
    }

    #[test]
    fn bins_that_err_in_opposite_ways_do_not_make_up_for_each_other() {
        let calibration = of(&[(0.9, false), (0.1, true)]);
        assert!((calibration.error().unwrap() - 0.9).abs() < 1e-12);
        let (expected, observed) = calibration.means().unwrap();
        assert!((expected - observed).abs() < 1e-12);
    }

    #[test]
    fn a_chance_moves_towards_what_came_about() {
        assert!((of(&[]).corrected(0.45) - 0.45).abs() < 1e-12);
        let often = of(&vec![(0.45, true); 2_000]);
        assert!(often.corrected(0.45) > 0.98 && (often.corrected(0.25) - 0.25).abs() < 1e-12);
    }

    #[test]
    fn without_forecasts_nothing_is_said() {
        assert_eq!((of(&[]).error(), of(&[]).brier(), of(&[]).means()), (None, None, None));
    }

    proptest! {
        #[test]
        fn scores_are_shares_and_the_order_does_not_matter(mut forecasts in prop::collection::vec((-0.5..1.5_f64, any::<bool>()), 1..40)) {
            let (error, brier) = (of(&forecasts).error().unwrap(), of(&forecasts).brier().unwrap());
            prop_assert!((0.0..=1.0).contains(&error) && (0.0..=1.0).contains(&brier));
            let mut parts = of(&forecasts[..forecasts.len() / 2]);
            parts.merge(&of(&forecasts[forecasts.len() / 2..]));
            prop_assert!((parts.error().unwrap() - error).abs() < 1e-9);
            forecasts.reverse();
            prop_assert!((of(&forecasts).error().unwrap() - error).abs() < 1e-9);
        }
    }
}
