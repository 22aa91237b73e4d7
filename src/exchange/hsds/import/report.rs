//! What came of an import: every row is counted, and of every row that did not come in as it was the report says why.

use std::collections::BTreeMap;

use rust_i18n::t;
use serde::Serialize;

use super::alike::Alike;
use super::columns::Unread;
use super::gone::{Gone, OtherPart};
use crate::error::Fault;
use crate::id::ListId;
use crate::locale::Locale;

/// What happened to a row, or to a value of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The row came in, a value of it changed.
    Adapted,
    /// The row is kept aside until somebody mends it.
    HeldBack,
    /// The row is of a kind that this directory does not keep.
    NotKept,
}

/// A remark about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// What happened.
    pub kind: Kind,
    /// Table, as the standard names it.
    pub table: String,
    /// Row, as the file counts: the line with the names of the columns is 1.
    pub row: usize,
    /// Column; `*` is the whole row.
    pub column: String,
    /// What stood there, cut to 80 characters.
    pub value: String,
    /// Name of the reason.
    pub reason: String,
    /// Why, and what would do.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Remark {
    /// A remark.
    #[must_use]
    pub fn new(kind: Kind, at: &Place, column: &str, value: &str, fault: &Fault) -> Self {
        Self {
            kind,
            table: at.table.clone(),
            row: at.row,
            column: column.to_owned(),
            value: value.chars().take(80).collect(),
            reason: fault.reason.to_owned(),
            zh: fault.text(Locale::Zh),
            en: fault.text(Locale::En),
        }
    }
}

/// Where a row stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Table, as the standard names it.
    pub table: String,
    /// Row.
    pub row: usize,
}

/// What became of the rows of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Rows read.
    pub read: usize,
    /// Rows that came in.
    pub imported: usize,
    /// Of these, rows of which a value was changed.
    pub adapted: usize,
    /// Rows that were there already, as they are.
    pub unchanged: usize,
    /// Rows that differ from what this source said before: the difference waits to be looked at.
    pub differing: usize,
    /// Rows kept aside.
    pub held_back: usize,
    /// Rows of a kind that is not kept.
    pub not_kept: usize,
}

/// A field that this source now says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `organization` or `service`.
    pub table: String,
    /// Which.
    pub id: String,
    /// The field.
    pub field: String,
    /// What the source said before.
    pub before: String,
    /// What it says now.
    pub now: String,
}

/// What came of an import.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Where it came from.
    pub source: String,
    /// The form it was read as: `json`, `3.x`, `2.x`, `1.1`.
    pub form: String,
    /// By table.
    pub tables: BTreeMap<String, Counted>,
    /// Whatever was changed, kept aside or not kept.
    pub remarks: Vec<Remark>,
    /// Columns that say something and are not read.
    pub columns: Vec<Unread>,
    /// What the source now says otherwise.
    pub differences: Vec<Difference>,
    /// What came in and looks like another entry.
    pub alike: Vec<Alike>,
    /// What the source no longer has.
    pub gone: Vec<Gone>,
    /// Tables of which this file is plainly another part.
    pub other_part: Vec<OtherPart>,
    /// The batch by which what came in can be undone within a day; absent where nothing did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<ListId>,
}

impl Report {
    /// Counts what became of a row.
    pub fn count(&mut self, table: &str, add: impl FnOnce(&mut Counted)) {
        add(self.tables.entry(table.to_owned()).or_default());
    }

    /// Counts the rows that the remarks are about, each once.
    pub fn settle(&mut self) {
        self.remarks.sort_by(|one, other| (&one.table, one.row, &one.column).cmp(&(&other.table, other.row, &other.column)));
        let mut seen = std::collections::BTreeSet::new();
        for remark in &self.remarks {
            if !seen.insert((remark.table.clone(), remark.row, remark.kind)) {
                continue;
            }
            let counted = self.tables.entry(remark.table.clone()).or_default();
            match remark.kind {
                // Counted below: a row kept aside was not adapted.
                Kind::Adapted => {}
                Kind::HeldBack => counted.held_back += 1,
                Kind::NotKept => counted.not_kept += 1,
            }
        }
        for (table, counted) in &mut self.tables {
            counted.imported = counted.read.saturating_sub(counted.held_back + counted.not_kept + counted.unchanged + counted.differing);
            let held: std::collections::BTreeSet<usize> = self
                .remarks
                .iter()
                .filter(|remark| remark.table == *table && remark.kind != Kind::Adapted)
                .map(|remark| remark.row)
                .collect();
            let adapted: std::collections::BTreeSet<usize> = self
                .remarks
                .iter()
                .filter(|remark| remark.table == *table && remark.kind == Kind::Adapted)
                .map(|remark| remark.row)
                .collect();
            counted.adapted = adapted.difference(&held).count();
        }
    }

    /// Whether a row was kept aside.
    #[must_use]
    pub fn held_back(&self) -> bool {
        self.tables.values().any(|counted| counted.held_back > 0)
    }

    /// The report in words.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let tag = locale.tag();
        let mut lines = vec![t!("exchange.hsds.head", locale = tag, source = self.source, form = self.form).into_owned()];
        for (table, counted) in &self.tables {
            lines.push(
                t!(
                    "exchange.hsds.table",
                    locale = tag,
                    table = table,
                    read = counted.read,
                    imported = counted.imported,
                    adapted = counted.adapted,
                    unchanged = counted.unchanged,
                    differing = counted.differing,
                    held_back = counted.held_back,
                    not_kept = counted.not_kept
                )
                .into_owned(),
            );
        }
        for remark in self.remarks.iter().filter(|remark| remark.kind == Kind::HeldBack).take(200) {
            let why = locale.pick(&remark.zh, &remark.en);
            lines.push(
                t!(
                    "exchange.hsds.remark",
                    locale = tag,
                    table = remark.table,
                    row = remark.row,
                    column = remark.column,
                    value = remark.value,
                    why = why
                )
                .into_owned(),
            );
        }
        for one in &self.columns {
            let name = one.path.clone().unwrap_or_else(|| format!("{}.{}", one.table, one.column));
            let why = locale.pick(&one.zh, &one.en);
            lines.push(t!("exchange.hsds.column", locale = tag, column = name, rows = one.rows, why = why).into_owned());
        }
        for one in &self.differences {
            lines.push(
                t!(
                    "exchange.hsds.difference",
                    locale = tag,
                    table = one.table,
                    id = one.id,
                    field = one.field,
                    before = one.before,
                    now = one.now
                )
                .into_owned(),
            );
        }
        for one in &self.alike {
            let why = one.why(locale);
            let (table, id, name, other) = (&one.table, &one.id, &one.name, &one.other_name);
            lines.push(t!("exchange.hsds.alike", locale = tag, table = table, id = id, name = name, why = why, other = other).into_owned());
        }
        for one in &self.gone {
            lines.push(t!("exchange.hsds.gone", locale = tag, table = one.table, id = one.id, name = one.name).into_owned());
        }
        for one in &self.other_part {
            lines.push(t!("exchange.hsds.other_part", locale = tag, table = one.table, known = one.known, found = one.found).into_owned());
        }
        if let Some(batch) = &self.batch {
            lines.push(t!("exchange.sheet.batch", locale = tag, batch = batch).into_owned());
        }
        lines.join("\n")
    }
}
