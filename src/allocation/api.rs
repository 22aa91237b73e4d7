//! Allocations of stored needs as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use lianjie_index::allocation::fairness::{Fairness, Served};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions::{self, Allocated, Objective};
use super::model::{Became, Other};
use crate::access::Actor;
use crate::api::{Json, Problem, Query};
use crate::app::App;
use crate::case::store::Within;
use crate::conference::api::conference_id;
use crate::error::{Error, Result};
use crate::locale::Locale;

/// By which rule.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `lex` (most of the most urgent first, the default), `util` (most needs completed), `floor` (no township far below the others).
    #[serde(default)]
    pub objective: String,
}

/// By which rule, and for which of the areas one answers for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AreaAsked {
    /// `lex` (most of the most urgent first, the default), `util` (most needs completed), `floor` (no township far below the others).
    #[serde(default)]
    pub objective: String,
    /// Id of a station or code of a division one answers for; the first of them where absent.
    #[serde(default)]
    pub area: String,
}

/// Somebody else for a place.
#[derive(Debug, Serialize, ToSchema)]
struct OtherBody {
    /// The need.
    need: String,
    /// What it would cost in needs completed, weighted by urgency (8, 4, 2, 1).
    cost: f64,
    /// Whether that is the cost, or the least it can be.
    exact: bool,
    /// Whether it would break the rule, such as a less urgent need before a more urgent one.
    breaks_rule: bool,
}

/// What became of one need.
#[derive(Debug, Serialize, ToSchema)]
struct RowBody {
    /// The need.
    need: String,
    /// Its case.
    case: String,
    /// Taxonomy leaf.
    term: String,
    /// Urgency, 1 to 4.
    tier: u8,
    /// Whole weeks it has waited.
    weeks: u32,
    /// `placed`, `without`, `no_service`.
    became: &'static str,
    /// The service at a location it gets.
    service_at_location: Option<String>,
    /// Of a thousand such referrals, how many lead to help.
    utility: Option<u16>,
    /// Whether places there are scarce.
    scarce: bool,
    /// Who came second for the place, and what giving it to them costs.
    second: Option<OtherBody>,
    /// Of one that gets none: whose place it could have, at the least cost; null where that was not worked out, above 80 needs.
    instead: Option<Vec<OtherBody>>,
}

/// How many of a group are served.
#[derive(Debug, Serialize, ToSchema)]
struct ServedBody {
    /// Tier, division or category.
    group: String,
    /// Served.
    served: u64,
    /// Of so many.
    of: u64,
}

/// How fair an allocation is.
#[derive(Debug, Serialize, ToSchema)]
struct FairnessBody {
    /// By tier.
    tiers: Vec<ServedBody>,
    /// By county.
    counties: Vec<ServedBody>,
    /// By township.
    towns: Vec<ServedBody>,
    /// By household category.
    categories: Vec<ServedBody>,
    /// Needs completed that are to be expected, weighted by urgency.
    expected: f64,
    /// What the rule costs of it against `util`.
    price_of_rule: f64,
}

/// A case that could not be taken along.
#[derive(Debug, Serialize, ToSchema)]
struct LeftOutBody {
    /// Number of the case.
    number: String,
    /// `not_yours`, `birth_needed`.
    reason: &'static str,
}

/// An allocation. Nothing of it is kept or sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllocationBody {
    /// One a need, most urgent first.
    rows: Vec<RowBody>,
    /// Its fairness.
    fairness: FairnessBody,
    /// Cases that could not be taken along.
    left_out: Vec<LeftOutBody>,
    /// Cases with needs that nobody is asked for; the most urgent of them are allocated.
    cases: usize,
}

fn body(allocated: &Allocated) -> AllocationBody {
    let Allocated { table, run, left_out, cases } = allocated;
    let other = |other: &Other| OtherBody {
        need: table.askings[other.asking].need.id.to_string(),
        cost: thousandths(other.cost),
        exact: other.exact,
        breaks_rule: other.breaks_rule,
    };
    let row = |(asking, became): (&super::model::Asking, &Became)| {
        let mut row = RowBody {
            need: asking.need.id.to_string(),
            case: asking.need.case.to_string(),
            term: asking.need.term.to_string(),
            tier: asking.need.tier.number(),
            weeks: asking.weeks,
            became: became.name(),
            service_at_location: None,
            utility: None,
            scarce: false,
            second: None,
            instead: None,
        };
        match became {
            Became::Placed { proposal, scarce, second } => {
                let service = &asking.services[*proposal];
                row.service_at_location = Some(service.service_at_location.to_string());
                (row.utility, row.scarce, row.second) = (Some(service.utility), *scarce, second.as_ref().map(other));
            }
            Became::Without { instead } => row.instead = instead.as_ref().map(|instead| instead.iter().map(other).collect()),
            Became::NoService => {}
        }
        row
    };
    AllocationBody {
        rows: table.askings.iter().zip(&run.became).map(row).collect(),
        fairness: fairness(&run.fairness, run.expected, run.price),
        left_out: left_out.iter().map(|left| LeftOutBody { number: left.number.clone(), reason: left.reason }).collect(),
        cases: *cases,
    }
}

fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn fairness(fairness: &Fairness, expected: f64, price: f64) -> FairnessBody {
    let served = |groups: &[Served]| {
        let body = |one: &Served| ServedBody { group: one.group.to_string(), served: one.share.served.into(), of: one.share.of.into() };
        groups.iter().map(body).collect()
    };
    FairnessBody {
        tiers: served(&fairness.tiers),
        counties: served(&fairness.counties),
        towns: served(&fairness.towns),
        categories: served(&fairness.categories),
        expected: thousandths(expected),
        price_of_rule: thousandths(price),
    }
}

/// The area named in an address, of those the actor answers for.
pub(super) fn area_named(actor: &Actor, name: &str) -> Result<Within> {
    let areas = actions::areas(actor);
    let named = if name.is_empty() { areas.first() } else { areas.iter().find(|area| area_id(area) == name) };
    named.cloned().ok_or(Error::Forbidden { why: "role" })
}

/// The name of an area in an address.
pub(super) fn area_id(area: &Within) -> String {
    match area {
        Within::Station(id) => id.to_string(),
        Within::Division(code) => code.to_string(),
        Within::Worker(id) => id.to_string(),
        Within::Village(code) => code.clone(),
    }
}

/// Who of a meeting's cases could get which place.
#[utoipa::path(get, path = "/api/v1/conferences/{id}/allocation", tag = "matching", params(("id" = String, Path, description = "Id of the meeting"), Asked),
    responses((status = 200, body = AllocationBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn meeting(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<AllocationBody>> {
    let objective = Objective::read(&asked.objective)?;
    Ok(Json(body(&actions::meeting(&app, &actor, &conference_id(&id)?, objective, locale).await?.1)))
}

/// Who of a station or county could get which place this week.
#[utoipa::path(get, path = "/api/v1/allocation", tag = "matching", params(AreaAsked),
    responses((status = 200, body = AllocationBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn area(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Query(asked): Query<AreaAsked>,
) -> Result<Json<AllocationBody>> {
    let objective = Objective::read(&asked.objective)?;
    let within = area_named(&actor, &asked.area)?;
    Ok(Json(body(&actions::area(&app, &actor, &within, objective, locale).await?)))
}
