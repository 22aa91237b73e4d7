//! `demo` and `serve`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use rust_i18n::t;

use super::print::{self, Bar};
use super::settings::{DEMO, Options};
use crate::app::App;
use crate::boot::{self, Indexed};
use crate::clock::{self, Clock};
use crate::config::Config;
use crate::error::Error;
use crate::locale::Locale;
use crate::store::Access;
use crate::{demo, referral, rounds, search, server, statistics};

/// Options of `demo`.
#[derive(Args)]
pub struct Demo {
    /// Make the store and end
    #[arg(long)]
    prepare: bool,
    /// How many times the province
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    scale: u32,
    /// Which invented province
    #[arg(long, default_value_t = 20_260_301)]
    seed: u64,
    /// Move the clock on by what this file says (20d, 36h), to see what happens when time passes
    #[arg(long, value_name = "FILE")]
    clock: Option<PathBuf>,
}

impl Demo {
    fn clock(&self) -> Arc<dyn Clock> {
        match &self.clock {
            Some(file) => Arc::new(clock::Moved::by(file.clone())),
            None => Arc::new(clock::System),
        }
    }

    /// How often is looked at what is due: at once where time is moved by hand.
    fn sweeps(&self) -> Duration {
        if self.clock.is_some() { Duration::from_secs(2) } else { rounds::MINUTE }
    }
}

/// Makes the demo province where there is none, and serves it.
pub async fn demo(options: Options, demo: Demo) -> anyhow::Result<()> {
    let config = options.config(Some(DEMO))?;
    config.check()?;
    make_demo(&config, &demo, options.language).await?;
    let app = Arc::new(boot::open(config, demo.clock(), Access::Write, Indexed::Folder).await?);
    if !app.demo {
        return Err(Error::Store(format!(
            "{} holds a store that is not a demo; name another folder with --data",
            app.config.data.display()
        ))
        .into());
    }
    index(&app).await?;
    if demo.prepare {
        print::line(format!("the demo province is in {}", app.config.data.display()))?;
        return Ok(());
    }
    let log_ins = demo::log_ins(&app).await?;
    let listener = listen(&app.config).await?;
    print::line(format!("\n  lianjie 链接 · {}\n  http://{}\n", t!("web.demo", locale = options.language.tag()), listener.local_addr()?))?;
    for log_in in &log_ins {
        let role = t!(format!("role.{}", log_in.role), locale = options.language.tag());
        print::line(format!("  {:<18} {}   {role}", log_in.login, log_in.password))?;
    }
    print::line("")?;
    go_on(app, listener, demo.sweeps()).await
}

async fn make_demo(config: &Config, demo: &Demo, language: Locale) -> anyhow::Result<()> {
    let store = boot::create(config).await?;
    let mut db = store.read().await?;
    let made = crate::store::mark(&mut db, "demo").await?.is_some();
    let whole = crate::store::mark(&mut db, "demo_whole").await?.is_some();
    let created = crate::store::mark(&mut db, "created_at").await?.is_some();
    drop(db);
    if made && !whole {
        store.close().await;
        drop(store);
        print::line(t!("cli.demo_again", locale = language.tag(), folder = config.data.display()))?;
        crate::store::remove_unfinished(&config.database)?;
        return Box::pin(make_demo(config, demo, language)).await;
    }
    if !made && created {
        store.close().await;
        return Err(
            Error::Store(format!("{} holds a store that is not a demo; name another folder with --data", config.data.display())).into()
        );
    }
    if !made {
        let clock = clock::System;
        let bar = Bar::new("seed-data");
        bar.show(0, 1);
        let keyring = crate::secret::Keyring::open(&config.key_file(), true)?;
        demo::build(&store, &keyring, &clock, demo.seed, demo.scale, &|done, total, label: &str| {
            bar.name(label.to_owned());
            bar.show(done, total);
        })
        .await?;
        bar.end();
        let mut tx = store.begin().await?;
        crate::store::set_mark(&mut tx, "demo_whole", "1").await?;
        tx.commit(clock.now()).await?;
    }
    store.close().await;
    Ok(())
}

/// Serves the store of a configuration.
pub async fn serve(options: Options) -> anyhow::Result<()> {
    let config = options.config(None)?;
    config.check()?;
    let app = Arc::new(boot::open(config, Arc::new(clock::System), Access::Write, Indexed::Folder).await?);
    let listener = listen(&app.config).await?;
    print::line(format!("lianjie 链接 · http://{}", listener.local_addr()?))?;
    index(&app).await?;
    go_on(app, listener, rounds::MINUTE).await
}

async fn listen(config: &Config) -> anyhow::Result<tokio::net::TcpListener> {
    let address = config.listen;
    Ok(tokio::net::TcpListener::bind(address).await.map_err(|source| Error::Io {
        what: format!("cannot listen on {address}; another program may be there, try --listen 127.0.0.1:0"),
        source,
    })?)
}

/// Builds the index where there is none yet; the follower brings one that is there up to the store.
async fn index(app: &App) -> anyhow::Result<()> {
    if app.index.get().is_empty() {
        let bar = Bar::new("index");
        search::reindex(app, |done, total| bar.show(done, total)).await?;
        bar.end();
    }
    Ok(())
}

/// Serves until asked to stop, with the follower and the sweep beside.
async fn go_on(app: Arc<App>, listener: tokio::net::TcpListener, sweeps: Duration) -> anyhow::Result<()> {
    tokio::spawn(search::follow(Arc::clone(&app)));
    tokio::spawn(rounds::run(Arc::clone(&app), sweeps));
    tokio::spawn(referral::notice::run_deliveries(Arc::clone(&app)));
    tokio::spawn(statistics::actions::run_refresh(Arc::clone(&app)));
    tokio::spawn(watch(Arc::clone(&app)));
    tracing::info!(listen = %listener.local_addr()?, at = %app.clock.now(), "serving");
    server::serve(Arc::clone(&app), listener).await?;
    app.store.close().await;
    Ok(())
}

/// Looks through the store for damage at start and every hour.
async fn watch(app: Arc<App>) {
    loop {
        if let Err(error) = app.store.check().await {
            tracing::error!(error = %error, "the store does not look whole");
        }
        tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
    }
}
