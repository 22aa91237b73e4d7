//! Who leads a meeting is reminded: of the pack two working days before it, of a meeting whose hour has passed, and of minutes
//! that nobody signed within three working days.

use jiff::{SignedDuration, Timestamp};

use super::super::model::{Conference, State};
use super::super::store;
use crate::account::notice::{Notice, leave};
use crate::app::App;
use crate::calendar::model::Length;
use crate::error::Result;
use crate::store::Tx;

/// How long before a meeting its pack is sent: holidays do not count, worked weekends do.
const AHEAD: Length = Length::WorkingDays(2);
/// Within how long the minutes are signed.
const MINUTES: Length = Length::WorkingDays(3);
/// How long after its hour a meeting may still begin without anybody being asked.
const LATE: SignedDuration = SignedDuration::from_hours(12);

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
        remind(&mut tx, &conference, ("meeting_pack_due", "pack_due"), at).await?;
    }
    tx.commit(at).await
}

/// Tells who leads, once, that a meeting was neither held nor called off, or that its minutes are not signed.
pub async fn remind_of_ends(app: &App) -> Result<()> {
    let at = app.now();
    let mut open = store::left_open(&mut *app.store.read().await?, at - LATE).await?;
    let calendar = app.calendar.get();
    open.retain(|conference| conference.state != State::InSession || calendar.after(conference.starts_at, MINUTES) <= at);
    if open.is_empty() {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    for conference in open {
        let what = if conference.state == State::InSession { ("meeting_unsigned", "unsigned") } else { ("meeting_lapsed", "lapsed") };
        remind(&mut tx, &conference, what, at).await?;
    }
    tx.commit(at).await
}

/// Leaves a notice to who leads; one of a time that was moved comes anew.
async fn remind(tx: &mut Tx, conference: &Conference, (template, key): (&str, &str), at: Timestamp) -> Result<()> {
    let facts = serde_json::json!({ "tier": 2, "number": conference.number, "link": format!("/conferences/{}", conference.id) });
    let key = format!("{}:{key}:{}", conference.id, conference.starts_at);
    leave(tx, Notice::Account(&conference.chair), template, &key, &facts, at).await
}
