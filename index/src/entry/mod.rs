//! What is searched: a service at a location as the directory states it now. The caller builds
//! entries from its records and decides who may see them; the index keeps them as they are.

pub mod fee;
pub mod schedule;
pub mod visibility;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use fee::{Audience, Fee, FeeLevel, Payer};
pub use schedule::{Moment, Opening, Schedule, Season};
pub use visibility::{Level, Mark, Shown, Viewer, Visibility};

use crate::{
    code::{Area, DivisionCode, OrganizationId, ServiceId, SiteId, TermCode},
    place::Wgs84,
    rule::Rule,
};

/// How a service reaches the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// At the provider's place.
    Site,
    /// In the family's home.
    Home,
    /// Over the network.
    Online,
    /// In the child's school.
    School,
    /// By telephone.
    Phone,
}

impl Delivery {
    /// Every way, in order.
    pub const ALL: [Self; 5] = [Self::Site, Self::Home, Self::Online, Self::School, Self::Phone];

    /// Whether the family need not travel.
    #[must_use]
    pub fn comes(self) -> bool {
        matches!(self, Self::Home | Self::Online | Self::Phone)
    }
}

/// One service at one location.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The service at a location; unique.
    pub site: SiteId,
    /// The service.
    pub service: ServiceId,
    /// The organisation.
    pub organization: OrganizationId,
    /// Name of the service.
    pub name: String,
    /// Name of the organisation.
    pub organization_name: String,
    /// Other names of the organisation, the service and the place: former, short, with an error.
    #[serde(default)]
    pub alternate_names: Vec<String>,
    /// Kind of organisation, a code of `org-types`.
    pub kind: String,
    /// What is offered, in the provider's words.
    #[serde(default)]
    pub description: String,
    /// Taxonomy terms, mostly leaves.
    pub terms: Vec<TermCode>,
    /// Ways of delivery; empty is not stated.
    #[serde(default)]
    pub delivery: Vec<Delivery>,
    /// Languages and dialects; empty is not stated.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Who may use it; absent is not stated.
    #[serde(default)]
    pub eligibility: Option<Rule>,
    /// Where it is given to; empty is not stated.
    #[serde(default)]
    pub areas: Vec<Area>,
    /// The division the location lies in.
    #[serde(default)]
    pub division: Option<DivisionCode>,
    /// The location; absent for services without one.
    #[serde(default)]
    pub point: Option<Wgs84>,
    /// How far the point may be from the true place, in metres.
    #[serde(default)]
    pub precision_m: u32,
    /// Whether the address is confidential: the index then forgets the point and takes distances from
    /// the seat of the county.
    #[serde(default)]
    pub point_hidden: bool,
    /// Fees; empty is not stated.
    #[serde(default)]
    pub fees: Vec<Fee>,
    /// Days to wait, as the provider states.
    #[serde(default)]
    pub wait_days: Option<u16>,
    /// When it is open.
    #[serde(default)]
    pub schedule: Schedule,
    /// Features such as `wheelchair`.
    #[serde(default)]
    pub accessibility: Vec<String>,
    /// Whether the provider fetches the child or pays the way.
    #[serde(default)]
    pub travel_free: bool,
    /// When somebody last confirmed that it exists.
    #[serde(default)]
    pub assured_at: Option<Timestamp>,
    /// Who may see it, and whether it is matched.
    pub visibility: Visibility,
}

impl Entry {
    /// Whether the child need not travel: the service comes, or is spoken over a wire.
    #[must_use]
    pub fn comes(&self) -> bool {
        self.delivery.iter().any(|way| way.comes())
    }

    /// Whole days since somebody confirmed it.
    #[must_use]
    pub fn age_days(&self, now: Timestamp) -> Option<i64> {
        self.assured_at.map(|at| now.duration_since(at).as_hours() / 24)
    }
}
