//! What each pair is worth inside the engine: weighted utility in whole parts.
//!
//! `value = scale * weight * u + draw`. Without draws one unit of weighted utility is one part. Draws
//! add up to less than `scale` over all needs: they decide between optima and never against one.

use super::{fault::Fault, instance::Instance};

/// The auction's step is this part of the largest value: coarse enough to end soon, fine enough that
/// few needs are left for the exact finish, which is what makes the result an optimum.
const STEPS: i64 = 2000;

/// The instance as the engine counts it.
pub(super) struct Values<'a> {
    pub(super) ptr: &'a [u32],
    pub(super) svc: &'a [u32],
    u: &'a [u16],
    need: Vec<Terms>,
    /// Parts of one unit of weighted utility.
    pub(super) scale: i64,
    /// By how much a bid exceeds what would do.
    pub(super) step: i64,
    /// The largest value of a pair.
    pub(super) most: i64,
}

/// What of a value is the need's own.
#[derive(Clone, Copy)]
struct Terms {
    /// `scale * weight`.
    rate: i64,
    draw: i64,
}

impl<'a> Values<'a> {
    /// Prepares the values; `draws` has an entry a need, or none.
    ///
    /// # Errors
    /// [`Fault::TooLarge`] where sums of values could leave 64 bits.
    pub(super) fn new(instance: &'a Instance, draws: &[u32]) -> Result<Self, Fault> {
        let total: i64 = draws.iter().map(|&draw| i64::from(draw)).sum();
        let most = most(instance, total).ok_or(Fault::TooLarge("needs for weights of this size"))?;
        let (candidates, scale) = (instance.candidates(), total + 1);

        let weights = instance.weight().iter().map(|&weight| scale * i64::from(weight));
        let draws = draws.iter().map(|&draw| i64::from(draw)).chain(std::iter::repeat(0));
        Ok(Self {
            ptr: &candidates.ptr,
            svc: &candidates.svc,
            u: &candidates.u,
            need: weights.zip(draws).map(|(rate, draw)| Terms { rate, draw }).collect(),
            scale,
            step: (most / STEPS).max(1),
            most,
        })
    }

    /// How many needs there are.
    pub(super) fn needs(&self) -> u32 {
        super::lists::index(self.need.len())
    }

    /// The value of one pair of a need.
    #[inline]
    pub(super) fn of(&self, need: u32, pair: u32) -> i64 {
        let terms = self.need[need as usize];
        terms.rate * i64::from(self.u[pair as usize]) + terms.draw
    }

    /// The pairs of a need: position, service, value.
    #[inline]
    pub(super) fn pairs(&self, need: u32) -> impl Iterator<Item = (u32, u32, i64)> {
        let terms = self.need[need as usize];
        let (begin, end) = (self.ptr[need as usize], self.ptr[need as usize + 1]);
        let span = begin as usize..end as usize;
        let pairs = self.svc[span.clone()].iter().zip(&self.u[span]);
        (begin..end).zip(pairs).map(move |(pair, (&service, &u))| (pair, service, terms.rate * i64::from(u) + terms.draw))
    }
}

/// The largest value of a pair where all draws add up to `total`; nothing where sums of values could
/// leave 64 bits. A price is at most the values along one way through the residual graph, which
/// comes to each service at most once.
pub(super) fn most(instance: &Instance, total: i64) -> Option<i64> {
    let heaviest = instance.weight().iter().copied().max().unwrap_or(1);
    let best = instance.candidates().u.iter().copied().max().unwrap_or(1);
    let longest = 2 * instance.needs().tier.len().min(instance.services().cap.len()) as u64 + 4;
    let most = (total.checked_add(1)?).checked_mul(i64::from(heaviest) * i64::from(best))?.checked_add(total)?;
    most.checked_mul(4)?.checked_mul(i64::try_from(longest).ok()?).map(|_| most)
}
