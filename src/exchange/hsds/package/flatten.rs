//! Nested objects as rows of tables.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::super::object::Object;
use super::super::standard::{Link, Table, table};
use crate::error::{Error, Result};

/// The text of a cell.
pub type Cell = String;

/// The rows of a table in the order they came, and where each id stands.
#[derive(Debug, Default)]
struct Rows {
    rows: Vec<Map<String, Value>>,
    by_id: HashMap<String, usize>,
}

impl Rows {
    fn of(&mut self, id: &str) -> &mut Map<String, Value> {
        let index = *self.by_id.entry(id.to_owned()).or_insert(self.rows.len());
        if index == self.rows.len() {
            self.rows.push(Map::new());
        }
        &mut self.rows[index]
    }
}

/// Tables as they fill; a row that comes twice is one.
#[derive(Debug, Default)]
pub struct Tables(BTreeMap<&'static str, Rows>);

impl Tables {
    /// Adds an object with all that is nested in it.
    pub fn add(&mut self, name: &str, object: Object) {
        if let Some(table) = table(name) {
            self.put(table, object.0);
        }
    }

    fn put(&mut self, table: &'static Table, object: Map<String, Value>) -> Option<String> {
        let id = object.get("id").and_then(Value::as_str)?.to_owned();
        let mut row = Map::new();
        for (name, value) in object {
            let Some(child) = table.children.iter().find(|child| child.property == name) else {
                row.insert(name, value);
                continue;
            };
            let Some(inner) = super::super::standard::table(child.table) else { continue };
            let children = match value {
                Value::Array(children) => children,
                one => vec![one],
            };
            for nested in children {
                let Value::Object(mut nested) = nested else { continue };
                match child.link {
                    Link::Child(field) => {
                        nested.insert(field.to_owned(), Value::String(id.clone()));
                    }
                    Link::Entity => {
                        nested.insert("link_entity".to_owned(), table.name.into());
                        nested.insert("link_id".to_owned(), Value::String(id.clone()));
                    }
                    Link::Resource => {
                        nested.insert("resource_type".to_owned(), table.name.into());
                        nested.insert("resource_id".to_owned(), Value::String(id.clone()));
                    }
                    Link::Parent(_) => {}
                }
                if let (Some(other), Link::Parent(field)) = (self.put(inner, nested), child.link) {
                    row.insert(field.to_owned(), Value::String(other));
                }
            }
        }
        let known = self.0.entry(table.name).or_default().of(&id);
        for (name, value) in row {
            known.entry(name).or_insert(value);
        }
        Some(id)
    }

    /// How many rows there are in all.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.0.values().map(|table| table.rows.len()).sum()
    }

    /// The rows of a table, in the order they came.
    pub fn of(&self, name: &str) -> impl Iterator<Item = &Map<String, Value>> {
        self.0.get(name).into_iter().flat_map(|table| &table.rows)
    }

    /// A table as a file.
    pub fn csv(&self, table: &Table) -> Result<Vec<u8>> {
        let fault = |error: csv::Error| Error::Store(format!("{} could not be written: {error}", table.file));
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(table.fields.iter().map(|field| field.name)).map_err(fault)?;
        for row in self.of(table.name) {
            writer.write_record(table.fields.iter().map(|field| cell(row.get(field.name)))).map_err(fault)?;
        }
        writer.into_inner().map_err(|error| Error::Store(format!("{} could not be written: {error}", table.file)))
    }
}

fn cell(value: Option<&Value>) -> Cell {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => neutralised(text),
        Some(other) => other.to_string(),
    }
}

/// A text that a spreadsheet does not take for a formula: one that begins like it gets an apostrophe before it.
#[must_use]
pub fn neutralised(text: &str) -> Cell {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text again.
#[must_use]
pub fn neutral(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

/// Numbers, also of phones, begin with a sign and are none.
fn is_formula(text: &str) -> bool {
    let number = || text.chars().skip(1).all(|letter| letter.is_ascii_digit() || " -()./".contains(letter));
    match text.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => !number(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_becomes_rows_that_name_each_other() {
        let phone = Object::new("p").with("number", "+86 25 1234567");
        let service = Object::new("s").with("name", "=1+1").one("organization", Some(Object::new("o").with("name", "甲")));
        let organization = Object::new("o").with("description", "乙").list("phones", vec![phone]).list("services", vec![service]);
        let mut tables = Tables::default();
        tables.add("organization", organization);
        let text = |name: &str| String::from_utf8(tables.csv(table(name).unwrap()).unwrap()).unwrap();
        assert!(text("phone").contains("p,,,o,,,+86 25 1234567"), "{}", text("phone"));
        assert!(text("service").contains("s,o,,'=1+1"), "{}", text("service"));
        assert!(text("organization").contains("o,甲,,乙"), "{}", text("organization"));
        assert_eq!(tables.rows(), 3);
    }

    #[test]
    fn an_apostrophe_goes_where_it_came_from() {
        for text in ["=1+1", "@sum", "-x", "+86 25", "-3", "'s", "普通"] {
            assert_eq!(neutral(&neutralised(text)), text);
        }
    }
}
