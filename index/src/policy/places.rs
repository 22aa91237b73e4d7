//! How many more referrals a service can take: term P, place by place.
//!
//! The product's P asks whether one place is free. A week sends several referrals at once, so each
//! is weighed with what those before it leave: as many as are known to be free, and one more whose
//! chance is that of the unknown. Own referrals without an answer come first; places that own
//! children take or leave are counted. The chance of an unposted place starts at 0.60 and follows
//! what services of the county, and then this one, have answered.

use super::weeks;
use crate::matching::{
    place::{self, Known},
    rates::{Tally, smooth},
};

/// The weight of the county's chance of a place beside a service's own.
const SERVICE_WEIGHT: f64 = 6.0;
/// The weight of the prior beside the county's own.
const COUNTY_WEIGHT: f64 = 30.0;
/// More places than this are as good as any number: so many referrals go nowhere in one week.
const MANY: i64 = 20;

/// What has been seen of the places of a service.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Places {
    /// Free places by the last posting and what has become of own referrals since, and its week.
    posted: Option<(i64, i64)>,
    /// Referrals left unanswered since its last answer.
    silent: u32,
    /// Own referrals that wait for an answer.
    pub(super) waiting: i64,
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

    /// A child has got a place.
    pub(super) fn taken(&mut self) {
        self.found.good += 1.0;
        self.found.tried += 1.0;
        if let Some((free, _)) = &mut self.posted {
            *free = (*free - 1).max(0);
        }
    }

    /// A child of ours has left its place.
    pub(super) fn freed(&mut self, week: i64) {
        match &mut self.posted {
            Some((free, _)) => *free = free.saturating_add(1),
            None => self.posted = Some((1, week)),
        }
    }

    /// An answer that nothing is free is a posting of none.
    pub(super) fn full(&mut self, week: i64) {
        self.found.tried += 1.0;
        self.posted = Some((0, week));
    }

    pub(super) fn fade(&mut self, weight: f64) {
        self.found.good *= weight;
        self.found.tried *= weight;
    }

    /// The chances of further referrals, falling, where `usual` is the county's chance of a place.
    pub(super) fn levels(&self, week: i64, usual: f64) -> Vec<Level> {
        let usual = smooth(Some(&self.found), SERVICE_WEIGHT, usual);
        let chance = |free: bool, before: i64| {
            place::free(Known {
                posted: self.posted.map(|(_, then)| (free, days(then, week))),
                unposted: usual.powi(1 + i32::try_from(before).unwrap_or(i32::MAX - 1)),
                full_days: None,
                confirmed: true,
                unanswered: self.silent,
            })
        };
        let known = self.posted.map_or(0, |(free, _)| free.min(MANY));
        let left = (known - self.waiting).max(0);
        let known_to_be = (0..left).map(|more| chance(true, self.waiting + more));
        known_to_be.chain([chance(false, self.waiting.max(known))]).map(|chance| Level { chance, count: 1 }).collect()
    }
}

/// The county's chance of a place where nothing is posted.
pub(super) fn usual(all: &[Places]) -> f64 {
    let good = all.iter().map(|places| places.found.good).sum();
    let tried = all.iter().map(|places| places.found.tried).sum();
    smooth(Some(&Tally { good, tried }), COUNTY_WEIGHT, place::UNPOSTED)
}

fn days(then: i64, week: i64) -> f64 {
    7.0 * f64::from(weeks(then, week))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chances(places: &Places, week: i64) -> Vec<(u32, u16)> {
        let thousandths = |level: &Level| (level.count, crate::matching::utility::thousandths(level.chance));
        places.levels(week, place::UNPOSTED).iter().map(thousandths).collect()
    }

    #[test]
    fn posted_places_are_given_once_each_and_one_more_is_a_venture() {
        let mut places = Places::default();
        assert_eq!(chances(&places, 0), [(1, 600)]);
        places.post(2, 0);
        assert_eq!(chances(&places, 0), [(1, 950), (1, 950), (1, 100)]);
        places.waiting = 1;
        assert_eq!(chances(&places, 0), [(1, 950), (1, 100)]);
        places.waiting = 0;
        places.taken();
        places.taken();
        assert_eq!(chances(&places, 0)[0].1, 100);
    }

    #[test]
    fn a_full_service_recovers_and_a_child_that_leaves_makes_room() {
        let mut places = Places::default();
        places.full(0);
        assert!(chances(&places, 1)[0].1 < chances(&places, 10)[0].1);
        places.freed(1);
        assert!(chances(&places, 1)[0].1 > 850);
    }

    #[test]
    fn silence_counts_until_the_next_answer() {
        let mut places = Places::default();
        places.silent();
        assert_eq!(chances(&places, 0), [(1, 180)]);
        places.answered();
        assert_eq!(chances(&places, 0), [(1, 600)]);
    }
}
