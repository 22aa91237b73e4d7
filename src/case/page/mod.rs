//! The pages of the case side.

mod choices;
mod fields;
mod identity;
mod intake;
mod list;
mod need;
mod report;
mod show;
mod words;

pub use identity::{identified, identity, log};
pub use intake::{create, edit, new, save};
pub use list::cases;
pub use need::{add_needs, change_need, need, needs, step_need};
pub use report::{make_report, note_duty, reports};
pub use show::{case, step};
