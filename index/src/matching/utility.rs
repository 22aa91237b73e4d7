//! The expected utility of one referral and what is read off it.
//!
//! `EU = E * P * A * S * C * F * D`, each in (0, 1]. Shown as whole thousandths, at least 1.
//! Source: `docs/MATCHING.md`, "Expected utility".

use super::answer::Terms;

/// The seven factors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Factors {
    pub(crate) e: f64,
    pub(crate) p: f64,
    pub(crate) a: f64,
    pub(crate) s: f64,
    pub(crate) c: f64,
    pub(crate) f: f64,
    pub(crate) d: f64,
}

impl Factors {
    /// Their product.
    pub(crate) fn product(self) -> f64 {
        self.e * self.p * self.a * self.s * self.c * self.f * self.d
    }

    /// The product in thousandths, at least 1.
    pub(crate) fn utility(self) -> u16 {
        thousandths(self.product()).max(1)
    }

    pub(crate) fn terms(self) -> Terms {
        Terms {
            e: thousandths(self.e),
            p: thousandths(self.p),
            a: thousandths(self.a),
            s: thousandths(self.s),
            c: thousandths(self.c),
            f: thousandths(self.f),
            d: thousandths(self.d),
        }
    }

    /// Of 100 such referrals: all, pass the rules, are accepted into a place, start, finish.
    pub(crate) fn natural(self) -> [u8; 5] {
        let placed = self.e * self.p * self.a;
        let shares = [1.0, self.e, placed, placed * self.s, placed * self.s * self.c];
        shares.map(|share| u8::try_from(thousandths(share / 10.0)).unwrap_or(100))
    }

    /// What each factor costs, `EU * (1/factor - 1)` in thousandths, the greatest first.
    pub(crate) fn losses(self) -> Vec<(char, u16)> {
        let product = self.product();
        let factors = [('E', self.e), ('P', self.p), ('A', self.a), ('S', self.s), ('C', self.c), ('F', self.f), ('D', self.d)];
        let mut losses = factors.map(|(name, factor)| (name, thousandths(product * (1.0 / factor - 1.0)))).to_vec();
        losses.sort_by_key(|(_, loss)| std::cmp::Reverse(*loss));
        losses
    }
}

/// A share in thousandths, 0 to 1000.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1000")]
pub(crate) fn thousandths(share: f64) -> u16 {
    (share * 1000.0).round().clamp(0.0, 1000.0) as u16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn natural_frequencies_never_rise(e in 0.01..=1.0_f64, p in 0.01..=1.0_f64, a in 0.01..=1.0_f64, s in 0.01..=1.0_f64, c in 0.01..=1.0_f64) {
            let natural = Factors { e, p, a, s, c, f: 1.0, d: 1.0 }.natural();
            prop_assert_eq!(natural[0], 100);
            prop_assert!(natural.is_sorted_by(|a, b| a >= b));
        }

        #[test]
        fn losses_add_up_in_the_logarithm(e in 0.1..=1.0_f64, p in 0.1..=1.0_f64) {
            let factors = Factors { e, p, a: 0.7, s: 0.9, c: 0.7, f: 1.0, d: 0.8 };
            let logs: f64 = [e, p, 0.7, 0.9, 0.7, 1.0, 0.8].iter().map(|factor: &f64| factor.ln()).sum();
            prop_assert!((factors.product().ln() - logs).abs() < 1e-9);
        }
    }
}
