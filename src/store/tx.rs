//! A writing transaction that tells the outbox what changed, as its last statement.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::{Any, Transaction};
use tokio::sync::Notify;

use super::{Change, Connection, outbox};
use crate::error::Result;

/// A transaction. Dropped without [`Tx::commit`], it leaves nothing.
#[derive(Debug)]
pub struct Tx {
    inner: Transaction<'static, Any>,
    changes: Vec<Change>,
    tells: bool,
    written: Arc<Notify>,
}

impl Tx {
    pub(super) const fn new(inner: Transaction<'static, Any>, written: Arc<Notify>) -> Self {
        Self { inner, changes: Vec::new(), tells: true, written }
    }

    /// For bulk loads: nobody follows what changes here, and the index is rebuilt afterwards.
    #[must_use]
    pub fn without_outbox(mut self) -> Self {
        self.tells = false;
        self
    }

    /// Notes that a thing changed; followers of `stream` learn of it after the commit.
    pub fn changed(&mut self, stream: impl Into<String>, kind: &'static str, id: impl ToString) {
        if !self.tells {
            return;
        }
        let change = Change { stream: stream.into(), number: 0, kind: kind.into(), id: id.to_string() };
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// Makes it last. The counters are bumped here, at the very end and in the order of their streams:
    /// their lock is held over the commit, so that a follower sees numbers without gaps.
    pub async fn commit(mut self, at: Timestamp) -> Result<()> {
        let mut changes = std::mem::take(&mut self.changes);
        changes.sort_by(|a, b| a.stream.cmp(&b.stream));
        for batch in changes.chunk_by(|a, b| a.stream == b.stream) {
            outbox::append(&mut self.inner, batch, at).await?;
        }
        self.inner.commit().await?;
        self.written.notify_one();
        Ok(())
    }
}

impl Deref for Tx {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.inner
    }
}
