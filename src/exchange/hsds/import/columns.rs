//! Which columns of each table are read. Of every other one that says something anywhere the report tells, so that nothing is dropped
//! silently: rows are accounted for by `report`, columns here.

use std::collections::BTreeMap;

use super::rows::Rows;
use crate::error::Fault;
use crate::locale::Locale;

/// How often each column says something in JSON, by its path from the outermost object.
pub type Paths = BTreeMap<(String, String), BTreeMap<String, usize>>;

/// A column that is not read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Unread {
    /// Table, as the standard names it.
    pub table: String,
    /// Column.
    pub column: String,
    /// Where it stands in JSON, such as `service[].phones[].description`; absent in tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Rows in which it says something; in JSON the objects.
    pub rows: usize,
    /// Name of the reason.
    pub reason: String,
    /// Why, and what would do.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Unread {
    /// A column with why it is told of.
    #[must_use]
    pub fn new((table, column): (&str, &str), path: Option<String>, rows: usize, reason: &'static str) -> Self {
        let fault = Fault::new(column, reason);
        Self {
            table: table.to_owned(),
            column: column.to_owned(),
            path,
            rows,
            reason: reason.to_owned(),
            zh: fault.text(Locale::Zh),
            en: fault.text(Locale::En),
        }
    }
}

/// The columns that are read, by table. What is read only where nothing better is said is read too.
const READ: [(&str, &[&str]); 18] = [
    ("organization", &["name", "alternate_name", "description", "website", "parent_organization_id"]),
    ("program", &["organization_id", "name", "description"]),
    (
        "service",
        &[
            "organization_id",
            "program_id",
            "name",
            "description",
            "status",
            "application_process",
            "fees_description",
            "eligibility_description",
            "minimum_age",
            "maximum_age",
            "assured_date",
            "alert",
            "interpretation_services",
            "accreditations",
            "licenses",
            "wait_time",
        ],
    ),
    ("location", &["organization_id", "name", "location_type", "transportation", "latitude", "longitude", "external_identifier"]),
    ("service_at_location", &["service_id", "location_id"]),
    ("address", &["location_id", "address_1", "address_2", "city", "region", "state_province", "address_type"]),
    ("phone", &["organization_id", "service_id", "service_at_location_id", "location_id", "contact_id", "number", "extension", "type"]),
    (
        "schedule",
        &[
            "service_id",
            "service_at_location_id",
            "location_id",
            "valid_from",
            "valid_to",
            "freq",
            "byday",
            "opens_at",
            "closes_at",
            "closed",
            "description",
            "notes",
        ],
    ),
    ("service_area", &["service_id", "service_at_location_id", "name", "extent", "extent_type"]),
    ("language", &["service_id", "location_id", "phone_id", "name", "code"]),
    ("accessibility", &["location_id", "description"]),
    ("cost_option", &["service_id", "valid_from", "valid_to", "amount", "currency"]),
    ("required_document", &["service_id", "document"]),
    ("organization_identifier", &["organization_id", "identifier_scheme", "identifier_type", "identifier"]),
    ("service_capacity", &["service_id", "unit_id", "available", "maximum", "updated"]),
    ("taxonomy_term", &["code", "name", "taxonomy_id"]),
    ("attribute", &["link_id", "link_entity", "taxonomy_term_id", "taxonomy_id", "value", "label"]),
    ("eligibility", &["service_id", "eligibility"]),
];

/// What a package of this program writes out of what it says elsewhere: there it says nothing new. `*` is all of a table.
const DERIVED: [(&str, &[&str]); 7] = [
    ("service", &["last_modified"]),
    ("cost_option", &["option", "amount_description"]),
    ("attribute", &["link_type"]),
    ("schedule", &["timezone", "wkst", "interval"]),
    ("unit", &["*"]),
    ("taxonomy", &["*"]),
    ("taxonomy_term", &["*"]),
];

/// The columns that say something and are not read; `ours` says that the package is one that this program wrote.
#[must_use]
pub fn unread(rows: &Rows, ours: bool, paths: &Paths) -> Vec<Unread> {
    let mut found = Vec::new();
    for (table, all) in rows.tables() {
        let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
        for (column, value) in all.iter().flat_map(|row| &row.cells) {
            let known = is_read(table, column) || (ours && is_derived(table, column));
            if !(known || says_nothing(table, column, value)) {
                *counted.entry(column).or_default() += 1;
            }
        }
        for (column, count) in counted {
            match paths.get(&(table.clone(), column.to_owned())) {
                Some(paths) => {
                    found.extend(paths.iter().map(|(path, count)| Unread::new((table, column), Some(path.clone()), *count, "hsds_column")));
                }
                None => found.push(Unread::new((table, column), None, count, "hsds_column")),
            }
        }
    }
    found
}

fn has(list: &[(&str, &[&str])], table: &str, column: &str) -> bool {
    list.iter().any(|(name, columns)| *name == table && columns.iter().any(|known| *known == column || *known == "*"))
}

fn is_read(table: &str, column: &str) -> bool {
    column == "id" || has(&READ, table, column)
}

fn is_derived(table: &str, column: &str) -> bool {
    has(&DERIVED, table, column)
}

/// Values that go without saying here.
fn says_nothing(table: &str, column: &str, value: &str) -> bool {
    match (table, column) {
        ("schedule", "timezone") => matches!(value, "8" | "8.0" | "+8" | "+08:00" | "Asia/Shanghai"),
        ("schedule", "interval") => value == "1",
        ("schedule", "wkst") => value == "MO",
        ("address", "country") => matches!(value.to_uppercase().as_str(), "CN" | "CHN" | "CHINA" | "中国"),
        ("address", "postal_code") => value == "000000",
        ("location", "external_identifier_type") => value == "GB/T 2260",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::standard;
    use super::*;

    #[test]
    fn what_is_said_to_be_read_is_a_column_of_the_standard_or_of_an_older_one() {
        // Of 1.1: a table of its own, a flag of holidays, a term named by its taxonomy.
        const OLDER: [(&str, &str); 4] =
            [("eligibility", "service_id"), ("eligibility", "eligibility"), ("schedule", "closed"), ("attribute", "taxonomy_id")];
        for (table, columns) in READ.iter().chain(&DERIVED) {
            for column in columns.iter().filter(|column| **column != "*" && !OLDER.contains(&(*table, **column))) {
                assert!(standard::table(table).is_some_and(|table| table.field(column).is_some()), "{table}.{column}");
            }
        }
    }
}
