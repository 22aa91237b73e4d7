//! Where an organization is: locations, of what kind, and in which system their points were given.

use std::str::FromStr;

use lianjie_index::{DivisionCode, Wgs84};
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::id::{LocationId, OrganizationId};

/// Of what kind a location is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationType {
    /// People go there.
    Physical,
    /// Only letters go there.
    Postal,
    /// Nobody goes there.
    Virtual,
    /// It is not shown: a refuge.
    Redacted,
}

/// The system a point was given in; it is stored as WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Crs {
    /// GPS and 天地图.
    Wgs84,
    /// 高德, 腾讯.
    Gcj02,
    /// 百度.
    Bd09,
}

impl FromStr for Crs {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "wgs84" => Ok(Self::Wgs84),
            "gcj02" => Ok(Self::Gcj02),
            "bd09" => Ok(Self::Bd09),
            _ => Err(Fault::new("crs", "unknown_crs")),
        }
    }
}

/// A location of an organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Id.
    pub id: LocationId,
    /// Whose.
    pub organization: OrganizationId,
    /// Kind.
    pub location_type: LocationType,
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Division.
    pub division: DivisionCode,
    /// Village: a statistical code of twelve digits.
    pub village: Option<String>,
    /// Point, WGS-84.
    pub point: Option<Wgs84>,
    /// System the point was given in.
    pub crs_given: Option<Crs>,
    /// How far off the point may be, in metres.
    pub precision_m: Option<u32>,
    /// `wheelchair`, `lift`, `parking`, `quiet_room`, …
    pub accessibility: Vec<String>,
    /// How to get there.
    pub transportation: Option<String>,
}
