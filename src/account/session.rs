//! Sessions: a random token in a cookie, of which only the SHA-256 is stored.

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rand::Rng;

use crate::app::App;
use crate::clock;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::id::AccountId;
use crate::secret;
use crate::store::{Connection, Row};

/// A session's token: 256 random bits, known to the browser alone.
#[derive(Clone)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(***)")
    }
}

impl Token {
    /// A fresh one.
    #[must_use]
    pub fn new() -> Self {
        let mut bytes = [0u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// One that came in a cookie.
    #[must_use]
    pub fn from_cookie(value: &str) -> Self {
        Self(value.into())
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> String {
        secret::digest(self.0.as_bytes())
    }

    /// The header that gives it to the browser.
    pub fn cookie(&self, config: &Config) -> Result<HeaderValue> {
        let seconds = config.session_length.as_secs();
        HeaderValue::from_str(&format!("{}={}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax", cookie_name(config), self.0))
            .map_err(|_| Error::Store("the session cookie could not be written".into()))
    }

    /// The header that takes it away.
    pub fn no_cookie(config: &Config) -> Result<HeaderValue> {
        HeaderValue::from_str(&format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax", cookie_name(config)))
            .map_err(|_| Error::Store("the session cookie could not be written".into()))
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}

/// The cookie's name. Browsers refuse `Secure` over plain HTTP, loopback included in some; a TLS proxy in front
/// adds it (docs/OPERATIONS.md).
#[must_use]
pub const fn cookie_name(_: &Config) -> &'static str {
    "lianjie_session"
}

/// A session that holds.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose.
    pub account: AccountId,
    /// The token of its forms.
    pub form_token: String,
    /// Hash of its token.
    pub token_hash: String,
    /// Last request.
    pub last_seen_at: Timestamp,
}

/// Writes a new session.
pub async fn insert(db: &mut Connection, app: &App, account: &AccountId, token: &Token, user_agent: &str) -> Result<()> {
    let now = app.now();
    sqlx::query(
        "INSERT INTO session (token_hash, account_id, form_token, created_at, last_seen_at, ends_at, user_agent)
         VALUES ($1, $2, $3, $4, $4, $5, $6)",
    )
    .bind(token.hash())
    .bind(account.as_str())
    .bind(Token::new().0)
    .bind(clock::stored(now))
    .bind(clock::stored(now + app.config.session_length))
    .bind(user_agent.chars().take(120).collect::<String>())
    .execute(db)
    .await?;
    Ok(())
}

/// The session of a token hash, if it holds now.
pub async fn find(db: &mut Connection, app: &App, token_hash: &str) -> Result<Option<Session>> {
    let now = app.now();
    let row = sqlx::query(
        "SELECT token_hash, account_id, form_token, last_seen_at FROM session
         WHERE token_hash = $1 AND ended_at IS NULL AND ends_at > $2 AND last_seen_at > $3",
    )
    .bind(token_hash)
    .bind(clock::stored(now))
    .bind(clock::stored(now - app.config.session_idle))
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let row = Row::of("session", &row);
        Ok(Session {
            account: row.parse("account_id")?,
            form_token: row.text("form_token")?,
            token_hash: row.text("token_hash")?,
            last_seen_at: row.parse("last_seen_at")?,
        })
    })
    .transpose()
}

/// Notes that the person is still there.
pub async fn touch(db: &mut Connection, token_hash: &str, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE session SET last_seen_at = $2 WHERE token_hash = $1").bind(token_hash).bind(clock::stored(now)).execute(db).await?;
    Ok(())
}

/// Ends one session.
pub async fn end(db: &mut Connection, token_hash: &str, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL")
        .bind(token_hash)
        .bind(clock::stored(now))
        .execute(db)
        .await?;
    Ok(())
}

/// Ends every session of an account, everywhere.
pub async fn end_all(db: &mut Connection, account: &AccountId, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE session SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL")
        .bind(account.as_str())
        .bind(clock::stored(now))
        .execute(db)
        .await?;
    Ok(())
}
