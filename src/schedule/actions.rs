//! Timers and days are read by who works with the loop, edited by a data manager, and followed by every process.

use jiff::civil::Date;
use lianjie_index::DivisionCode;

use super::model::{Day, EDITED, TIERS};
use crate::access::{Action, Actor, Facts, decide, may_anywhere};
use crate::app::App;
use crate::audit::{self, Event};
use crate::calendar::model::Length;
use crate::calendar::store::{self as calendar, Announced};
use crate::error::{Error, Faults, Result};
use crate::referral::model::{Timer, Timers};
use crate::referral::{ask_to_reckon, store};
use crate::service::periods::{self, Periods};

/// A timer for a tier, at a place.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Which.
    pub timer: Timer,
    /// Of which tier.
    pub tier: u8,
    /// What the division itself says.
    pub own: Option<Length>,
    /// What counts where it says nothing.
    pub wider: Length,
}

impl Shown {
    /// What counts.
    #[must_use]
    pub fn counts(&self) -> Length {
        self.own.unwrap_or(self.wider)
    }
}

/// One change: the length, or that the wider division counts again.
pub type Change = (Timer, u8, Option<Length>);

fn facts(division: &DivisionCode) -> Facts {
    Facts { thing: "division", id: division.to_string(), division: Some(division.clone()), ..Facts::default() }
}

/// Who works with the loop sees how long its steps may take.
fn may_read(actor: &Actor) -> Result<()> {
    let actions = [Action::Refer, Action::ApproveReferral, Action::AnswerReferral, Action::EditSchedule, Action::ReadStatistics];
    if actions.into_iter().any(|action| may_anywhere(actor, action)) { Ok(()) } else { Err(Error::Forbidden { why: "role" }) }
}

/// Whether the actor edits the timers of a division.
#[must_use]
pub fn edits(actor: &Actor, division: &DivisionCode) -> bool {
    decide(actor, Action::EditSchedule, &facts(division)).is_allowed()
}

/// Whether the actor edits the calendar: who keeps the reference data of every province that is here.
#[must_use]
pub fn edits_calendar(app: &App, actor: &Actor) -> bool {
    let divisions = app.divisions.get();
    let mut provinces = divisions.of_level("province").peekable();
    provinces.peek().is_some() && provinces.all(|province| edits(actor, &province.code))
}

/// The timers at a place.
pub async fn timers(app: &App, actor: &Actor, division: &DivisionCode) -> Result<Vec<Shown>> {
    may_read(actor)?;
    if app.divisions.get().find(division).is_none() {
        return Err(Error::missing("division", division));
    }
    let (rows, own): (Vec<_>, Vec<_>) =
        store::timers(&mut *app.store.read().await?).await?.into_iter().partition(|row| row.division != division.as_str());
    let wider = Timers::at(&rows, division);
    let shown = |timer: Timer, tier: u8| Shown {
        timer,
        tier,
        own: own.iter().find(|row| row.timer == timer && row.tier == tier).map(|row| row.length),
        wider: wider.length(timer, tier),
    };
    Ok(EDITED.iter().flat_map(|timer| TIERS.map(|tier| shown(*timer, tier))).collect())
}

/// Changes timers of a division; the live referrals of its cases are counted anew.
pub async fn set_timers(app: &App, actor: &Actor, division: &DivisionCode, changes: &[Change]) -> Result<()> {
    decide(actor, Action::EditSchedule, &facts(division)).allowed()?;
    let before = timers(app, actor, division).await?;
    let differs =
        |(timer, tier, length): &&Change| before.iter().any(|shown| shown.timer == *timer && shown.tier == *tier && shown.own != *length);
    let changes: Vec<&Change> = changes.iter().filter(differs).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let now = app.now();
    let mut tx = app.begin().await?;
    let mut fields = Vec::new();
    for (timer, tier, length) in changes {
        store::set_timer(&mut tx, division, (*timer, *tier), *length, now).await?;
        let said = length.map_or_else(String::new, |length| {
            let (amount, unit) = store::amount(length);
            format!("{amount} {unit}")
        });
        fields.push(format!("{}.{tier}={said}", timer.name()));
    }
    ask_to_reckon(&mut tx, division.as_str()).await?;
    audit::record(&mut tx, actor, Event::new("timer.set", "division", division).fields(fields), now).await?;
    tx.commit(now).await
}

/// The days of a year that differ.
pub async fn days(app: &App, actor: &Actor, year: i16) -> Result<Vec<Announced>> {
    may_read(actor)?;
    calendar::announced(&mut *app.store.read().await?, year).await
}

/// Takes in the days of a notice; due times are counted anew.
pub async fn announce(app: &App, actor: &Actor, days: &[Day], source: &str) -> Result<()> {
    may_edit_calendar(app, actor)?;
    let mut faults = Faults::new();
    faults.require(!source.trim().is_empty(), "source", "required");
    faults.require(source.chars().count() <= 120, "source", "too_long");
    faults.settle()?;
    let now = app.now();
    let mut tx = app.begin().await?;
    for Day { date, kind, name } in days {
        let announced = Announced { day: *date, kind: *kind, name: name.clone(), source: source.trim().to_owned() };
        calendar::announce(&mut tx, &announced).await?;
    }
    let fields = days.iter().map(|day| format!("{}={}", day.date, day.kind.name()));
    audit::record(&mut tx, actor, Event::new("calendar.announced", "calendar", "days").fields(fields), now).await?;
    ask_to_reckon(&mut tx, "").await?;
    tx.commit(now).await?;
    follow(app).await
}

/// Takes back that a day to come differs.
pub async fn withdraw(app: &App, actor: &Actor, day: Date) -> Result<()> {
    may_edit_calendar(app, actor)?;
    if day < app.today() {
        return Err(Error::Conflict { why: "calendar_past" });
    }
    let now = app.now();
    let mut tx = app.begin().await?;
    if !calendar::withdraw(&mut tx, day).await? {
        return Err(Error::missing("calendar", &day));
    }
    audit::record(&mut tx, actor, Event::new("calendar.withdrawn", "calendar", &day), now).await?;
    ask_to_reckon(&mut tx, "").await?;
    tx.commit(now).await?;
    follow(app).await
}

/// Fails for who does not edit the calendar: before anything is read of what they sent.
pub fn may_edit_calendar(app: &App, actor: &Actor) -> Result<()> {
    if edits_calendar(app, actor) { Ok(()) } else { Err(Error::Forbidden { why: "role" }) }
}

/// How long facts of the directory stay fresh.
pub fn periods_of(app: &App, actor: &Actor) -> Result<Periods> {
    may_read(actor)?;
    Ok(*app.periods.get())
}

/// Says how long facts of the directory stay fresh; kinds that are not named stay.
pub async fn set_periods(app: &App, actor: &Actor, days: &[(&'static str, i64)]) -> Result<()> {
    may_edit_calendar(app, actor)?;
    let mut faults = Faults::new();
    for (kind, days) in days {
        faults.require(periods::WITHIN.contains(days), kind, "freshness_days");
    }
    faults.settle()?;
    let now = app.now();
    let mut tx = app.begin().await?;
    for (kind, days) in days {
        periods::set(&mut tx, kind, *days).await?;
    }
    let fields = days.iter().map(|(kind, days)| format!("{kind}={days}"));
    audit::record(&mut tx, actor, Event::new("period.set", "calendar", "periods").fields(fields), now).await?;
    tx.commit(now).await?;
    follow(app).await
}

/// Reads the calendar and the periods again, if another process edited them.
pub async fn follow(app: &App) -> Result<()> {
    let mut db = app.store.read().await?;
    let (calendar, periods) = (calendar::read(&mut db).await?, periods::read(&mut db).await?);
    if calendar != *app.calendar.get() {
        app.calendar.set(calendar);
    }
    if periods != *app.periods.get() {
        app.periods.set(periods);
    }
    Ok(())
}
