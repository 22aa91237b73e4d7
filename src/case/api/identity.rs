//! What names the child, as JSON: for a purpose, after the log has it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::{self, Identified, ReportMade};
use super::super::model::{Item, Purpose, name, named};
use super::case_id;
use crate::access::Actor;
use crate::api::{Json, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::ReportDutyId;
use crate::secret::Hidden;

/// What is asked for, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityAsked {
    /// `visit`, `contact`, `referral`, `report`, `application`, `supervision`, `correction`.
    purpose: String,
    /// Any of `name`, `address`, `contact`, `number`, `guardians`, `narrative`.
    items: Vec<String>,
}

/// A guardian as far as it was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardianBody {
    relation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
    carer: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspected: Option<bool>,
}

/// What names a child.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityBody {
    /// The items that are shown.
    items: Vec<String>,
    name: Option<String>,
    identity_number: Option<String>,
    birth_date: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    point: Option<String>,
    school: Option<String>,
    guardians: Vec<GuardianBody>,
    narrative: Option<String>,
    certificates: Option<String>,
    diagnoses: BTreeMap<String, bool>,
}

/// What names a child.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityAnswer {
    identity: IdentityBody,
}

fn shown(text: Option<Hidden>) -> Option<String> {
    text.map(|text| text.reveal().to_owned())
}

fn body(found: Identified) -> IdentityBody {
    let states = found.items.contains(&Item::Guardians);
    let guardians = found.guardians.into_iter().map(|one| GuardianBody {
        relation: name(&one.relation),
        name: shown(one.name),
        phone: shown(one.phone),
        state: states.then(|| name(&one.state)),
        since: one.since.filter(|_| states).map(|day| day.to_string()),
        evidence: states.then_some(one.evidence),
        carer: one.carer,
        suspected: states.then_some(one.suspected),
    });
    let diagnoses = found.writing.diagnoses.and_then(|json| serde_json::from_str(json.reveal()).ok());
    IdentityBody {
        items: found.items.iter().map(name).collect(),
        name: shown(found.identity.name),
        identity_number: shown(found.identity.identity_number),
        birth_date: shown(found.identity.birth_date),
        phone: shown(found.identity.phone),
        address: shown(found.identity.address),
        point: shown(found.identity.point),
        school: shown(found.identity.school),
        guardians: guardians.collect(),
        narrative: shown(found.writing.narrative),
        certificates: shown(found.writing.certificates),
        diagnoses: diagnoses.unwrap_or_default(),
    }
}

/// Shows what names a child, for a purpose; the log holds who, what and why.
#[utoipa::path(post, path = "/api/v1/cases/{id}/identity", tag = "case", request_body = IdentityAsked, params(("id" = String, Path, description = "Id of the case")),
    responses((status = 200, body = IdentityAnswer), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn identity(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(asked): Json<IdentityAsked>,
) -> Result<Json<IdentityAnswer>> {
    let purpose: Purpose = named(&asked.purpose).ok_or_else(|| Error::invalid("purpose", "purpose"))?;
    let items =
        asked.items.iter().map(|item| named(item).ok_or_else(|| Error::invalid("items", "choice"))).collect::<Result<Vec<Item>>>()?;
    let found = actions::identify(&app, &actor, &case_id(&id)?, purpose, &items).await?;
    Ok(Json(IdentityAnswer { identity: body(found) }))
}

/// Situations that must be reported.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SituationsIn {
    /// Numbers 1 to 9 of the nine ministries' opinion of 2020.
    situations: Vec<u8>,
}

/// Notes situations that must be reported to the police at once.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reports", tag = "case", request_body = SituationsIn, params(("id" = String, Path, description = "Id of the case")),
    responses((status = 200, body = DutiesBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn note(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<SituationsIn>,
) -> Result<Json<DutiesBody>> {
    let id = case_id(&id)?;
    actions::note_duty(&app, &actor, &id, &sent.situations).await?;
    duties(&app, &actor, &id).await
}

/// A report that was made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportIn {
    /// Ids of the duties it meets.
    duties: Vec<String>,
    /// When the police were told.
    made_at: String,
    /// The police station that took it.
    made_to: String,
    /// Receipt number.
    #[serde(default)]
    receipt_number: String,
}

/// Records that the police were told.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reports/made", tag = "case", request_body = ReportIn, params(("id" = String, Path, description = "Id of the case")),
    responses((status = 200, body = DutiesBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn make(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<ReportIn>,
) -> Result<Json<DutiesBody>> {
    let id = case_id(&id)?;
    let made_at = sent.made_at.parse().map_err(|_| Error::invalid("made_at", "instant"))?;
    let met = sent.duties.iter().map(|duty| ReportDutyId::parse(duty).map_err(|_| Error::missing("report_duty", duty)));
    let met = met.collect::<Result<Vec<_>>>()?;
    let made = ReportMade { made_at, made_to: sent.made_to, receipt_number: sent.receipt_number };
    actions::make_report(&app, &actor, &id, &met, &made).await?;
    duties(&app, &actor, &id).await
}

/// A duty to report.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyBody {
    id: String,
    situation: u8,
    found_at: String,
    made_at: Option<String>,
    made_to: Option<String>,
    receipt_number: Option<String>,
}

/// Duties to report.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutiesBody {
    report_duties: Vec<DutyBody>,
}

/// The duties of a case, to who writes it.
async fn duties(app: &App, actor: &Actor, id: &crate::id::CaseId) -> Result<Json<DutiesBody>> {
    let view = actions::view(app, actor, id).await?;
    let rows = view.duties.into_iter().map(|duty| DutyBody {
        id: duty.id.to_string(),
        situation: duty.situation,
        found_at: crate::clock::stored(duty.found_at),
        made_at: duty.made_at.map(crate::clock::stored),
        made_to: duty.made_to,
        receipt_number: duty.receipt_number,
    });
    Ok(Json(DutiesBody { report_duties: rows.collect() }))
}
