//! Values of filters, numbered, so that counting them is adding to a list.

use std::collections::HashMap;

use super::{
    hits::{Count, Facets},
    query::Dimension,
};
use crate::{
    code::{Area, CategoryCode, DivisionCode},
    entry::{Entry, FeeLevel, fee::HARDSHIP},
    place::Gazetteer,
    rule::{Facts, Rule, Verdict},
    search::schema,
};

/// The number of a value.
pub(super) type ValueId = u16;

/// All values seen, in the order they were first seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    rows: Vec<(Dimension, Box<str>)>,
    ids: HashMap<(Dimension, Box<str>), ValueId>,
}

/// Ages that are counted: each year, by its first month.
const YEARS: std::ops::RangeInclusive<u16> = 0..=17;
/// Radii that are counted.
const RADII_KM: [u32; 5] = [3, 5, 10, 20, 50];
/// Days since confirmation that are counted.
const FRESH_DAYS: [u32; 4] = [14, 90, 180, 365];
/// Categories a child can have, beside those of hardship.
const OTHERS: [&str; 2] = ["MIGRANT", "GENERAL"];

impl Values {
    /// The number a value has.
    pub(super) fn known(&self, dimension: Dimension, value: &str) -> Option<ValueId> {
        self.ids.get(&(dimension, Box::from(value))).copied()
    }

    /// The number of a value, a new one where it has none; none when there are more than a directory can have.
    pub(super) fn id(&mut self, dimension: Dimension, value: &str) -> Option<ValueId> {
        if let Some(id) = self.ids.get(&(dimension, Box::from(value))) {
            return Some(*id);
        }
        let id = ValueId::try_from(self.rows.len()).ok()?;
        self.rows.push((dimension, value.into()));
        self.ids.insert((dimension, value.into()), id);
        Some(id)
    }

    /// The values an entry has, whatever the query.
    pub(super) fn of(&mut self, entry: &Entry, gazetteer: &Gazetteer) -> Box<[ValueId]> {
        let mut found: Vec<(Dimension, String)> = Vec::new();
        let mut add = |dimension, value: &str| found.push((dimension, value.to_owned()));
        for term in schema::with_groups(&entry.terms) {
            add(Dimension::Terms, term);
        }
        add(Dimension::Kinds, &entry.kind);
        for way in &entry.delivery {
            add(Dimension::Delivery, &wire(way));
        }
        for language in &entry.languages {
            add(Dimension::Languages, language);
        }
        for feature in &entry.accessibility {
            add(Dimension::Accessibility, feature);
        }
        for months in YEARS.map(|year| year * 12).filter(|months| allows_age(entry, *months)) {
            add(Dimension::AgeMonths, &months.to_string());
        }
        for code in HARDSHIP.iter().chain(&OTHERS) {
            if code.parse().is_ok_and(|code| allows_category(entry, &code)) {
                add(Dimension::Categories, code);
            }
        }
        for code in served(entry, gazetteer) {
            add(Dimension::Areas, &code);
        }
        let ids = found.iter().filter_map(|(dimension, value)| self.id(*dimension, value));
        let mut ids: Vec<ValueId> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into()
    }
}

/// The name a value has on the wire.
pub(super) fn wire(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

/// Whether an age alone does not exclude.
pub(super) fn allows_age(entry: &Entry, months: u16) -> bool {
    let facts = Facts { age_months: Some(months), ..Facts::default() };
    allows(entry.eligibility.as_ref(), &facts)
}

/// Whether a category alone does not exclude.
pub(super) fn allows_category(entry: &Entry, code: &CategoryCode) -> bool {
    let facts = Facts { categories: Some([code.clone()].into()), ..Facts::default() };
    allows(entry.eligibility.as_ref(), &facts)
}

fn allows(rule: Option<&Rule>, facts: &Facts) -> bool {
    rule.is_none_or(|rule| rule.verdict(facts) != Verdict::No)
}

/// Prefectures, counties and zones that an entry is given to or stands in.
fn served(entry: &Entry, gazetteer: &Gazetteer) -> Vec<String> {
    let of_areas: Vec<DivisionCode> = entry.areas.iter().flat_map(|area| gazetteer.members(area)).collect();
    let mut codes: Vec<String> = Vec::new();
    for zone in gazetteer.zones() {
        let given = |member: &DivisionCode| of_areas.iter().any(|own| own.contains(member) || member.contains(own));
        let stands = |member: &DivisionCode| entry.division.as_ref().is_some_and(|division| member.contains(division));
        if zone.members.iter().any(|member| given(member) || stands(member)) {
            codes.push(format!("zone:{}", zone.id));
        }
    }
    for division in of_areas.into_iter().chain(entry.division.clone()) {
        codes.extend(division.upwards().filter(|code| matches!(code.len(), 4 | 6)).map(str::to_owned));
    }
    for division in entry.areas.iter().filter_map(Area::division) {
        codes.extend(gazetteer.below(&division).map(ToString::to_string));
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Counting under way.
pub(super) struct Counter {
    counts: Vec<usize>,
    /// The bit of each value's kind of filter, where a value more gives more; none where all that are ticked must hold.
    bits: Vec<u16>,
    values: Values,
    own: Own,
}

/// Numbers of the values that depend on the query.
#[derive(Default)]
pub(super) struct Own {
    /// By fee level, lowest first.
    pub(super) fees: Vec<ValueId>,
    pub(super) has_place: Option<ValueId>,
    pub(super) open: Option<ValueId>,
    pub(super) radii: Vec<(f64, ValueId)>,
    pub(super) fresh: Vec<(i64, ValueId)>,
}

impl Counter {
    pub(super) fn new(values: &Values) -> Self {
        let mut values = values.clone();
        let own = Own {
            fees: FeeLevel::ALL.iter().filter_map(|level| values.id(Dimension::Fee, &wire(level))).collect(),
            has_place: values.id(Dimension::HasPlace, "true"),
            open: values.id(Dimension::OpenAt, "true"),
            radii: RADII_KM.iter().filter_map(|km| Some((f64::from(*km), values.id(Dimension::WithinKm, &km.to_string())?))).collect(),
            fresh: FRESH_DAYS
                .iter()
                .filter_map(|days| Some((i64::from(*days), values.id(Dimension::FreshDays, &days.to_string())?)))
                .collect(),
        };
        let bits = |(dimension, _): &(Dimension, Box<str>)| if *dimension == Dimension::Accessibility { 0 } else { dimension.bit() };
        let bits = values.rows.iter().map(bits).collect();
        Self { counts: vec![0; values.rows.len()], bits, values, own }
    }

    pub(super) fn own(&self) -> &Own {
        &self.own
    }

    /// Counts an entry under its values, but for those that another kind of filter speaks against.
    pub(super) fn count(&mut self, failed: u16, ids: &[ValueId]) {
        for id in ids {
            let id = usize::from(*id);
            self.counts[id] += usize::from(failed & !self.bits[id] == 0);
        }
    }

    /// The counts that are not zero, the greatest first; numbers in their own order.
    pub(super) fn finish(self) -> Facets {
        let mut facets = Facets::new();
        for ((dimension, value), count) in self.values.rows.into_iter().zip(self.counts) {
            if count > 0 {
                facets.entry(dimension).or_default().push(Count { value: value.into(), count });
            }
        }
        for (dimension, counts) in &mut facets {
            match dimension {
                Dimension::AgeMonths | Dimension::WithinKm | Dimension::FreshDays => {
                    counts.sort_by_key(|count| count.value.parse::<u32>().unwrap_or(u32::MAX));
                }
                _ => counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value))),
            }
        }
        facets
    }
}
