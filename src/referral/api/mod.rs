//! Referrals as JSON: list, write, one, and every act.

mod body;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::body::{BookInput, DeedInput, OneReferralBody, ReferralInput, SettleInput, body, flag_name};
use super::actions::{self, Deed, NewReferral};
use super::model::{Action, Channel, Filter, State as Stands};
use super::store::{Asked, Listed, Whose};
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem, Query};
use crate::app::App;
use crate::clock::stored;
use crate::consent::model::Channel as Way;
use crate::error::{Error, Result};
use crate::id::{AppointmentId, CaseId, ConsentId, NeedId, ReferralId, ServiceAtLocationId};
use crate::locale::Locale;
use crate::store::Part;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// `station`, `county`, `mine` (what one chases oneself), `inbox` (what came to one's organization); absent is the first there is.
    #[serde(default)]
    list: Option<String>,
    /// `live`, `overdue`, `today`, `approval`, `waiting`, `served`, `reported`, `draft`, `ended`; absent is `live`.
    #[serde(default)]
    filter: Option<String>,
    /// A page of a hundred, from 1.
    #[serde(default)]
    page: Option<usize>,
}

/// A line of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedBody {
    id: String,
    number: String,
    state: String,
    tier: u8,
    term: String,
    alias: Option<String>,
    organization: String,
    service: String,
    due_at: Option<String>,
    due_kind: Option<String>,
    overdue: u8,
    flags: Vec<String>,
    on_hold: bool,
    sent_at: Option<String>,
}

/// Referrals, what is due soonest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralsBody {
    referrals: Vec<ListedBody>,
    meta: Meta,
}

fn listed(listed: Listed, alias: bool) -> ListedBody {
    ListedBody {
        id: listed.id.to_string(),
        number: listed.number,
        state: listed.state.name().into(),
        tier: listed.tier,
        term: listed.term.to_string(),
        alias: alias.then_some(listed.alias),
        organization: listed.organization,
        service: listed.service,
        due_at: listed.due.map(|(at, _)| stored(at)),
        due_kind: listed.due.map(|(_, timer)| timer.name().into()),
        overdue: listed.overdue,
        flags: listed.flags.into_iter().map(flag_name).collect(),
        on_hold: listed.on_hold,
        sent_at: listed.sent_at.map(stored),
    }
}

/// A list of the person's referrals, a hundred at a time; `meta.total` is how many the filter holds in all.
#[utoipa::path(get, path = "/api/v1/referrals", tag = "referral", params(ListQuery),
    responses((status = 200, body = ReferralsBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor, Query(query): Query<ListQuery>) -> Result<Json<ReferralsBody>> {
    let filter = Filter::of(query.filter.as_deref().unwrap_or_default());
    let lists = actions::lists(&actor);
    let chosen = actions::list_of(&lists, query.list.as_deref().unwrap_or_default())?;
    let asked = Asked::filtered(filter, Part::numbered(query.page.unwrap_or(1), actions::PAGE));
    let (referrals, tally): (Vec<ListedBody>, _) = if matches!(chosen.whose, Whose::Provider(_)) {
        let (found, tally) = actions::list(&app, &actor, chosen, &asked).await?;
        (found.into_iter().map(|line| (line.shows_brief(), line)).map(|(shown, line)| listed(line, shown)).collect(), tally)
    } else {
        let (found, tally) = actions::list(&app, &actor, chosen, &asked).await?;
        (found.into_iter().map(|line| listed(line, true)).collect(), tally)
    };
    Ok(Json(ReferralsBody { referrals, meta: Meta { total: tally.of(filter) as u64 } }))
}

pub(super) fn referral_id(text: &str) -> Result<ReferralId> {
    ReferralId::parse(text).map_err(|_| Error::missing("referral", text))
}

pub(super) fn appointment_id(text: &str) -> Result<AppointmentId> {
    AppointmentId::parse(text).map_err(|_| Error::missing("appointment", text))
}

/// Writes a referral, and sends it when asked to.
#[utoipa::path(post, path = "/api/v1/referrals", tag = "referral", request_body = ReferralInput,
    responses((status = 201, body = OneReferralBody), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub async fn create(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<ReferralInput>,
) -> Result<Response> {
    let new = NewReferral {
        need: NeedId::parse(&input.need).map_err(|_| Error::invalid("need", "required"))?,
        site: ServiceAtLocationId::parse(&input.service_at_location).map_err(|_| Error::invalid("service_at_location", "required"))?,
        purpose: input.purpose,
        items: input.items,
        time_windows: input.time_windows,
        safety_notes: input.safety_notes,
        mobility: input.mobility,
        share_sex: input.share_sex,
        hold_place: input.hold_place,
        follows: input.follows.as_deref().map(referral_id).transpose()?,
    };
    let id = actions::draft(&app, &actor, new, Channel::Api, key.as_ref()).await?;
    let view = actions::view(&app, &actor, &id, locale, Way::Api).await?;
    if input.send && view.referral.state() == Stands::Draft {
        actions::act(&app, &actor, &id, Action::Send, &Deed::default(), Channel::Api, None).await?;
    }
    let view = actions::view(&app, &actor, &id, locale, Way::Api).await?;
    Ok((StatusCode::CREATED, Json(body(view))).into_response())
}

/// One referral.
#[utoipa::path(get, path = "/api/v1/referrals/{id}", tag = "referral", params(("id" = String, Path, description = "referral")),
    responses((status = 200, body = OneReferralBody), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn one(State(app): State<Arc<App>>, actor: Actor, locale: Locale, Path(id): Path<String>) -> Result<Json<OneReferralBody>> {
    let view = actions::view(&app, &actor, &referral_id(&id)?, locale, Way::Api).await?;
    Ok(Json(body(view)))
}

/// Does something to a referral: send, acknowledge, ask, answer, accept, …
#[utoipa::path(post, path = "/api/v1/referrals/{id}/actions/{action}", tag = "referral", request_body = DeedInput,
    params(("id" = String, Path, description = "referral"), ("action" = String, Path, description = "one of `actions` of the referral")),
    responses((status = 200, body = OneReferralBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn act(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Path((id, action)): Path<(String, String)>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<DeedInput>,
) -> Result<Json<OneReferralBody>> {
    let id = referral_id(&id)?;
    let action = Action::of(&action).ok_or_else(|| Error::missing("page", &action))?;
    actions::act(&app, &actor, &id, action, &input.into(), Channel::Api, key.as_ref()).await?;
    let view = actions::view(&app, &actor, &id, locale, Way::Api).await?;
    Ok(Json(body(view)))
}

/// Books an appointment with the family.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/appointments", tag = "referral", request_body = BookInput,
    params(("id" = String, Path, description = "referral")),
    responses((status = 201, body = OneReferralBody), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn book(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<BookInput>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    actions::book(&app, &actor, &id, &input.at, key.as_ref()).await?;
    let view = actions::view(&app, &actor, &id, locale, Way::Api).await?;
    Ok((StatusCode::CREATED, Json(body(view))).into_response())
}

/// Says what came of an appointment, or moves it.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/appointments/{appointment}", tag = "referral", request_body = SettleInput,
    params(("id" = String, Path, description = "referral"), ("appointment" = String, Path, description = "appointment")),
    responses((status = 200, body = OneReferralBody), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn settle(
    State(app): State<Arc<App>>,
    actor: Actor,
    locale: Locale,
    Path((id, appointment)): Path<(String, String)>,
    Json(input): Json<SettleInput>,
) -> Result<Json<OneReferralBody>> {
    let id = referral_id(&id)?;
    let appointment = appointment_id(&appointment)?;
    actions::settle(&app, &actor, &id, &appointment, &input.state, &input.at).await?;
    let view = actions::view(&app, &actor, &id, locale, Way::Api).await?;
    Ok(Json(body(view)))
}

/// What taking a consent back did.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevokedBody {
    /// Referrals that rest now.
    resting: usize,
}

/// Takes a consent back; live referrals to its recipient rest at once.
#[utoipa::path(post, path = "/api/v1/cases/{id}/consents/{consent}/revoke", tag = "consent",
    params(("id" = String, Path, description = "case"), ("consent" = String, Path, description = "consent")),
    responses((status = 200, body = RevokedBody), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn revoke_consent(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((case, consent)): Path<(String, String)>,
) -> Result<Json<RevokedBody>> {
    let case = CaseId::parse(&case).map_err(|_| Error::missing("case", &case))?;
    let consent = ConsentId::parse(&consent).map_err(|_| Error::missing("consent", &consent))?;
    Ok(Json(RevokedBody { resting: actions::revoke_consent(&app, &actor, &case, &consent).await? }))
}

/// Why a need was settled without us.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MetElsewhereInput {
    reason: Option<String>,
}

/// Settles a need that somebody else met; its live referrals are taken back.
#[utoipa::path(post, path = "/api/v1/needs/{id}/met_elsewhere", tag = "referral", params(("id" = String, Path, description = "need")),
    request_body = MetElsewhereInput,
    responses((status = 204, description = "settled"), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn met_elsewhere(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<MetElsewhereInput>,
) -> Result<StatusCode> {
    let id = NeedId::parse(&id).map_err(|_| Error::missing("need", &id))?;
    actions::met_elsewhere(&app, &actor, &id, input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
