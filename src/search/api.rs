//! Search, suggestions and the public card of a service, as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::address::Address;
use super::answer::Answer;
use super::ask::Params;
use super::card::CardBody;
use super::words::Words;
use super::{actions, card};
use crate::api::{Json, Problem, Query};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::ServiceId;
use crate::web::Visit;

/// Services for words, filters and a place; at the public level for who is not signed in.
#[utoipa::path(get, path = "/api/v1/services/search", tag = "search", params(Params),
    responses((status = 200, body = Answer), (status = 422, body = Problem)))]
pub async fn search(State(app): State<Arc<App>>, visit: Visit, Query(params): Query<Params>) -> Result<Json<Answer>> {
    let (found, _) = actions::search(&app, &visit.actor, &params, visit.locale.into(), true).await?;
    Ok(Json(Answer::of(&app, &found, &Words::of(&app, visit.locale))))
}

/// What was typed so far.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Typed {
    /// The words.
    #[serde(default)]
    q: String,
}

/// Something the words may mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionBody {
    /// `need`, `place`, `organization`.
    pub kind: &'static str,
    /// Code or id.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it is, in words.
    pub label: String,
    /// The page it leads to: what meets the need, what the organization gives, what there is near the place.
    pub href: String,
}

/// Suggestions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionsBody {
    suggestions: Vec<SuggestionBody>,
}

/// Names of needs, places and organizations that typed words may mean.
#[utoipa::path(get, path = "/api/v1/services/suggest", tag = "search", params(Typed), responses((status = 200, body = SuggestionsBody)))]
pub async fn suggest(State(app): State<Arc<App>>, visit: Visit, Query(typed): Query<Typed>) -> Result<Json<SuggestionsBody>> {
    let words = Words::of(&app, visit.locale);
    let found = actions::suggest(&app, &visit.actor, &typed.q, 8).await?;
    Ok(Json(SuggestionsBody { suggestions: found.into_iter().map(|one| suggestion(one, &words)).collect() }))
}

/// Words a suggestion.
pub(super) fn suggestion(one: lianjie_index::search::Suggestion, words: &Words) -> SuggestionBody {
    use lianjie_index::search::Suggestion;
    let (kind, code, name) = match one {
        Suggestion::Need { term, .. } => ("need", term.to_string(), words.term(&term)),
        Suggestion::Place { area, .. } => ("place", area.to_string(), words.area(&area)),
        // Of whom no service is found only the own page says anything.
        Suggestion::Organization { id, name, gives: false } => {
            let (kind, code) = ("organization", id.to_string());
            return SuggestionBody { href: format!("/organizations/{code}"), label: words.word("suggested", kind), kind, code, name };
        }
        Suggestion::Organization { id, name, gives: true } => ("organization", id.to_string(), name),
    };
    let parameter = match kind {
        "need" => "terms",
        "organization" => "organization",
        // A zone is no division that distances could be counted from.
        _ if code.parse::<DivisionCode>().is_ok() => "near",
        _ => "areas",
    };
    SuggestionBody {
        href: Address::default().with(parameter, code.as_str()).page(),
        label: words.word("suggested", kind),
        kind,
        code,
        name,
    }
}

/// What a family may be handed of a service: nothing that only workers read, and no confidential address.
#[utoipa::path(get, path = "/api/v1/services/{id}/card", tag = "search", params(("id" = String, Path, description = "Id of the service")),
    responses((status = 200, body = CardBody), (status = 404, body = Problem)))]
pub async fn card(State(app): State<Arc<App>>, visit: Visit, Path(id): Path<String>) -> Result<Json<CardBody>> {
    let id = ServiceId::parse(&id).map_err(|_| Error::missing("service", &id))?;
    let seen = actions::service(&app, &visit.actor, &id).await?;
    Ok(Json(card::of(&seen, &Words::of(&app, visit.locale), &actions::moment_at(&app, &seen))))
}
