//! Recording, looking through and verifying the log.

use jiff::Timestamp;

use super::model::{Event, Recorded, Verdict};
use super::store;
use crate::access::Actor;
use crate::clock;
use crate::error::Result;
use crate::id::AuditEventId;
use crate::secret;
use crate::store::Connection;

/// Records an event in the transaction of the deed it tells of.
pub async fn record(db: &mut Connection, actor: &Actor, event: Event, at: Timestamp) -> Result<()> {
    let recorded = Recorded {
        id: AuditEventId::new(at).to_string(),
        at: clock::stored(at),
        actor: actor.reference(),
        role: actor.role().into(),
        action: event.action.into(),
        object_type: event.object_type.into(),
        object_ref: event.object_ref,
        fields: crate::store::json(&event.fields),
        purpose: event.purpose,
        outcome: event.outcome.into(),
    };
    store::insert(db, &recorded).await
}

/// Who did or saw what of one thing, newest first; the caller has asked `decide`.
pub async fn who_saw(db: &mut Connection, object_type: &str, object_ref: &str) -> Result<Vec<Recorded>> {
    store::of(db, object_type, object_ref, 200).await
}

/// Reads the whole log, compares every event with its digest, and the beginning with a root printed earlier
/// (number of events, root). Needs no secret.
pub async fn verify(db: &mut Connection, since: Option<(u64, &str)>) -> Result<Verdict> {
    const PAGE: i64 = 2_000;
    let mut verdict = Verdict { events: 0, changed: Vec::new(), begins_alike: since.map(|_| false), root: secret::digest(b"") };
    let mut last = String::new();
    loop {
        let page = store::after(db, &last, PAGE).await?;
        let Some((newest, _)) = page.last() else { return Ok(verdict) };
        last.clone_from(&newest.id);
        for (event, stored) in &page {
            verdict.events += 1;
            let digest = event.digest();
            if digest != *stored && verdict.changed.len() < 20 {
                verdict.changed.push(event.id.clone());
            }
            verdict.root = secret::digest(format!("{}{digest}", verdict.root).as_bytes());
            if since.is_some_and(|(events, root)| events == verdict.events && root == verdict.root) {
                verdict.begins_alike = Some(true);
            }
        }
    }
}
