//! The fact store: SQLite or PostgreSQL behind one SQL text.
//!
//! This kit opens, migrates and locks a store, begins transactions, reads rows and keeps the outbox.
//! It knows no table of the field; those belong to the folders' `store.rs`.
//!
//! - [`Store`] has one writing connection on SQLite (readers beside it) and a pool on PostgreSQL.
//! - [`Tx`] is a writing transaction that also carries what the outbox is to be told.
//! - [`Row`] reads columns and names table, column and row when one does not read.

mod engine;
mod idempotency;
mod lease;
mod lock;
mod mark;
mod migrate;
mod open;
mod outbox;
mod packed;
mod part;
mod quarantine;
mod row;
mod together;
mod tx;

pub use engine::Engine;
pub use idempotency::{Answered, Key, answered, forget_before, remember};
pub use lease::claim;
pub use mark::{mark, set_mark};
pub use migrate::{Schema, schema};
pub use open::{Access, Store, remove_unfinished};
pub use outbox::{Change, DIRECTORY, changes_after, last_number, referrals};
pub use packed::Packed;
pub use part::Part;
pub use quarantine::keep_aside;
pub use row::{Row, flag, json};
pub use together::by_ids;
pub(crate) use together::some_ids;
pub use tx::Tx;

/// A connection of either engine; what `store.rs` functions take.
pub type Connection = sqlx::AnyConnection;
