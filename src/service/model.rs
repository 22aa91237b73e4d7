//! What a service is, whether it is open to matching, and what must be right about it.

use jiff::civil::Date;
use lianjie_index::entry::{Delivery, Fee, Level, Mark, Schedule, Shown, Visibility};
use lianjie_index::{Area, Rule, TermCode};
use serde::{Deserialize, Serialize};

use crate::access::{Facts, Subject};
use crate::id::{FeeId, LocationId, OrganizationId, PlaceId, PractitionerId, ProgramId, ServiceAtLocationId, ServiceId};
use crate::organization::model::{Location, Organization, Practitioner, Program};

pub use crate::organization::model::LANGUAGES;

/// Whether a service is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Given.
    Active,
    /// Not given at present.
    Inactive,
    /// Closed for a while.
    TemporarilyClosed,
    /// Gone.
    Defunct,
}

/// What a registrar last saw of an entry: matching and the public read this while newer text waits to be checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Taxonomy leaves.
    pub terms: Vec<TermCode>,
    /// Who may use it.
    pub eligibility: Option<Rule>,
}

/// A service of an organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Id.
    pub id: ServiceId,
    /// Whose.
    pub organization: OrganizationId,
    /// The purchased project it is part of.
    pub program: Option<ProgramId>,
    /// The licensed person who gives it.
    pub practitioner: Option<PractitionerId>,
    /// Name.
    pub name: String,
    /// What it is, in the provider's words.
    pub description: String,
    /// Taxonomy leaves.
    pub terms: Vec<TermCode>,
    /// How it reaches the child.
    pub delivery: Vec<Delivery>,
    /// Whether it is given.
    pub status: Status,
    /// Who may use it; absent = not stated.
    pub eligibility: Option<Rule>,
    /// Languages and dialects.
    pub languages: Vec<String>,
    /// How to apply.
    pub application: String,
    /// Papers to bring.
    pub documents: Vec<String>,
    /// Openings.
    pub schedule: Schedule,
    /// Whether the provider fetches the child or pays the way.
    pub travel_free: bool,
    /// Days to wait, as the provider says.
    pub wait_days: Option<u16>,
    /// Day of the last confirmation.
    pub assured_at: Option<Date>,
    /// Who may see it.
    pub confidentiality: Level,
    /// Whether workers are told not to refer there.
    pub do_not_refer: bool,
    /// What a registrar last saw; absent = never.
    pub checked: Option<Checked>,
    /// Whether it was edited since.
    pub unchecked: bool,
    /// Version, for compare-and-set.
    pub version: i64,
}

impl Service {
    /// A service in which nothing is written yet.
    #[must_use]
    pub fn blank(id: ServiceId, owner: &OrganizationId) -> Self {
        Self {
            id,
            organization: owner.clone(),
            program: None,
            practitioner: None,
            name: String::new(),
            description: String::new(),
            terms: Vec::new(),
            delivery: Vec::new(),
            status: Status::Active,
            eligibility: None,
            languages: Vec::new(),
            application: String::new(),
            documents: Vec::new(),
            schedule: Schedule::default(),
            travel_free: false,
            wait_days: None,
            assured_at: None,
            confidentiality: Level::Public,
            do_not_refer: false,
            checked: None,
            unchecked: false,
            version: 1,
        }
    }

    /// What a registrar sees and ticks off.
    #[must_use]
    pub fn to_checked(&self) -> Checked {
        Checked {
            name: self.name.clone(),
            description: self.description.clone(),
            terms: self.terms.clone(),
            eligibility: self.eligibility.clone(),
        }
    }

    /// Who may use it, as matching reads it: the checked rule while a newer one waits.
    #[must_use]
    pub fn rule(&self) -> Option<&Rule> {
        match &self.checked {
            Some(checked) if self.unchecked => checked.eligibility.as_ref(),
            _ => self.eligibility.as_ref(),
        }
    }
}

/// A service at one location, or one given without a location.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceAtLocation {
    /// Id.
    pub id: ServiceAtLocationId,
    /// Which service.
    pub service: ServiceId,
    /// Where; absent = at home, online, by phone.
    pub location: Option<LocationId>,
    /// Where it is given to: divisions and zones; empty = not stated.
    pub areas: Vec<Area>,
}

/// A fee row with its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeeRow {
    /// Id.
    pub id: FeeId,
    /// Which service.
    pub service: ServiceId,
    /// The fee.
    pub fee: Fee,
}

/// Places posted for a service at a location, perhaps for one term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Id.
    pub id: PlaceId,
    /// Where.
    pub service_at_location: ServiceAtLocationId,
    /// First day of the term; absent = always.
    pub term_from: Option<Date>,
    /// Last day of the term.
    pub term_to: Option<Date>,
    /// All places.
    pub capacity: u32,
    /// Taken by accepted referrals.
    pub used: u32,
    /// Held for a while.
    pub held: u32,
    /// Who said so: `organization`, `worker`, `import`, `decline`.
    pub source: String,
    /// When.
    pub as_of: jiff::Timestamp,
    /// Version, for compare-and-set.
    pub version: i64,
}

impl Place {
    /// Places that are free.
    #[must_use]
    pub const fn free(&self) -> u32 {
        self.capacity.saturating_sub(self.used + self.held)
    }
}

/// A service at a location with all that belongs to it: what is shown, indexed and referred to.
#[derive(Debug, Clone, PartialEq)]
pub struct Offering {
    /// The service at a location.
    pub site: ServiceAtLocation,
    /// The service.
    pub service: Service,
    /// Its organization.
    pub organization: Organization,
    /// Where.
    pub location: Option<Location>,
    /// Its project.
    pub program: Option<Program>,
    /// Its licensed person.
    pub practitioner: Option<Practitioner>,
    /// Its fees.
    pub fees: Vec<Fee>,
}

impl Offering {
    /// The table "Visible to whom" of `docs/ARCHITECTURE.md`, for one day.
    #[must_use]
    pub fn visibility(&self, day: Date) -> Visibility {
        use crate::organization::model::Status as Organized;
        let organization = &self.organization;
        let level = organization.confidentiality.max(self.service.confidentiality);
        let expired = organization.is_expired(day);
        let hidden = !organization.listed || matches!(organization.status, Organized::Draft | Organized::Suspended | Organized::Closed);
        let mark = if organization.do_not_refer || self.service.do_not_refer {
            Some(Mark::DoNotRefer)
        } else if self.practitioner.as_ref().is_some_and(|person| person.licence_until.is_some_and(|until| until < day)) {
            Some(Mark::LicenceLapsed)
        } else if self.program.as_ref().is_some_and(|program| program.to < day) {
            Some(Mark::ProgramOver)
        } else if self.service.status != Status::Active {
            Some(Mark::Inactive)
        } else if organization.status == Organized::Pending || self.service.checked.is_none() {
            Some(Mark::Pending)
        } else {
            None
        };
        let matching = !hidden && mark.is_none();
        let search = match mark {
            _ if hidden || self.service.status == Status::Defunct => Shown::None,
            Some(mark) => Shown::Marked(mark),
            None if expired => Shown::Marked(Mark::Expired),
            None if self.service.unchecked => Shown::Marked(Mark::Edited),
            None => Shown::Yes,
        };
        Visibility { search, matching, level, verification_expired: expired, verified: self.is_verified(day) }
    }

    /// Whether a registrar has verified the organization and seen the service, and that still holds.
    #[must_use]
    pub fn is_verified(&self, day: Date) -> bool {
        let verified = self.organization.status == crate::organization::model::Status::Verified;
        verified && !self.organization.is_expired(day) && self.service.checked.is_some()
    }

    /// Whether the address is not to be printed, exported or drawn: of what is not for everybody, and of a redacted place.
    #[must_use]
    pub fn hides_address(&self) -> bool {
        let redacted =
            self.location.as_ref().is_some_and(|place| place.location_type == crate::organization::model::LocationType::Redacted);
        redacted || self.organization.confidentiality.max(self.service.confidentiality) > Level::Public
    }
}

impl Subject for Offering {
    fn facts(&self) -> Facts {
        Facts { thing: "service", id: self.service.id.to_string(), ..self.organization.facts() }
    }
}
