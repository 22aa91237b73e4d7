//! What was read of a file, sheet by sheet, in the words of the command line.

use rust_i18n::t;
use serde::Serialize;
use serde_json::{Map, Value};

use super::alike::Alike;
use crate::id::ListId;
use crate::locale::Locale;

/// A row that reads.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Its number, as Excel shows it.
    pub row: usize,
    /// Its fields, by their names in the API.
    pub fields: Map<String, Value>,
}

/// A cell that does not read.
#[derive(Debug, Clone, Serialize)]
pub struct Refused {
    /// Row, as Excel shows it.
    pub row: usize,
    /// The head of the column as it is written.
    pub column: String,
    /// Index of the column; none where the list has none of this field.
    #[serde(skip)]
    pub index: Option<usize>,
    /// What stands there; empty where it may not be shown.
    pub value: String,
    /// Name of the reason.
    pub reason: String,
    /// Why, and what would do.
    pub remedy: String,
}

/// A row that is no entry.
#[derive(Debug, Clone, Serialize)]
pub struct Ignored {
    /// Row, as Excel shows it.
    pub row: usize,
    /// `title`, `head`, `blank`, `note`, `total`, `number_only`, `head_again`, `no_head`, `twice`.
    pub why: String,
}

/// A sheet.
#[derive(Debug, Clone, Serialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Row of the head; null where none was found.
    pub header_row: Option<usize>,
    /// The columns in order, each with the field it was read as.
    #[serde(skip)]
    pub heads: Vec<(String, Option<&'static str>)>,
    /// Each head as it is written, with the field it was read as; null where it was not understood.
    pub columns: Map<String, Value>,
    /// Rows that read.
    pub rows: Vec<Entry>,
    /// Cells that do not.
    pub refused: Vec<Refused>,
    /// Cells that were taken, though not as all they say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub noted: Vec<Refused>,
    /// Rows that look like an entry of the directory; they come in all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alike: Vec<Alike>,
    /// Rows that are no entries.
    pub ignored: Vec<Ignored>,
}

/// A file.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// Its sheets.
    pub sheets: Vec<Sheet>,
    /// What became of the rows; absent in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<Taken>,
    /// The batch by which what came in can be undone within a day; absent where nothing of the directory came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<ListId>,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Entries that are new.
    pub new: usize,
    /// Entries that were there.
    pub unchanged: usize,
}

impl Report {
    /// Whether a cell was refused.
    #[must_use]
    pub fn has_refused(&self) -> bool {
        self.sheets.iter().any(|sheet| !sheet.refused.is_empty())
    }

    /// Rows that read, over all sheets.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.sheets.iter().flat_map(|sheet| &sheet.rows)
    }

    /// The report in words.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let tag = locale.tag();
        let mut lines = Vec::new();
        for sheet in &self.sheets {
            let unknown: Vec<&str> =
                sheet.columns.iter().filter(|(_, field)| field.is_null()).map(|(written, _)| written.as_str()).collect();
            lines.push(
                t!(
                    "exchange.sheet.head",
                    locale = tag,
                    name = sheet.name,
                    rows = sheet.rows.len(),
                    refused = sheet.refused.len(),
                    ignored = sheet.ignored.len()
                )
                .into_owned(),
            );
            if !unknown.is_empty() {
                lines.push(t!("exchange.sheet.unknown", locale = tag, columns = unknown.join(locale.pick("、", ", "))).into_owned());
            }
            for one in &sheet.refused {
                lines.push(
                    t!("exchange.sheet.refused", locale = tag, row = one.row, column = one.column, value = one.value, remedy = one.remedy)
                        .into_owned(),
                );
            }
            for one in &sheet.noted {
                lines.push(
                    t!("exchange.sheet.noted", locale = tag, row = one.row, column = one.column, value = one.value, remedy = one.remedy)
                        .into_owned(),
                );
            }
        }
        for one in self.sheets.iter().flat_map(|sheet| &sheet.alike) {
            lines.push(t!("exchange.sheet.alike", locale = tag, row = one.row, why = one.why, name = one.name).into_owned());
        }
        if let Some(taken) = self.taken {
            lines.push(t!("exchange.sheet.taken", locale = tag, new = taken.new, unchanged = taken.unchanged).into_owned());
        }
        if let Some(batch) = &self.batch {
            lines.push(t!("exchange.sheet.batch", locale = tag, batch = batch).into_owned());
        }
        lines.join("\n")
    }

    /// Without what the cells hold: of lists of children only where a cell stands is told.
    #[must_use]
    pub fn without_content(mut self) -> Self {
        for sheet in &mut self.sheets {
            for row in &mut sheet.rows {
                row.fields.values_mut().for_each(|value| *value = Value::Null);
            }
            for refused in sheet.refused.iter_mut().chain(&mut sheet.noted) {
                refused.value.clear();
            }
        }
        self
    }
}
