//! The public directory in the names of HSDS 3.1. An absent optional field is left out, never `null`.

use serde::Serialize;

/// The whole of it.
#[derive(Debug, Clone, Serialize)]
pub struct PublicDirectory {
    /// Version of the standard whose names are used.
    pub version: &'static str,
    /// Organizations with their locations.
    pub organizations: Vec<PublicOrganization>,
    /// Services with where, for whom and for what fee.
    pub services: Vec<PublicService>,
}

/// `organization`.
#[derive(Debug, Clone, Serialize)]
pub struct PublicOrganization {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternate_name: Option<String>,
    /// Website.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Phones.
    pub phones: Vec<PublicPhone>,
    /// Identifiers: 统一社会信用代码.
    pub organization_identifiers: Vec<Identifier>,
    /// Locations people go to.
    pub locations: Vec<PublicLocation>,
}

/// `phone`.
#[derive(Debug, Clone, Serialize)]
pub struct PublicPhone {
    /// Number.
    pub number: String,
}

/// `organization_identifier`.
#[derive(Debug, Clone, Serialize)]
pub struct Identifier {
    /// `USCC`.
    pub identifier_type: &'static str,
    /// The code.
    pub identifier: String,
}

/// `location`.
#[derive(Debug, Clone, Serialize)]
pub struct PublicLocation {
    /// Id.
    pub id: String,
    /// `physical`, `postal`, `virtual`.
    pub location_type: String,
    /// Name.
    pub name: String,
    /// Address in one line.
    pub address: String,
    /// Division code.
    pub division: String,
    /// WGS-84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// WGS-84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
}

/// `service`.
#[derive(Debug, Clone, Serialize)]
pub struct PublicService {
    /// Id.
    pub id: String,
    /// Organization.
    pub organization_id: String,
    /// Name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Always `active`: others are not public.
    pub status: &'static str,
    /// Taxonomy leaves.
    pub taxonomy_terms: Vec<String>,
    /// How to apply.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub application_process: String,
    /// Day of the last confirmation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assured_date: Option<String>,
    /// Where it is given.
    pub service_at_locations: Vec<PublicSite>,
    /// What it costs whom.
    pub cost_options: Vec<CostOption>,
}

/// `service_at_location`.
#[derive(Debug, Clone, Serialize)]
pub struct PublicSite {
    /// Id.
    pub id: String,
    /// Location; absent for services that come or are spoken over a wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<String>,
    /// Division codes and zones; none = not stated.
    pub service_areas: Vec<String>,
}

/// `cost_option`: free is amount 0.
#[derive(Debug, Clone, Serialize)]
pub struct CostOption {
    /// Audience.
    pub option: String,
    /// Always CNY.
    pub currency: &'static str,
    /// Yuan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Level and unit.
    pub amount_description: String,
}
