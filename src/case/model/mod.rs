//! The case side's facts and rules.

mod case;
mod category;
mod need;
mod person;

pub use case::{Brief, Case, CaseStep, Risk, State, Travel, Writing};
pub use category::categories;
pub use need::{Need, NeedStep, Outcome, Source, Tier};
pub use person::{AgeBand, BirthMonth, Child, Flag, Guardian, GuardianState, Identity, Relation, Sex, read_identity_number};
