//! The engine against slow references, what always holds of it, and what it refuses.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::filter_map_bool_then,
    clippy::type_complexity,
    clippy::unwrap_used,
    reason = "tests of small whole numbers"
)]

#[path = "../../benches/crowd/mod.rs"]
mod crowd;
mod exactness;
mod lottery;
mod meeting;
mod properties;
mod reference;
mod small;
