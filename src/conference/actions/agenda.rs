//! The agenda: it fills itself, the chair arranges it, workers propose, and what is said of a case is written.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::model::{Conference, Item, ItemState, TEXTS, Why};
use super::super::rules::rank;
use super::super::store;
use super::{load, load_item, unsigned};
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::case::actions::{load as load_case, still_open};
use crate::error::{Error, Faults, Result};
use crate::id::{AgendaItemId, CaseId, ConferenceId};
use crate::secret::{Hidden, Keyring, Words};
use crate::store::Tx;

/// Most cases of one meeting: more are not discussed.
const MOST: usize = 20;

/// Puts on the agenda what the rules say, the most pressing first; gives how many came. A case that is there already says from
/// then on what else has come to speak for it.
pub async fn fill(keyring: &Keyring, tx: &mut Tx, conference: &Conference, at: Timestamp) -> Result<usize> {
    let there = store::items(tx, &conference.id).await?;
    let mut found: Vec<(CaseId, Vec<Why>)> = store::agenda(tx, conference, at).await?.into_iter().collect();
    for item in there.iter().filter(|item| item.state == ItemState::Planned) {
        let Some((_, now)) = found.iter().find(|(case, _)| *case == item.case) else { continue };
        let mut why: Vec<Why> = item.why.iter().chain(now).copied().collect();
        why.sort_by_key(|why| rank(*why));
        why.dedup();
        if why != item.why {
            store::update_item(tx, &mut Item { why, ..item.clone() }, None).await?;
        }
    }
    found.retain(|(case, _)| there.iter().all(|item| item.case != *case));
    found.sort_by_key(|(case, whys)| (whys.iter().map(|why| rank(*why)).min(), std::cmp::Reverse(whys.len()), case.clone()));
    found.truncate(MOST.saturating_sub(there.len()));
    let count = found.len();
    for (offset, (case, why)) in (1..).zip(found) {
        put(keyring, tx, conference, &case, why, u32::try_from(there.len()).unwrap_or(0) + offset, at).await?;
    }
    Ok(count)
}

/// Puts a case on the agenda; what its worker asked is the question.
async fn put(
    keyring: &Keyring,
    tx: &mut Tx,
    conference: &Conference,
    id: &CaseId,
    why: Vec<Why>,
    position: u32,
    at: Timestamp,
) -> Result<()> {
    let case = case::store::find(tx, id).await?.ok_or_else(|| Error::missing("case", id))?;
    let key = case::store::child_key(tx, keyring, &case.child).await?;
    let words = store::proposal_words(tx, id, (&key, &case.child)).await?;
    let item = Item {
        id: AgendaItemId::new(at),
        conference: conference.id.clone(),
        case: id.clone(),
        position,
        why,
        state: ItemState::Planned,
        next_review: None,
        version: 1,
    };
    store::insert_item(tx, &item, (&key, &case.child), &words).await?;
    store::take_proposal(tx, id, &item.id, at).await
}

/// How the agenda is arranged.
#[derive(Debug, Clone)]
pub enum Arrange {
    /// What the rules say since the last time.
    Fill,
    /// A case by its number.
    Add(String),
    /// An item less.
    Remove(AgendaItemId),
    /// An item one place further up.
    Up(AgendaItemId),
}

/// Arranges the agenda.
pub async fn arrange(app: &App, actor: &Actor, id: &ConferenceId, how: &Arrange) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let conference = load(&mut tx, actor, Action::RunMeeting, id).await?;
    unsigned(&conference)?;
    match how {
        Arrange::Fill => {
            fill(&app.keyring, &mut tx, &conference, at).await?;
        }
        Arrange::Add(number) => {
            let case = store::case_of_number(&mut tx, number).await?.ok_or_else(|| Error::invalid("number", "no_case"))?;
            let case = case::store::find(&mut tx, &case).await?.ok_or_else(|| Error::invalid("number", "no_case"))?;
            // Whose case is not the actor's is not found.
            decide(actor, Action::ReadCase, &case).allowed().map_err(|_| Error::invalid("number", "no_case"))?;
            still_open(&case)?;
            let there = store::items(&mut tx, id).await?;
            let position = u32::try_from(there.len()).unwrap_or(0) + 1;
            put(&app.keyring, &mut tx, &conference, &case.id, vec![Why::Chair], position, at).await?;
        }
        Arrange::Remove(item) => {
            let (_, item, _) = load_item(&mut tx, actor, Action::RunMeeting, id, item).await?;
            store::give_back_proposal(&mut tx, &item.id).await?;
            store::remove_item(&mut tx, &item.id).await?;
        }
        Arrange::Up(item) => {
            let mut items = store::items(&mut tx, id).await?;
            if let Some(index) = items.iter().position(|there| there.id == *item).filter(|index| *index > 0) {
                items.swap(index, index - 1);
                for (position, item) in (1..).zip(items.iter_mut()) {
                    item.position = position;
                    store::update_item(&mut tx, item, None).await?;
                }
            }
        }
    }
    audit::record(&mut tx, actor, Event::new("conference.arranged", "conference", id), at).await?;
    tx.commit(at).await
}

/// A worker asks the next meeting to take a case up.
pub async fn propose(app: &App, actor: &Actor, id: &CaseId, question: &Hidden) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = load_case(&mut tx, actor, Action::WriteCase, id).await?;
    still_open(&case)?;
    let mut faults = Faults::new();
    faults.require(!question.is_empty(), "question", "required");
    faults.require(question.reveal().chars().count() <= 120, "question", "too_long");
    faults.settle()?;
    let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let words = Words::of([("question", question.clone())]);
    let sealing = (&key, &case.child);
    store::insert_proposal(&mut tx, id, sealing, &words, &actor.id, at).await?;
    // A meeting that has the case on its agenda already takes the question up.
    if let Some(mut item) = store::coming_item(&mut tx, id).await? {
        let words = store::item_words(&mut tx, &item.id, sealing).await?;
        let asked = match words.get("question") {
            "" => question.reveal().to_owned(),
            before => format!("{before}；{}", question.reveal()),
        };
        let words = words.with("question", Hidden::new(asked));
        if !item.why.contains(&Why::Proposed) {
            item.why.push(Why::Proposed);
        }
        store::update_item(&mut tx, &mut item, Some((sealing, &words))).await?;
        store::take_proposal(&mut tx, id, &item.id, at).await?;
    }
    audit::record(&mut tx, actor, Event::new("case.proposed", "case", id).fields(["agenda"]), at).await?;
    tx.commit(at).await
}

/// What is written of an item; what is absent stays as it was.
#[derive(Debug, Clone)]
pub struct Written {
    /// The texts, by the names of [`TEXTS`]; an empty one is taken out.
    pub words: Vec<(&'static str, Hidden)>,
    /// When it is reviewed: a day, or none set.
    pub next_review: Option<Option<Date>>,
    /// Version of the item that was read.
    pub version: Option<i64>,
}

/// Writes the snapshot, the question, what is done if it does not work, the next review.
pub async fn write(app: &App, actor: &Actor, id: &ConferenceId, item: &AgendaItemId, written: &Written) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (conference, mut item, case) = load_item(&mut tx, actor, Action::RunMeeting, id, item).await?;
    unsigned(&conference)?;
    if written.version.is_some_and(|read| read != item.version) {
        return Err(Error::Conflict { why: "changed" });
    }
    let mut faults = Faults::new();
    for (name, text) in &written.words {
        let most = TEXTS.iter().find(|(known, _)| known == name).map_or(0, |(_, most)| *most);
        faults.require(text.reveal().chars().count() <= most, name, "too_long_here");
    }
    if let Some(Some(day)) = written.next_review {
        faults.require(day > app.today(), "next_review", "not_past");
        faults.require(day <= super::call::review_by(app, &mut tx, &case).await?, "next_review", "review_late");
    }
    faults.settle()?;
    item.next_review = written.next_review.unwrap_or(item.next_review);
    let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let sealing = (&key, &case.child);
    let mut words = store::item_words(&mut tx, &item.id, sealing).await?;
    for (name, text) in &written.words {
        words = words.with(name, text.clone());
    }
    store::update_item(&mut tx, &mut item, Some((sealing, &words))).await?;
    audit::record(&mut tx, actor, Event::new("conference.written", "conference", id).fields(["sheet"]), at).await?;
    tx.commit(at).await
}
