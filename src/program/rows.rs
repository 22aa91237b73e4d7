//! Rows of the pages of projects in words, and the choices of their forms.

use super::model::{Activity, Kind, Subsidy, TOPICS};
use super::retract::{Reason, Retracted};
use crate::case::word;
use crate::locale::Locale;
use crate::web::{Choice, FormState};

/// Fen in yuan.
pub fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// An activity.
pub struct ActivityRow {
    pub id: String,
    pub day: String,
    pub title: String,
    pub what: String,
    pub sessions: u32,
    pub listed: u32,
    pub headcount: u32,
}

/// A payment.
pub struct PaymentRow {
    pub id: String,
    pub day: String,
    pub purpose: String,
    pub amount: String,
    pub receipt: String,
}

/// Activities, each with how many were listed.
pub fn activity_rows(found: &[(Activity, u32)], locale: Locale) -> Vec<ActivityRow> {
    let row = |(activity, listed): &(Activity, u32)| ActivityRow {
        id: activity.id.to_string(),
        day: activity.day.to_string(),
        title: activity.title.clone(),
        what: format!("{} · {}", word("program.kind", activity.kind.name(), locale), word("program.topic", &activity.topic, locale)),
        sessions: activity.sessions,
        listed: *listed,
        headcount: activity.headcount,
    };
    found.iter().map(row).collect()
}

/// Payments.
pub fn payment_rows(found: &[Subsidy], locale: Locale) -> Vec<PaymentRow> {
    let row = |subsidy: &Subsidy| PaymentRow {
        id: subsidy.id.to_string(),
        day: subsidy.day.to_string(),
        purpose: word("program.purpose", subsidy.purpose.name(), locale),
        amount: yuan(subsidy.amount_fen),
        receipt: subsidy.receipt.clone(),
    };
    found.iter().map(row).collect()
}

/// What was taken back.
pub struct RetractedRow {
    pub day: String,
    pub what: String,
    pub reason: String,
}

/// What was taken back.
pub fn retracted_rows(found: &[Retracted], locale: Locale) -> Vec<RetractedRow> {
    let row = |retracted: &Retracted| RetractedRow {
        day: retracted.day.to_string(),
        what: retracted.what.clone(),
        reason: word("program.retract", retracted.reason.name(), locale),
    };
    found.iter().map(row).collect()
}

/// Why an activity or a payment may be taken back.
pub fn reasons(apart: Reason, locale: Locale) -> Vec<Choice> {
    let fitting = Reason::ALL.into_iter().filter(|reason| *reason != apart);
    let choice = |reason: Reason| Choice {
        value: reason.name().to_owned(),
        label: word("program.retract", reason.name(), locale),
        ..Choice::default()
    };
    fitting.map(choice).collect()
}

/// The choices of the form that writes down an activity.
pub struct HeldChoices {
    pub kinds: Vec<Choice>,
    pub topics: Vec<Choice>,
}

/// The same, with what was chosen marked.
pub fn held_choices(form: &FormState, locale: Locale) -> HeldChoices {
    HeldChoices {
        kinds: form.options("kind", Kind::ALL.map(|kind| (kind.name(), word("program.kind", kind.name(), locale)))),
        topics: form.options("topic", TOPICS.map(|topic| (topic, word("program.topic", topic, locale)))),
    }
}
