//! `phone`: numbers of an organization, of its locations and of its services.

use super::attributes::Attributes;
use super::entry::IncomingOrganization;
use super::rows::Rows;
use super::service::append;
use super::source::Row;
use crate::organization::model::Organization;
use crate::organization::phone;

/// The phones of an organization as they are read.
#[derive(Debug, Default)]
pub struct Phones {
    /// All of them.
    pub all: Vec<String>,
    /// Those that are mobile and said to be the office's.
    pub office: Vec<String>,
}

impl Phones {
    /// Adds a row's numbers that are new; whether there were any. A mobile number that is not said to be the office's is remarked.
    pub fn add(&mut self, rows: &mut Rows, attributes: &Attributes, row: &Row, owner: &str) -> bool {
        let is_office = is_office(rows, attributes, row, owner);
        let mut added = false;
        for number in numbers(rows, row) {
            if self.all.contains(&number) {
                continue;
            }
            if phone::is_mobile(&number) {
                if is_office {
                    self.office.push(number.clone());
                } else {
                    rows.adapted_unsaid("phone", row, "number", "hsds_private_phone");
                }
            }
            self.all.push(number);
            added = true;
        }
        added
    }
}

/// Whether a row says that its number is the office's.
pub fn is_office(rows: &mut Rows, attributes: &Attributes, row: &Row, owner: &str) -> bool {
    let id = row.cells.get("id").cloned().unwrap_or_default();
    attributes.of(rows, "phone", &id, owner).fact("office").is_some()
}

/// The numbers of a row, with their extension; one that is none is remarked.
pub fn numbers(rows: &mut Rows, row: &Row) -> Vec<String> {
    let said = row.cells.get("number").map(String::as_str).unwrap_or_default();
    let extension = row.cells.get("extension").map(|digits| digits.trim_end_matches(".0"));
    let extended = |number: &str| extension.map_or_else(|| number.to_owned(), |digits| format!("{number}转{digits}"));
    if phone::is_phone(&extended(said)) {
        return vec![extended(said)];
    }
    let several: Vec<String> = phone::several(&said.replace('.', "-")).iter().map(|number| extended(number)).collect();
    let (good, bad): (Vec<String>, Vec<String>) = several.into_iter().partition(|number| phone::is_phone(number));
    if !bad.is_empty() || good.is_empty() {
        rows.adapted("phone", row, "number", "hsds_phone");
    }
    good
}

/// A location has no phone of its own here: its organization has it.
pub fn take_phones(rows: &mut Rows, attributes: &Attributes, location: &str, organization: &mut IncomingOrganization) {
    if organization.stored {
        return rows.leave("phone", "location_id", location);
    }
    let own = &mut organization.organization;
    let mut phones = Phones { all: std::mem::take(&mut own.phones), office: std::mem::take(&mut own.office_phones) };
    for row in rows.within("phone", "location_id", location, own.id.as_str()) {
        if phones.add(rows, attributes, &row, own.id.as_str()) {
            rows.adapted("phone", &row, "location_id", "hsds_phone_moved");
        }
    }
    (own.phones, own.office_phones) = (phones.all, phones.office);
}

/// A phone of a service stands behind its description, unless its organization has it. There anybody may read it: a mobile number that
/// is not said to be the office's is left out.
pub fn phone_words(rows: &mut Rows, attributes: &Attributes, row: &Row, (owner, whose): (&str, &Organization), description: &mut String) {
    let is_office = is_office(rows, attributes, row, owner);
    for number in numbers(rows, row) {
        if whose.phones.iter().any(|known| phone::is_same(known, &number)) {
            continue;
        }
        if phone::is_mobile(&number) && !is_office {
            rows.adapted_unsaid("phone", row, "number", "hsds_private_phone");
            continue;
        }
        append(description, "电话", &number);
    }
}
