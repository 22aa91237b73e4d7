//! 今日 as JSON.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::casework::{self, Casework};
use super::store;
use crate::access::Actor;
use crate::api::{Json, Problem};
use crate::app::App;
use crate::clock;
use crate::error::Result;

/// What waits for the person.
#[derive(Debug, Serialize, ToSchema)]
pub struct TodayBody {
    /// Overdue referrals the person owns.
    overdue: usize,
    /// Referrals due today.
    due_today: usize,
    /// Referrals that wait for an answer of the person's organizations.
    to_answer: u32,
    /// Referrals that wait for the person's approval.
    to_approve: u32,
    /// Referrals that went out ahead of their approval and wait for the person's second look.
    to_confirm: u32,
    /// Entries that wait for the registrar.
    to_verify: u32,
    /// Suggestions of change that wait for the person.
    to_settle: u32,
    /// Verifications that end within 30 days or are over.
    to_renew: u32,
    /// Children about whom the police must still be told.
    unreported: usize,
    /// What of the rest of the station's work waits.
    #[serde(flatten)]
    casework: Casework,
    /// Cases of the person.
    cases: u32,
    /// The referrals, most pressing first.
    referrals: Vec<WaitingBody>,
}

/// A referral the person owns.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingBody {
    id: String,
    number: String,
    state: String,
    tier: u8,
    /// RFC 3339 UTC.
    due_at: String,
}

/// What waits for the person.
#[utoipa::path(get, path = "/api/v1/today", tag = "today", responses((status = 200, body = TodayBody), (status = 401, body = Problem)))]
pub async fn today(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<TodayBody>> {
    let now = app.now();
    let today = store::today(&mut *app.store.read().await?, &actor, now).await?;
    Ok(Json(TodayBody {
        overdue: today.overdue,
        due_today: today.due_today,
        to_answer: today.to_answer,
        to_approve: today.to_approve,
        to_confirm: today.ahead,
        to_verify: today.to_verify,
        to_settle: today.to_settle,
        to_renew: today.to_renew,
        unreported: today.unreported.len(),
        casework: casework::of(&app, &actor).await?,
        cases: today.cases,
        referrals: today
            .waiting
            .iter()
            .map(|referral| WaitingBody {
                id: referral.id.clone(),
                number: referral.number.clone(),
                state: referral.state.clone(),
                tier: referral.tier,
                due_at: clock::stored(referral.due_at),
            })
            .collect(),
    }))
}
