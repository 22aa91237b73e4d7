//! Prices that make needs independent of each other: the Lagrangian relaxation behind the bound.
//!
//! What several needs may share (an agency, a trip, a fee) is paid once. The relaxation splits it
//! into parts, one for each need that might use it, which together are at most the whole; and it
//! puts a price on every trip, minute and yuan of the family's week instead of the limit. Each need
//! then takes its cheapest way alone, and the sum is a lower bound of every plan, whatever the
//! parts and the prices are. All figures are whole, in [`GRAIN`]ths of a point, rounded so that the
//! bound can only become lower: no plan is ever lost to rounding.

use super::{
    board::{Board, Shared, Week},
    check::MOST_NEEDS,
    needs::{NeedSet, members},
    simplex::{WHOLE, project},
};

/// Bounds are reckoned in this part of a point.
pub(super) const GRAIN: i64 = 1 << 10;

/// The parts of what is shared, and the prices of the limits.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    shared: Vec<Shared>,
    limits: Week,
    /// What the whole of each limit is worth: its price times the limit, in grains.
    worth: Week,
    /// Who might use each shared thing.
    users: Vec<NeedSet>,
    /// Of each shared thing the whole, in grains: its cost and what it takes of the week at the
    /// limits' prices.
    whole: Vec<i64>,
    /// For each need, of each shared thing the part it bears, in parts of [`WHOLE`].
    parts: Vec<i64>,
    /// The same in grains.
    borne: Vec<i64>,
}

/// What is needed to come back to earlier prices.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    parts: Vec<i64>,
    worth: Week,
}

impl Prices {
    /// Limits free, everything shared evenly.
    pub(super) fn new(board: &Board) -> Self {
        let mut users = vec![0; board.shared.len()];
        for way in &board.ways {
            for shared in way.uses {
                users[shared] |= 1 << way.need;
            }
        }
        let (count, needs) = (board.shared.len(), board.needs.len());
        let whole = board.shared.iter().map(|shared| shared.cost * GRAIN).collect();
        let (parts, borne) = (vec![0; count * needs], vec![0; count * needs]);
        let (shared, limits) = (board.shared.clone(), board.limits);
        let mut prices = Self { shared, limits, worth: [0; 3], users: vec![0; count], whole, parts, borne };
        prices.share_among(&users);
        prices
    }

    /// How many things are shared.
    pub(super) fn count(&self) -> usize {
        self.shared.len()
    }

    /// What a shared thing takes of the week.
    pub(super) fn week(&self, shared: usize) -> Week {
        self.shared[shared].week
    }

    /// What a need bears of each shared thing, in grains.
    pub(super) fn borne_by(&self, need: usize) -> &[i64] {
        &self.borne[need * self.count()..][..self.count()]
    }

    /// The whole of a shared thing, in grains.
    pub(super) fn whole(&self, shared: usize) -> i64 {
        self.whole[shared]
    }

    /// The part of the whole that a need bears, in parts of [`WHOLE`].
    pub(super) fn part(&self, need: usize, shared: usize) -> i64 {
        self.parts[self.place(need, shared)]
    }

    /// Who might use a shared thing.
    pub(super) fn users(&self, shared: usize) -> NeedSet {
        self.users[shared]
    }

    /// What each limit is worth, in grains; a bound is lower by their sum.
    pub(super) fn worth(&self) -> Week {
        self.worth
    }

    /// Says who might still use each shared thing; the others' parts go to them.
    pub(super) fn share_among(&mut self, users: &[NeedSet]) {
        for (shared, &users) in users.iter().enumerate() {
            if self.users[shared] == users {
                continue;
            }
            for need in members(self.users[shared] & !users) {
                let place = self.place(need, shared);
                (self.parts[place], self.borne[place]) = (0, 0);
            }
            self.users[shared] = users;
            self.shift(shared, |_| 0);
        }
    }

    /// Adds to the users' parts of one shared thing, and makes them parts of a whole again.
    pub(super) fn shift(&mut self, shared: usize, more: impl Fn(usize) -> i64) {
        let users = self.users[shared];
        let mut parts = [0; MOST_NEEDS];
        for (part, need) in parts.iter_mut().zip(members(users)) {
            *part = self.part(need, shared) + more(need);
        }
        project(&mut parts[..users.count_ones() as usize]);
        for (part, need) in parts.iter().zip(members(users)) {
            let place = self.place(need, shared);
            self.parts[place] = *part;
        }
        self.reckon(shared);
    }

    /// Sets what the limits are worth.
    pub(super) fn value_limits(&mut self, worth: Week) {
        if worth == self.worth {
            return;
        }
        self.worth = worth;
        for shared in 0..self.count() {
            let what = self.shared[shared];
            // Not drawn upon, a limit is free; it may then be 0, by which nothing is divided.
            let takes = |limit: usize| if what.week[limit] == 0 { 0 } else { worth[limit] * what.week[limit] / self.limits[limit] };
            let whole = what.cost * GRAIN + takes(0) + takes(1) + takes(2);
            if whole != self.whole[shared] {
                self.whole[shared] = whole;
                self.reckon(shared);
            }
        }
    }

    /// Marks these prices.
    pub(super) fn mark(&self, mark: &mut Mark) {
        mark.parts.clone_from(&self.parts);
        mark.worth = self.worth;
    }

    /// Comes back to marked prices.
    pub(super) fn come_back(&mut self, mark: Mark) {
        self.parts = mark.parts;
        self.value_limits(mark.worth);
        for shared in 0..self.count() {
            self.reckon(shared);
        }
    }

    fn reckon(&mut self, shared: usize) {
        for need in members(self.users[shared]) {
            let place = self.place(need, shared);
            self.borne[place] = self.whole[shared] * self.parts[place] / WHOLE;
        }
    }

    fn place(&self, need: usize, shared: usize) -> usize {
        need * self.count() + shared
    }
}

impl Mark {
    pub(super) fn new() -> Self {
        Self { parts: Vec::new(), worth: [0; 3] }
    }
}
