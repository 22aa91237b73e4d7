//! The vocabulary and the index follow what the installation's own words say, without a restart and in every process.

use std::sync::Arc;

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::store::Connection;

/// The kind of a change of the directory's outbox that is a word.
pub const EVERYDAY_WORD: &str = "everyday_word";

/// Reads the installation's own words again, if they are other ones than those that are understood.
pub async fn follow(app: &App) -> Result<()> {
    follow_in(app, &mut *app.store.read().await?).await
}

/// The same, for who reads the store already.
pub async fn follow_in(app: &App, db: &mut Connection) -> Result<()> {
    let _one_after_another = app.wording.lock().await;
    let own = store::own_words(db).await?;
    let known = app.vocabulary.get();
    if *known.own() == own {
        return Ok(());
    }
    let vocabulary = Arc::new(known.saying(own));
    app.index.set(app.index.get().reading(Arc::clone(&vocabulary)));
    app.vocabulary.set(vocabulary);
    Ok(())
}
