//! The form of each act: its fields, as the page shows them one act at a time.

use jiff::civil::Date;
use rust_i18n::t;

use super::super::model::{Action, Decline, End, Engagement, Hold, Method, NextStep, Outcome, Record, VerifiedBy, Withdraw};
use super::words::{day, say};
use crate::locale::Locale;
use crate::web::{Choice, FormState};

/// How a field is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of a few, as big options.
    Radios,
    /// One of many.
    Select,
    /// Words.
    Words,
    /// A day.
    Day,
    /// A number.
    Number,
    /// A tick.
    Tick,
    /// A line.
    Line,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    pub kind: Kind,
    pub name: &'static str,
    pub label: String,
    pub hint: String,
    pub value: String,
    pub error: String,
    pub options: Vec<Choice>,
    pub required: bool,
}

/// The form of one act.
#[derive(Debug, Clone)]
pub struct ActForm {
    pub action: &'static str,
    pub title: String,
    pub danger: bool,
    pub fields: Vec<Field>,
}

/// Whether an act needs nothing more than its button.
pub const fn is_button(action: Action) -> bool {
    matches!(
        action,
        Action::Acknowledge
            | Action::Approve
            | Action::Lift
            | Action::Chase
            | Action::Confirm
            | Action::ConfirmWithdrawal
            | Action::Release
            | Action::Send
    )
}

/// Whether an act takes something away.
pub const fn is_danger(action: Action) -> bool {
    matches!(action, Action::Decline | Action::Withdraw | Action::End | Action::Void | Action::Expire | Action::RequestWithdrawal)
}

/// What is asked for, in the order of the page.
struct Builder<'a> {
    locale: Locale,
    form: &'a FormState,
    fields: Vec<Field>,
}

impl Builder<'_> {
    fn add(&mut self, kind: Kind, name: &'static str, label: &str, required: bool) -> &mut Field {
        self.fields.push(Field {
            kind,
            name,
            label: say(self.locale, &format!("referral.field.{label}")),
            hint: String::new(),
            value: self.form.value(name).to_owned(),
            error: self.form.fault(name).to_owned(),
            options: Vec::new(),
            required,
        });
        let last = self.fields.len() - 1;
        &mut self.fields[last]
    }

    fn choice(&mut self, kind: Kind, name: &'static str, label: &str, root: &str, codes: &[&'static str]) {
        let locale = self.locale;
        let options = self.form.options(name, codes.iter().map(|code| (*code, say(locale, &format!("referral.{root}.{code}")))));
        self.add(kind, name, label, true).options = options;
    }

    fn note(&mut self, label: &str, hint: &str, required: bool) {
        let hint = say(self.locale, &format!("referral.field.{hint}"));
        self.add(Kind::Words, "note", label, required).hint = hint;
    }

    fn default_day(&mut self, name: &'static str, default: Date) {
        let hint = t!("referral.field.default_day", locale = self.locale.tag(), day = day(default, self.locale)).into_owned();
        self.add(Kind::Day, name, name, false).hint = hint;
    }
}

/// The days that count where the provider says none: first contact, first service.
#[derive(Debug, Clone, Copy)]
pub struct Defaults {
    pub contact_day: Date,
    pub promised_day: Date,
}

/// The form of an act.
pub fn form_of(action: Action, by_phone: bool, full: bool, days: Defaults, form: &FormState, locale: Locale) -> ActForm {
    let mut builder = Builder { locale, form, fields: Vec::new() };
    let b = &mut builder;
    if by_phone {
        b.add(Kind::Line, "spoke_with", "spoke_with", true);
        let hint = say(locale, "referral.field.spoke_hint");
        b.add(Kind::Line, "spoke_at", "spoke_at", true).hint = hint;
    }
    match action {
        Action::Ask => b.note("question", "note_before", true),
        Action::Answer => b.note("note", "note_before", true),
        Action::Return => b.note("remark", "note_sealed", true),
        Action::Dispute | Action::Reopen | Action::Void => b.note("note", "note_sealed", true),
        Action::Expire => b.note("note", "note_sealed", false),
        Action::Accept => {
            b.default_day("contact_day", days.contact_day);
            b.default_day("promised_day", days.promised_day);
            if full {
                b.add(Kind::Tick, "override_full", "override_full", false);
            }
        }
        Action::Waitlist => {
            b.add(Kind::Day, "expected_day", "expected_day", true);
            b.add(Kind::Number, "position", "position", false);
        }
        Action::Decline => {
            b.choice(Kind::Radios, "reason", "reason", "decline", &names(Decline::ALL, |reason| reason.name()));
            b.note("note", "note_sealed", false);
        }
        Action::Withdraw | Action::RequestWithdrawal => {
            b.choice(Kind::Radios, "reason", "reason", "withdraw", &names(Withdraw::ALL, |reason| reason.name()));
            b.note("note", "note_sealed", false);
        }
        Action::Hold => {
            let people: Vec<Hold> = Hold::ALL.iter().copied().filter(|reason| *reason != Hold::Consent).collect();
            b.choice(Kind::Radios, "reason", "reason", "hold", &names(&people, |reason| reason.name()));
            b.add(Kind::Day, "until", "until", true);
            b.note("note", "note_sealed", false);
        }
        Action::Serve => {
            b.choice(Kind::Radios, "record", "record", "record", &names(Record::ALL, |record| record.name()));
            b.add(Kind::Day, "day", "day", false);
            b.add(Kind::Number, "units", "units", false);
            b.note("note", "note_sealed", false);
        }
        Action::Engage => {
            b.choice(Kind::Radios, "engagement", "engagement", "engagement", &names(Engagement::ALL, |one| one.name()));
            b.note("note", "note_sealed", false);
        }
        Action::Report => {
            b.choice(Kind::Radios, "outcome", "outcome", "outcome", &names(Outcome::ALL, |outcome| outcome.name()));
            b.choice(Kind::Select, "next_step", "next_step", "next_step", &names(NextStep::ALL, |next| next.name()));
            b.add(Kind::Day, "from_day", "from_day", false);
            b.add(Kind::Day, "to_day", "to_day", false);
            b.add(Kind::Number, "units", "units", false);
            b.note("unmet", "note_sealed", false);
        }
        Action::End => {
            b.choice(Kind::Radios, "reason", "reason", "end", &names(End::ALL, |reason| reason.name()));
            b.add(Kind::Number, "tries", "tries", false);
            b.add(Kind::Number, "tried_days", "tried_days", false);
            b.note("note", "note_sealed", false);
        }
        Action::Close => {
            b.choice(Kind::Radios, "outcome", "outcome", "outcome", &names(Outcome::ALL, |outcome| outcome.name()));
            b.choice(Kind::Radios, "verified_by", "verified_by", "verified_by", &names(VerifiedBy::ALL, |by| by.name()));
            b.choice(Kind::Select, "method", "method", "method", &names(Method::ALL, |method| method.name()));
            b.add(Kind::Day, "day", "day", false);
            b.add(Kind::Number, "satisfaction", "satisfaction", false);
            b.note("note", "note_sealed", false);
        }
        _ => {}
    }
    ActForm {
        action: action.name(),
        title: say(locale, &format!("referral.action.{}", action.name())),
        danger: is_danger(action),
        fields: builder.fields,
    }
}

fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| name(*one)).collect()
}
