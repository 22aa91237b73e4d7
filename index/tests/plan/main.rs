//! The plan of one child against every plan there is, and what always holds of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

#[expect(dead_code, reason = "shared with the measurements")]
mod generate;
mod properties;
mod reference;
