//! Referrals: every state is there, each live one with an owner and a due time, by the loop's own table and timers.

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::draw::Draw;
use super::facts::{Moment, Remarks, event};
use super::histories::{FAILED, Gate, HISTORIES, History};
use super::offers::{Offer, Offers};
use super::people::{Staff, account};
use super::province::Province;
use super::sharing::{self, Shared};
use crate::access::{Actor, Role};
use crate::audit;
use crate::case::model::{Case, Need, NeedStep, Outcome as NeedState};
use crate::case::store as cases;
use crate::clock;
use crate::error::Result;
use crate::id::{AccountId, DispatchId, ReferralId};
use crate::organization::store::province as province_of;
use crate::referral::dispatch::{self, Candidate, Dispatch, DispatchState, Mode};
use crate::referral::model::{
    Action, Channel, Event, Known, Letter, Outcome, Owner, Recorded, Referral, Standing, State, Timers, VerifiedBy, due, owner, spent, step,
};
use crate::referral::store;
use crate::referral::{release_packet, verb};
use crate::secret::{ChildKey, Hidden, Keyring};
use crate::service::law;
use crate::service::places::{self, Reserved};
use crate::store::Tx;

/// What referring needs at hand.
pub struct Loop<'a> {
    pub province: &'a Province,
    pub keyring: &'a Keyring,
    pub staff: &'a Staff,
    pub offers: &'a Offers,
    pub remarks: Remarks,
    /// How many histories were told so far, of those that failed and of the others: each comes a few times before lots decide.
    pub told: (usize, usize),
}

impl Loop<'_> {
    /// Refers about half of the needs of a case; a failed try is often followed by another. Gives how many were written.
    pub async fn refer(&mut self, tx: &mut Tx, case: &Case, needs: Vec<Need>) -> Result<u64> {
        let mut written = 0;
        let key = cases::child_key(tx, self.keyring, &case.child).await?;
        for mut need in needs {
            let mut draw = self.province.draw(&format!("referral/{}", need.id));
            // What an authority decides on is reported to it, not referred.
            if !draw.chance(84) || law::decided(&need.term).is_some() {
                continue;
            }
            if !self.offers.has(need.term.as_str(), &case.division) {
                let reason = "周边没有机构提供".to_owned();
                cases::settle(tx, &mut need, NeedState::Gap, Some(reason), case.opened_at + 24.hours()).await?;
                continue;
            }
            let mut last = None;
            if draw.chance(24) {
                let history = pick(FAILED, &mut self.told.0, &mut draw);
                last = self.follow(tx, case, &need, &key, history, None, &mut draw).await?;
            }
            let history = pick(HISTORIES, &mut self.told.1, &mut draw);
            if let Some(referral) = self.follow(tx, case, &need, &key, history, last.as_ref(), &mut draw).await? {
                written += 1;
                self.settle(tx, &mut need, &referral).await?;
            }
            written += u64::from(last.is_some());
        }
        Ok(written)
    }

    /// Writes one referral and lets its history happen; absent where nobody offers it or the case is too young.
    #[expect(clippy::too_many_arguments, reason = "a referral is where everything comes together")]
    async fn follow(
        &self,
        tx: &mut Tx,
        case: &Case,
        need: &Need,
        key: &ChildKey,
        history: &History,
        before: Option<&Referral>,
        draw: &mut Draw,
    ) -> Result<Option<Referral>> {
        let since = before.map_or(case.opened_at, |before| before.changed_at) + 2.hours();
        let tried = before.map(|before| &before.site);
        let Some(offer) = self.offers.pick(draw, need.term.as_str(), &case.division, &self.staff.favourites(), tried) else {
            return Ok(None);
        };
        let Some(times) = times(self.province, since, history, need.tier.number(), draw) else { return Ok(None) };
        let shared = sharing::share(tx, self.province, case, need, offer, times[0], history, draw).await?;
        let follows = before.map(|before| before.id.clone());
        let mut referral = self.write(tx, case, need, offer, shared, follows, times[0], draw).await?;
        for ((action, letter, _), at) in history.steps.iter().zip(&times[1..]) {
            self.happen(tx, case, need, key, &mut referral, (*action, *letter), history, *at, draw).await?;
        }
        dispatch::settle(tx, &referral.dispatch, dispatch_state(referral.state())).await?;
        Ok(Some(referral))
    }

    #[expect(clippy::too_many_arguments, reason = "a referral is where everything comes together")]
    async fn write(
        &self,
        tx: &mut Tx,
        case: &Case,
        need: &Need,
        offer: &Offer,
        shared: Shared,
        follows: Option<ReferralId>,
        at: Timestamp,
        draw: &mut Draw,
    ) -> Result<Referral> {
        let province = province_of(&case.division);
        let id = ReferralId::from_parts(at, draw.bytes());
        let alone = Dispatch {
            id: DispatchId::from_parts(at, draw.bytes()),
            need: need.id.clone(),
            mode: Mode::Single,
            candidates: vec![Candidate { service_at_location: offer.site.clone(), proposal: None }],
            state: DispatchState::Planned,
            version: 1,
        };
        dispatch::insert(tx, &alone, need, &province, at).await?;
        let referral = Referral {
            id,
            number: draw.number_to_say(),
            need: need.id.clone(),
            case: case.id.clone(),
            dispatch: alone.id,
            site: offer.site.clone(),
            organization: offer.organization.clone(),
            author: case.worker.clone(),
            owner: None,
            purpose: shared.purpose,
            brief: shared.brief,
            items: shared.items,
            consent: shared.consent,
            follows,
            standing: Standing::written(need.tier.number()),
            due: None,
            changed_at: at,
        };
        store::insert(tx, &referral, &province).await?;
        let draft = Recorded {
            number: 1,
            event: Event::Draft { tier: need.tier.number() },
            from: State::Draft,
            to: State::Draft,
            actor: case.worker.to_string(),
            on_behalf_of: None,
            channel: Channel::Page,
            at,
            recorded_at: at,
        };
        store::append(tx, &referral.id, &draft, None).await?;
        let drafted = audit::Event::new("referral.draft", "referral", &referral.id).purpose(referral.purpose.name());
        audit::record(tx, &account(&case.worker, Role::Worker), drafted, at).await?;
        Ok(referral)
    }

    /// One step, as the table and the timers have it.
    #[expect(clippy::too_many_arguments, reason = "a step is where everything comes together")]
    async fn happen(
        &self,
        tx: &mut Tx,
        case: &Case,
        need: &Need,
        key: &ChildKey,
        referral: &mut Referral,
        (action, letter): (Action, Letter),
        history: &History,
        at: Timestamp,
        draw: &mut Draw,
    ) -> Result<()> {
        let timers = Timers::default();
        let spent_s = spent(&referral.standing, at, &timers, &self.province.calendar);
        let place = match action {
            Action::Accept if history.is_taken_on() => reserve(tx, referral, at).await?,
            _ => (false, false),
        };
        let moment = Moment { at, standing: &referral.standing, spent_s, place };
        let Some(event) = event(action, letter, moment, draw) else { return Ok(()) };
        let from = referral.state();
        let to = step(from, action, letter, &self.known(referral, letter, history, need))?;
        referral.standing.apply(&event, to, at);
        referral.changed_at = at;
        let due = due(&referral.standing, &timers, &self.province.calendar);
        referral.due = due.map(|due| (due.at, due.timer));
        referral.owner = due.map(|_| self.owner(referral, case));
        store::update(tx, referral, due, &province_of(&case.division)).await?;

        let Hand { actor, channel, on_behalf_of } = self.hand(referral, case, letter, at);
        audit::record(tx, &actor, audit::Event::new(verb(action), "referral", &referral.id).purpose(referral.purpose.name()), at).await?;
        if action == Action::Accept {
            release_packet(tx, referral, at).await?;
        }
        if let Event::Serve { record, day, units } = &event {
            store::insert_record(tx, &referral.id, *record, *day, *units, None, &case.worker, at).await?;
        }
        let remark = self.remarks.of(&event, draw).map(Hidden::new);
        let note = remark.as_ref().map(|text| (key, &case.child, text));
        let number = referral.standing.version;
        let recorded = Recorded { number, event, from, to, actor: actor.reference(), on_behalf_of, channel, at, recorded_at: at };
        store::append(tx, &referral.id, &recorded, note).await
    }

    fn known(&self, referral: &Referral, letter: Letter, history: &History, need: &Need) -> Known {
        Known {
            tier: need.tier.number(),
            needs_approval: history.gate == Gate::Approval,
            waits_for_turn: history.gate == Gate::Turn,
            is_author: letter == Letter::Worker,
            ..referral.known(&self.staff.coordinator, self.province.today)
        }
    }

    fn owner(&self, referral: &Referral, case: &Case) -> AccountId {
        match owner(&referral.standing, false) {
            Owner::Worker => case.worker.clone(),
            Owner::Supervisor => self.staff.head(case).clone(),
            Owner::Coordinator => self.staff.coordinator.clone(),
        }
    }

    /// Whose hand it was. A provider without an account was on the phone, and the worker wrote it down.
    fn hand(&self, referral: &Referral, case: &Case, letter: Letter, at: Timestamp) -> Hand {
        let page = |actor| Hand { actor, channel: Channel::Page, on_behalf_of: None };
        match letter {
            Letter::Timer => Hand { channel: Channel::Timer, ..page(Actor::timer()) },
            Letter::System => page(Actor::system()),
            Letter::Coordinator => page(account(&self.staff.coordinator, Role::Coordinator)),
            Letter::Supervisor => page(account(self.staff.head(case), Role::Supervisor)),
            Letter::Worker => page(account(&case.worker, Role::Worker)),
            Letter::Provider => {
                if let Some(contact) = self.staff.provider(&referral.organization) {
                    return page(account(contact, Role::Provider));
                }
                let mut draw = self.province.draw(&format!("{}/contact", referral.organization));
                let whom = self.province.names.person(&mut draw).chars().next().unwrap_or('王');
                let spoken = format!("{whom}老师 · {}", at.to_zoned_datetime(clock::zone()).strftime("%Y-%m-%d %H:%M"));
                Hand { actor: account(&case.worker, Role::Worker), channel: Channel::Phone, on_behalf_of: Some(spoken) }
            }
        }
    }

    /// Puts the need where its last referral left it.
    async fn settle(&self, tx: &mut Tx, need: &mut Need, referral: &Referral) -> Result<()> {
        let (standing, at) = (&referral.standing, referral.changed_at);
        let verified = standing.verified_by.is_some_and(|by| by != VerifiedBy::NotVerified);
        need.unverified = standing.state == State::Closed && !verified;
        let step = match standing.outcome {
            Some(Outcome::NeedMet) if verified => Some(NeedStep::VerifyMet),
            Some(Outcome::NeedPartlyMet) if verified => Some(NeedStep::VerifyPartly),
            Some(Outcome::NotMet) if verified => Some(NeedStep::VerifyNot),
            _ => None,
        };
        let between = NeedState::of_referrals(standing.state.is_accepted() || step.is_some(), standing.state.is_live());
        if between != need.state || need.unverified {
            cases::settle(tx, need, between, None, at).await?;
        }
        match step {
            Some(step) => {
                let state = need.step(step, false)?;
                cases::settle(tx, need, state, standing.outcome.map(|outcome| outcome.name().to_owned()), at).await
            }
            None => Ok(()),
        }
    }
}

/// Who did something, and how it came in.
struct Hand {
    actor: Actor,
    channel: Channel,
    on_behalf_of: Option<String>,
}

/// Each history a few times, then by weight.
fn pick<'a>(histories: &'a [History], told: &mut usize, draw: &mut Draw) -> &'a History {
    *told += 1;
    if *told <= histories.len() * 3 {
        return &histories[*told % histories.len()];
    }
    let total = histories.iter().map(|history| history.weight).sum::<u32>();
    let mut lot = draw.number(1..=total);
    for history in histories {
        if lot <= history.weight {
            return history;
        }
        lot -= history.weight;
    }
    &histories[0]
}

/// When it was written and when each step happened; absent where there was no time for it since an instant.
fn times(province: &Province, since: Timestamp, history: &History, tier: u8, draw: &mut Draw) -> Option<Vec<Timestamp>> {
    if tier == 1 && history.takes_its_time() {
        return None;
    }
    let length = SignedDuration::from_hours(i64::from(history.hours()));
    let latest = match history.fresh {
        Some(hours) if draw.chance(12) => province.at - i64::from(hours + draw.number(72..=160)).hours(),
        Some(hours) => province.at - i64::from(draw.number(0..=hours)).hours(),
        None => {
            let left = (province.at - 24.hours()).duration_since(since + length).max(SignedDuration::ZERO);
            since + length + left * i32::try_from(draw.number(0..=60)).ok()? / 100
        }
    };
    if latest <= since || latest > province.at {
        return None;
    }
    let span = latest.duration_since(since).min(length);
    let begin = latest - span;
    let mut times = vec![in_hours(begin)];
    let mut hours = 0;
    for (_, _, after) in history.steps {
        hours += after;
        times.push(in_hours(begin + span * i32::try_from(hours).ok()? / i32::try_from(history.hours()).ok()?));
    }
    Some(times)
}

/// The same day, drawn together into the hours in which people work; what came later stays later.
fn in_hours(at: Timestamp) -> Timestamp {
    const WORKED_MINUTES: i64 = 530;
    let day = clock::start_of(clock::day(at));
    let minutes = at.duration_since(day).as_mins() * WORKED_MINUTES / (24 * 60);
    day + SignedDuration::from_mins(8 * 60 + 35 + minutes)
}

/// Takes a place where places are posted; a full provider takes one more.
async fn reserve(tx: &mut Tx, referral: &Referral, at: Timestamp) -> Result<(bool, bool)> {
    let day = clock::day(at);
    Ok(match places::reserve(tx, &referral.site, &referral.id, day, false, at).await? {
        Reserved::NotPosted => (false, false),
        Reserved::Taken(_) => (true, false),
        Reserved::Full => (places::reserve(tx, &referral.site, &referral.id, day, true, at).await? != Reserved::Full, true),
    })
}

const fn dispatch_state(state: State) -> DispatchState {
    match state {
        State::Draft => DispatchState::Planned,
        State::Accepted | State::InService | State::Reported | State::Closed | State::Ended => DispatchState::Accepted,
        State::Declined | State::Expired => DispatchState::Exhausted,
        State::Withdrawn | State::Superseded | State::Voided => DispatchState::Stopped,
        _ => DispatchState::Running,
    }
}
