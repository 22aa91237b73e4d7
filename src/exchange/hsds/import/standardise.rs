//! Older tables in the words of 3.1: HSDS 1.1 and 2.x named tables and columns otherwise.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::object::{Object, derived};
use super::super::package::Tables;
use super::super::standard::{self, Table};
use super::columns::{Paths, Unread};
use super::source::{Row, Source};

/// Rows by table, in the words of 3.1; tables the standard does not have keep their own name.
pub type ByTable = BTreeMap<String, Vec<Row>>;

/// What was read, in the words of 3.1.
pub struct Package {
    /// Its rows.
    pub by_table: ByTable,
    /// The form it was in.
    pub form: &'static str,
    /// Where each column stands in JSON.
    pub paths: Paths,
    /// Tables of JSON whose objects had to be given ids.
    pub given: Vec<Unread>,
}

/// What a file's table is in 3.1; what else its rows say by being there.
fn table_of(stem: &str) -> (&str, &[(&'static str, &'static str)]) {
    match stem {
        "organizations" => ("organization", &[]),
        "programs" => ("program", &[]),
        "services" => ("service", &[]),
        "locations" => ("location", &[]),
        "services_at_location" | "service_at_locations" | "services_at_locations" => ("service_at_location", &[]),
        "physical_address" | "physical_addresses" => ("address", &[("address_type", "physical")]),
        "postal_address" | "postal_addresses" => ("address", &[("address_type", "postal")]),
        "addresses" => ("address", &[]),
        "contacts" => ("contact", &[]),
        "phones" => ("phone", &[]),
        "schedules" | "regular_schedule" | "regular_schedules" => ("schedule", &[]),
        "holiday_schedule" | "holiday_schedules" => ("schedule", &[("notes", "holiday")]),
        "service_areas" => ("service_area", &[]),
        "languages" => ("language", &[]),
        "accessibility_for_disabilities" | "accessibility_for_disability" => ("accessibility", &[]),
        "cost_options" => ("cost_option", &[]),
        "required_documents" => ("required_document", &[]),
        "fundings" => ("funding", &[]),
        "organization_identifiers" => ("organization_identifier", &[]),
        "units" => ("unit", &[]),
        "service_capacities" | "capacities" => ("service_capacity", &[]),
        "urls" => ("url", &[]),
        "taxonomies" => ("taxonomy", &[]),
        "taxonomy_terms" => ("taxonomy_term", &[]),
        "attributes" | "other_attributes" | "other_attribute" => ("attribute", &[]),
        "service_attributes" | "service_attribute" | "services_taxonomy" | "service_taxonomy" | "service_taxonomies" => {
            ("attribute", &[("link_entity", "service")])
        }
        "eligibilities" => ("eligibility", &[]),
        "payments_accepted" | "payment_accepted" => ("payment_accepted", &[]),
        "meta_table_descriptions" => ("meta_table_description", &[]),
        other => (other, &[]),
    }
}

/// What a column is called in 3.1.
fn column_of<'a>(table: &str, column: &'a str) -> &'a str {
    match (table, column) {
        ("organization", "url") => "website",
        ("service", "fees") => "fees_description",
        ("service", "eligibility") => "eligibility_description",
        ("address", "address" | "address1" | "street") => "address_1",
        ("address", "state") => "state_province",
        ("address", "zip" | "zipcode" | "postcode") => "postal_code",
        ("address", "type") => "address_type",
        ("accessibility", "accessibility") => "description",
        ("language", "language") => "name",
        ("phone", "phone" | "phone_number") => "number",
        ("schedule", "weekday") => "byday",
        ("schedule", "start_date") => "valid_from",
        ("schedule", "end_date") => "valid_to",
        ("attribute", "service_id" | "link_id") => "link_id",
        ("attribute", "taxonomy_id" | "taxonomy_term_id") => "taxonomy_term_id",
        ("attribute", "link_type_entity") => "link_entity",
        ("taxonomy_term", "vocabulary") => "taxonomy",
        ("funding", "funding") => "source",
        ("required_document", "required_document") => "document",
        _ => column,
    }
}

/// The rows in the words of 3.1.
pub fn standardise(source: Source) -> Package {
    match source {
        Source::Objects(objects) => flat(objects),
        Source::Tables(tables) => {
            let form = form(&tables);
            let mut by_table = ByTable::new();
            for (stem, rows) in tables {
                let (mut table, said) = table_of(&stem);
                // In 1.1 the table of terms is called "taxonomy".
                let is_terms = rows.iter().any(|row| row.cells.contains_key("parent_id") || row.cells.contains_key("vocabulary"));
                if table == "taxonomy" && is_terms {
                    table = "taxonomy_term";
                }
                let known = by_table.entry(table.to_owned()).or_default();
                // Where two files are one table here, the second goes on counting: a row is found again by its number.
                let before = known.last().map_or(0, |last: &Row| last.number.saturating_sub(1));
                known.extend(rows.into_iter().map(|row| renamed(table, Row { number: row.number + before, ..row }, said)));
            }
            Package { by_table, form, paths: Paths::new(), given: Vec::new() }
        }
    }
}

fn renamed(table: &str, row: Row, said: &[(&'static str, &'static str)]) -> Row {
    let mut cells: BTreeMap<String, String> = BTreeMap::new();
    for (column, cell) in row.cells {
        let name = column_of(table, &column).to_owned();
        // What 3.1 itself calls so counts before an older name.
        if name == column || !cells.contains_key(&name) {
            cells.insert(name, cell);
        }
    }
    for (column, value) in said {
        cells.entry((*column).to_owned()).or_insert_with(|| (*value).to_owned());
    }
    Row { number: row.number, cells }
}

fn form(tables: &[(String, Vec<Row>)]) -> &'static str {
    let names: BTreeSet<&str> = tables.iter().map(|(stem, _)| stem.as_str()).collect();
    let has = |some: &[&str]| some.iter().any(|name| names.contains(name));
    if has(&["attributes", "addresses", "units", "taxonomies", "service_capacity"]) {
        "3.x"
    } else if has(&["regular_schedules", "regular_schedule", "services_taxonomy", "service_taxonomy", "accessibility_for_disabilities"])
        && !has(&["schedules", "cost_options", "service_attributes"])
    {
        "1.1"
    } else {
        "2.x"
    }
}

/// Nested objects as rows; the rows of a table are counted in the order they come.
fn flat(objects: Vec<Value>) -> Package {
    let mut tables = Tables::default();
    let mut seen = Seen::default();
    for value in objects {
        let Value::Object(mut object) = value else { continue };
        let has = |name: &str| object.contains_key(name);
        let table = if has("taxonomy_detail") || (has("code") && has("taxonomy")) {
            "taxonomy_term"
        } else if has("service_id") && (has("location_id") || has("location")) {
            "service_at_location"
        } else if has("status") {
            "service"
        } else {
            "organization"
        };
        if let Some(table) = standard::table(table) {
            seen.look(table, &mut object, &format!("{}[]", table.name));
        }
        tables.add(table, Object(object));
    }
    let mut by_table = ByTable::new();
    for table in standard::TABLES {
        let rows: Vec<Row> = (1..)
            .zip(tables.of(table.name))
            .map(|(number, object)| {
                let cells = object.iter().filter_map(|(name, value)| {
                    let text = value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned());
                    (!value.is_null() && !text.is_empty()).then(|| (name.clone(), text))
                });
                Row { number, cells: cells.collect() }
            })
            .collect();
        if !rows.is_empty() {
            by_table.insert(table.name.to_owned(), rows);
        }
    }
    let given = seen.given.iter().map(|(table, count)| Unread::new((table, "id"), None, *count, "hsds_id_given")).collect();
    Package { by_table, form: "json", paths: seen.paths, given }
}

/// Where each property stands, and how many nested objects had no id.
#[derive(Default)]
struct Seen {
    paths: Paths,
    given: BTreeMap<&'static str, usize>,
}

impl Seen {
    /// Looks through an object with all that is nested in it. What is nested and has no id is given one of its parent and its place: it
    /// would be lost without.
    fn look(&mut self, table: &'static Table, object: &mut Map<String, Value>, path: &str) {
        if let Some(id) = object.get_mut("id").filter(|id| id.is_number()) {
            *id = Value::String(id.to_string());
        }
        let id = object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        for (name, value) in object.iter_mut() {
            let here = format!("{path}.{name}");
            let Some(child) = table.children.iter().find(|child| child.property == name) else {
                if !value.is_null() && value.as_str() != Some("") {
                    *self.paths.entry((table.name.to_owned(), name.clone())).or_default().entry(here).or_default() += 1;
                }
                continue;
            };
            let Some(inner) = standard::table(child.table) else { continue };
            let (nested, here) = match value {
                Value::Array(nested) => (nested.iter_mut().collect(), format!("{here}[]")),
                one => (vec![one], here),
            };
            for (number, one) in nested.into_iter().enumerate() {
                let Value::Object(one) = one else { continue };
                if !one.get("id").is_some_and(|id| id.is_string() || id.is_number()) {
                    *self.given.entry(inner.name).or_default() += 1;
                    one.insert("id".to_owned(), Value::String(derived(&id, name, &number.to_string())));
                }
                self.look(inner, one, &here);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(&str, &str)]) -> Row {
        Row { number: 2, cells: cells.iter().map(|(name, cell)| ((*name).to_owned(), (*cell).to_owned())).collect() }
    }

    #[test]
    fn a_package_of_1_1_is_told_and_renamed() {
        let tables = vec![
            ("organizations".to_owned(), vec![row(&[("id", "1"), ("url", "http://x")])]),
            ("physical_addresses".to_owned(), vec![row(&[("id", "1"), ("address_1", "路1号")])]),
            ("regular_schedules".to_owned(), vec![row(&[("id", "1"), ("weekday", "1")])]),
            ("taxonomy".to_owned(), vec![row(&[("id", "1"), ("vocabulary", "x")])]),
        ];
        let Package { by_table, form, .. } = standardise(Source::Tables(tables));
        assert_eq!(form, "1.1");
        assert_eq!(by_table["organization"][0].cells["website"], "http://x");
        assert_eq!(by_table["address"][0].cells["address_type"], "physical");
        assert_eq!(by_table["schedule"][0].cells["byday"], "1");
        assert!(by_table.contains_key("taxonomy_term"));
        let addresses = |stem: &str| (stem.to_owned(), vec![row(&[("id", "1")]), Row { number: 3, ..row(&[("id", "2")]) }]);
        let tables = vec![addresses("physical_addresses"), addresses("postal_addresses")];
        let Package { by_table, .. } = standardise(Source::Tables(tables));
        assert_eq!(by_table["address"].iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3, 4, 5]);
    }

    #[test]
    fn what_is_nested_without_an_id_is_given_one_and_each_column_is_known_by_its_path() {
        let service = serde_json::json!({"id": "s", "name": "a", "status": "active", "email": "a@b", "phones": [
            {"number": "110", "description": "x"}, {"id": 7, "number": "120"}], "organization": {"id": "o", "name": "b", "email": ""}});
        let Package { by_table, paths, given, .. } = standardise(Source::Objects(vec![service]));
        assert_eq!(by_table["phone"].iter().map(|row| row.cells["number"].as_str()).collect::<Vec<_>>(), ["110", "120"]);
        assert_eq!((given.len(), given[0].table.as_str(), given[0].rows), (1, "phone", 1));
        let of = |table: &str, column: &str| paths.get(&(table.to_owned(), column.to_owned())).cloned().unwrap_or_default();
        assert_eq!(of("phone", "description").into_iter().collect::<Vec<_>>(), [("service[].phones[].description".to_owned(), 1)]);
        assert_eq!(of("service", "email").len(), 1);
        assert!(of("organization", "email").is_empty());
    }
}
