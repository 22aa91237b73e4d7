//! Referrals of one need or dispatch, and the services that could take a need.

use lianjie_index::{DivisionCode, TermCode};

use super::super::model::Referral;
use super::referral::{read, select};
use crate::error::Result;
use crate::id::{DispatchId, NeedId, ServiceAtLocationId};
use crate::store::{Connection, Row};

/// The referrals of a need, oldest first.
pub async fn of_need(db: &mut Connection, need: &NeedId) -> Result<Vec<Referral>> {
    let rows = sqlx::query(select!("WHERE need_id = $1 ORDER BY id")).bind(need.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// The referrals of a dispatch, oldest first.
pub async fn of_dispatch(db: &mut Connection, dispatch: &DispatchId) -> Result<Vec<Referral>> {
    let rows = sqlx::query(select!("WHERE dispatch_id = $1 ORDER BY id")).bind(dispatch.as_str()).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Services at locations that offer a leaf, of verified organizations, those of the same county first.
pub async fn sites_for(db: &mut Connection, term: &TermCode, place: &DivisionCode, limit: usize) -> Result<Vec<ServiceAtLocationId>> {
    let rows = sqlx::query(
        "SELECT l.id FROM service_at_location l JOIN service s ON s.id = l.service_id JOIN organization o ON o.id = s.organization_id
         WHERE s.terms LIKE $1 AND s.status = 'active' AND o.status = 'verified' AND o.division LIKE $2
         ORDER BY CASE WHEN o.division LIKE $3 THEN 0 WHEN o.division LIKE $4 THEN 1 ELSE 2 END, o.pinyin, l.id LIMIT $5",
    )
    .bind(format!("%\"{term}\"%"))
    .bind(format!("{}%", place.as_str().get(..2).unwrap_or_default()))
    .bind(format!("{}%", place.county()))
    .bind(format!("{}%", place.as_str().get(..4).unwrap_or_default()))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Row::of("service_at_location", row).parse("id")).collect()
}
