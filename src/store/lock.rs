//! The lock file that keeps a second writing process off an SQLite store.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::{Error, Result};

/// Held as long as the process may write; the file stays, the lock goes with the process.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "holding the open file holds the lock")] File);

impl Lock {
    /// Takes the lock beside `database`.
    ///
    /// Fails with a plain sentence if another process has it.
    pub fn take(database: &Path) -> Result<Self> {
        let path = database.with_extension("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| Error::Io { what: format!("cannot open the lock file {}", path.display()), source })?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(Error::Store(format!(
                "another lianjie is writing to {}; stop it first, or use a reading command (search, match, export, audit verify)",
                database.display()
            ))),
            Err(TryLockError::Error(source)) => Err(Error::Io { what: format!("cannot lock {}", path.display()), source }),
        }
    }
}
