//! Needs: adding them from the taxonomy or from words, and one need with its urgency and steps.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, NeedChange, View};
use super::super::model::{Need, NeedStep, Outcome, Tier, named};
use super::choices::{Group, groups};
use super::fields::Fields;
use super::intake::{case_id, need_choices};
use super::words::{need_tone, term, tier, word};
use crate::access::{Actor, Class};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::NeedId;
use crate::locale::Locale;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

#[derive(Template)]
#[template(path = "case/html/needs.html")]
struct NeedsPage {
    page: Page,
    form: FormState,
    id: String,
    alias: String,
    groups: Vec<Group>,
    /// The second step: what was picked and read.
    found: Vec<Choice>,
    read: Vec<String>,
    confirming: bool,
}

/// The form that adds needs.
pub async fn needs(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = writable(&app, &actor, &id).await?;
    Ok(Html(needs_page(&app, &visit, &view, FormState::new())).into_response())
}

async fn writable(app: &App, actor: &Actor, id: &str) -> Result<View> {
    let view = actions::view(app, actor, &case_id(id)?).await?;
    if view.may.write { Ok(view) } else { Err(Error::Forbidden { why: "role" }) }
}

fn needs_page(app: &App, visit: &Visit, view: &View, form: FormState) -> NeedsPage {
    NeedsPage {
        page: Page::titled(visit, "case.needs_title"),
        id: view.case.id.to_string(),
        alias: view.brief.alias.clone(),
        groups: groups(app, visit.locale, &form),
        found: Vec::new(),
        read: Vec::new(),
        confirming: false,
        form,
    }
}

/// Takes the form: words are read first and confirmed by ticks.
pub async fn add_needs(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let view = writable(&app, &actor, &id).await?;
    let fields = Fields(&form.typed);
    let new = fields.new_case();
    let confirmed = fields.one("step") == "add";
    if !new.words.is_empty() && !confirmed {
        let age = view.child.birth_month.map(|month| month.age_months(app.today()));
        let proposed = actions::propose_needs(&app, &new.words, age, view.child.sex);
        let mut page = needs_page(&app, &visit, &view, FormState::filled(form.typed.clone()));
        page.found = need_choices(&app, &visit, &new, &proposed, false);
        page.read = proposed.needs.iter().map(|need| need.term.to_string()).collect();
        page.confirming = true;
        return Ok(Html(page).into_response());
    }
    match actions::add_needs(&app, &actor, &view.case.id, &new.needs, &new.words, form.key.as_ref()).await {
        Ok(_) => redirect(&format!("/cases/{id}"), Some("needs_added")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(needs_page(&app, &visit, &view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "case/html/need.html")]
struct NeedPage {
    page: Page,
    form: FormState,
    id: String,
    case: String,
    alias: String,
    tier: u8,
    tier_label: String,
    tier_reason: String,
    default_tier: String,
    state: String,
    tone: &'static str,
    reason: String,
    tiers: Vec<Choice>,
    steps: Vec<Choice>,
    version: i64,
    writable: bool,
}

/// A need.
pub async fn need(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let (need, view) = found(&app, &actor, &id).await?;
    let form = FormState::filled([
        ("tier", need.tier.number().to_string()),
        ("target_day", need.target_day.map(|day| day.to_string()).unwrap_or_default()),
        ("several", if need.several { "1".to_owned() } else { String::new() }),
    ]);
    Ok(Html(need_page(&app, &visit, &need, &view, form)).into_response())
}

/// A need with its case, as one who may read the case sees it.
async fn found(app: &App, actor: &Actor, id: &str) -> Result<(Need, View)> {
    let id = need_id(id)?;
    let case = super::super::store::need(&mut *app.store.read().await?, &id).await?.ok_or_else(|| Error::missing("need", &id))?.case;
    let view = actions::view(app, actor, &case).await.map_err(|error| match error {
        Error::Missing { .. } => Error::missing("need", &id),
        other => other,
    })?;
    let need = view.needs.iter().find(|need| need.id == id).cloned().ok_or_else(|| Error::missing("need", &id))?;
    Ok((need, view))
}

/// The id in an address; anything else is not there.
pub fn need_id(text: &str) -> Result<NeedId> {
    NeedId::parse(text).map_err(|_| Error::missing("need", text))
}

fn need_page(app: &App, visit: &Visit, need: &Need, view: &View, form: FormState) -> NeedPage {
    let locale = visit.locale;
    let status = view.classes.has(Class::Status);
    NeedPage {
        page: Page::new(visit, term(app, &need.term, locale)),
        id: need.id.to_string(),
        case: view.case.id.to_string(),
        alias: view.brief.alias.clone(),
        tier: need.tier.number(),
        tier_label: tier(need.tier, locale),
        tier_reason: need.tier_reason.clone().filter(|_| status).unwrap_or_default(),
        default_tier: tier(view.tier, locale),
        state: word("need.state", need.state.name(), locale),
        tone: need_tone(need.state).0,
        reason: need.reason.clone().filter(|_| status).unwrap_or_default(),
        tiers: form.options("tier", Tier::ALL.map(|one| (one.number().to_string(), tier(one, locale)))),
        steps: steps(need, locale, &form),
        version: need.version,
        writable: view.may.write,
        form,
    }
}

/// The steps a person may take as long as no referral is live.
fn steps(need: &Need, locale: Locale, form: &FormState) -> Vec<Choice> {
    let live = matches!(need.state, Outcome::InDispatch | Outcome::BeingServed);
    let own = [NeedStep::MetElsewhere, NeedStep::DeclareGap, NeedStep::CloseGap, NeedStep::Drop, NeedStep::Reopen];
    let allowed = own.into_iter().filter(|step| !live && need.step(*step, live).is_ok());
    form.options("step", allowed.map(|step| (step.name().to_owned(), word("need.action", step.name(), locale))))
}

/// What is changed of a need.
#[derive(Debug, Deserialize)]
pub struct NeedForm {
    #[serde(default)]
    tier: String,
    #[serde(default)]
    tier_reason: String,
    #[serde(default)]
    target_day: String,
    #[serde(default)]
    several: String,
    #[serde(default)]
    version: String,
}

impl NeedForm {
    fn change(&self) -> Result<NeedChange> {
        let tier = self.tier.parse().ok().and_then(|number| Tier::new(number).ok()).ok_or_else(|| Error::invalid("tier", "tier"))?;
        let day = match self.target_day.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|_| Error::invalid("target_day", "day"))?),
        };
        Ok(NeedChange {
            tier: Some((tier, self.tier_reason.clone())),
            target_day: Some(day),
            several: Some(!self.several.is_empty()),
            version: self.version.parse().ok(),
        })
    }
}

/// Changes a need.
pub async fn change_need(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<NeedForm>,
) -> Result<Response> {
    let key = need_id(&id)?;
    let done = match form.value.change() {
        Ok(change) => actions::change_need(&app, &actor, &key, change).await,
        Err(error) => Err(error),
    };
    answered(&app, &actor, &visit, &id, form.typed, done).await
}

/// A step of a need.
#[derive(Debug, Deserialize)]
pub struct NeedStepForm {
    #[serde(default)]
    step: String,
    #[serde(default)]
    reason: String,
}

/// Takes a step on a need.
pub async fn step_need(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<NeedStepForm>,
) -> Result<Response> {
    let key = need_id(&id)?;
    let done = match named::<NeedStep>(&form.value.step) {
        Some(step) => actions::step_need(&app, &actor, &key, step, Some(&form.value.reason)).await,
        None => Err(Error::invalid("step", "required")),
    };
    answered(&app, &actor, &visit, &id, form.typed, done).await
}

async fn answered(app: &App, actor: &Actor, visit: &Visit, id: &str, typed: Vec<(String, String)>, done: Result<Need>) -> Result<Response> {
    match done {
        Ok(need) => redirect(&format!("/cases/{}", need.case), Some("need_saved")),
        Err(error) => {
            let state = FormState::refused(typed, error, visit.locale)?;
            let (need, view) = found(app, actor, id).await?;
            Ok(Html(need_page(app, visit, &need, &view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
