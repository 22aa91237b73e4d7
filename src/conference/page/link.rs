//! The link to a body's actions: made on the meeting's page, and the one screen its holder sees on a phone.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions;
use super::super::api::{conference_id, reported};
use super::mine::{ReportForm, Row, row};
use crate::access::Actor;
use crate::app::App;
use crate::case::word;
use crate::error::{Error, Result};
use crate::id::{ActionId, OrganizationId};
use crate::link::page::{self as pages, CodeForm};
use crate::link::{Link, Purpose};
use crate::web::{Form, FormState, Html, Page, Visit, redirect};

/// A body, as chosen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct BodyForm {
    body: String,
}

/// Makes a link and shows it, once.
pub async fn make(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<BodyForm>,
) -> Result<Response> {
    let conference = conference_id(&id)?;
    let body = OrganizationId::parse(&form.value.body).map_err(|_| Error::missing("organization", &form.value.body))?;
    let made = actions::link::make(&app, &actor, &conference, &body).await?;
    pages::made(&app, &visit, &format!("/conferences/{conference}"), &made)
}

#[derive(Template)]
#[template(path = "conference/html/link.html")]
struct LinkPage {
    page: Page,
    form: FormState,
    token: String,
    rows: Vec<Row>,
}

async fn screen(app: &App, visit: &Visit, link: &Link, token: String, form: FormState) -> Result<LinkPage> {
    let today = app.today();
    let rows = actions::link::tasks(app, link).await?.into_iter().map(|mine| row(mine, today, visit.locale)).collect();
    Ok(LinkPage { page: Page::titled(visit, "link.title.actions"), form, token, rows })
}

/// The one screen: the code first, then what is open.
pub async fn show(State(app): State<Arc<App>>, visit: Visit, cookies: CookieJar, Path(token): Path<String>) -> Result<Response> {
    let link = actions::link::find(&app, &token).await?;
    if !pages::passed(&app, &link, &cookies) {
        return pages::ask(&visit, Purpose::Actions, &token, None);
    }
    Ok(Html(screen(&app, &visit, &link, token, FormState::new()).await?).into_response())
}

/// Takes the code.
pub async fn code(State(app): State<Arc<App>>, visit: Visit, Path(token): Path<String>, form: Form<CodeForm>) -> Result<Response> {
    let link = actions::link::find(&app, &token).await?;
    match actions::link::open(&app, &link, &form.value.code).await {
        Ok(pass) => pages::enter(Purpose::Actions, &token, &pass),
        Err(error) => pages::ask(&visit, Purpose::Actions, &token, Some(error)),
    }
}

/// Takes a report; with the last one it thanks.
pub async fn report(
    State(app): State<Arc<App>>,
    visit: Visit,
    cookies: CookieJar,
    Path((token, id)): Path<(String, String)>,
    form: Form<ReportForm>,
) -> Result<Response> {
    let link = actions::link::find(&app, &token).await?;
    if !pages::passed(&app, &link, &cookies) {
        return redirect(&format!("/t/{token}"), None);
    }
    let action = ActionId::parse(&id).map_err(|_| Error::missing("action", &id))?;
    let done = match reported(&form.value.what, form.value.said.clone()) {
        Ok(what) => actions::link::tell(&app, &link, &action, &what).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(0) => redirect("/t/done", None),
        Ok(_) => redirect(&format!("/t/{token}"), Some("action_reported")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(screen(&app, &visit, &link, token, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Nothing is open any more.
pub async fn done(visit: Visit) -> Response {
    pages::done(&visit, word("link.next", "actions", visit.locale))
}
