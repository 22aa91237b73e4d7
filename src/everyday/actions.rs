//! Everyday words are read and edited by who keeps the reference data, tried before they are saved, and followed by every process.

use std::collections::BTreeSet;
use std::sync::Arc;

use lianjie_index::{SiteId, TermCode, Vocabulary};

use super::model::{Draft, EverydayWord, Typed, Warning, own};
use super::paste::{self, MOST_ROWS, Outcome, Row};
use super::store;
use crate::access::{Action, Actor, Facts, decide, may_anywhere};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Faults, Result};
use crate::id::EverydayWordId;
use crate::store::{Answered, Connection, Key, answered, remember};
use crate::{search, taxonomy};

/// The longest text that is tried.
const LONGEST_SAMPLE: usize = 200;

/// Who keeps reference data somewhere sees the words.
pub(super) fn may_read(actor: &Actor) -> Result<()> {
    if may_anywhere(actor, Action::EditReference) { Ok(()) } else { Err(Error::Forbidden { why: "role" }) }
}

/// Whether the actor edits the words: who keeps the reference data of every province that is here, for they count everywhere.
#[must_use]
pub fn edits(app: &App, actor: &Actor) -> bool {
    let divisions = app.divisions.get();
    let mut provinces = divisions.of_level("province").peekable();
    let facts = |division: &lianjie_index::DivisionCode| Facts {
        thing: "division",
        id: division.to_string(),
        division: Some(division.clone()),
        ..Facts::default()
    };
    provinces.peek().is_some() && provinces.all(|province| decide(actor, Action::EditReference, &facts(&province.code)).is_allowed())
}

/// Fails for who does not edit the words: before anything is read of what they sent.
pub fn may_edit(app: &App, actor: &Actor) -> Result<()> {
    if edits(app, actor) { Ok(()) } else { Err(Error::Forbidden { why: "role" }) }
}

/// A word that is in use, for who edits it.
async fn load(db: &mut Connection, id: &EverydayWordId) -> Result<EverydayWord> {
    let word = store::find(db, id).await?.filter(|word| word.withdrawn_at.is_none());
    let word = word.ok_or_else(|| Error::missing(EverydayWordId::KIND, id))?;
    if word.draft.sign.is_empty() { Ok(word) } else { Err(Error::Conflict { why: "everyday_sign_stays" }) }
}

/// A word in use.
pub async fn find(app: &App, actor: &Actor, id: &EverydayWordId) -> Result<EverydayWord> {
    may_read(actor)?;
    load(&mut *app.store.read().await?, id).await
}

/// How a text is understood, and what it finds.
#[derive(Debug, Clone)]
pub struct Understood {
    /// The needs read from it, surest first: the chips.
    pub needs: Vec<TermCode>,
    /// Codes of the signs of danger in it, of a child of whom nothing is known.
    pub signs: Vec<String>,
    /// How many services at locations it finds.
    pub total: usize,
    /// The first hundred of them.
    first: BTreeSet<SiteId>,
}

/// A word before it is saved.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The text that was tried.
    pub sample: String,
    /// How it is understood now.
    pub before: Understood,
    /// How it would be.
    pub after: Understood,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

impl Preview {
    /// How many of the first hundred results come, and how many go.
    #[must_use]
    pub fn turnover(&self) -> (usize, usize) {
        let (before, after) = (&self.before.first, &self.after.first);
        (after.difference(before).count(), before.difference(after).count())
    }
}

async fn understood(app: &App, actor: &Actor, sample: &str, vocabulary: Arc<Vocabulary>) -> Result<Understood> {
    let signs = vocabulary.danger(sample, None, None).into_iter().map(|sign| sign.code).collect();
    let hits = search::trial(app, actor, sample, vocabulary).await?;
    Ok(Understood {
        needs: hits.needs.into_iter().map(|need| need.term).collect(),
        signs,
        total: hits.total,
        first: hits.hits.into_iter().map(|hit| hit.entry.site.clone()).collect(),
    })
}

/// What a new word, or one changed, would do to a text; to the phrase itself where none is given. Nothing is saved or counted.
pub async fn preview(app: &App, actor: &Actor, id: Option<&EverydayWordId>, typed: &Typed, sample: &str) -> Result<Preview> {
    may_edit(app, actor)?;
    let known = app.vocabulary.get();
    let (used, before) = {
        let mut db = app.store.read().await?;
        let before = match id {
            Some(id) => Some(load(&mut db, id).await?),
            None => None,
        };
        (store::used(&mut db).await?, before)
    };
    let draft = typed.read(&known, before.as_ref().map(|word| &word.draft))?;
    let others: Vec<&Draft> = used.iter().filter(|word| Some(&word.id) != id).map(|word| &word.draft).collect();
    let twice = others.iter().any(|other| other.sign == draft.sign && other.folded() == draft.folded());
    let mut faults = Faults::new();
    faults.require(!twice, "phrase", "everyday_taken");
    faults.require(sample.chars().count() <= LONGEST_SAMPLE, "sample", "too_long");
    faults.settle()?;
    let sample = if sample.trim().is_empty() { draft.phrase.replace('…', "") } else { sample.trim().to_owned() };
    let would = Arc::new(known.saying(own(others.into_iter().chain([&draft]))));
    Ok(Preview {
        warnings: draft.warnings(&known),
        before: understood(app, actor, &sample, known).await?,
        after: understood(app, actor, &sample, would).await?,
        sample,
    })
}

fn new_word(actor: &Actor, draft: Draft, at: jiff::Timestamp) -> EverydayWord {
    EverydayWord {
        id: EverydayWordId::new(at),
        draft,
        version: 1,
        written_by: actor.id.clone(),
        writer: actor.name.clone(),
        written_at: at,
        withdrawn_at: None,
    }
}

/// Adds a word, takes a phrase of the lists out of use, or adds to a sign of danger. A key that came before gives the word it made.
pub async fn add(app: &App, actor: &Actor, typed: &Typed, key: Option<&Key>) -> Result<EverydayWordId> {
    may_edit(app, actor)?;
    let draft = typed.read(&app.vocabulary.get(), None)?;
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && let Some(before) = answered(&mut tx, key, &actor.reference()).await?
    {
        let id = before.location.trim_start_matches("/everyday-words/");
        return EverydayWordId::parse(id).map_err(|_| Error::Conflict { why: "repeated" });
    }
    let word = new_word(actor, draft, at);
    store::insert(&mut tx, &word).await?;
    let event = Event::new("everyday_word.added", EverydayWordId::KIND, &word.id).fields(word.draft.fields());
    audit::record(&mut tx, actor, event, at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/everyday-words/{}", word.id) };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await?;
    taxonomy::follow(app).await?;
    Ok(word.id)
}

/// Changes a word. What is a sign of danger stays as it is.
pub async fn change(app: &App, actor: &Actor, id: &EverydayWordId, typed: &Typed, version: i64) -> Result<()> {
    may_edit(app, actor)?;
    let at = app.now();
    let mut tx = app.begin().await?;
    let before = load(&mut tx, id).await?;
    let draft = Typed { sign: String::new(), ..typed.clone() }.read(&app.vocabulary.get(), Some(&before.draft))?;
    if draft == before.draft {
        return Ok(());
    }
    let event = Event::new("everyday_word.changed", EverydayWordId::KIND, id).fields(draft.fields());
    let word = EverydayWord { draft, version, written_by: actor.id.clone(), written_at: at, ..before };
    store::update(&mut tx, &word).await?;
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    taxonomy::follow(app).await
}

/// Takes a word out of use; what it took away of the lists counts again. A sign of danger stays.
pub async fn withdraw(app: &App, actor: &Actor, id: &EverydayWordId) -> Result<()> {
    may_edit(app, actor)?;
    let at = app.now();
    let mut tx = app.begin().await?;
    let word = EverydayWord { written_by: actor.id.clone(), ..load(&mut tx, id).await? };
    if !store::withdraw(&mut tx, &word, at).await? {
        return Err(Error::missing(EverydayWordId::KIND, id));
    }
    let event = Event::new("everyday_word.withdrawn", EverydayWordId::KIND, id).fields(word.draft.fields());
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    taxonomy::follow(app).await
}

/// What became of a paste.
pub struct Pasted {
    /// Every row.
    pub rows: Vec<Row>,
    /// Whether they were taken in: all of them, or none.
    pub taken: bool,
}

impl Pasted {
    /// The faults of the rows that cannot be taken, each under the number of its line.
    pub fn refused(&self) -> Result<()> {
        let mut faults = Faults::new();
        for row in &self.rows {
            if let Outcome::Refused(fault) = &row.outcome {
                let mut fault = fault.clone();
                fault.field = format!("line {}", row.line);
                faults.add(fault);
            }
        }
        faults.settle()
    }

    /// How many rows had this outcome.
    #[must_use]
    pub fn count(&self, outcome: &str) -> usize {
        self.rows.iter().filter(|row| row.outcome.name() == outcome).count()
    }
}

/// Looks through pasted rows, and takes them in if that is wanted and none is refused.
pub async fn paste(app: &App, actor: &Actor, text: &str, take: bool) -> Result<Pasted> {
    may_edit(app, actor)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    let mut faults = Faults::new();
    faults.require(lines > 0, "text", "required");
    faults.require(lines <= MOST_ROWS, "text", "everyday_rows_many");
    faults.settle()?;
    let vocabulary = app.vocabulary.get();
    if !take {
        let used = store::used(&mut *app.store.read().await?).await?;
        return Ok(Pasted { rows: paste::read(text, &vocabulary, &used).0, taken: false });
    }
    let at = app.now();
    let mut tx = app.begin().await?;
    let used = store::used(&mut tx).await?;
    let (rows, drafts) = paste::read(text, &vocabulary, &used);
    let pasted = Pasted { rows, taken: true };
    if pasted.count("refused") > 0 {
        return Ok(Pasted { taken: false, ..pasted });
    }
    for draft in drafts {
        let word = new_word(actor, draft, at);
        store::insert(&mut tx, &word).await?;
        let event = Event::new("everyday_word.added", EverydayWordId::KIND, &word.id).fields(word.draft.fields());
        audit::record(&mut tx, actor, event, at).await?;
    }
    tx.commit(at).await?;
    taxonomy::follow(app).await?;
    Ok(pasted)
}
