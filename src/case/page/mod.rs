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
pub(super) use intake::case_id;
pub use intake::{create, edit, new, save};
pub use list::cases;
pub(super) use list::tabs;
pub use need::{add_needs, change_need, need, needs, step_need};
pub use report::{make_report, note_duty, reports};
pub use show::risk;
pub use show::{case, step};
pub(super) use words::place;
pub use words::{instant, term, word};
