//! Whether the matcher's forecasts came true, of a scope and a period.

use lianjie_index::DivisionCode;

use super::super::calibration::{Calibrated, Settled};
use super::super::model::{Over, Period, SMALLEST};
use super::super::store::{self, Foretold};
use super::{chosen, narrowed, note_read};
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::referral::model::{Outcome, State, VerifiedBy};

/// Both forecasts of a scope.
#[derive(Debug)]
pub struct Forecasts {
    /// What it is over.
    pub over: Over,
    /// The division that is looked at, where it is one.
    pub division: Option<DivisionCode>,
    /// What that is called.
    pub place: String,
    /// Which days.
    pub period: Period,
    /// That a place is given, of all that was answered or left unanswered.
    pub places: Calibrated,
    /// That what was accepted is completed, of what ended and somebody verified.
    pub completions: Calibrated,
    /// Whether small groups are not told.
    pub suppressed: bool,
}

/// How the forecasts of the referrals sent in a period came true.
pub async fn calibration(app: &App, actor: &Actor, (scope, place): (&str, &str), period: Period) -> Result<Forecasts> {
    let (choice, name) = chosen(app, actor, scope).await?;
    let within = narrowed(app, &choice.over, place)?;
    if matches!(choice.over, Over::Provider(_)) {
        return Err(Error::Forbidden { why: "role" });
    }
    let mut db = app.store.read().await?;
    let all = store::foretold(&mut db, &within, period).await?;
    drop(db);
    note_read(app, actor, &within).await?;
    let suppressed = matches!(choice.over, Over::Division(_));
    let smallest = if suppressed { u32::try_from(SMALLEST).unwrap_or(5) } else { 1 };
    let digits = match &within {
        Over::Division(code) if code.as_str().len() < 6 => 6,
        _ => 9,
    };
    let of = |kind: &dyn Fn(&Foretold) -> Option<(f64, bool)>| {
        let settled = all.iter().filter_map(|one| {
            let (foretold, came) = kind(one)?;
            Some(Settled { foretold, came, division: one.division.clone(), categories: one.categories.clone() })
        });
        Calibrated::of(&settled.collect::<Vec<_>>(), digits, smallest)
    };
    let (places, completions) = (of(&given), of(&completed));
    let division = if let Over::Division(code) = within { Some(code) } else { None };
    let place = division.as_ref().map_or(name, |code| app.divisions.get().full_name(code));
    Ok(Forecasts { over: choice.over, division, place, period, places, completions, suppressed })
}

/// Whether a place was given; what was taken back or overtaken by another says nothing.
fn given(one: &Foretold) -> Option<(f64, bool)> {
    let settled = one.accepted || matches!(one.state, State::Declined | State::Expired);
    settled.then_some((one.place, one.accepted))
}

/// Whether what was accepted was completed, as `referral` learns it.
fn completed(one: &Foretold) -> Option<(f64, bool)> {
    let known = match (one.state, one.ended) {
        (State::Closed, _) if one.verified_by.is_some_and(|by| by != VerifiedBy::NotVerified) => {
            one.outcome.map(|outcome| matches!(outcome, Outcome::NeedMet | Outcome::NeedPartlyMet))
        }
        (State::Ended, Some(reason)) if reason.tells_of_service() => Some(false),
        _ => None,
    };
    known.filter(|_| one.accepted).map(|came| (one.completion, came))
}
