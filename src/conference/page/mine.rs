//! 会商任务: what one's body is to do; and what a worker asks a meeting to take up.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, Mine};
use super::super::api::reported;
use super::super::model::ActionState;
use crate::access::{Action, Actor};
use crate::app::App;
use crate::case::actions::load as load_case;
use crate::case::word;
use crate::error::{Error, Result};
use crate::id::{ActionId, CaseId};
use crate::locale::Locale;
use crate::secret::Hidden;
use crate::web::{Form, FormState, Html, Page, Visit, redirect};

/// A task of a body, in words.
pub struct Row {
    pub id: String,
    pub alias: String,
    pub what: String,
    pub evidence: String,
    pub said: String,
    pub person: String,
    pub due: String,
    pub late: bool,
    pub open: bool,
    pub checks: bool,
    pub state: String,
    pub tone: &'static str,
}

/// Puts a task into words.
pub fn row(Mine { act, words, alias, checks }: Mine, today: Date, locale: Locale) -> Row {
    Row {
        id: act.id.to_string(),
        alias,
        what: words.get("what").to_owned(),
        evidence: words.get("evidence").to_owned(),
        said: words.get("said").to_owned(),
        person: act.person.clone(),
        due: act.due_day.to_string(),
        late: act.is_late(today),
        open: act.state == ActionState::Open,
        checks,
        state: word("action.state", act.state.name(), locale),
        tone: match act.state {
            ActionState::Open => "info",
            ActionState::Done => "ok",
            ActionState::NotPossible => "warn",
            ActionState::NotDone => "bad",
        },
    }
}

#[derive(Template)]
#[template(path = "conference/html/mine.html")]
struct MinePage {
    page: Page,
    form: FormState,
    rows: Vec<Row>,
}

async fn mine_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<MinePage> {
    let today = app.today();
    let rows = actions::mine(app, actor).await?.into_iter().map(|mine| row(mine, today, visit.locale));
    Ok(MinePage { page: Page::titled(visit, "action.mine"), rows: rows.collect(), form })
}

/// The actions the person answers for.
pub async fn mine(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    Ok(Html(mine_page(&app, &actor, &visit, FormState::new()).await?).into_response())
}

/// What is said of an action, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReportForm {
    /// `done` or `not_possible`; of who leads the meeting `not_done` or `checked`.
    pub what: String,
    /// What was done, or why it could not be.
    pub said: Hidden,
    back: String,
}

/// Reports on an action.
pub async fn report(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<ReportForm>,
) -> Result<Response> {
    let action = ActionId::parse(&id).map_err(|_| Error::missing("action", &id))?;
    let done = match reported(&form.value.what, form.value.said.clone()) {
        Ok(what) => actions::report(&app, &actor, &action, &what).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let back = if form.value.back.starts_with("/conferences/") { form.value.back.as_str() } else { "/actions" };
            redirect(back, Some("action_reported"))
        }
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(mine_page(&app, &actor, &visit, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

#[derive(Template)]
#[template(path = "conference/html/propose.html")]
struct ProposePage {
    page: Page,
    form: FormState,
    id: String,
}

/// The form that asks a meeting to take a case up.
pub async fn propose_form(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let case = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    load_case(&mut *app.store.read().await?, &actor, Action::WriteCase, &case).await?;
    Ok(Html(ProposePage { page: Page::titled(&visit, "agenda.propose"), form: FormState::new(), id: case.to_string() }).into_response())
}

/// A question, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProposeForm {
    question: Hidden,
}

/// Asks a meeting to take a case up.
pub async fn propose(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<ProposeForm>,
) -> Result<Response> {
    let case = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    match actions::propose(&app, &actor, &case, &form.value.question).await {
        Ok(()) => redirect(&format!("/cases/{id}"), Some("agenda_proposed")),
        Err(error) => {
            let form = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(ProposePage { page: Page::titled(&visit, "agenda.propose"), form, id }).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
