//! Configuration: flags, then environment, then a TOML file, then defaults.
//!
//! An unknown key of the file is refused by name and line, so that a typo is not a silent default.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::secret::Hidden;

/// What the product is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where the store is: `sqlite://…` or `postgres://…`.
    pub database: String,
    /// Folder of index, key file and lock.
    pub data: PathBuf,
    /// Address under which people reach it, for links that leave: `https://lianjie.example`.
    pub url: String,
    /// How notices leave by mail; absent: they stay in the page.
    pub mail: Option<Mail>,
    /// Hosts whose webhooks may be called: `hooks.example`, or with a port.
    pub webhook_hosts: Vec<String>,
    /// Whether plain HTTP is allowed outside loopback.
    pub insecure_http: bool,
    /// Sign-in ends after this long without a request.
    pub session_idle: SignedDuration,
    /// Sign-in ends after this long in any case.
    pub session_length: SignedDuration,
}

/// A mail server and the sender's address.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// `smtps://user:password@host`, or `smtp://host:port` inside a closed network.
    pub server: Hidden,
    /// `链接 <lianjie@mail.example>`.
    pub from: String,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail({})", self.from)
    }
}

/// The same as a file says it; every key may be absent.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `listen = "127.0.0.1:8080"`.
    pub listen: Option<SocketAddr>,
    /// `database = "sqlite://…"`.
    pub database: Option<String>,
    /// `data = "folder"`.
    pub data: Option<PathBuf>,
    /// `url = "https://lianjie.example"`.
    pub url: Option<String>,
    /// `[mail]` with `server = "smtps://user:password@mail.example"` and `from = "lianjie@mail.example"`.
    pub mail: Option<Mail>,
    /// `webhook_hosts = ["hooks.example"]`.
    pub webhook_hosts: Option<Vec<String>>,
    /// `insecure_http = true`.
    pub insecure_http: Option<bool>,
    /// `session_idle_minutes = 30`.
    pub session_idle_minutes: Option<u16>,
    /// `session_hours = 12`.
    pub session_hours: Option<u16>,
}

impl Settings {
    /// Reads a file; a fault names file, line and key.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::Io { what: format!("cannot read the configuration {}", path.display()), source })?;
        Self::parse(&text).map_err(|error| Error::Store(format!("the configuration {} does not read:\n{error}", path.display())))
    }

    fn parse(text: &str) -> std::result::Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Fills what `self` leaves open from `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            database: self.database.or(other.database),
            data: self.data.or(other.data),
            url: self.url.or(other.url),
            mail: self.mail.or(other.mail),
            webhook_hosts: self.webhook_hosts.or(other.webhook_hosts),
            insecure_http: self.insecure_http.or(other.insecure_http),
            session_idle_minutes: self.session_idle_minutes.or(other.session_idle_minutes),
            session_hours: self.session_hours.or(other.session_hours),
        }
    }

    /// The whole configuration, with defaults for what nobody set.
    #[must_use]
    pub fn settle(self) -> Config {
        let data = self.data.unwrap_or_else(|| PathBuf::from("lianjie-data"));
        let listen = self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        Config {
            listen,
            mail: self.mail,
            webhook_hosts: self.webhook_hosts.unwrap_or_default().iter().map(|host| host.to_ascii_lowercase()).collect(),
            url: self.url.map_or_else(|| format!("http://{listen}"), |url| url.trim_end_matches('/').to_owned()),
            database: self.database.unwrap_or_else(|| sqlite_in(&data)),
            data,
            insecure_http: self.insecure_http.unwrap_or(false),
            session_idle: SignedDuration::from_mins(i64::from(self.session_idle_minutes.unwrap_or(30))),
            session_length: SignedDuration::from_hours(i64::from(self.session_hours.unwrap_or(12))),
        }
    }
}

/// The address of the SQLite store in a data folder.
#[must_use]
pub fn sqlite_in(data: &Path) -> String {
    format!("sqlite://{}", data.join("lianjie.db").display())
}

impl Config {
    /// Folder of the search index.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.data.join("index")
    }

    /// File of the store's key.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.data.join("key")
    }

    /// Whether the session cookie goes over plain HTTP outside loopback.
    #[must_use]
    pub fn is_insecure(&self) -> bool {
        self.insecure_http && !self.listen.ip().is_loopback()
    }

    /// Refuses to listen to the network without TLS, unless that was asked for.
    pub fn check(&self) -> Result<()> {
        if self.listen.ip().is_loopback() || self.insecure_http {
            return Ok(());
        }
        Err(Error::Store(format!(
            "{} is not a loopback address and lianjie speaks plain HTTP; put a TLS proxy in front of 127.0.0.1, or set insecure_http = true on a closed network",
            self.listen
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_by_name_and_line() {
        let refused = Settings::parse("listen = \"127.0.0.1:8080\"\nlisten_prot = 1\n").unwrap_err().to_string();
        assert!(refused.contains("listen_prot") && refused.contains("line 2"), "{refused}");
    }

    #[test]
    fn the_network_is_refused_without_tls() {
        let open = Settings { listen: Some(SocketAddr::from(([0, 0, 0, 0], 80))), ..Settings::default() };
        assert!(open.settle().check().is_err());
    }
}
