//! Guardianship as JSON.

use std::sync::Arc;

use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::actions::{chosen, lists};
use super::super::assessment::Outcome;
use super::actions;
use super::store::Figures;
use crate::access::Actor;
use crate::api::{Json, Meta, Problem, Query};
use crate::app::App;
use crate::error::Result;

/// A child on file.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchedBody {
    case: String,
    number: String,
    alias: String,
    needs_agreement: bool,
    #[schema(value_type = Option<String>)]
    covered_to: Option<Date>,
    /// What the last assessment found, if it still counts.
    assessment: Option<Outcome>,
    #[schema(value_type = Option<String>)]
    valid_until: Option<Date>,
}

/// The list, what is to be done first, and the figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardianshipBody {
    guardianship: Vec<WatchedBody>,
    figures: Figures,
    meta: Meta,
}

/// Which list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// `mine`, `station`, `county`, `village`; absent is the first the person has.
    #[serde(default)]
    list: Option<String>,
    /// A page of a hundred, from 1.
    #[serde(default)]
    page: Option<usize>,
}

/// How the guardianship of each child on file stands.
#[utoipa::path(get, path = "/api/v1/guardianship", tag = "case", params(Which), responses((status = 200, body = GuardianshipBody), (status = 403, body = Problem)))]
pub async fn watched(State(app): State<Arc<App>>, actor: Actor, Query(which): Query<Which>) -> Result<Json<GuardianshipBody>> {
    let lists = lists(&actor);
    let chosen = chosen(&lists, which.list.as_deref().unwrap_or_default())?;
    let found = actions::watched(&app, &actor, chosen, which.page.unwrap_or(1)).await?;
    let (meta, today, figures) = (Meta { total: found.total as u64 }, app.today(), found.figures);
    let guardianship = found.watched.into_iter().map(|watched| WatchedBody {
        case: watched.line.id.to_string(),
        number: watched.line.number,
        alias: watched.line.alias,
        needs_agreement: watched.standing.needs_agreement,
        covered_to: watched.standing.covered_to,
        assessment: watched.standing.outcome(today),
        valid_until: watched.standing.assessed.map(|(_, day)| day),
    });
    Ok(Json(GuardianshipBody { guardianship: guardianship.collect(), figures, meta }))
}
