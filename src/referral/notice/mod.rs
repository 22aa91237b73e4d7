//! Notices on their way out: by mail to a person, by signed webhook to an organization's own program.
//!
//! A notice is a row left in the transaction of the deed it tells of. From there each goes out once: a pass spreads the rows
//! that are due over their receivers, claims what is to be sent, sends, and marks it. A crash between sending and marking sends
//! again under the same name, by which the receiver knows it. Messages hold numbers and links, never a word about a child.

mod actions;
pub mod api;
mod hook;
mod mail;
mod model;
pub mod page;
mod store;
mod words;

pub use actions::{Passed, deliver, run_deliveries};
pub use model::{Channel, next_try, quiet_until, signature};
pub use store::given_up;
pub use words::text;
