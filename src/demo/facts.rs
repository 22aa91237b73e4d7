//! The facts of an event of a made-up history, and the words that go with it.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use std::collections::BTreeMap;

use super::draw::Draw;
use super::names::read;
use crate::clock;
use crate::error::Result;
use crate::referral::model::{
    Action, Decline, End, Event, Hold, Letter, Method, NextStep, Outcome, Record, Standing, State, VerifiedBy, Withdraw,
};

/// `remarks.toml`: sentences by event and reason.
#[derive(Debug, Deserialize)]
pub struct Remarks(BTreeMap<String, BTreeMap<String, Vec<String>>>);

impl Remarks {
    /// Reads the file.
    pub fn read() -> Result<Self> {
        read("demo/remarks.toml")
    }

    /// What somebody wrote beside an event; nothing where nothing need be said.
    pub fn of(&self, event: &Event, draw: &mut Draw) -> Option<String> {
        let (table, key) = match event {
            Event::Decline { reason, .. } => ("decline", reason.name()),
            Event::Withdraw { reason } | Event::RequestWithdrawal { reason } => ("withdraw", reason.name()),
            Event::End { reason, .. } => ("end", reason.name()),
            Event::Hold { reason, .. } => ("hold", reason.name()),
            Event::Ask { .. } => ("question", "list"),
            Event::Answer {} => ("answer", "list"),
            Event::Report { .. } => ("report", "list"),
            Event::Close { verified_by: VerifiedBy::NotVerified, .. } => return None,
            Event::Close { .. } => ("verify", "list"),
            _ => return None,
        };
        self.0.get(table)?.get(key).and_then(|sentences| draw.maybe_one(sentences)).cloned()
    }
}

/// What is known when an event is made up.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    pub at: Timestamp,
    pub standing: &'a Standing,
    /// Seconds of the provider's clock used.
    pub spent_s: i64,
    /// How a place was taken: reserved, and beyond what was posted.
    pub place: (bool, bool),
}

/// The event of an action; absent for one no history has.
pub fn event(action: Action, letter: Letter, moment: Moment<'_>, draw: &mut Draw) -> Option<Event> {
    let (day, standing) = (clock::day(moment.at), moment.standing);
    let later = |days: u32| -> Date { day.saturating_add(i64::from(days).days()) };
    Some(match action {
        Action::Send => Event::Send { ahead: false },
        Action::Approve => Event::Approve {},
        Action::Acknowledge => Event::Acknowledge {},
        Action::Ask => Event::Ask { spent_s: moment.spent_s },
        Action::Answer => Event::Answer {},
        Action::Accept => {
            let (reserved, override_full) = moment.place;
            Event::Accept { contact_day: later(3), promised_day: later(draw.number(7..=12)), override_full, reserved }
        }
        Action::Waitlist => Event::Waitlist { expected_day: later(draw.number(20..=70)), position: Some(draw.number(1..=9)) },
        Action::Decline => Event::Decline { reason: decline(standing, draw), late: standing.state == State::Accepted },
        Action::Withdraw => Event::Withdraw { reason: withdraw(draw) },
        Action::Expire => Event::Expire { on_agenda: false },
        Action::Supersede => Event::Supersede {},
        Action::Hold => {
            let reason = *draw.one(&[Hold::ExamsOrHoliday, Hold::Hospital, Hold::AwaitingDocument, Hold::AwaitingOtherService]);
            Event::Hold { reason, until: moment.at + (24 * 21).hours(), spent_s: moment.spent_s }
        }
        Action::Serve if standing.state == State::Accepted => Event::Serve { record: Record::Contact, day, units: 1 },
        Action::Serve => Event::Serve { record: Record::Service, day, units: draw.number(1..=4) },
        Action::Report => Event::Report {
            outcome: outcome(draw),
            from_day: standing.promised_day.unwrap_or(day).min(day),
            to_day: day,
            units: draw.number(4..=24),
            next_step: *draw.one(&[NextStep::None, NextStep::Continue, NextStep::FollowUp]),
        },
        Action::End => end(draw),
        Action::RequestWithdrawal => Event::RequestWithdrawal { reason: withdraw(draw) },
        Action::Close => close(letter, standing, day, draw),
        Action::Dispute => Event::Dispute {},
        Action::Void => Event::Void {},
        _ => return None,
    })
}

/// No place is what is said most; that the entry is wrong, seldom.
fn decline(standing: &Standing, draw: &mut Draw) -> Decline {
    if standing.state == State::Accepted || draw.chance(45) {
        return Decline::NoCapacity;
    }
    *draw.one(Decline::ALL)
}

fn withdraw(draw: &mut Draw) -> Withdraw {
    *draw.one(&[
        Withdraw::NeedMetElsewhere,
        Withdraw::NeedChanged,
        Withdraw::ChildOrGuardianDeclined,
        Withdraw::MovedAway,
        Withdraw::WrongProvider,
    ])
}

fn end(draw: &mut Draw) -> Event {
    let reason = *draw.one(&[
        End::CouldNotContact,
        End::FamilyDeclined,
        End::NoShowRepeated,
        End::MovedAway,
        End::ProviderCapacityLost,
        End::FundingEnded,
    ]);
    let tried = (reason == End::CouldNotContact).then(|| draw.number(3..=6));
    Event::End { reason, tries: tried, tried_days: tried.map(|tries| tries.min(3)) }
}

fn outcome(draw: &mut Draw) -> Outcome {
    match draw.number(0..=9) {
        0..=5 => Outcome::NeedMet,
        6 | 7 => Outcome::NeedPartlyMet,
        8 => Outcome::NotMet,
        _ => *draw.one(&[Outcome::ReferredOn, Outcome::OneOffAdvice]),
    }
}

/// Three of four reports hold; the family sometimes sees it otherwise. A timer closes without asking anybody.
fn close(letter: Letter, standing: &Standing, day: Date, draw: &mut Draw) -> Event {
    let said = standing.outcome.unwrap_or(Outcome::NotMet);
    if letter == Letter::Timer {
        return Event::Close { outcome: said, verified_by: VerifiedBy::NotVerified, method: None, day, satisfaction: None };
    }
    let outcome = if draw.chance(75) { said } else { Outcome::NeedPartlyMet };
    let verified_by = *draw.one(&[VerifiedBy::Child, VerifiedBy::Guardian, VerifiedBy::Guardian, VerifiedBy::School]);
    let method = Some(*draw.one(&[Method::HomeVisit, Method::Phone, Method::Phone, Method::SchoolVisit]));
    Event::Close { outcome, verified_by, method, day, satisfaction: draw.chance(70).then(|| u8::try_from(draw.number(2..=5)).unwrap_or(3)) }
}
