//! The pages of meetings.

pub mod link;
mod mine;
mod minutes;
mod sheet;
mod show;
mod wall;
mod words;

pub use mine::{mine, propose, propose_form, report};
pub use minutes::{amend, minutes};
pub use sheet::{agree, decide, dissent, sheet, write};
pub use show::{address, arrange, calendar, call, invite, list, new, reschedule, show, step};
pub use wall::{rest, wall};
