//! What the policy has learnt from events: the product's rates, the places, and where its own
//! referrals stand.
//!
//! A fold over the weeks: replaying the same weeks gives the same rates. Counts halve in 180 days.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Fault,
    directory::{Directory, Listed},
    places::Places,
    protocol::{Event, Key, Outcome},
    rules::{Chances, Fact},
    weeks,
};
use crate::matching::{
    calibration::Calibration,
    rates::{Rates, Tallies, Tally},
};

/// Days in which a count halves.
const HALF_LIFE: f64 = 180.0;

/// Weeks after which a referral is given up of which nothing was heard while its need is open.
const GIVEN_UP: u32 = 8;

/// What is expected of a referral when it is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Expected {
    /// That it is accepted: `E P A`.
    pub accepted: f64,
    /// That, once accepted, it starts and is completed: `S C F`.
    pub completed: f64,
}

/// A referral of the policy's that has not come to its end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sent {
    pub(super) service: usize,
    pub(super) week: i64,
    /// The child's answers that the service's unstated rules may turn on.
    pub(super) facts: Vec<Fact>,
    /// What completion hangs on beside the service: the fit and the way.
    pub(super) exposure: f64,
    /// What was expected, before it was corrected.
    pub(super) raw: Expected,
    /// The provider has said yes.
    pub(super) accepted: bool,
    /// For how many weeks the need has been open all the same.
    pub(super) open_weeks: u32,
}

/// Everything learnt.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Learned {
    week: i64,
    pub(super) rates: Rates,
    pub(super) places: Vec<Places>,
    pub(super) sent: BTreeMap<Key, Sent>,
    /// Needs that a service has found not eligible.
    pub(super) barred: BTreeSet<(Key, usize)>,
    pub(super) chances: Chances,
    /// How the forecasts of acceptance and of completion came about.
    pub(super) forecasts: [Calibration; 2],
    /// How often a service has failed a need; kept only where nothing else is learnt.
    pub(super) failed: BTreeMap<(Key, usize), i32>,
}

impl Learned {
    /// At the start; `posted` is whether postings are believed.
    pub(super) fn new(directory: &Directory, week: i64, posted: bool) -> Self {
        let mut places = vec![Places::default(); directory.services().len()];
        for (places, listed) in places.iter_mut().zip(directory.services()) {
            if let Some(free) = listed.service.posted_slots.filter(|_| posted) {
                places.post(free, listed.service.posted_week.unwrap_or(week));
            }
        }
        Self { week, places, chances: Chances::new(directory), ..Self::default() }
    }

    /// Goes on to a week: what was counted before weighs less.
    pub(super) fn advance(&mut self, week: i64) {
        let passed = f64::from(weeks(self.week, week));
        self.week = self.week.max(week);
        let weight = 0.5_f64.powf(7.0 * passed / HALF_LIFE);
        self.places.iter_mut().for_each(|places| places.fade(weight));
        let rates = &mut self.rates;
        for tallies in [&mut rates.accepted, &mut rates.completed] {
            tallies.service.values_mut().for_each(|tally| fade(tally, weight));
            tallies.organization.values_mut().for_each(|tally| fade(tally, weight));
            tallies.category.values_mut().for_each(|tally| fade(tally, weight));
        }
        self.chances.fade(weight);
        rates.waited.values_mut().for_each(|tally| fade(tally, weight));
    }

    /// A referral goes out.
    pub(super) fn send(&mut self, need: Key, sent: Sent) {
        self.places[sent.service].waiting += 1;
        self.sent.insert(need, sent);
    }

    /// A need is open: whether it may be referred. One that has a referral may not, unless nothing
    /// was heard of it for so long that its end must have been lost.
    pub(super) fn may_refer(&mut self, need: &Key) -> bool {
        let Some(sent) = self.sent.get_mut(need) else { return true };
        sent.open_weeks += 1;
        let lost = sent.open_weeks > GIVEN_UP;
        if lost {
            self.places[sent.service].waiting -= i64::from(!sent.accepted);
            self.sent.remove(need);
        }
        lost
    }

    /// Learns from an event.
    pub(super) fn note(&mut self, directory: &Directory, event: &Event) -> Result<(), Fault> {
        if event.outcome == Outcome::Answer {
            return Ok(());
        }
        let service = event.service.as_ref().ok_or_else(|| Fault::NoService(event.need.clone()))?;
        let number = directory.number(service)?;
        let listed = &directory.services()[number];
        let own = self.sent.get(&event.need).filter(|sent| sent.service == number).cloned();
        let own_service = own.is_some();
        let first_answer = own.as_ref().is_some_and(|sent| !sent.accepted);
        let places = &mut self.places[number];
        places.waiting -= i64::from(first_answer);
        let exposure = own.as_ref().map_or(1.0, |sent| sent.exposure);
        let pair = || (event.need.clone(), number);
        match event.outcome {
            Outcome::Accepted => {
                places.answered();
                places.taken();
                add_to_levels(&mut self.rates.accepted, listed, true, 1.0);
                let sent = own.as_ref().map_or(event.week, |sent| sent.week);
                let waited = self.rates.waited.entry(listed.id.clone()).or_default();
                waited.good += 7.0 * f64::from(weeks(sent, event.week));
                waited.tried += 1.0;
            }
            Outcome::Full => {
                places.answered();
                places.full(event.week);
            }
            Outcome::Ineligible => {
                places.answered();
                self.barred.insert(pair());
            }
            Outcome::Declined => {
                places.answered();
                add_to_levels(&mut self.rates.accepted, listed, false, 1.0);
            }
            Outcome::NoResponse => places.silent(),
            Outcome::NoShow => places.freed(event.week),
            Outcome::Dropped => {
                places.freed(event.week);
                add_to_levels(&mut self.rates.completed, listed, false, exposure);
            }
            Outcome::Completed => {
                places.freed(event.week);
                add_to_levels(&mut self.rates.completed, listed, true, exposure);
            }
            Outcome::Answer => {}
        }
        if let Some(sent) = own {
            self.note_rules(&sent, event.outcome);
            self.note_forecasts(&sent, event.outcome);
        }
        if own_service {
            self.go_on(event);
        }
        Ok(())
    }

    /// A forecast, corrected by how those before it came about.
    pub(super) fn corrected(&self, raw: Expected) -> Expected {
        let [accepted, completed] = &self.forecasts;
        Expected { accepted: accepted.corrected(raw.accepted), completed: completed.corrected(raw.completed) }
    }

    fn note_forecasts(&mut self, sent: &Sent, outcome: Outcome) {
        if sent.accepted {
            self.forecasts[1].add(sent.raw.completed, outcome == Outcome::Completed);
        } else {
            self.forecasts[0].add(sent.raw.accepted, outcome == Outcome::Accepted);
        }
    }

    /// Keeps where a referral stands and learns nothing else from it.
    pub(super) fn follow(&mut self, directory: &Directory, event: &Event) -> Result<(), Fault> {
        let service = event.service.as_ref().ok_or_else(|| Fault::NoService(event.need.clone()))?;
        let number = directory.number(service)?;
        let own = self.sent.get(&event.need).filter(|sent| sent.service == number);
        let (own_service, first_answer) = (own.is_some(), own.is_some_and(|sent| !sent.accepted));
        if first_answer {
            self.places[number].waiting -= 1;
        }
        if event.outcome == Outcome::Ineligible {
            self.barred.insert((event.need.clone(), number));
        } else if event.outcome != Outcome::Accepted {
            *self.failed.entry((event.need.clone(), number)).or_default() += 1;
        }
        if own_service {
            self.go_on(event);
        }
        Ok(())
    }

    /// Whether rules that were open let the child in.
    fn note_rules(&mut self, sent: &Sent, outcome: Outcome) {
        match outcome {
            Outcome::Ineligible => self.chances.note(sent.service, &sent.facts, false),
            Outcome::Accepted | Outcome::Declined => self.chances.note(sent.service, &sent.facts, true),
            _ => {}
        }
    }

    /// Where the own referral stands after an event.
    fn go_on(&mut self, event: &Event) {
        match (event.outcome, self.sent.get_mut(&event.need)) {
            (Outcome::Accepted, Some(sent)) => {
                sent.accepted = true;
                sent.open_weeks = 0;
            }
            (_, Some(_)) => {
                self.sent.remove(&event.need);
            }
            (_, None) => {}
        }
    }
}

fn fade(tally: &mut Tally, weight: f64) {
    tally.good *= weight;
    tally.tried *= weight;
}

fn add_to_levels(tallies: &mut Tallies, listed: &Listed, good: bool, tried: f64) {
    let good = f64::from(u8::from(good));
    let levels = [
        tallies.service.entry(listed.id.clone()).or_default(),
        tallies.organization.entry(listed.organization.clone()).or_default(),
        tallies.category.entry(listed.group.clone()).or_default(),
    ];
    for tally in levels {
        tally.good += good;
        tally.tried += tried;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::sample;

    fn directory() -> Directory {
        let services: Vec<_> = (0..3).map(sample::service).collect();
        Directory::new(&services).unwrap()
    }

    fn event() -> impl Strategy<Value = Event> {
        use Outcome::{Accepted, Completed, Declined, Dropped, Full, Ineligible, NoResponse, NoShow};
        let outcome = prop::sample::select(vec![Accepted, Full, Ineligible, Declined, NoResponse, NoShow, Dropped, Completed]);
        (0..6_i64, 0..3_i64, outcome).prop_map(|(need, service, outcome)| Event {
            need: need.into(),
            service: Some(service.into()),
            week: 0,
            outcome,
        })
    }

    fn replay(directory: &Directory, weeks: &[Vec<Event>]) -> Learned {
        let mut learned = Learned::new(directory, 0, true);
        for (week, events) in (0..).zip(weeks) {
            learned.advance(week);
            for event in events {
                learned.note(directory, &Event { week, ..event.clone() }).unwrap();
            }
        }
        learned
    }

    fn rates(learned: &Learned, directory: &Directory) -> Vec<f64> {
        let rate = |listed: &Listed| learned.rates.accepted.rate(&listed.id, &listed.organization, listed.group.group());
        directory.services().iter().map(rate).collect()
    }

    #[test]
    fn a_count_halves_in_180_days() {
        let directory = directory();
        let accepted = Event { need: 1.into(), service: Some(0.into()), week: 0, outcome: Outcome::Accepted };
        let mut weeks = vec![vec![accepted]];
        weeks.resize(37, Vec::new());
        let learned = replay(&directory, &weeks);
        let tally = learned.rates.accepted.service["0"];
        assert!((tally.tried - 0.5_f64.powf(252.0 / 180.0)).abs() < 1e-9);
    }

    #[test]
    fn a_referral_of_which_nothing_is_heard_is_given_up_in_the_end() {
        let mut learned = Learned::new(&directory(), 0, true);
        let sent = Sent { service: 0, week: 0, facts: Vec::new(), exposure: 1.0, raw: Expected::default(), accepted: false, open_weeks: 0 };
        learned.send(1.into(), sent);
        let waits = (0..20).take_while(|_| !learned.may_refer(&1.into())).count();
        assert_eq!((waits, learned.places[0].waiting), (8, 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(sample::cases()))]

        #[test]
        fn replaying_the_events_gives_the_same_rates_and_rates_are_shares(weeks in prop::collection::vec(prop::collection::vec(event(), 0..5), 0..12)) {
            let directory = directory();
            let learned = replay(&directory, &weeks);
            prop_assert_eq!(&learned, &replay(&directory, &weeks));
            prop_assert!(rates(&learned, &directory).iter().all(|rate| (0.0..=1.0).contains(rate)));
        }

        #[test]
        fn one_more_acceptance_never_lowers_a_rate_and_one_refusal_never_raises_it(weeks in prop::collection::vec(prop::collection::vec(event(), 0..5), 1..8)) {
            let directory = directory();
            let before = rates(&replay(&directory, &weeks), &directory);
            for (outcome, up) in [(Outcome::Accepted, true), (Outcome::Declined, false)] {
                let mut more = weeks.clone();
                more.last_mut().unwrap().push(Event { need: 9.into(), service: Some(0.into()), week: 0, outcome });
                let after = rates(&replay(&directory, &more), &directory);
                let right = before.iter().zip(&after).all(|(before, after)| if up { after >= before } else { after <= before });
                prop_assert!(right);
            }
        }
    }
}
