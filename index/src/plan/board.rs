//! An instance made ready for the search: checked, in an order of its own, and with every way to
//! meet a need laid out in one row.

use std::{collections::BTreeMap, ops::Range};

use super::{
    check::{MOST_NEEDS, Refusal, check},
    draft::Draft,
    instance::{Costs, Instance, Session, Visit},
    needs::{NeedSet, members},
    order::{by_time, order},
};

/// Minutes from one site to another that every plan leaves.
const BETWEEN_SITES: i64 = 30;

/// An instance that may be planned.
///
/// Needs are numbered so that prerequisites come first; `Board::draft` and `Board::choice`
/// translate.
#[derive(Debug, Clone)]
pub struct Board {
    pub(super) needs: Vec<BoardNeed>,
    /// All ways to meet a need, need by need.
    pub(super) ways: Vec<Way>,
    /// What is paid once however many needs use it: agencies, trips, fees.
    pub(super) shared: Vec<Shared>,
    pub(super) limits: Limits,
    pub(super) costs: Costs,
}

/// A need as the search sees it.
#[derive(Debug, Clone)]
pub(super) struct BoardNeed {
    /// Its index in the instance.
    pub(super) index: usize,
    pub(super) weight: i64,
    /// Points when it stays open.
    pub(super) unmet: i64,
    /// What must be met before.
    pub(super) before: NeedSet,
    /// The prerequisite likely to be last; the others are not looked at by the bound.
    pub(super) chain: Option<usize>,
    /// Its ways.
    pub(super) ways: Range<usize>,
}

/// A service in one of its sessions, for one need.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub(super) need: usize,
    /// Points for what it lacks in expected utility.
    pub(super) unfit: i64,
    pub(super) wait: i64,
    pub(super) dur: i64,
    /// What of the shared it uses: agency, trip, service.
    pub(super) uses: [usize; 3],
    site: usize,
    /// Its place among the board's services and among the service's sessions by time.
    pub(super) service: usize,
    session: usize,
    time: Option<Session>,
    visit: Visit,
}

impl Way {
    /// Points it costs apart from what it shares, when so much weight waits for its need, the need's
    /// own included.
    pub(super) fn own(&self, board: &Board, waiting: i64) -> i64 {
        let behind = waiting - board.needs[self.need].weight;
        self.unfit + board.costs.day * (waiting * self.wait + behind * self.dur)
    }
}

/// What a week of the plan uses: trips, minutes, yuan.
pub(super) type Week = [i64; 3];

/// What a family can do in a week.
pub(super) type Limits = Week;

/// Something paid once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared {
    pub(super) cost: i64,
    /// What it takes of the family's week.
    pub(super) week: Week,
}

impl Board {
    /// Checks an instance and lays it out.
    ///
    /// # Errors
    /// [`Refusal`], which says what is wrong, where, and what would do.
    pub fn new(instance: &Instance) -> Result<Self, Refusal> {
        check(instance)?;
        let limits = [instance.max_trips, instance.max_travel, instance.max_fee];
        let mut board = Self { needs: Vec::new(), ways: Vec::new(), shared: Vec::new(), limits, costs: instance.cost };
        let order = order(instance);
        let offers = board.offers(instance, &order.services);

        let mut place = [0; MOST_NEEDS];
        for (number, &index) in order.needs.iter().enumerate() {
            place[index] = number;
        }
        for &index in &order.needs {
            let given = &instance.needs[index];
            let before = given.pred.iter().fold(0, |set, &pred| set | 1 << place[pred]);
            let first = board.ways.len();
            for offer in &offers {
                if let Some(&utility) = instance.services[offer.visit.0].covers.get(&index) {
                    board.ways.push(Way { need: place[index], unfit: given.w * (1000 - utility), ..*offer });
                }
            }
            let ways = first..board.ways.len();
            board.needs.push(BoardNeed { index, weight: given.w, unmet: instance.cost.unmet * given.w, before, chain: None, ways });
        }
        board.find_chains();
        Ok(board)
    }

    /// Whether two ways may not be in one plan: one service in two sessions, or two at one time.
    pub(super) fn clash(one: &Way, other: &Way) -> bool {
        if one.service == other.service {
            return one.session != other.session;
        }
        let (Some(Session(day, start, end)), Some(Session(other_day, other_start, other_end))) = (one.time, other.time) else {
            return false;
        };
        let between = if one.site == other.site { 0 } else { BETWEEN_SITES };
        day == other_day && start < other_end + between && other_start < end + between
    }

    /// A choice of the instance as the search sees it; none where it takes what is not offered.
    pub(super) fn draft(&self, choice: &[Option<Visit>]) -> Option<Draft> {
        let mut draft = Draft::default();
        for (number, need) in self.needs.iter().enumerate() {
            if let Some(visit) = choice.get(need.index)? {
                draft.set(number, Some(need.ways.clone().find(|&way| self.ways[way].visit == *visit)?));
            }
        }
        Some(draft)
    }

    /// A draft in the numbers of the instance.
    pub(super) fn choice(&self, draft: &Draft) -> Vec<Option<Visit>> {
        let mut choice = vec![None; self.needs.len()];
        for (number, need) in self.needs.iter().enumerate() {
            choice[need.index] = draft.get(number).map(|way| self.ways[way].visit);
        }
        choice
    }

    /// Every service in every session that the family could reach if it did nothing else, as ways
    /// without a need; and what they share.
    fn offers(&mut self, instance: &Instance, services: &[usize]) -> Vec<Way> {
        let costs = self.costs;
        let (mut agencies, mut sites, mut trips) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut offers = Vec::new();
        for (service, &index) in services.iter().enumerate() {
            let given = &instance.services[index];
            let (minutes, fee) = (2 * given.travel, given.fee);
            if 1 > self.limits[0] || minutes > self.limits[1] || fee > self.limits[2] {
                continue;
            }
            let site = sites.len();
            let site = *sites.entry(&given.site).or_insert(site);
            let agency = *agencies.entry(&given.agency).or_insert_with(|| self.share(costs.agency, [0, 0, 0]));
            let paid = self.share(costs.yuan * fee, [0, 0, fee]);
            let times: Vec<_> = match by_time(&given.sessions) {
                none if none.is_empty() => vec![(None, None)],
                some => some.into_iter().map(|place| (Some(place), Some(given.sessions[place]))).collect(),
            };
            for (session, (place, time)) in times.into_iter().enumerate() {
                let day = time.map(|Session(day, ..)| day);
                let trip = *trips.entry((site, day)).or_insert_with(|| self.share(costs.minute * minutes, [1, minutes, 0]));
                let (wait, dur, visit) = (given.wait, given.dur, Visit(index, place));
                offers.push(Way { need: 0, unfit: 0, wait, dur, uses: [agency, trip, paid], site, service, session, time, visit });
            }
        }
        offers
    }

    fn share(&mut self, cost: i64, week: Week) -> usize {
        self.shared.push(Shared { cost, week });
        self.shared.len() - 1
    }

    /// Gives each need the prerequisite whose quickest way is finished last.
    fn find_chains(&mut self) {
        let mut finished = [0; MOST_NEEDS];
        for number in 0..self.needs.len() {
            let need = &mut self.needs[number];
            need.chain = members(need.before).max_by_key(|&before| finished[before]);
            let ready = need.chain.map_or(0, |before| finished[before]);
            let quickest = self.ways[need.ways.clone()].iter().map(|way| way.wait + way.dur).min();
            finished[number] = ready + quickest.unwrap_or(0);
        }
    }
}
