//! Which database it is, and the few places where that matters.

use crate::error::{Error, Result};

/// The two databases the product runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file beside the program.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// Reads the engine off a database address.
    pub fn of(url: &str) -> Result<Self> {
        if url.starts_with("sqlite:") {
            Ok(Self::Sqlite)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self::Postgres)
        } else {
            let scheme = url.split(':').next().unwrap_or_default();
            Err(Error::Store(format!(
                "the database address begins with \"{scheme}:\"; write sqlite://path/to/file.db or postgres://user@host/name"
            )))
        }
    }

    /// What every SQLite connection is told first: `security.md` §8.3 of the design, in short
    /// a commit is on the disk before it is acknowledged, and references hold.
    #[must_use]
    pub const fn preamble(self, reading: bool) -> &'static str {
        match (self, reading) {
            (Self::Sqlite, false) => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; \
                 PRAGMA cache_size = -16000;"
            }
            (Self::Sqlite, true) => {
                "PRAGMA query_only = ON; PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8000;"
            }
            (Self::Postgres, false) => "SET statement_timeout = '30s'; SET lock_timeout = '5s';",
            (Self::Postgres, true) => "SET statement_timeout = '30s'; SET default_transaction_read_only = on;",
        }
    }
}
