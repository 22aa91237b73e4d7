//! The words as a list: those of the installation, those of the lists, the signs of danger, what was withdrawn.

use std::collections::BTreeMap;

use lianjie_index::text::fold;
use lianjie_index::{TermCode, Vocabulary};

use super::actions::may_read;
use super::model::EverydayWord;
use super::store;
use crate::access::Actor;
use crate::app::App;
use crate::error::Result;

/// Words of one page.
pub const PAGE: usize = 50;

/// Which words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The installation's own, in use.
    #[default]
    Own,
    /// Those of the taxonomy and those compiled in.
    Lists,
    /// Signs of danger, of the table and of the installation.
    Danger,
    /// The installation's own that were taken out of use.
    Withdrawn,
}

impl Which {
    /// All, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Own, Self::Lists, Self::Danger, Self::Withdrawn];

    /// Its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Lists => "lists",
            Self::Danger => "danger",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A word of a list.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// What is said.
    pub phrase: String,
    /// What it means.
    pub terms: Vec<TermCode>,
    /// Those of them that are no longer in the taxonomy.
    pub retired: Vec<TermCode>,
    /// Code of the sign of danger it is.
    pub sign: String,
    /// Whether it is the name of a term.
    pub name: bool,
    /// The installation's word; of a phrase of the lists the one that says otherwise.
    pub own: Option<EverydayWord>,
}

/// Words that were asked for.
pub struct Lines {
    /// A page of them.
    pub lines: Vec<Line>,
    /// How many there are in all.
    pub total: usize,
}

/// The words of a kind that hold a text, or mean a term of that code or name; a page of them, counted from 1.
pub async fn list(app: &App, actor: &Actor, which: Which, text: &str, page: usize) -> Result<Lines> {
    may_read(actor)?;
    let vocabulary = app.vocabulary.get();
    let mut db = app.store.read().await?;
    let words = if which == Which::Withdrawn { store::withdrawn(&mut db).await? } else { store::used(&mut db).await? };
    drop(db);
    let lines: Vec<Line> = match which {
        Which::Own | Which::Withdrawn => words.into_iter().map(|word| own(word, &vocabulary)).collect(),
        Which::Lists => lists(words, &vocabulary),
        Which::Danger => danger(words, &vocabulary),
    };
    let sought = fold(text.trim());
    let lines: Vec<Line> = lines.into_iter().filter(|line| holds(line, &sought, &vocabulary)).collect();
    let total = lines.len();
    Ok(Lines { lines: lines.into_iter().skip((page.max(1) - 1).saturating_mul(PAGE)).take(PAGE).collect(), total })
}

fn own(word: EverydayWord, vocabulary: &Vocabulary) -> Line {
    let draft = &word.draft;
    Line {
        phrase: draft.phrase.clone(),
        terms: draft.terms.clone(),
        retired: draft.retired(vocabulary),
        sign: draft.sign.clone(),
        name: false,
        own: Some(word),
    }
}

fn lists(words: Vec<EverydayWord>, vocabulary: &Vocabulary) -> Vec<Line> {
    let meanings = words.into_iter().filter(|word| word.draft.sign.is_empty());
    let mut otherwise: BTreeMap<String, EverydayWord> = meanings.map(|word| (word.draft.folded(), word)).collect();
    let compiled = vocabulary.compiled().into_iter();
    let line = compiled.map(|(folded, known)| Line {
        phrase: known.phrase,
        terms: known.terms,
        name: known.name,
        own: otherwise.remove(&folded),
        ..Line::default()
    });
    line.collect()
}

fn danger(words: Vec<EverydayWord>, vocabulary: &Vocabulary) -> Vec<Line> {
    let mut signs: BTreeMap<(String, String), EverydayWord> = words
        .into_iter()
        .filter(|word| !word.draft.sign.is_empty())
        .map(|word| ((word.draft.sign.clone(), word.draft.folded()), word))
        .collect();
    let mut lines = Vec::new();
    for sign in vocabulary.signs().listed() {
        for word in sign.words {
            lines.push(Line {
                phrase: word.clone(),
                sign: sign.code.to_owned(),
                own: signs.remove(&(sign.code.to_owned(), word.clone())),
                ..Line::default()
            });
        }
    }
    lines
}

fn holds(line: &Line, sought: &str, vocabulary: &Vocabulary) -> bool {
    let named = |code: &TermCode| {
        let name = vocabulary.term(code).is_some_and(|term| fold(&term.zh).contains(sought) || fold(&term.en).contains(sought));
        name || code.as_str().to_lowercase() == sought
    };
    sought.is_empty() || fold(&line.phrase).contains(sought) || line.terms.iter().any(named) || line.sign == sought
}
