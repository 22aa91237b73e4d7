//! An entry as it comes in: an organization or a service with all that belongs to it.

use serde::Serialize;
use serde_json::Value;

use super::super::confirmed::Confirmed;
use crate::organization::model::{Location, Organization, Program};
use crate::service::model::{FeeRow, Place, Service, ServiceAtLocation};

/// An organization with its locations and programmes.
#[derive(Debug, Clone, Serialize)]
pub struct IncomingOrganization {
    /// It.
    pub organization: Organization,
    /// Its locations.
    pub locations: Vec<Location>,
    /// Its programmes.
    pub programs: Vec<Program>,
    /// Its facts that were confirmed, as the source says: a newer word is no change of the entry.
    #[serde(skip)]
    pub confirmed: Vec<Confirmed>,
    /// Whether it is in the directory already and the source only names it.
    #[serde(skip)]
    pub stored: bool,
}

/// A service with its sites, fees and places.
#[derive(Debug, Clone, Serialize)]
pub struct IncomingService {
    /// It.
    pub service: Service,
    /// Where it is given.
    pub sites: Vec<ServiceAtLocation>,
    /// What it costs whom.
    pub fees: Vec<FeeRow>,
    /// Places that are posted.
    pub places: Vec<Place>,
    /// Its facts that were confirmed, as the source says: a newer word is no change of the entry.
    #[serde(skip)]
    pub confirmed: Vec<Confirmed>,
}

/// All that came in.
#[derive(Debug, Default)]
pub struct Incoming {
    /// Organizations; what is a branch comes after its parent.
    pub organizations: Vec<IncomingOrganization>,
    /// Services.
    pub services: Vec<IncomingService>,
}

/// The fields of an entry, one text each: what two releases of a source are compared by.
#[must_use]
pub fn fields(entry: &impl Serialize, main: &str) -> std::collections::BTreeMap<String, String> {
    let text = |value: Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    };
    let Ok(Value::Object(mut parts)) = serde_json::to_value(entry) else { return std::collections::BTreeMap::new() };
    let inner = parts.remove(main).and_then(|value| value.as_object().cloned()).unwrap_or_default();
    inner.into_iter().chain(parts).map(|(name, value)| (name, text(value))).collect()
}
