//! What the matcher answers, in the words of a page.

use lianjie_index::Language;
use lianjie_index::matching::answer::{Excluded, Proposed, Reason, WhyNot};
use lianjie_index::rule::Verdict;
use rust_i18n::t;

use crate::app::App;
use crate::locale::Locale;

/// A text of the folder.
#[must_use]
pub fn word(key: &str, locale: Locale) -> String {
    t!(format!("matching.{key}"), locale = locale.tag()).into_owned()
}

/// A share of a thousand as percent.
fn percent(thousandths: u16) -> u16 {
    (thousandths + 5) / 10
}

/// Tenths of a percent, as `4.2`.
#[must_use]
pub fn points(thousandths: u16) -> String {
    format!("{}.{}", thousandths / 10, thousandths % 10)
}

/// Why a service stands where it stands: one line a reason.
#[must_use]
pub fn reasons(service: &Proposed, locale: Locale) -> Vec<String> {
    service.reasons.iter().filter_map(|reason| self::reason(service, reason, locale)).collect()
}

fn reason(service: &Proposed, reason: &Reason, locale: Locale) -> Option<String> {
    let tag = locale.tag();
    let text = match reason {
        Reason::Rules { verdict: Verdict::Yes, .. } => t!("matching.reason.rules_yes", locale = tag),
        Reason::Rules { open, .. } => t!("matching.reason.rules_ask", locale = tag, open = open),
        Reason::Place { free: Some(0), age_days } => t!("matching.reason.place_full", locale = tag, days = age_days.unwrap_or(0)),
        Reason::Place { free: Some(free), age_days } => {
            t!("matching.reason.place_free", locale = tag, free = free, days = age_days.unwrap_or(0))
        }
        Reason::Place { free: None, .. } => t!("matching.reason.place_unposted", locale = tag),
        Reason::Acceptance { answers } if *answers >= 1.0 => {
            t!("matching.reason.accepts", locale = tag, share = percent(service.terms.a), answers = format!("{answers:.0}"))
        }
        Reason::Acceptance { .. } => t!("matching.reason.accepts_usual", locale = tag, share = percent(service.terms.a)),
        Reason::Start { minutes, fee_gap, language_gap } => return start(*minutes, *fee_gap, *language_gap, locale),
        Reason::Completion { endings } if *endings >= 1.0 => {
            t!("matching.reason.completes", locale = tag, share = percent(service.terms.c), endings = format!("{endings:.0}"))
        }
        Reason::Completion { .. } => t!("matching.reason.completes_usual", locale = tag, share = percent(service.terms.c)),
        Reason::Fit { kin } => t!(format!("matching.reason.fit_{kin}"), locale = tag),
        Reason::Delay { days } => t!("matching.reason.delay", locale = tag, days = days),
        Reason::Crossing { what, minutes_more } => t!("matching.reason.crossing", locale = tag, what = what, minutes = minutes_more),
        Reason::VerificationExpired => t!("matching.reason.expired", locale = tag),
        Reason::Serves => t!("matching.reason.serves", locale = tag),
        Reason::Comes => t!("matching.reason.comes", locale = tag),
    };
    Some(text.into_owned())
}

fn start(minutes: Option<u16>, fee_gap: u8, language_gap: bool, locale: Locale) -> Option<String> {
    let tag = locale.tag();
    let mut parts = Vec::new();
    if let Some(minutes) = minutes.filter(|minutes| *minutes > 0) {
        parts.push(t!("matching.reason.minutes", locale = tag, minutes = minutes).into_owned());
    }
    if fee_gap > 0 {
        parts.push(t!("matching.reason.fee_gap", locale = tag).into_owned());
    }
    if language_gap {
        parts.push(t!("matching.reason.language_gap", locale = tag).into_owned());
    }
    (!parts.is_empty()).then(|| parts.join(locale.pick("，", ", ")))
}

/// The way and the time: `3.4 km · 约 25 分钟`.
#[must_use]
pub fn way(service: &Proposed, locale: Locale) -> String {
    let mut parts = Vec::new();
    if let Some(km) = service.km {
        parts.push(format!("{km:.1} km"));
    }
    match service.minutes {
        Some(0) => parts.push(word("no_travel", locale)),
        Some(minutes) => parts.push(t!("matching.minutes", locale = locale.tag(), minutes = minutes).into_owned()),
        None => {}
    }
    if parts.is_empty() { word("way_unknown", locale) } else { parts.join(" · ") }
}

/// The fee for this child.
#[must_use]
pub fn fee(service: &Proposed, locale: Locale) -> String {
    match service.fee_fen {
        Some(0) => word("fee_free", locale),
        Some(fen) => t!("matching.fee_yuan", locale = locale.tag(), yuan = format!("{}.{:02}", fen / 100, fen % 100)).into_owned(),
        None => word("fee_unstated", locale),
    }
}

/// Places as posted, with the day.
#[must_use]
pub fn places(service: &Proposed, locale: Locale) -> String {
    match (service.places.free, service.places.as_of) {
        (Some(free), Some(as_of)) => {
            t!("matching.places_free", locale = locale.tag(), free = free, day = crate::clock::day(as_of)).into_owned()
        }
        _ => word("places_unposted", locale),
    }
}

/// What keeps a service out, and what would have to change.
#[must_use]
pub fn kept_out(excluded: &Excluded, locale: Locale) -> (String, String) {
    let text = format!("{} · {}{}{}", excluded.service.name, excluded.service.organization_name, locale.pick("：", ": "), excluded.wanted);
    let change = match &excluded.relaxation {
        Some(relaxation) => t!("matching.would_do", locale = locale.tag(), change = relaxation.text.clone()).into_owned(),
        None => word("nothing_would_do", locale),
    };
    (text, change)
}

/// Why not this one, in one or two sentences.
#[must_use]
pub fn why_not(app: &App, why: &WhyNot, locale: Locale) -> Vec<String> {
    let tag = locale.tag();
    let language = match locale {
        Locale::Zh => Language::Zh,
        Locale::En => Language::En,
    };
    match why {
        WhyNot::Missing => vec![word("why.missing", locale)],
        WhyNot::NotMatched => vec![word("why.not_matched", locale)],
        WhyNot::OtherTerm { terms } => {
            let vocabulary = app.vocabulary.get();
            let offered: Vec<_> = terms.iter().map(|term| vocabulary.name(term, language)).collect();
            vec![t!("matching.why.other_term", locale = tag, terms = offered.join(locale.pick("、", ", "))).into_owned()]
        }
        WhyNot::TooFar { km } => vec![t!("matching.why.too_far", locale = tag, km = format!("{km:.0}")).into_owned()],
        WhyNot::Forbidden => vec![word("why.forbidden", locale)],
        WhyNot::Avoided => vec![word("why.avoided", locale)],
        WhyNot::Excluded(excluded) => {
            let (_, change) = kept_out(excluded, locale);
            vec![t!("matching.why.excluded", locale = tag, wanted = excluded.wanted.clone()).into_owned(), change]
        }
        WhyNot::Ranked { rank, service, losses } => {
            let first = t!("matching.why.ranked", locale = tag, rank = rank, share = service.natural[4]).into_owned();
            let costs = losses.iter().filter(|(_, loss)| *loss > 0).take(3);
            let costs: Vec<_> = costs.map(|(term, loss)| format!("{} −{}", word(&format!("term.{term}"), locale), points(*loss))).collect();
            let costs = t!("matching.why.losses", locale = tag, costs = costs.join(locale.pick("，", ", "))).into_owned();
            vec![first, costs]
        }
    }
}
