//! Guardianship assessments (监护评估): whether those who should care for a child can.
//!
//! The form is data (`seed-data/guardianship-assessment.toml`): items, points, what decides at once, how long it is valid. What
//! was answered is sealed; what follows from it — able, in part, unable — is a fact that lists and figures use.

pub mod actions;
pub mod api;
mod model;
pub mod page;
pub mod store;

pub use model::{Assessment, Choice, Form, Item, Outcome, form};
