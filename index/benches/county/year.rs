//! Sixty weeks pass: referrals go out, are answered, start, and end.

use lianjie_index::{
    matching::calibration::Calibration,
    place::travel::{Mode, minutes},
    policy::protocol::{Event, Key, Message, Outcome, Question, Reply, Service, Week},
};

use super::{
    contender::Contender,
    luck::{For, share},
    people::Need,
    score::Score,
    world::{FOLLOWED, PATIENCE, World},
};

/// A referral under way.
#[derive(Debug, Clone)]
struct Referral {
    need: usize,
    service: usize,
    attempt: u64,
    /// What comes next, and when.
    due: i64,
    next: Step,
    expected: Option<lianjie_index::policy::Expected>,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Answer,
    Silence,
    Start,
    End,
}

/// How well forecasts came about, by town, by household and over all.
#[derive(Debug, Clone)]
pub struct Forecasts {
    pub towns: Vec<[Calibration; 2]>,
    pub households: Vec<[Calibration; 2]>,
    pub all: [Calibration; 2],
}

impl Forecasts {
    pub fn new() -> Self {
        let empty = || [Calibration::default(), Calibration::default()];
        Self { towns: vec![empty(); super::world::TOWNS], households: vec![empty(); super::world::HOUSEHOLDS], all: empty() }
    }

    /// Adds another year's.
    pub fn merge(&mut self, other: &Self) {
        let own = self.towns.iter_mut().chain(&mut self.households).chain([&mut self.all]);
        let others = other.towns.iter().chain(&other.households).chain([&other.all]);
        for (own, other) in own.flatten().zip(others.flatten()) {
            own.merge(other);
        }
    }
}

/// The county as it stands.
pub struct Year<'a> {
    pub world: &'a World,
    pub week: i64,
    pub needs: Vec<Need>,
    referrals: Vec<Referral>,
    /// Places that children of the county have, by service.
    ours: Vec<u32>,
    attempts: std::collections::BTreeMap<(usize, usize), u64>,
    busy: Vec<bool>,
    done: Vec<bool>,
    pub score: Score,
    pub forecasts: Forecasts,
}

impl<'a> Year<'a> {
    pub fn new(world: &'a World) -> Self {
        let count = world.needs.len();
        Self {
            world,
            week: 0,
            needs: world.needs.clone(),
            referrals: Vec::new(),
            ours: vec![0; world.hidden.len()],
            attempts: std::collections::BTreeMap::new(),
            busy: vec![false; count],
            done: vec![false; count],
            score: Score::new(count),
            forecasts: Forecasts::new(),
        }
    }

    /// Lets all weeks pass.
    pub fn run(world: &'a World, contender: &mut Contender) -> Self {
        let mut year = Self::new(world);
        contender.answer(Message::Init(world.init.clone()), &year);
        let mut answers = Vec::new();
        while year.week < world.end() {
            let week = year.begin(std::mem::take(&mut answers));
            let Some(Reply::Week { refer, ask }) = contender.answer(Message::Week(week), &year) else { panic!("a week is answered") };
            for (need, service) in refer {
                let expected = contender.expected(&need);
                year.refer(number(&need), number(&service), expected);
            }
            answers = year.reply(&ask);
            year.week += 1;
        }
        contender.answer(Message::End, &year);
        year
    }

    /// What the week brings.
    pub fn begin(&mut self, mut events: Vec<Event>) -> Week {
        events.extend(self.pass());
        let open = (0..self.needs.len()).filter(|need| self.is_open(*need)).map(|need| self.needs[need].told.clone());
        Week { week: self.week, open: open.collect(), events, posted: self.postings() }
    }

    fn is_open(&self, need: usize) -> bool {
        let arrived = self.needs[need].told.arrived;
        arrived <= self.week && self.week < arrived + FOLLOWED && !self.busy[need] && !self.done[need]
    }

    /// Free places of a service, as they are.
    pub fn free(&self, service: usize) -> u32 {
        let hidden = &self.world.hidden[service];
        hidden.places.saturating_sub(hidden.outside[self.week as usize]).saturating_sub(self.ours[service])
    }

    /// Referrals that wait for this service's answer.
    pub fn waiting(&self, service: usize) -> u32 {
        self.referrals
            .iter()
            .filter(|referral| referral.service == service && matches!(referral.next, Step::Answer | Step::Silence))
            .count() as u32
    }

    /// Everything that is due: ends first, so that places are free when answers come.
    fn pass(&mut self) -> Vec<Event> {
        let (mut due, rest): (Vec<Referral>, Vec<Referral>) =
            std::mem::take(&mut self.referrals).into_iter().partition(|referral| referral.due <= self.week);
        self.referrals = rest;
        due.sort_by_key(|referral| {
            let order = [Step::End, Step::Start, Step::Silence, Step::Answer].iter().position(|step| *step == referral.next);
            (order, (share(self.world.seed, For::Order, &[referral.need as u64, referral.attempt]) * 1e9) as u64, referral.need)
        });
        due.into_iter().flat_map(|referral| self.step(referral)).collect()
    }

    fn step(&mut self, mut referral: Referral) -> Vec<Event> {
        let hidden = &self.world.hidden[referral.service];
        let luck = |purpose| share(self.world.seed, purpose, &[referral.need as u64, referral.service as u64, referral.attempt]);
        let outcome = match referral.next {
            Step::Silence => Outcome::NoResponse,
            Step::Answer if !self.world.takes(referral.service, &self.needs[referral.need]) => Outcome::Ineligible,
            Step::Answer if self.free(referral.service) == 0 => Outcome::Full,
            Step::Answer if luck(For::Accept) >= hidden.ready => Outcome::Declined,
            Step::Answer => Outcome::Accepted,
            Step::Start if luck(For::Start) >= self.starts(referral.need, referral.service) => Outcome::NoShow,
            Step::Start => {
                self.score.started(referral.need, self.week, self.needs[referral.need].told.arrived);
                let length = (hidden.length + 2.0 * (2.0 * luck(For::Length) - 1.0)).round().max(1.0);
                referral.next = Step::End;
                referral.due = self.week + length as i64;
                self.referrals.push(referral);
                return Vec::new();
            }
            Step::End if luck(For::Complete) >= self.completes(referral.need, referral.service) => Outcome::Dropped,
            Step::End => Outcome::Completed,
        };
        self.forecast(&referral, outcome);
        self.settle(referral, outcome)
    }

    fn settle(&mut self, mut referral: Referral, outcome: Outcome) -> Vec<Event> {
        let (need, service) = (referral.need, referral.service);
        let event = Event { need: (need as i64).into(), service: Some((service as i64).into()), week: self.week, outcome };
        match outcome {
            Outcome::Accepted => {
                self.ours[service] += 1;
                let draw = share(self.world.seed, For::Wait, &[need as u64, service as u64, referral.attempt]);
                referral.due = self.week + (2.0 * self.world.hidden[service].wait * draw).round() as i64;
                referral.next = Step::Start;
                let mut events = vec![event];
                if referral.due == self.week {
                    events.extend(self.step(referral));
                } else {
                    self.referrals.push(referral);
                }
                return events;
            }
            Outcome::NoShow | Outcome::Dropped | Outcome::Completed => self.ours[service] -= 1,
            _ => {}
        }
        self.busy[need] = false;
        self.done[need] = outcome == Outcome::Completed;
        self.score.ended(need, outcome, self.week, self.needs[need].told.arrived);
        vec![event]
    }

    /// The chance that a family starts.
    pub fn starts(&self, need: usize, service: usize) -> f64 {
        let (need, listing) = (&self.needs[need], &self.world.init.directory[service]);
        let way = way(need, listing);
        let told = &need.told;
        let over = (way - told.travel_limit.unwrap_or(60.0)).max(0.0);
        let fee = f64::from(listing.fee.saturating_sub(told.can_pay.unwrap_or(2)));
        let language = if told.language.as_ref().is_some_and(|own| !listing.languages.contains(own)) { 0.8 } else { 0.0 };
        let odds = 3.0 - way / 45.0 - over / 20.0 - 1.2 * fee - language + need.ready;
        1.0 / (1.0 + (-odds).exp())
    }

    /// The chance that a service started is carried to the end and meets the need.
    pub fn completes(&self, need: usize, service: usize) -> f64 {
        let listing = &self.world.init.directory[service];
        self.world.hidden[service].quality * (-way(&self.needs[need], listing) / 350.0).exp() * fit(&self.needs[need], listing)
    }

    /// Sends a referral, unless it may not be sent at all.
    pub fn refer(&mut self, need: usize, service: usize, expected: Option<lianjie_index::policy::Expected>) {
        assert!(self.is_open(need), "need {need} is not open in week {}", self.week);
        let attempt = self.attempts.entry((need, service)).or_default();
        *attempt += 1;
        let attempt = *attempt;
        let listing = &self.world.init.directory[service];
        let told = &mut self.needs[need].told;
        self.score.sent(need, breaks(told, listing));
        if !told.tried.contains(&listing.id) {
            told.tried.push(listing.id.clone());
        }
        self.busy[need] = true;
        let hidden = &self.world.hidden[service];
        let answer = |week: &i64| share(self.world.seed, For::Answer, &[need as u64, service as u64, attempt, *week as u64]) < hidden.speed;
        let answered = (1..=PATIENCE).find(answer).filter(|_| !hidden.dead);
        let (next, after) = answered.map_or((Step::Silence, PATIENCE), |week| (Step::Answer, week));
        self.referrals.push(Referral { need, service, attempt, due: self.week + after, next, expected });
    }

    /// The families' answers, for next week.
    pub fn reply(&mut self, ask: &[(Key, Question)]) -> Vec<Event> {
        let mut events = Vec::new();
        for (key, question) in ask {
            let need = number(key);
            self.score.asked += 1;
            if share(self.world.seed, For::Reply, &[need as u64, *question as u64]) >= 0.85 {
                continue;
            }
            let person = &mut self.needs[need];
            match question {
                Question::Households => {
                    person.told.households = Some(lianjie_index::policy::protocol::Several::One(super::world::household(person.household)));
                }
                Question::Hukou => person.told.hukou = Some(if person.local { "local" } else { "other" }.to_owned()),
            }
            events.push(Event { need: key.clone(), service: None, week: self.week + 1, outcome: Outcome::Answer });
        }
        events
    }

    /// What services post this week: as it is, one time in ten off by one.
    fn postings(&self) -> Vec<(Key, u32, i64)> {
        let posts = |service: &usize| {
            let hidden = &self.world.hidden[*service];
            hidden.posts && !hidden.dead && share(self.world.seed, For::Posting, &[*service as u64, self.week as u64]) < 0.3
        };
        let post = |service: usize| {
            let off = share(self.world.seed, For::Posting, &[service as u64, self.week as u64, 1]);
            let free = self.free(service);
            let free = if off < 0.05 {
                free + 1
            } else if off < 0.10 {
                free.saturating_sub(1)
            } else {
                free
            };
            ((service as i64).into(), free, self.week)
        };
        (0..self.world.hidden.len()).filter(posts).map(post).collect()
    }

    /// Holds what was expected against what came about.
    fn forecast(&mut self, referral: &Referral, outcome: Outcome) {
        let Some(expected) = referral.expected else { return };
        let (kind, chance, happened) = match referral.next {
            Step::Answer | Step::Silence => (0, expected.accepted, outcome == Outcome::Accepted),
            Step::Start | Step::End => (1, expected.completed, outcome == Outcome::Completed),
        };
        let need = &self.needs[referral.need];
        let forecasts = &mut self.forecasts;
        for calibration in [&mut forecasts.towns[number(&need.told.town)], &mut forecasts.households[need.household], &mut forecasts.all] {
            calibration[kind].add(chance, happened);
        }
    }
}

pub fn number(key: &Key) -> usize {
    match key {
        Key::Number(number) => usize::try_from(*number).expect("the county's own numbers"),
        Key::Text(text) => panic!("no number: {text}"),
    }
}

pub fn way(need: &Need, service: &Service) -> f64 {
    if service.remote {
        return 0.0;
    }
    let best = if need.told.car { Mode::Car } else { Mode::Bus };
    f64::from(minutes((need.told.x - service.x).hypot(need.told.y - service.y), best))
}

/// How much of a need a service meets.
pub fn fit(need: &Need, service: &Service) -> f64 {
    let group = |tag: &str| tag.rfind('.').map(|mark| tag[..mark].to_owned());
    let met = |wanted: &Key| {
        let closest = service.tags.iter().map(|offered| match (wanted, offered) {
            _ if wanted == offered => 1.0,
            (Key::Text(wanted), Key::Text(offered)) if group(wanted).as_ref() == Some(offered) => 0.7,
            (Key::Text(wanted), Key::Text(offered)) if group(wanted) == group(offered) => 0.35,
            _ => 0.0,
        });
        closest.fold(0.0, f64::max)
    };
    0.40 + 0.60 * need.told.tags.iter().map(met).sum::<f64>() / need.told.tags.len().max(1) as f64
}

/// Whether a referral breaks a rule that the listing states, by what is known of the child.
pub fn breaks(told: &lianjie_index::policy::protocol::Need, listing: &Service) -> bool {
    let age = told.age.zip(listing.age).is_some_and(|(age, [least, most])| age < least || age > most);
    let area = listing.area.as_deref() == Some("town") && told.town != listing.town;
    let households = told.households.as_ref().zip(listing.households.as_ref());
    let household = households.is_some_and(|(own, taken)| !own.keys().iter().any(|own| taken.keys().contains(own)));
    let hukou = told.hukou.as_deref().is_some_and(|own| own != "local") && listing.hukou.as_deref() == Some("local");
    age || area || household || hukou
}
