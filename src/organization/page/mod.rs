//! The forms of an organization and of its locations. Its page, its list and the queue are `service`'s, which knows
//! the services.

mod form;
mod location;

pub use form::{edit, new, register, save};
pub use location::{add as add_location, edit as edit_location, new as new_location, save as save_location};
