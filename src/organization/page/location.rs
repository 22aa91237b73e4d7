//! The form of a location.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, ACCESSIBILITY, WrittenLocation};
use super::super::api::id_of;
use super::super::model::{Location, Organization};
use super::super::store::name_of;
use super::editable;
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::LocationId;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

#[derive(Template)]
#[template(path = "organization/html/location.html")]
struct LocationPage {
    page: Page,
    form: FormState,
    action: String,
    organization: Organization,
    counties: Vec<Choice>,
    types: Vec<Choice>,
    systems: Vec<Choice>,
    features: Vec<Choice>,
}

fn location_page(app: &App, visit: &Visit, organization: Organization, form: FormState, id: Option<&LocationId>) -> LocationPage {
    let tag = visit.locale.tag();
    let divisions = app.divisions.get();
    let word = |list: &str, name: &str| (name.to_owned(), t!(format!("{list}.{name}"), locale = tag).into_owned());
    let counties = divisions.of_level("county").map(|row| (row.code.to_string(), divisions.full_name(&row.code)));
    LocationPage {
        page: Page::titled(visit, if id.is_some() { "organization.edit_location" } else { "organization.new_location" }),
        action: id.map_or_else(|| format!("/organizations/{}/locations/new", organization.id), |id| format!("/locations/{id}/edit")),
        counties: form.options("division", counties),
        types: form
            .options("location_type", ["physical", "postal", "virtual", "redacted"].map(|name| word("organization.location_type", name))),
        systems: form.options("crs", ["gcj02", "bd09", "wgs84"].map(|name| word("organization.crs", name))),
        features: form.options("accessibility", ACCESSIBILITY.map(|name| word("search.accessibility", name))),
        organization,
        form,
    }
}

/// The form's fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    location_type: String,
    name: String,
    address: String,
    division: String,
    township: String,
    village: String,
    longitude: String,
    latitude: String,
    crs: String,
    accessibility: Vec<String>,
    transportation: String,
}

impl From<Fields> for WrittenLocation {
    fn from(fields: Fields) -> Self {
        Self {
            location_type: fields.location_type,
            name: fields.name,
            address: fields.address,
            division: fields.division,
            township: fields.township,
            village: fields.village,
            longitude: fields.longitude,
            latitude: fields.latitude,
            crs: fields.crs,
            accessibility: fields.accessibility,
            transportation: fields.transportation,
        }
    }
}

/// The form for a new location; it begins where the organization is.
pub async fn new(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let organization = editable(&app, &actor, &id).await?;
    let mut typed = place_of(&app, &organization.division);
    typed.extend([("location_type", "physical".to_owned()), ("crs", "gcj02".to_owned()), ("address", organization.address.clone())]);
    Ok(Html(location_page(&app, &visit, organization, FormState::filled(typed), None)).into_response())
}

fn place_of(app: &App, division: &lianjie_index::DivisionCode) -> Vec<(&'static str, String)> {
    let township = (division.as_str().len() > 6).then(|| app.divisions.get().name(division));
    vec![("division", division.county().to_string()), ("township", township.unwrap_or_default())]
}

/// Adds a location, or gives the form back.
pub async fn add(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, key }: Form<Fields>,
) -> Result<Response> {
    let owner = id_of(&id)?;
    match actions::put_location(&app, &actor, &owner, None, &value.into(), key.as_ref()).await {
        Ok(_) => redirect(&format!("/organizations/{owner}"), Some("saved")),
        Err(error) => refused(&app, &visit, editable(&app, &actor, &id).await?, typed, error, None),
    }
}

fn refused(
    app: &App,
    visit: &Visit,
    organization: Organization,
    typed: Vec<(String, String)>,
    error: Error,
    id: Option<&LocationId>,
) -> Result<Response> {
    let form = FormState::refused(typed, error, visit.locale)?;
    Ok(Html(location_page(app, visit, organization, form, id)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

fn location_id(text: &str) -> Result<LocationId> {
    LocationId::parse(text).map_err(|_| Error::missing("location", text))
}

/// The form of a location; a stored point is shown in WGS-84.
pub async fn edit(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let id = location_id(&id)?;
    let (organization, location) = actions::location(&app, &actor, &id).await?;
    let village = actions::village_name(&app, &location).await?;
    let form = FormState::filled(filled(&app, location, village));
    Ok(Html(location_page(&app, &visit, organization, form, Some(&id))).into_response())
}

fn filled(app: &App, location: Location, village: String) -> Vec<(&'static str, String)> {
    let mut typed = place_of(app, &location.division);
    typed.extend(location.accessibility.into_iter().map(|one| ("accessibility", one)));
    let point = location.point;
    typed.extend([
        ("location_type", name_of(&location.location_type)),
        ("village", village),
        ("name", location.name),
        ("address", location.address),
        ("longitude", point.map(|point| point.longitude.to_string()).unwrap_or_default()),
        ("latitude", point.map(|point| point.latitude.to_string()).unwrap_or_default()),
        ("crs", if point.is_some() { "wgs84" } else { "gcj02" }.to_owned()),
        ("transportation", location.transportation.unwrap_or_default()),
    ]);
    typed
}

/// Saves a location, or gives the form back.
pub async fn save(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { value, typed, .. }: Form<Fields>,
) -> Result<Response> {
    let id = location_id(&id)?;
    let (organization, _) = actions::location(&app, &actor, &id).await?;
    match actions::put_location(&app, &actor, &organization.id, Some(&id), &value.into(), None).await {
        Ok(_) => redirect(&format!("/organizations/{}", organization.id), Some("saved")),
        Err(error) => refused(&app, &visit, organization, typed, error, Some(&id)),
    }
}
