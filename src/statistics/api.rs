//! Numbers as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions;
use super::model::{Block, Period};
use crate::access::Actor;
use crate::api::{Json, Meta, Problem, Query};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};

/// Which figures.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// The scope, by its number; absent is the first the person has.
    pub scope: String,
    /// First day; absent is the first of this year.
    pub from: String,
    /// Last day, included; absent is today.
    pub to: String,
    /// What a figure of many is about: a term, a category, a reason, a county.
    pub about: String,
    /// Page of the list behind a figure, from 1; a page has 200 rows.
    pub page: Option<usize>,
}

/// The days asked for.
pub fn period(app: &App, asked: &Asked) -> Result<Period> {
    let today = app.today();
    let day = |name: &str, text: &str, absent: Date| {
        if text.is_empty() { Ok(absent) } else { text.parse().map_err(|_| Error::invalid(name, "day_form")) }
    };
    let from = day("from", &asked.from, today.first_of_year())?;
    let to = day("to", &asked.to, today)?;
    if from > to { Err(Error::invalid("to", "period")) } else { Ok(Period { from, to }) }
}

/// The figures of a scope and a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumbersBody {
    place: String,
    #[schema(value_type = String)]
    from: Date,
    /// Included.
    #[schema(value_type = String)]
    to: Date,
    /// RFC 3339 UTC.
    as_of: String,
    /// Whether counts below five were left out.
    suppressed: bool,
    blocks: Vec<Block>,
}

/// A row behind a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedBody {
    name: String,
    beside: String,
    href: String,
}

/// The rows behind a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListBody {
    rows: Vec<ListedBody>,
    meta: Meta,
}

/// The figures.
#[utoipa::path(get, path = "/api/v1/numbers", tag = "statistics", params(Asked), responses((status = 200, body = NumbersBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn numbers(State(app): State<Arc<App>>, actor: Actor, Query(asked): Query<Asked>) -> Result<Json<NumbersBody>> {
    let found = actions::numbers(&app, &actor, &asked.scope, period(&app, &asked)?).await?;
    Ok(Json(NumbersBody {
        place: found.place,
        from: found.period.from,
        to: found.period.to,
        as_of: clock::stored(found.as_of),
        suppressed: found.suppressed,
        blocks: found.blocks,
    }))
}

/// The rows that make a figure.
#[utoipa::path(get, path = "/api/v1/numbers/{figure}", tag = "statistics", params(("figure" = String, Path), Asked), responses((status = 200, body = ListBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(figure): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<ListBody>> {
    let found = actions::list(&app, &actor, &asked.scope, period(&app, &asked)?, (&figure, &asked.about), asked.page.unwrap_or(1)).await?;
    let meta = Meta { total: found.total as u64 };
    let rows = found.rows.into_iter().map(|row| ListedBody { name: row.name, beside: row.beside, href: row.href });
    Ok(Json(ListBody { rows: rows.collect(), meta }))
}
