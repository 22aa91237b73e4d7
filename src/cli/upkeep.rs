//! `migrate`, `reindex`, `doctor`.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::print::{self, Bar};
use super::settings::Options;
use crate::boot::{self, Indexed};
use crate::store::{Access, Engine, Store};
use crate::{clock, referral, search};

/// Makes the store, brings it to this version's schema, loads what the field agrees on.
pub async fn migrate(options: Options) -> anyhow::Result<()> {
    let config = options.config(None)?;
    let store = boot::create(&config).await?;
    boot::load_reference(&store, &clock::System, true).await?;
    store.close().await;
    print::line(format!("the store in {} is at this version's schema", config.data.display()))
}

/// Rebuilds the index.
pub async fn reindex(options: Options) -> anyhow::Result<()> {
    let app = options.writing().await?;
    let bar = Bar::new("index");
    let services = search::reindex(&app, |done, total| bar.show(done, total)).await?;
    bar.end();
    print::line(format!("{services} services at their locations are indexed"))
}

/// Options of `doctor`.
#[derive(Args)]
pub struct Doctor {}

/// One thing looked at.
#[derive(Serialize)]
struct Finding {
    subject: &'static str,
    good: bool,
    text: String,
}

/// Looks at the installation; exit status 1 where something is wrong.
pub async fn doctor(options: Options, _: Doctor) -> anyhow::Result<ExitCode> {
    let config = options.config(None)?;
    let mut findings = Vec::new();
    let mut find = |subject, result: Result<String, String>| {
        let (good, text) = match result {
            Ok(text) => (true, text),
            Err(text) => (false, text),
        };
        findings.push(Finding { subject, good, text });
    };
    find("listen", config.check().map(|()| config.listen.to_string()).map_err(|error| error.to_string()));
    find("key", key(&config.key_file()));
    match Store::open(&config.database, Access::Read).await {
        Err(error) => find("store", Err(error.to_string())),
        Ok(store) => {
            find("store", store.check().await.map(|()| "whole".to_owned()).map_err(|error| error.to_string()));
            find("engine", version(&store).await);
            let app = boot::open(config.clone(), Arc::new(clock::System), Access::Read, Indexed::Memory).await?;
            let year = app.calendar.get().is_announced(app.today());
            find(
                "calendar",
                if year {
                    Ok("this year's holidays are known".into())
                } else {
                    Err("this year's holidays are not in the calendar; due times are provisional".into())
                },
            );
            let week = app.now() - jiff::SignedDuration::from_hours(7 * 24);
            let lost = referral::notice::given_up(&mut *app.store.read().await?, week).await?;
            find(
                "notices",
                if lost == 0 {
                    Ok("none was given up this week".into())
                } else {
                    Err(format!("{lost} were given up this week; they stand in the page, but look at [mail] and at the webhooks"))
                },
            );
            find("demo", Ok(if app.demo { "a demo: never enter real data".into() } else { "no demo".into() }));
        }
    }
    let good = findings.iter().all(|finding| finding.good);
    if options.json {
        print::json(&findings)?;
    } else {
        for finding in &findings {
            print::line(format!("{} {:<9} {}", if finding.good { "ok  " } else { "BAD " }, finding.subject, finding.text))?;
        }
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn key(path: &std::path::Path) -> Result<String, String> {
    crate::secret::Keyring::open(path, false).map_err(|error| error.to_string())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_err(|error| error.to_string())?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(format!("{} may be read by others (mode {mode:o}); chmod 600 it", path.display()));
        }
    }
    Ok("there, for its owner only".into())
}

async fn version(store: &Store) -> Result<String, String> {
    let statement = match store.engine() {
        Engine::Sqlite => "SELECT sqlite_version()",
        Engine::Postgres => "SHOW server_version",
    };
    let mut db = store.read().await.map_err(|error| error.to_string())?;
    let version: String = sqlx::query_scalar(statement).fetch_one(&mut *db).await.map_err(|error| error.to_string())?;
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    match store.engine() {
        // Older ones have the WAL-reset bug.
        Engine::Sqlite if numbers < vec![3, 51, 3] => Err(format!("SQLite {version} is too old")),
        Engine::Sqlite => Ok(format!("SQLite {version}")),
        Engine::Postgres => Ok(format!("PostgreSQL {version}")),
    }
}
