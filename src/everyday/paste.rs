//! Many words at once, pasted from a sheet: a phrase, a tab, the code of a term. Every row is accounted for.

use std::collections::BTreeMap;

use lianjie_index::Vocabulary;

use super::model::{Draft, EverydayWord, MOST_TERMS, Typed};
use crate::error::{Error, Fault};

/// Rows of one paste.
pub const MOST_ROWS: usize = 500;

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A new word.
    Added,
    /// One more term of a word in a row above.
    Joined,
    /// It is said already.
    Same,
    /// It cannot be taken.
    Refused(Fault),
}

impl Outcome {
    /// Its name for programs, and the end of its text's key.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Joined => "joined",
            Self::Same => "same",
            Self::Refused(_) => "refused",
        }
    }
}

/// A row that was pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line, from 1; empty lines are counted and are no rows.
    pub line: usize,
    /// As it was pasted.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// Reads rows against the words in use: each row with what becomes of it, and the words that are new.
#[must_use]
pub fn read(text: &str, vocabulary: &Vocabulary, used: &[EverydayWord]) -> (Vec<Row>, Vec<Draft>) {
    let used: BTreeMap<String, &Draft> =
        used.iter().map(|word| &word.draft).filter(|draft| draft.sign.is_empty()).map(|draft| (draft.folded(), draft)).collect();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let outcome = match draft(text, vocabulary) {
            Ok(draft) => lay(draft, &used, &mut drafts),
            Err(fault) => Outcome::Refused(fault),
        };
        rows.push(Row { line, text: text.trim().to_owned(), outcome });
    }
    (rows, drafts)
}

/// The word of a row by itself.
fn draft(text: &str, vocabulary: &Vocabulary) -> Result<Draft, Fault> {
    let (phrase, codes) = text.split_once('\t').ok_or_else(|| Fault::new("text", "everyday_row"))?;
    let codes = codes.split(['\t', '|', '、', ',', '，', ' ']).map(|code| code.trim().to_uppercase());
    let typed = Typed { phrase: phrase.to_owned(), terms: codes.collect(), ..Typed::default() };
    typed.read(vocabulary, None).map_err(|error| match error {
        Error::Invalid(faults) if !faults.is_empty() => faults.into_iter().next().unwrap_or_else(|| Fault::new("text", "everyday_row")),
        _ => Fault::new("text", "everyday_row"),
    })
}

/// Puts a word with those in use and those of the rows above.
fn lay(draft: Draft, used: &BTreeMap<String, &Draft>, drafts: &mut Vec<Draft>) -> Outcome {
    let folded = draft.folded();
    let says = |known: &Draft| draft.terms.iter().all(|term| known.terms.contains(term));
    if let Some(known) = used.get(&folded) {
        return if says(known) { Outcome::Same } else { Outcome::Refused(Fault::new("phrase", "everyday_taken")) };
    }
    match drafts.iter_mut().find(|known| known.folded() == folded) {
        None => {
            drafts.push(draft);
            Outcome::Added
        }
        Some(known) if says(known) => Outcome::Same,
        Some(known) => {
            let more: Vec<_> = draft.terms.iter().filter(|term| !known.terms.contains(term)).cloned().collect();
            if known.terms.len() + more.len() > MOST_TERMS {
                return Outcome::Refused(Fault::new("terms", "everyday_terms_many"));
            }
            known.terms.extend(more);
            Outcome::Joined
        }
    }
}

#[cfg(test)]
mod tests {
    use lianjie_index::vocabulary::Term;

    use super::*;

    fn vocabulary() -> Vocabulary {
        let term =
            |code: &str, zh: &str| Term { code: code.parse().unwrap(), zh: zh.into(), en: code.to_lowercase(), synonyms: Vec::new() };
        Vocabulary::new([term("EDU-06", "厌学拒学支持"), term("PSY-02", "心理疏导"), term("MED-04", "医疗救助")])
    }

    #[test]
    fn every_row_is_accounted_for() {
        let text = "娃娃厌校\tEDU-06\n\n娃娃厌校\tpsy-02\n娃娃厌校\tEDU-06\n没有制表符 EDU-06\n药费发愁\tMED-99\n药费发愁\tMED-04、PSY-02";
        let (rows, drafts) = read(text, &vocabulary(), &[]);
        let told: Vec<_> = rows.iter().map(|row| (row.line, row.outcome.name())).collect();
        assert_eq!(told, [(1, "added"), (3, "joined"), (4, "same"), (5, "refused"), (6, "refused"), (7, "added")]);
        let terms: Vec<Vec<String>> = drafts.iter().map(|draft| draft.terms.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(terms, [["EDU-06", "PSY-02"], ["MED-04", "PSY-02"]]);
        let reason = |row: &Row| if let Outcome::Refused(fault) = &row.outcome { Some(fault.reason) } else { None };
        assert_eq!(rows.iter().filter_map(reason).collect::<Vec<_>>(), ["everyday_row", "everyday_term"]);
    }
}
