//! One-time links for people without an account: a token in the address, and a code that is said on the phone.
//!
//! Whoever finds a link without its code learns nothing, not even whose it is. What a link opens is for the folder that made it.

pub mod actions;
mod api;
mod model;
pub mod page;
mod store;

pub use api::LinkBody;
pub use model::{Link, Made, OPEN, Purpose, dead};
pub use store::{using, waiting};
