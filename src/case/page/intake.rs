//! The long form: opening a case (建档) in two steps, and changing one.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lianjie_index::DivisionCode;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, Check, NewCase, Proposed, ProposedNeed};
use super::super::lead;
use super::super::model::{SITUATIONS, Source, Tier};
use super::choices::{self, Choices};
use super::fields::{Fields, fields_of};
use super::words::{term, tier, word};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::CaseId;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

/// Fields that are decided upon in the second step.
const SECOND: [&str; 5] = ["categories", "categories_reason", "terms", "situations", "tier_reason"];

/// Where the child lives, if not in the station's county.
#[derive(Debug, Default, Deserialize)]
pub struct Where {
    #[serde(default)]
    county: String,
    /// The lead the case comes from.
    #[serde(default)]
    lead: String,
}

#[derive(Template)]
#[template(path = "case/html/intake.html")]
struct IntakePage {
    page: Page,
    form: FormState,
    choices: Choices,
    /// Where it is sent.
    action: String,
    /// Number of the case that is changed; empty for a new one.
    number: String,
    /// Version of the case that is changed.
    version: String,
}

#[derive(Template)]
#[template(path = "case/html/confirm.html")]
struct ConfirmPage {
    page: Page,
    form: FormState,
    /// Everything typed in the first step that is not asked again.
    carried: Vec<(String, String)>,
    alias: String,
    computed: String,
    categories: Vec<Choice>,
    overriding: bool,
    needs: Vec<Choice>,
    read: Vec<String>,
    situations: Vec<Choice>,
    alarmed: bool,
    tier: u8,
    tier_label: String,
}

/// The form for a new case.
pub async fn new(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(query): Query<Where>) -> Result<Response> {
    let alias = actions::propose_alias(&app, &actor).await?;
    let home = if query.county.is_empty() { station_division(&app, &actor).await?.map(|code| code.to_string()) } else { None };
    let told = match query.lead.as_str() {
        "" => None,
        id => Some(lead::actions::view(&app, &actor, &lead::api::lead_id(id)?).await?.lead.division.to_string()),
    };
    let form = FormState::filled([("alias", alias), ("division", told.or(home).unwrap_or_default()), ("lead", query.lead)]);
    Ok(Html(intake_page(&app, &actor, &visit, form, &query.county).await?).into_response())
}

async fn intake_page(app: &App, actor: &Actor, visit: &Visit, form: FormState, county: &str) -> Result<IntakePage> {
    let county = county_of(app, actor, county, form.value("division")).await?;
    let choices = choices::of(app, actor, visit.locale, &form, &county).await?;
    Ok(IntakePage {
        page: Page::titled(visit, "case.open_title"),
        form,
        choices,
        action: "/cases".into(),
        number: String::new(),
        version: String::new(),
    })
}

/// The county whose townships are offered: the one asked for, that of the township typed, else the station's.
async fn county_of(app: &App, actor: &Actor, asked: &str, typed: &str) -> Result<DivisionCode> {
    let known = |code: &DivisionCode| code.as_str().len() >= 6 && app.divisions.get().has(code);
    if let Some(code) = [asked, typed].iter().find_map(|code| code.parse::<DivisionCode>().ok().filter(known)) {
        return Ok(code.county());
    }
    let station = station_division(app, actor).await?;
    Ok(station.map_or_else(|| "320116".parse().expect("a county"), |division| division.county()))
}

/// The division of the station the actor works at.
async fn station_division(app: &App, actor: &Actor) -> Result<Option<DivisionCode>> {
    let station = actions::station_of(actor, None)?;
    let station = crate::organization::store::find(&mut *app.store.read().await?, &station).await?;
    Ok(station.map(|station| station.division))
}

/// Takes the form: first to be looked over, then to open the case.
pub async fn create(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<Vec<(String, String)>>) -> Result<Response> {
    let fields = Fields(&form.typed);
    let new = fields.new_case();
    match fields.one("step") {
        "edit" => {
            let back = FormState::filled(form.typed.clone());
            Ok(Html(intake_page(&app, &actor, &visit, back, "").await?).into_response())
        }
        "open" => match actions::open(&app, &actor, &new, form.key.as_ref()).await {
            Ok(id) => redirect(&format!("/cases/{id}"), Some("case_opened")),
            Err(error) => refused(&app, &actor, &visit, form.typed, new, error).await,
        },
        _ => match actions::check(&app, &actor, &new).await {
            Ok(check) => {
                let state = FormState::filled(form.typed.clone());
                Ok(Html(confirm_page(&app, &visit, state, &form.typed, &new, check)).into_response())
            }
            Err(error) => refused(&app, &actor, &visit, form.typed, new, error).await,
        },
    }
}

/// The step the fault belongs to, as it was typed.
async fn refused(
    app: &App,
    actor: &Actor,
    visit: &Visit,
    typed: Vec<(String, String)>,
    mut new: NewCase,
    error: Error,
) -> Result<Response> {
    let second = matches!(&error, Error::Invalid(faults) if faults.iter().all(|fault| SECOND.contains(&fault.field.as_str())));
    let form = FormState::refused(typed.clone(), error, visit.locale)?;
    if second {
        new.written.categories.clear();
        new.needs.retain(|need| need.term.is_leaf());
        if let Ok(check) = actions::check(app, actor, &new).await {
            return Ok(Html(confirm_page(app, visit, form, &typed, &new, check)).with_status(StatusCode::UNPROCESSABLE_ENTITY));
        }
    }
    Ok(Html(intake_page(app, actor, visit, form, "").await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

fn confirm_page(app: &App, visit: &Visit, form: FormState, typed: &[(String, String)], new: &NewCase, check: Check) -> ConfirmPage {
    let locale = visit.locale;
    let age = check.known.birth_month.map(|month| month.age_months(app.today()));
    let proposed = actions::propose_needs(app, &new.words, age, check.known.sex);
    let again = Fields(typed).one("step") == "open";
    let names = app.categories.get();
    let alarmed = !new.situations.is_empty() || !proposed.situations.is_empty();
    let default = if alarmed { Tier::NOW } else { check.tier };
    let asked_again = |name: &str| ["csrf", "key", "step", "read"].contains(&name) || SECOND.contains(&name);
    ConfirmPage {
        page: Page::titled(visit, "case.confirm_title"),
        carried: typed.iter().filter(|(name, value)| !asked_again(name) && !value.is_empty()).cloned().collect(),
        alias: check.alias,
        computed: check.computed.iter().map(|code| names.child(code.as_str(), locale)).collect::<Vec<_>>().join("、"),
        categories: form.options("categories", names.children.iter().map(|row| (row.code.clone(), row.name(locale).to_owned()))),
        overriding: form.has("step", "open") && !Fields(typed).many("categories").is_empty(),
        read: proposed.needs.iter().map(|need| need.term.to_string()).collect(),
        needs: need_choices(app, visit, new, &proposed, again),
        alarmed,
        situations: situation_choices(visit, new, &proposed, again),
        tier: default.number(),
        tier_label: tier(default, locale),
        form,
    }
}

/// The needs picked and those read, each with the words it was read from. Those read for sure are ticked at first; afterwards what
/// was ticked is.
pub fn need_choices(app: &App, visit: &Visit, new: &NewCase, proposed: &Proposed, again: bool) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for ProposedNeed { term: code, words, sure } in &proposed.needs {
        let from = format!("“{}”", words.join("”“"));
        let ticked = new.needs.iter().any(|need| need.term == *code);
        let hint = if words.is_empty() {
            t!("case.read_from_others", locale = visit.locale.tag())
        } else {
            t!("case.read_from", locale = visit.locale.tag(), words = from)
        };
        let selected = ticked || (*sure && !again);
        choices.push(Choice { value: code.to_string(), label: term(app, code, visit.locale), selected, hint: hint.into_owned(), count: 0 });
    }
    for need in new.needs.iter().filter(|need| need.source == Source::Picked && proposed.needs.iter().all(|read| read.term != need.term)) {
        choices.push(Choice {
            value: need.term.to_string(),
            label: term(app, &need.term, visit.locale),
            selected: true,
            ..Choice::default()
        });
    }
    choices
}

fn situation_choices(visit: &Visit, new: &NewCase, proposed: &Proposed, again: bool) -> Vec<Choice> {
    (1..=SITUATIONS)
        .map(|number| {
            let word_read = proposed.situations.get(&number);
            let ticked = new.situations.contains(&number) || (!again && word_read.is_some());
            let hint = word_read.map(|text| t!("case.read_from", locale = visit.locale.tag(), words = format!("“{text}”")).into_owned());
            Choice {
                value: number.to_string(),
                label: word("case.situation", &format!("s{number}"), visit.locale),
                selected: ticked,
                hint: hint.unwrap_or_default(),
                count: 0,
            }
        })
        .collect()
}

/// The form that changes a case.
pub async fn edit(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let id = case_id(&id)?;
    let (case, written) = actions::begin_edit(&app, &actor, &id).await?;
    let mut fields = fields_of(&written);
    fields.push(("version".into(), case.version.to_string()));
    Ok(Html(edit_page(&app, &actor, &visit, FormState::filled(fields), &id, &case.number).await?).into_response())
}

async fn edit_page(app: &App, actor: &Actor, visit: &Visit, form: FormState, id: &CaseId, number: &str) -> Result<IntakePage> {
    let county = county_of(app, actor, "", form.value("division")).await?;
    let choices = choices::of(app, actor, visit.locale, &form, &county).await?;
    let version = form.value("version").to_owned();
    Ok(IntakePage {
        page: Page::titled(visit, "case.edit_title"),
        form,
        choices,
        action: format!("/cases/{id}/edit"),
        number: number.to_owned(),
        version,
    })
}

/// Changes a case.
pub async fn save(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let fields = Fields(&form.typed);
    match actions::edit(&app, &actor, &id, &fields.written(), fields.one("version").parse().ok()).await {
        Ok(()) => redirect(&format!("/cases/{id}"), Some("case_saved")),
        Err(error) => {
            let (case, _) = actions::written(&app, &actor, &id).await?;
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(edit_page(&app, &actor, &visit, state, &id, &case.number).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The id in an address; anything else is not there.
pub fn case_id(text: &str) -> Result<CaseId> {
    CaseId::parse(text).map_err(|_| Error::missing("case", text))
}
