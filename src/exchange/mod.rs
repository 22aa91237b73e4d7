//! What comes in from other systems and goes out to them. Begins small: organizations from CSV, the public directory as JSON
//! in the names of HSDS 3.1.

mod export;
mod import;
pub mod model;

pub use export::public_directory;
pub use import::{Report, import_organizations};
