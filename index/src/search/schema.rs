//! The fields of the index, and how an entry becomes a document.
//!
//! Text is folded and cut into bigrams, one field for each weight. Documents are sorted by place:
//! the grid row of 0.05 degrees, then longitude, so that "this term near this point" is a seek in
//! a posting list between two document numbers. The entry itself is stored whole, so that the
//! catalogue can be filled from the index alone.

use tantivy::{
    IndexSettings, TantivyDocument, Term,
    index::{IndexSortByField, Order},
    schema::{BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions, Value},
    tokenizer::TokenizerManager,
};

use super::hits;
use crate::{
    code::{Area, TermCode},
    entry::Entry,
    place::{Gazetteer, Wgs84},
    rule::Residence,
    text::{bigram::Bigrams, fold},
};

/// Raised whenever documents written before can no longer be read.
pub(super) const VERSION: u32 = 2;
/// Degrees of one grid row.
pub(super) const ROW_DEGREES: f64 = 0.05;
/// Edges of the cells of the three levels, in degrees.
pub(super) const CELL_DEGREES: [f64; 3] = [0.02, 0.1, 0.5];
/// Sort key of what has no place.
pub(super) const NOWHERE: u64 = u64::MAX;

/// Handles of the fields.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// Text by weight, heaviest first, with what it is.
    pub(super) texts: [(Field, hits::Field, f32); 4],
    /// Id of the service: what is deleted by.
    pub(super) service: Field,
    /// Terms and their groups.
    pub(super) term: Field,
    /// `term@area` and `term^area`: see [`area_terms`].
    pub(super) area: Field,
    /// Cells of the three levels.
    pub(super) cell: Field,
    /// The entry as JSON.
    entry: Field,
    key: Field,
    loc: Field,
    slot: Field,
}

impl Fields {
    pub(super) fn new() -> Self {
        let mut schema = Schema::builder();
        let indexed = |tokenizer: &str, record| {
            let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let text = || indexed("bigram", IndexRecordOption::WithFreqsAndPositions);
        let raw = || indexed("raw", IndexRecordOption::Basic);
        let fast = || NumericOptions::default().set_fast();
        let texts = [
            (schema.add_text_field("name", text()), hits::Field::Name, 4.0),
            (schema.add_text_field("organization", text()), hits::Field::Organization, 3.0),
            (schema.add_text_field("alternate_name", text()), hits::Field::AlternateName, 2.5),
            (schema.add_text_field("description", text()), hits::Field::Description, 1.0),
        ];
        let service = schema.add_text_field("service", raw());
        let term = schema.add_text_field("term", raw());
        let area = schema.add_text_field("area", raw());
        let cell = schema.add_text_field("cell", raw());
        let entry = schema.add_bytes_field("entry", BytesOptions::default().set_stored());
        let key = schema.add_u64_field("key", fast());
        let loc = schema.add_u64_field("loc", fast());
        let slot = schema.add_u64_field("slot", fast());
        Self { schema: schema.build(), texts, service, term, area, cell, entry, key, loc, slot }
    }

    pub(super) fn settings() -> IndexSettings {
        let sort_by_field = Some(IndexSortByField { field: "key".to_owned(), order: Order::Asc });
        IndexSettings { sort_by_field, ..IndexSettings::default() }
    }

    pub(super) fn tokenizers() -> TokenizerManager {
        let manager = TokenizerManager::default();
        manager.register("bigram", Bigrams);
        manager
    }

    /// The document of an entry at a slot of the catalogue.
    pub(super) fn document(&self, entry: &Entry, json: &[u8], point: Option<Wgs84>, slot: u32) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        for (field, kind, _) in &self.texts {
            for text in texts_of(entry, *kind) {
                document.add_text(*field, fold(text));
            }
        }
        document.add_text(self.service, entry.service.as_str());
        let areas = area_terms(entry, point.is_some());
        for term in posting_terms(&entry.terms) {
            document.add_text(self.term, &term);
            for area in &areas {
                document.add_text(self.area, format!("{term}{area}"));
            }
        }
        for area in areas {
            document.add_text(self.area, area);
        }
        for (level, cell) in point.into_iter().flat_map(cells) {
            document.add_text(self.cell, cell_term(level, cell));
        }
        document.add_bytes(self.entry, json);
        document.add_u64(self.key, point.map_or(NOWHERE, key));
        document.add_u64(self.loc, point.map_or(NOWHERE, pack));
        document.add_u64(self.slot, u64::from(slot));
        document
    }

    /// The entry stored in a document.
    pub(super) fn entry(&self, document: &TantivyDocument) -> Option<Entry> {
        let json = document.get_first(self.entry)?.as_bytes()?;
        serde_json::from_slice(json).ok()
    }

    pub(super) fn raw(field: Field, text: &str) -> Term {
        Term::from_field_text(field, text)
    }
}

/// The texts of an entry in one field.
pub(super) fn texts_of(entry: &Entry, field: hits::Field) -> Vec<&str> {
    match field {
        hits::Field::Name => vec![&entry.name],
        hits::Field::Organization => vec![&entry.organization_name],
        hits::Field::AlternateName => entry.alternate_names.iter().map(String::as_str).collect(),
        hits::Field::Description => vec![&entry.description],
    }
}

/// Where an entry is held to be: a hidden address is taken at the seat of its county.
pub(super) fn shown_point(entry: &Entry, gazetteer: &Gazetteer) -> Option<Wgs84> {
    if entry.point_hidden {
        return entry.division.as_ref().and_then(|division| gazetteer.seat(&division.county()));
    }
    let point = entry.point?;
    Wgs84::new(point.longitude, point.latitude)
}

/// The terms and their groups, each once.
pub(super) fn with_groups(terms: &[TermCode]) -> Vec<&str> {
    let mut all: Vec<&str> = terms.iter().flat_map(|term| [term.as_str(), term.group()]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The terms an entry is posted under: its own, their groups, and `PSY=` where it names the group
/// itself rather than a leaf.
fn posting_terms(terms: &[TermCode]) -> Vec<String> {
    let named = terms.iter().filter(|term| !term.is_leaf()).map(group_itself);
    with_groups(terms).into_iter().map(str::to_owned).chain(named).collect()
}

/// The posting of entries that name a group itself.
pub(crate) fn group_itself(group: &TermCode) -> String {
    format!("{group}=")
}

/// How an entry can be found by area: `@x` where it is given to all of x, `^x` where it is given to
/// a part of x, `@-` where it is not stated and no point finds it either, and `@~` where the family
/// need not travel.
fn area_terms(entry: &Entry, has_point: bool) -> Vec<String> {
    let mut terms: Vec<String> = entry.areas.iter().map(|area| format!("@{area}")).collect();
    for division in entry.areas.iter().filter_map(Area::division) {
        terms.extend(division.upwards().skip(1).map(|wider| format!("^{wider}")));
    }
    if entry.areas.is_empty() && !has_point {
        terms.push("@-".to_owned());
    }
    if entry.comes() {
        terms.push("@~".to_owned());
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The terms by which everything that may serve a place is found.
pub(super) fn serving_terms(residence: &Residence) -> Vec<String> {
    let mut terms: Vec<String> = residence.division.upwards().map(|code| format!("@{code}")).collect();
    terms.push(format!("^{}", residence.division));
    terms.extend(residence.zones.iter().chain(&residence.partly).map(|zone| format!("@zone:{zone}")));
    terms.push("@-".to_owned());
    terms.push("@~".to_owned());
    terms
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "degrees are in range")]
fn micro(degrees: f64, offset: f64) -> u32 {
    ((degrees + offset) * 1e6).round() as u32
}

/// The grid row of a latitude.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "degrees are in range")]
pub(super) fn row(latitude: f64) -> u32 {
    ((latitude + 90.0) / ROW_DEGREES).floor() as u32
}

/// Row and longitude: what documents are sorted by.
pub(super) fn key(point: Wgs84) -> u64 {
    row_key(row(point.latitude), point.longitude)
}

/// The key of a longitude in a row.
pub(super) fn row_key(row: u32, longitude: f64) -> u64 {
    u64::from(row) << 32 | u64::from(micro(longitude, 180.0))
}

/// A point in one number, to a tenth of a metre.
pub(super) fn pack(point: Wgs84) -> u64 {
    u64::from(micro(point.latitude, 90.0)) << 32 | u64::from(micro(point.longitude, 180.0))
}

/// The point of a packed number.
pub(super) fn unpack(loc: u64) -> Option<Wgs84> {
    let half = |bits: u64| f64::from(u32::try_from(bits & 0xffff_ffff).unwrap_or(0)) / 1e6;
    (loc != NOWHERE).then(|| Wgs84 { longitude: half(loc) - 180.0, latitude: half(loc >> 32) - 90.0 })
}

/// The cells that hold a point, one a level.
fn cells(point: Wgs84) -> impl Iterator<Item = (usize, (u32, u32))> {
    CELL_DEGREES.into_iter().enumerate().map(move |(level, edge)| (level, cell(point, edge)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "degrees are in range")]
pub(super) fn cell(point: Wgs84, edge: f64) -> (u32, u32) {
    (((point.latitude + 90.0) / edge).floor() as u32, ((point.longitude + 180.0) / edge).floor() as u32)
}

pub(super) fn cell_term(level: usize, (row, column): (u32, u32)) -> String {
    format!("{level}/{row}/{column}")
}

/// How far north and east a radius reaches, in degrees.
pub(super) fn reach(point: Wgs84, radius_km: f64) -> (f64, f64) {
    // A little more than the sphere's 111.19 km a degree, so that no edge is lost.
    let north = radius_km / 111.0 + 1e-5;
    let widest = (point.latitude.abs() + north).min(85.0).to_radians().cos();
    (north, north / widest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_survives_packing_to_a_tenth_of_a_metre() {
        let point = Wgs84::new(118.791_491, 32.061_642).unwrap();
        let back = unpack(pack(point)).unwrap();
        assert!(point.distance_km(back) < 0.000_1);
        assert_eq!(unpack(NOWHERE), None);
    }

    #[test]
    fn keys_sort_by_row_then_longitude() {
        let at = |longitude, latitude| key(Wgs84::new(longitude, latitude).unwrap());
        assert!(at(120.0, 32.01) < at(118.0, 32.06));
        assert!(at(118.0, 32.04) < at(118.1, 32.01));
    }
}
