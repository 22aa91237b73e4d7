//! `service` with its sites, schedules, fees and places as an entry of ours.

use std::collections::HashMap;
use std::str::FromStr;

use jiff::Timestamp;
use lianjie_index::entry::{Audience, Delivery, Fee, FeeLevel};
use lianjie_index::{Area, Rule, TermCode};
use serde::de::DeserializeOwned;

use super::Known;
use super::adapt;
use super::attributes::Attributes;
use super::entry::{IncomingOrganization, IncomingService};
use super::organization::text;
use super::phone::phone_words;
use super::report::{self, Kind};
use super::rows::Rows;
use super::schedule::schedule;
use super::source::Row;
use crate::clock;
use crate::error::Fault;
use crate::id::{FeeId, LocationId, PlaceId, ProgramId, ServiceAtLocationId, ServiceId};
use crate::service::law::Offer;
use crate::service::model::{FeeRow, Place, Service, ServiceAtLocation, Status};

/// What a fee can be for.
const UNITS: [&str; 4] = ["visit", "hour", "month", "term"];
/// Most characters of a description.
const LONGEST: usize = 2_000;
/// What another directory says in words and has no field here: it stands behind the description.
const WORDS: [(&str, &str); 5] =
    [("alert", "提示"), ("interpretation_services", "口译"), ("accreditations", "资质"), ("licenses", "许可"), ("wait_time", "等待")];

/// What is there already when services are read.
pub struct Around<'a> {
    /// Organizations, by their id there.
    pub organizations: &'a HashMap<String, IncomingOrganization>,
    /// Locations, by their id there.
    pub locations: &'a HashMap<String, LocationId>,
    /// Attributes.
    pub attributes: &'a Attributes,
    /// When.
    pub at: Timestamp,
}

/// The services that come in.
pub fn services(rows: &mut Rows, known: &Known<'_>, around: &Around<'_>) -> Vec<IncomingService> {
    let mut found: Vec<IncomingService> = Vec::new();
    for row in rows.of("service") {
        let Some(theirs) = rows.identified("service", &row) else { continue };
        let Some(organization) = row.cells.get("organization_id").and_then(|id| around.organizations.get(id)) else {
            rows.hold("service", &row, "organization_id", "hsds_orphan");
            continue;
        };
        let Ok(id) = ServiceId::parse(&rows.id("service", &theirs)) else { continue };
        let name = text(rows, "service", &row, "name", 80);
        if name.chars().count() < 2 {
            rows.hold("service", &row, "name", "hsds_name");
            continue;
        }
        let before = rows.owned.len();
        rows.own("service", &row, id.as_str());
        let one = service(rows, known, around, &row, (&theirs, id), name, organization);
        let against = known.unlawful(&Offer::of(&organization.organization, &one.service));
        if against.is_empty() {
            found.push(one);
        } else {
            rows.disown(before);
            refuse(rows, &row, &against);
        }
    }
    found
}

/// Keeps a service aside that the law forbids: each reason once, with what it is about.
fn refuse(rows: &mut Rows, row: &Row, against: &[Fault]) {
    let at = report::Place { table: "service".to_owned(), row: row.number };
    for (reason, ours, column, fact) in
        [("licence", "hsds_licence", "organization_id", "term"), ("boot_camp", "hsds_boot_camp", "name", "word")]
    {
        let about = against.iter().filter(|fault| fault.reason == reason).flat_map(|fault| &fault.facts);
        let about: Vec<&str> = about.filter(|(name, _)| *name == fact).map(|(_, value)| value.as_str()).collect();
        if !about.is_empty() {
            rows.remark(Kind::HeldBack, &at, column, &about.join("、"), &Fault::new(column, ours));
        }
    }
}

fn service(
    rows: &mut Rows,
    known: &Known<'_>,
    around: &Around<'_>,
    row: &Row,
    (theirs, id): (&str, ServiceId),
    name: String,
    organization: &IncomingOrganization,
) -> IncomingService {
    let owner = id.as_str();
    let said = around.attributes.of(rows, "service", theirs, owner);
    let mut description = text(rows, "service", row, "description", LONGEST);
    let sites = sites(rows, around, theirs, &id);
    let schedule = schedule(rows, around, theirs, &id, &mut description);
    let eligibility = said.fact("eligibility").and_then(|rule| rule_of(&rule));
    eligibility_words(rows, row, theirs, owner, eligibility.is_some(), &mut description);
    let fees = fees(rows, around, theirs, &id);
    if (fees.is_empty() || around.attributes.is_foreign()) && row.cells.contains_key("fees_description") {
        append(&mut description, "收费", &text(rows, "service", row, "fees_description", 500));
    }
    if around.attributes.is_foreign() {
        for (column, what) in WORDS {
            append(&mut description, what, &text(rows, "service", row, column, 500));
        }
    }
    let (status, do_not_refer) = status(rows, row);
    let places = places(rows, around, theirs, &id, &sites);
    let languages = names(rows, ("language", &["name", "code"]), theirs, owner);
    let documents = names(rows, ("required_document", &["document"]), theirs, owner);
    let of_sites = rows.within("service_at_location", "service_id", theirs, owner);
    let of_sites = of_sites.iter().filter_map(|site| site.cells.get("id")).map(|site| ("service_at_location_id", site.as_str()));
    for (column, whose) in std::iter::once(("service_id", theirs)).chain(of_sites) {
        for row in rows.within("phone", column, whose, owner) {
            phone_words(rows, around.attributes, &row, (owner, &organization.organization), &mut description);
        }
    }
    // What another directory does not say is guessed; what we left out was not stated.
    let foreign = around.attributes.is_foreign();
    let mut needs = said.needs(rows, known.vocabulary);
    if needs.is_empty() && foreign {
        needs = guessed(rows, known, row, (&organization.organization.kind, &name, &description));
    }
    let delivery: Vec<Delivery> = said.codes("delivery:").filter_map(|code| named(&code)).collect();
    let usual = if sites.iter().any(|site| site.location.is_some()) { Delivery::Site } else { Delivery::Phone };
    if description.chars().count() > LONGEST {
        rows.adapted("service", row, "description", "hsds_long");
    }
    let program = row.cells.get("program_id").map(|program| rows.id("program", program));
    let program = program.filter(|id| organization.programs.iter().any(|one| one.id.as_str() == id));
    let mut service = Service {
        program: program.and_then(|id| ProgramId::parse(&id).ok()),
        name,
        description: description.chars().take(LONGEST).collect(),
        terms: needs,
        delivery: if delivery.is_empty() && foreign { vec![usual] } else { delivery },
        status,
        eligibility,
        languages,
        application: text(rows, "service", row, "application_process", 1_000),
        documents,
        schedule,
        travel_free: said.fact("travel_free").is_some(),
        wait_days: said.fact("wait_days").and_then(|days| days.parse().ok()),
        assured_at: row.cells.get("assured_date").and_then(|day| adapt::day(day)),
        do_not_refer,
        unchecked: true,
        ..Service::blank(id.clone(), &organization.organization.id)
    };
    if known.vouched {
        service.checked = Some(service.to_checked());
        service.unchecked = false;
    }
    let confirmed = said.confirmed(rows, clock::day(around.at));
    IncomingService { service, sites, fees, places, confirmed }
}

fn rule_of(text: &str) -> Option<Rule> {
    Rule::read(&serde_json::from_str(text).ok()?).ok()
}

/// A unit variant of its name.
pub fn named<T: DeserializeOwned>(code: &str) -> Option<T> {
    serde_json::from_value(code.into()).ok()
}

/// Puts words behind a description, with what they are about; what stands there already is not said twice.
pub fn append(description: &mut String, what: &str, words: &str) {
    if !words.is_empty() && !description.contains(words) {
        if !description.is_empty() {
            description.push('\n');
        }
        description.push_str(what);
        description.push('：');
        description.push_str(words);
    }
}

/// Who may use it where it is said in words, in the service or in a table of 1.1.
fn eligibility_words(rows: &mut Rows, row: &Row, theirs: &str, owner: &str, has_rule: bool, description: &mut String) {
    let mut words: Vec<String> = Vec::new();
    for other in rows.within("eligibility", "service_id", theirs, owner) {
        words.extend(other.cells.get("eligibility").cloned());
    }
    words.extend(row.cells.get("eligibility_description").cloned());
    let ages = [("minimum_age", "最小年龄"), ("maximum_age", "最大年龄")];
    words.extend(ages.iter().filter_map(|(column, what)| row.cells.get(*column).map(|age| format!("{what} {age}"))));
    if has_rule || words.is_empty() {
        return;
    }
    rows.adapted("service", row, "eligibility_description", "hsds_eligibility");
    append(description, "对象", &words.join("；"));
}

fn status(rows: &mut Rows, row: &Row) -> (Status, bool) {
    let text = row.cells.get("status").map(String::as_str).unwrap_or_default();
    match adapt::status(text) {
        Some(read) => {
            if !super::super::standard::STATUS.contains(&text) {
                rows.adapted("service", row, "status", "hsds_status_read");
            }
            read
        }
        None => {
            rows.adapted("service", row, "status", "hsds_status");
            (Status::Inactive, false)
        }
    }
}

/// The names of a table's rows: of the first column that says one.
fn names(rows: &mut Rows, (table, columns): (&str, &[&str]), theirs: &str, owner: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for row in rows.within(table, "service_id", theirs, owner) {
        let Some(column) = columns.iter().find(|column| row.cells.contains_key(**column)) else { continue };
        let name = text(rows, table, &row, column, 100);
        if !name.is_empty() && !names.contains(&name) && names.len() < 20 {
            names.push(name);
        }
    }
    names
}

/// Needs as far as name and description say them, where no term does.
fn guessed(rows: &mut Rows, known: &Known<'_>, row: &Row, (kind, name, description): (&str, &str, &str)) -> Vec<TermCode> {
    let read = known.vocabulary.read(&format!("{name}。{description}"));
    // A guess is not held against anybody: what the organization may not offer is not what it meant.
    let may = |term: &TermCode| known.unlawful(&Offer { kind, name: "", description: "", terms: std::slice::from_ref(term) }).is_empty();
    let leaves = read.into_iter().map(|need| need.term).filter(|term| term.is_leaf() && may(term));
    let guessed: Vec<TermCode> = leaves.take(3).collect();
    rows.adapted("service", row, "name", if guessed.is_empty() { "hsds_term_none" } else { "hsds_term_guessed" });
    guessed
}

fn areas(rows: &mut Rows, column: &str, theirs: &str, owner: &str) -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    for row in rows.within("service_area", column, theirs, owner) {
        let code = row.cells.get("extent").or_else(|| row.cells.get("name")).cloned().unwrap_or_default();
        match Area::from_str(&code) {
            Ok(area) if !areas.contains(&area) => areas.push(area),
            Ok(_) => {}
            Err(_) => rows.adapted("service_area", &row, "name", "hsds_area"),
        }
    }
    areas
}

/// Where it is given: at its locations, and by itself where it has areas and no location.
fn sites(rows: &mut Rows, around: &Around<'_>, theirs: &str, id: &ServiceId) -> Vec<ServiceAtLocation> {
    let mut sites = Vec::new();
    for row in rows.within("service_at_location", "service_id", theirs, id.as_str()) {
        let Some(site) = rows.identified("service_at_location", &row) else { continue };
        let Some(location) = row.cells.get("location_id").and_then(|id| around.locations.get(id)) else {
            rows.hold("service_at_location", &row, "location_id", "hsds_orphan");
            continue;
        };
        let areas = areas(rows, "service_at_location_id", &site, id.as_str());
        let Ok(site) = ServiceAtLocationId::parse(&rows.id("service_at_location", &site)) else { continue };
        sites.push(ServiceAtLocation { id: site, service: id.clone(), location: Some(location.clone()), areas });
    }
    let areas = areas(rows, "service_id", theirs, id.as_str());
    if sites.is_empty() || !areas.is_empty() {
        let derived = super::super::object::derived(id.as_str(), "site", "anywhere");
        if let Ok(site) = ServiceAtLocationId::parse(&derived) {
            sites.push(ServiceAtLocation { id: site, service: id.clone(), location: None, areas });
        }
    }
    sites
}

fn fees(rows: &mut Rows, around: &Around<'_>, theirs: &str, id: &ServiceId) -> Vec<FeeRow> {
    let mut fees = Vec::new();
    for row in rows.within("cost_option", "service_id", theirs, id.as_str()) {
        let Some(key) = rows.identified("cost_option", &row) else { continue };
        let said = around.attributes.of(rows, "cost_option", &key, id.as_str());
        let amount = row.cells.get("amount").and_then(|amount| fen(amount));
        // What costs nothing costs nothing in any money.
        match row.cells.get("currency") {
            _ if amount.is_none_or(|fen| fen == 0) => {}
            Some(currency) if !is_yuan(currency) => {
                rows.hold("cost_option", &row, "currency", "hsds_currency");
                continue;
            }
            None => rows.adapted("cost_option", &row, "currency", "hsds_currency_none"),
            Some(_) => {}
        }
        let level = said.code("fee:").and_then(|code| named::<FeeLevel>(&code));
        let level = level.or(amount.map(|fen| if fen == 0 { FeeLevel::Free } else { FeeLevel::Full }));
        let (Some(level), Ok(key)) = (level, FeeId::parse(&rows.id("cost_option", &key))) else {
            rows.adapted("cost_option", &row, "amount", "hsds_fee_row");
            continue;
        };
        let audience = said.code("audience:").and_then(|code| code.parse().ok()).unwrap_or(Audience::Other);
        let fee = Fee {
            audience,
            level,
            amount_fen: amount.filter(|_| level != FeeLevel::Free).or_else(|| (level == FeeLevel::Free).then_some(0)),
            unit: said.code("unit:").filter(|unit| UNITS.contains(&unit.as_str())).or_else(|| Some("visit".to_owned())),
            quota: said.fact("quota").and_then(|quota| quota.parse().ok()),
            payer: said.code("payer:").and_then(|code| named(&code)),
            valid_from: row.cells.get("valid_from").and_then(|day| adapt::day(day)),
            valid_to: row.cells.get("valid_to").and_then(|day| adapt::day(day)),
        };
        fees.push(FeeRow { id: key, service: id.clone(), fee });
    }
    fees
}

fn is_yuan(currency: &str) -> bool {
    matches!(currency.trim().to_uppercase().as_str(), "CNY" | "RMB" | "CN¥" | "¥" | "元" | "人民币" | "人民币元")
}

/// Yuan as fen.
#[expect(clippy::cast_possible_truncation, reason = "bounded before")]
fn fen(amount: &str) -> Option<i64> {
    let yuan: f64 = amount.trim().parse().ok()?;
    (0.0..1e9).contains(&yuan).then(|| (yuan * 100.0).round() as i64)
}

fn places(rows: &mut Rows, around: &Around<'_>, theirs: &str, id: &ServiceId, sites: &[ServiceAtLocation]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for row in rows.within("service_capacity", "service_id", theirs, id.as_str()) {
        let Some(key) = rows.identified("service_capacity", &row) else { continue };
        let said = around.attributes.of(rows, "service_capacity", &key, id.as_str());
        let named = said.fact("site").and_then(|site| sites.iter().find(|one| one.id.as_str() == site));
        let site = named.or_else(|| sites.iter().find(|one| one.location.is_none())).or_else(|| sites.first());
        let count = |column: &str| row.cells.get(column).and_then(|text| text.parse::<u32>().ok());
        let (Some(site), Some(free), Ok(key)) = (site, count("available"), PlaceId::parse(&rows.id("service_capacity", &key))) else {
            rows.adapted("service_capacity", &row, "available", "hsds_number");
            continue;
        };
        let term = said.fact("term");
        let (from, to) = term.as_deref().and_then(|term| term.split_once('/')).unwrap_or_default();
        let capacity = count("maximum").unwrap_or(free).max(free);
        if places.iter().any(|known| known.service_at_location == site.id && known.term_from == from.parse().ok()) {
            rows.adapted("service_capacity", &row, "available", "hsds_number");
            continue;
        }
        places.push(Place {
            id: key,
            service_at_location: site.id.clone(),
            term_from: from.parse().ok(),
            term_to: to.parse().ok(),
            capacity,
            used: capacity - free,
            held: 0,
            source: "import".to_owned(),
            as_of: row.cells.get("updated").and_then(|at| at.parse().ok()).unwrap_or(around.at),
            version: 1,
        });
    }
    places
}
