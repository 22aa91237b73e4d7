//! A service's content as JSON: read and written whole.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use lianjie_index::Rule;
use lianjie_index::entry::{Delivery, Fee, Level, Schedule};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::actions;
use super::super::content::{Content, Site};
use super::super::model::{FeeRow, Service, ServiceAtLocation, Status};
use super::id_of;
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Problem};
use crate::app::App;
use crate::error::{Error, Fault, Faults, Result};
use crate::id::{LocationId, PractitionerId, ProgramId, ServiceAtLocationId};
use crate::organization::api::id_of as organization_id;

/// Where a service is given.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteBody {
    /// Id; absent for a new one.
    #[serde(default)]
    pub id: Option<String>,
    /// Location; absent = at home, online, by phone.
    #[serde(default)]
    pub location: Option<String>,
    /// Division codes and `zone:` ids; none = not stated.
    #[serde(default)]
    pub areas: Vec<String>,
}

/// A service as it is written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceBody {
    /// Id of the purchased project it is part of.
    #[serde(default)]
    program: Option<String>,
    /// Id of the licensed person who gives it.
    #[serde(default)]
    practitioner: Option<String>,
    name: String,
    #[serde(default)]
    description: String,
    /// Taxonomy leaves.
    terms: Vec<String>,
    /// `site`, `home`, `online`, `school`, `phone`.
    delivery: Vec<String>,
    /// `active`, `inactive`, `temporarily_closed`, `defunct`.
    #[serde(default)]
    status: Option<String>,
    /// Who may use it: the grammar of `docs/ARCHITECTURE.md`; absent = not stated.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    eligibility: Option<Value>,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    application: String,
    #[serde(default)]
    documents: Vec<String>,
    /// Weekly openings and their season.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    schedule: Option<Value>,
    #[serde(default)]
    travel_free: bool,
    #[serde(default)]
    wait_days: Option<u16>,
    /// `public`, `workers`, `restricted`.
    #[serde(default)]
    confidentiality: Option<String>,
    /// Fees by audience.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    fees: Vec<Value>,
    #[serde(default)]
    sites: Vec<SiteBody>,
    /// With whom of the organization a station spoke by telephone, where it writes on its behalf; never in an answer.
    #[serde(default, skip_serializing)]
    spoke_with: String,
    /// It is another one than those that look alike; never in an answer.
    #[serde(default, skip_serializing)]
    distinct: bool,
}

fn one<T: DeserializeOwned>(field: &str, value: Value) -> Result<T, Fault> {
    serde_json::from_value(value).map_err(|error| Fault::new(field, "unreadable").with("detail", error))
}

impl ServiceBody {
    fn read(self) -> Result<Content> {
        let mut faults = Faults::new();
        let mut terms = Vec::new();
        for term in self.terms {
            match term.parse() {
                Ok(code) => terms.push(code),
                Err(_) => faults.add(Fault::new("terms", "unknown_term").with("term", term.chars().take(20).collect::<String>())),
            }
        }
        let named = |name: Option<String>, usual: &str| Value::from(name.unwrap_or_else(|| usual.to_owned()));
        let delivery = faults.keep(one::<Vec<Delivery>>("delivery", self.delivery.into()));
        let status = faults.keep(one::<Status>("status", named(self.status, "active")));
        let confidentiality = faults.keep(one::<Level>("confidentiality", named(self.confidentiality, "public")));
        let schedule = faults.keep(self.schedule.map_or_else(|| Ok(Schedule::default()), |value| one("schedule", value)));
        let fees = faults.keep(one::<Vec<Fee>>("fees", self.fees.into()));
        let rule = |value| Rule::read(&value).map_err(|error| Fault::new("eligibility", "rule").with("detail", error));
        let eligibility = faults.keep(self.eligibility.map(rule).transpose());
        let sites = faults.keep(self.sites.into_iter().map(read_site).collect::<Result<Vec<_>, Fault>>());
        let program = self.program.as_deref().map(|id| ProgramId::parse(id).map_err(|_| Fault::new("program", "unknown_program")));
        let program = faults.keep(program.transpose());
        let person = self.practitioner.as_deref();
        let person = person.map(|id| PractitionerId::parse(id).map_err(|_| Fault::new("practitioner", "unknown_practitioner")));
        let practitioner = faults.keep(person.transpose());
        match (delivery, status, confidentiality, schedule, fees, eligibility, sites) {
            (Some(delivery), Some(status), Some(confidentiality), Some(schedule), Some(fees), Some(eligibility), Some(sites)) => {
                faults.settle()?;
                Ok(Content {
                    program: program.flatten(),
                    practitioner: practitioner.flatten(),
                    name: self.name.trim().to_owned(),
                    description: self.description.trim().to_owned(),
                    terms,
                    delivery,
                    status,
                    eligibility,
                    languages: self.languages,
                    application: self.application.trim().to_owned(),
                    documents: self.documents,
                    schedule,
                    travel_free: self.travel_free,
                    wait_days: self.wait_days,
                    confidentiality,
                    fees,
                    sites,
                })
            }
            _ => Err(faults.settle().err().unwrap_or_else(|| Error::invalid("body", "unreadable"))),
        }
    }
}

fn read_site(site: SiteBody) -> Result<Site, Fault> {
    let unknown = |_| Fault::new("sites", "unknown_location");
    let areas = site.areas.iter().map(|area| area.parse().map_err(|_| Fault::new("areas", "unknown_area").with("name", area)));
    Ok(Site {
        id: site.id.map(|id| ServiceAtLocationId::parse(&id)).transpose().map_err(unknown)?,
        location: site.location.map(|id| LocationId::parse(&id)).transpose().map_err(unknown)?,
        areas: areas.collect::<Result<_, Fault>>()?,
    })
}

/// A service with what stands beside its content.
#[derive(Debug, Serialize, ToSchema)]
pub struct WrittenService {
    id: String,
    organization: String,
    /// Whether a registrar ever checked it.
    checked: bool,
    /// Whether it was edited since.
    unchecked: bool,
    version: i64,
    #[serde(flatten)]
    content: ServiceBody,
}

/// One service.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceAnswer {
    service: WrittenService,
}

fn value_of(model: &impl Serialize) -> Value {
    serde_json::to_value(model).expect("models are plain data with text keys")
}

fn answer(service: Service, sites: Vec<ServiceAtLocation>, fees: Vec<FeeRow>) -> Json<ServiceAnswer> {
    let content = ServiceBody {
        program: service.program.map(|id| id.to_string()),
        practitioner: service.practitioner.map(|id| id.to_string()),
        name: service.name,
        description: service.description,
        terms: service.terms.iter().map(ToString::to_string).collect(),
        delivery: service.delivery.iter().filter_map(|way| value_of(way).as_str().map(str::to_owned)).collect(),
        status: value_of(&service.status).as_str().map(str::to_owned),
        eligibility: service.eligibility.as_ref().map(value_of),
        languages: service.languages,
        application: service.application,
        documents: service.documents,
        schedule: Some(value_of(&service.schedule)),
        travel_free: service.travel_free,
        wait_days: service.wait_days,
        confidentiality: value_of(&service.confidentiality).as_str().map(str::to_owned),
        fees: fees.iter().map(|row| value_of(&row.fee)).collect(),
        sites: sites
            .into_iter()
            .map(|site| SiteBody {
                id: Some(site.id.to_string()),
                location: site.location.map(|id| id.to_string()),
                areas: site.areas.iter().map(ToString::to_string).collect(),
            })
            .collect(),
        spoke_with: String::new(),
        distinct: false,
    };
    Json(ServiceAnswer {
        service: WrittenService {
            id: service.id.to_string(),
            organization: service.organization.to_string(),
            checked: service.checked.is_some(),
            unchecked: service.unchecked,
            version: service.version,
            content,
        },
    })
}

/// A service as it is written, for those who edit it.
#[utoipa::path(get, path = "/api/v1/services/{id}", tag = "service", params(("id" = String, Path)),
    responses((status = 200, body = ServiceAnswer), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn read(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<Json<ServiceAnswer>> {
    let id = id_of(&id)?;
    let (service, _) = actions::editable(&app, &actor, &id).await?;
    let (sites, fees) = actions::parts(&app, &id).await?;
    Ok(answer(service, sites, fees))
}

/// Adds a service to an organization. `Idempotency-Key` makes a repeated request answer with what it made.
#[utoipa::path(post, path = "/api/v1/organizations/{id}/services", tag = "service", params(("id" = String, Path)), request_body = ServiceBody,
    responses((status = 201, body = ServiceAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn add(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(sent): Json<ServiceBody>,
) -> Result<Response> {
    let (spoke_with, distinct) = (sent.spoke_with.clone(), sent.distinct);
    let service = actions::add(&app, &actor, &organization_id(&id)?, &sent.read()?, &spoke_with, distinct, key.as_ref()).await?;
    let (sites, fees) = actions::parts(&app, &service.id).await?;
    let location = format!("/api/v1/services/{}", service.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer(service, sites, fees)).into_response())
}

/// A service written anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Version that was read.
    version: i64,
    /// The whole content.
    service: ServiceBody,
}

/// Writes a service anew. Once it was checked, matching keeps the checked rule until a registrar checks the new one.
#[utoipa::path(put, path = "/api/v1/services/{id}", tag = "service", params(("id" = String, Path)), request_body = Edit,
    responses((status = 200, body = ServiceAnswer), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn edit(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(sent): Json<Edit>,
) -> Result<Json<ServiceAnswer>> {
    let id = id_of(&id)?;
    let (spoke_with, distinct) = (sent.service.spoke_with.clone(), sent.service.distinct);
    let service = actions::edit(&app, &actor, &id, &sent.service.read()?, &spoke_with, distinct, sent.version).await?;
    let (sites, fees) = actions::parts(&app, &id).await?;
    Ok(answer(service, sites, fees))
}
