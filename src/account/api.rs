//! Signing in and out, and who one is, as JSON.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::layer::Peer;
use super::session::{Token, cookie_name};
use super::{actions, page::user_agent};
use crate::access::Actor;
use crate::api::{Json, Problem};
use crate::app::App;
use crate::error::Result;
use crate::secret::Hidden;
use crate::web::Visit;

/// What signs a person in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// Login.
    login: String,
    /// Password.
    #[schema(value_type = String)]
    password: Hidden,
}

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    id: String,
    name: String,
    organization: Option<String>,
    grants: Vec<MyGrant>,
    form_token: String,
}

/// A grant that holds today.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyGrant {
    role: String,
    scope: String,
}

/// Signs in: answers 204 with the session's cookie.
#[utoipa::path(post, path = "/api/v1/session", tag = "account", request_body = LogIn,
    responses((status = 204, description = "signed in; the cookie is set"), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn log_in(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Json(body): Json<LogIn>,
) -> Result<Response> {
    let (_, token) = actions::log_in(&app, &body.login, &body.password, &peer.0, user_agent(&headers)).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, token.cookie(&app.config)?)]).into_response())
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "account",
    responses((status = 204, description = "signed out"), (status = 401, body = Problem)))]
pub async fn log_out(State(app): State<Arc<App>>, actor: Actor, cookies: CookieJar) -> Result<Response> {
    if let Some(cookie) = cookies.get(cookie_name(&app.config)) {
        actions::log_out(&app, &actor, &Token::from_cookie(cookie.value())).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, Token::no_cookie(&app.config)?)]).into_response())
}

/// Who one is, and what one is granted.
#[utoipa::path(get, path = "/api/v1/me", tag = "account", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub async fn me(actor: Actor, visit: Visit) -> Json<Me> {
    Json(Me {
        id: actor.id.to_string(),
        name: actor.name,
        organization: actor.organization.map(|id| id.to_string()),
        grants: actor.grants.iter().map(|grant| MyGrant { role: grant.role.to_string(), scope: grant.scope.to_string() }).collect(),
        form_token: visit.form_token,
    })
}
