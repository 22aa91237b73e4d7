//! 建议改成: hours, fees, areas and locations as they stand, for anybody who may see them to write what should stand there.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde_json::json;

use super::super::actions::{self, Proposal};
use super::super::api::id_of;
use super::super::model::Service;
use super::fields::{AUDIENCES, Old, Typed, filled};
use super::form::{Day, FeeRow, days_of, fee_row};
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Fault, Result};
use crate::organization;
use crate::organization::model::{Location, Organization};
use crate::store::json as stored;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

/// Where a service is given.
struct SiteBox {
    value: String,
    label: String,
    areas: String,
    fault: String,
    /// The boxes of its location; none where there is no location, or it is kept back.
    place: Option<PlaceBox>,
}

/// The boxes of a location.
struct PlaceBox {
    address: String,
    address_fault: String,
    transportation: String,
    features: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "service/html/propose.html")]
struct ProposePage {
    page: Page,
    form: FormState,
    service: Service,
    days: Vec<Day>,
    fees: Vec<FeeRow>,
    sites: Vec<SiteBox>,
}

/// A service as those see it who may say something about it, with the locations that are not kept from them.
struct Seen {
    organization: Organization,
    old: Old,
    locations: Vec<Location>,
}

async fn seen(app: &App, actor: &Actor, id: &str) -> Result<Seen> {
    let id = id_of(id)?;
    let (service, organization) = actions::suggestible(app, actor, &id).await?;
    let (sites, fees) = actions::parts(app, &id).await?;
    let (_, mut locations) = organization::locations(app, actor, &organization.id).await?;
    locations.retain(|one| sites.iter().any(|site| site.location.as_ref() == Some(&one.id)));
    locations.retain(|one| !organization::hides(actor, &organization, one));
    Ok(Seen { organization, old: Old { service, sites, fees }, locations })
}

fn propose_page(app: &App, visit: &Visit, seen: Seen, form: FormState) -> ProposePage {
    let locale = visit.locale;
    let site = |site: &crate::service::model::ServiceAtLocation| {
        let value = site.location.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string);
        let location = seen.locations.iter().find(|one| site.location.as_ref() == Some(&one.id));
        let unnamed = if site.location.is_some() { "search.address_hidden" } else { "service.no_location" };
        SiteBox {
            label: location.map_or_else(|| t!(unnamed, locale = locale.tag()).into_owned(), |one| one.name.clone()),
            areas: form.value(&format!("areas_{value}")).to_owned(),
            fault: form.fault(&format!("areas_{value}")).to_owned(),
            place: location.map(|_| PlaceBox {
                address: form.value(&format!("address_{value}")).to_owned(),
                address_fault: form.fault("address").to_owned(),
                transportation: form.value(&format!("transportation_{value}")).to_owned(),
                features: form.options(
                    &format!("accessibility_{value}"),
                    organization::ACCESSIBILITY
                        .map(|one| (one.to_owned(), t!(format!("search.accessibility.{one}"), locale = locale.tag()).into_owned())),
                ),
            }),
            value,
        }
    };
    ProposePage {
        page: Page::titled(visit, "service.propose"),
        days: days_of(locale, &form),
        fees: AUDIENCES.map(|audience| fee_row(app, locale, &form, &audience.to_string())).into(),
        sites: seen.old.sites.iter().map(site).collect(),
        service: seen.old.service,
        form,
    }
}

/// The boxes, filled with what stands there.
pub async fn new(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let seen = seen(&app, &actor, &id).await?;
    let mut typed = filled(&app, &seen.organization, &seen.old);
    for one in &seen.locations {
        typed.push((format!("address_{}", one.id), one.address.clone()));
        typed.push((format!("transportation_{}", one.id), one.transportation.clone().unwrap_or_default()));
        typed.extend(one.accessibility.iter().map(|feature| (format!("accessibility_{}", one.id), feature.clone())));
    }
    Ok(Html(propose_page(&app, &visit, seen, FormState::filled(typed))).into_response())
}

/// Keeps what is other than what stands there, or gives the boxes back.
pub async fn propose(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Form { typed, key, .. }: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let seen = seen(&app, &actor, &id).await?;
    let said = match read(&app, &seen, &Typed(&typed)) {
        Ok(proposal) => actions::propose(&app, &actor, &seen.old.service.id, &proposal, key.as_ref()).await,
        Err(error) => Err(error),
    };
    let said = said.and_then(|count| if count == 0 { Err(nothing()) } else { Ok(count) });
    match said {
        Ok(_) => redirect(&format!("/services/{}", seen.old.service.id), Some("suggestion_sent")),
        Err(error) => {
            let form = FormState::refused(typed, error, visit.locale)?;
            Ok(Html(propose_page(&app, &visit, seen, form)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn nothing() -> Error {
    Error::Invalid(vec![Fault::new("hours_1", "nothing_other")])
}

fn read(app: &App, seen: &Seen, typed: &Typed<'_>) -> Result<Proposal> {
    let (schedule, fees, sites) = typed.parts(app, &seen.organization, &seen.old)?;
    let name = |site: &super::super::content::Site| {
        seen.locations.iter().find(|one| site.location.as_ref() == Some(&one.id)).map(|one| one.name.clone())
    };
    let areas: Vec<_> = sites.iter().map(|site| json!({"location": site.location, "name": name(site), "areas": site.areas})).collect();
    let mut proposal = Proposal {
        values: vec![("schedule".into(), json!(schedule)), ("fees".into(), json!(fees)), ("areas".into(), json!(areas))],
        locations: Vec::new(),
    };
    for one in &seen.locations {
        let mut fields = Vec::new();
        let mut say = |field: &str, old: String, new: String| {
            if old != new && !new.is_empty() {
                fields.push((field.to_owned(), new));
            }
        };
        say("address", one.address.clone(), typed.text(&format!("address_{}", one.id)).trim().to_owned());
        let transportation = typed.text(&format!("transportation_{}", one.id)).trim().to_owned();
        say("transportation", one.transportation.clone().unwrap_or_default(), transportation);
        let ticked: Vec<String> = typed.all(&format!("accessibility_{}", one.id)).map(str::to_owned).collect();
        let sorted = |list: &[String]| {
            let mut list = list.to_vec();
            list.sort();
            list
        };
        if sorted(&ticked) != sorted(&one.accessibility) {
            say("accessibility", String::new(), stored(&ticked));
        }
        proposal.locations.push((one.id.clone(), fields));
    }
    Ok(proposal)
}
