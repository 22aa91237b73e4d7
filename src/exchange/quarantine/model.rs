//! A row that was kept aside.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::exchange::hsds::import::{ByTable, Row};
use crate::id::QuarantineId;

/// A row that was kept aside.
#[derive(Debug, Clone, PartialEq)]
pub struct Aside {
    /// Id.
    pub id: QuarantineId,
    /// The source it came from.
    pub source: String,
    /// Its table.
    pub table: String,
    /// Its number there.
    pub number: usize,
    /// The column that was refused; `*` is the whole row.
    pub field: String,
    /// Name of the reason.
    pub reason: String,
    /// Its cells, by the names of the standard.
    pub cells: BTreeMap<String, String>,
    /// When it was kept aside.
    pub at: Timestamp,
}

/// Rows as the tables of a package, one of them with other cells than it came with. A row that was refused twice is one row.
#[must_use]
pub fn tables(rows: &[Aside], mended: &Aside, cells: &BTreeMap<String, String>) -> ByTable {
    let mut tables = ByTable::new();
    for row in rows {
        let is_it = (&row.table, row.number) == (&mended.table, mended.number);
        let cells = if is_it { cells } else { &row.cells };
        let table = tables.entry(row.table.clone()).or_default();
        if !cells.is_empty() && table.iter().all(|known| known.number != row.number) {
            table.push(Row { number: row.number, cells: cells.clone() });
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aside(table: &str, number: usize, field: &str) -> Aside {
        let at: Timestamp = "2026-11-25T01:00:00Z".parse().unwrap();
        Aside {
            id: QuarantineId::new(at),
            source: "x".into(),
            table: table.into(),
            number,
            field: field.into(),
            reason: "hsds_orphan".into(),
            cells: BTreeMap::from([("id".to_owned(), number.to_string())]),
            at,
        }
    }

    #[test]
    fn a_row_that_was_refused_twice_is_read_once_with_what_it_says_now() {
        let rows = [aside("service", 2, "name"), aside("service", 2, "organization_id"), aside("schedule", 7, "service_id")];
        let cells = BTreeMap::from([("id".to_owned(), "mended".to_owned())]);
        let tables = tables(&rows, &rows[0], &cells);
        assert_eq!(tables["service"], [Row { number: 2, cells }]);
        assert_eq!(tables["schedule"].len(), 1);
    }
}
