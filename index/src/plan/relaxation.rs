//! The lower bound for one set of needs to be met, and the ways it leaves.
//!
//! The prices of [`Prices`] are raised by subgradient steps: what a need's cheapest way uses costs
//! that need more, what it does not use costs it less, and a limit that is overdrawn becomes
//! dearer. Whenever the bound rises, ways that no plan better than the known ones can take are
//! dropped: this leaves a handful of the hundreds.
//!
//! Delays run along chains of prerequisites. Each need keeps one of its prerequisites, and bears
//! the weight of everything that waits behind it, so a day's delay is charged where it is made.

use super::{
    board::Board,
    check::MOST_NEEDS,
    needs::{NeedSet, has, members},
    prices::{GRAIN, Mark, Prices},
    simplex::WHOLE,
};

/// Subgradient steps at most.
const STEPS: usize = 60;
/// Steps without a rise after which steps become shorter.
const PATIENCE: usize = 4;
/// A step's length is a part of the distance to the best plan; this is one.
const FULL_STEP: i64 = 1 << 8;
/// What the worth of one limit may come to: as much as the dearest plan; more would overflow.
const DEAREST: i64 = 1 << 40;

/// The needs of one set, each apart from the others.
#[derive(Debug, Clone)]
pub(super) struct Relaxation<'a> {
    pub(super) board: &'a Board,
    /// The needs to be met.
    pub(super) served: NeedSet,
    /// For each need its weight and that of all that wait behind it.
    pub(super) waiting: [i64; MOST_NEEDS],
    /// For each need the ways it still has.
    pub(super) live: Vec<Vec<Live>>,
    /// For each need its cheapest way, as its place among the live ones.
    cheapest: [usize; MOST_NEEDS],
    /// Grains for the needs left open.
    open: i64,
    pub(super) prices: Prices,
}

/// A way that may still be taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Live {
    pub(super) way: u32,
    /// What it uses of the shared.
    pub(super) uses: [u32; 3],
    /// Grains it costs apart from what it shares.
    own: i64,
    /// Grains at the last prices.
    pub(super) value: i64,
}

impl<'a> Relaxation<'a> {
    /// All ways of the needs to be met, at prices to start from.
    pub(super) fn new(board: &'a Board, served: NeedSet, prices: Prices) -> Self {
        let waiting = waiting(board, served);
        let of = |number: usize| {
            let need = &board.needs[number];
            need.ways.clone().map(|way| Live::new(board, way, waiting[number])).collect()
        };
        let live = (0..board.needs.len()).map(|number| if has(served, number) { of(number) } else { Vec::new() }).collect();
        let unmet: i64 = members(all(board) & !served).map(|need| board.needs[need].unmet).sum();
        Self { board, served, waiting, live, cheapest: [0; MOST_NEEDS], open: unmet * GRAIN, prices }
    }

    /// Raises the prices until the bound shows that no plan costs less than `goal`, or as far as
    /// it goes. The bound in grains; none where there is no such plan.
    pub(super) fn tighten(&mut self, goal: i64) -> Option<i64> {
        let most = (goal - 1) * GRAIN;
        let users = self.users();
        self.prices.share_among(&users);
        let (mut highest, mut mark) = (i64::MIN, Mark::new());
        let (mut length, mut idle) = (FULL_STEP, 0);
        for _ in 0..STEPS {
            let bound = self.bound();
            if bound > most {
                return None;
            }
            if bound > highest {
                highest = bound;
                self.prices.mark(&mut mark);
                idle = 0;
                self.drop_hopeless(most - bound);
            } else {
                idle += 1;
                if idle == PATIENCE {
                    (length, idle) = (length * 2 / 3, 0);
                }
            }
            // A goal far away would make for wild steps.
            let aim = (most - bound + GRAIN).min(highest - bound + highest.abs() / 8);
            if !self.step(aim * length / FULL_STEP) {
                break;
            }
        }
        self.prices.come_back(mark);
        let bound = self.bound();
        self.live_below(most - bound);
        (bound <= most).then_some(bound)
    }

    /// The bound at these prices, in grains.
    fn bound(&mut self) -> i64 {
        let mut bound = self.open - self.prices.worth().iter().sum::<i64>();
        for need in members(self.served) {
            let borne = self.prices.borne_by(need);
            let (mut least, mut place) = (i64::MAX, 0);
            for (index, live) in self.live[need].iter_mut().enumerate() {
                live.value = live.own + live.uses.iter().map(|&shared| borne[shared as usize]).sum::<i64>();
                if live.value < least {
                    (least, place) = (live.value, index);
                }
            }
            if least == i64::MAX {
                return i64::MAX;
            }
            self.cheapest[need] = place;
            bound += least;
        }
        bound
    }

    /// Drops the ways that cost a need more than `slack` above its cheapest.
    fn live_below(&mut self, slack: i64) -> bool {
        let mut dropped = false;
        for need in members(self.served) {
            let Some(cheapest) = self.live[need].get(self.cheapest[need]).copied() else { continue };
            let before = self.live[need].len();
            self.live[need].retain(|live| live.value - cheapest.value <= slack);
            if self.live[need].len() < before {
                dropped = true;
                let stays = self.live[need].iter().position(|live| live.way == cheapest.way);
                self.cheapest[need] = stays.expect("the cheapest is no dearer than itself");
            }
        }
        dropped
    }

    fn drop_hopeless(&mut self, slack: i64) {
        if self.live_below(slack) {
            let users = self.users();
            self.prices.share_among(&users);
        }
    }

    /// Who might still use each shared thing.
    fn users(&self) -> Vec<NeedSet> {
        let mut users = vec![0; self.prices.count()];
        for need in members(self.served) {
            for live in &self.live[need] {
                for shared in live.uses {
                    users[shared as usize] |= 1 << need;
                }
            }
        }
        users
    }

    /// One step along the subgradient; false where there is none, so that the bound is the best.
    fn step(&mut self, distance: i64) -> bool {
        let used = self.used();
        // Squared length of the subgradient, in `WHOLE`ths.
        let mut square = 0;
        for &(shared, by) in &used {
            let (count, of) = (i64::from(by.count_ones()), i64::from(self.prices.users(shared).count_ones()));
            square += WHOLE * count * (of - count) / of;
        }
        let overdrawn = self.overdrawn(&used);
        square += overdrawn.iter().map(|over| over * over / WHOLE).sum::<i64>();
        if square == 0 {
            return false;
        }
        let along = |slope: i64| i64::try_from(i128::from(distance) * i128::from(slope) / i128::from(square)).unwrap_or(DEAREST);
        let mut worth = self.prices.worth();
        for (worth, over) in worth.iter_mut().zip(overdrawn) {
            *worth = (*worth + along(over)).clamp(0, DEAREST);
        }
        let grains = along(WHOLE);
        for &(shared, by) in &used {
            let whole = self.prices.whole(shared);
            if whole > 0 && by != self.prices.users(shared) {
                let more = i64::try_from(i128::from(grains) * i128::from(WHOLE) / i128::from(whole)).unwrap_or(WHOLE).min(WHOLE);
                self.prices.shift(shared, |need| if by & (1 << need) == 0 { 0 } else { more });
            }
        }
        self.prices.value_limits(worth);
        true
    }

    /// What the cheapest ways use, each shared thing with the needs that use it.
    fn used(&self) -> Vec<(usize, NeedSet)> {
        let mut used: Vec<(usize, NeedSet)> = Vec::with_capacity(3 * MOST_NEEDS);
        for need in members(self.served) {
            for shared in self.live[need][self.cheapest[need]].uses {
                let shared = shared as usize;
                match used.iter_mut().find(|(known, _)| *known == shared) {
                    Some((_, by)) => *by |= 1 << need,
                    None => used.push((shared, 1 << need)),
                }
            }
        }
        used
    }

    /// How far the cheapest ways overdraw each limit, in `WHOLE`ths of the limit; negative where
    /// something is left, zero where the limit is free and need not be dearer.
    fn overdrawn(&self, used: &[(usize, NeedSet)]) -> [i64; 3] {
        let (limits, worth) = (self.board.limits, self.prices.worth());
        let mut drawn = [0_i128; 3];
        for &(shared, by) in used {
            let part: i64 = members(by).map(|need| self.prices.part(need, shared)).sum();
            for (drawn, takes) in drawn.iter_mut().zip(self.prices.week(shared)) {
                *drawn += i128::from(part) * i128::from(takes);
            }
        }
        std::array::from_fn(|limit| {
            if limits[limit] == 0 {
                return 0;
            }
            let share = i64::try_from(drawn[limit] / i128::from(limits[limit])).unwrap_or(WHOLE);
            if share < WHOLE && worth[limit] == 0 { 0 } else { share - WHOLE }
        })
    }
}

impl Live {
    /// The trip it takes, among the shared things.
    pub(super) fn trip(&self) -> usize {
        self.uses[1] as usize
    }

    fn new(board: &Board, way: usize, waiting: i64) -> Self {
        let taken = &board.ways[way];
        let own = taken.own(board, waiting) * GRAIN;
        let uses = taken.uses.map(|shared| u32::try_from(shared).expect("fewer things than 32 bits count"));
        Self { way: u32::try_from(way).expect("fewer ways than 32 bits count"), uses, own, value: own }
    }
}

/// All needs of a board.
pub(super) fn all(board: &Board) -> NeedSet {
    (1 << board.needs.len()) - 1
}

/// For each need to be met its weight and that of all that wait behind it.
pub(super) fn waiting(board: &Board, served: NeedSet) -> [i64; MOST_NEEDS] {
    let mut waiting = [0; MOST_NEEDS];
    for number in (0..board.needs.len()).rev() {
        if served & (1 << number) != 0 {
            waiting[number] += board.needs[number].weight;
            if let Some(before) = board.needs[number].chain {
                waiting[before] += waiting[number];
            }
        }
    }
    waiting
}
