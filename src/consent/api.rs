//! Consents as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::{self, NewConsent};
use super::model::{Consent, Giver, Ground, Item, Purpose};
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{CaseId, OrganizationId};

/// A consent to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentInput {
    /// Id of the organization that may receive.
    recipient: String,
    items: Vec<Item>,
    purpose: Purpose,
    ground: Ground,
    #[serde(default)]
    article: Option<String>,
    #[serde(default)]
    given_by: Vec<Giver>,
    #[serde(default)]
    evidence: String,
    /// First day; absent is today.
    #[serde(default)]
    from_day: Option<String>,
    /// Last day, included.
    to_day: String,
}

/// A consent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentBody {
    id: String,
    recipient: String,
    recipient_name: String,
    items: Vec<Item>,
    purpose: Purpose,
    ground: Ground,
    article: Option<String>,
    given_by: Vec<Giver>,
    evidence: String,
    from_day: String,
    to_day: String,
    revoked_at: Option<String>,
    holds: bool,
}

/// The consents of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentsBody {
    consents: Vec<ConsentBody>,
    meta: Meta,
}

/// The consent that was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordedBody {
    /// Its id; absent when the same request was answered before.
    id: Option<String>,
}

fn body(app: &App, consent: Consent, recipient_name: String) -> ConsentBody {
    ConsentBody {
        holds: consent.holds(app.today()),
        id: consent.id.to_string(),
        recipient: consent.recipient.to_string(),
        recipient_name,
        items: consent.items,
        purpose: consent.purpose,
        ground: consent.ground,
        article: consent.article,
        given_by: consent.given_by,
        evidence: consent.evidence,
        from_day: consent.from.to_string(),
        to_day: consent.to.to_string(),
        revoked_at: consent.revoked_at.map(crate::clock::stored),
    }
}

/// The consents of a case, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/consents", tag = "consent", params(("id" = String, Path, description = "case")),
    responses((status = 200, body = ConsentsBody), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<ConsentsBody>> {
    let id = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    let view = actions::view(&app, &actor, &id, None).await?;
    let consents: Vec<ConsentBody> = view.consents.into_iter().map(|(consent, name)| body(&app, consent, name)).collect();
    let meta = Meta { total: consents.len() as u64 };
    Ok(Json(ConsentsBody { consents, meta }))
}

/// Records a consent.
#[utoipa::path(post, path = "/api/v1/cases/{id}/consents", tag = "consent", params(("id" = String, Path, description = "case")),
    request_body = ConsentInput,
    responses((status = 201, body = RecordedBody), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn record(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<ConsentInput>,
) -> Result<Response> {
    let id = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    let day = |field: &'static str, text: &str| text.parse().map_err(|_| Error::invalid(field, "day"));
    let new = NewConsent {
        recipient: OrganizationId::parse(&input.recipient).map_err(|_| Error::invalid("recipient", "required"))?,
        items: input.items,
        purpose: input.purpose,
        ground: input.ground,
        article: input.article,
        given_by: input.given_by,
        evidence: input.evidence,
        from: input.from_day.as_deref().map(|text| day("from_day", text)).transpose()?,
        to: day("to_day", &input.to_day)?,
    };
    let made = actions::record(&app, &actor, &id, new, key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(RecordedBody { id: made.map(|id| id.to_string()) })).into_response())
}
