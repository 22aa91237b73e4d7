//! Referrals as JSON: list, write, one, and every act.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions::{self, Deed, NewReferral, View};
use super::model::{Action, Channel, Flag, Hold, Outcome, State as Stands};
use super::store::{Filter, Listed};
use crate::access::{Actor, Role};
use crate::api::{IdempotencyKey, Json, Meta, Problem, Query};
use crate::app::App;
use crate::clock::stored;
use crate::consent::model::{Channel as Way, Item, Purpose};
use crate::error::{Error, Result};
use crate::id::{CaseId, ConsentId, NeedId, ReferralId, ServiceAtLocationId};
use crate::locale::Locale;
use crate::secret::Hidden;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// `live`, `overdue`, `approval`, `waiting`, `served`, `reported`, `draft`, `ended`; absent is `live`.
    #[serde(default)]
    filter: Option<String>,
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

fn flag_name(flag: Flag) -> String {
    serde_json::to_value(flag).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
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

/// The referrals of the station or county, and those that came to one's organizations.
#[utoipa::path(get, path = "/api/v1/referrals", tag = "referral", params(ListQuery),
    responses((status = 200, body = ReferralsBody), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor, Query(query): Query<ListQuery>) -> Result<Json<ReferralsBody>> {
    let filter = Filter::of(query.filter.as_deref().unwrap_or_default());
    let now = app.now();
    let mut referrals: Vec<ListedBody> =
        actions::list(&app, &actor).await?.into_iter().filter(|line| filter.has(line, now)).map(|line| listed(line, true)).collect();
    if actor.is(Role::Provider) {
        let came = actions::list_provider(&app, &actor).await?;
        referrals.extend(came.into_iter().filter(|(line, _)| filter.has(line, now)).map(|(line, brief)| listed(line, brief.is_some())));
    }
    let meta = Meta { total: referrals.len() as u64 };
    Ok(Json(ReferralsBody { referrals, meta }))
}

/// A referral to write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralInput {
    need: String,
    service_at_location: String,
    purpose: Purpose,
    /// What is to be seen after acceptance, as far as consents allow.
    #[serde(default)]
    items: Vec<Item>,
    #[serde(default)]
    time_windows: String,
    #[serde(default)]
    safety_notes: String,
    #[serde(default)]
    mobility: String,
    #[serde(default)]
    share_sex: bool,
    #[serde(default)]
    hold_place: bool,
    /// The ended referral it follows.
    #[serde(default)]
    follows: Option<String>,
    /// Whether it is sent at once.
    #[serde(default)]
    send: bool,
}

/// What comes with an act; each act reads the fields it needs.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeedInput {
    reason: Option<String>,
    note: Option<String>,
    contact_day: Option<String>,
    promised_day: Option<String>,
    expected_day: Option<String>,
    position: Option<u32>,
    override_full: Option<bool>,
    record: Option<String>,
    day: Option<String>,
    units: Option<u32>,
    outcome: Option<String>,
    from_day: Option<String>,
    to_day: Option<String>,
    next_step: Option<String>,
    verified_by: Option<String>,
    method: Option<String>,
    satisfaction: Option<u32>,
    until: Option<String>,
    tries: Option<u32>,
    tried_days: Option<u32>,
    /// Whom the worker spoke with, when a call is written down.
    spoke_with: Option<String>,
    /// When: `2026-11-25T10:30`.
    spoke_at: Option<String>,
    /// The version that was looked at; another one meanwhile is a conflict.
    version: Option<i64>,
}

impl From<DeedInput> for Deed {
    fn from(input: DeedInput) -> Self {
        let count = |count: Option<u32>| count.map(|count| count.to_string()).unwrap_or_default();
        Self {
            reason: input.reason.unwrap_or_default(),
            note: Hidden::new(input.note.unwrap_or_default()),
            contact_day: input.contact_day.unwrap_or_default(),
            promised_day: input.promised_day.unwrap_or_default(),
            expected_day: input.expected_day.unwrap_or_default(),
            position: count(input.position),
            override_full: if input.override_full == Some(true) { "1".into() } else { String::new() },
            record: input.record.unwrap_or_default(),
            day: input.day.unwrap_or_default(),
            units: count(input.units),
            outcome: input.outcome.unwrap_or_default(),
            from_day: input.from_day.unwrap_or_default(),
            to_day: input.to_day.unwrap_or_default(),
            next_step: input.next_step.unwrap_or_default(),
            verified_by: input.verified_by.unwrap_or_default(),
            method: input.method.unwrap_or_default(),
            satisfaction: count(input.satisfaction),
            until: input.until.unwrap_or_default(),
            tries: count(input.tries),
            tried_days: count(input.tried_days),
            spoke_with: input.spoke_with.unwrap_or_default(),
            spoke_at: input.spoke_at.unwrap_or_default(),
            version: input.version.map(|version| version.to_string()).unwrap_or_default(),
        }
    }
}

/// What a provider sees before it accepts.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefBody {
    alias: String,
    age_band: Option<String>,
    sex: Option<String>,
    township: String,
    term: String,
    languages: Vec<String>,
    time_windows: String,
    safety_notes: String,
    mobility: String,
    travel: Option<String>,
}

/// An item of the packet.
#[derive(Debug, Serialize, ToSchema)]
pub struct PacketBody {
    item: Item,
    text: String,
}

/// An event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventBody {
    number: i64,
    kind: String,
    from_state: String,
    to_state: String,
    by: String,
    on_behalf_of: Option<String>,
    channel: String,
    reason: Option<String>,
    note: Option<String>,
    at: String,
}

/// A contact or service.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordBody {
    kind: String,
    day: String,
    units: u32,
}

/// One referral, as its reader may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralBody {
    id: String,
    number: String,
    state: String,
    version: i64,
    tier: u8,
    need: String,
    need_state: String,
    organization: String,
    service: String,
    service_at_location: String,
    purpose: Purpose,
    owner: String,
    due_at: Option<String>,
    due_kind: Option<String>,
    overdue: u8,
    flags: Vec<String>,
    hold_reason: Option<Hold>,
    hold_until: Option<String>,
    contact_day: Option<String>,
    promised_day: Option<String>,
    expected_day: Option<String>,
    outcome: Option<Outcome>,
    verified_by: Option<String>,
    follows: Option<String>,
    brief: Option<BriefBody>,
    packet: Vec<PacketBody>,
    /// Asked for, but without a ground for this recipient; of the sender's side only.
    missing: Vec<Item>,
    events: Vec<EventBody>,
    records: Vec<RecordBody>,
    actions: Vec<String>,
    actions_by_phone: Vec<String>,
}

/// One referral.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneReferralBody {
    referral: ReferralBody,
}

fn body(view: View) -> OneReferralBody {
    let referral = view.referral;
    let standing = &referral.standing;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    let name = |actions: &[Action]| actions.iter().map(|action| action.name().to_owned()).collect();
    let brief = view.shows_brief.then(|| BriefBody {
        alias: referral.brief.alias.clone(),
        age_band: referral.brief.age_band.clone(),
        sex: referral.brief.sex.and_then(|sex| serde_json::to_value(sex).ok()?.as_str().map(str::to_owned)),
        township: referral.brief.township.to_string(),
        term: referral.brief.term.to_string(),
        languages: referral.brief.languages.clone(),
        time_windows: referral.brief.time_windows.clone(),
        safety_notes: referral.brief.safety_notes.clone(),
        mobility: referral.brief.mobility.clone(),
        travel: referral.brief.travel.clone(),
    });
    let events = view.events.iter().map(|(event, by, note)| EventBody {
        number: event.number,
        kind: event.event.kind().into(),
        from_state: event.from.name().into(),
        to_state: event.to.name().into(),
        by: by.clone(),
        on_behalf_of: event.on_behalf_of.clone(),
        channel: event.channel.name().into(),
        reason: event.event.reason().map(str::to_owned),
        note: note.as_ref().map(|note| note.reveal().to_owned()),
        at: stored(event.at),
    });
    OneReferralBody {
        referral: ReferralBody {
            events: events.collect(),
            id: referral.id.to_string(),
            number: referral.number,
            state: standing.state.name().into(),
            version: standing.version,
            tier: standing.tier,
            need: referral.need.to_string(),
            need_state: if view.is_provider { String::new() } else { view.need.state.name().into() },
            organization: view.offering.organization.name,
            service: view.offering.service.name,
            service_at_location: referral.site.to_string(),
            purpose: referral.purpose,
            owner: view.owner,
            due_at: referral.due.map(|(at, _)| stored(at)),
            due_kind: referral.due.map(|(_, timer)| timer.name().into()),
            overdue: standing.overdue,
            flags: standing.flags.iter().copied().map(flag_name).collect(),
            hold_reason: standing.hold.map(|(reason, _)| reason),
            hold_until: standing.hold.map(|(_, until)| stored(until)),
            contact_day: day(standing.contact_day),
            promised_day: day(standing.promised_day),
            expected_day: day(standing.expected_day),
            outcome: standing.outcome,
            verified_by: standing.verified_by.map(|by| by.name().into()),
            follows: if view.is_provider { None } else { referral.follows.map(|id| id.to_string()) },
            brief,
            packet: view.packet.iter().map(|part| PacketBody { item: part.item, text: part.text.reveal().to_owned() }).collect(),
            missing: if view.is_provider { Vec::new() } else { view.shared.missing },
            records: view
                .records
                .iter()
                .map(|record| RecordBody { kind: record.kind.name().into(), day: record.day.to_string(), units: record.units })
                .collect(),
            actions: name(&view.own),
            actions_by_phone: name(&view.phone),
        },
    }
}

pub(super) fn referral_id(text: &str) -> Result<ReferralId> {
    ReferralId::parse(text).map_err(|_| Error::missing("referral", text))
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
