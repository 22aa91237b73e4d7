//! 委托照护协议: what stands, a new one, and the paper to be signed.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use rust_i18n::t;
use serde::Deserialize;

use super::super::page::{case_id, place, word};
use super::actions::{self, Step, View, Written};
use super::api::agreement_id;
use super::model::{Agreement, RELATIONS, State as Stands};
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Faults, Result};
use crate::locale::Locale;
use crate::secret::{Hidden, Words};
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

#[expect(clippy::struct_excessive_bools, reason = "what the template shows or does not")]
struct Row {
    id: String,
    state: String,
    tone: &'static str,
    relation: String,
    days: String,
    soon: bool,
    contact: u8,
    school_told: bool,
    committee_told: bool,
    signed: String,
    ended: String,
    words: Words,
    draft: bool,
    running: bool,
}

#[derive(Template)]
#[template(path = "case/html/agreements.html")]
#[expect(clippy::struct_excessive_bools, reason = "what the template shows or does not")]
struct AgreementsPage {
    page: Page,
    form: FormState,
    id: String,
    alias: String,
    needed: bool,
    covered: bool,
    reads: bool,
    may_write: bool,
    today: String,
    relations: Vec<Choice>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "case/html/agreement_print.html")]
struct PrintPage {
    page: Page,
    number: String,
    alias: String,
    place: String,
    row: Row,
}

fn row(agreement: &Agreement, words: Words, today: Date, locale: Locale) -> Row {
    let state = agreement.state_on(today);
    let coming = state == Stands::Signed && agreement.from_day > today;
    let reason = match agreement.ended_reason.as_deref() {
        Some("renewed") => word("agreement", "renewed", locale),
        other => other.unwrap_or_default().to_owned(),
    };
    Row {
        id: agreement.id.to_string(),
        state: if coming { word("agreement", "coming", locale) } else { word("agreement.state", state.name(), locale) },
        tone: match state {
            Stands::Draft => "",
            Stands::Signed if coming => "info",
            Stands::Signed if agreement.expires_soon(today) => "warn",
            Stands::Signed => "ok",
            Stands::Ended => "plain",
            Stands::Expired => "bad",
        },
        relation: word("agreement.relation", &agreement.relation, locale),
        days: format!("{} – {}", agreement.from_day, agreement.to_day),
        soon: agreement.expires_soon(today),
        contact: agreement.contact_every,
        school_told: agreement.school_told,
        committee_told: agreement.committee_told,
        signed: agreement.signed_day.map(|day| day.to_string()).unwrap_or_default(),
        ended: agreement.ended_day.map(|day| format!("{day} {reason}")).unwrap_or_default(),
        draft: state == Stands::Draft,
        running: state == Stands::Signed,
        words,
    }
}

/// The agreements of a case.
pub async fn view(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = actions::view(&app, &actor, &case_id(&id)?).await?;
    let today = app.today();
    let fields =
        [("from_day", today.to_string()), ("to_day", today.saturating_add(1.year()).to_string()), ("contact_every", "7".to_owned())];
    Ok(Html(agreements_page(&app, &visit, view, FormState::filled(fields))).into_response())
}

fn agreements_page(app: &App, visit: &Visit, view: View, form: FormState) -> AgreementsPage {
    let (locale, today) = (visit.locale, app.today());
    AgreementsPage {
        page: Page::titled(visit, "agreement.title"),
        id: view.case.id.to_string(),
        alias: view.alias,
        needed: view.needed,
        covered: view.agreements.iter().any(|(agreement, _)| agreement.covers(today)),
        reads: view.reads,
        may_write: view.may_write,
        today: today.to_string(),
        relations: form.options("relation", RELATIONS.map(|relation| (relation, word("agreement.relation", relation, locale)))),
        rows: view.agreements.into_iter().map(|(agreement, words)| row(&agreement, words, today, locale)).collect(),
        form,
    }
}

/// An agreement on paper.
pub async fn print(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path((id, agreement)): Path<(String, String)>,
) -> Result<Response> {
    let view = actions::view(&app, &actor, &case_id(&id)?).await?;
    if !view.reads {
        return Err(Error::Forbidden { why: "role" });
    }
    let wanted = agreement_id(&agreement)?;
    let found = view.agreements.into_iter().find(|(there, _)| there.id == wanted);
    let (found, words) = found.ok_or_else(|| Error::missing("care_agreement", &agreement))?;
    let page = PrintPage {
        page: Page::titled(&visit, "agreement.title"),
        number: view.case.number.clone(),
        alias: view.alias,
        place: place(&app, &view.case.division),
        row: row(&found, words, app.today(), visit.locale),
    };
    Ok(Html(page).into_response())
}

/// An agreement as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AgreementForm {
    relation: String,
    parents: Hidden,
    carer: Hidden,
    phone: Hidden,
    duties: Hidden,
    money: Hidden,
    emergency: Hidden,
    from_day: String,
    to_day: String,
    contact_every: String,
    school_told: String,
    committee_told: String,
    carer_checked: String,
}

fn day_of(name: &str, text: &str, faults: &mut Faults) -> Date {
    faults.day(name, text).unwrap_or_default()
}

fn read(form: &AgreementForm) -> Result<Written> {
    let mut faults = Faults::new();
    let (from_day, to_day) = (day_of("from_day", &form.from_day, &mut faults), day_of("to_day", &form.to_day, &mut faults));
    faults.settle()?;
    let ticked = |value: &str| value == "1";
    Ok(Written {
        relation: form.relation.clone(),
        parents: form.parents.clone(),
        carer: form.carer.clone(),
        phone: form.phone.clone(),
        duties: form.duties.clone(),
        money: form.money.clone(),
        emergency: form.emergency.clone(),
        from_day,
        to_day,
        contact_every: form.contact_every.parse().unwrap_or(0),
        school_told: ticked(&form.school_told),
        committee_told: ticked(&form.committee_told),
        carer_checked: ticked(&form.carer_checked),
    })
}

/// Writes an agreement as a draft.
pub async fn write(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<AgreementForm>,
) -> Result<Response> {
    let case = case_id(&id)?;
    let done = match read(&form.value) {
        Ok(written) => actions::write(&app, &actor, &case, &written, form.key.as_ref()).await,
        Err(error) => Err(error),
    };
    answer(&app, &actor, &visit, &case, form.typed, done, "agreement_written").await
}

/// A deed upon an agreement.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    agreement: String,
    step: String,
    day: String,
    reason: String,
}

/// Signs or ends an agreement.
pub async fn step(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<StepForm>,
) -> Result<Response> {
    let case = case_id(&id)?;
    let mut faults = Faults::new();
    let day = day_of("day", &form.value.day, &mut faults);
    let (deed, notice) = match form.value.step.as_str() {
        "end" => (Step::End(day, form.value.reason.clone()), "agreement_ended"),
        _ => (Step::Sign(day), "agreement_signed"),
    };
    let done = match faults.settle() {
        Ok(()) => actions::step(&app, &actor, &agreement_id(&form.value.agreement)?, &deed).await.map(|_| ()),
        Err(error) => Err(error),
    };
    answer(&app, &actor, &visit, &case, form.typed, done, notice).await
}

async fn answer(
    app: &App,
    actor: &Actor,
    visit: &Visit,
    case: &crate::id::CaseId,
    typed: Vec<(String, String)>,
    done: Result<()>,
    notice: &'static str,
) -> Result<Response> {
    match done {
        Ok(()) => redirect(&format!("/cases/{case}/agreements"), Some(notice)),
        Err(error) => {
            let state = FormState::refused(typed, error, visit.locale)?;
            let view = actions::view(app, actor, case).await?;
            Ok(Html(agreements_page(app, visit, view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
