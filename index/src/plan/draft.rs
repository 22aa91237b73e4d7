//! A plan while it is being made, and what it comes to.

use super::{
    board::{Board, Week},
    check::MOST_NEEDS,
    needs::{NeedSet, members},
};

/// For each need of a board the way it is met; none where it stays open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Draft([Option<u32>; MOST_NEEDS]);

/// What a draft comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) cost: i64,
    pub(super) week: Week,
    /// Day on which each need's service starts; 0 for those left open.
    pub(super) start: [i64; MOST_NEEDS],
}

impl Draft {
    pub(super) fn get(&self, need: usize) -> Option<usize> {
        self.0[need].map(|way| way as usize)
    }

    pub(super) fn set(&mut self, need: usize, way: Option<usize>) {
        self.0[need] = way.map(|way| u32::try_from(way).expect("fewer ways than 32 bits count"));
    }

    /// The needs it meets.
    pub(super) fn served(&self) -> NeedSet {
        self.0.iter().enumerate().filter(|(_, way)| way.is_some()).fold(0, |set, (need, _)| set | 1 << need)
    }

    /// The services it takes, each once, smallest first.
    pub(super) fn services(&self, board: &Board) -> Vec<usize> {
        let mut services: Vec<usize> = self.ways().map(|way| board.ways[way].service).collect();
        services.sort_unstable();
        services.dedup();
        services
    }

    fn ways(&self) -> impl Iterator<Item = usize> {
        self.0.iter().flatten().map(|&way| way as usize)
    }

    /// What it comes to; none where it breaks a rule: a prerequisite open, a clash, a limit.
    pub(super) fn sum(&self, board: &Board) -> Option<Sum> {
        let served = self.served();
        let mut sum = Sum { cost: 0, week: [0; 3], start: [0; MOST_NEEDS] };
        let mut finish = [0; MOST_NEEDS];
        let mut used = [usize::MAX; 3 * MOST_NEEDS];
        let mut count = 0;
        for (number, need) in board.needs.iter().enumerate() {
            let Some(way) = self.get(number).map(|way| &board.ways[way]) else {
                sum.cost += need.unmet;
                continue;
            };
            let mut earlier = members(served & ((1 << number) - 1)).filter_map(|other| self.get(other));
            if need.before & !served != 0 || earlier.any(|other| Board::clash(way, &board.ways[other])) {
                return None;
            }
            let ready = members(need.before).map(|before| finish[before]).max().unwrap_or(0);
            sum.start[number] = ready + way.wait;
            finish[number] = sum.start[number] + way.dur;
            sum.cost += way.unfit + board.costs.day * need.weight * sum.start[number];
            for shared in way.uses {
                if used[..count].contains(&shared) {
                    continue;
                }
                used[count] = shared;
                count += 1;
                sum.cost += board.shared[shared].cost;
                for (total, more) in sum.week.iter_mut().zip(board.shared[shared].week) {
                    *total += more;
                }
            }
        }
        let kept = sum.week.iter().zip(board.limits).all(|(total, limit)| *total <= limit);
        kept.then_some(sum)
    }
}
