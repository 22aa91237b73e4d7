//! Counting a search that gave nothing, and forgetting what is old.

use jiff::ToSpan;

use super::super::actions::{Found, home};
use super::{Gap, store};
use crate::access::Actor;
use crate::app::App;
use crate::error::Result;
use crate::secret::Hidden;
use crate::store::json;

/// Counts a search of somebody signed in that gave nothing. A search answers whether it could be counted or not.
pub async fn note(app: &App, actor: &Actor, found: &Found) {
    // Who asks for an organization by its name misses no service.
    let named = !found.bodies.is_empty() && found.hits.needs.is_empty();
    if found.hits.total > 0 || named || !actor.is_signed_in() {
        return;
    }
    if let Err(error) = count(app, actor, found).await {
        tracing::warn!(error = %error, "a search without results was not counted");
    }
}

async fn count(app: &App, actor: &Actor, found: &Found) -> Result<()> {
    let home = home(&mut *app.store.read().await?, actor).await?;
    let near = found.asked.place.as_ref().and_then(|place| place.division(&app.divisions.get()));
    let Some(gap) = Gap::of(&found.asked, &found.hits, near.or(home).as_ref(), app.today()) else { return Ok(()) };
    // Whose search it was cannot be read from the mark without the store's key.
    let whole = (actor.id.to_string(), gap.day.to_string(), gap.division.as_str(), &gap.terms, &gap.filters);
    let mark = app.keyring.blind(&Hidden::new(format!("search_gap|{}", json(&whole))));
    let mut tx = app.begin().await?;
    if store::mark(&mut tx, &mark, gap.day).await? {
        store::add(&mut tx, &gap).await?;
    }
    tx.commit(app.now()).await
}

/// Forgets counts of over a year ago, and the marks of other days.
pub async fn forget(app: &App) -> Result<()> {
    let today = app.today();
    let mut tx = app.begin().await?;
    store::forget(&mut tx, today.saturating_sub(1.year()), today).await?;
    tx.commit(app.now()).await
}
