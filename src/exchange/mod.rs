//! What comes in from other systems and goes out to them: the directory as HSDS, lists as spreadsheets.

pub mod hsds;
pub mod sheet;
mod text;
