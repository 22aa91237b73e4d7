//! What every action is handed: the store, the clock, the keys, and what is known in memory.
//!
//! This is where the parts are put together, so it names the models that are held for all
//! (divisions, vocabulary, calendar) and the index; it uses nothing else of the folders.

use std::sync::{Arc, RwLock};

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::matching::PublicRule;
use lianjie_index::search::Periods;
use lianjie_index::{Index, Rates, Vocabulary};
use tokio::sync::{Mutex, Semaphore};

use crate::calendar::model::Calendar;
use crate::clock::Clock;
use crate::config::Config;
use crate::division::model::Divisions;
use crate::error::Result;
use crate::grid::Turns;
use crate::secret::Keyring;
use crate::store::{Store, Tx};
use crate::taxonomy::model::Categories;

/// A value that is read by all and replaced as a whole when its table changes.
#[derive(Debug, Default)]
pub struct Shared<T>(RwLock<Arc<T>>);

impl<T> Shared<T> {
    /// Holds a value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(RwLock::new(Arc::new(value)))
    }

    /// The value now.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        Arc::clone(&self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Puts another in its place; who holds the old one goes on with it.
    pub fn set(&self, value: impl Into<Arc<T>>) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = value.into();
    }
}

impl<T> From<Arc<T>> for Shared<T> {
    fn from(value: Arc<T>) -> Self {
        Self(RwLock::new(value))
    }
}

/// The running product.
pub struct App {
    /// Facts.
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Keys.
    pub keyring: Keyring,
    /// Configuration.
    pub config: Config,
    /// Whether the store is a demo: the banner is shown and log-ins are printed.
    pub demo: bool,
    /// The search index; follows the store, is never asked for a fact.
    pub index: Shared<Index>,
    /// The day the index was last brought up to; held while it is, so that two rounds do not cross.
    pub followed: Mutex<Option<Date>>,
    /// When needs that nobody could meet were last looked at again; absent = not since the process began.
    pub gaps_looked_at: Mutex<Option<Timestamp>>,
    /// Divisions, zones, villages.
    pub divisions: Shared<Divisions>,
    /// Taxonomy and the words people use.
    pub vocabulary: Shared<Vocabulary>,
    /// Held while the installation's own words are read anew, so that an older reading does not come last.
    pub wording: Mutex<()>,
    /// Categories of child and audiences of fees.
    pub categories: Shared<Categories>,
    /// Working days and school terms.
    pub calendar: Shared<Calendar>,
    /// How long facts of the directory stay fresh.
    pub periods: Shared<Periods>,
    /// What the loop has learnt of services.
    pub rates: Shared<Rates>,
    /// Programmes and prohibitions of the state.
    pub public_rules: Shared<Vec<PublicRule>>,
    /// One permit per password being hashed: hashing is slow on purpose and must not take every core.
    pub hashing: Semaphore,
    /// Whose file is being read: one at a time for an account.
    pub importing: Turns,
}

impl App {
    /// Begins a writing transaction.
    pub async fn begin(&self) -> Result<Tx> {
        self.store.begin().await
    }

    /// The instant now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The day now, in China.
    #[must_use]
    pub fn today(&self) -> Date {
        self.clock.today()
    }
}
