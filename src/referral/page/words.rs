//! Words for states, days and clocks.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use lianjie_index::Language;
use rust_i18n::t;

use super::super::model::{Brief, Flag, State, Timer};
use crate::app::App;
use crate::clock;
use crate::locale::Locale;

/// The text of a key that is put together.
pub fn say(locale: Locale, key: &str) -> String {
    t!(key, locale = locale.tag()).into_owned()
}

/// The name of a taxonomy leaf.
pub fn term(app: &App, code: &lianjie_index::TermCode, locale: Locale) -> String {
    let language = match locale {
        Locale::Zh => Language::Zh,
        Locale::En => Language::En,
    };
    app.vocabulary.get().name(code, language)
}

/// The tone of a state's badge.
pub const fn tone(state: State) -> &'static str {
    match state {
        State::Draft | State::Queued | State::Withdrawn | State::Superseded | State::Voided => "",
        State::PendingApproval | State::NeedsInfo | State::Waitlisted => "warn",
        State::Sent | State::Acknowledged | State::Reported => "info",
        State::Accepted | State::InService | State::Closed => "ok",
        State::Declined | State::Expired | State::Ended => "bad",
    }
}

/// A badge: label and tone.
#[derive(Debug, Clone)]
pub struct Mark {
    pub label: String,
    pub tone: &'static str,
}

/// The badges beside a state.
pub fn marks(flags: &[Flag], on_hold: bool, locale: Locale) -> Vec<Mark> {
    let mut found = Vec::new();
    if on_hold {
        found.push(Mark { label: say(locale, "referral.flag.on_hold"), tone: "warn" });
    }
    for flag in flags {
        let (key, tone) = match flag {
            Flag::Unverified => ("unverified", "warn"),
            Flag::ConsentBlocked => ("consent_blocked", "bad"),
            Flag::OnAgenda => ("on_agenda", "plain"),
            Flag::ToConfirm => ("to_confirm", "warn"),
            Flag::WithdrawalRequested => ("withdrawal_requested", "warn"),
        };
        found.push(Mark { label: say(locale, &format!("referral.flag.{key}")), tone });
    }
    found
}

/// A day with its weekday: 11-30 星期一.
pub fn day(day: Date, locale: Locale) -> String {
    let weekday = match day.weekday() {
        Weekday::Monday => 1,
        Weekday::Tuesday => 2,
        Weekday::Wednesday => 3,
        Weekday::Thursday => 4,
        Weekday::Friday => 5,
        Weekday::Saturday => 6,
        Weekday::Sunday => 7,
    };
    format!("{} {}", day.strftime("%m-%d"), say(locale, &format!("today.weekday.{weekday}")))
}

/// A moment in China: 11-30 星期一 16:00. The end of a day is said as 24:00 of that day.
pub fn moment(at: Timestamp, locale: Locale) -> String {
    let at = at.to_zoned_datetime(clock::zone());
    if at.hour() == 0 && at.minute() == 0 {
        return format!("{} 24:00", day(at.date().yesterday().unwrap_or(at.date()), locale));
    }
    format!("{} {:02}:{:02}", day(at.date(), locale), at.hour(), at.minute())
}

/// When something happened: 11-25 09:12.
pub fn stamp(at: Timestamp) -> String {
    at.to_zoned_datetime(clock::zone()).strftime("%m-%d %H:%M").to_string()
}

/// A length of time in the largest unit that says enough.
pub fn length(seconds: i64, locale: Locale) -> String {
    let (key, count) = match seconds {
        s if s >= 48 * 3600 => ("days", s / 86_400),
        s if s >= 3600 => ("hours", s / 3600),
        s => ("minutes", (s / 60).max(1)),
    };
    t!(format!("referral.{key}"), locale = locale.tag(), count = count).into_owned()
}

/// A clock: what is due, until when, how long it still is, whether it is late.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    pub what: String,
    pub at: String,
    pub left: String,
    pub is_late: bool,
    pub is_today: bool,
}

/// What a timer waits for: T10 is for approving, answering or the turn in a cascade.
pub fn waited_for(timer: Timer, state: State, locale: Locale) -> String {
    let key = match (timer, state) {
        (Timer::T10, State::PendingApproval) => "approve",
        (Timer::T10, State::NeedsInfo) => "answer",
        (timer, _) => timer.name(),
    };
    say(locale, &format!("referral.timer.{key}"))
}

/// The clock of a due time.
pub fn clock_of(due: Option<(Timestamp, Timer)>, state: State, now: Timestamp, locale: Locale) -> Clock {
    let Some((at, timer)) = due else { return Clock::default() };
    let seconds = at.duration_since(now).as_secs();
    let is_late = seconds < 0;
    let time = length(seconds.abs(), locale);
    let key = if is_late { "referral.late" } else { "referral.left" };
    Clock {
        what: waited_for(timer, state, locale),
        at: t!("referral.before", locale = locale.tag(), at = moment(at, locale)).into_owned(),
        left: t!(key, locale = locale.tag(), time = time).into_owned(),
        is_late,
        is_today: !is_late && clock::day(at) == clock::day(now),
    }
}

/// A label with its words.
#[derive(Debug, Clone)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

impl Fact {
    /// A fact of a key.
    pub fn of(locale: Locale, key: &str, value: impl Into<String>) -> Self {
        Self { label: say(locale, key), value: value.into() }
    }
}

/// What a brief says, line by line; what is empty is left out.
pub fn brief(app: &App, brief: &Brief, tier: u8, locale: Locale) -> Vec<Fact> {
    let name = |root: &str, code: &str| say(locale, &format!("referral.{root}.{code}"));
    let sex = brief.sex.and_then(|sex| serde_json::to_value(sex).ok()).and_then(|sex| sex.as_str().map(|code| name("sex", code)));
    let band = brief.age_band.as_ref().map(|band| t!("referral.brief.age_band_value", locale = locale.tag(), band = band).into_owned());
    [
        ("alias", brief.alias.clone()),
        ("age_band", band.unwrap_or_default()),
        ("sex", sex.unwrap_or_default()),
        ("township", app.divisions.get().full_name(&brief.township)),
        ("term", term(app, &brief.term, locale)),
        ("tier", name("tier", &tier.to_string())),
        ("languages", brief.languages.join(locale.pick("、", ", "))),
        ("time_windows", brief.time_windows.clone()),
        ("safety_notes", brief.safety_notes.clone()),
        ("mobility", brief.mobility.clone()),
        ("travel", brief.travel.as_ref().map(|mode| name("travel", mode)).unwrap_or_default()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| Fact::of(locale, &format!("referral.brief.{key}"), value))
    .collect()
}
