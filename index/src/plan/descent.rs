//! The search below one relaxation: need after need, depth first, with the bound kept up to date.
//!
//! What a chosen way opens (its agency, its trip, its fee) is paid in full and costs the needs
//! still to be met nothing more; ways that clash with it, or that the rest of the week no longer
//! holds, are dropped, and so are those that are too dear by the bound of the step before. Next
//! comes the need that would suffer most from losing its cheapest way, prerequisites first.

use super::{
    board::{Board, Week},
    check::MOST_NEEDS,
    draft::Draft,
    guard::Count,
    needs::{NeedSet, members},
    pool::Pool,
    prices::{GRAIN, Prices},
    relaxation::{Live, Relaxation},
};

/// A search for plans that meet one set of needs.
pub(super) struct Descent<'a> {
    relaxation: &'a Relaxation<'a>,
    pool: &'a mut Pool,
    count: &'a mut Count,
    draft: Draft,
    /// Day on which what waits for each chosen way may begin.
    finish: [i64; MOST_NEEDS],
    /// How many chosen ways use each shared thing.
    open: Vec<u8>,
    /// What the chosen ways take of the week.
    week: Week,
    /// One for each number of needs already met.
    levels: Vec<Level>,
    last: LastTrip,
}

/// What is left to choose from, once some needs are met.
#[derive(Debug, Clone, Default)]
struct Level {
    live: Vec<Live>,
    /// Where each need's ways are in `live`.
    spans: [(usize, usize); MOST_NEEDS],
    /// The cheapest and the second cheapest way of each need, in grains.
    least: [i64; MOST_NEEDS],
    second: [i64; MOST_NEEDS],
    left: NeedSet,
    /// Grains of what is chosen, without delays of what waits for it.
    paid: i64,
    bound: i64,
}

impl<'a> Descent<'a> {
    /// Offers to `pool` every plan of the relaxation that may be better than those in it, as
    /// far as `count` allows.
    pub(super) fn run(relaxation: &'a Relaxation<'a>, bound: i64, pool: &'a mut Pool, count: &'a mut Count) {
        let depth = relaxation.served.count_ones() as usize;
        let open = vec![0; relaxation.prices.count()];
        let levels = vec![Level::default(); depth + 1];
        let mut descent = Self {
            relaxation,
            pool,
            count,
            draft: Draft::default(),
            finish: [0; MOST_NEEDS],
            open,
            week: [0; 3],
            levels,
            last: LastTrip::new(relaxation.prices.count()),
        };
        descent.start(bound);
        descent.descend(0);
    }

    fn start(&mut self, bound: i64) {
        let first = &mut self.levels[0];
        let cheapest: i64 = {
            let mut sum = 0;
            for need in members(self.relaxation.served) {
                first.begin(need);
                for live in &self.relaxation.live[need] {
                    first.push(need, *live);
                }
                sum += first.least[need];
            }
            sum
        };
        first.left = self.relaxation.served;
        first.bound = bound;
        first.paid = bound - cheapest;
    }

    fn descend(&mut self, depth: usize) {
        if self.levels[depth].left == 0 {
            self.pool.offer(self.relaxation.board, self.draft);
            return;
        }
        let need = self.next(depth);
        let (from, to) = self.levels[depth].spans[need];
        self.levels[depth].live[from..to].sort_unstable_by_key(|live| (live.value, live.way));
        for place in from..to {
            let level = &self.levels[depth];
            let live = level.live[place];
            if level.bound - level.least[need] + live.value > self.most() || !self.count.step() {
                return;
            }
            self.choose(depth, need, live);
        }
    }

    /// Takes a way for a need, searches below, and takes it back.
    fn choose(&mut self, depth: usize, need: usize, live: Live) {
        let board = self.relaxation.board;
        let way = &board.ways[live.way as usize];
        let (week, paid) = (self.week, self.levels[depth].paid);
        let start = self.ready(need) + way.wait;
        let mut grains = (way.unfit + board.costs.day * board.needs[need].weight * start) * GRAIN;
        let mut opens = [false; 3];
        let uses = live.uses.map(|shared| shared as usize);
        for (opens, shared) in opens.iter_mut().zip(uses) {
            if self.open[shared] == 0 {
                *opens = true;
                grains += self.relaxation.prices.whole(shared);
                for (total, more) in self.week.iter_mut().zip(self.relaxation.prices.week(shared)) {
                    *total += more;
                }
            }
            self.open[shared] += 1;
        }
        self.finish[need] = start + way.dur;
        self.draft.set(need, Some(live.way as usize));
        let kept = self.week.iter().zip(board.limits).all(|(total, limit)| *total <= limit);
        if kept && self.narrow(depth, need, live, opens, paid + grains) {
            self.descend(depth + 1);
        }
        self.draft.set(need, None);
        for shared in uses {
            self.open[shared] -= 1;
        }
        self.week = week;
    }

    /// Fills the next level with what goes with the chosen way; false where nothing does, or the
    /// bound says so.
    fn narrow(&mut self, depth: usize, chosen: usize, taken: Live, opens: [bool; 3], paid: i64) -> bool {
        let most = self.most();
        let (above, below) = self.levels.split_at_mut(depth + 1);
        let (above, below) = (&above[depth], &mut below[0]);
        let (board, prices) = (self.relaxation.board, &self.relaxation.prices);
        let way = &board.ways[taken.way as usize];
        let left = above.left & !(1 << chosen);
        below.clear(left, paid);
        let mut bound = paid + delays(self.relaxation, left, &self.finish);
        let spare: Week = std::array::from_fn(|limit| board.limits[limit] - self.week[limit]);
        for need in members(left) {
            let borne = prices.borne_by(need);
            let slack = most - above.bound + above.least[need];
            let (from, to) = above.spans[need];
            below.begin(need);
            for live in &above.live[from..to] {
                if live.value > slack {
                    continue;
                }
                let other = &board.ways[live.way as usize];
                if Board::clash(way, other) || !fits(prices, &self.open, spare, live) {
                    continue;
                }
                let mut live = *live;
                for (place, opened) in opens.iter().enumerate() {
                    if *opened && live.uses[place] == taken.uses[place] {
                        live.value -= borne[live.uses[place] as usize];
                    }
                }
                below.push(need, live);
            }
            if below.least[need] == i64::MAX {
                return false;
            }
            bound += below.least[need];
            if bound > most {
                return false;
            }
        }
        below.bound = bound;
        if spare[0] != 1 {
            return true;
        }
        let certain = bound - members(left).map(|need| below.least[need]).sum::<i64>();
        let at_least = self.last.narrow(below, prices, &self.open, certain, most);
        below.bound = certain + members(left).map(|need| below.least[need]).sum::<i64>();
        at_least.max(below.bound) <= most
    }

    /// Of the needs whose prerequisites are met, the one that loses most without its cheapest way.
    fn next(&self, depth: usize) -> usize {
        let level = &self.levels[depth];
        let ready = members(level.left).filter(|&need| self.relaxation.board.needs[need].before & level.left == 0);
        // Of equals `max_by_key` takes the last; the order of the board asks for the first.
        let regret = |&need: &usize| (level.second[need] - level.least[need], std::cmp::Reverse(need));
        ready.max_by_key(regret).expect("prerequisites have no circle")
    }

    fn ready(&self, need: usize) -> i64 {
        members(self.relaxation.board.needs[need].before).map(|before| self.finish[before]).max().unwrap_or(0)
    }

    /// Grains that a plan worth finding costs at most.
    fn most(&self) -> i64 {
        (self.pool.goal() - 1) * GRAIN
    }
}

/// The bound where the week holds one more trip: whatever cannot be met on the trips already made
/// is met on that one, so each is tried as the last.
struct LastTrip {
    /// For each trip what it saves, in grains, all needs together and for the need at hand.
    saved: Vec<i64>,
    saves: Vec<i64>,
}

/// Grains beyond every plan.
const BEYOND: i64 = 1 << 45;

impl LastTrip {
    fn new(count: usize) -> Self {
        Self { saved: vec![0; count], saves: vec![0; count] }
    }

    /// The bound; the ways on trips that cannot be the last become dear beyond use.
    fn narrow(&mut self, level: &mut Level, prices: &Prices, open: &[u8], certain: i64, most: i64) -> i64 {
        self.saved.fill(0);
        let mut sum = certain;
        for need in members(level.left) {
            let borne = prices.borne_by(need);
            let (from, to) = level.spans[need];
            let live = &level.live[from..to];
            let made = live.iter().filter(|live| open[live.trip()] > 0).map(|live| live.value).min().unwrap_or(BEYOND);
            sum += made;
            for live in live.iter().filter(|live| open[live.trip()] == 0) {
                let saves = &mut self.saves[live.trip()];
                *saves = (*saves).max(made - (live.value - borne[live.trip()]));
            }
            for live in live {
                self.saved[live.trip()] += std::mem::take(&mut self.saves[live.trip()]);
            }
        }
        let mut bound = sum;
        for need in members(level.left) {
            let (from, to) = level.spans[need];
            (level.least[need], level.second[need]) = (i64::MAX, i64::MAX);
            for place in from..to {
                let trip = level.live[place].trip();
                if open[trip] == 0 {
                    let with = sum - self.saved[trip] + prices.whole(trip);
                    bound = bound.min(with);
                    if with > most {
                        level.live[place].value = BEYOND;
                    }
                }
                level.compare(need, level.live[place].value);
            }
        }
        bound
    }
}

impl Level {
    fn clear(&mut self, left: NeedSet, paid: i64) {
        self.live.clear();
        self.left = left;
        self.paid = paid;
    }

    fn begin(&mut self, need: usize) {
        self.spans[need] = (self.live.len(), self.live.len());
        self.least[need] = i64::MAX;
        self.second[need] = i64::MAX;
    }

    fn push(&mut self, need: usize, live: Live) {
        self.live.push(live);
        self.spans[need].1 += 1;
        self.compare(need, live.value);
    }

    fn compare(&mut self, need: usize, value: i64) {
        if value < self.least[need] {
            self.second[need] = self.least[need];
            self.least[need] = value;
        } else if value < self.second[need] {
            self.second[need] = value;
        }
    }
}

/// Grains of the delays already certain for needs that head what is left of their chain: all that
/// waits behind them waits at least until their chosen prerequisites are finished.
fn delays(relaxation: &Relaxation<'_>, left: NeedSet, finish: &[i64; MOST_NEEDS]) -> i64 {
    let board = relaxation.board;
    let heads = members(left).filter(|&need| board.needs[need].chain.is_some_and(|before| left & (1 << before) == 0));
    let delay = |need: usize| {
        let ready = members(board.needs[need].before & !left).map(|before| finish[before]).max().unwrap_or(0);
        relaxation.waiting[need] * ready
    };
    heads.map(delay).sum::<i64>() * board.costs.day * GRAIN
}

/// Whether what is left of the week holds a way.
fn fits(prices: &Prices, open: &[u8], spare: Week, live: &Live) -> bool {
    let [_, trip, service] = live.uses.map(|shared| shared as usize);
    let takes = |shared: usize, limit: usize| if open[shared] > 0 { 0 } else { prices.week(shared)[limit] };
    takes(trip, 0) <= spare[0] && takes(trip, 1) <= spare[1] && takes(service, 2) <= spare[2]
}
