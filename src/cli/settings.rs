//! Options of every command, and how a store is opened for them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::app::App;
use crate::boot::{self, Indexed};
use crate::clock;
use crate::config::{Config, Settings};
use crate::locale::Locale;
use crate::search;
use crate::store::Access;

/// Options of every command; a flag beats the environment, which beats the file.
#[derive(Args)]
pub struct Options {
    /// Folder of store, index and key [default: ./lianjie-demo for demo and where it exists, else ./lianjie-data]
    #[arg(long, global = true, env = "LIANJIE_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Address of the store: sqlite://path or postgres://user@host/name [default: SQLite in the data folder]
    #[arg(long, global = true, env = "LIANJIE_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, global = true, env = "LIANJIE_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Configuration file [default: ./lianjie.toml where it exists]
    #[arg(long, global = true, env = "LIANJIE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of what is printed
    #[arg(long, global = true, env = "LIANJIE_LANGUAGE", default_value = "zh-CN", value_name = "LANGUAGE")]
    pub language: Locale,
}

/// Folder of the demo.
pub const DEMO: &str = "lianjie-demo";

impl Options {
    /// The whole configuration; `folder` is the command's own default.
    pub fn config(&self, folder: Option<&str>) -> crate::error::Result<Config> {
        let file = match &self.config {
            Some(path) => Settings::read(path)?,
            None if Path::new("lianjie.toml").exists() => Settings::read(Path::new("lianjie.toml"))?,
            None => Settings::default(),
        };
        let flags = Settings { listen: self.listen, database: self.database.clone(), data: self.data.clone(), ..Settings::default() };
        let mut settings = flags.or(file);
        if settings.data.is_none() {
            let demo = Path::new(DEMO).join("lianjie.db").exists() && !Path::new("lianjie-data").exists();
            settings.data = folder.or(demo.then_some(DEMO)).map(PathBuf::from);
        }
        Ok(settings.settle())
    }

    /// Opens the store for reading, beside whoever writes, with the index in memory.
    pub async fn reading(&self) -> crate::error::Result<App> {
        let app = boot::open(self.config(None)?, Arc::new(clock::System), Access::Read, Indexed::Memory).await?;
        search::reindex(&app, |_, _| {}).await?;
        Ok(app)
    }

    /// Refused fields in words, in the language asked for; everything else as it is.
    pub fn worded(&self, error: crate::error::Error) -> anyhow::Error {
        match &error {
            crate::error::Error::Invalid(faults) => {
                let sentences = faults.iter().map(|fault| format!("{}: {}", fault.field, fault.text(self.language)));
                anyhow::anyhow!(sentences.collect::<Vec<_>>().join("; "))
            }
            _ => error.into(),
        }
    }

    /// Opens the store for reading without an index.
    pub async fn reading_store(&self) -> crate::error::Result<App> {
        boot::open(self.config(None)?, Arc::new(clock::System), Access::Read, Indexed::Memory).await
    }

    /// Opens the store for writing.
    pub async fn writing(&self) -> crate::error::Result<App> {
        boot::open(self.config(None)?, Arc::new(clock::System), Access::Write, Indexed::Folder).await
    }
}
