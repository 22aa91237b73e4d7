//! The pack goes to those invited two working days before a meeting; who leads is reminded where it was not sent.

use jiff::Timestamp;

use super::super::model::Conference;
use super::super::store;
use crate::account::notice::{Notice, leave};
use crate::app::App;
use crate::calendar::model::Length;
use crate::error::Result;

/// How long before a meeting its pack is sent: holidays do not count, worked weekends do.
const AHEAD: Length = Length::WorkingDays(2);

/// The instant up to which meetings are so near that their pack should be out.
fn horizon(app: &App) -> Timestamp {
    app.calendar.get().after(app.now(), AHEAD)
}

/// Whether the pack of a meeting should be out and is not.
pub(super) fn is_due(app: &App, conference: &Conference) -> bool {
    conference.lacks_pack(horizon(app))
}

/// Tells who leads a planned meeting, once, that its pack should be out.
pub async fn remind_of_packs(app: &App) -> Result<()> {
    let at = app.now();
    let near = store::planned(&mut *app.store.read().await?, at, horizon(app)).await?;
    if near.is_empty() {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    for conference in near {
        let facts = serde_json::json!({ "tier": 2, "number": conference.number, "link": format!("/conferences/{}", conference.id) });
        leave(&mut tx, Notice::Account(&conference.chair), "meeting_pack_due", &format!("{}:pack_due", conference.id), &facts, at).await?;
    }
    tx.commit(at).await
}
