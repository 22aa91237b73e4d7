//! Other plans that are nearly as good, for people to choose from.

use super::{Board, Guard, Plan, best_few, draft::Draft, needs::members, relaxation::all};

/// The cheapest plans of which any two differ in at least one service, at most `count`, cheapest
/// first; the first is the best plan. With a mark whether they are proved to be the cheapest.
#[must_use]
pub fn alternatives(board: &Board, count: usize, guard: Guard) -> (Vec<Plan>, bool) {
    let (found, ..) = best_few(board, 1, &[], guard);
    let best = found.first().and_then(|plan| board.draft(&plan.choice)).expect("a plan of this board");
    let (plans, proved, _) = best_few(board, count, &neighbours(board, best), guard);
    (plans, proved)
}

/// The plan itself and all that differ from it in one need: with these at hand the search for the
/// second best starts where it will end, or near.
fn neighbours(board: &Board, best: Draft) -> Vec<Draft> {
    let mut drafts = vec![best];
    for need in members(all(board)) {
        for way in std::iter::once(None).chain(board.needs[need].ways.clone().map(Some)) {
            let mut draft = best;
            draft.set(need, way);
            drafts.push(draft);
        }
    }
    drafts
}
