//! The plan of a case: what the matcher proposes for all needs, put into one week that the family can keep.
//!
//! The services proposed become an instance of [`crate::plan`]: a service that meets several needs is one visit for all of them;
//! services at one point share the way; hours become sessions, outside of school where there are such. What is done once (papers,
//! applications, a report) and what comes to the child takes no trip of the week.
//! Source: `docs/MATCHING.md`, "Plan for one child".

use std::collections::BTreeMap;

use jiff::civil::Time;
use serde::Serialize;

use super::{
    Case, Setting,
    answer::{Need, Proposal, Proposed, Reason},
};
use crate::{
    code::{ServiceId, SiteId, TermCode},
    entry::{Entry, FeeLevel, Opening},
    plan::{
        Board, Guard, Prices, Visit, alternatives,
        instance::{self, Costs, Instance, Label, Session},
        prices_of_limits,
    },
    rule::Stage,
    search::Index,
};

/// Services of one need that are looked at.
const OFFERS: usize = 8;
/// Plans that are shown.
const SHOWN: usize = 3;
/// Trips a week that a family makes where it says nothing else.
const TRIPS: i64 = 3;
/// Days until what waits for a need may begin, once it is begun.
const DURATION: i64 = 30;
/// Minutes a session takes.
const SESSION: i64 = 60;
/// When a child comes from school, and when it is to be at home, in minutes of the day.
const FROM_SCHOOL: i64 = 16 * 60 + 30;
const EVENING: i64 = 20 * 60 + 30;
const MORNING: i64 = 8 * 60;
const AFTERNOON: i64 = 14 * 60;
/// The one place of all visits that take no way.
const HERE: &str = "here";
/// Groups of what is done week by week; all else is done once.
const WEEKLY: [&str; 7] = ["PSY", "REH", "DEV", "SOC", "BEH", "FAM", "GUA"];
/// Leaves of these that are done once.
const ONCE: [&str; 8] = ["GUA-01", "GUA-02", "GUA-03", "GUA-05", "GUA-06", "GUA-07", "GUA-08", "REH-01"];

/// What a family can do in a week. What is absent follows from the case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Trips.
    pub trips: Option<u16>,
    /// Minutes on the way, there and back.
    pub minutes: Option<u16>,
    /// Yuan.
    pub yuan: Option<u16>,
}

/// A plan for all needs of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// What is taken for each need, in the order in which they begin.
    pub choices: Vec<Choice>,
    /// Needs for which nothing is taken: no service, no room in the week, or what they wait for stays open.
    pub open: Vec<TermCode>,
    /// Points: what a plan costs less is better.
    pub cost: i64,
    /// Trips a week.
    pub trips: i64,
    /// Minutes a week on the way, there and back.
    pub minutes_week: i64,
    /// Yuan a visit, all together.
    pub fee_week: i64,
    /// What one trip, half an hour, ten yuan more a week would bring; needs are named by their place among those of the answer.
    pub prices: Option<Prices>,
    /// Other plans, each with another service, cheapest first.
    pub alternatives: Vec<Plan>,
    /// Whether no plan costs less.
    pub proved: bool,
    /// The limits it keeps: trips, minutes, yuan.
    pub limits: [i64; 3],
}

/// What a plan takes for a need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// The need.
    pub need: TermCode,
    /// The service.
    pub service: ServiceId,
    /// The service at its location.
    pub service_at_location: SiteId,
    /// When in the week; absent where no hours are stated or it is done once.
    pub session: Option<Hours>,
    /// Days from today until it begins.
    pub start_day: i64,
    /// Whether it is done once, and takes no trip of the week.
    pub once: bool,
    /// Needs that must be met before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<TermCode>,
}

/// An hour of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hours {
    /// Day of the week, Monday 1 to Sunday 7.
    pub day: u8,
    /// From, in minutes of the day.
    pub from: u16,
    /// Until.
    pub to: u16,
}

/// A service as the instance has it.
struct Offer<'a> {
    proposed: &'a Proposed,
    once: bool,
}

/// Makes the plan of what is proposed; none where there is nothing to plan.
pub(super) fn plan(
    index: &Index,
    case: &Case,
    setting: &Setting<'_>,
    needs: &[Need],
    proposals: &[Proposal],
    limits: Limits,
) -> Option<Plan> {
    if proposals.iter().all(|proposal| proposal.services.is_empty()) {
        return None;
    }
    let Made { mut instance, offers, trips, apart } = made(index, case, setting, needs, proposals, limits);
    // To the engine the visits that take no way are one trip more, so the week is given one more: what is best then is best of all
    // if the family makes no more trips than it can. Where it would, the week is planned without that one, and nothing is proved.
    for (more, exact) in [(i64::from(apart), true), (0, false)] {
        instance.max_trips = trips + more;
        let board = Board::new(&instance).ok()?;
        let (found, proved) = alternatives(&board, SHOWN, Guard::default());
        let told = |plan: &crate::plan::Plan| told(plan, &instance, &offers, needs, (proved && exact, trips));
        let mut plans = found.iter().map(told);
        if let Some(best) = plans.next().filter(|plan| plan.trips <= trips) {
            let prices = prices_of_limits(&instance, Guard::default()).ok();
            return Some(Plan { prices, alternatives: plans.filter(|plan| plan.trips <= trips).collect(), ..best });
        }
    }
    None
}

/// What the engine is asked, and what it does not know.
struct Made<'a> {
    instance: Instance,
    offers: Vec<Offer<'a>>,
    /// Trips the family makes.
    trips: i64,
    /// Whether there are visits that take no way.
    apart: bool,
}

fn made<'a>(index: &Index, case: &Case, setting: &Setting<'_>, needs: &[Need], proposals: &'a [Proposal], limits: Limits) -> Made<'a> {
    let (mut services, mut offers): (Vec<instance::Service>, Vec<Offer<'a>>) = (Vec::new(), Vec::new());
    let mut known: BTreeMap<(&SiteId, bool), usize> = BTreeMap::new();
    for (number, need) in needs.iter().enumerate() {
        let Some(proposal) = proposals.iter().find(|proposal| proposal.need == need.term) else { continue };
        for proposed in proposal.services.iter().take(OFFERS) {
            let once = is_once(&need.term);
            let at = *known.entry((&proposed.service_at_location, once)).or_insert_with(|| {
                let entry = index.entry(&proposed.service_at_location);
                services.push(service(proposed, entry.as_deref(), once, goes_to_school(case, setting)));
                offers.push(Offer { proposed, once });
                services.len() - 1
            });
            services[at].covers.insert(number, i64::from(proposed.utility));
        }
    }
    let place_of = |term: &TermCode| needs.iter().position(|need| need.term == *term);
    let trips = limits.trips.map_or(TRIPS, i64::from);
    let minutes = limits.minutes.map_or(trips.max(TRIPS) * 2 * i64::from(case.limit_minutes()), i64::from);
    let apart = services.iter().any(|service| service.travel == 0);
    let instance = Instance {
        id: serde_json::Value::Null,
        needs: needs
            .iter()
            .map(|need| instance::Need {
                w: [8, 4, 2, 1][usize::from(need.tier.clamp(1, 4)) - 1],
                pred: need.waits_for.iter().filter_map(place_of).collect(),
            })
            .collect(),
        max_trips: trips,
        max_travel: minutes,
        max_fee: limits.yuan.map_or_else(|| affordable(case), i64::from),
        services,
        cost: Costs::default(),
    };
    Made { instance, offers, trips, apart }
}

/// Yuan a week by what the family can pay; where that is not known, what most could.
fn affordable(case: &Case) -> i64 {
    match case.can_pay {
        Some(FeeLevel::Free) => 0,
        Some(FeeLevel::Low) => 50,
        None => 100,
        Some(FeeLevel::Full) => 500,
    }
}

fn is_once(term: &TermCode) -> bool {
    !WEEKLY.contains(&term.group()) || ONCE.contains(&term.as_str())
}

/// Whether the child is at school by day.
fn goes_to_school(case: &Case, setting: &Setting<'_>) -> bool {
    let stage = match case.school_stage {
        Some(stage) => stage != Stage::None,
        None => case.age_months.is_none_or(|age| (36..216).contains(&age)),
    };
    stage && !setting.school_break
}

fn service(proposed: &Proposed, entry: Option<&Entry>, once: bool, school: bool) -> instance::Service {
    let comes = entry.is_some_and(Entry::comes);
    let travel = if once || comes { 0 } else { i64::from(proposed.minutes.unwrap_or(0)) };
    let site = match entry.and_then(|entry| entry.point) {
        _ if travel == 0 => HERE.to_owned(),
        Some(point) => format!("{:.4},{:.4},{travel}", point.longitude, point.latitude),
        None => proposed.service_at_location.to_string(),
    };
    let wait = proposed.reasons.iter().find_map(|reason| if let Reason::Delay { days } = reason { Some(i64::from(*days)) } else { None });
    let hours = entry.filter(|_| travel > 0).map(|entry| entry.schedule.weekly.as_slice()).unwrap_or_default();
    instance::Service {
        agency: Label::Text(proposed.organization.to_string()),
        site: Label::Text(site),
        travel,
        wait: wait.unwrap_or(0),
        dur: DURATION,
        fee: proposed.fee_fen.map_or(0, |fen| (fen + 99) / 100),
        covers: BTreeMap::new(),
        sessions: sessions(hours, school),
    }
}

/// Hours at which a child could come: outside of school where there are such, else when the service is open.
fn sessions(weekly: &[Opening], school: bool) -> Vec<Session> {
    let free = |opening: &Opening| {
        let (from, to) = (minutes(opening.from), if opening.to == Time::midnight() { 24 * 60 } else { minutes(opening.to) });
        let earliest = if school && opening.day <= 5 { FROM_SCHOOL } else { MORNING };
        (i64::from(opening.day) - 1, from.max(earliest), to.min(EVENING))
    };
    let starts = |(day, from, to): (i64, i64, i64)| {
        let first = (to - from >= SESSION).then_some(Session(day, from, from + SESSION));
        let later = from.max(AFTERNOON);
        let second = (later > from && to - later >= SESSION).then_some(Session(day, later, later + SESSION));
        first.into_iter().chain(second)
    };
    let mut found: Vec<Session> = weekly.iter().map(free).flat_map(starts).collect();
    if found.is_empty() {
        let open = |opening: &Opening| (i64::from(opening.day) - 1, minutes(opening.from), minutes(opening.from) + SESSION);
        found = weekly.iter().map(open).map(|(day, from, to)| Session(day, from, to)).collect();
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn minutes(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

/// A plan of the engine in the terms of the case.
fn told(plan: &crate::plan::Plan, instance: &Instance, offers: &[Offer<'_>], needs: &[Need], (proved, most_trips): (bool, i64)) -> Plan {
    let mut choices = Vec::new();
    let mut open = Vec::new();
    let mut trips: Vec<(&Label, Option<i64>)> = Vec::new();
    for ((need, chosen), start) in needs.iter().zip(&plan.choice).zip(&plan.start_day) {
        let (Some(Visit(at, session)), Some(start_day)) = (*chosen, *start) else {
            open.push(need.term.clone());
            continue;
        };
        let service = &instance.services[at];
        let session = session.map(|session| service.sessions[session]);
        let trip = (&service.site, session.map(|session| session.0));
        if service.travel > 0 && !trips.contains(&trip) {
            trips.push(trip);
        }
        let hours = |Session(day, from, to): Session| Hours {
            day: u8::try_from(day + 1).unwrap_or(1),
            from: u16::try_from(from).unwrap_or(0),
            to: u16::try_from(to).unwrap_or(0),
        };
        choices.push(Choice {
            need: need.term.clone(),
            service: offers[at].proposed.id.clone(),
            service_at_location: offers[at].proposed.service_at_location.clone(),
            session: session.map(hours),
            start_day,
            once: offers[at].once,
            waits_for: need.waits_for.clone(),
        });
    }
    choices.sort_by_key(|choice| choice.start_day);
    Plan {
        choices,
        open,
        cost: plan.cost,
        trips: i64::try_from(trips.len()).unwrap_or(i64::MAX),
        minutes_week: plan.minutes_week,
        fee_week: plan.fee_week,
        prices: None,
        alternatives: Vec::new(),
        proved,
        limits: [most_trips, instance.max_travel, instance.max_fee],
    }
}
