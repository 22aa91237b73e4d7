//! A row of a list as the fields of an entry, by their names in the API; cells that do not read are refused one by one.

use lianjie_index::entry::Audience;
use serde_json::{Map, Value, json};

use super::fee::{self, Fees, Price};
use super::fields::Kind;
use super::head::Head;
use super::hours;
use super::values::{self, Known};
use crate::error::Fault;
use crate::grid::Cell;
use crate::organization::phone;

/// A row as fields, with the cells that were refused.
#[derive(Debug, Default)]
pub struct Read {
    /// What reads.
    pub fields: Map<String, Value>,
    /// What does not.
    pub refused: Vec<Unread>,
    /// What is taken, though not as all it says.
    pub noted: Vec<Unread>,
}

/// A cell that was refused, or of which something is to be told.
#[derive(Debug)]
pub struct Unread {
    /// Index of its column; none where the list has none of this field.
    pub index: Option<usize>,
    /// The head of the column as it is written.
    pub column: String,
    /// What stood there.
    pub value: String,
    /// Why.
    pub fault: Fault,
}

/// Reads a row.
#[must_use]
pub fn read(kind: Kind, head: &Head, row: &[Cell], known: &Known<'_>) -> Read {
    let mut read = Read::default();
    for (index, ((written, field), cell)) in head.columns.iter().zip(row).enumerate() {
        let Some(field) = field.filter(|_| !cell.text.is_empty() && !is_nothing(&cell.text)) else { continue };
        if let Err(fault) = put(kind, field, cell, known, &mut read.fields) {
            read.refused.push(Unread { index: Some(index), column: written.clone(), value: cell.text.clone(), fault });
        } else if let Some(fault) = noted(kind, field, &read.fields) {
            read.noted.push(Unread { index: Some(index), column: written.clone(), value: cell.text.clone(), fault });
        }
    }
    contradictions(head, row, known, &mut read);
    for field in kind.required(known.own) {
        let said = read.fields.contains_key(*field) || read.refused.iter().any(|unread| unread.fault.field == *field);
        if !said {
            let index = head.columns.iter().position(|(_, known)| *known == Some(*field));
            let column = index.map_or_else(|| (*field).to_owned(), |index| head.columns[index].0.clone());
            read.refused.push(Unread { index, column, value: String::new(), fault: Fault::new(*field, "required") });
        }
    }
    read
}

/// What people write where there is nothing.
fn is_nothing(text: &str) -> bool {
    matches!(text.trim(), "/" | "\\" | "-" | "—" | "——" | "无" | "暂无" | "N/A" | "n/a" | "NA" | "null" | "*")
}

fn put(kind: Kind, field: &'static str, cell: &Cell, known: &Known<'_>, fields: &mut Map<String, Value>) -> Result<(), Fault> {
    let value: Value = match (kind, field) {
        (_, "phone") => {
            let more = values::phone(cell)?;
            let before = fields.get("phone").and_then(Value::as_str);
            json!(before.map_or_else(|| more.clone(), |before| if before == more { more.clone() } else { format!("{before}、{more}") }))
        }
        (_, "code") => json!(values::uscc(cell)?),
        (_, "kind") => json!(values::kind(cell, known)?),
        (_, "division") => json!(values::division(cell, known)?),
        (_, "website") => json!(values::text(cell, "website", 300)?),
        (_, "sex") => json!(values::sex(cell)?),
        (_, "birth_date") => json!(values::day(cell, "birth_date", known.today)?),
        (_, "identity_number") => {
            json!(values::identity(cell, known.today)?.0)
        }
        (_, "categories") => json!(values::categories(cell, known)?),
        (_, "term") => json!(values::term(cell, known)?),
        (_, "fee") => {
            let fees = fee::read(cell)?;
            if !is_whole(&fees) {
                fields.insert("fee_words".to_owned(), json!(values::text(cell, "fee", 200)?));
            }
            match fees {
                Fees::One(price) => {
                    if let Some((fen, unit)) = price.amount {
                        fields.insert("fee_fen".to_owned(), json!(fen));
                        fields.insert("fee_unit".to_owned(), json!(unit));
                    }
                    json!(price.level)
                }
                Fees::Several(several) => {
                    let one = |(audience, price): (Audience, Price)| {
                        let (fen, unit) = price.amount.unzip();
                        json!({ "audience": audience.to_string(), "level": price.level, "amount_fen": fen, "unit": unit })
                    };
                    fields.insert("fees".to_owned(), several.into_iter().map(one).collect());
                    return Ok(());
                }
            }
        }
        (_, "hours") => json!(values::text(cell, "hours", 200)?),
        (_, "places") => json!(values::places(cell)?),
        (_, "area") => json!(values::areas(cell, known)?),
        (_, "minimum_age" | "maximum_age") => number(values::years(&cell.text, field)?),
        (_, "ages") => {
            let (from, to) = values::ages(cell)?;
            for (name, age) in [("minimum_age", from), ("maximum_age", to)] {
                if let Some(age) = age {
                    fields.insert(name.to_owned(), number(age));
                }
            }
            return Ok(());
        }
        (_, "description") => json!(values::text(cell, "description", 2_000)?),
        (_, "address") => json!(values::text(cell, "address", 200)?),
        (_, field) => json!(values::text(cell, field, 80)?),
    };
    fields.insert(field.to_owned(), value);
    Ok(())
}

/// Whether every fee of a cell is free or says an amount.
fn is_whole(fees: &Fees) -> bool {
    let whole = |price: &Price| price.level == "free" || price.amount.is_some();
    match fees {
        Fees::One(price) => whole(price),
        Fees::Several(several) => several.iter().all(|(_, price)| whole(price)),
    }
}

/// What is to be told of a cell that was taken: a fee whose amount is not known, hours that stay words, a mobile number.
fn noted(kind: Kind, field: &'static str, fields: &Map<String, Value>) -> Option<Fault> {
    let said = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    match (kind, field) {
        (Kind::Services, "fee") if fields.contains_key("fee_words") => Some(Fault::new("fee", "sheet_fee_amount")),
        (Kind::Organizations | Kind::Services, "phone") if said("phone").split('、').any(phone::is_mobile) => {
            Some(Fault::new("phone", "private_phone"))
        }
        (Kind::Services, "hours") if hours::read(said("hours")).is_none() => Some(Fault::new("hours", "sheet_hours")),
        _ => None,
    }
}

/// What an identity number says may not contradict what stands beside it: then none of them is taken.
fn contradictions(head: &Head, row: &[Cell], known: &Known<'_>, read: &mut Read) {
    let at = |field: &str| head.columns.iter().position(|(_, known)| *known == Some(field));
    let Some(index) = at("identity_number").filter(|_| read.fields.contains_key("identity_number")) else { return };
    let Some(Ok((_, birth, sex))) = row.get(index).map(|cell| values::identity(cell, known.today)) else { return };
    for (field, says, reason) in [("birth_date", birth.as_str(), "sheet_birth_differs"), ("sex", sex, "sheet_sex_differs")] {
        let beside = read.fields.get(field).and_then(Value::as_str);
        if beside.is_some_and(|beside| !says.starts_with(beside)) {
            let column = head.columns[index].0.clone();
            let value = row.get(index).map(|cell| cell.text.clone()).unwrap_or_default();
            read.refused.push(Unread { index: Some(index), column, value, fault: Fault::new("identity_number", reason) });
            read.fields.shift_remove(field);
        }
    }
    if read.refused.iter().any(|unread| unread.fault.reason.ends_with("_differs")) {
        read.fields.shift_remove("identity_number");
    }
}

/// Whole numbers without decimals.
#[expect(clippy::cast_possible_truncation, reason = "ages are small")]
fn number(value: f64) -> Value {
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}
