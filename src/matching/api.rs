//! Matching as JSON, in the shape of `lianjie match`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use lianjie_index::Answer;
use lianjie_index::matching::answer::Limits;
use lianjie_index::matching::answer::WhyNot;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions;
use crate::access::Actor;
use crate::api::{Json, Problem};
use crate::app::App;
use crate::case::actions::load_need;
use crate::error::{Error, Fault, Result};
use crate::id::{CaseId, NeedId};
use crate::locale::Locale;

/// Matches a case that is stored nowhere: the body of `lianjie match --case`, the answer it prints. An absent fact is unknown,
/// never no; an unknown key is refused by name.
#[utoipa::path(post, path = "/api/v1/match", tag = "matching", request_body(content = Object, description = "a case as `lianjie match --case` reads it"),
    responses((status = 200, description = "needs, proposals, first step, warnings", body = Object), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn free(State(app): State<Arc<App>>, actor: Actor, locale: Locale, body: Bytes) -> Result<Json<Answer>> {
    let text = std::str::from_utf8(&body).unwrap_or_default();
    let request = lianjie_index::Case::read(text).map_err(|fault| {
        let detail: String = fault.to_string().chars().take(160).collect();
        Error::Invalid(vec![Fault::new("body", "unreadable").with("detail", detail)])
    })?;
    actions::match_request(&app, &actor, &request, locale).map(Json)
}

fn case_id(text: &str) -> Result<CaseId> {
    CaseId::parse(text).map_err(|_| Error::missing("case", text))
}

/// Matches the needs of a stored case that are not settled or served.
#[utoipa::path(post, path = "/api/v1/cases/{id}/match", tag = "matching", params(("id" = String, Path, description = "Id of the case")),
    responses((status = 200, description = "needs, proposals, first step, warnings", body = Object), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn case(State(app): State<Arc<App>>, actor: Actor, locale: Locale, Path(id): Path<String>) -> Result<Json<Answer>> {
    Ok(Json(actions::plan_case(&app, &actor, &case_id(&id)?, Some(Limits::default()), locale).await?.answer))
}

/// Which service, for which need.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Id of the need.
    need: String,
    /// Id of the service.
    service: String,
}

/// Why a service stands where it stands.
#[derive(Debug, Serialize)]
pub struct WhyBody {
    why_not: WhyNot,
}

/// Why a service stands where it stands for a need, or does not stand at all.
#[utoipa::path(post, path = "/api/v1/cases/{id}/why_not", tag = "matching", request_body = Asked, params(("id" = String, Path, description = "Id of the case")),
    responses((status = 200, description = "kind, and what belongs to it", body = Object), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn why_not(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Path(id): Path<String>,
    Json(asked): Json<Asked>,
) -> Result<Json<WhyBody>> {
    let id = case_id(&id)?;
    let need = NeedId::parse(&asked.need).map_err(|_| Error::missing("need", &asked.need))?;
    let (need, case) = load_need(&mut *app.store.read().await?, &actor, crate::access::Action::Match, &need).await?;
    if case.id != id {
        return Err(Error::missing("need", &need.id));
    }
    let matched = actions::match_case(&app, &actor, &id, locale).await?;
    Ok(Json(WhyBody { why_not: actions::why_not(&app, &matched, &need.term, &asked.service, locale)? }))
}
