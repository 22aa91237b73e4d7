//! What every action is handed: the store, the clock, the keys, and what is known in memory.
//!
//! This is where the parts are put together, so it names the models of some folders
//! (calendar, divisions, vocabulary); it uses nothing else of them.

use std::sync::{Arc, RwLock};

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::config::Config;
use crate::error::Result;
use crate::secret::Keyring;
use crate::store::{Store, Tx};

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
    /// One permit per password being hashed: hashing is slow on purpose and must not take every core.
    pub hashing: Semaphore,
    /// What the folders keep in memory, by type; each is replaced as a whole when its table changes.
    known: RwLock<Vec<Arc<dyn std::any::Any + Send + Sync>>>,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, keyring: Keyring, config: Config, demo: bool) -> Self {
        Self { store, clock, keyring, config, demo, hashing: Semaphore::new(1), known: RwLock::default() }
    }

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
