//! `service` and `service_at_location`: the text a registrar last saw, at the places the public may know.

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::Rule;
use lianjie_index::entry::{Audience, Fee};
use lianjie_index::rule::Test;
use serde_json::{Number, Value};

use super::super::confirmed::{self, Confirmed};
use super::super::object::{Object, derived};
use super::super::terms::{AUDIENCE, DELIVERY, FEE, NEED, PAYER, Terms, UNIT};
use super::organization::{location, phones, program};
use super::{organization_compact, schedule};
use crate::calendar::model::Calendar;
use crate::clock;
use crate::division::model::Divisions;
use crate::organization::store::name_of;
use crate::search::Words;
use crate::service::law::is_licensed;
use crate::service::model::{Checked, FeeRow, Offering, Place, Service};

/// What is needed to write: names, terms, days.
pub struct Written<'a> {
    /// The taxonomies.
    pub terms: &'a Terms,
    /// Names in Chinese.
    pub words: &'a Words,
    /// Divisions.
    pub divisions: &'a Divisions,
    /// Holidays and school terms.
    pub calendar: &'a Calendar,
    /// The day.
    pub today: Date,
}

/// What belongs to a service beside its offerings.
#[derive(Debug, Default)]
pub struct Posted {
    /// Places, at all its sites.
    pub places: Vec<Place>,
    /// Fees with their ids.
    pub fees: Vec<FeeRow>,
    /// When anything of it last changed.
    pub modified: Option<Timestamp>,
    /// Its facts that were confirmed.
    pub confirmed: Vec<Confirmed>,
}

/// The text that is public: what was checked, while an edit waits.
fn text(service: &Service) -> Checked {
    service.checked.as_ref().filter(|_| service.unchecked).map_or_else(|| service.to_checked(), Clone::clone)
}

/// Id, and when it last changed; name and status, which the standard asks of every service.
#[must_use]
pub fn minimal(offering: &Offering, posted: &Posted) -> Object {
    Object::new(offering.service.id.as_str())
        .with("name", text(&offering.service).name)
        .with("status", status(&offering.service))
        .maybe("last_modified", posted.modified.map(clock::stored))
}

/// The status in the words of the standard.
fn status(service: &Service) -> String {
    name_of(&service.status).replace('_', " ")
}

/// A service by itself, with whose it is.
#[must_use]
pub fn compact(offering: &Offering, posted: &Posted, written: &Written) -> Object {
    let service = &offering.service;
    let text = text(service);
    let (youngest, oldest) = text.eligibility.as_ref().map(ages).unwrap_or_default();
    let fees: Vec<String> = posted.fees.iter().map(|row| fee_words(&row.fee, written.words)).collect();
    Object::new(service.id.as_str())
        .with("organization_id", service.organization.as_str())
        .maybe("program_id", service.program.as_ref().map(|id| id.to_string()))
        .with("name", text.name)
        .maybe("description", Some(text.description))
        .with("status", status(service))
        .maybe("application_process", Some(service.application.as_str()))
        .maybe("fees_description", Some(fees.join("；")))
        .maybe("eligibility_description", text.eligibility.as_ref().map(|rule| written.words.rule(rule)))
        .maybe("minimum_age", youngest.and_then(years))
        .maybe("maximum_age", oldest.and_then(years))
        .maybe("assured_date", service.assured_at.map(|day| day.to_string()))
        .maybe("last_modified", posted.modified.map(clock::stored))
        .one("organization", Some(organization_compact(&offering.organization)))
        .one("program", offering.program.as_ref().map(|one| program(one, &offering.organization, written.terms)))
}

/// A service with all that belongs to it, at all places the public may know.
#[must_use]
pub fn full(offerings: &[Offering], posted: &Posted, written: &Written) -> Option<Object> {
    let first = offerings.first()?;
    let service = &first.service;
    let id = service.id.as_str();
    let at_places = sites(offerings, written).into_iter().map(|(_, site)| site).collect();
    let anywhere = offerings.iter().filter(|one| one.location.is_none());
    let areas = anywhere.flat_map(|one| areas(id, one, written));
    let languages = service
        .languages
        .iter()
        .map(|name| Object::new(derived(id, "language", name)).with("name", name.as_str()).maybe("code", language_code(name)));
    let documents = service.documents.iter().map(|name| Object::new(derived(id, "document", name)).with("document", name.as_str()));
    let funding = first.program.iter().filter(|one| !one.funder.is_empty());
    let funding = funding.map(|one| Object::new(derived(id, "funding", one.id.as_str())).with("source", one.funder.as_str()));
    let place = &first.organization.division;
    Some(
        compact(first, posted, written)
            .maybe("licenses", Some(licences(first, written)))
            .list("phones", phones(id, &first.organization, written.terms))
            .list("schedules", schedule::rows(id, &service.schedule, written.calendar, place, written.today, written.terms))
            .list("service_areas", once(areas))
            .list("service_at_locations", at_places)
            .list("languages", languages.collect())
            .list("funding", funding.collect())
            .list("cost_options", posted.fees.iter().map(|row| cost_option(row, written)).collect())
            .list("required_documents", documents.collect())
            .list("capacities", posted.places.iter().map(|place| capacity(place, offerings, written)).collect())
            .list("attributes", attributes(service, posted, written)),
    )
}

/// The places a service is given at, each with the offering it is of.
#[must_use]
pub fn sites<'a>(offerings: &'a [Offering], written: &Written) -> Vec<(&'a Offering, Object)> {
    let at_places = offerings.iter().filter_map(|offering| {
        let place = offering.location.as_ref()?;
        let id = offering.site.id.as_str();
        let site = Object::new(id)
            .with("service_id", offering.service.id.as_str())
            .with("location_id", place.id.as_str())
            .list("service_areas", areas(id, offering, written))
            .one("location", Some(location(place, written.terms, written.divisions)));
        Some((offering, site))
    });
    at_places.collect()
}

fn areas(parent: &str, offering: &Offering, written: &Written) -> Vec<Object> {
    let areas = offering.site.areas.iter().map(|area| {
        Object::new(derived(parent, "area", area.as_str()))
            .with("name", written.words.area(area))
            .with("extent", area.as_str())
            .with("extent_type", "division")
    });
    areas.collect()
}

fn once(objects: impl Iterator<Item = Object>) -> Vec<Object> {
    let mut found: Vec<Object> = Vec::new();
    for object in objects {
        if found.iter().all(|known| known.id() != object.id()) {
            found.push(object);
        }
    }
    found
}

fn attributes(service: &Service, posted: &Posted, written: &Written) -> Vec<Object> {
    let (id, terms) = (service.id.as_str(), written.terms);
    let text = text(service);
    let needs = text.terms.iter().map(|term| terms.attribute(id, &NEED, term.as_str(), "need", None));
    let delivery = service.delivery.iter().map(|way| terms.attribute(id, &DELIVERY, &name_of(way), "delivery", None));
    let facts = [
        text.eligibility.as_ref().and_then(|rule| terms.fact(id, "eligibility", rule_text(rule))),
        service.wait_days.and_then(|days| terms.fact(id, "wait_days", days)),
        service.travel_free.then(|| terms.fact(id, "travel_free", "true")).flatten(),
    ];
    let licensed = text.terms.iter().filter(|term| is_licensed(term)).filter_map(|term| terms.fact(id, "licence", term.as_str()));
    let confirmed = confirmed::attributes(id, &posted.confirmed, terms);
    needs.chain(delivery).flatten().chain(facts.into_iter().flatten()).chain(licensed).chain(confirmed).collect()
}

/// What of a service only bodies of certain kinds may offer by law, and of which kind the one is that offers it; empty where it needs no
/// licence.
fn licences(offering: &Offering, written: &Written) -> String {
    let text = text(&offering.service);
    let licensed: Vec<String> =
        text.terms.iter().filter(|term| is_licensed(term)).map(|term| format!("{}（{term}）", written.words.term(term))).collect();
    if licensed.is_empty() {
        return String::new();
    }
    format!("依法须有相应资质：{}；提供机构的类别：{}", licensed.join("、"), written.words.kind(&offering.organization.kind))
}

fn rule_text(rule: &Rule) -> Value {
    serde_json::to_value(rule).unwrap_or_default()
}

fn cost_option(row: &FeeRow, written: &Written) -> Object {
    let (id, fee, terms) = (row.id.as_str(), &row.fee, written.terms);
    let audience = match &fee.audience {
        Audience::Category(code) => code.to_string(),
        other => other.to_string(),
    };
    let attributes = [
        terms.attribute(id, &AUDIENCE, &audience, "audience", None),
        terms.attribute(id, &FEE, &name_of(&fee.level), "fee", None),
        fee.unit.as_deref().and_then(|unit| terms.attribute(id, &UNIT, unit, "unit", None)),
        fee.payer.and_then(|payer| terms.attribute(id, &PAYER, &name_of(&payer), "payer", None)),
        fee.quota.and_then(|quota| terms.fact(id, "quota", quota)),
    ];
    Object::new(id)
        .maybe("valid_from", fee.valid_from.map(|day| day.to_string()))
        .maybe("valid_to", fee.valid_to.map(|day| day.to_string()))
        .with("option", written.words.audience(&fee.audience))
        .with("currency", "CNY")
        .maybe("amount", fee.amount_fen.and_then(yuan))
        .with("amount_description", fee_words(fee, written.words))
        .list("attributes", attributes.into_iter().flatten().collect())
}

fn fee_words(fee: &Fee, words: &Words) -> String {
    let parts = [words.audience(&fee.audience), words.level(fee.level), words.amount(fee)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn capacity(place: &Place, offerings: &[Offering], written: &Written) -> Object {
    let (id, terms) = (place.id.as_str(), written.terms);
    let term = place.term_from.map(|from| format!("{from}/{}", place.term_to.map(|to| to.to_string()).unwrap_or_default()));
    // What is given at no location has no row of its own there.
    let is_told = offerings.iter().any(|one| one.site.id == place.service_at_location && one.location.is_some());
    let site = is_told.then(|| terms.fact(id, "site", place.service_at_location.as_str())).flatten();
    let facts = [site, term.and_then(|term| terms.fact(id, "term", term))];
    let unit = Object::new(derived("unit", "unit", "place")).with("name", "名额");
    Object::new(id)
        .with("available", place.free())
        .with("maximum", place.capacity)
        .with("updated", clock::stored(place.as_of))
        .one("unit", Some(unit))
        .list("attributes", facts.into_iter().flatten().collect())
}

/// The youngest and the oldest a rule lets in, in months; what an "or" leaves open is not said.
#[must_use]
pub fn ages(rule: &Rule) -> (Option<u16>, Option<u16>) {
    match rule {
        Rule::Atom(atom) => match atom.test {
            Test::AgeMonths(from, to) => (from, to),
            _ => (None, None),
        },
        Rule::All(parts) => parts.iter().map(ages).fold((None, None), |known, part| (known.0.max(part.0), least(known.1, part.1))),
        Rule::Any(_) | Rule::Not(_) | Rule::AtLeast(..) => (None, None),
    }
}

fn least(one: Option<u16>, other: Option<u16>) -> Option<u16> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Months as years; whole ones without decimals.
fn years(months: u16) -> Option<Number> {
    if months.is_multiple_of(12) {
        Some(Number::from(months / 12))
    } else {
        Number::from_f64((f64::from(months) / 12.0 * 100.0).round() / 100.0)
    }
}

/// Fen as yuan; whole ones without decimals.
fn yuan(fen: i64) -> Option<Number> {
    if fen % 100 == 0 {
        return Some(Number::from(fen / 100));
    }
    i32::try_from(fen).ok().and_then(|fen| Number::from_f64(f64::from(fen) / 100.0))
}

/// The ISO 639 code of a language, where it has one.
fn language_code(name: &str) -> Option<&'static str> {
    Some(match name {
        "普通话" | "江淮官话" | "中原官话" => "cmn",
        "吴语" => "wuu",
        "粤语" => "yue",
        "英语" => "en",
        "手语" | "中国手语" => "csl",
        "维吾尔语" => "ug",
        "藏语" => "bo",
        "朝鲜语" => "ko",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_of_all_parts_count_and_an_or_says_nothing() {
        let age = |from, to| Rule::test(Test::AgeMonths(from, to));
        assert_eq!(ages(&Rule::All(vec![age(Some(36), None), age(None, Some(203))])), (Some(36), Some(203)));
        assert_eq!(ages(&Rule::Any(vec![age(Some(36), None), age(None, Some(203))])), (None, None));
        assert_eq!(years(203).unwrap().to_string(), "16.92");
        assert_eq!(years(36).unwrap().to_string(), "3");
    }
}
