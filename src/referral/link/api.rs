//! A link as JSON, for programs of the sender's side that deliver it themselves.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::api::referral_id;
use super::actions;
use crate::access::Actor;
use crate::api::{Json, Problem};
use crate::app::App;
use crate::error::Result;
use crate::link::LinkBody;

/// Makes a one-time link for the provider of a referral that waits for its answer; one made before ends.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/links", params(("id" = String, Path)), responses((status = 201, body = LinkBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn make(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Response> {
    let made = actions::make(&app, &actor, &referral_id(&id)?).await?;
    Ok((StatusCode::CREATED, Json(LinkBody::of(&made, &app.config.url))).into_response())
}
