//! What may leave to whom: consents, kept per recipient, item, purpose and day.

pub mod model;
pub mod store;
