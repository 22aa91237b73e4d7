//! 监护评估: the form, and what was found before.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;

use super::super::page::{case_id, word};
use super::actions::{self, History, Said};
use super::model::{Outcome, form as questions};
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::secret::Hidden;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

struct Asked {
    name: String,
    label: String,
    options: Vec<Choice>,
}

struct Past {
    day: String,
    by: String,
    result: String,
    tone: &'static str,
    valid: String,
    lapsed: bool,
    points: u32,
    advice: String,
    concerns: Vec<String>,
    remark: String,
}

#[derive(Template)]
#[template(path = "case/html/assessments.html")]
struct AssessmentsPage {
    page: Page,
    form: FormState,
    id: String,
    alias: String,
    may_write: bool,
    items: Vec<Asked>,
    past: Vec<Past>,
}

/// The tone of a result's badge.
#[must_use]
pub const fn tone(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Able => "ok",
        Outcome::Partly => "warn",
        Outcome::Unable => "bad",
    }
}

/// The assessments of a case.
pub async fn history(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let history = actions::history(&app, &actor, &case_id(&id)?).await?;
    let form = FormState::filled([("day", app.today().to_string())]);
    Ok(Html(assessments_page(&app, &visit, history, form)).into_response())
}

fn assessments_page(app: &App, visit: &Visit, history: History, form: FormState) -> AssessmentsPage {
    let (locale, today) = (visit.locale, app.today());
    let items = questions().items.iter().map(|item| {
        let name = format!("item_{}", item.code);
        let options = form.options(&name, item.options.iter().map(|choice| (choice.code.clone(), choice.name(locale).to_owned())));
        Asked { label: item.name(locale).to_owned(), options, name }
    });
    let past = history.assessments.into_iter().map(|(assessment, by, words)| {
        // What is of no concern is not repeated: the first option of an item has no points.
        let concern = |item: &super::model::Item| {
            let choice = item.options.iter().skip(1).find(|choice| choice.code == words.get(&item.code))?;
            Some(format!("{}：{}", item.name(locale), choice.name(locale)))
        };
        Past {
            day: assessment.day.to_string(),
            by,
            result: word("assessment.result", assessment.outcome.name(), locale),
            tone: tone(assessment.outcome),
            valid: assessment.valid_until.to_string(),
            lapsed: assessment.valid_until < today,
            points: assessment.points,
            advice: word("assessment.advice", assessment.outcome.name(), locale),
            concerns: questions().items.iter().filter_map(concern).collect(),
            remark: words.get("remark").to_owned(),
        }
    });
    AssessmentsPage {
        page: Page::titled(visit, "assessment.title"),
        id: history.case.id.to_string(),
        alias: history.alias,
        may_write: history.may_write,
        items: items.collect(),
        past: past.collect(),
        form,
    }
}

fn read(typed: &[(String, String)]) -> Result<Said> {
    let one = |name: &str| typed.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    let answers: BTreeMap<String, String> = typed
        .iter()
        .filter_map(|(field, value)| field.strip_prefix("item_").map(|code| (code.to_owned(), value.clone())))
        .filter(|(code, _)| questions().items.iter().any(|item| item.code == *code))
        .collect();
    let text = one("day");
    let day = text.parse().map_err(|_| Error::invalid("day", if text.is_empty() { "required" } else { "day_form" }))?;
    Ok(Said { day, answers, remark: Hidden::new(one("remark")) })
}

/// Records an assessment.
pub async fn assess(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let case = case_id(&id)?;
    let done = match read(&form.typed) {
        Ok(said) => actions::assess(&app, &actor, &case, &said, form.key.as_ref()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => redirect(&format!("/cases/{id}/assessments"), Some("assessed")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let history = actions::history(&app, &actor, &case).await?;
            Ok(Html(assessments_page(&app, &visit, history, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
