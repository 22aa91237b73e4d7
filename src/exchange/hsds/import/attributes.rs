//! What terms say of entries: our own codes, and terms of others as far as they stand for a need of ours.

use std::collections::HashMap;

use jiff::civil::Date;
use lianjie_index::{TermCode, Vocabulary};

use super::super::confirmed::Confirmed;
use super::super::terms::CONFIRMED;
use super::rows::Rows;
use super::source::Row;

/// A term as a package has it.
#[derive(Debug, Clone, Default)]
struct Term {
    code: String,
    name: String,
}

/// All attributes of a package, by what they are of.
pub struct Attributes {
    by_link: HashMap<(String, String), Vec<Row>>,
    terms: HashMap<String, Term>,
    ours: bool,
}

/// What is said of one entry.
#[derive(Debug, Default)]
pub struct Said {
    parts: Vec<(Term, String, Row)>,
}

impl Attributes {
    /// The attributes of a package.
    #[must_use]
    pub fn of_package(rows: &Rows) -> Self {
        let mut terms: HashMap<String, Term> = HashMap::new();
        for row in rows.of("taxonomy_term") {
            let cell = |name: &str| row.cells.get(name).cloned().unwrap_or_default();
            terms.insert(cell("id"), Term { code: cell("code"), name: cell("name") });
        }
        let mut by_link: HashMap<(String, String), Vec<Row>> = HashMap::new();
        for row in rows.of("attribute") {
            let cell = |name: &str| row.cells.get(name).cloned().unwrap_or_default();
            let table = cell("link_entity");
            by_link.entry((table.trim_end_matches('s').to_owned(), cell("link_id"))).or_default().push(row);
        }
        let ours = terms.values().any(|term| term.code.starts_with("fact:"));
        Self { by_link, terms, ours }
    }

    /// Whether the package was written by another directory.
    #[must_use]
    pub const fn is_foreign(&self) -> bool {
        !self.ours
    }

    /// What is said of an entry; the rows belong to it from now on.
    #[must_use]
    pub fn of(&self, rows: &mut Rows, table: &str, theirs: &str, owner: &str) -> Said {
        let found = self.by_link.get(&(table.to_owned(), theirs.to_owned()));
        let mut said = Said::default();
        for row in found.into_iter().flatten() {
            rows.own("attribute", row, owner);
            let id = row.cells.get("taxonomy_term_id").cloned().unwrap_or_default();
            // A file may name the term itself and not its id.
            let term = self.terms.get(&id).cloned().unwrap_or_else(|| Term {
                code: id.clone(),
                name: row.cells.get("label").or_else(|| row.cells.get("value")).cloned().unwrap_or(id),
            });
            said.parts.push((term, row.cells.get("value").cloned().unwrap_or_default(), row.clone()));
        }
        said
    }
}

impl Said {
    /// The first code with a prefix, without it.
    #[must_use]
    pub fn code(&self, prefix: &str) -> Option<String> {
        self.codes(prefix).next()
    }

    /// All codes with a prefix, without it.
    pub fn codes<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = String> + 'a {
        self.parts.iter().filter_map(move |(term, ..)| term.code.strip_prefix(prefix).map(str::to_owned))
    }

    /// The value of a fact.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<String> {
        let found = self.parts.iter().find(|(term, ..)| term.code.strip_prefix("fact:") == Some(name));
        found.map(|(_, value, _)| value.clone()).filter(|value| !value.is_empty())
    }

    /// The facts that were confirmed, as the source says; what does not read is remarked.
    #[must_use]
    pub fn confirmed(&self, rows: &mut Rows, today: Date) -> Vec<Confirmed> {
        let mut found: Vec<Confirmed> = Vec::new();
        for (term, value, row) in &self.parts {
            let Some(field) = term.code.strip_prefix(CONFIRMED.prefix) else { continue };
            match Confirmed::read(field, value, today) {
                Some(read) => found.push(read),
                None => rows.adapted("attribute", row, "value", "hsds_confirmed"),
            }
        }
        found
    }

    /// The needs that terms stand for: by our code, else by their name; the rest is remarked.
    #[must_use]
    pub fn needs(&self, rows: &mut Rows, vocabulary: &Vocabulary) -> Vec<TermCode> {
        let mut needs: Vec<TermCode> = Vec::new();
        for (term, _, row) in &self.parts {
            if term.code.contains(':') {
                continue;
            }
            let ours = term.code.parse::<TermCode>().ok().filter(|code| code.is_leaf() && vocabulary.term(code).is_some());
            match ours.or_else(|| by_name(&term.name, vocabulary)) {
                Some(code) if needs.contains(&code) => {}
                Some(code) => needs.push(code),
                None => rows.adapted("attribute", row, "taxonomy_term_id", "hsds_term"),
            }
        }
        needs.truncate(12);
        needs
    }
}

/// The leaf that has this name, in Chinese or English.
fn by_name(name: &str, vocabulary: &Vocabulary) -> Option<TermCode> {
    let name = lianjie_index::text::fold(name.trim());
    if name.is_empty() {
        return None;
    }
    let is = |text: &str| lianjie_index::text::fold(text) == name;
    let mut leaves = vocabulary.terms().filter(|term| term.code.is_leaf());
    leaves.find(|term| is(&term.zh) || is(&term.en) || term.synonyms.iter().any(|word| is(word))).map(|term| term.code.clone())
}
