//! The duty to report: what must be told to the police at once, and what was told.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::DateTime;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, ReportMade, View};
use super::super::model::SITUATIONS;
use super::intake::case_id;
use super::words::{instant, word};
use crate::access::Actor;
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::ReportDutyId;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

struct Made {
    situation: String,
    at: String,
    to: String,
    receipt: String,
}

#[derive(Template)]
#[template(path = "case/html/reports.html")]
struct ReportsPage {
    page: Page,
    form: FormState,
    id: String,
    alias: String,
    waiting: Vec<Choice>,
    made: Vec<Made>,
    situations: Vec<Choice>,
}

/// The reports of a case, for who writes it: a situation is among what is told only to those who must act on it.
pub async fn reports(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = writable(&app, &actor, &id).await?;
    let mut form: Vec<(&str, String)> = vec![("made_at", local(app.now()))];
    form.extend(view.duties.iter().filter(|duty| duty.made_at.is_none()).map(|duty| ("duties", duty.id.to_string())));
    Ok(Html(reports_page(&visit, &view, FormState::filled(form))).into_response())
}

/// An instant as a form's date and time.
fn local(at: jiff::Timestamp) -> String {
    at.to_zoned_datetime(clock::zone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

async fn writable(app: &App, actor: &Actor, id: &str) -> Result<View> {
    let view = actions::view(app, actor, &case_id(id)?).await?;
    if view.may.write { Ok(view) } else { Err(Error::Forbidden { why: "role" }) }
}

fn reports_page(visit: &Visit, view: &View, form: FormState) -> ReportsPage {
    let text = |number: u8| word("case.situation", &format!("s{number}"), visit.locale);
    let waiting = view.duties.iter().filter(|duty| duty.made_at.is_none());
    ReportsPage {
        page: Page::titled(visit, "case.part_report"),
        id: view.case.id.to_string(),
        alias: view.brief.alias.clone(),
        waiting: form.options("duties", waiting.map(|duty| (duty.id.to_string(), text(duty.situation)))),
        made: view
            .duties
            .iter()
            .filter_map(|duty| {
                let at = duty.made_at?;
                let (to, receipt) = (duty.made_to.clone().unwrap_or_default(), duty.receipt_number.clone().unwrap_or_default());
                Some(Made { situation: text(duty.situation), at: instant(at), to, receipt })
            })
            .collect(),
        situations: form.options("situations", (1..=SITUATIONS).map(|number| (number.to_string(), text(number)))),
        form,
    }
}

/// Situations found later.
#[derive(Debug, Deserialize)]
pub struct SituationsForm {
    #[serde(default)]
    situations: Vec<u8>,
}

/// Notes situations.
pub async fn note_duty(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<SituationsForm>,
) -> Result<Response> {
    let done = actions::note_duty(&app, &actor, &case_id(&id)?, &form.value.situations).await;
    answered(&app, &actor, &visit, &id, form.typed, done).await
}

/// A report that was made.
#[derive(Debug, Deserialize)]
pub struct ReportForm {
    #[serde(default)]
    duties: Vec<String>,
    #[serde(default)]
    made_at: String,
    #[serde(default)]
    made_to: String,
    #[serde(default)]
    receipt_number: String,
}

/// Records a report.
pub async fn make_report(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<ReportForm>,
) -> Result<Response> {
    let done = match read(&form.value) {
        Ok((duties, made)) => actions::make_report(&app, &actor, &case_id(&id)?, &duties, &made).await,
        Err(error) => Err(error),
    };
    answered(&app, &actor, &visit, &id, form.typed, done).await
}

fn read(form: &ReportForm) -> Result<(Vec<ReportDutyId>, ReportMade)> {
    let duties =
        form.duties.iter().map(|id| ReportDutyId::parse(id).map_err(|_| Error::missing("report_duty", id))).collect::<Result<_>>()?;
    let local: DateTime = form.made_at.parse().map_err(|_| Error::invalid("made_at", "instant"))?;
    let made_at = local.to_zoned_datetime(clock::zone()).map_err(|_| Error::invalid("made_at", "instant"))?.timestamp();
    Ok((duties, ReportMade { made_at, made_to: form.made_to.clone(), receipt_number: form.receipt_number.clone() }))
}

async fn answered(app: &App, actor: &Actor, visit: &Visit, id: &str, typed: Vec<(String, String)>, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => redirect(&format!("/cases/{id}"), Some("report_saved")),
        Err(error) => {
            let state = FormState::refused(typed, error, visit.locale)?;
            let view = writable(app, actor, id).await?;
            Ok(Html(reports_page(visit, &view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
