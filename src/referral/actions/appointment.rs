//! Appointments with the family, by who may serve.

use jiff::Timestamp;

use super::super::model::{Action, AppointmentState, Letter, Referral, step};
use super::super::store;
use super::deed::Deed;
use super::letter::letter;
use super::work::was_done;
use crate::access::Actor;
use crate::app::App;
use crate::audit;
use crate::case::store as cases;
use crate::error::{Error, Result};
use crate::id::{AppointmentId, ReferralId};
use crate::organization::store::province;
use crate::store::{Answered, Key, Tx, referrals, remember};

/// The referral, if the actor may serve on it now; with the letter, and the province of its case.
async fn serving(app: &App, tx: &mut Tx, actor: &Actor, id: &ReferralId) -> Result<(Referral, Letter, String)> {
    let referral = store::find(tx, id).await?.ok_or_else(|| Error::missing("referral", id))?;
    let case = cases::find(tx, &referral.case).await?.ok_or_else(|| Error::missing("case", &referral.case))?;
    let letter = letter(actor, Action::Serve, &referral, &case, false)?;
    step(referral.state(), Action::Serve, letter, &referral.known(&actor.id, app.today()))?;
    Ok((referral, letter, province(&case.division)))
}

fn coming(app: &App, text: &str) -> Result<Timestamp> {
    let at = Deed::moment("at", text)?;
    Deed::coming("at", crate::clock::day(at), app.today())?;
    Ok(at)
}

/// Books an appointment. A write that comes twice books once.
pub async fn book(app: &App, actor: &Actor, id: &ReferralId, at: &str, key: Option<&Key>) -> Result<()> {
    if let Some(key) = key
        && was_done(app, actor, key).await?.is_some()
    {
        return Ok(());
    }
    let now = app.now();
    let mut tx = app.begin().await?;
    let (referral, _, province) = serving(app, &mut tx, actor, id).await?;
    let made = store::book(&mut tx, &referral.id, coming(app, at)?, now).await?;
    audit::record(&mut tx, actor, audit::Event::new("appointment.booked", "appointment", &made), now).await?;
    tx.changed(referrals(&province), "referral", id);
    if let Some(key) = key {
        remember(&mut tx, key, &actor.reference(), &Answered { status: 303, location: format!("/referrals/{id}") }, now).await?;
    }
    tx.commit(now).await
}

/// Says what came of an appointment, or moves it to another time.
pub async fn settle(app: &App, actor: &Actor, id: &ReferralId, appointment: &AppointmentId, state: &str, at: &str) -> Result<()> {
    let now = app.now();
    let state = Deed::code("state", state, AppointmentState::of)?;
    let mut tx = app.begin().await?;
    let (referral, letter, province) = serving(app, &mut tx, actor, id).await?;
    let before = store::appointment(&mut tx, &referral.id, appointment).await?.ok_or_else(|| Error::missing("appointment", appointment))?;
    before.settle(state)?;
    let when = if state == AppointmentState::Rescheduled { Some(coming(app, at)?) } else { None };
    store::settle_appointment(&mut tx, &before, state, when, letter).await?;
    audit::record(&mut tx, actor, audit::Event::new("appointment.settled", "appointment", appointment).fields([state.name()]), now).await?;
    tx.changed(referrals(&province), "referral", id);
    tx.commit(now).await
}
