//! One act in one transaction: what it is about, who acts with which letter, and how an event is saved.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::dispatch::{self, Way};
use super::super::model::{Action, Channel, Due, Event, Letter, Recorded, Referral, State, Timer, Timers, due, step};
use super::super::store;
use super::deed::Deed;
use super::learn::learn;
use super::letter::{letter, sender, verb};
use super::owner::{owner_account, supervisors};
use crate::access::{Actor, Who};
use crate::account::notice::Notice;
use crate::app::App;
use crate::audit;
use crate::calendar::model::Calendar;
use crate::case::model::{Case, Need, Outcome as NeedState};
use crate::case::store as cases;
use crate::error::{Error, Result};
use crate::id::ReferralId;
use crate::organization::store::province;
use crate::secret::{ChildKey, Hidden};
use crate::service::model::Offering;
use crate::service::places;
use crate::service::store as services;
use crate::store::{Answered, Key, Tx, answered, remember};

/// What an act was about, while it sees to another referral of the need.
pub struct Aside {
    referral: Referral,
    action: Action,
    letter: Letter,
    behalf: Option<String>,
}

/// An act under way.
pub struct Work<'a> {
    pub app: &'a App,
    pub actor: &'a Actor,
    pub tx: Tx,
    pub referral: Referral,
    pub case: Case,
    pub need: Need,
    pub action: Action,
    pub letter: Letter,
    pub channel: Channel,
    pub behalf: Option<String>,
    pub now: Timestamp,
    pub today: Date,
    calendar: Arc<Calendar>,
    timers: Timers,
}

impl<'a> Work<'a> {
    /// Loads a referral and asks whether the actor may do this to it.
    pub async fn open(app: &'a App, actor: &'a Actor, id: &ReferralId, action: Action, deed: &Deed, channel: Channel) -> Result<Self> {
        let mut tx = app.begin().await?;
        let referral = store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("referral", id))?;
        let case = cases::find(&mut tx, &referral.case).await?.ok_or_else(|| Error::missing("case", &referral.case))?;
        let behalf = deed.call(app.now())?;
        let letter = letter(actor, action, &referral, &case, behalf.is_some())?;
        if !deed.version.is_empty() && deed.version != referral.standing.version.to_string() {
            return Err(Error::Conflict { why: "changed" });
        }
        let channel = if behalf.is_some() { Channel::Phone } else { channel };
        Self::around(app, actor, tx, referral, case, action, letter, channel, behalf).await
    }

    /// An act of the product itself or of the sweep, in a transaction that is under way.
    pub async fn within(app: &'a App, actor: &'a Actor, mut tx: Tx, id: &ReferralId, action: Action) -> Result<Self> {
        let referral = store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("referral", id))?;
        let case = cases::find(&mut tx, &referral.case).await?.ok_or_else(|| Error::missing("case", &referral.case))?;
        let letter = match actor.who {
            Who::Timer => Letter::Timer,
            Who::System => Letter::System,
            Who::Account | Who::Link | Who::Visitor => letter(actor, action, &referral, &case, false)?,
        };
        let channel = if actor.who == Who::Timer { Channel::Timer } else { Channel::Page };
        Self::around(app, actor, tx, referral, case, action, letter, channel, None).await
    }

    /// An act upon one of a dispatch's referrals: who may dispatch asks and takes back, also for a meeting.
    pub async fn dispatched(app: &'a App, actor: &'a Actor, mut tx: Tx, id: &ReferralId, action: Action, channel: Channel) -> Result<Self> {
        let referral = store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("referral", id))?;
        let case = cases::find(&mut tx, &referral.case).await?.ok_or_else(|| Error::missing("case", &referral.case))?;
        let letter = sender(actor, &referral.facts(&case))?;
        Self::around(app, actor, tx, referral, case, action, letter, channel, None).await
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one act")]
    async fn around(
        app: &'a App,
        actor: &'a Actor,
        mut tx: Tx,
        referral: Referral,
        case: Case,
        action: Action,
        letter: Letter,
        channel: Channel,
        behalf: Option<String>,
    ) -> Result<Self> {
        let need = cases::need(&mut tx, &referral.need).await?.ok_or_else(|| Error::missing("need", &referral.need))?;
        let timers = Timers::at(&store::timers(&mut tx).await?, &case.division);
        let (now, today, calendar) = (app.now(), app.today(), app.calendar.get());
        Ok(Self { app, actor, tx, referral, case, need, action, letter, channel, behalf, now, today, calendar, timers })
    }

    /// The table's answer.
    pub fn step(&self) -> Result<State> {
        step(self.referral.state(), self.action, self.letter, &self.referral.known(&self.actor.id, self.today))
    }

    /// How long a timer runs here.
    pub fn length(&self, timer: Timer) -> crate::calendar::model::Length {
        self.timers.length(timer, self.referral.standing.tier)
    }

    /// The instant a timer's length from now.
    pub fn after(&self, timer: Timer) -> Timestamp {
        self.calendar.after(self.now, self.length(timer))
    }

    /// The instant a length from now.
    pub fn after_length(&self, length: crate::calendar::model::Length) -> Timestamp {
        self.calendar.after(self.now, length)
    }

    /// Whether the offices work at this hour.
    pub fn in_working_hours(&self) -> bool {
        let hour = self.now.to_zoned_datetime(crate::clock::zone()).hour();
        self.calendar.is_worked(self.today) && (9..18).contains(&hour)
    }

    /// Seconds of the provider's clock that are used.
    pub fn spent(&self) -> i64 {
        super::super::model::spent(&self.referral.standing, self.now, &self.timers, &self.calendar)
    }

    /// The service it was sent to.
    pub async fn offering(&mut self) -> Result<Offering> {
        let site = self.referral.site.clone();
        services::offering(&mut self.tx, &site).await?.ok_or_else(|| Error::missing("service", &site))
    }

    /// The key of the child.
    pub async fn key(&mut self) -> Result<ChildKey> {
        cases::child_key(&mut self.tx, &self.app.keyring, &self.case.child).await
    }

    /// The province of the case.
    pub fn province(&self) -> String {
        province(&self.case.division)
    }

    /// Saves an event: the referral goes on by it, gets its owner and due time, the event and the log are written.
    pub async fn happen(&mut self, event: Event, to: State, note: Option<&Hidden>) -> Result<()> {
        let system = Actor::system();
        let actor = if self.letter == Letter::System { &system } else { self.actor };
        let (from, first) = (self.referral.state(), !self.referral.standing.served);
        self.referral.standing.apply(&event, to, self.now);
        self.referral.changed_at = self.now;
        let due = self.due().await?;
        let province = self.province();
        store::update(&mut self.tx, &self.referral, due, &province).await?;
        dispatch::hand_on(&mut self.tx, &self.referral, due).await?;
        learn(self, &event, first).await?;
        let recorded = Recorded {
            number: self.referral.standing.version,
            event,
            from,
            to,
            actor: actor.reference(),
            on_behalf_of: self.behalf.clone(),
            channel: self.channel,
            at: self.now,
            recorded_at: self.now,
        };
        let key = if note.is_some() { Some(self.key().await?) } else { None };
        let sealed = key.as_ref().zip(note).map(|(key, note)| (key, &self.case.child, note));
        store::append(&mut self.tx, &self.referral.id, &recorded, sealed).await?;
        let logged = audit::Event::new(verb(self.action), "referral", &self.referral.id).purpose(self.referral.purpose.name());
        audit::record(&mut self.tx, actor, logged, self.now).await
    }

    /// What is due now and whose it is.
    async fn due(&mut self) -> Result<Option<Due>> {
        let own = due(&self.referral.standing, &self.timers, &self.calendar);
        let due = dispatch::due_in_turn(&mut self.tx, &self.referral, own).await?;
        self.referral.due = due.map(|due| (due.at, due.timer));
        self.referral.owner =
            if due.is_some() { Some(owner_account(&mut self.tx, &self.referral, &self.case, self.today).await?) } else { None };
        Ok(due)
    }

    /// Puts the need where its referrals say, unless it is settled.
    pub async fn settle_need(&mut self) -> Result<()> {
        if self.need.state.is_final() || self.need.state == NeedState::Gap {
            return Ok(());
        }
        let all = store::of_need(&mut self.tx, &self.need.id).await?;
        let accepted = all.iter().any(|referral| referral.state().is_accepted());
        let live = all.iter().any(|referral| referral.state().is_live());
        let state = NeedState::of_referrals(accepted, live);
        if state != self.need.state {
            cases::settle(&mut self.tx, &mut self.need, state, None, self.now).await?;
        }
        Ok(())
    }

    /// Whether another referral of the need is live.
    pub async fn other_live(&mut self) -> Result<bool> {
        let all = store::of_need(&mut self.tx, &self.need.id).await?;
        Ok(all.iter().any(|other| other.id != self.referral.id && other.state().is_live()))
    }

    /// Lets go of everybody else who was asked: another was first. What waits for its turn goes on waiting.
    pub async fn supersede_others(&mut self) -> Result<()> {
        let all = store::of_need(&mut self.tx, &self.need.id).await?;
        let asked = |state: State| state.is_live() && !state.is_accepted() && state != State::Queued;
        for other in all {
            if other.id == self.referral.id || !asked(other.state()) {
                continue;
            }
            let mine = self.turn_to(other, Action::Supersede);
            let done = self.supersede().await;
            self.turn_back(mine);
            done?;
        }
        Ok(())
    }

    /// Turns to another referral of the need, as the product itself; [`Work::turn_back`] ends it.
    pub fn turn_to(&mut self, other: Referral, action: Action) -> Aside {
        let aside = Aside {
            referral: std::mem::replace(&mut self.referral, other),
            action: self.action,
            letter: self.letter,
            behalf: self.behalf.take(),
        };
        (self.action, self.letter) = (action, Letter::System);
        aside
    }

    /// Turns back to the referral of the act.
    pub fn turn_back(&mut self, aside: Aside) {
        (self.referral, self.action, self.letter, self.behalf) = (aside.referral, aside.action, aside.letter, aside.behalf);
    }

    async fn supersede(&mut self) -> Result<()> {
        let to = self.step()?;
        self.happen(Event::Supersede {}, to, None).await?;
        places::release(&mut self.tx, &self.referral.id, self.now).await?;
        dispatch::ended(self, Way::Stay, "superseded").await?;
        if self.referral.standing.sent_at.is_some() { self.tell_provider("referral_superseded").await } else { Ok(()) }
    }

    /// Whether another referral of the need is accepted.
    pub async fn other_accepted(&mut self) -> Result<bool> {
        let all = store::of_need(&mut self.tx, &self.need.id).await?;
        Ok(all.iter().any(|other| other.id != self.referral.id && other.state().is_accepted()))
    }

    /// Tells the provider's people.
    pub async fn tell_provider(&mut self, template: &str) -> Result<()> {
        let organization = self.referral.organization.clone();
        if self.letter == Letter::Provider && self.behalf.is_none() {
            return Ok(());
        }
        self.tell(Notice::Organization(&organization), template).await
    }

    /// Tells who chases, unless it is the actor.
    pub async fn tell_owner(&mut self, template: &str) -> Result<()> {
        let owner = self.referral.owner.clone().unwrap_or_else(|| self.case.worker.clone());
        if owner == self.actor.id {
            return Ok(());
        }
        self.tell(Notice::Account(&owner), template).await
    }

    /// Tells the station's heads.
    pub async fn tell_supervisors(&mut self, template: &str) -> Result<()> {
        for head in supervisors(&mut self.tx, &self.case.station, self.today).await? {
            self.tell(Notice::Account(&head), template).await?;
        }
        Ok(())
    }

    /// Leaves a notice: in the page and by webhook at once; mail about tiers 3 and 4 waits for the next digest by itself.
    pub async fn tell(&mut self, to: Notice<'_>, template: &str) -> Result<()> {
        let key = format!("{}:{template}", self.referral.standing.version);
        store::notify(&mut self.tx, to, template, &key, &self.referral, self.now).await
    }

    /// Makes it last.
    pub async fn commit(mut self, key: Option<&Key>, location: &str) -> Result<Referral> {
        if let Some(key) = key {
            let answer = Answered { status: 303, location: location.to_owned() };
            remember(&mut self.tx, key, &self.actor.reference(), &answer, self.now).await?;
        }
        self.tx.commit(self.now).await?;
        tracing::info!(referral.id = %self.referral.id, referral.action = self.action.name(), referral.state = self.referral.state().name(), "referral");
        Ok(self.referral)
    }
}

/// What this key was answered before.
pub async fn was_done(app: &App, actor: &Actor, key: &Key) -> Result<Option<Answered>> {
    answered(&mut *app.store.read().await?, key, &actor.reference()).await
}

/// A refusal that the station head must know of leaves a notice; the refusal stands.
pub(super) async fn tell_supervisor(app: &App, id: &ReferralId, action: Action, error: Error) -> Error {
    let template = match error {
        Error::Conflict { why: "third_question" } => "referral_third_question",
        Error::Conflict { why: "tier_one_end" } => "referral_wants_end",
        error => return error,
    };
    let actor = Actor::system();
    let told = async {
        let tx = app.begin().await?;
        let mut work = Work::within(app, &actor, tx, id, action).await?;
        work.tell_supervisors(template).await?;
        let now = work.now;
        work.tx.commit(now).await
    };
    told.await.err().unwrap_or(error)
}
