//! What a referral is worth: the product's expected utility on a simulator's fields.

use super::{
    directory::{Directory, Listed, fits, way},
    eligible::{Open, open},
    learn::Learned,
    options::{Options, Part},
    places::Level,
    protocol::{Key, Need},
    rules::Entry,
};
use crate::matching::{
    acceptance::accepts,
    completion::lasts,
    delay,
    rates::Tallies,
    start::{Effort, starts},
    utility::Factors,
};

/// The way a family goes at most where it has not said, in minutes.
const USUAL_LIMIT_MINUTES: f64 = 60.0;
/// What is left of the chance of a pair each time it failed before, where nothing else is learnt
/// from it: without learning the same first choice would come back every week.
const AGAIN: f64 = 0.7;

/// What holds for a service in a week, whoever comes.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    accepts: f64,
    /// Weighted answers that `accepts` rests on.
    answers: f64,
    completes: f64,
    days: f64,
    week: i64,
    pub(super) levels: Vec<Level>,
}

impl Standing {
    pub(super) fn of(listed: &Listed, number: usize, learned: &Learned, week: i64, usual: f64) -> Self {
        let rates = &learned.rates;
        let completed = |tallies: &Tallies| tallies.rate(&listed.id, &listed.organization, listed.group.group());
        let accepts = accepts(&listed.id, &listed.organization, listed.group.group(), rates);
        Self {
            accepts,
            answers: rates.accepted.service.get(&listed.id).map_or(0.0, |tally| tally.tried),
            completes: completed(&rates.completed),
            days: delay::days(&listed.id, None, rates),
            week,
            levels: learned.places[number].levels(week, usual),
        }
    }
}

/// A service weighed for a need, were a place free.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) service: usize,
    pub(super) open: Open,
    pub(super) factors: Factors,
    pub(super) entry: Entry,
    /// Term A as drawn for exploration; the mean where that is off.
    pub(super) drawn: f64,
    /// What completion hangs on beside the service.
    pub(super) exposure: f64,
}

impl Pair {
    /// The expected utility at a chance of a place.
    pub(super) fn utility(&self, place: f64) -> f64 {
        Factors { p: place, a: self.drawn, ..self.factors }.product()
    }
}

/// Weighs all services of the need's category that no stated rule, and no answer before, keeps out.
pub(super) fn pairs(need: &Need, directory: &Directory, learned: &Learned, standings: &[Standing], options: &Options) -> Vec<Pair> {
    let services = directory.of(&need.category).iter();
    let usable = services.filter(|number| !learned.barred.contains(&(need.id.clone(), **number)));
    usable.filter_map(|number| pair(need, *number, directory, learned, standings, options)).collect()
}

fn pair(need: &Need, number: usize, directory: &Directory, learned: &Learned, standings: &[Standing], options: &Options) -> Option<Pair> {
    let (service, standing) = (&directory.services()[number].service, &standings[number]);
    let open = open(need, service)?;
    let minutes = if options.has(Part::Travel) { way(need, service) } else { 0 };
    let effort = Effort {
        minutes: Some(minutes),
        limit_minutes: limit(need),
        fee_gap: service.fee.min(2).saturating_sub(need.can_pay.unwrap_or(2)),
        language_gap: need.language.as_ref().is_some_and(|own| !service.languages.is_empty() && !service.languages.contains(own)),
    };
    let again = AGAIN.powi(learned.failed.get(&(need.id.clone(), number)).copied().unwrap_or(0));
    let entry = learned.chances.entry(need, number, service, open);
    let factors = Factors {
        e: entry.chance,
        p: standing.levels.first().map_or(0.0, |level| level.chance),
        a: standing.accepts * again,
        s: starts(effort),
        c: lasts(standing.completes.min(1.0), Some(minutes)),
        f: if options.has(Part::Fit) { fits(need, service) } else { 1.0 },
        d: if options.has(Part::Delay) { delay::soon(standing.days, need.tier) } else { 1.0 },
    };
    let explores = options.has(Part::Exploration) && need.tier > 1;
    let drawn = if explores { thompson(factors.a, standing.answers, lot(&need.id, &service.id, standing.week)) } else { factors.a };
    let exposure = lasts(1.0, Some(minutes)) * factors.f;
    Some(Pair { service: number, open, factors, entry, drawn, exposure })
}

/// A draw of a rate from about its posterior, so that a service with few answers comes up now and
/// then; the normal draw is the sum of four even ones out of the bits of `lot`.
fn thompson(mean: f64, answers: f64, lot: u64) -> f64 {
    let even = |part: u32| f64::from(u32::try_from(lot >> (12 * part) & 0xfff).expect("twelve bits")) / 4096.0 - 0.5;
    let normal = (0..4).map(even).sum::<f64>() * 3.0_f64.sqrt();
    (mean + normal * (mean * (1.0 - mean) / (answers + 7.0)).sqrt()).clamp(0.01, 1.0)
}

fn limit(need: &Need) -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of u16")]
    let minutes = need.travel_limit.unwrap_or(USUAL_LIMIT_MINUTES).clamp(0.0, 65_535.0) as u16;
    minutes
}

/// A number between 0 and 1 that only the texts decide.
pub(super) fn lot(need: &Key, service: &Key, week: i64) -> u64 {
    let text = format!("{need}/{service}/{week}");
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11
}
