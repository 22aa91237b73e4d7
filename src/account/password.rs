//! Passwords: Argon2id, one at a time, so that a storm of log-ins does not stop the directory.

use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::RngExt;

use crate::app::App;
use crate::error::{Error, Result};
use crate::secret::Hidden;

/// Memory in KiB, passes, lanes: the least that OWASP names for Argon2id.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// How long a log-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);

fn argon() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).expect("the cost is within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password into a PHC string.
pub async fn hash(app: &App, password: &Hidden) -> Result<String> {
    let password = password.clone();
    in_turn(app, move || {
        let hash = argon().hash_password(password.reveal().as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|error| Error::Store(format!("the password could not be hashed: {error}")))
    })
    .await?
}

/// Whether the password is the one of the hash. Without a hash it works as long and says no.
pub async fn verify(app: &App, password: &Hidden, hash: Option<String>) -> Result<bool> {
    let password = password.clone();
    in_turn(app, move || match hash {
        Some(hash) => PasswordHash::new(&hash).is_ok_and(|hash| argon().verify_password(password.reveal().as_bytes(), &hash).is_ok()),
        None => argon().hash_password(password.reveal().as_bytes()).is_err(),
    })
    .await
}

async fn in_turn<T: Send + 'static>(app: &App, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let turn = tokio::time::timeout(PATIENCE, app.hashing.acquire()).await.map_err(|_| Error::Busy { seconds: 3 })?;
    let _turn = turn.map_err(|_| Error::Busy { seconds: 3 })?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Store(format!("hashing stopped: {error}")))
}

/// A random password of four groups of four letters and digits: 80 bits.
#[must_use]
pub fn random_password() -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut random = rand::rng();
    let mut group = || (0..4).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])).collect::<String>();
    [group(), group(), group(), group()].join("-")
}
