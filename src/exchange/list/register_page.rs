//! The page on which an organization registers by the filled list: the empty one, where it is brought, and what is not finished yet.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_i18n::t;

use super::page::{Line, line};
use super::registration::{self, Registering};
use crate::account::Peer;
use crate::app::App;
use crate::error::Result;
use crate::exchange::sheet;
use crate::organization::model::Organization;
use crate::organization::{self, Contact};
use crate::secret::Hidden;
use crate::web::{FormState, Html, Page, Upload, Visit, redirect};

#[derive(Template)]
#[template(path = "exchange/list/html/register.html")]
struct RegisterPage {
    page: Page,
    form: FormState,
    /// Whether a first account is asked for.
    visitor: bool,
    /// Whether somebody is asked for on whose behalf it is brought.
    behalf: bool,
    lines: Vec<Line>,
}

async fn register_page(app: &App, visit: &Visit, form: FormState) -> Result<RegisterPage> {
    let lines = registration::lists(app, &visit.actor).await?.iter().map(|list| line(list, visit.locale)).collect();
    Ok(RegisterPage {
        page: Page::titled(visit, "registration.title"),
        form,
        visitor: !visit.actor.is_signed_in(),
        behalf: organization::on_behalf(&visit.actor, &Organization::blank(app.now())),
        lines,
    })
}

/// Where the list is brought.
pub async fn form(State(app): State<Arc<App>>, visit: Visit) -> Result<Response> {
    registration::may(&visit.actor)?;
    Ok(Html(register_page(&app, &visit, FormState::new()).await?).into_response())
}

/// The empty list.
pub async fn template(State(app): State<Arc<App>>) -> Result<Response> {
    let bytes = sheet::registration(&app)?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"lianjie-registration.xlsx\""),
    ];
    Ok((headers, bytes).into_response())
}

/// Brings what was uploaded, else what was pasted; a visitor goes on signed in.
pub async fn bring(State(app): State<Arc<App>>, visit: Visit, Extension(peer): Extension<Peer>, body: Multipart) -> Result<Response> {
    let mut upload = Upload::read(&visit, body, "registration_bytes").await?;
    let key = upload.key()?;
    let visitor = !visit.actor.is_signed_in();
    let contact = visitor.then(|| Contact {
        name: upload.one("contact").to_owned(),
        login: upload.one("login").to_owned(),
        password: Hidden::new(upload.one("password").to_owned()),
    });
    upload.typed.retain(|(name, _)| name != "password");
    let new = Registering {
        name: if upload.file.is_empty() { String::new() } else { upload.name.clone() },
        text: upload.one("text").to_owned(),
        services: upload.one("services").to_owned(),
        on_behalf_of: upload.one("on_behalf_of").to_owned(),
        contact,
        peer: peer.0,
        file: upload.file,
    };
    match registration::bring(&app, &visit.actor, new, key.as_ref()).await {
        Ok(id) if visitor => redirect(&format!("/login?next=%2Flists%2F{id}"), Some("registration_log_in")),
        Ok(id) => redirect(&format!("/lists/{id}"), None),
        Err(error) => {
            let form = FormState::refused(upload.typed, error, visit.locale)?;
            Ok(Html(register_page(&app, &visit, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
