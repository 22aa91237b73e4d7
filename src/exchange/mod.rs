//! What comes in from other systems and goes out to them: organizations from CSV, the directory as HSDS.

pub mod hsds;
mod import;
mod text;

pub use import::{Report, import_organizations};
