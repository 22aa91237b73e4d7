//! The pages of an organization with its services, of 核验, and what they share.

mod feedback;
mod fields;
mod form;
mod history;
mod organization;
mod places;
mod propose;
mod queue;
mod words;

pub use feedback::{confirm, settle, suggest, suggest_organization};
pub use form::{add, edit, new, save};
pub(crate) use history::said;
pub use history::{
    location_versions, organization_versions, practitioner_versions, program_versions, put_back_location, put_back_organization,
    put_back_practitioner, put_back_program, put_back_service, service_versions,
};
pub use organization::{mark, mine, save as save_organization, show, step};
pub use places::{places, post as post_places};
pub use propose::{new as new_proposal, propose};
pub use queue::{check, queue};

use jiff::civil::Date;
use rust_i18n::t;

use super::actions;
use super::model::{Service, Status};
use crate::app::App;
use crate::locale::Locale;
use crate::organization::suggestion::{About, REGISTRARS};

/// A service in a list.
struct Line {
    id: String,
    name: String,
    terms: String,
    /// Badge and its tone.
    standing: String,
    tone: &'static str,
    /// Days left until it must be confirmed anew, of how many; none where it never was.
    fresh: Option<i64>,
    fresh_text: String,
    version: i64,
}

fn line(app: &App, locale: Locale, service: &Service) -> Line {
    let vocabulary = app.vocabulary.get();
    let names: Vec<String> = service.terms.iter().map(|term| vocabulary.name(term, locale.into())).collect();
    let (key, tone) = match service.status {
        Status::Active if service.checked.is_none() => ("unchecked", "warn"),
        Status::Active if service.unchecked => ("edited", "warn"),
        Status::Active => ("active", "ok"),
        Status::Inactive => ("inactive", ""),
        Status::TemporarilyClosed => ("temporarily_closed", ""),
        Status::Defunct => ("defunct", ""),
    };
    let fresh = service.assured_at.map(|day| left(day, app.today(), app.periods.get().hours));
    let fresh_text = match fresh {
        None => t!("service.never_confirmed", locale = locale.tag()).into_owned(),
        Some(days) if days > 0 => t!("service.fresh_days", locale = locale.tag(), count = days).into_owned(),
        Some(_) => t!("service.stale", locale = locale.tag()).into_owned(),
    };
    Line {
        id: service.id.to_string(),
        name: service.name.clone(),
        terms: names.join(locale.pick("、", ", ")),
        standing: t!(format!("service.standing.{key}"), locale = locale.tag()).into_owned(),
        tone,
        fresh,
        fresh_text,
        version: service.version,
    }
}

/// A suggestion to be settled.
struct Said {
    id: String,
    /// What it is about: the service, or the organization.
    thing: String,
    href: String,
    about: String,
    suggested: String,
    day: String,
    /// Whether the actor may settle it.
    settles: bool,
}

fn said_of(app: &App, one: About, settles: bool, locale: Locale) -> Said {
    let About { suggestion, organization, organization_name, service, location } = one;
    let field = suggestion.field.as_str();
    // A list taken in, and a refusal, name the field of the entry; a person says what is wrong.
    let known = location.is_none() && (actions::OF_SERVICE.contains(&field) || (service.is_none() && REGISTRARS.contains(&field)));
    let root = if known { "service.fact" } else { "version.field" };
    Said {
        about: t!(format!("{root}.{field}"), locale = locale.tag()).into_owned(),
        suggested: suggested(app, locale, field, &suggestion.suggested),
        href: if service.is_some() { format!("/services/{}", suggestion.subject) } else { format!("/organizations/{organization}") },
        thing: service.or(location).map_or_else(|| organization_name.clone(), |name| format!("{name} · {organization_name}")),
        day: crate::clock::day(suggestion.at).to_string(),
        id: suggestion.id.to_string(),
        settles,
    }
}

/// What should stand there, in words: of a list taken in it is a stored value, of a refusal its reason.
fn suggested(app: &App, locale: Locale, field: &str, text: &str) -> String {
    let reason = format!("referral.decline.{text}");
    let in_words = t!(reason.as_str(), locale = locale.tag()).into_owned();
    match serde_json::from_str::<serde_json::Value>(text) {
        _ if text.is_empty() => String::new(),
        _ if !in_words.ends_with(&reason) => in_words,
        Ok(value) => said(app, locale, field, &value),
        Err(_) if matches!(field, "terms" | "division" | "kind" | "delivery" | "confidentiality" | "status" | "location_type") => {
            said(app, locale, field, &text.into())
        }
        Err(_) => text.to_owned(),
    }
}

/// Days until a confirmation of `day` is stale; 0 once it is.
fn left(day: Date, today: Date, holds: i64) -> i64 {
    let past = today.duration_since(day).as_hours() / 24;
    (holds - past).clamp(0, holds)
}
