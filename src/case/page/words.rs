//! Codes of the case side in the words of a page.

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::{DivisionCode, Language, TermCode};
use rust_i18n::t;

use super::super::model::{Outcome, Sex, State, Tier, name};
use crate::app::App;
use crate::clock;
use crate::locale::Locale;

/// The text of a key made of parts.
#[must_use]
pub fn word(root: &str, code: &str, locale: Locale) -> String {
    t!(format!("{root}.{code}"), locale = locale.tag()).into_owned()
}

/// The index's language of a locale.
pub const fn language(locale: Locale) -> Language {
    match locale {
        Locale::Zh => Language::Zh,
        Locale::En => Language::En,
    }
}

/// A taxonomy term.
#[must_use]
pub fn term(app: &App, code: &TermCode, locale: Locale) -> String {
    app.vocabulary.get().name(code, language(locale))
}

/// A tier.
pub fn tier(tier: Tier, locale: Locale) -> String {
    word("case.tier", &format!("t{}", tier.number()), locale)
}

/// The tone of a need's badge, and the class of its line.
pub const fn need_tone(state: Outcome) -> (&'static str, &'static str) {
    match state {
        Outcome::Open => ("", "is-waiting"),
        Outcome::InDispatch => ("info", "is-waiting"),
        Outcome::BeingServed | Outcome::Met => ("ok", "is-met"),
        Outcome::PartlyMet => ("warn", "is-met"),
        Outcome::NotMet => ("bad", "is-gap"),
        Outcome::NoLongerNeeded => ("plain", ""),
        Outcome::Gap => ("bad", "is-gap"),
    }
}

/// The tone of a case's badge.
pub const fn case_tone(state: State) -> &'static str {
    match state {
        State::Intake => "",
        State::Assessed => "warn",
        State::Active => "info",
        State::FollowUp => "ok",
        State::Closed => "plain",
    }
}

/// A sex.
pub fn sex(sex: Option<Sex>, locale: Locale) -> String {
    sex.map(|sex| word("case.sex_of", &name(&sex), locale)).unwrap_or_default()
}

/// A division with those above it.
pub fn place(app: &App, code: &DivisionCode) -> String {
    app.divisions.get().full_name(code)
}

/// Whole days from an instant to a day, at least 0.
pub fn days(from: Timestamp, today: Date) -> i32 {
    (today - clock::day(from)).get_days().max(0)
}

/// An instant as a person reads it: day, hour, minute in China.
#[must_use]
pub fn instant(at: Timestamp) -> String {
    at.to_zoned_datetime(clock::zone()).strftime("%Y-%m-%d %H:%M").to_string()
}
