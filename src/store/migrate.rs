//! The schema's versions: one tree of files for both engines, and one small file each for triggers.

use std::borrow::Cow;

use sqlx::migrate::Migrator;
use sqlx::{AnyPool, Row as _};

use super::{Connection, Engine};
use crate::error::{Error, Result};

static COMMON: Migrator = sqlx::migrate!("./migrations");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// Where a store's schema stands against this program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// No schema at all.
    Empty,
    /// Some migration is still to be run.
    Older,
    /// The same.
    Current,
    /// It holds a migration this program does not know.
    Newer(i64),
}

fn of(engine: Engine) -> Migrator {
    let own = match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    Migrator::with_migrations(COMMON.iter().chain(own.iter()).cloned().collect())
}

/// Runs what is missing; each file in its own transaction.
pub(super) async fn run(writer: &AnyPool, engine: Engine) -> Result<()> {
    of(engine)
        .run(writer)
        .await
        .map_err(|error| Error::Store(Cow::from(format!("the store could not be brought to this version's schema: {error}")).into_owned()))
}

/// Compares a store's schema with this program's.
pub async fn schema(db: &mut Connection) -> Result<Schema> {
    let rows = match sqlx::query("SELECT version FROM _sqlx_migrations ORDER BY version").fetch_all(&mut *db).await {
        Ok(rows) => rows,
        Err(error) if no_such_table(&error) => return Ok(Schema::Empty),
        Err(error) => return Err(damaged(error)),
    };
    let known: Vec<i64> = COMMON.iter().chain(SQLITE.iter()).map(|migration| migration.version).collect();
    let applied: Vec<i64> = rows.iter().map(|row| row.try_get("version")).collect::<Result<_, _>>()?;
    Ok(match applied.iter().find(|version| !known.contains(version)) {
        Some(version) => Schema::Newer(*version),
        None if applied.is_empty() => Schema::Empty,
        None if applied.len() < known.len() => Schema::Older,
        None => Schema::Current,
    })
}

fn no_such_table(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.message().contains("no such table") || error.code().as_deref() == Some("42P01"))
}

fn damaged(error: sqlx::Error) -> Error {
    let text = error.to_string();
    if text.contains("malformed") || text.contains("not a database") {
        Error::Store(format!("the store is damaged ({text}); it was not changed. Restore the last good copy, or start with another --data"))
    } else {
        Error::Database(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_know_the_same_versions() {
        let versions = |migrator: &Migrator| migrator.iter().map(|migration| migration.version).collect::<Vec<_>>();
        assert_eq!(versions(&SQLITE), versions(&POSTGRES));
    }
}
