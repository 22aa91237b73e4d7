//! 信息有误 and 仍然如此: what others say about an entry.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::super::actions;
use super::super::api::id_of;
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::ChangeSuggestionId;
use crate::organization::api::id_of as organization_id;
use crate::web::{Form, redirect};

/// What is wrong.
#[derive(Debug, Deserialize)]
pub struct Wrong {
    #[serde(default)]
    field: String,
    #[serde(default)]
    suggested: String,
}

/// Keeps what somebody says is wrong.
pub async fn suggest(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Form { value, key, .. }: Form<Wrong>,
) -> Result<Response> {
    let id = id_of(&id)?;
    actions::suggest(&app, &actor, &id, &value.field, &value.suggested, key.as_ref()).await?;
    redirect(&format!("/services/{id}"), Some("suggestion_sent"))
}

/// Keeps what somebody says is wrong about an organization.
pub async fn suggest_organization(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Form { value, key, .. }: Form<Wrong>,
) -> Result<Response> {
    let id = organization_id(&id)?;
    actions::suggest_organization(&app, &actor, &id, &value.field, &value.suggested, key.as_ref()).await?;
    redirect(&format!("/organizations/{id}"), Some("suggestion_sent"))
}

/// How it is known.
#[derive(Debug, Deserialize)]
pub struct Known {
    #[serde(default)]
    method: String,
    #[serde(default)]
    back: String,
}

/// Confirms that the entry still holds.
pub async fn confirm(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Form { value, .. }: Form<Known>,
) -> Result<Response> {
    let id = id_of(&id)?;
    actions::confirm(&app, &actor, &id, &value.method).await?;
    let page = format!("/services/{id}");
    redirect(if value.back.is_empty() { &page } else { &value.back }, Some("service_confirmed"))
}

/// The lists a suggestion is settled from.
const BACK: [&str; 2] = ["/verification", "/organizations/mine"];

/// Whether a suggestion is taken.
#[derive(Debug, Deserialize)]
pub struct Settled {
    #[serde(default)]
    taken: Option<String>,
    #[serde(default)]
    back: String,
}

/// Takes or refuses a suggestion.
pub async fn settle(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Form { value, .. }: Form<Settled>,
) -> Result<Response> {
    let id = ChangeSuggestionId::parse(&id).map_err(|_| Error::missing("change_suggestion", &id))?;
    let settled = actions::settle(&app, &actor, &id, value.taken.is_some()).await?;
    let page = format!("/organizations/{}", settled.organization);
    // What is to be written by hand is written there.
    let back = if settled.by_hand || !BACK.contains(&value.back.as_str()) { page.as_str() } else { &value.back };
    redirect(back, Some(if settled.by_hand { "suggestion_by_hand" } else { "saved" }))
}
