//! Meetings as JSON.

mod body;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use body::{
    ActInput, ActionsBody, AddressInput, AmendInput, CallInput, ConferenceAnswer, ConferencesBody, DecidedBody, DecisionInput,
    DissentInput, InvitedBody, ItemBody, ItemInput, LinkInput, MadeBody, MineBody, MoveInput, ReceiverBody, ReportInput, SheetAnswer,
    StepInput, conference,
};

use super::actions::{self, NewAct, NewConference, NewDecision, NewDissent, Reported, Written};
use super::model::{Params, TEXTS};
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{AccountId, ActionId, AgendaItemId, ConferenceId, NeedId, OrganizationId};
use crate::link::LinkBody;
use crate::secret::Hidden;

/// The id in an address; anything else is not there.
pub fn conference_id(text: &str) -> Result<ConferenceId> {
    ConferenceId::parse(text).map_err(|_| Error::missing("conference", text))
}

/// The id in an address; anything else is not there.
pub fn item_id(text: &str) -> Result<AgendaItemId> {
    AgendaItemId::parse(text).map_err(|_| Error::missing("agenda_item", text))
}

/// The account of who checks an action; none where nobody is named.
pub fn account(text: &str) -> Result<Option<AccountId>> {
    if text.is_empty() { Ok(None) } else { AccountId::parse(text).map(Some).map_err(|_| Error::invalid("checker", "choice")) }
}

/// The report in words.
pub fn reported(what: &str, said: Hidden) -> Result<Reported> {
    match what {
        "done" => Ok(Reported::Done(said)),
        "not_possible" => Ok(Reported::NotPossible(said)),
        "not_done" => Ok(Reported::NotDone),
        "checked" => Ok(Reported::Checked),
        _ => Err(Error::invalid("what", "choice")),
    }
}

/// The meetings the person may know of.
#[utoipa::path(get, path = "/api/v1/conferences", tag = "conference", responses((status = 200, body = ConferencesBody), (status = 403, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<ConferencesBody>> {
    let found = actions::lines(&app, &actor).await?;
    Ok(Json(ConferencesBody { meta: Meta { total: found.len() as u64 }, conferences: found.iter().map(conference).collect() }))
}

/// Calls a meeting; its agenda fills itself.
#[utoipa::path(post, path = "/api/v1/conferences", tag = "conference", request_body = CallInput, responses((status = 201, body = MadeBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn call(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<CallInput>,
) -> Result<(StatusCode, Json<MadeBody>)> {
    let invite: Vec<OrganizationId> =
        input.invite.iter().map(|id| OrganizationId::parse(id).map_err(|_| Error::invalid("invite", "choice"))).collect::<Result<_>>()?;
    let new = NewConference { title: input.title, place: input.place, starts_at: input.starts_at };
    let id = actions::call(&app, &actor, &new, key.as_ref()).await?;
    for body in &invite {
        actions::invite(&app, &actor, &id, (body, ""), None).await?;
    }
    Ok((StatusCode::CREATED, Json(MadeBody { id: id.to_string() })))
}

/// A meeting with its agenda.
#[utoipa::path(get, path = "/api/v1/conferences/{id}", tag = "conference", params(("id" = String, Path)), responses((status = 200, body = ConferenceAnswer), (status = 404, body = Problem)))]
pub async fn read(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<ConferenceAnswer>> {
    let view = actions::view(&app, &actor, &conference_id(&id)?).await?;
    let items = view.items.iter().map(|(item, alias, number)| ItemBody {
        id: item.id.to_string(),
        position: item.position,
        alias: alias.clone(),
        number: if view.runs { number.clone() } else { String::new() },
        why: item.why.clone(),
        state: item.state,
    });
    let invited = view.invited.iter().map(|(one, name)| InvitedBody {
        id: one.body.to_string(),
        name: name.clone(),
        person: one.person.clone(),
        attended: one.attended,
    });
    let receivers = view.receivers.iter().map(|one| ReceiverBody {
        organization: one.body.to_string(),
        name: one.name.clone(),
        person: one.person.clone(),
    });
    Ok(Json(ConferenceAnswer {
        items: items.collect(),
        invited: invited.collect(),
        receivers: receivers.collect(),
        pack_due: view.pack_due,
        conference: conference(&view.conference),
        runs: view.runs,
    }))
}

/// Sets another time, place or name of a meeting that does not sit yet; who is invited is told.
#[utoipa::path(patch, path = "/api/v1/conferences/{id}", tag = "conference", params(("id" = String, Path)), request_body = MoveInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn reschedule(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<MoveInput>,
) -> Result<StatusCode> {
    let new = NewConference { title: input.title, place: input.place, starts_at: input.starts_at };
    actions::reschedule(&app, &actor, &conference_id(&id)?, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a step: send the pack, begin, sign, call off.
#[utoipa::path(post, path = "/api/v1/conferences/{id}/steps", tag = "conference", params(("id" = String, Path)), request_body = StepInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn step(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Json(input): Json<StepInput>) -> Result<StatusCode> {
    actions::step(&app, &actor, &conference_id(&id)?, input.step, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The sheet of one case.
#[utoipa::path(get, path = "/api/v1/conferences/{id}/items/{item}", tag = "conference", params(("id" = String, Path), ("item" = String, Path)), responses((status = 200, body = SheetAnswer), (status = 404, body = Problem)))]
pub async fn item(State(app): State<Arc<App>>, actor: Actor, Path((id, item)): Path<(String, String)>) -> Result<Json<SheetAnswer>> {
    let opened = actions::open(&app, &actor, &conference_id(&id)?, &item_id(&item)?).await?;
    Ok(Json(SheetAnswer { sheet: opened.sheet, state: opened.item.state, version: opened.item.version, runs: opened.runs }))
}

/// Writes what is said of a case; what is absent stays as it was, and an empty text is taken out.
#[utoipa::path(patch, path = "/api/v1/conferences/{id}/items/{item}", tag = "conference", params(("id" = String, Path), ("item" = String, Path)), request_body = ItemInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change_item(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((id, item)): Path<(String, String)>,
    Json(input): Json<ItemInput>,
) -> Result<StatusCode> {
    let texts = [
        input.question,
        input.danger,
        input.strengths,
        input.child_words,
        input.guardian_view,
        input.safety,
        input.contingency,
        input.trigger,
    ];
    let words = TEXTS.iter().map(|(name, _)| *name).zip(texts).filter_map(|(name, text)| Some((name, text?))).collect();
    let written = Written { words, next_review: input.next_review.map(Some), version: input.version };
    actions::write(&app, &actor, &conference_id(&id)?, &item_id(&item)?, &written).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Decides: what is decided is done at once, or it is written down why it could not be.
#[utoipa::path(post, path = "/api/v1/conferences/{id}/items/{item}/decisions", tag = "conference", params(("id" = String, Path), ("item" = String, Path)), request_body = DecisionInput, responses((status = 200, body = DecidedBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn decide(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path((id, item)): Path<(String, String)>,
    Json(input): Json<DecisionInput>,
) -> Result<Json<DecidedBody>> {
    let need = input.need.map(|need| NeedId::parse(&need)).transpose().map_err(|_| Error::invalid("need", "choice"))?;
    let params = Params { sites: input.sites, parallel: input.parallel, referral: input.referral, risk: input.risk, worker: input.worker };
    let new = NewDecision { code: input.code, need, params, note: input.note };
    let executed = actions::decide_item(&app, &actor, &conference_id(&id)?, &item_id(&item)?, &new, key.as_ref()).await?;
    Ok(Json(DecidedBody { executed }))
}

/// Writes down that a body dissents.
#[utoipa::path(post, path = "/api/v1/conferences/{id}/items/{item}/dissents", tag = "conference", params(("id" = String, Path), ("item" = String, Path)), request_body = DissentInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn dissent(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path((id, item)): Path<(String, String)>,
    Json(input): Json<DissentInput>,
) -> Result<StatusCode> {
    let new =
        NewDissent { decision: input.decision, body: input.body, reason: input.reason, next_step: input.next_step, due_day: input.due_day };
    actions::dissent(&app, &actor, &conference_id(&id)?, &item_id(&item)?, &new, key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Agrees on an action.
#[utoipa::path(post, path = "/api/v1/conferences/{id}/items/{item}/actions", tag = "conference", params(("id" = String, Path), ("item" = String, Path)), request_body = ActInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn agree(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path((id, item)): Path<(String, String)>,
    Json(input): Json<ActInput>,
) -> Result<StatusCode> {
    let organization = OrganizationId::parse(&input.organization).map_err(|_| Error::invalid("organization", "choice"))?;
    let new = NewAct {
        what: input.what,
        evidence: input.evidence,
        organization,
        account: None,
        person: input.person,
        backup: input.backup,
        due_day: input.due_day,
        checker: account(&input.checker)?,
    };
    actions::agree(&app, &actor, &conference_id(&id)?, &item_id(&item)?, &new, key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Appends to signed minutes.
#[utoipa::path(post, path = "/api/v1/conferences/{id}/amendments", tag = "conference", params(("id" = String, Path)), request_body = AmendInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn amend(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(input): Json<AmendInput>,
) -> Result<StatusCode> {
    actions::amend(&app, &actor, &conference_id(&id)?, &item_id(&input.item)?, &input.text, key.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says who gets the minutes; not once they are signed.
#[utoipa::path(post, path = "/api/v1/conferences/{id}/receivers", tag = "conference", params(("id" = String, Path)), request_body = AddressInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn address(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<AddressInput>,
) -> Result<StatusCode> {
    let body = OrganizationId::parse(&input.organization).map_err(|_| Error::invalid("organization", "choice"))?;
    actions::address(&app, &actor, &conference_id(&id)?, (&body, &input.person), input.gets).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a one-time link to what a body has to do after a meeting, for somebody without an account; one made before ends.
#[utoipa::path(post, path = "/api/v1/conferences/{id}/links", tag = "conference", params(("id" = String, Path)), request_body = LinkInput, responses((status = 201, body = LinkBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn link(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<LinkInput>,
) -> Result<(StatusCode, Json<LinkBody>)> {
    let body = OrganizationId::parse(&input.organization).map_err(|_| Error::missing("organization", &input.organization))?;
    let made = actions::link::make(&app, &actor, &conference_id(&id)?, &body).await?;
    Ok((StatusCode::CREATED, Json(LinkBody::of(&made, &app.config.url))))
}

/// The actions the person answers for.
#[utoipa::path(get, path = "/api/v1/actions", tag = "conference", responses((status = 200, body = ActionsBody), (status = 401, body = Problem)))]
pub async fn mine(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<ActionsBody>> {
    let (found, today) = (actions::mine(&app, &actor).await?, app.today());
    let actions = found.iter().map(|mine| MineBody {
        id: mine.act.id.to_string(),
        conference: mine.act.conference.to_string(),
        number: mine.act.number,
        alias: mine.alias.clone(),
        what: mine.words.get("what").to_owned(),
        person: mine.act.person.clone(),
        due_day: mine.act.due_day,
        state: mine.act.state,
        late: mine.act.is_late(today),
        to_check: mine.checks,
    });
    Ok(Json(ActionsBody { meta: Meta { total: found.len() as u64 }, actions: actions.collect() }))
}

/// Reports on an action.
#[utoipa::path(post, path = "/api/v1/actions/{id}", tag = "conference", params(("id" = String, Path)), request_body = ReportInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn report(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<ReportInput>,
) -> Result<StatusCode> {
    let action = ActionId::parse(&id).map_err(|_| Error::missing("action", &id))?;
    actions::report(&app, &actor, &action, &reported(&input.what, input.said)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
