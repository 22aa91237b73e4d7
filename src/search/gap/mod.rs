//! Searches that gave nothing, for the gap map (搜了没有结果).
//!
//! What is counted is what was read from the words: leaves of the taxonomy, the county, which filters were set. The words could
//! name a child and are never kept, nor is who searched. One person counts once a day for the same search.

pub mod actions;
mod model;
pub mod store;

pub use model::{Gap, UNREAD};
