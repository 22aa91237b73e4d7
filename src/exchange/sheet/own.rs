//! Rows of a list by which an organization registers: the organization by the rules of its form, its services at its address.

use lianjie_index::DivisionCode;
use lianjie_index::text::fold;

use super::prepare::{Fields, Prepared, said, seat, service_of};
use crate::app::App;
use crate::error::{Error, Fault, Faults, Result};
use crate::id::LocationId;
use crate::organization::Written;
use crate::organization::model::{Location, Organization, Status};
use crate::store::Connection;

/// The organization that a list registers, as far as its row reads, for the rows of its services.
#[derive(Debug, Clone)]
pub struct Own {
    /// It.
    pub organization: Organization,
    /// Where its services are given; none where no address is known.
    pub location: Option<LocationId>,
    /// Whether its row reads: before that nothing is held against a service for what the organization is called or lacks.
    pub settled: bool,
}

/// A registered organization, with the location its address is.
pub type Registered = (Box<Organization>, Option<Box<Location>>);

/// The organization a row registers, ready to be handed in; everything that is wrong with it, by the fields of lists.
pub fn registered(app: &App, fields: &Fields) -> Result<Registered, Vec<Fault>> {
    let at = app.now();
    let mut organization = Organization::blank(at);
    let (divisions, address) = (app.divisions.get(), said(fields, "address"));
    let division = said(fields, "division").parse::<DivisionCode>().ok();
    let division = division.or_else(|| super::super::hsds::place_named(address, &divisions));
    let written = Written {
        kind: said(fields, "kind").to_owned(),
        name: said(fields, "name").to_owned(),
        description: said(fields, "description").to_owned(),
        code_uscc: said(fields, "code").to_owned(),
        division: division.map(|code| code.to_string()).unwrap_or_default(),
        address: address.to_owned(),
        phones: said(fields, "phone").split('、').map(str::to_owned).collect(),
        website: said(fields, "website").to_owned(),
        ..Written::default()
    };
    let mut faults: Faults = written.read_into(&mut organization, &divisions, &app.categories.get());
    faults.require(!organization.phones.is_empty() || written.phones.iter().any(|phone| !phone.is_empty()), "phones", "required");
    faults.require(!organization.description.is_empty(), "description", "required");
    if let Err(Error::Invalid(faults)) = faults.renamed("code_uscc", "code").renamed("phones", "phone").settle() {
        return Err(faults);
    }
    organization.status = Status::Pending;
    let location = seat(&organization, at);
    Ok((Box::new(organization), location))
}

/// A service of the organization that the same list registers.
pub async fn own_service(app: &App, db: &mut Connection, fields: &Fields, own: &Own) -> Result<Result<Prepared, Fault>> {
    let named = said(fields, "organization");
    if own.settled && !named.is_empty() && fold(named) != fold(&own.organization.name) {
        return Ok(Err(Fault::new("organization", "registration_other").with("name", &own.organization.name)));
    }
    let location = match &own.location {
        Some(location) => location.clone(),
        None if own.settled => return Ok(Err(Fault::new("address", "registration_no_address"))),
        None => LocationId::new(app.now()),
    };
    service_of(app, db, fields, own.organization.clone(), location).await
}
