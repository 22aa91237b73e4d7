//! What the law says against an offer, with the kinds of body that the store's taxonomy lists.

use std::collections::HashMap;

use lianjie_index::TermCode;

use crate::app::App;
use crate::error::{Error, Fault, Result};
use crate::organization::model::Organization;
use crate::service::law::{Offer, camp_fault, is_licensed};
use crate::service::model::Status;
use crate::service::store;
use crate::store::Connection;
use crate::taxonomy;

/// Everything the law says against an offer.
pub async fn unlawful(db: &mut Connection, app: &App, offer: &Offer<'_>) -> Result<Vec<Fault>> {
    let mut providers: HashMap<&TermCode, Vec<String>> = HashMap::new();
    for term in offer.terms.iter().filter(|term| is_licensed(term)) {
        providers.insert(term, taxonomy::store::providers(db, term).await?);
    }
    Ok(offer.faults(&app.vocabulary.get(), |term| providers.get(term).cloned().unwrap_or_default()))
}

/// Everything the law says against an organization as it is given, and against what it offers; each of its services by name.
pub async fn against_organization(db: &mut Connection, app: &App, organization: &Organization) -> Result<Vec<Fault>> {
    let mut faults: Vec<Fault> = camp_fault(&organization.name, &organization.description).into_iter().collect();
    for service in store::of(db, &organization.id).await?.into_iter().filter(|service| service.status != Status::Defunct) {
        for fault in unlawful(db, app, &Offer::of(organization, &service)).await? {
            faults.push(of_service(fault, &service.name));
        }
    }
    Ok(faults)
}

/// Fails where the law says anything against it.
///
/// # Errors
/// [`Error::Invalid`] with all of it.
pub fn lawful(against: Vec<Fault>) -> Result<()> {
    if against.is_empty() { Ok(()) } else { Err(Error::Invalid(against)) }
}

/// A fault of one of several services: its sentence names it.
fn of_service(fault: Fault, name: &str) -> Fault {
    let reason = match fault.reason {
        "licence" => "offer_licence",
        _ => "offer_boot_camp",
    };
    let facts = fault.facts.into_iter();
    facts.fold(Fault::new("step", reason).with("service", name), |fault, (name, value)| fault.with(name, value))
}
