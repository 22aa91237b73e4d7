//! 服务详情: every fact with its day and source; and the card that is printed for a family.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use lianjie_index::entry::{Audience, Level, Mark, Shown};
use rust_i18n::t;
use serde::Deserialize;

use crate::access::{Action, decide, may_anywhere};
use crate::api::Query;
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::ServiceId;
use crate::organization::model::Status;
use crate::search::actions::{self, Seen};
use crate::search::card::{self, CardBody};
use crate::search::store::Confirmation;
use crate::search::words::{Words, name_of};
use crate::service::law::all_decided;
use crate::web::{Choice, FormState, Html, Page, Visit, square};

/// A confirmation in words.
struct Confirmed {
    what: String,
    source: String,
    day: String,
    until: String,
    stale: bool,
}

/// Text that waits to be checked.
struct Waiting {
    name: Option<String>,
    description: Option<String>,
    eligibility: Option<Vec<String>>,
}

/// A location with what is said beside it.
struct Place {
    number: usize,
    heading: String,
    areas: String,
    features: String,
    free: Option<(u32, u32, String)>,
    refer: String,
    site: card::SiteBody,
}

#[derive(Template)]
#[template(path = "search/html/service.html")]
#[expect(clippy::struct_excessive_bools, reason = "what the template shows or does not")]
struct ServicePage {
    page: Page,
    form: FormState,
    card: CardBody,
    standing: Vec<(&'static str, String)>,
    waiting: Option<Waiting>,
    places: Vec<Place>,
    undrawn: usize,
    focus: String,
    refer: String,
    assured: String,
    /// By whom and how, for those who see the entry from inside.
    assured_by: String,
    fee: String,
    verified_until: String,
    wait: String,
    program: String,
    practitioner: Option<(String, String)>,
    history: Vec<Confirmed>,
    /// Where it went, and the name of that, where it was merged.
    went_into: Option<(String, String)>,
    /// Of one's own entry: what is said above a preview, and whether one can be asked for.
    preview: String,
    previews: bool,
    /// Whether the person may write it.
    edits: bool,
    works: bool,
    suggests: bool,
    facts: Vec<Choice>,
    on_holidays: bool,
    /// Whether the person keeps lists.
    keeps: bool,
    delivery: String,
    languages: String,
}

impl ServicePage {
    /// Who pays, how often, until when.
    fn fee_terms(&self, fee: &card::FeeRowBody) -> String {
        let tag = self.page.locale;
        let quota = fee.quota.map(|count| t!("search.quota", locale = tag, count = count).into_owned());
        let until = fee.valid_to.as_ref().map(|day| t!("search.valid_to", locale = tag, day = day).into_owned());
        let parts = [Some(fee.payer.clone()).filter(|payer| !payer.is_empty()), quota, until];
        parts.into_iter().flatten().collect::<Vec<_>>().join(self.page.locale().pick("，", ", "))
    }
}

/// What can be said to be wrong.
const FACTS: [&str; 9] = ["phones", "schedule", "address", "fees", "eligibility", "places", "wait_days", "description", "existence"];

async fn seen(app: &App, visit: &Visit, id: &str) -> Result<Seen> {
    let id = ServiceId::parse(id).map_err(|_| Error::missing("service", id))?;
    actions::service(app, &visit.actor, &id).await
}

/// How it is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct As {
    /// `worker`: an organization looks at its own entry as workers see it.
    r#as: String,
}

/// A service.
pub async fn service(State(app): State<Arc<App>>, visit: Visit, Path(id): Path<String>, Query(how): Query<As>) -> Result<Response> {
    let seen = match seen(&app, &visit, &id).await {
        Err(missing @ Error::Missing { .. }) => return moved(&app, &visit, &id, missing).await,
        seen => seen?,
    };
    let words = Words::of(&app, visit.locale);
    if how.r#as != "worker" || !seen.own {
        let mut page = service_page(&app, &visit, &seen, &words);
        page.previews = seen.own;
        return Ok(Html(page).into_response());
    }
    let found = actions::is_found_by_workers(&seen, app.today());
    let seen = Seen { own: false, works: true, ..seen };
    let mut page = service_page(&app, &visit, &seen, &words);
    let key = if found { "search.preview" } else { "search.preview_hidden" };
    page.preview = t!(key, locale = visit.locale.tag()).into_owned();
    // A preview is looked at, not worked with.
    (page.works, page.suggests, page.edits) = (false, false, false);
    Ok(Html(page).into_response())
}

/// An old link to a service that was merged leads to the one it went into.
async fn moved(app: &App, visit: &Visit, id: &str, missing: Error) -> Result<Response> {
    let Ok(id) = ServiceId::parse(id) else { return Err(missing) };
    match actions::successor(&mut *app.store.read().await?, &visit.actor, &id, app.today()).await? {
        Some((into, _)) => Ok(Redirect::to(&format!("/services/{into}")).into_response()),
        None => Err(missing),
    }
}

fn service_page(app: &App, visit: &Visit, seen: &Seen, words: &Words) -> ServicePage {
    let tag = visit.locale.tag();
    let (service, organization) = (&seen.whole.service, &seen.whole.organization);
    let card = card::of(seen, words, &actions::moment_at(app, seen));
    let inside = seen.own || seen.works;
    let refers = may_anywhere(&visit.actor, Action::Refer)
        && seen.offering.visibility(words.today).matching
        && all_decided(&service.terms).is_none();
    let refer = |site: &str| if refers { format!("/referrals/new?service_at_location={site}") } else { String::new() };
    let places: Vec<Place> = (1..)
        .zip(&card.sites)
        .map(|(number, site)| place(number, site, refer(&site.service_at_location), app.periods.get().places, words))
        .collect();
    let mut counties: Vec<&str> = card.sites.iter().filter_map(|site| site.county.as_deref()).collect();
    counties.sort_unstable();
    counties.dedup();
    let program = seen.whole.program.as_ref().map(|program| {
        t!("search.program_line", locale = tag, name = program.name, funder = program.funder, day = program.to).into_owned()
    });
    let practitioner = seen.whole.practitioner.as_ref().filter(|person| person.listed).map(|person| {
        let until = person.licence_until.map(|day| t!("search.licence_until", locale = tag, day = day).into_owned());
        (person.name.clone(), until.unwrap_or_default())
    });
    ServicePage {
        page: Page::new(visit, &*card.name),
        preview: String::new(),
        went_into: seen.went_into.as_ref().map(|(id, name)| (id.to_string(), name.clone())),
        previews: false,
        edits: decide(&visit.actor, Action::EditDirectory, organization).is_allowed(),
        form: FormState::new(),
        standing: standing(seen, inside, words),
        waiting: waiting(seen, &card, words).filter(|_| inside),
        undrawn: card.sites.iter().filter(|site| site.longitude.is_none()).count(),
        focus: counties.join(","),
        refer: places.first().map(|place| place.refer.clone()).filter(|_| places.len() == 1).unwrap_or_default(),
        places,
        fee: words.fee(&seen.whole.fees, &Audience::Hardship).map(|(_, text)| text).unwrap_or_default(),
        assured: service.assured_at.map_or_else(
            || t!("search.never_confirmed", locale = tag).into_owned(),
            |day| dated(words.day(day), day, app.periods.get().existence, words),
        ),
        assured_by: assured_by(seen, words).filter(|_| inside).unwrap_or_default(),
        verified_until: organization
            .verified_until
            .filter(|_| card.verified)
            .map(|day| t!("search.verified_until", locale = tag, day = day).into_owned())
            .unwrap_or_default(),
        wait: service.wait_days.map_or_else(
            || t!("search.wait_unstated", locale = tag).into_owned(),
            |days| t!("search.wait_days", locale = tag, count = days).into_owned(),
        ),
        program: program.unwrap_or_default(),
        practitioner,
        history: if inside { history(seen, words) } else { Vec::new() },
        works: inside,
        suggests: may_anywhere(&visit.actor, Action::SuggestChange),
        facts: FACTS.map(|fact| Choice { value: fact.into(), label: words.word("wrong_fact", fact), ..Choice::default() }).into(),
        on_holidays: service.schedule.open_on_holidays,
        keeps: may_anywhere(&visit.actor, Action::KeepShortlist),
        delivery: words.list(card.delivery.iter().cloned()),
        languages: words.list(card.languages.iter().cloned()),
        card,
    }
}

fn place(number: usize, site: &card::SiteBody, refer: String, holds: i64, words: &Words) -> Place {
    let tag = words.locale.tag();
    let heading = match (site.name.is_empty(), site.confidential) {
        (false, _) => site.name.clone(),
        (true, true) => t!("search.address_hidden", locale = tag).into_owned(),
        (true, false) => t!("search.no_location", locale = tag).into_owned(),
    };
    let areas =
        if site.areas.is_empty() { t!("search.areas_unstated", locale = tag).into_owned() } else { words.list(site.areas.iter().cloned()) };
    let day = |as_of: &str| {
        let Ok(at) = as_of.parse() else { return String::new() };
        dated(t!("search.as_of", locale = tag, day = words.day_of(at)).into_owned(), clock::day(at), holds, words)
    };
    Place {
        number,
        heading,
        areas,
        features: words.list(site.accessibility.iter().cloned()),
        free: site.places.as_ref().map(|places| (places.free, places.capacity, day(&places.as_of))),
        refer,
        site: site.clone(),
    }
}

/// What must be known before anything else, most serious first: tone and sentence.
#[must_use]
pub fn standing(seen: &Seen, inside: bool, words: &Words) -> Vec<(&'static str, String)> {
    let organization = &seen.whole.organization;
    let visibility = seen.offering.visibility(words.today);
    let say = |key: &str| t!(format!("search.standing.{key}"), locale = words.locale.tag()).into_owned();
    let dated = |key: &str, day: Date| say(key).replace("%{day}", &day.to_string());
    let mut said = Vec::new();
    if let Some(why) = all_decided(&seen.whole.service.terms) {
        said.push(("info", t!(format!("conflict.{why}"), locale = words.locale.tag()).into_owned()));
    }
    match organization.status {
        Status::Draft => said.push(("warn", say("draft"))),
        Status::Suspended => said.push(("bad", say("suspended"))),
        Status::Closed => said.push(("bad", say("closed"))),
        Status::Pending | Status::Verified if !organization.listed => said.push(("warn", say("unlisted"))),
        Status::Pending | Status::Verified => {}
    }
    match visibility.search {
        Shown::Marked(Mark::Pending) => said.push(("warn", say("pending"))),
        Shown::Marked(Mark::Inactive) => said.push(("warn", say("inactive"))),
        Shown::Marked(Mark::LicenceLapsed) => said.push(("bad", say("licence_lapsed"))),
        Shown::Marked(Mark::DoNotRefer) => said.push(("bad", say("do_not_refer"))),
        Shown::Marked(Mark::Edited) if inside => said.push(("info", say("edited"))),
        Shown::Marked(Mark::ProgramOver) => {
            if let Some(program) = &seen.whole.program {
                said.push(("warn", dated("program_over", program.to).replace("%{program}", &program.name)));
            }
        }
        _ => {}
    }
    if let Some(until) = organization.verified_until.filter(|_| visibility.verification_expired) {
        said.push(("warn", dated("expired", until)));
    }
    match visibility.level {
        Level::Public => {}
        Level::Workers => said.push(("info", say("workers"))),
        Level::Restricted => said.push(("warn", say("restricted"))),
    }
    said
}

/// What is said of a day, with that it is to be confirmed where it no longer holds.
fn dated(said: String, day: Date, holds: i64, words: &Words) -> String {
    let stale = day.saturating_add(jiff::ToSpan::days(holds)) < words.today;
    if stale { t!("search.to_confirm", locale = words.locale.tag(), day = said).into_owned() } else { said }
}

/// What was edited since a registrar saw it.
fn waiting(seen: &Seen, card: &CardBody, words: &Words) -> Option<Waiting> {
    let service = &seen.whole.service;
    let checked = service.checked.as_ref().filter(|_| service.unchecked)?;
    let eligibility = card::requirements(service.eligibility.as_ref(), words);
    Some(Waiting {
        name: (service.name != checked.name).then(|| service.name.clone()),
        description: (service.description != checked.description).then(|| service.description.clone()),
        eligibility: (eligibility != card.eligibility).then_some(eligibility),
    })
}

fn history(seen: &Seen, words: &Words) -> Vec<Confirmed> {
    let tag = words.locale.tag();
    let told = |one: &Confirmation| {
        let stale = one.changed || clock::day(one.expires_at) < words.today;
        let key = match (one.changed, stale) {
            (true, _) => "search.changed_since",
            (false, true) => "search.gone_stale",
            (false, false) => "search.still_fresh",
        };
        Confirmed {
            what: words.word("fact", &one.field),
            source: told_by(one, words),
            day: clock::day(one.at).to_string(),
            until: t!(key, locale = tag, day = clock::day(one.expires_at)).into_owned(),
            stale,
        }
    };
    seen.confirmations.iter().map(told).collect()
}

/// By whom and how the entry was confirmed on the day that it says; unknown of one that came in with its day.
fn assured_by(seen: &Seen, words: &Words) -> Option<String> {
    let day = seen.whole.service.assured_at?;
    let check = seen.confirmations.iter().find(|one| one.field == "existence" && clock::day(one.at) == day)?;
    Some(told_by(check, words))
}

/// Who said so, how, and who spoke where somebody was called.
fn told_by(one: &Confirmation, words: &Words) -> String {
    let (method, spoke) = one.method.split_once(" · ").unwrap_or((&one.method, ""));
    // An import knows of no other way than that it came in.
    let how = if method == one.source { String::new() } else { words.word("method", method) };
    let there = one.said.as_ref().map(|(source, method)| {
        let said = format!("{} · {}", words.word("source", source), words.word("method", method));
        t!("search.said_there", locale = words.locale.tag(), said = said).into_owned()
    });
    let parts = [words.word("source", &one.source).as_str(), &how, spoke, &there.unwrap_or_default()].map(str::to_owned);
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[derive(Template)]
#[template(path = "search/html/card.html")]
struct CardPage {
    page: Page,
    card: CardBody,
    back: String,
    printed: String,
    fees: Vec<String>,
    hours: Vec<String>,
    places: Vec<String>,
    eligibility: String,
    documents: String,
    phones: String,
    level: String,
    /// The square code of the page, where the family may open it.
    square: String,
}

/// The card to hand to a family.
pub async fn card(State(app): State<Arc<App>>, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let seen = seen(&app, &visit, &id).await?;
    let words = Words::of(&app, visit.locale);
    let tag = visit.locale.tag();
    let card = card::of(&seen, &words, &actions::moment_at(&app, &seen));
    let level = name_of(seen.offering.visibility(words.today).level);
    let page = CardPage {
        page: Page::titled(&visit, "search.card.title"),
        back: format!("/services/{}", card.id),
        printed: t!("search.card.from", locale = tag, day = app.today()).into_owned(),
        fees: card.fee_lines(),
        hours: card.hour_lines(words.locale),
        places: card.place_lines(visit.locale),
        eligibility: card.eligibility.join(visit.locale.pick("；", "; ")),
        documents: words.list(card.documents.iter().cloned()),
        // It leaves the house: a private mobile number stays.
        phones: words.list(seen.whole.organization.public_phones()),
        square: if level == "public" { square(&format!("{}/services/{}", app.config.url, card.id), 132)? } else { String::new() },
        level,
        card,
    };
    Ok(Html(page).into_response())
}
