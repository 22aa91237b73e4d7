//! Opening a store: for the one process that writes, or for a command that only reads.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor};
use tokio::sync::Notify;

use super::engine::Engine;
use super::lock::Lock;
use super::{Schema, Tx, migrate};
use crate::error::{Error, Result};

/// What a process means to do with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Serve or change it: takes the lock on SQLite.
    Write,
    /// Only read, beside whoever writes.
    Read,
}

/// An open store.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    writer: Option<AnyPool>,
    reader: AnyPool,
    written: Arc<Notify>,
    _lock: Option<Arc<Lock>>,
}

/// Readers beside the one SQLite writer, and connections to a PostgreSQL.
const READERS: u32 = 4;
const WRITERS: u32 = 8;

impl Store {
    /// Opens the store at `url` and refuses one that is damaged, newer, or not made yet.
    pub async fn open(url: &str, access: Access) -> Result<Self> {
        if let Some(file) = sqlite_file(url).filter(|file| !file.exists()) {
            return Err(Error::Store(format!(
                "there is no store at {}; run `lianjie demo --prepare` or `lianjie migrate` first, or name its folder with --data",
                file.display()
            )));
        }
        let store = Self::connect(url, access).await?;
        match migrate::schema(&mut *store.read().await?).await? {
            Schema::Current => Ok(store),
            Schema::Older if access == Access::Write => {
                store.migrate().await?;
                Ok(store)
            }
            Schema::Older | Schema::Empty => Err(Error::Store(
                "the store is not made yet, or is older than this lianjie; run `lianjie migrate` (or `lianjie demo`) first".into(),
            )),
            Schema::Newer(version) => Err(Error::Store(format!(
                "the store was written by a newer lianjie (schema {version}); use that version, nothing was changed"
            ))),
        }
    }

    /// Opens the store at `url`, making it and bringing it to this version's schema.
    pub async fn create(url: &str) -> Result<Self> {
        let store = Self::connect(url, Access::Write).await?;
        if let Schema::Newer(version) = migrate::schema(&mut *store.read().await?).await? {
            return Err(Error::Store(format!(
                "the store was written by a newer lianjie (schema {version}); use that version, nothing was changed"
            )));
        }
        store.migrate().await?;
        Ok(store)
    }

    async fn connect(url: &str, access: Access) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url)?;
        let file = sqlite_file(url);
        let writer_url = if engine == Engine::Sqlite { with_mode(url, "rwc") } else { url.to_owned() };
        let (lock, writer) = if access == Access::Write {
            let lock = file.as_deref().map(Lock::take).transpose()?.map(Arc::new);
            let size = if engine == Engine::Sqlite { 1 } else { WRITERS };
            (lock, Some(pool(&writer_url, engine, false, size).await.map_err(|error| unusable(url, error))?))
        } else {
            (None, None)
        };
        let reader_url = if engine == Engine::Sqlite { with_mode(url, "rw") } else { url.to_owned() };
        let reader = pool(&reader_url, engine, true, READERS).await.map_err(|error| unusable(url, error))?;
        Ok(Self { engine, writer, reader, written: Arc::new(Notify::new()), _lock: lock })
    }

    /// Which database it is.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<PoolConnection<Any>> {
        Ok(self.reader.acquire().await?)
    }

    /// Begins a writing transaction.
    pub async fn begin(&self) -> Result<Tx> {
        let writer = self.writer.as_ref().ok_or_else(|| Error::Store("this process opened the store for reading".into()))?;
        Ok(Tx::new(writer.begin().await?, Arc::clone(&self.written)))
    }

    /// Brings the schema to this version.
    pub async fn migrate(&self) -> Result<()> {
        let writer = self.writer.as_ref().ok_or_else(|| Error::Store("this process opened the store for reading".into()))?;
        migrate::run(writer, self.engine).await
    }

    /// Looks through the whole store for damage; for the background check at start and `doctor`.
    pub async fn check(&self) -> Result<()> {
        if self.engine == Engine::Postgres {
            return Ok(());
        }
        let verdict: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut *self.read().await?).await?;
        if verdict == "ok" {
            Ok(())
        } else {
            Err(Error::Store(format!("the store is damaged ({verdict}); stop, keep the files, and restore the last good copy")))
        }
    }

    /// Waits until something was committed through this handle.
    pub async fn written(&self) {
        self.written.notified().await;
    }

    /// Lets go of every connection.
    pub async fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
        self.reader.close().await;
    }
}

async fn pool(url: &str, engine: Engine, reading: bool, size: u32) -> Result<AnyPool, sqlx::Error> {
    // One connection by itself first: a pool would try again and again on a file that is no database.
    let mut first = AnyConnection::connect(url).await?;
    first.execute(sqlx::raw_sql(engine.preamble(reading))).await?;
    first.close().await?;
    AnyPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(10))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(sqlx::raw_sql(engine.preamble(reading))).await?;
                Ok(())
            })
        })
        .connect(url)
        .await
}

/// The file of an SQLite address.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(Path::new(path.split('?').next().unwrap_or_default()).to_path_buf())
}

/// Removes a store that was never finished, so that it can be made anew. Only for one that holds nothing of anybody.
///
/// # Errors
/// A database that is no file of ours is left as it is.
pub fn remove_unfinished(url: &str) -> Result<()> {
    let Some(file) = sqlite_file(url) else {
        let text =
            "the demo province in this database was not finished when it was made; drop the database, make an empty one and start again";
        return Err(Error::Store(text.into()));
    };
    for end in ["", "-wal", "-shm"] {
        let mut part = file.clone().into_os_string();
        part.push(end);
        match std::fs::remove_file(&part) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::Io { what: format!("cannot remove {}", file.display()), source });
            }
            _ => {}
        }
    }
    Ok(())
}

fn with_mode(url: &str, mode: &str) -> String {
    if url.contains("mode=") { url.to_owned() } else { format!("{url}{}mode={mode}", if url.contains('?') { '&' } else { '?' }) }
}

/// Words a refusal by what, where and what next.
fn unusable(url: &str, error: sqlx::Error) -> Error {
    match sqlite_file(url) {
        Some(file) if error.to_string().contains("not a database") || error.to_string().contains("malformed") => Error::Store(format!(
            "{} is damaged or is not a store of lianjie ({error}); it was not changed. Restore the last good copy, or start with another --data",
            file.display()
        )),
        Some(file) => Error::Store(format!("cannot open the store {}: {error}", file.display())),
        None => Error::Store(format!("cannot reach the database: {error}")),
    }
}
