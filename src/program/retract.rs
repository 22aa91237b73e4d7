//! What was written down wrongly is taken back with a reason: it is counted nowhere any more, and is kept as it stood. To correct
//! is to take back and to write anew.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::actions::{PAYERS, facts};
use super::store;
use crate::access::{Action, Actor, decide};
use crate::api::{Json, Problem};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{ActivityId, OrganizationId, ProgramId, SubsidyId};
use crate::organization;
use crate::store::Connection;
use crate::web::{Form, redirect};

/// Why something is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It was written down twice.
    Twice,
    /// Something in it is wrong.
    Wrong,
    /// It did not take place.
    NotHeld,
    /// The money came back.
    Returned,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Twice, Self::Wrong, Self::NotHeld, Self::Returned];

    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Twice => "twice",
            Self::Wrong => "wrong",
            Self::NotHeld => "not_held",
            Self::Returned => "returned",
        }
    }
}

/// Something that was taken back.
#[derive(Debug, Clone)]
pub struct Retracted {
    /// Its day.
    pub day: Date,
    /// Title of an activity, receipt of a payment.
    pub what: String,
    /// Why.
    pub reason: Reason,
}

/// Keeps what is taken back as it stood. Whose it is not is told that there is none.
async fn keep(
    db: &mut Connection,
    actor: &Actor,
    (thing, id): (&'static str, &str),
    (owner, program): (&OrganizationId, Option<&ProgramId>),
    (taken, content): (&Retracted, &Value),
    at: Timestamp,
) -> Result<()> {
    let missing = || Error::missing(thing, id);
    let organization = organization::store::find(db, owner).await?.ok_or_else(missing)?;
    let bought = match program {
        Some(id) => organization::store::program(db, id).await?,
        None => None,
    };
    if !decide(actor, Action::RunProgram, &facts(&organization, bought.as_ref(), owner.as_str())).is_allowed() {
        return Err(missing());
    }
    store::keep_retracted(db, (thing, id), (owner, program), taken, content, (&actor.id, at)).await
}

/// Takes an activity back; gives the project it was of.
pub async fn activity(app: &App, actor: &Actor, id: &ActivityId, reason: Reason) -> Result<Option<ProgramId>> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (activity, listed) = store::activity_of(&mut tx, id).await?.ok_or_else(|| Error::missing("activity", id))?;
    let content = json!({
        "kind": activity.kind, "topic": activity.topic, "sessions": activity.sessions, "headcount": activity.headcount, "listed": listed,
        "by": activity.by.to_string(),
    });
    let taken = Retracted { day: activity.day, what: activity.title, reason };
    let whose = (&activity.organization, activity.program.as_ref());
    keep(&mut tx, actor, ("activity", id.as_str()), whose, (&taken, &content), at).await?;
    store::delete_activity(&mut tx, id).await?;
    audit::record(&mut tx, actor, Event::new("activity.retracted", "activity", id).fields([reason.name()]), at).await?;
    tx.commit(at).await?;
    Ok(activity.program)
}

/// Takes a payment back; gives the project it was for.
pub async fn subsidy(app: &App, actor: &Actor, id: &SubsidyId, reason: Reason) -> Result<Option<ProgramId>> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let subsidy = store::subsidy_of(&mut tx, id).await?.ok_or_else(|| Error::missing("subsidy", id))?;
    let content = json!({ "purpose": subsidy.purpose, "amount_fen": subsidy.amount_fen, "by": subsidy.by.to_string() });
    let taken = Retracted { day: subsidy.day, what: subsidy.receipt, reason };
    let whose = (&subsidy.organization, subsidy.program.as_ref());
    keep(&mut tx, actor, ("subsidy", id.as_str()), whose, (&taken, &content), at).await?;
    if !actor.is(PAYERS) {
        return Err(Error::Forbidden { why: "role" });
    }
    store::delete_subsidy(&mut tx, id).await?;
    let fields = [reason.name().to_owned(), format!("fen={}", subsidy.amount_fen)];
    audit::record(&mut tx, actor, Event::new("subsidy.retracted", "subsidy", id).fields(fields), at).await?;
    tx.commit(at).await?;
    Ok(subsidy.program)
}

/// Why it is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetractInput {
    reason: Reason,
}

fn activity_id(id: &str) -> Result<ActivityId> {
    ActivityId::parse(id).map_err(|_| Error::missing("activity", id))
}

fn subsidy_id(id: &str) -> Result<SubsidyId> {
    SubsidyId::parse(id).map_err(|_| Error::missing("subsidy", id))
}

/// Takes an activity back.
#[utoipa::path(post, path = "/api/v1/activities/{id}/retract", tag = "program", params(("id" = String, Path)), request_body = RetractInput, responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn activity_json(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<RetractInput>,
) -> Result<StatusCode> {
    activity(&app, &actor, &activity_id(&id)?, input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a payment back.
#[utoipa::path(post, path = "/api/v1/subsidies/{id}/retract", tag = "program", params(("id" = String, Path)), request_body = RetractInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn subsidy_json(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<RetractInput>,
) -> Result<StatusCode> {
    subsidy(&app, &actor, &subsidy_id(&id)?, input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// As chosen on a page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    reason: String,
}

fn chosen(form: &Chosen) -> Result<Reason> {
    Reason::ALL.into_iter().find(|reason| reason.name() == form.reason).ok_or_else(|| Error::invalid("reason", "choice"))
}

/// Takes an activity back, from a page.
pub async fn activity_page(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, form: Form<Chosen>) -> Result<Response> {
    let program = activity(&app, &actor, &activity_id(&id)?, chosen(&form.value)?).await?;
    let back = program.map_or_else(|| "/activities".to_owned(), |program| format!("/programs/{program}"));
    redirect(&back, Some("retracted"))
}

/// Takes a payment back, from a page.
pub async fn subsidy_page(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, form: Form<Chosen>) -> Result<Response> {
    let program = subsidy(&app, &actor, &subsidy_id(&id)?, chosen(&form.value)?).await?;
    redirect(&program.map_or_else(|| "/programs".to_owned(), |program| format!("/programs/{program}")), Some("retracted"))
}
