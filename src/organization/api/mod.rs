//! Organizations as JSON. Their steps are `service`'s: verification checks the services too.

mod location;
mod practice;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::actions::{self, Contact, Flags, Registration};
use super::model::Organization;
use super::store::name_of;
use super::written::Written;
use crate::access::Actor;
use crate::account::Peer;
use crate::api::{IdempotencyKey, Json, Meta, Problem, Query};
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::OrganizationId;
use crate::secret::Hidden;
use crate::store::Key;
use crate::web::Visit;

pub use location::{add_location, locations};
pub use practice::{add_practitioner, add_program, edit_practitioner, edit_program, practitioners, programs};

/// The folder's JSON routes, for the document.
#[derive(OpenApi)]
#[openapi(paths(
    register,
    list,
    read,
    mark,
    location::locations,
    location::add_location,
    practice::practitioners,
    practice::add_practitioner,
    practice::edit_practitioner,
    practice::programs,
    practice::add_program,
    practice::edit_program,
))]
pub struct Api;

/// The id in an address; anything else is not there.
pub fn id_of(text: &str) -> Result<OrganizationId> {
    OrganizationId::parse(text).map_err(|_| Error::missing("organization", text))
}

/// An organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationBody {
    id: String,
    kind: String,
    name: String,
    alternate_name: Option<String>,
    description: String,
    code_uscc: Option<String>,
    division: String,
    /// Absent where it is kept back.
    address: Option<String>,
    /// Without mobile numbers that are likely somebody's own, where a visitor asks.
    phones: Vec<String>,
    /// Those of them that are mobile and said to be the office's.
    office_phones: Vec<String>,
    website: Option<String>,
    status: String,
    status_reason: Option<String>,
    /// Last day the verification holds.
    verified_until: Option<String>,
    confidentiality: String,
    listed: bool,
    do_not_refer: bool,
    version: i64,
}

impl OrganizationBody {
    /// What the actor sees of an organization that is there for the actor.
    #[must_use]
    pub fn of(actor: &Actor, organization: Organization) -> Self {
        let inside = actions::is_inside(actor, &organization);
        let phones = actions::phones_for(actor, &organization);
        let address = actions::shows_address(actor, &organization).then_some(organization.address);
        Self {
            id: organization.id.to_string(),
            kind: organization.kind,
            name: organization.name,
            alternate_name: organization.alternate_name,
            description: organization.description,
            code_uscc: organization.code_uscc,
            division: organization.division.to_string(),
            address,
            phones,
            office_phones: organization.office_phones,
            website: organization.website,
            status: organization.status.name().into(),
            status_reason: organization.status_reason.filter(|_| inside),
            verified_until: organization.verified_until.map(|day| day.to_string()),
            confidentiality: name_of(&organization.confidentiality),
            listed: organization.listed,
            do_not_refer: organization.do_not_refer,
            version: organization.version,
        }
    }
}

/// One organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationAnswer {
    /// The organization.
    pub organization: OrganizationBody,
}

/// What registers an organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Names this write: sent again, it answers what it made. The header `Idempotency-Key` does the same.
    key: Option<String>,
    /// Code of its kind.
    kind: String,
    name: String,
    #[serde(default)]
    alternate_name: String,
    #[serde(default)]
    code_uscc: String,
    /// County or township.
    division: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    phones: Vec<String>,
    /// Those of them that are mobile and the office's: other mobile numbers are shown to nobody outside.
    #[serde(default)]
    office_phones: Vec<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    website: String,
    /// `public`, `workers` or `restricted`.
    #[serde(default)]
    confidentiality: String,
    /// Login of its first account; a visitor must give one.
    login: Option<String>,
    #[serde(default)]
    #[schema(value_type = String)]
    password: Hidden,
    /// Name of the person the account is for.
    #[serde(default)]
    contact: String,
    /// Who spoke for the organization, when a worker enters it.
    #[serde(default)]
    on_behalf_of: String,
    /// It is another one than those that look alike.
    #[serde(default)]
    distinct: bool,
}

/// Registers an organization as a draft.
#[utoipa::path(post, path = "/api/v1/organizations", tag = "organization", request_body = Register,
    responses((status = 201, body = OrganizationAnswer), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn register(
    State(app): State<Arc<App>>,
    visit: Visit,
    Extension(peer): Extension<Peer>,
    IdempotencyKey(header_key): IdempotencyKey,
    Json(sent): Json<Register>,
) -> Result<Response> {
    let key = sent.key.as_deref().map(Key::parse).transpose()?.or(header_key);
    let contact = sent.login.map(|login| Contact { name: sent.contact, login, password: sent.password });
    let new = Registration {
        written: Written {
            kind: sent.kind,
            name: sent.name,
            alternate_name: sent.alternate_name,
            description: sent.description,
            code_uscc: sent.code_uscc,
            division: sent.division,
            township: String::new(),
            address: sent.address,
            phones: sent.phones,
            office_phones: sent.office_phones,
            website: sent.website,
            confidentiality: sent.confidentiality,
        },
        contact,
        on_behalf_of: sent.on_behalf_of,
        distinct: sent.distinct,
        peer: peer.0,
    };
    let organization = actions::register(&app, &visit.actor, &new, key.as_ref()).await?;
    let location = format!("/api/v1/organizations/{}", organization.id);
    let answer = OrganizationAnswer { organization: OrganizationBody::of(&visit.actor, organization) };
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(answer)).into_response())
}

/// Which list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// `own`: those the person is of, or entered; `pending`: those that wait for the person to verify them. Absent is `own`.
    #[serde(default)]
    list: Option<String>,
    /// Instead of a list: those whose name or kind these words name, as a search finds them; also for who is not signed in.
    #[serde(default)]
    q: Option<String>,
}

/// Organizations.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationsAnswer {
    organizations: Vec<OrganizationBody>,
    meta: Meta,
}

/// The organizations of the person, those that wait for a registrar, by the longest wait, or those that words name.
#[utoipa::path(get, path = "/api/v1/organizations", tag = "organization", params(ListQuery),
    responses((status = 200, body = OrganizationsAnswer), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, visit: Visit, Query(query): Query<ListQuery>) -> Result<Json<OrganizationsAnswer>> {
    let actor = visit.actor;
    let found = match (query.list.as_deref(), &query.q) {
        (None, Some(words)) => actions::called(&app, &actor, words).await?,
        _ if !actor.is_signed_in() => return Err(Error::SignedOut),
        (None | Some("own"), _) => actions::mine(&app, &actor).await?,
        (Some("pending"), _) => actions::pending(&app, &actor).await?,
        (Some(_), _) => return Err(Error::invalid("list", "unlisted")),
    };
    let meta = Meta { total: found.len() as u64 };
    Ok(Json(OrganizationsAnswer { organizations: found.into_iter().map(|one| OrganizationBody::of(&actor, one)).collect(), meta }))
}

/// An organization, if it is there for the one who asks.
#[utoipa::path(get, path = "/api/v1/organizations/{id}", tag = "organization", params(("id" = String, Path)),
    responses((status = 200, body = OrganizationAnswer), (status = 404, body = Problem)))]
pub async fn read(State(app): State<Arc<App>>, visit: Visit, Path(id): Path<String>) -> Result<Json<OrganizationAnswer>> {
    let organization = actions::view(&app, &visit.actor, &id_of(&id)?).await?;
    Ok(Json(OrganizationAnswer { organization: OrganizationBody::of(&visit.actor, organization) }))
}

/// What changes of an organization; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Version that was read.
    version: i64,
    kind: Option<String>,
    name: Option<String>,
    alternate_name: Option<String>,
    code_uscc: Option<String>,
    division: Option<String>,
    address: Option<String>,
    phones: Option<Vec<String>>,
    office_phones: Option<Vec<String>>,
    description: Option<String>,
    website: Option<String>,
    confidentiality: Option<String>,
    /// It is another one than those it looks like now.
    #[serde(default)]
    distinct: bool,
}

impl Change {
    /// Whether it is said to be another one than those it looks like.
    #[must_use]
    pub const fn is_distinct(&self) -> bool {
        self.distinct
    }

    /// The version that was read.
    #[must_use]
    pub const fn version(&self) -> i64 {
        self.version
    }

    /// An entry with what changes of it.
    #[must_use]
    pub fn onto(self, organization: &Organization) -> Written {
        let old = Written::of(organization);
        Written {
            kind: self.kind.unwrap_or(old.kind),
            name: self.name.unwrap_or(old.name),
            alternate_name: self.alternate_name.unwrap_or(old.alternate_name),
            description: self.description.unwrap_or(old.description),
            code_uscc: self.code_uscc.unwrap_or(old.code_uscc),
            division: self.division.unwrap_or(old.division),
            township: String::new(),
            address: self.address.unwrap_or(old.address),
            phones: self.phones.unwrap_or(old.phones),
            office_phones: self.office_phones.unwrap_or(old.office_phones),
            website: self.website.unwrap_or(old.website),
            confidentiality: self.confidentiality.unwrap_or(old.confidentiality),
        }
    }
}

/// What a registrar marks beside the status.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Whether it is listed at all.
    listed: bool,
    /// Whether workers are told not to refer there.
    do_not_refer: bool,
    reason: String,
    version: i64,
}

/// Lists or hides an organization, or marks it as one not to refer to.
#[utoipa::path(put, path = "/api/v1/organizations/{id}/flags", tag = "organization", params(("id" = String, Path)), request_body = Mark,
    responses((status = 200, body = OrganizationAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn mark(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<Mark>,
) -> Result<Json<OrganizationAnswer>> {
    let flags = Flags { listed: sent.listed, do_not_refer: sent.do_not_refer };
    let organization = actions::mark(&app, &actor, &id_of(&id)?, flags, &sent.reason, sent.version).await?;
    Ok(Json(OrganizationAnswer { organization: OrganizationBody::of(&actor, organization) }))
}
