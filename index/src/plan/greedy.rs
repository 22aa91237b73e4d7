//! Plans made need by need: what a quick hand would do, and where the search starts from.

use super::{Plan, board::Board, draft::Draft, relaxation::all};

/// The service that is best for each need alone, the most urgent need first, as far as prerequisites,
/// times and limits allow; what the needs might share is not looked at.
#[must_use]
pub fn alone(board: &Board) -> Plan {
    let value = |draft: &Draft, need: usize, way: Option<usize>| -> Option<i64> {
        let mut taken = *draft;
        taken.set(need, way);
        taken.sum(board)?;
        let Some(way) = way else { return Some(board.needs[need].unmet) };
        let way = &board.ways[way];
        let shared: i64 = way.uses.iter().map(|&shared| board.shared[shared].cost).sum();
        Some(way.own(board, board.needs[need].weight) + shared)
    };
    Plan::of(board, &build(board, value))
}

/// The way that costs the plan least for each need in turn, the most urgent first, given what was
/// chosen before.
#[must_use]
pub fn marginal(board: &Board) -> Plan {
    Plan::of(board, &marginal_draft(board))
}

/// See [`marginal`].
pub(super) fn marginal_draft(board: &Board) -> Draft {
    build(board, |draft, need, way| {
        let mut taken = *draft;
        taken.set(need, way);
        Some(taken.sum(board)?.cost)
    })
}

/// Chooses for each need, most urgent first, the way of least value, or leaves it open.
fn build(board: &Board, value: impl Fn(&Draft, usize, Option<usize>) -> Option<i64>) -> Draft {
    let mut draft = Draft::default();
    let mut left = all(board);
    while left != 0 {
        let ready = (0..board.needs.len()).filter(|&need| left & (1 << need) != 0 && board.needs[need].before & left == 0);
        let need = ready.min_by_key(|&need| (-board.needs[need].weight, need)).expect("prerequisites have no circle");
        let ways = std::iter::once(None).chain(board.needs[need].ways.clone().map(Some));
        let best = ways.filter_map(|way| Some((value(&draft, need, way)?, way))).min();
        draft.set(need, best.and_then(|(_, way)| way));
        left &= !(1 << need);
    }
    draft
}
