//! The loop's pages. One act's form stands open at a time, chosen by a link: everything works without script.

mod check;
pub(super) mod forms;
mod inbox;
mod list;
mod new;
pub(super) mod share;
mod show;
pub(super) mod words;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::actions::{self, Deed};
use super::api::{appointment_id, referral_id};
use super::model::{Action, Channel};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::consent::model::Channel as Way;
use crate::error::{Error, Result};
use crate::id::{CaseId, ConsentId, NeedId, ReferralId};
use crate::web::{Form, FormState, Visit, redirect};

pub use inbox::inbox;
pub use list::list;
pub use new::{create, new};

/// Which act's form is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ShowQuery {
    act: String,
    by: String,
}

/// One referral.
pub async fn one(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<ShowQuery>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    page(&app, &actor, &visit, &id, Action::of(&query.act), query.by == "phone", &FormState::new(), StatusCode::OK).await
}

#[expect(clippy::too_many_arguments, reason = "the parts of one page")]
async fn page(
    app: &App,
    actor: &Actor,
    visit: &Visit,
    id: &ReferralId,
    action: Option<Action>,
    by_phone: bool,
    form: &FormState,
    status: StatusCode,
) -> Result<Response> {
    let view = actions::view(app, actor, id, visit.locale, Way::Page).await?;
    let days = actions::defaults(app, &view).await?;
    show::show(app, visit, view, show::Open { action, by_phone, form }, &days, status)
}

/// Does something to a referral; a form that is refused comes back as it was typed.
pub async fn act(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path((id, action)): Path<(String, String)>,
    form: Form<Deed>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let action = Action::of(&action).ok_or_else(|| Error::missing("page", &action))?;
    let by_phone =
        !form.value.spoke_with.is_empty() || !form.value.spoke_at.is_empty() || form.typed.iter().any(|(name, _)| name == "spoke_with");
    match actions::act(&app, &actor, &id, action, &form.value, Channel::Page, form.key.as_ref()).await {
        Ok(_) => redirect(&format!("/referrals/{id}"), Some(if action == Action::Send { "referral_gone" } else { "referral_done" })),
        Err(error) => {
            // The last place went while the form stood open: the provider may still take one more.
            let error =
                if matches!(error, Error::Conflict { why: "place_full" }) { Error::invalid("override_full", "place_full") } else { error };
            let state = FormState::refused(form.typed, error, visit.locale)?;
            page(&app, &actor, &visit, &id, Some(action), by_phone, &state, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The form of an appointment.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AppointmentForm {
    at: String,
    state: String,
}

/// Books an appointment.
pub async fn book(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<AppointmentForm>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let done = actions::book(&app, &actor, &id, &form.value.at, form.key.as_ref()).await;
    after_appointment(&app, &actor, &visit, &id, form.typed, done).await
}

/// Says what came of an appointment, or moves it.
pub async fn settle(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path((id, appointment)): Path<(String, String)>,
    form: Form<AppointmentForm>,
) -> Result<Response> {
    let (id, appointment) = (referral_id(&id)?, appointment_id(&appointment)?);
    let done = actions::settle(&app, &actor, &id, &appointment, &form.value.state, &form.value.at).await;
    after_appointment(&app, &actor, &visit, &id, form.typed, done).await
}

async fn after_appointment(
    app: &App,
    actor: &Actor,
    visit: &Visit,
    id: &ReferralId,
    typed: Vec<(String, String)>,
    done: Result<()>,
) -> Result<Response> {
    match done {
        Ok(()) => redirect(&format!("/referrals/{id}"), Some("referral_done")),
        Err(error) => {
            let state = FormState::refused(typed, error, visit.locale)?;
            page(app, actor, visit, id, None, false, &state, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// Takes a consent back.
pub async fn revoke_consent(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((case, consent)): Path<(String, String)>,
    _form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let case = CaseId::parse(&case).map_err(|_| Error::missing("case", &case))?;
    let consent = ConsentId::parse(&consent).map_err(|_| Error::missing("consent", &consent))?;
    actions::revoke_consent(&app, &actor, &case, &consent).await?;
    redirect(&format!("/cases/{case}/consents"), Some("consent_revoked"))
}

/// Settles a need that somebody else met.
pub async fn met_elsewhere(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    _form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let id = NeedId::parse(&id).map_err(|_| Error::missing("need", &id))?;
    let case = actions::met_elsewhere(&app, &actor, &id, None).await?;
    redirect(&format!("/cases/{case}"), Some("need_met"))
}
