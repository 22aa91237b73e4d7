//! What is known of a child where a rule is evaluated. A fact is known, known to be absent, or
//! unknown; nothing here is a name, a number or an address.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Diagnosis, Guardian, Paper, Referrer, Sex, Stage};
use crate::code::{CategoryCode, DivisionCode};

/// What is known. `None`, and a code absent from a map, mean unknown, never no.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Completed months of age on `day`.
    pub age_months: Option<u16>,
    /// The day asked for; dates of relaxations count from it.
    pub day: Date,
    /// Every category of the child, where any is stated.
    pub categories: Option<BTreeSet<CategoryCode>>,
    /// Household registration.
    pub hukou: Option<DivisionCode>,
    /// Where the child lives.
    pub residence: Option<Residence>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Papers held and not held.
    pub holds: BTreeMap<Paper, bool>,
    /// Diagnoses made and excluded.
    pub diagnoses: BTreeMap<Diagnosis, bool>,
    /// Stage of school.
    pub school_stage: Option<Stage>,
    /// The guardian's state.
    pub guardian: Option<Guardian>,
    /// Who has asked in writing, where that is stated; the station always has.
    pub referred_by: Option<BTreeSet<Referrer>>,
    /// Travel to the service, one way; set for each service anew.
    pub minutes: Option<u16>,
}

/// Where the child lives, as narrowly as is known, with the zones that hold the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Residence {
    /// The division, of any level.
    pub division: DivisionCode,
    /// Zones the division lies in.
    pub zones: Vec<String>,
    /// Zones that hold only part of the division: known too coarsely to say.
    pub partly: Vec<String>,
}

impl Residence {
    /// A residence in no zone.
    #[must_use]
    pub fn plain(division: DivisionCode) -> Self {
        Self { division, zones: Vec::new(), partly: Vec::new() }
    }
}
