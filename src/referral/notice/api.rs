//! Webhooks of an organization as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions;
use super::model::Webhook;
use crate::access::Actor;
use crate::api::{Json, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{OrganizationId, WebhookId};

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookBody {
    id: String,
    url: String,
    /// What the header `Lianjie-Signature` is made with: `t=<seconds>,v1=<hex of HMAC-SHA-256 over "<seconds>.<body>">`.
    secret: String,
}

/// Webhooks of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhooksBody {
    webhooks: Vec<WebhookBody>,
}

/// Where the program listens.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookInput {
    /// `https://…`, of a host the installation allows.
    url: String,
}

/// Reads the id of an organization in an address.
pub fn organization_id(text: &str) -> Result<OrganizationId> {
    OrganizationId::parse(text).map_err(|_| Error::missing("organization", text))
}

fn body(app: &App, webhook: &Webhook) -> WebhookBody {
    WebhookBody { id: webhook.id.to_string(), url: webhook.url.clone(), secret: webhook.secret(&app.keyring).reveal().to_owned() }
}

/// Where notices to an organization are sent besides the page.
#[utoipa::path(get, path = "/api/v1/organizations/{id}/webhooks", params(("id" = String, Path)), responses((status = 200, body = WebhooksBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<WebhooksBody>> {
    let found = actions::webhooks(&app, &actor, &organization_id(&id)?).await?;
    Ok(Json(WebhooksBody { webhooks: found.iter().map(|webhook| body(&app, webhook)).collect() }))
}

/// Adds a webhook. It is called with number and link of each notice to the organization; answer 2xx within ten seconds.
#[utoipa::path(post, path = "/api/v1/organizations/{id}/webhooks", params(("id" = String, Path)), request_body = WebhookInput, responses((status = 201, body = WebhookBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Json(input): Json<WebhookInput>) -> Result<Response> {
    let made = actions::add_webhook(&app, &actor, &organization_id(&id)?, &input.url).await?;
    Ok((StatusCode::CREATED, Json(body(&app, &made))).into_response())
}

/// Stops a webhook; what waits for it is not sent any more.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
pub async fn stop(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<StatusCode> {
    let id = WebhookId::parse(&id).map_err(|_| Error::missing("webhook", &id))?;
    actions::stop_webhook(&app, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
