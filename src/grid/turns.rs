//! One file at a time for an account: reading one takes a core and memory.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result};

/// Whose file is being read.
#[derive(Debug, Clone, Default)]
pub struct Turns(Arc<Mutex<BTreeSet<String>>>);

/// A turn; it ends when it is let go.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    who: String,
}

impl Turns {
    /// A turn, unless who asks has one.
    ///
    /// # Errors
    /// A file of theirs is still being read.
    pub fn take(&self, who: &str) -> Result<Turn> {
        let new = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(who.to_owned());
        if new { Ok(Turn { turns: self.clone(), who: who.to_owned() }) } else { Err(Error::Conflict { why: "importing" }) }
    }

    /// Reads apart from the requests, in a turn that lasts until the reading ends, even if nobody waits for it any more.
    ///
    /// # Errors
    /// What the work says; a file on which it breaks is no table.
    pub async fn read<T: Send + 'static>(&self, who: &str, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let turn = self.take(who)?;
        let in_turn = move || {
            let done = work();
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(in_turn).await.map_err(|_| super::unreadable())?
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.who);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_account_reads_one_file_at_a_time_and_one_that_breaks_ends_its_turn() {
        let turns = Turns::default();
        let first = turns.take("a").unwrap();
        assert!(turns.take("b").is_ok(), "another account has a turn of its own");
        let again = turns.read("a", || Ok(1)).await;
        assert!(matches!(again, Err(Error::Conflict { why: "importing" })));
        drop(first);
        assert_eq!(turns.read("a", || Ok(2)).await.unwrap(), 2);
        assert!(turns.read("a", || -> Result<u8> { panic!("a file that breaks its reader") }).await.is_err());
        assert_eq!(turns.read("a", || Ok(3)).await.unwrap(), 3);
    }
}
