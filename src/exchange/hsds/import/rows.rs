//! Rows that name each other: what belongs to what, and what names something that is not there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::object::derived;
use super::report::{Kind, Place, Remark, Report};
use super::source::Row;
use super::standardise::ByTable;
use crate::error::Fault;

/// The tables of a package, with what was remarked about their rows.
pub struct Rows {
    tables: ByTable,
    /// The name that ids without a uuid are told apart by.
    source: String,
    /// Rows of a table by what they name.
    by_parent: HashMap<(String, String, String), Vec<usize>>,
    /// Which rows belong to which entry of ours.
    pub owned: Vec<(Place, String)>,
    /// The report as it grows.
    pub report: Report,
    settled: BTreeSet<Place>,
    /// Table and id of the rows that were read.
    identified: HashSet<(String, String)>,
}

/// Tables that this directory does not keep, and why.
const NOT_KEPT: [(&str, &str); 6] = [
    ("contact", "hsds_contact"),
    ("metadata", "hsds_metadata"),
    ("meta_table_description", "hsds_metadata"),
    ("funding", "hsds_funding"),
    ("url", "hsds_url"),
    ("payment_accepted", "hsds_payment"),
];

/// Tables whose rows are read for what names them, and belong to no one entry.
const SHARED: [&str; 3] = ["taxonomy", "taxonomy_term", "unit"];

impl Rows {
    /// Takes tables in; what has no table here is remarked at once.
    #[must_use]
    pub fn new(tables: ByTable, source: &str, form: &str) -> Self {
        let mut report = Report { source: source.to_owned(), form: form.to_owned(), ..Report::default() };
        for (table, rows) in &tables {
            report.count(table, |counted| counted.read += rows.len());
        }
        let mut rows = Self {
            tables,
            source: source.to_owned(),
            by_parent: HashMap::new(),
            owned: Vec::new(),
            report,
            settled: BTreeSet::new(),
            identified: HashSet::new(),
        };
        rows.set_aside();
        rows
    }

    fn set_aside(&mut self) {
        let names: Vec<String> = self.tables.keys().cloned().collect();
        for table in names {
            let reason = match NOT_KEPT.iter().find(|(name, _)| *name == table) {
                Some((_, reason)) => reason,
                None if super::super::standard::table(&table).is_none() && table != "eligibility" => "hsds_unknown_table",
                None => continue,
            };
            for row in self.tables.remove(&table).unwrap_or_default() {
                self.not_kept(&table, &row, "*", reason);
            }
        }
        // Persons are not kept, and their phones go with them; a phone speaks no language of its own here, and nobody answers a fax.
        let is_fax = |row: &Row| row.cells.get("type").is_some_and(|kind| ["fax", "传真"].contains(&kind.trim().to_lowercase().as_str()));
        for (table, column, reason) in
            [("phone", "contact_id", "hsds_contact"), ("phone", "type", "hsds_fax"), ("language", "phone_id", "hsds_of_place")]
        {
            let of_that = |row: &Row| if column == "type" { is_fax(row) } else { row.cells.contains_key(column) && named(row) == column };
            let (left, kept): (Vec<Row>, Vec<Row>) = self.of(table).into_iter().partition(of_that);
            for row in &left {
                self.not_kept(table, row, column, reason);
            }
            self.tables.entry(table.to_owned()).and_modify(|rows| *rows = kept);
        }
    }

    fn not_kept(&mut self, table: &str, row: &Row, column: &str, reason: &'static str) {
        self.remark(Kind::NotKept, &Place { table: table.to_owned(), row: row.number }, column, "", &Fault::new(column, reason));
    }

    /// All tables that are kept.
    #[must_use]
    pub const fn tables(&self) -> &ByTable {
        &self.tables
    }

    /// Our ids of the rows of a table, whether they came in or not.
    #[must_use]
    pub fn ids(&self, table: &str) -> HashSet<String> {
        let rows = self.tables.get(table).into_iter().flatten();
        rows.filter_map(|row| row.cells.get("id")).map(|theirs| self.id(table, theirs)).collect()
    }

    /// The rows of a table.
    #[must_use]
    pub fn of(&self, table: &str) -> Vec<Row> {
        self.tables.get(table).cloned().unwrap_or_default()
    }

    /// The rows of a table that name this in a column; each belongs to the entry from now on.
    pub fn within(&mut self, table: &str, column: &str, id: &str, owner: &str) -> Vec<Row> {
        let rows = self.naming(table, column, id);
        for row in &rows {
            self.own(table, row, owner);
        }
        rows
    }

    /// The rows of a table that name this in a column, and nothing before it, are of a kind that it does not have here.
    pub fn leave(&mut self, table: &str, column: &str, id: &str) {
        for row in self.naming(table, column, id).into_iter().filter(|row| named(row) == column) {
            self.not_kept(table, &row, column, "hsds_of_place");
        }
    }

    fn naming(&mut self, table: &str, column: &str, id: &str) -> Vec<Row> {
        let key = |column: &str| (table.to_owned(), column.to_owned(), String::new());
        if !self.by_parent.contains_key(&key(column)) {
            for (index, row) in self.tables.get(table).into_iter().flatten().enumerate() {
                if let Some(parent) = row.cells.get(column) {
                    self.by_parent.entry((table.to_owned(), column.to_owned(), parent.clone())).or_default().push(index);
                }
            }
            self.by_parent.insert(key(column), Vec::new());
        }
        let found = self.by_parent.get(&(table.to_owned(), column.to_owned(), id.to_owned())).cloned().unwrap_or_default();
        found.iter().filter_map(|index| self.tables.get(table)?.get(*index).cloned()).collect()
    }

    /// A row belongs to an entry of ours.
    pub fn own(&mut self, table: &str, row: &Row, owner: &str) {
        let place = Place { table: table.to_owned(), row: row.number };
        if self.settled.insert(place.clone()) {
            self.owned.push((place, owner.to_owned()));
        }
    }

    /// The entry that the rows from this one on belong to does not come in: they are nobody's again, and are kept aside with it.
    pub fn disown(&mut self, from: usize) {
        for (place, _) in self.owned.split_off(from) {
            self.settled.remove(&place);
        }
    }

    /// What rows of some tables name of a table, by table and column, and the package does not hold.
    #[must_use]
    pub fn named(&self, table: &str, by: &[(&str, &str)]) -> BTreeSet<String> {
        let held: BTreeSet<&String> = self.tables.get(table).into_iter().flatten().filter_map(|row| row.cells.get("id")).collect();
        let named = by.iter().flat_map(|(by, column)| self.tables.get(*by).into_iter().flatten().filter_map(|row| row.cells.get(*column)));
        named.filter(|id| !held.contains(id)).cloned().collect()
    }

    /// Our id for theirs: a uuid stays what it is, anything else becomes one of the source, the table and what stood there.
    #[must_use]
    pub fn id(&self, table: &str, theirs: &str) -> String {
        uuid::Uuid::try_parse(theirs.trim()).map_or_else(|_| derived(&self.source, table, theirs.trim()), |id| id.to_string())
    }

    /// Says something about a value of a row.
    pub fn remark(&mut self, kind: Kind, at: &Place, column: &str, value: &str, fault: &Fault) {
        if kind != Kind::Adapted {
            self.settled.insert(at.clone());
        }
        self.report.remarks.push(Remark::new(kind, at, column, value, fault));
    }

    /// Says that a value was changed, and why.
    pub fn adapted(&mut self, table: &str, row: &Row, column: &str, reason: &'static str) {
        let value = row.cells.get(column).cloned().unwrap_or_default();
        self.remark(Kind::Adapted, &Place { table: table.to_owned(), row: row.number }, column, &value, &Fault::new(column, reason));
    }

    /// Says that a value was changed, and why, without the value: it may be somebody's own.
    pub fn adapted_unsaid(&mut self, table: &str, row: &Row, column: &str, reason: &'static str) {
        self.remark(Kind::Adapted, &Place { table: table.to_owned(), row: row.number }, column, "", &Fault::new(column, reason));
    }

    /// Keeps a row aside.
    pub fn hold(&mut self, table: &str, row: &Row, column: &str, reason: &'static str) {
        let value = row.cells.get(column).cloned().unwrap_or_default();
        self.remark(Kind::HeldBack, &Place { table: table.to_owned(), row: row.number }, column, &value, &Fault::new(column, reason));
    }

    /// The id of a row, where it has one that did not come before in its table; else the row is kept aside.
    pub fn identified(&mut self, table: &str, row: &Row) -> Option<String> {
        let Some(id) = row.cells.get("id").cloned() else {
            self.hold(table, row, "id", "hsds_id");
            return None;
        };
        if !self.identified.insert((table.to_owned(), id.clone())) {
            self.hold(table, row, "id", "hsds_twice");
            return None;
        }
        Some(id)
    }

    /// The rows that did not come in, whatever they belong to.
    #[must_use]
    pub fn left_out(&self) -> BTreeSet<Place> {
        let left = self.report.remarks.iter().filter(|remark| remark.kind != Kind::Adapted);
        left.map(|remark| Place { table: remark.table.clone(), row: remark.row }).collect()
    }

    /// What nothing has claimed at the end names something that is not there, or did not come in.
    pub fn settle(&mut self) {
        let tables: Vec<String> = self.tables.keys().cloned().collect();
        for table in tables {
            let shared = SHARED.contains(&table.as_str());
            for row in self.of(&table) {
                let place = Place { table: table.clone(), row: row.number };
                if shared || self.settled.contains(&place) {
                    continue;
                }
                let column = named(&row);
                self.hold(&table, &row, &column, "hsds_orphan");
            }
        }
    }

    /// The rows that are kept aside, as they came.
    #[must_use]
    pub fn aside(&self) -> Vec<(Remark, BTreeMap<String, String>)> {
        let held = self.report.remarks.iter().filter(|remark| remark.kind == Kind::HeldBack);
        held.map(|remark| {
            let row = self.tables.get(&remark.table).and_then(|rows| rows.iter().find(|row| row.number == remark.row));
            (remark.clone(), row.map(|row| row.cells.clone()).unwrap_or_default())
        })
        .collect()
    }
}

/// The column by which a row says whose it is.
fn named(row: &Row) -> String {
    let columns =
        ["organization_id", "service_id", "service_at_location_id", "location_id", "link_id", "phone_id", "contact_id", "resource_id"];
    columns.into_iter().find(|column| row.cells.contains_key(*column)).unwrap_or("*").to_owned()
}
