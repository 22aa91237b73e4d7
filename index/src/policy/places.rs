//! How many more referrals a service can take: term P, place by place.
//!
//! The product's P asks whether one place is free. A week sends several referrals at once, so each
//! further one is weighed with the places that are left: first as many as are known to be free,
//! then others whose chance falls geometrically. Own referrals without an answer come first.

use super::tune::k;
use crate::matching::{
    place::{self, Known},
    rates::{Tally, smooth},
};

/// How many referrals beyond the known places a service gets in a week, at most.
fn beyond_() -> i32 { k("BEYOND", 3.0) as i32 }
/// The weight of the prior chance of a place.
fn weight_() -> f64 { k("PW", 6.0) }

/// What has been seen of the places of a service.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Places {
    /// Free places by the last posting and what has become of own referrals since, and its week.
    posted: Option<(i64, i64)>,
    /// When it last answered that it is full.
    full: Option<i64>,
    /// Referrals left unanswered since its last answer.
    silent: u32,
    /// Own referrals that wait for an answer.
    pub(super) waiting: i32,
    /// Answers about a place: how often there was one.
    found: Tally,
}

/// Referrals of one chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level {
    /// Term P.
    pub(super) chance: f64,
    /// How many.
    pub(super) count: u32,
}

impl Places {
    pub(super) fn post(&mut self, free: u32, week: i64) {
        if self.posted.is_none_or(|(_, before)| before <= week) {
            self.posted = Some((i64::from(free), week));
        }
    }

    /// An answer of any kind.
    pub(super) fn answered(&mut self) {
        self.silent = 0;
    }

    pub(super) fn silent(&mut self) {
        self.silent += 1;
    }

    pub(super) fn taken(&mut self) {
        self.found.good += 1.0;
        self.found.tried += 1.0;
        self.full = None;
        if let Some((free, _)) = &mut self.posted {
            *free = (*free - 1).max(0);
        }
    }

    pub(super) fn freed(&mut self, week: i64) {
        match &mut self.posted {
            Some((free, _)) => *free += 1,
            None if k("FREED", 1.0) > 0.0 => self.posted = Some((1, week)),
            None => {}
        }
    }

    pub(super) fn full(&mut self, week: i64) {
        self.found.tried += 1.0;
        self.full = Some(week);
        if k("FULLPOST", 1.0) > 0.0 { self.posted = Some((0, week)); }
    }

    pub(super) fn fade(&mut self, weight: f64) {
        self.found.good *= weight;
        self.found.tried *= weight;
    }

    /// The chances of further referrals, falling.
    pub(super) fn levels(&self, week: i64) -> Vec<Level> {
        let usual = smooth(Some(&self.found), weight_(), place::UNPOSTED);
        let days = |then: i64| (7 * (week - then).max(0)) as f64;
        let chance = |free: bool, beyond: i32| {
            place::free(Known {
                posted: self.posted.map(|(_, then)| (free, days(then))),
                unposted: usual.powf(1.0 + k("FALL", 1.0) * f64::from(beyond.max(1) - 1)),
                full_days: self.full.filter(|_| self.posted.is_none()).map(days),
                confirmed: true,
                unanswered: self.silent,
            })
        };
        let known = self.posted.map_or(0, |(free, _)| i32::try_from(free.min(1_000)).unwrap_or(0));
        let left = (known - self.waiting).max(0);
        let over = (self.waiting - known).max(0);
        let mut levels = Vec::new();
        if left > 0 {
            levels.push(Level { chance: chance(true, 1), count: left.unsigned_abs() });
        }
        levels.extend((1..=beyond_()).map(|beyond| Level { chance: chance(false, over + beyond), count: 1 }));
        levels
    }
}
