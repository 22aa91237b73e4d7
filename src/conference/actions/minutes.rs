//! The minutes as they were signed.

use jiff::Timestamp;

use super::super::model::Conference;
use super::super::sheet::Sheet;
use super::super::store;
use super::is_addressed;
use super::sheet::own_bodies;
use crate::access::{Action, Actor, decide};
use crate::account;
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::error::{Error, Result};
use crate::id::{AgendaItemId, ConferenceId};

/// What was appended: number, text, by whom, when.
pub type Appended = (u32, String, String, Timestamp);

/// The minutes as they were signed, item by item, with what was appended since.
pub struct Minutes {
    /// The meeting.
    pub conference: Conference,
    /// Name of who signed.
    pub signed_by: String,
    /// The frozen sheets, with amendments: number, text, by whom, when.
    pub sheets: Vec<(AgendaItemId, Sheet, Vec<Appended>)>,
    /// Which copy this is, from 1: each reading is one, and the log knows whose.
    pub copy: i64,
    /// Whether the reader may append.
    pub runs: bool,
}

/// The minutes. Who leads reads them whole; a body that gets them, what concerns it.
pub async fn frozen(app: &App, actor: &Actor, id: &ConferenceId) -> Result<Minutes> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let conference = super::load(&mut tx, actor, Action::ReadMeeting, id).await?;
    if conference.signed_at.is_none() {
        return Err(Error::Conflict { why: "minutes_unsigned" });
    }
    let runs = decide(actor, Action::RunMeeting, &conference).is_allowed();
    let own = own_bodies(&mut tx, actor).await?;
    let gets = is_addressed(&mut tx, actor, &conference).await?;
    let copy = store::next_copy(&mut tx, id).await?;
    let mut sheets = Vec::new();
    for item in store::items(&mut tx, id).await? {
        let case = case::store::find(&mut tx, &item.case).await?.ok_or_else(|| Error::missing("case", &item.case))?;
        let worker = case.worker == actor.id;
        if !runs && !worker && !gets {
            continue;
        }
        let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
        let Some(text) = store::minutes(&mut tx, &item.id, (&key, &case.child)).await? else { continue };
        let sheet: Sheet = serde_json::from_str(text.reveal()).map_err(|_| Error::Row {
            table: "agenda_item",
            column: "minutes",
            row: item.id.to_string(),
        })?;
        let whole = runs || worker;
        let mut appended = Vec::new();
        for (number, words, by, when) in store::amendments(&mut tx, &item.id, (&key, &case.child)).await? {
            let name = account::store::find(&mut tx, &by).await?.map(|account| account.name).unwrap_or_default();
            if whole {
                appended.push((number, words.get("text").to_owned(), name, when));
            }
        }
        audit::record(
            &mut tx,
            actor,
            Event::new("conference.minutes_viewed", "case", &case.id).fields(["minutes".to_owned(), format!("copy={copy}")]),
            at,
        )
        .await?;
        sheets.push((item.id, if whole { sheet } else { sheet.pack(&own) }, appended));
    }
    if sheets.is_empty() && !runs && !gets {
        return Err(Error::Forbidden { why: "minutes_not_addressed" });
    }
    let signed_by = match &conference.signed_by {
        Some(by) => account::store::find(&mut tx, by).await?.map(|account| account.name).unwrap_or_default(),
        None => String::new(),
    };
    tx.commit(at).await?;
    Ok(Minutes { conference, signed_by, sheets, copy, runs })
}
