//! The rows of a list as its page shows them: what is to be mended, decided, taken up again, and what comes in.

use std::collections::HashMap;

use rust_i18n::t;

use super::assess::{Assessed, Standing, Twin};
use super::model::{Decision, List};
use crate::exchange::sheet::{Kind, Refused};
use crate::grid;
use crate::locale::Locale;
use crate::web::Choice;

/// How many rows to be mended a page shows; the rest follow when these are.
const MENDED_AT_ONCE: usize = 40;
/// How many rows that come in a page shows, and how many that were left out.
const SHOWN: usize = 200;

/// A cell of a row that is to be mended.
pub struct Cell {
    /// Name of its field in the form.
    pub name: String,
    /// The head of its column.
    pub label: String,
    /// What stands there.
    pub value: String,
    /// What is wrong with it; empty where nothing is.
    pub fault: String,
    /// The list its values are taken from; empty where anything may stand there.
    pub values: &'static str,
}

/// A row to be mended.
pub struct Mend {
    /// Name of its field in the form.
    pub name: String,
    /// Its number, as the sheet shows it.
    pub number: usize,
    /// The name of what it lists.
    pub title: String,
    /// Faults of no column.
    pub faults: Vec<String>,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A row that looks like an entry.
pub struct Alike {
    /// Name of its field in the form.
    pub name: String,
    /// Its number, as the sheet shows it.
    pub number: usize,
    /// The name of what it lists.
    pub title: String,
    /// What is alike.
    pub why: String,
    /// Where the entry is shown; empty where it is a row of the list.
    pub href: String,
    /// What the entry, or the row, is called.
    pub other: String,
    /// Whether it is a service.
    pub service: bool,
}

/// A row that somebody left out, and may take up again.
pub struct Left {
    /// Name of its field in the form.
    pub name: String,
    /// Its number, as the sheet shows it.
    pub number: usize,
    /// The name of what it lists.
    pub title: String,
}

/// A row that comes in, or is there.
pub struct Plain {
    /// Its number, as the sheet shows it.
    pub number: usize,
    /// The name of what it lists.
    pub title: String,
    /// Where it lies, or whose it is.
    pub about: String,
    /// Where it stands, in words.
    pub state: String,
    /// The tone of that.
    pub tone: &'static str,
}

/// A column as a person may name it.
pub struct Column {
    /// Name of its field in the form.
    pub name: String,
    /// The head as it is written.
    pub written: String,
    /// Name of the field that fills its blanks.
    pub fill: String,
    /// The fields it may be.
    pub fields: Vec<Choice>,
}

/// A sheet.
pub struct SheetView {
    /// Its name.
    pub name: String,
    /// How many columns were not understood.
    pub unknown: usize,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Rows to be mended.
    pub mend: Vec<Mend>,
    /// Rows to be decided.
    pub alike: Vec<Alike>,
    /// Rows that were left out.
    pub left: Vec<Left>,
    /// The other rows.
    pub plain: Vec<Plain>,
    /// What is told of cells that were taken.
    pub noted: Vec<String>,
    /// Rows that are no entries, with why.
    pub ignored: Vec<(usize, String)>,
}

/// A word of lists.
pub fn word(of: &str, name: &str, locale: Locale) -> String {
    t!(format!("list.{of}.{name}"), locale = locale.tag()).into_owned()
}

/// A sheet of a list, as it is read now.
pub fn sheet_view(list: &List, index: usize, assessed: &Assessed, locale: Locale) -> SheetView {
    let rows: HashMap<usize, &[grid::Cell]> =
        list.sheets.get(index).into_iter().flat_map(|draft| &draft.grid.rows).map(|(number, cells)| (*number, cells.as_slice())).collect();
    let heads = &assessed.read.heads;
    let text = |number: usize, column: usize| -> &str {
        rows.get(&number).and_then(|cells| cells.get(column)).map(|cell| cell.text.as_str()).unwrap_or_default()
    };
    let said = |number: usize, field: &str| heads.iter().position(|(_, known)| *known == Some(field)).map_or("", |at| text(number, at));
    let title = |number: usize| said(number, "name").to_owned();
    let draft = list.sheets.get(index);
    let kind = draft.map_or(list.kind, |draft| list.kind_of(draft));
    let is_left = |number: usize| draft.is_some_and(|draft| draft.decisions.get(&number) == Some(&Decision::Skip));
    let mut view = SheetView {
        name: assessed.read.name.clone(),
        unknown: heads.iter().filter(|(written, field)| !written.is_empty() && field.is_none()).count(),
        columns: columns(kind, index, heads, locale),
        mend: Vec::new(),
        alike: Vec::new(),
        left: Vec::new(),
        plain: Vec::new(),
        noted: assessed.read.noted.iter().take(SHOWN).map(|one| noted(one, locale)).collect(),
        ignored: assessed
            .read
            .ignored
            .iter()
            .filter(|one| one.why != "blank")
            .map(|one| (one.row, word("ignored", &one.why, locale)))
            .collect(),
    };
    for row in &assessed.rows {
        let number = row.number;
        let name = format!("row-{index}-{number}");
        let about = || [said(number, "division"), said(number, "organization"), said(number, "address")].join(" ").trim().to_owned();
        let plain = |state: &str, tone| Plain { number, title: title(number), about: about(), state: word("row", state, locale), tone };
        match &row.standing {
            Standing::Faulty(faults) if view.mend.len() < MENDED_AT_ONCE => {
                let fault = |column: usize| faults.iter().find(|(at, _)| *at == Some(column)).map_or("", |(_, text)| text.as_str());
                let cells = heads.iter().enumerate().filter_map(|(column, (written, field))| {
                    let value = text(number, column);
                    Some(Cell {
                        name: format!("cell-{index}-{number}-{column}"),
                        label: written.clone(),
                        value: value.to_owned(),
                        fault: fault(column).to_owned(),
                        values: values((*field)?),
                    })
                });
                let cells = cells.collect();
                let faults = faults.iter().filter(|(at, _)| at.is_none()).map(|(_, text)| text.clone()).collect();
                view.mend.push(Mend { name, number, title: title(number), faults, cells });
            }
            Standing::Faulty(_) => {}
            Standing::Alike(twin) => {
                let (why, href, other) = match twin {
                    Twin::Organization(like) => (like.why.reason(), format!("/organizations/{}", like.id), like.name.clone()),
                    Twin::Service(like) => (like.why.reason(), format!("/services/{}", like.id), like.name.clone()),
                };
                let other = if other.is_empty() { word("row", "hidden", locale) } else { other };
                let service = matches!(twin, Twin::Service(_));
                view.alike.push(Alike { name, number, title: title(number), why: word("alike", why, locale), href, other, service });
            }
            Standing::Twice(first) => {
                let other = format!("{first} {}", title(*first)).trim().to_owned();
                let why = word("alike", "alike_row", locale);
                view.alike.push(Alike { name, number, title: title(number), why, href: String::new(), other, service: false });
            }
            Standing::Skipped if is_left(number) && view.left.len() < SHOWN => view.left.push(Left { name, number, title: title(number) }),
            _ if view.plain.len() == SHOWN => {}
            Standing::Good(_) => view.plain.push(plain("good", "ok")),
            Standing::There => view.plain.push(plain("there", "info")),
            Standing::Skipped => view.plain.push(plain("skipped", "plain")),
        }
    }
    view
}

/// What is told of a cell that was taken.
fn noted(one: &Refused, locale: Locale) -> String {
    t!("exchange.sheet.noted", locale = locale.tag(), row = one.row, column = one.column, value = one.value, remedy = one.remedy)
        .into_owned()
}

/// The list of the page that the values of a field are taken from.
fn values(field: &str) -> &'static str {
    match field {
        "kind" => "kinds",
        "division" => "counties",
        "term" => "leaves",
        _ => "",
    }
}

fn columns(kind: Kind, sheet: usize, heads: &[(String, Option<&'static str>)], locale: Locale) -> Vec<Column> {
    let heads = heads.iter().enumerate().filter(|(_, (written, _))| !written.is_empty());
    heads
        .map(|(index, (written, field))| Column {
            name: format!("column-{sheet}-{index}"),
            written: written.clone(),
            fill: format!("fill-{sheet}-{index}"),
            fields: kind
                .fields()
                .iter()
                .map(|one| Choice {
                    value: one.name.to_owned(),
                    label: word("field", one.name, locale),
                    selected: *field == Some(one.name),
                    hint: String::new(),
                    count: 0,
                })
                .collect(),
        })
        .collect()
}
