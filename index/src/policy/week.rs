//! The policy's week: learn, weigh, assign, ask.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    Fault,
    ask::Said,
    assign::Round,
    directory::Directory,
    learn::{Expected, Learned, Sent},
    options::{Options, Part},
    places::usual,
    protocol::{Key, Message, Need, Outcome, Question, Reply, Week},
    rules::facts,
    value::{Pair, Standing, lot, pairs},
    weeks,
};

/// How many services a rank names.
const RANKED: usize = 5;

/// The policy.
#[derive(Debug, Clone)]
pub struct Policy {
    options: Options,
    directory: Option<Directory>,
    learned: Learned,
    said: Said,
    week: i64,
    expected: BTreeMap<Key, Expected>,
}

impl Policy {
    /// A policy that knows nothing yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, directory: None, learned: Learned::default(), said: Said::default(), week: i64::MIN, expected: BTreeMap::new() }
    }

    /// What was expected of the last referral of a need.
    #[must_use]
    pub fn expected(&self, need: &Key) -> Option<Expected> {
        self.expected.get(need).copied()
    }

    /// Answers a message, where an answer is due.
    ///
    /// # Errors
    /// [`Fault`] where the message does not go with those before it.
    pub fn answer(&mut self, message: Message) -> Result<Option<Reply>, Fault> {
        match message {
            Message::Init(init) => {
                if self.directory.is_some() {
                    return Err(Fault::SecondDirectory);
                }
                for service in &init.directory {
                    near(&format!("service {}", service.id), service.x, service.y)?;
                }
                let directory = Directory::new(&init.directory)?;
                self.learned = Learned::new(&directory, init.week, self.options.has(Part::Posted));
                self.week = init.week;
                self.directory = Some(directory);
                Ok(None)
            }
            Message::Week(week) => self.week(&week).map(Some),
            Message::Rank { need } => self.rank(&need).map(Some),
            Message::End => Ok(None),
        }
    }

    fn week(&mut self, week: &Week) -> Result<Reply, Fault> {
        let directory = self.directory.take().ok_or(Fault::NoDirectory)?;
        let reply = self.week_of(week, &directory);
        self.directory = Some(directory);
        reply
    }

    fn week_of(&mut self, week: &Week, directory: &Directory) -> Result<Reply, Fault> {
        if week.week < self.week {
            return Err(Fault::Backwards(week.week, self.week));
        }
        self.week = week.week;
        check(&week.open)?;
        self.learn(week, directory)?;

        let standings = self.standings(directory);
        let waiting: Vec<&Need> = week.open.iter().filter(|need| self.learned.may_refer(&need.id)).collect();
        let weighed: Vec<Vec<Pair>> = waiting.iter().map(|need| pairs(need, directory, &self.learned, &standings, &self.options)).collect();
        let ask = self.ask(&waiting, &weighed, directory);
        let mut refer = Vec::new();
        for (at, pair, place) in self.choose(&waiting, &weighed, directory, &standings)? {
            let (need, factors) = (waiting[at], pair.factors);
            let raw = Expected { accepted: factors.e * place * factors.a, completed: factors.s * factors.c * factors.f };
            self.expected.insert(need.id.clone(), self.learned.corrected(raw));
            let sent = Sent {
                service: pair.service,
                week: week.week,
                facts: facts(need, &directory.services()[pair.service].service),
                exposure: pair.exposure,
                raw,
                accepted: false,
                open_weeks: 0,
            };
            self.learned.send(need.id.clone(), sent);
            refer.push((need.id.clone(), directory.services()[pair.service].service.id.clone()));
        }
        Ok(Reply::Week { refer, ask })
    }

    /// Learns from a week. Without learning, only where referrals stand is kept.
    fn learn(&mut self, week: &Week, directory: &Directory) -> Result<(), Fault> {
        self.learned.advance(week.week);
        if self.options.has(Part::Posted) {
            for (service, free, posted) in &week.posted {
                self.learned.places[directory.number(service)?].post(*free, *posted);
            }
        }
        for event in &week.events {
            if self.options.has(Part::Learning) || event.outcome == Outcome::Answer {
                self.learned.note(directory, event)?;
            } else {
                self.learned.follow(directory, event)?;
            }
        }
        week.open.iter().for_each(|need| self.said.count(need, &mut self.learned.chances));
        Ok(())
    }

    fn standings(&self, directory: &Directory) -> Vec<Standing> {
        let usual = usual(&self.learned.places);
        let listed = directory.services().iter().enumerate();
        listed.map(|(number, listed)| Standing::of(listed, number, &self.learned, self.week, usual)).collect()
    }

    fn ask(&mut self, waiting: &[&Need], weighed: &[Vec<Pair>], directory: &Directory) -> Vec<(Key, Question)> {
        let mut ask = Vec::new();
        if self.options.has(Part::Asking) {
            for (need, pairs) in waiting.iter().zip(weighed) {
                let questions = self.said.questions(need, pairs, directory, &self.learned.chances);
                ask.extend(questions.into_iter().map(|question| (need.id.clone(), question)));
            }
        }
        ask
    }

    /// The service of each need that gets one, and the chance of a place it was given.
    fn choose<'a>(
        &self,
        waiting: &[&Need],
        weighed: &'a [Vec<Pair>],
        directory: &Directory,
        standings: &[Standing],
    ) -> Result<Vec<(usize, &'a Pair, f64)>, Fault> {
        let mut order: Vec<usize> = (0..waiting.len()).collect();
        order.sort_by_cached_key(|at| (lot(&waiting[*at].id, &waiting[*at].id, self.week), waiting[*at].id.clone()));
        // An offer is the places of one service that have the same chance.
        let mut first_level = Vec::with_capacity(standings.len());
        let mut places = Vec::new();
        for standing in standings {
            first_level.push(places.len());
            places.extend(standing.levels.iter().map(|level| level.count));
        }
        let mut round = Round::new(places);
        let mut rows: Vec<Vec<(u32, &Pair, f64)>> = Vec::with_capacity(order.len());
        for at in &order {
            let need = waiting[*at];
            let mut pairs: Vec<&Pair> = weighed[*at].iter().collect();
            pairs.sort_by_cached_key(|pair| Reverse(Self::preference(need, pair, directory)));
            let levels =
                |pair: &'a Pair| standings[pair.service].levels.iter().enumerate().map(move |(number, level)| (pair, number, level.chance));
            let offer = |service: usize, number: usize| u32::try_from(first_level[service] + number).unwrap_or(u32::MAX);
            let row: Vec<_> =
                pairs.into_iter().flat_map(levels).map(|(pair, number, chance)| (offer(pair.service, number), pair, chance)).collect();
            round.add(need.tier, weeks(need.arrived, self.week), row.iter().map(|(offer, pair, chance)| (*offer, pair.utility(*chance))));
            rows.push(row);
        }
        let choice = if self.options.has(Part::Allocation) { round.assign() } else { round.in_turn() };
        let choice = choice.map_err(|fault| Fault::Allocation(fault.to_string()))?;
        let chosen = choice.iter().zip(&rows).zip(order).filter_map(|((chosen, row), at)| {
            let (_, pair, chance) = row.iter().find(|(offer, ..)| Some(*offer) == *chosen)?;
            Some((at, *pair, *chance))
        });
        Ok(chosen.collect())
    }

    /// The order of services for one need; ties by a hash of ids.
    fn preference(need: &Need, pair: &Pair, directory: &Directory) -> (u64, u64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a million")]
        let millionths = (pair.factors.product() * 1e6).round() as u64;
        (millionths, lot(&need.id, &directory.services()[pair.service].service.id, 0))
    }

    fn rank(&self, need: &Need) -> Result<Reply, Fault> {
        let directory = self.directory.as_ref().ok_or(Fault::NoDirectory)?;
        check(std::slice::from_ref(need))?;
        let standings = self.standings(directory);
        let mut pairs = pairs(need, directory, &self.learned, &standings, &self.options);
        pairs.sort_by_cached_key(|pair| Reverse(Self::preference(need, pair, directory)));
        let rank = pairs.iter().take(RANKED).map(|pair| directory.services()[pair.service].service.id.clone());
        Ok(Reply::Rank { rank: rank.collect() })
    }
}

/// Whether needs can be answered at all.
fn check(open: &[Need]) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    for need in open {
        if !seen.insert(&need.id) {
            return Err(Fault::NeedTwice(need.id.clone()));
        }
        if !(1..=4).contains(&need.tier) {
            return Err(Fault::Tier(need.id.clone(), need.tier));
        }
        near(&format!("need {}", need.id), need.x, need.y)?;
    }
    Ok(())
}

/// Whether a point is on this earth.
fn near(what: &str, x: f64, y: f64) -> Result<(), Fault> {
    let off = x.abs().max(y.abs());
    #[expect(clippy::cast_possible_truncation, reason = "only shown")]
    if off > 20_000.0 { Err(Fault::Point(what.to_owned(), off as i64)) } else { Ok(()) }
}
