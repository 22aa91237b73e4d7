//! What changed in the directory, by number, with tombstones: `modified_after` alone cannot say what is gone.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::super::gather::Names;
use super::super::store::{self, Changed};
use super::shape::{Shape, object};
use crate::api::Query;
use crate::app::App;
use crate::clock;
use crate::error::{Faults, Result};
use crate::id::{OrganizationId, ServiceId};
use crate::service::store as services;
use crate::store::Connection;

/// From where on, and how many.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Since {
    after: i64,
    limit: Option<i64>,
}

/// The greatest number: what every reader of JSON reads as it is.
pub(super) const MOST_NUMBER: i64 = (1 << 53) - 1;

/// What changed after a number. What the public may no longer read is a tombstone, whatever became of it.
pub async fn changes(State(app): State<Arc<App>>, Query(since): Query<Since>) -> Result<Response> {
    let mut faults = Faults::new();
    faults.require((0..=MOST_NUMBER).contains(&since.after), "after", "hsds_value");
    faults.require((0..=MOST_NUMBER).contains(&since.limit.unwrap_or_default()), "limit", "hsds_value");
    faults.settle()?;
    let names = Names::of(&app);
    let mut db = app.store.read().await?;
    let limit = since.limit.unwrap_or(200).clamp(1, 1_000);
    let found = store::changes_after(&mut db, since.after, limit).await?;
    // Of a thing that changed several times the last is said.
    let mut touched: BTreeMap<(&'static str, String), &Changed> = BTreeMap::new();
    for change in &found {
        for thing in touched_by(&mut db, change).await? {
            touched.insert(thing, change);
        }
    }
    let mut touched: Vec<_> = touched.into_iter().collect();
    touched.sort_by_key(|(_, change)| change.number);
    let mut rows = Vec::new();
    for ((kind, id), change) in touched {
        let shape = if kind == "organization" { Shape::OrganizationCompact } else { Shape::ServiceMinimal };
        let there = object(&mut db, &names, shape, &id).await?.is_some();
        rows.push(json!({
            "number": change.number, "resource_type": kind, "resource_id": id,
            "changed_at": clock::stored(change.at), "deleted": !there,
        }));
    }
    let last = found.last().map_or(since.after, |change| change.number);
    let more = found.len() == usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(Json(json!({ "changes": rows, "meta": { "last": last, "more": more } })).into_response())
}

/// What a change touches: the thing itself, and what is told or kept back with it. The services of an organization go when it is
/// hidden, and an organization goes when its only service does.
async fn touched_by(db: &mut Connection, change: &Changed) -> Result<Vec<(&'static str, String)>> {
    let mut touched = Vec::new();
    if change.kind == "organization" {
        if let Ok(id) = OrganizationId::parse(&change.id) {
            touched.extend(services::of(db, &id).await?.into_iter().map(|one| ("service", one.id.to_string())));
        }
        touched.push(("organization", change.id.clone()));
    } else {
        if let Ok(id) = ServiceId::parse(&change.id) {
            touched.extend(services::find(db, &id).await?.map(|one| ("organization", one.organization.to_string())));
        }
        touched.push(("service", change.id.clone()));
    }
    Ok(touched)
}
