//! A link as JSON, for programs of the sender's side that deliver it themselves.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::api::referral_id;
use super::actions;
use crate::access::Actor;
use crate::api::{Json, Problem};
use crate::app::App;
use crate::clock::stored;
use crate::error::Result;

/// A link just made: shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkBody {
    /// Where the provider answers; give it by one way.
    address: String,
    /// Six digits; give them by another.
    code: String,
    /// Until when.
    valid_to: String,
}

/// Makes a one-time link for the provider of a referral that waits for its answer; one made before ends.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/links", params(("id" = String, Path)), responses((status = 201, body = LinkBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn make(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Response> {
    let made = actions::make(&app, &actor, &referral_id(&id)?).await?;
    let body = LinkBody { address: made.address(&app.config.url), code: made.code.reveal().to_owned(), valid_to: stored(made.valid_to) };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}
