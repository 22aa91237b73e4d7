//! The form of a service: new under an organization, and editing.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lianjie_index::TermCode;
use lianjie_index::entry::{Delivery, FeeLevel};
use rust_i18n::t;

use super::super::actions;
use super::super::api::id_of;
use super::super::model::Service;
use super::fields::{AUDIENCES, Old, Typed, WORKDAYS, filled};
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::error::{Error, Result};
use crate::locale::Locale;
use crate::organization;
use crate::organization::api::id_of as organization_id;
use crate::organization::model::Organization;
use crate::organization::store::name_of;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

/// A group of terms.
struct Group {
    label: String,
    terms: Vec<Term>,
    ticked: usize,
}

/// A need that may be ticked, and what people say for it.
struct Term {
    choice: Choice,
    words: String,
}

/// A fee row of the form.
pub(super) struct FeeRow {
    pub field: String,
    pub label: String,
    pub levels: Vec<Choice>,
    pub amount: String,
    pub units: Vec<Choice>,
    pub fault: String,
}

/// A location that may be chosen.
struct SiteRow {
    value: String,
    label: String,
    chosen: bool,
    areas: String,
    fault: String,
}

/// A day of the week.
pub(super) struct Day {
    pub field: String,
    pub label: String,
    pub value: String,
    pub fault: String,
}

#[derive(Template)]
#[template(path = "service/html/form.html")]
struct FormPage {
    page: Page,
    form: FormState,
    organization: Organization,
    action: String,
    back: String,
    version: String,
    /// Whether what is written waits for a registrar before matching uses it.
    waits: bool,
    groups: Vec<Group>,
    programs: Vec<Choice>,
    practitioners: Vec<Choice>,
    delivery: Vec<Choice>,
    languages: Vec<Choice>,
    statuses: Vec<Choice>,
    who: Vec<Choice>,
    categories: Vec<Choice>,
    hukou: Vec<Choice>,
    /// Registrations the form cannot show, carried along.
    hukou_kept: Vec<String>,
    papers: Vec<Choice>,
    diagnoses: Vec<Choice>,
    sites: Vec<SiteRow>,
    fees: Vec<FeeRow>,
    days: Vec<Day>,
    seasons: Vec<Choice>,
    levels: Vec<Choice>,
    /// Whether it is asked with whom of the organization the station spoke.
    behalf: bool,
    /// Whether some service looks like it.
    alike: bool,
}

/// Codes of the papers a rule may ask for.
const PAPERS: [&str; 8] = [
    "disability_certificate",
    "dibao",
    "near_poor",
    "residence_permit",
    "recognition_defacto",
    "diagnosis_report",
    "school_roll",
    "household_register",
];
/// Codes of the diagnoses a rule may ask for.
const DIAGNOSES: [&str; 10] =
    ["visual", "hearing", "speech", "limb", "intellectual", "mental", "autism", "developmental_delay", "adhd", "serious_illness"];

fn words<const N: usize>(form: &FormState, locale: Locale, field: &str, list: &str, codes: [&str; N]) -> Vec<Choice> {
    let word = |code: &str| (code.to_owned(), t!(format!("{list}.{code}"), locale = locale.tag()).into_owned());
    form.options(field, codes.map(word))
}

async fn form_page(app: &App, visit: &Visit, organization: Organization, form: FormState, old: Option<&Service>) -> Result<FormPage> {
    let locale = visit.locale;
    let (title, action, back) = match old {
        Some(service) => ("service.edit", format!("/services/{}/edit", service.id), format!("/services/{}", service.id)),
        None => ("service.new", format!("/organizations/{}/services/new", organization.id), format!("/organizations/{}", organization.id)),
    };
    let kept = |name: &str, codes: &[&'static str]| {
        let mut codes = codes.to_vec();
        if form.has(name, "kept") {
            codes.push("kept");
        }
        codes
    };
    let choose = |field: &str, list: &str, codes: &[&str]| {
        let word = |code: &&str| ((*code).to_owned(), t!(format!("{list}.{code}"), locale = locale.tag()).into_owned());
        form.options(field, codes.iter().map(word))
    };
    let children = app.categories.get();
    let programs = organization::programs(app, &visit.actor, &organization.id).await?;
    let programs = programs.into_iter().map(|one| (one.id.to_string(), format!("{}（{} – {}）", one.name, one.from, one.to)));
    let people = organization::practitioners(app, &visit.actor, &organization.id).await?;
    let people = people.into_iter().map(|one| (one.id.to_string(), one.name));
    let categories = children.children.iter().map(|named| (named.code.clone(), named.name(locale).to_owned()));
    let version = old.map(|service| {
        Some(form.value("version")).filter(|read| !read.is_empty()).map_or_else(|| service.version.to_string(), str::to_owned)
    });
    Ok(FormPage {
        page: Page::titled(visit, title),
        action,
        back,
        version: version.unwrap_or_default(),
        waits: old.is_some_and(|service| service.checked.is_some()),
        groups: groups(app, locale, &form),
        programs: form.options("program", programs),
        practitioners: with_kept(form.options("practitioner", people), &form, "practitioner", locale),
        languages: organization::languages(&form, locale),
        delivery: form.options(
            "delivery",
            Delivery::ALL.map(|way| (name_of(&way), t!(format!("search.delivery.{}", name_of(&way)), locale = locale.tag()).into_owned())),
        ),
        statuses: words(&form, locale, "status", "service.standing", ["active", "inactive", "temporarily_closed", "defunct"]),
        who: words(&form, locale, "who", "service.who", ["all", "some", "unstated", "rule"]),
        categories: form.options("categories", categories),
        hukou: choose("hukou", "service.hukou", &kept("hukou", &["any", "county"])),
        hukou_kept: form.all("hukou_kept"),
        papers: words(&form, locale, "papers", "service.paper", PAPERS),
        diagnoses: words(&form, locale, "diagnoses", "service.diagnosis", DIAGNOSES),
        sites: sites(app, visit, &organization, &form).await?,
        fees: AUDIENCES.map(|audience| fee_row(app, locale, &form, &audience.to_string())).into(),
        days: days_of(locale, &form),
        seasons: choose("season", "service.season", &kept("season", &["always", "term_time", "holidays"])),
        levels: words(&form, locale, "confidentiality", "organization.level", ["public", "workers", "restricted"]),
        behalf: actions::writes_on_behalf(&visit.actor, &organization),
        alike: !form.fault("distinct").is_empty() || form.has("distinct", "1"),
        organization,
        form,
    })
}

/// A choice that the person may not read stays chosen: a form drops nothing in silence.
fn with_kept(mut options: Vec<Choice>, form: &FormState, name: &str, locale: Locale) -> Vec<Choice> {
    let value = form.value(name);
    if !value.is_empty() && options.iter().all(|option| option.value != value) {
        let label = t!("practice.hidden_name", locale = locale.tag()).into_owned();
        options.push(Choice { value: value.to_owned(), label, selected: true, ..Choice::default() });
    }
    options
}

fn groups(app: &App, locale: Locale, form: &FormState) -> Vec<Group> {
    let vocabulary = app.vocabulary.get();
    let heads: Vec<TermCode> = vocabulary.terms().filter(|term| !term.code.is_leaf()).map(|term| term.code.clone()).collect();
    let group = |head: TermCode| {
        let leaves: Vec<&TermCode> = vocabulary.leaves(&head).collect();
        let choices = form.options("terms", leaves.iter().map(|leaf| (leaf.to_string(), vocabulary.name(leaf, locale.into()))));
        let words = |leaf: &TermCode| vocabulary.term(leaf).map(|term| term.synonyms.join(" ").to_lowercase()).unwrap_or_default();
        let terms: Vec<Term> = leaves.into_iter().zip(choices).map(|(leaf, choice)| Term { words: words(leaf), choice }).collect();
        Group { label: vocabulary.name(&head, locale.into()), ticked: terms.iter().filter(|term| term.choice.selected).count(), terms }
    };
    heads.into_iter().map(group).collect()
}

async fn sites(app: &App, visit: &Visit, organization: &Organization, form: &FormState) -> Result<Vec<SiteRow>> {
    let (_, locations) = organization::locations(app, &visit.actor, &organization.id).await?;
    let none = t!("service.no_location", locale = visit.locale.tag()).into_owned();
    let named = locations.into_iter().map(|location| (location.id.to_string(), location.name));
    let row = |(value, label): (String, String)| SiteRow {
        chosen: form.has("sites", &value),
        areas: form.value(&format!("areas_{value}")).to_owned(),
        fault: form.fault(&format!("areas_{value}")).to_owned(),
        value,
        label,
    };
    Ok(named.chain([("none".to_owned(), none)]).map(row).collect())
}

pub(super) fn fee_row(app: &App, locale: Locale, form: &FormState, audience: &str) -> FeeRow {
    let field = format!("fee_{audience}");
    let categories = app.categories.get();
    let label = categories.audiences.iter().find(|one| one.named.code == audience);
    let levels =
        FeeLevel::ALL.map(|level| (name_of(&level), t!(format!("search.fee.{}", name_of(&level)), locale = locale.tag()).into_owned()));
    FeeRow {
        label: label.map_or_else(|| audience.to_owned(), |one| one.named.name(locale).to_owned()),
        levels: form.options(&field, levels),
        amount: form.value(&format!("{field}_amount")).to_owned(),
        units: words(form, locale, &format!("{field}_unit"), "search.unit", ["visit", "hour", "month", "term"]),
        fault: form.fault(&format!("{field}_amount")).to_owned(),
        field,
    }
}

/// The working days together, then each day of the week.
pub(super) fn days_of(locale: Locale, form: &FormState) -> Vec<Day> {
    let day = |field: String, label: String| {
        let (value, fault) = (form.value(&field).to_owned(), form.fault(&field).to_owned());
        Day { field, label, value, fault }
    };
    let together = day(WORKDAYS.to_owned(), t!("service.workdays", locale = locale.tag()).into_owned());
    let each =
        (1..=7).map(|number| day(format!("hours_{number}"), t!(format!("search.weekday.{number}"), locale = locale.tag()).into_owned()));
    std::iter::once(together).chain(each).collect()
}

async fn owner(app: &App, actor: &Actor, id: &str) -> Result<Organization> {
    let organization = organization::view(app, actor, &organization_id(id)?).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    Ok(organization)
}

/// The form for a new service.
pub async fn new(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let organization = owner(&app, &actor, &id).await?;
    let usual = [("status", "active"), ("season", "always"), ("hukou", "any"), ("confidentiality", "public")];
    Ok(Html(form_page(&app, &visit, organization, FormState::filled(usual), None).await?).into_response())
}

type Fields = Form<Vec<(String, String)>>;

/// With whom of the organization the station spoke.
fn spoke_with(typed: &[(String, String)]) -> &str {
    typed.iter().find(|(name, _)| name == "spoke_with").map_or("", |(_, value)| value)
}

/// Whether it was said that it is another one than those that look alike.
fn is_distinct(typed: &[(String, String)]) -> bool {
    typed.iter().any(|(name, value)| name == "distinct" && value == "1")
}

/// Adds a service, or gives the form back.
pub async fn add(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { typed, key, .. }: Fields,
) -> Result<Response> {
    let organization = owner(&app, &actor, &id).await?;
    let added = match Typed(&typed).read(&app, &organization, None) {
        Ok(content) => {
            let distinct = is_distinct(&typed);
            actions::add(&app, &actor, &organization.id, &content, spoke_with(&typed), distinct, key.as_ref()).await
        }
        Err(error) => Err(error),
    };
    match added {
        Ok(service) => redirect(&format!("/services/{}", service.id), Some("service_added")),
        Err(error) => refused(&app, &visit, organization, typed, error, None).await,
    }
}

async fn refused(
    app: &App,
    visit: &Visit,
    organization: Organization,
    typed: Vec<(String, String)>,
    error: Error,
    old: Option<&Service>,
) -> Result<Response> {
    let form = FormState::refused(typed, error, visit.locale)?;
    Ok(Html(form_page(app, visit, organization, form, old).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

async fn old(app: &App, actor: &Actor, id: &str) -> Result<(Organization, Old)> {
    let id = id_of(id)?;
    let (service, organization) = actions::editable(app, actor, &id).await?;
    let (sites, fees) = actions::parts(app, &id).await?;
    Ok((organization, Old { service, sites, fees }))
}

/// The form of a service.
pub async fn edit(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let (organization, old) = old(&app, &actor, &id).await?;
    let form = FormState::filled(filled(&app, &organization, &old));
    Ok(Html(form_page(&app, &visit, organization, form, Some(&old.service)).await?).into_response())
}

/// Saves a service, or gives the form back.
pub async fn save(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { typed, .. }: Fields,
) -> Result<Response> {
    let (organization, old) = old(&app, &actor, &id).await?;
    let version = typed.iter().find(|(name, _)| name == "version").and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let saved = match Typed(&typed).read(&app, &organization, Some(&old)) {
        Ok(content) => {
            let distinct = is_distinct(&typed);
            actions::edit(&app, &actor, &old.service.id, &content, spoke_with(&typed), distinct, version).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(service) => {
            let notice = if service.unchecked { "service_waits" } else { "saved" };
            redirect(&format!("/services/{}", service.id), Some(notice))
        }
        Err(error) => refused(&app, &visit, organization, typed, error, Some(&old.service)).await,
    }
}
