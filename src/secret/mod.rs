//! Secrets: the identity of children as ciphertext, and texts that must not be printed.
//!
//! - [`Hidden`] is a text whose `Debug` shows `***`.
//! - [`Words`] are several such texts sealed together.
//! - [`Keyring`] holds the store's key (outside the database), wraps a key per child, seals and opens cells,
//!   and makes the blind index of identity numbers.
//!
//! It protects a stolen disk, backup or database; not against who controls the running process.

mod cell;
mod hidden;
mod keyring;
mod words;

pub use cell::{ChildKey, Place};
pub use hidden::Hidden;
pub use keyring::{Keyring, digest, mac};
pub use words::Words;

/// Why a secret could not be used. Never says what it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The key file is missing, unreadable or not 32 bytes.
    #[error("the key file {path} {why}; put the right file back: without it no identity can be read")]
    KeyFile {
        /// Where it was looked for.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// A cell was changed, moved, or sealed under another key.
    #[error("an encrypted cell of {0} does not open: it was changed, moved, or belongs to another key")]
    Cell(&'static str),
}
