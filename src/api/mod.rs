//! What every JSON route shares: bodies, problems, the document that lists the routes.

mod body;
mod problem;

pub use body::{IdempotencyKey, Json, Meta, Query, read_query, writes_zero};
pub use problem::Problem;
