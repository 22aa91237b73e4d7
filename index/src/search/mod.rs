//! Finding services: the index on disk, its catalogue in memory, and the search over both.
//!
//! Text and place are found by tantivy (`schema`, `candidates`); filters, counts and reasons
//! read the catalogue. What a match is worth for a child is in [`crate::matching`].

pub mod bodies;
pub(crate) mod candidates;
pub(crate) mod catalogue;
mod evidence;
mod facets;
mod filter;
mod find;
pub mod hits;
pub(crate) mod index;
mod names;
mod near;
mod net;
mod places;
pub mod query;
pub(crate) mod schema;
mod snippet;
mod suggest;
mod words;

use tantivy::TantivyError;
use thiserror::Error;

pub use bodies::Body;
pub use hits::{Count, Cover, Facets, Field, Hit, Hits, How, Mention, Places, Reason, Relief, Snippet, Suggestion};
pub use index::Index;
pub use query::{Dimension, Filters, Near, Periods, Query, Sort, Stage};

use crate::{code::ServiceId, entry::Entry};

/// What can go wrong with the index.
#[derive(Debug, Error)]
pub enum IndexError {
    /// The directory does not hold a whole index of ours: move it aside and rebuild.
    #[error("the index in {path} is damaged: {why}")]
    Damaged {
        /// The directory.
        path: String,
        /// What was found.
        why: String,
    },
    /// The index was written by another version of this program: rebuild.
    #[error("the index is of version {found}, this program reads {wanted}")]
    Version {
        /// What the index says.
        found: String,
        /// What is wanted.
        wanted: u32,
    },
    /// Another process writes to it, or the disk failed; also a file that could be read no more.
    #[error("the index failed: {0}")]
    Failed(String),
}

impl From<TantivyError> for IndexError {
    fn from(fault: TantivyError) -> Self {
        Self::Failed(fault.to_string())
    }
}

/// What became of a service.
#[derive(Debug, Clone)]
pub struct Change {
    /// The service.
    pub service: ServiceId,
    /// All its entries as they are now, one a location; none when it is gone.
    pub entries: Vec<Entry>,
}
