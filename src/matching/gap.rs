//! A need that nobody could meet, proposed again when somebody may.
//!
//! Whoever has the case hears of it once for each time the gap was declared; opening the need again is theirs.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lianjie_index::TermCode;

use super::actions::{Ground, answer_with};
use super::model::{Source, request};
use super::store::{self, Gap};
use crate::account::notice::{self, Notice};
use crate::app::App;
use crate::case::store as cases;
use crate::error::Result;
use crate::locale::Locale;
use crate::store::Connection;

/// How far back services are looked at that have changed, in the first round of a process: longer than a server may stand still over
/// a holiday.
const BACK: SignedDuration = SignedDuration::from_hours(24 * 14);
/// How far back before the last round, in the others: what was written while it ran, or was not in the index yet, is seen again.
const OVERLAP: SignedDuration = SignedDuration::from_hours(1);
/// Gaps read at once.
const BATCH: i64 = 500;

/// Looks whether a service that is new, or has changed, may meet a need that was declared a gap before.
pub async fn look_again(app: &App) -> Result<()> {
    let at = app.now();
    let mut looked = app.gaps_looked_at.lock().await;
    let mut db = app.store.read().await?;
    let mut newest: BTreeMap<TermCode, Timestamp> = BTreeMap::new();
    for (terms, changed) in store::changed(&mut db, looked.map_or(at - BACK, |last| last - OVERLAP)).await? {
        for term in terms {
            let known = newest.entry(term).or_insert(changed);
            *known = changed.max(*known);
        }
    }
    let ground = Ground::of(app);
    let mut found = Vec::new();
    let mut last = String::new();
    while !newest.is_empty() {
        let gaps = store::gaps(&mut db, &last, BATCH).await?;
        let Some(end) = gaps.last() else { break };
        last = end.need.to_string();
        for gap in gaps {
            let since = newest.iter().filter(|(term, _)| gap.term.covers(term) || term.covers(&gap.term)).map(|(_, at)| *at).max();
            if since.is_some_and(|changed| changed > gap.since)
                && let Some(number) = fits(app, &mut db, &ground, &gap).await?
            {
                found.push((gap, number));
            }
        }
    }
    drop(db);
    tell(app, found, at).await?;
    *looked = Some(at);
    Ok(())
}

/// Tells whoever has the cases.
async fn tell(app: &App, found: Vec<(Gap, String)>, at: Timestamp) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    for (gap, number) in found {
        let facts = serde_json::json!({ "number": number, "tier": 3, "link": format!("/needs/{}", gap.need) });
        let key = format!("gap:{}:{}", gap.need, gap.version);
        notice::leave(&mut tx, Notice::Account(&gap.worker), "gap_may_close", &key, &facts, at).await?;
    }
    tx.commit(at).await
}

/// The number of the case, where a service may be used for the need as far as open facts say.
async fn fits(app: &App, db: &mut Connection, ground: &Ground, gap: &Gap) -> Result<Option<String>> {
    let Some(need) = cases::need(db, &gap.need).await? else { return Ok(None) };
    let Some(case) = cases::find(db, &need.case).await? else { return Ok(None) };
    let Some(child) = cases::child(db, &case.child).await? else { return Ok(None) };
    let reported = !cases::report_duties(db, &case.id).await?.is_empty();
    let needs = [need];
    let source = Source { case: &case, child: &child, needs: &needs, reported, diagnoses: None, point: None };
    // A child whose age nobody knows is not matched without a person.
    let Ok(request) = request(&source, app.today()) else { return Ok(None) };
    let answer = answer_with(app, ground, &request, Locale::Zh)?;
    let any = answer.proposals.iter().any(|proposal| !proposal.services.is_empty());
    Ok(any.then_some(case.number))
}
