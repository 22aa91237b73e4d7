//! Finding services: the index, its catalogue, and the search over them.

pub mod hits;
pub mod query;

use std::{path::Path, sync::Arc};

use thiserror::Error;

pub use hits::{Count, Cover, Facets, Field, Hit, Hits, Places, Reason, Relief, Snippet, Suggestion};
pub use query::{Dimension, Filters, Near, Query, Sort};

use crate::{
    code::{ServiceId, SiteId},
    entry::{Entry, Viewer},
    place::Gazetteer,
    vocabulary::Vocabulary,
};

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
    /// Another process writes to it, or the disk failed.
    #[error("the index cannot be written: {0}")]
    Write(String),
}

/// What became of a service: its entries now. None: it is gone.
#[derive(Debug, Clone)]
pub struct Change {
    /// The service.
    pub service: ServiceId,
    /// All its entries, one a location.
    pub entries: Vec<Entry>,
}

/// The search index.
pub struct Index {}

impl Index {
    /// Opens the index in a directory, made if there is none.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] and [`IndexError::Version`] call for a rebuild elsewhere.
    pub fn open(_directory: &Path, _vocabulary: Arc<Vocabulary>, _gazetteer: Arc<Gazetteer>) -> Result<Self, IndexError> {
        Ok(Self {})
    }

    /// An empty index in memory.
    ///
    /// # Errors
    /// Only when memory fails.
    pub fn in_memory(_vocabulary: Arc<Vocabulary>, _gazetteer: Arc<Gazetteer>) -> Result<Self, IndexError> {
        Ok(Self {})
    }

    /// The last change number that was applied; 0 in an empty index.
    #[must_use]
    pub fn last_number(&self) -> i64 {
        0
    }

    /// Applies changes and commits them together with the number of the last one.
    ///
    /// # Errors
    /// [`IndexError::Write`].
    pub fn apply(&self, _changes: Vec<Change>, _last_number: i64) -> Result<(), IndexError> {
        Ok(())
    }

    /// Replaces everything.
    ///
    /// # Errors
    /// [`IndexError::Write`].
    pub fn rebuild(&self, _entries: impl IntoIterator<Item = Entry>, _last_number: i64) -> Result<(), IndexError> {
        Ok(())
    }

    /// Posts places, without touching the text index.
    pub fn set_places(&self, _site: &SiteId, _places: Option<Places>) {}

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        true
    }

    /// The entry of a service at a location.
    #[must_use]
    pub fn entry(&self, _site: &SiteId) -> Option<Arc<Entry>> {
        None
    }

    /// Searches.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] when a file of the index cannot be read.
    pub fn search(&self, _query: &Query) -> Result<Hits, IndexError> {
        Ok(Hits::default())
    }

    /// Names that typed words may mean: organisations, places, needs.
    #[must_use]
    pub fn suggest(&self, _typed: &str, _viewer: &Viewer, _limit: usize) -> Vec<Suggestion> {
        vec![]
    }
}
