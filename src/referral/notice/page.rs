//! 通知方式: the person's address for mail, and the webhooks of the organization.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::actions;
use crate::access::{Actor, Role};
use crate::account;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::WebhookId;
use crate::organization;
use crate::web::{Form, FormState, Html, Page, Visit, redirect};

/// A webhook of an organization.
struct Hook {
    id: String,
    url: String,
    secret: String,
}

/// An organization with its webhooks.
struct Own {
    id: String,
    name: String,
    hooks: Vec<Hook>,
    refused: bool,
}

#[derive(Template)]
#[template(path = "referral/html/notices.html")]
struct NoticesPage {
    page: Page,
    form: FormState,
    mail: String,
    sends_mail: bool,
    organizations: Vec<Own>,
}

async fn page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<NoticesPage> {
    let stored = account::store::mail(&mut *app.store.read().await?, &actor.id).await?.unwrap_or_default();
    let mut organizations = Vec::new();
    if actor.is(Role::Provider) && !app.config.webhook_hosts.is_empty() {
        for one in organization::mine(app, actor).await?.into_iter().filter(|one| organization::is_own(actor, one)) {
            let hooks = actions::webhooks(app, actor, &one.id).await?.into_iter().map(|webhook| Hook {
                secret: webhook.secret(&app.keyring).reveal().to_owned(),
                id: webhook.id.to_string(),
                url: webhook.url,
            });
            let refused = form.value("organization") == one.id.as_str();
            organizations.push(Own { hooks: hooks.collect(), refused, id: one.id.to_string(), name: one.name });
        }
    }
    let refused = !form.fault("mail").is_empty();
    Ok(NoticesPage {
        page: Page::titled(visit, "delivery.title"),
        mail: if refused { form.value("mail").to_owned() } else { stored },
        sends_mail: app.config.mail.is_some(),
        organizations,
        form,
    })
}

/// The page.
pub async fn show(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    Ok(Html(page(&app, &actor, &visit, FormState::new()).await?).into_response())
}

async fn after(app: &App, actor: &Actor, visit: &Visit, typed: Vec<(String, String)>, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => redirect("/account/notices", Some("delivery_saved")),
        Err(error) => {
            let form = FormState::refused(typed, error, visit.locale)?;
            Ok(Html(page(app, actor, visit, form).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MailForm {
    mail: String,
}

/// Keeps the address.
pub async fn set_mail(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<MailForm>) -> Result<Response> {
    let done = actions::set_mail(&app, &actor, &form.value.mail).await;
    after(&app, &actor, &visit, form.typed, done).await
}

/// A webhook.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct HookForm {
    url: String,
    organization: String,
}

/// Adds a webhook.
pub async fn add(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<HookForm>) -> Result<Response> {
    let done = match super::api::organization_id(&form.value.organization) {
        Ok(id) => actions::add_webhook(&app, &actor, &id, &form.value.url).await.map(drop),
        Err(error) => Err(error),
    };
    after(&app, &actor, &visit, form.typed, done).await
}

/// Stops a webhook.
pub async fn stop(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let id = WebhookId::parse(&id).map_err(|_| Error::missing("webhook", &id))?;
    let done = actions::stop_webhook(&app, &actor, &id).await.map(drop);
    after(&app, &actor, &visit, form.typed, done).await
}
