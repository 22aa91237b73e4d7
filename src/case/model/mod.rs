//! The case side's facts and rules.

pub mod alias;
mod case;
mod category;
mod codes;
mod need;
mod person;
mod purpose;
mod written;

pub use case::{Brief, Case, CaseStep, Risk, State, Travel, Writing};
pub use category::categories;
pub use codes::{DIAGNOSES, LANGUAGES, PAPERS, STAGES, name, named};
pub use need::{Need, NeedStep, Outcome, Source, Tier};
pub use person::{AgeBand, BirthMonth, Child, Flag, Guardian, GuardianState, Identity, Relation, Sex, read_identity_number};
pub use purpose::{Item, Purpose, items};
pub use written::{Known, Reading, Written, WrittenGuardian, point};

/// How many situations must be reported to the police at once; their texts stand in `locales/case.yml`.
pub const SITUATIONS: u8 = 9;
