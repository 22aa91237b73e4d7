//! Who may do what: one pure function, [`decide`], over one table.
//!
//! - [`Actor`] is who acts: an account with its grants, the timer, the system, or a visitor.
//! - [`Facts`] is what must be known of the thing acted on; models say theirs through [`Subject`].
//! - `table.rs` is the table of `docs/PERMISSIONS.md`; a test prints it there.
//!
//! "Not yours" is answered like "not there" (404); "yours, but not this" says why (403).

mod action;
mod actor;
mod class;
mod decide;
mod role;
mod table;

pub use action::Action;
pub use actor::{Actor, Grant, Held, Scope, Ticket, Who};
pub use class::{Class, Classes};
pub use decide::{Decision, Facts, Subject, classes, decide, directory_level, may_anywhere};
pub use role::Role;
pub use table::{Reach, cell, markdown};
