//! Numbers as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use jiff::ToSpan;
use jiff::civil::Date;
use lianjie_index::reach::Town;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions;
use super::calibration::Calibrated;
use super::model::{Block, Period, SMALLEST};
use crate::access::Actor;
use crate::api::{Json, Meta, Problem, Query};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::locale::Locale;
use crate::matching::actions::language;

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

/// Which kind of help, where.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct AccessAsked {
    /// The scope, by its number; absent is the first the person has.
    pub scope: String,
    /// Code of a division within it; absent is all of it, of a scope wider than a county the first of its counties.
    pub place: String,
    /// Taxonomy leaf; absent is the kind most needed there.
    pub term: String,
}

/// Access of one township.
#[derive(Debug, Serialize, ToSchema)]
struct TownBody {
    division: String,
    /// Needs that are not settled; null where they are fewer than five and small counts are not told.
    needs: Option<i64>,
    /// Places for a hundred needs within an hour, weighted by the way.
    places_per_hundred: f64,
    /// Minutes to the nearest service that may be used; null where none is within an hour.
    nearest_minutes: Option<u16>,
    /// Below a quarter of the middle, or nothing within an hour.
    desert: bool,
    /// Of a desert: the change of rules that would open most.
    opening: Option<String>,
}

/// Access to one kind of help by township.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessBody {
    place: String,
    term: String,
    /// The middle of all, in places for a hundred needs.
    median: f64,
    /// Services counted.
    offers: usize,
    /// Of them, those that post no places.
    unposted: usize,
    /// What each of those was counted with.
    usual_places: u32,
    towns: Vec<TownBody>,
}

/// Access to one kind of help by township: places within reach of its needs, who may use them considered.
#[utoipa::path(get, path = "/api/v1/numbers/access", tag = "statistics", params(AccessAsked),
    responses((status = 200, body = AccessBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn access(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Query(asked): Query<AccessAsked>,
) -> Result<Json<AccessBody>> {
    let found = actions::access(&app, &actor, (&asked.scope, &asked.place), &asked.term, language(locale)).await?;
    let reach = found.reach;
    let told = |needs: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number of needs")]
        let needs = needs.round() as i64;
        (!(found.suppressed && (1..SMALLEST).contains(&needs))).then_some(needs)
    };
    let town = |town: &Town| TownBody {
        division: town.division.to_string(),
        needs: told(town.needs),
        places_per_hundred: (town.places_per_hundred * 10.0).round() / 10.0,
        nearest_minutes: town.nearest_minutes,
        desert: town.desert,
        opening: town.opening.as_ref().map(|opening| opening.text.clone()),
    };
    Ok(Json(AccessBody {
        place: found.place,
        term: reach.term.to_string(),
        median: (reach.median * 10.0).round() / 10.0,
        offers: reach.offers,
        unposted: reach.unposted,
        usual_places: reach.usual_places,
        towns: reach.towns.iter().map(town).collect(),
    }))
}

/// Which forecasts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub struct CalibrationAsked {
    /// The scope, by its number; absent is the first the person has.
    pub scope: String,
    /// Code of a division within it; absent is all of it, of a scope wider than a county the first of its counties.
    pub place: String,
    /// First day of sending; absent is a year ago.
    pub from: String,
    /// Last day of sending, included; absent is today.
    pub to: String,
}

/// Whether the matcher's forecasts came true.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalibrationBody {
    place: String,
    #[schema(value_type = String)]
    from: Date,
    #[schema(value_type = String)]
    to: Date,
    /// That a place is given: E·P·A as frozen when the organisation was asked.
    places: Calibrated,
    /// That what was accepted is completed: C.
    completions: Calibrated,
}

/// The days forecasts are asked for.
pub fn year(app: &App, asked: &CalibrationAsked) -> Result<Period> {
    let from = if asked.from.is_empty() { (app.today() - 1.year()).to_string() } else { asked.from.clone() };
    period(app, &Asked { from, to: asked.to.clone(), ..Asked::default() })
}

/// Whether the matcher's forecasts came true, by tenths, by category of child and by place.
#[utoipa::path(get, path = "/api/v1/numbers/calibration", tag = "statistics", params(CalibrationAsked),
    responses((status = 200, body = CalibrationBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn calibration(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(asked): Query<CalibrationAsked>,
) -> Result<Json<CalibrationBody>> {
    let found = actions::calibration(&app, &actor, (&asked.scope, &asked.place), year(&app, &asked)?).await?;
    let Period { from, to } = found.period;
    Ok(Json(CalibrationBody { place: found.place, from, to, places: found.places, completions: found.completions }))
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
