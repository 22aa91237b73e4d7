//! The best plans of a board: the sets of needs that may be met together, most promising first, and
//! below each the relaxation and the descent.

use super::{
    board::{Board, Way},
    check::MOST_NEEDS,
    descent::Descent,
    guard::Count,
    needs::{NeedSet, has, members},
    pool::{BEYOND, Pool},
    prices::{GRAIN, Prices},
    relaxation::{Relaxation, all, waiting},
};

/// Steps of the guard that tightening one relaxation counts for at least.
const TIGHTENING: u64 = 240;
/// Ways of a board that tightening goes through in the time of one step.
const WAYS_A_STEP: usize = 2;

/// Offers to `pool` every plan that may be better than those in it.
///
/// Looks for plans a little dearer than the lowest bound first, and for dearer ones only where
/// there are none: under a low ceiling nearly every way is hopeless from the start, while the plans
/// known so far may be twice the best.
pub(super) fn search(board: &Board, pool: &mut Pool, count: &mut Count) {
    let tightening = u64::try_from(board.ways.len() / WAYS_A_STEP).unwrap_or(u64::MAX).max(TIGHTENING);
    let mut prices = Prices::new(board);
    let mut sets = closed_sets(board);
    bound_sets(board, &prices, &mut sets);
    let mut likely = Relaxation::new(board, sets[0].1, prices);
    likely.tighten(pool.goal());
    // Prices that fit one set fit most: the others' bounds are far better at them.
    prices = likely.prices;
    bound_sets(board, &prices, &mut sets);

    let lowest = sets[0].0 / GRAIN;
    let mut width = lowest / 4 + 1;
    loop {
        pool.ceiling = lowest + width;
        for (bound, served) in &mut sets {
            if *bound > (pool.goal() - 1) * GRAIN {
                continue;
            }
            if !count.add(tightening) {
                return;
            }
            let mut relaxation = Relaxation::new(board, *served, prices);
            if let Some(tighter) = relaxation.tighten(pool.goal()) {
                *bound = tighter.max(*bound);
                Descent::run(&relaxation, tighter, pool, count);
            }
            prices = relaxation.prices;
        }
        if pool.worst() <= pool.ceiling || !count.within() {
            return;
        }
        // Far above the bound a ceiling keeps nothing out any more.
        width = if width > 2 * lowest { BEYOND } else { width * 3 };
        sets.sort_unstable();
    }
}

/// All sets of needs that may be met together as far as prerequisites go, without bounds.
fn closed_sets(board: &Board) -> Vec<(i64, NeedSet)> {
    let offered = members(all(board)).filter(|&need| !board.needs[need].ways.is_empty()).fold(0, |set, need| set | 1 << need);
    let closed = |served: &NeedSet| served & !offered == 0 && members(*served).all(|need| board.needs[need].before & !served == 0);
    (0..=all(board)).filter(closed).map(|served| (0, served)).collect()
}

/// Raises the bound of each set to that at the given prices, and puts the lowest first.
fn bound_sets(board: &Board, prices: &Prices, sets: &mut [(i64, NeedSet)]) {
    let mut known: [Vec<(i64, i64)>; MOST_NEEDS] = Default::default();
    for (bound, served) in sets.iter_mut() {
        let waiting = waiting(board, *served);
        let cost = |need: usize| {
            if has(*served, need) {
                cheapest(board, prices, &mut known[need], need, waiting[need])
            } else {
                board.needs[need].unmet * GRAIN
            }
        };
        let sum: i64 = (0..board.needs.len()).map(cost).sum();
        *bound = (*bound).max(sum - prices.worth().iter().sum::<i64>());
    }
    sets.sort_unstable();
}

/// Grains of a need's cheapest way with so much weight behind it; few weights occur, so that they
/// are kept.
fn cheapest(board: &Board, prices: &Prices, known: &mut Vec<(i64, i64)>, need: usize, waiting: i64) -> i64 {
    if let Some((_, least)) = known.iter().find(|(weight, _)| *weight == waiting) {
        return *least;
    }
    let borne = prices.borne_by(need);
    let grains = |way: &Way| {
        let shared: i64 = way.uses.iter().map(|&shared| borne[shared]).sum();
        way.own(board, waiting) * GRAIN + shared
    };
    let least = board.ways[board.needs[need].ways.clone()].iter().map(grains).min().expect("a set holds needs with ways");
    known.push((waiting, least));
    least
}
