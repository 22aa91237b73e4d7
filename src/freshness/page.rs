//! 待核实, and the one screen by which an organization confirms what is listed of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lianjie_index::entry::Fee;
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, APART, Asked, Kind, PAGE, Said, Site};
use super::store::Stale;
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{OrganizationId, ServiceAtLocationId, ServiceId};
use crate::link::page as links;
use crate::locale::Locale;
use crate::organization::model::{Location, LocationType};
use crate::search::Words;
use crate::service::actions as services;
use crate::service::said as said_of;
use crate::web::{Form, FormState, Html, Page, Pager, Tab, Visit, redirect};

fn say(locale: Locale, key: &str) -> String {
    t!(format!("freshness.{key}"), locale = locale.tag()).into_owned()
}

/// A service of which something is old.
struct Row {
    service: String,
    name: String,
    since: String,
}

/// What one call settles: the services of one organization that stand together on the page.
struct Group {
    organization: String,
    name: String,
    place: String,
    phones: Vec<String>,
    rows: Vec<Row>,
    /// Whether it can be asked by mail now.
    mails: bool,
    /// The day on which it was last asked; empty where that is long ago.
    asked: String,
    /// Whose list lacks it, where that is why it is asked.
    lacking: String,
}

#[derive(Template)]
#[template(path = "freshness/html/queue.html")]
struct QueuePage {
    page: Page,
    tabs: Vec<Tab>,
    groups: Vec<Group>,
    pager: Pager,
    back: String,
}

/// Which part.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    kind: String,
    page: Option<usize>,
}

/// What is old, the oldest first.
pub async fn queue(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(which): Query<Which>) -> Result<Response> {
    let (kind, number, locale) = (Kind::of(&which.kind), which.page.unwrap_or(1).max(1), visit.locale);
    let (found, total) = actions::queue(&app, &actor, kind, number).await?;
    let href = |kind: Kind, page: usize| format!("/freshness?kind={}&page={page}", kind.name());
    let (divisions, mail, lately) = (app.divisions.get(), app.config.mail.is_some(), app.now() - APART);
    let row = |stale: &Stale| Row {
        service: stale.service.to_string(),
        name: stale.name.clone(),
        since: match (stale.as_of, stale.assured) {
            (Some(at), _) => clock::day(at).to_string(),
            (None, Some(day)) => day.to_string(),
            (None, None) => say(locale, "never"),
        },
    };
    let group = |of: &[Stale]| {
        let stale = &of[0];
        Group {
            organization: stale.organization.to_string(),
            name: stale.organization_name.clone(),
            place: divisions.name(&stale.division),
            phones: stale.phones.clone(),
            rows: of.iter().map(row).collect(),
            mails: mail && stale.has_mail && stale.asked.is_none_or(|at| at <= lately),
            lacking: stale.lacking.clone().filter(|_| kind == Kind::Doubts).unwrap_or_default(),
            asked: stale.asked.filter(|at| *at > lately).map(|at| clock::day(at).to_string()).unwrap_or_default(),
        }
    };
    let tab = |known: Kind| Tab { href: href(known, 1), label: say(locale, &format!("kind.{}", known.name())), current: known == kind };
    let page = QueuePage {
        page: Page::titled(&visit, "freshness.title"),
        tabs: Kind::ALL.map(tab).into(),
        groups: found.chunk_by(|one, other| one.organization == other.organization).map(group).collect(),
        pager: Pager::of(number, total, PAGE, |page| href(kind, page)),
        back: href(kind, number),
    };
    Ok(Html(page).into_response())
}

/// Makes a link and shows it, once.
pub async fn make(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    _form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let id = OrganizationId::parse(&id).map_err(|_| Error::missing("organization", &id))?;
    let made = actions::make(&app, &actor, &id).await?;
    links::made(&app, &visit, "/freshness", &made)
}

/// Where one came from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Back {
    back: String,
}

impl Back {
    fn page(&self) -> &str {
        if self.back.starts_with("/freshness") { &self.back } else { "/freshness" }
    }
}

/// Asks an organization by mail.
pub async fn mail(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, form: Form<Back>) -> Result<Response> {
    let id = OrganizationId::parse(&id).map_err(|_| Error::missing("organization", &id))?;
    actions::mail(&app, &actor, &id).await?;
    redirect(form.value.page(), Some("confirmation_asked"))
}

/// The services that a call has settled.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Settled {
    service: Vec<String>,
    back: String,
}

/// All that stands together of an organization still holds.
pub async fn holds(State(app): State<Arc<App>>, actor: Actor, form: Form<Settled>) -> Result<Response> {
    let id = |text: &String| ServiceId::parse(text).map_err(|_| Error::missing("service", text));
    let ids = form.value.service.iter().map(id).collect::<Result<Vec<_>>>()?;
    services::confirm_all(&app, &actor, &ids, "phone").await?;
    redirect(Back { back: form.value.back.clone() }.page(), Some("service_confirmed"))
}

/// Nobody was reached.
pub async fn unreached(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, form: Form<Back>) -> Result<Response> {
    let id = ServiceId::parse(&id).map_err(|_| Error::missing("service", &id))?;
    let hidden = services::unreached(&app, &actor, &id).await?;
    redirect(form.value.page(), Some(if hidden { "service_hidden" } else { "unreached_noted" }))
}

/// Where a service is given, with its places where they are posted.
struct Place {
    site: String,
    name: String,
    /// How many are free, of how many, and since when that is known.
    said: String,
    /// How many are free; empty where that was never posted.
    free: String,
}

struct Entry {
    id: String,
    name: String,
    terms: String,
    assured: String,
    hours: String,
    fees: String,
    places: Vec<Place>,
}

#[derive(Template)]
#[template(path = "freshness/html/link.html")]
struct LinkPage {
    page: Page,
    form: FormState,
    token: String,
    state: String,
    organization: String,
    phones: String,
    entries: Vec<Entry>,
}

/// What a service costs whom, in short.
fn fees(words: &Words, fees: &[Fee]) -> String {
    let holds = fees.iter().filter(|fee| fee.valid_to.is_none_or(|day| words.today <= day));
    let said =
        holds.map(|fee| format!("{} {} {}", words.audience(&fee.audience), words.level(fee.level), words.amount(fee)).trim().to_owned());
    said.collect::<Vec<_>>().join(words.locale.pick("；", "; "))
}

fn place(site: &Site, locale: Locale) -> Place {
    // Where a refuge is, and what the house is called, stands on no page that opens without a log-in.
    let named = |location: &Location| match location.location_type {
        LocationType::Redacted => t!("search.address_hidden", locale = locale.tag()).into_owned(),
        _ => format!("{} {}", location.name, location.address).trim().to_owned(),
    };
    let name = site.location.as_ref().map(named);
    let said = site.place.as_ref().map(|place| {
        let (free, day) = (place.free(), clock::day(place.as_of));
        t!("freshness.places", locale = locale.tag(), free = free, capacity = place.capacity, day = day).into_owned()
    });
    Place {
        site: site.site.id.to_string(),
        name: name.unwrap_or_else(|| say(locale, "no_location")),
        said: said.unwrap_or_else(|| say(locale, "no_places")),
        free: site.place.as_ref().map(|place| place.free().to_string()).unwrap_or_default(),
    }
}

fn entry(app: &App, asked: &Asked, locale: Locale) -> Entry {
    let (service, words) = (&asked.service, Words::of(app, locale));
    let terms: Vec<String> = service.terms.iter().map(|term| words.term(term)).collect();
    let week = serde_json::to_value(&service.schedule).unwrap_or_default();
    let unsaid = |text: String| if text.is_empty() { say(locale, "unsaid") } else { text };
    Entry {
        id: service.id.to_string(),
        name: service.name.clone(),
        terms: terms.join(locale.pick("、", ", ")),
        assured: service.assured_at.map_or_else(|| say(locale, "never"), |day| day.to_string()),
        hours: if service.schedule.weekly.is_empty() { say(locale, "unsaid") } else { said_of(app, locale, "schedule", &week) },
        fees: unsaid(fees(&words, &asked.fees)),
        places: asked.sites.iter().map(|site| place(site, locale)).collect(),
    }
}

async fn screen(app: &App, visit: &Visit, token: String, form: FormState) -> Result<LinkPage> {
    let (_, organization, asked) = actions::opened(app, &token).await?;
    let locale = visit.locale;
    let state = actions::state(&organization, &asked);
    Ok(LinkPage {
        page: Page::titled(visit, "link.title.confirmation"),
        phones: if organization.phones.is_empty() { say(locale, "unsaid") } else { organization.phones.join(locale.pick("、", ", ")) },
        organization: organization.name,
        entries: asked.iter().map(|asked| entry(app, asked, locale)).collect(),
        state,
        form,
        token,
    })
}

/// The one screen. Looking at it confirms nothing: what follows links by itself taps no button.
pub async fn show(State(app): State<Arc<App>>, visit: Visit, Path(token): Path<String>) -> Result<Response> {
    Ok(Html(screen(&app, &visit, token, FormState::new()).await?).into_response())
}

/// An answer as tapped.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Tapped {
    /// `all`, `holds`, `free`, `changed`.
    #[serde(rename = "do")]
    what: String,
    service: String,
    site: String,
    free: String,
    changed: String,
    /// What the screen showed.
    state: String,
}

fn said(tapped: &Tapped) -> Result<Said> {
    let service = || ServiceId::parse(&tapped.service).map_err(|_| Error::missing("service", &tapped.service));
    match tapped.what.as_str() {
        "all" => Ok(Said::All),
        "holds" => Ok(Said::Holds(service()?)),
        "free" => {
            let site = ServiceAtLocationId::parse(&tapped.site).map_err(|_| Error::missing("service", &tapped.site))?;
            let free = tapped.free.trim().parse().map_err(|_| Error::invalid("free", "free_count"))?;
            Ok(Said::Free(site, free))
        }
        _ if tapped.changed.trim().is_empty() => Err(Error::invalid("changed", "required")),
        _ => Ok(Said::Changed(service()?, tapped.changed.trim().to_owned())),
    }
}

/// Takes an answer.
pub async fn answer(State(app): State<Arc<App>>, visit: Visit, Path(token): Path<String>, form: Form<Tapped>) -> Result<Response> {
    let done = match said(&form.value) {
        Ok(said) => actions::answer(&app, &token, &said, &form.value.state).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(true) => redirect("/c/done", None),
        Ok(false) => redirect(&format!("/c/{token}"), Some("confirmation_noted")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(screen(&app, &visit, token, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// All was confirmed.
pub async fn done(visit: Visit) -> Response {
    links::done(&visit, say(visit.locale, "done"))
}
