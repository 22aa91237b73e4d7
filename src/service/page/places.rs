//! 空位: what the organization's people post, with one press.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, Posted, Posting, Term, Word};
use super::super::api::site_of;
use super::super::model::Place;
use crate::access::Actor;
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::locale::Locale;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

/// A row of the table.
struct Row {
    key: String,
    site: String,
    service: String,
    location: String,
    term: String,
    term_from: String,
    /// Free, all, taken, held; none where nothing is posted.
    counts: Option<(u32, u32, u32, u32)>,
    as_of: String,
    stale: bool,
    fault: String,
}

/// The rows of one organization.
struct Table {
    organization: String,
    rows: Vec<Row>,
    /// Services at locations a coming term may be posted for.
    sites: Vec<Choice>,
    key: String,
    /// Whether the form of a coming term was the one that was refused; then what was typed, and the faults.
    refused: bool,
    typed: [String; 3],
    faults: [String; 3],
}

#[derive(Template)]
#[template(path = "service/html/places.html")]
struct PlacesPage {
    page: Page,
    form: FormState,
    tables: Vec<Table>,
}

async fn places_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<PlacesPage> {
    let mut tables = Vec::new();
    for (organization, posted) in actions::own_places(app, actor).await? {
        let rows = posted.iter().flat_map(|one| rows_of(app, visit.locale, &form, one)).collect();
        let refused = form.value("new") == "1" && posted.iter().any(|one| one.site.id.as_str() == form.value("site"));
        let sites = posted.iter().map(|one| Choice {
            value: one.site.id.to_string(),
            label: format!("{} · {}", one.service.name, place_of(one, visit.locale)),
            selected: refused && one.site.id.as_str() == form.value("site"),
            hint: String::new(),
            count: 0,
        });
        let key = if refused { form.key.clone() } else { FormState::new().key };
        let typed = ["term_from", "term_to", "free"].map(|field| if refused { form.value(field).to_owned() } else { String::new() });
        let faults = ["term_from", "term_to", "capacity"].map(|field| if refused { form.fault(field).to_owned() } else { String::new() });
        tables.push(Table { organization: organization.name, rows, sites: sites.collect(), key, refused, typed, faults });
    }
    Ok(PlacesPage { page: Page::titled(visit, "nav.places"), form, tables })
}

fn rows_of(app: &App, locale: Locale, form: &FormState, posted: &Posted) -> Vec<Row> {
    let row = |place: Option<&Place>| {
        let from = place.and_then(|place| place.term_from);
        let site = posted.site.id.to_string();
        let term_from = from.map(|day| day.to_string()).unwrap_or_default();
        let meant = form.value("new").is_empty() && form.value("site") == site && form.value("term_from") == term_from;
        let past = place.map_or(0, |place| app.today().duration_since(clock::day(place.as_of)).as_hours() / 24);
        Row {
            // Each row is a form of its own; one that was refused keeps the key it came with.
            key: if meant { form.key.clone() } else { FormState::new().key },
            fault: if meant { form.fault("capacity").to_owned() } else { String::new() },
            site,
            service: posted.service.name.clone(),
            location: place_of(posted, locale),
            term: from.map(|from| term(from, place.and_then(|place| place.term_to))).unwrap_or_default(),
            term_from,
            counts: place.map(|place| (place.free(), place.capacity, place.used, place.held)),
            as_of: place.map(|place| clock::day(place.as_of).to_string()).unwrap_or_default(),
            stale: past > app.periods.get().places,
        }
    };
    if posted.places.is_empty() { vec![row(None)] } else { posted.places.iter().map(|place| row(Some(place))).collect() }
}

fn place_of(posted: &Posted, locale: Locale) -> String {
    posted.location.clone().unwrap_or_else(|| t!("search.no_location", locale = locale.tag()).into_owned())
}

fn term(from: jiff::civil::Date, to: Option<jiff::civil::Date>) -> String {
    to.map_or_else(|| format!("{from} –"), |to| format!("{from} – {to}"))
}

/// The table.
pub async fn places(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    Ok(Html(places_page(&app, &actor, &visit, FormState::new()).await?).into_response())
}

/// One row's form: a button for one more, one less, the number beside it, or nothing changed.
#[derive(Debug, Deserialize)]
pub struct Fields {
    site: String,
    #[serde(default)]
    term_from: String,
    #[serde(default)]
    term_to: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    free: String,
    #[serde(default, rename = "do")]
    what: String,
}

/// Posts places, or gives the table back with the fault in its row.
pub async fn post(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Form { value, typed, key }: Form<Fields>) -> Result<Response> {
    match post_one(&app, &actor, &value, key.as_ref()).await {
        Ok(()) => redirect("/places", Some("places_posted")),
        Err(error) => {
            let form = FormState::refused(typed, error, visit.locale)?;
            Ok(Html(places_page(&app, &actor, &visit, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn post_one(app: &App, actor: &Actor, fields: &Fields, key: Option<&crate::store::Key>) -> Result<()> {
    let posting = match fields.what.as_str() {
        "more" => Posting::By(1),
        "less" => Posting::By(-1),
        "same" => Posting::Same,
        _ => Posting::Free(fields.free.parse().map_err(|_| Error::invalid("capacity", "whole_number"))?),
    };
    let is_new = fields.new == "1";
    let day = |field: &'static str, text: &str| text.parse().map_err(|_| Error::invalid(field, "day_form"));
    let term = match (fields.term_from.as_str(), fields.term_to.as_str()) {
        ("", _) if is_new => return Err(Error::invalid("term_from", "required")),
        (_, "") if is_new => return Err(Error::invalid("term_to", "required")),
        ("", _) => None,
        (from, "") => Some(Term { from: day("term_from", from)?, to: None }),
        (from, to) => Some(Term { from: day("term_from", from)?, to: Some(day("term_to", to)?) }),
    };
    actions::post_places(app, actor, &site_of(&fields.site)?, Word { term, posting, spoke_with: "" }, key).await.map(drop)
}
