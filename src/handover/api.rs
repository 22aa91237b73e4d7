//! Transfers and handing over as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::State as Stands;
use super::transfer::{self, Line, Offer};
use super::work;
use crate::access::Actor;
use crate::api::{Json, Meta, Problem};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, CaseId, OrganizationId, TransferId};
use crate::secret::Hidden;

/// A transfer.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransferBody {
    id: String,
    case: String,
    number: String,
    alias: String,
    from: String,
    to: String,
    state: Stands,
    /// `moved_away`, `school_elsewhere`, `placed_elsewhere`, `other`.
    reason: String,
    offered_at: String,
    answered_at: Option<String>,
}

/// Transfers from and to the person's stations.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransfersBody {
    transfers: Vec<TransferBody>,
    meta: Meta,
}

/// An offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferInput {
    /// Station that is to have the case.
    to: String,
    /// Township in which the child lives then.
    #[schema(value_type = String)]
    division: DivisionCode,
    reason: String,
    #[schema(value_type = String)]
    words: Hidden,
}

/// The offer that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedBody {
    id: String,
}

/// Who goes on with the case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeInput {
    worker: String,
}

/// Why the case is given back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyInput {
    #[schema(value_type = String)]
    why: Hidden,
}

/// What somebody holds that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkBody {
    account: String,
    name: String,
    /// Numbers of cases.
    cases: Vec<String>,
    /// Numbers of live referrals.
    referrals: Vec<String>,
    /// How many meetings they lead that are not signed.
    meetings: usize,
    /// Accounts it can be given to.
    colleagues: Vec<String>,
}

/// To whom it is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToInput {
    to: String,
}

fn body(line: Line) -> TransferBody {
    TransferBody {
        id: line.transfer.id.to_string(),
        case: line.transfer.case.to_string(),
        number: line.number,
        alias: line.alias,
        from: line.from,
        to: line.to,
        state: line.transfer.state,
        reason: line.transfer.reason,
        offered_at: clock::stored(line.transfer.offered_at),
        answered_at: line.transfer.answered_at.map(clock::stored),
    }
}

/// The id in an address; anything else is not there.
pub fn transfer_id(text: &str) -> Result<TransferId> {
    TransferId::parse(text).map_err(|_| Error::missing("transfer", text))
}

/// The id in an address; anything else is not there.
pub fn account_id(text: &str) -> Result<AccountId> {
    AccountId::parse(text).map_err(|_| Error::missing("account", text))
}

/// Transfers from and to the person's stations.
#[utoipa::path(get, path = "/api/v1/transfers", tag = "case", responses((status = 200, body = TransfersBody), (status = 403, body = Problem)))]
pub async fn transfers(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<TransfersBody>> {
    let found = transfer::list(&app, &actor).await?;
    Ok(Json(TransfersBody { meta: Meta { total: found.len() as u64 }, transfers: found.into_iter().map(body).collect() }))
}

/// Offers a case to another station.
#[utoipa::path(post, path = "/api/v1/cases/{id}/transfer", tag = "case", params(("id" = String, Path)), request_body = OfferInput, responses((status = 201, body = OfferedBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn offer(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<OfferInput>,
) -> Result<(StatusCode, Json<OfferedBody>)> {
    let case = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    let to = OrganizationId::parse(&input.to).map_err(|_| Error::invalid("to", "other_station"))?;
    let offer = Offer { to, division: input.division, reason: input.reason, words: input.words };
    let id = transfer::offer(&app, &actor, &case, &offer).await?;
    Ok((StatusCode::CREATED, Json(OfferedBody { id: id.to_string() })))
}

/// Takes a case.
#[utoipa::path(post, path = "/api/v1/transfers/{id}/take", tag = "case", params(("id" = String, Path)), request_body = TakeInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn take(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Json(input): Json<TakeInput>) -> Result<StatusCode> {
    let worker = AccountId::parse(&input.worker).map_err(|_| Error::invalid("worker", "no_colleague"))?;
    transfer::take(&app, &actor, &transfer_id(&id)?, &worker).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a case back.
#[utoipa::path(post, path = "/api/v1/transfers/{id}/return", tag = "case", params(("id" = String, Path)), request_body = WhyInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn give_back(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<WhyInput>,
) -> Result<StatusCode> {
    transfer::give_back(&app, &actor, &transfer_id(&id)?, &input.why).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What somebody holds that is open.
#[utoipa::path(get, path = "/api/v1/handover/{account}", tag = "account", params(("account" = String, Path)), responses((status = 200, body = WorkBody), (status = 404, body = Problem)))]
pub async fn work(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<WorkBody>> {
    let person = work::of(&app, &actor, &account_id(&id)?).await?;
    Ok(Json(WorkBody {
        account: person.account.id.to_string(),
        name: person.account.name,
        cases: person.work.cases.into_iter().map(|case| case.number).collect(),
        referrals: person.work.referrals.into_iter().map(|referral| referral.number).collect(),
        meetings: person.work.meetings,
        colleagues: person.colleagues.into_iter().map(|(id, _)| id.to_string()).collect(),
    }))
}

/// Gives everything open to a colleague.
#[utoipa::path(post, path = "/api/v1/handover/{account}", tag = "account", params(("account" = String, Path)), request_body = ToInput, responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn hand_over(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<ToInput>,
) -> Result<StatusCode> {
    let to = AccountId::parse(&input.to).map_err(|_| Error::invalid("to", "no_colleague"))?;
    work::hand_over(&app, &actor, &account_id(&id)?, &to).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Disables an account that holds nothing any more.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/disable", tag = "account", params(("account" = String, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn disable(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<StatusCode> {
    work::disable(&app, &actor, &account_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
