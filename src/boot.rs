//! From a configuration to a running [`App`]: opens what is there, makes what is not.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use lianjie_index::Index;
use lianjie_index::search::IndexError;
use tokio::sync::{Mutex, Semaphore};

use crate::app::{App, Shared};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::secret::Keyring;
use crate::store::{self, Access, Store};
use crate::{calendar, division, matching, referral, service, taxonomy};

/// Where the search index lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indexed {
    /// In the data folder, written by this process.
    Folder,
    /// In memory: beside a running server, and in tests.
    Memory,
}

/// Opens the store of a configuration and puts an [`App`] around it. Makes nothing but the index folder.
pub async fn open(config: Config, clock: Arc<dyn Clock>, access: Access, indexed: Indexed) -> Result<App> {
    let store = Store::open(&config.database, access).await?;
    let keyring = Keyring::open(&config.key_file(), false)?;
    put_together(store, config, clock, keyring, indexed).await
}

/// Makes the store of a configuration with what the field agrees on in it, or goes on with the one that is there.
pub async fn create(config: &Config) -> Result<Store> {
    fs::create_dir_all(&config.data)
        .map_err(|source| Error::Io { what: format!("cannot make the folder {}", config.data.display()), source })?;
    let store = Store::create(&config.database).await?;
    let fresh = store::mark(&mut *store.read().await?, "created_at").await?.is_none();
    let has_key = config.key_file().exists();
    if !fresh && !has_key {
        Keyring::open(&config.key_file(), false)?;
    }
    Keyring::open(&config.key_file(), true)?;
    Ok(store)
}

/// Fills the reference tables of a store; rows that are there stay as the installation edited them.
pub async fn load_reference(store: &Store, clock: &dyn Clock, villages: bool) -> Result<()> {
    let mut tx = store.begin().await?;
    taxonomy::store::load(&mut tx).await?;
    division::store::load(&mut tx).await?;
    calendar::store::load(&mut tx).await?;
    matching::store::load(&mut tx).await?;
    referral::store::load_timers(&mut tx).await?;
    if villages {
        division::store::load_villages(&mut tx).await?;
    }
    if store::mark(&mut tx, "created_at").await?.is_none() {
        store::set_mark(&mut tx, "created_at", &crate::clock::stored(clock.now())).await?;
    }
    tx.commit(clock.now()).await
}

/// Puts an [`App`] around an open store.
pub async fn put_together(store: Store, config: Config, clock: Arc<dyn Clock>, keyring: Keyring, indexed: Indexed) -> Result<App> {
    // Whatever speaks TLS here shares one provider of ciphers; where it is there already, nothing changes.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut db = store.read().await?;
    let demo = store::mark(&mut db, "demo").await?.is_some();
    let divisions = division::store::read(&mut db).await?;
    let vocabulary = Arc::new(taxonomy::store::vocabulary(&mut db).await?);
    let categories = taxonomy::store::categories(&mut db).await?;
    let calendar = calendar::store::read(&mut db).await?;
    let periods = service::periods::read(&mut db).await?;
    let rates = matching::store::rates(&mut db, clock.today()).await?;
    let public_rules = matching::store::public_rules(&mut db).await?;
    drop(db);
    let gazetteer = Arc::clone(&divisions.gazetteer);
    let index = match indexed {
        Indexed::Memory => Index::in_memory(Arc::clone(&vocabulary), gazetteer)?,
        Indexed::Folder => open_index(&config.index(), &vocabulary, &gazetteer)?,
    };
    Ok(App {
        store,
        clock,
        keyring,
        config,
        demo,
        index: Shared::new(index),
        followed: Mutex::new(None),
        gaps_looked_at: Mutex::new(None),
        divisions: Shared::new(divisions),
        vocabulary: Shared::from(vocabulary),
        wording: Mutex::new(()),
        categories: Shared::new(categories),
        calendar: Shared::new(calendar),
        periods: Shared::new(periods),
        rates: Shared::new(rates),
        public_rules: Shared::new(public_rules),
        hashing: Semaphore::new(1),
        importing: crate::grid::Turns::default(),
    })
}

/// Opens the index folder; one that is damaged or of another version is moved aside, and an empty one takes its place.
fn open_index(folder: &Path, vocabulary: &Arc<lianjie_index::Vocabulary>, gazetteer: &Arc<lianjie_index::Gazetteer>) -> Result<Index> {
    fs::create_dir_all(folder).map_err(|source| Error::Io { what: format!("cannot make the folder {}", folder.display()), source })?;
    match Index::open(folder, Arc::clone(vocabulary), Arc::clone(gazetteer)) {
        Err(error @ (IndexError::Damaged { .. } | IndexError::Version { .. })) => {
            let aside = folder.with_extension("damaged");
            tracing::warn!(error = %error, folder = %aside.display(), "the search index is moved aside and rebuilt");
            if aside.exists() {
                fs::remove_dir_all(&aside).map_err(|source| Error::Io { what: format!("cannot remove {}", aside.display()), source })?;
            }
            fs::rename(folder, &aside).map_err(|source| Error::Io { what: format!("cannot move {} aside", folder.display()), source })?;
            fs::create_dir_all(folder)
                .map_err(|source| Error::Io { what: format!("cannot make the folder {}", folder.display()), source })?;
            Ok(Index::open(folder, Arc::clone(vocabulary), Arc::clone(gazetteer))?)
        }
        opened => Ok(opened?),
    }
}
