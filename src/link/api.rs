//! A link as JSON, for programs of the sender's side that deliver it themselves.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::Made;
use crate::clock::stored;

/// A link just made: shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkBody {
    /// Where its holder goes; give it by one way.
    address: String,
    /// Six digits; give them by another.
    code: String,
    /// Until when.
    valid_to: String,
}

impl LinkBody {
    /// Of a link just made, at the address of this server.
    #[must_use]
    pub fn of(made: &Made, url: &str) -> Self {
        Self { address: made.address(url), code: made.code.reveal().to_owned(), valid_to: stored(made.valid_to) }
    }
}
