//! `organization`, `program`, `location`, `address`, `phone` and their like as entries of ours.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use lianjie_index::{DivisionCode, Wgs84};

use super::adapt;
use super::attributes::{Attributes, Said};
use super::entry::IncomingOrganization;
use super::phone::{Phones, take_phones};
use super::rows::Rows;
use super::source::Row;
use super::{Known, place};
use crate::clock;
use crate::id::{LocationId, OrganizationId, ProgramId};
use crate::organization::model::{Location, LocationType, Organization, Program, Status, read_uscc};
use crate::service::law::camp_fault;

/// Locations that share a point and not an address: from so many on it is the middle of an area.
const CENTROID: usize = 20;

/// A text of a row, adapted.
pub fn text(rows: &mut Rows, table: &str, row: &Row, column: &str, most: usize) -> String {
    let Some(value) = row.cells.get(column) else { return String::new() };
    let plain = adapt::text(value);
    if plain != value.as_str() {
        rows.adapted(table, row, column, "hsds_text");
    }
    if plain.chars().count() > most {
        rows.adapted(table, row, column, "hsds_long");
        return plain.chars().take(most).collect();
    }
    plain.into_owned()
}

/// The organizations that come in, by their id there.
pub fn organizations(rows: &mut Rows, known: &Known<'_>, attributes: &Attributes, at: Timestamp) -> HashMap<String, IncomingOrganization> {
    let mut found: HashMap<String, IncomingOrganization> = HashMap::new();
    for row in rows.of("organization") {
        let Some(theirs) = row.cells.get("id").cloned() else {
            rows.hold("organization", &row, "id", "hsds_id");
            continue;
        };
        if found.contains_key(&theirs) {
            rows.hold("organization", &row, "id", "hsds_twice");
            continue;
        }
        let name = text(rows, "organization", &row, "name", 80);
        if name.chars().count() < 2 {
            rows.hold("organization", &row, "name", "hsds_name");
            continue;
        }
        if camp_fault(&name, row.cells.get("description").map_or("", String::as_str)).is_some() {
            rows.hold("organization", &row, "name", "hsds_boot_camp");
            continue;
        }
        let Ok(id) = OrganizationId::parse(&rows.id("organization", &theirs)) else { continue };
        rows.own("organization", &row, id.as_str());
        let said = attributes.of(rows, "organization", &theirs, id.as_str());
        let organization = organization(rows, known, (attributes, &said), &row, (&theirs, id), name, at);
        let programs = programs(rows, attributes, &theirs, &organization.id);
        let confirmed = said.confirmed(rows, clock::day(at));
        found.insert(theirs, IncomingOrganization { organization, locations: Vec::new(), programs, confirmed, stored: false });
    }
    found
}

fn organization(
    rows: &mut Rows,
    known: &Known<'_>,
    (attributes, said): (&Attributes, &Said),
    row: &Row,
    (theirs, id): (&str, OrganizationId),
    name: String,
    at: Timestamp,
) -> Organization {
    let kind = said.code("kind:").filter(|code| known.kinds.iter().any(|kind| kind == code)).unwrap_or_else(|| {
        rows.adapted("organization", row, "name", "hsds_kind");
        guessed_kind(&name).to_owned()
    });
    let mut description = text(rows, "organization", row, "description", 2_000);
    if description == name {
        description.clear();
    }
    let code_uscc = code(rows, theirs, id.as_str());
    let mut phones = Phones::default();
    for row in rows.within("phone", "organization_id", theirs, id.as_str()) {
        phones.add(rows, attributes, &row, id.as_str());
    }
    let website = row.cells.get("website").and_then(|text| website(rows, row, text));
    let division = said.fact("division").and_then(|code| known.division(&code)).unwrap_or_else(|| known.fallback.clone());
    let parent = row.cells.get("parent_organization_id").map(|parent| rows.id("organization", parent));
    let until = said.fact("verified_until").and_then(|day| day.parse().ok());
    Organization {
        kind,
        alternate_name: Some(text(rows, "organization", row, "alternate_name", 80)).filter(|text| !text.is_empty()),
        description,
        code_uscc,
        division,
        address: said.fact("address").unwrap_or_default(),
        phones: phones.all,
        office_phones: phones.office,
        website,
        parent: parent.and_then(|parent| OrganizationId::parse(&parent).ok()),
        status: if known.vouched { Status::Verified } else { Status::Pending },
        verified_at: known.vouched.then_some(at),
        verified_until: until.filter(|_| known.vouched),
        name,
        id,
        ..Organization::blank(at)
    }
}

/// The kind that a name says; a social-work agency where it says none.
fn guessed_kind(name: &str) -> &'static str {
    const WORDS: [(&str, &[&str]); 14] = [
        ("医院", &["医院", "hospital", "clinic", "medical center"]),
        ("幼儿园", &["幼儿园", "kindergarten", "preschool"]),
        ("特殊教育学校", &["特殊教育", "特教"]),
        ("学校", &["学校", "小学", "中学", "school"]),
        ("康复机构", &["康复", "rehabilitation"]),
        ("心理咨询机构", &["心理", "咨询", "counsel", "psycholog"]),
        ("法律援助中心", &["法律援助", "legal aid"]),
        ("律师事务所", &["律师", "law firm"]),
        ("基金会", &["基金会", "foundation"]),
        ("志愿团队", &["志愿", "volunteer"]),
        ("图书馆", &["图书馆", "library"]),
        ("民政局", &["民政局", "department of human services", "social services"]),
        ("村居委会", &["村民委员会", "居民委员会", "村委会", "居委会"]),
        ("派出所", &["派出所", "police"]),
    ];
    let name = name.to_lowercase();
    WORDS.iter().find(|(_, words)| words.iter().any(|word| name.contains(word))).map_or("社工机构", |(kind, _)| kind)
}

fn code(rows: &mut Rows, theirs: &str, owner: &str) -> Option<String> {
    let mut code = None;
    for row in rows.within("organization_identifier", "organization_id", theirs, owner) {
        let said = |column: &str| row.cells.get(column).map(String::as_str).unwrap_or_default();
        let is_uscc =
            said("identifier_scheme") == "CN-USCC" || said("identifier_type").contains("信用代码") || said("identifier_type") == "USCC";
        match read_uscc(said("identifier")) {
            Ok(read) if is_uscc || code.is_none() => code = Some(read),
            Ok(_) => {}
            Err(_) => rows.adapted("organization_identifier", &row, "identifier", if is_uscc { "hsds_uscc" } else { "hsds_identifier" }),
        }
    }
    code
}

fn website(rows: &mut Rows, row: &Row, text: &str) -> Option<String> {
    let good = text.chars().all(|letter| !letter.is_whitespace()) && text.contains('.') && text.len() <= 300;
    if !good {
        rows.adapted("organization", row, "website", "hsds_website");
    }
    good.then(|| text.to_owned())
}

fn programs(rows: &mut Rows, attributes: &Attributes, theirs: &str, owner: &OrganizationId) -> Vec<Program> {
    let mut found = Vec::new();
    for row in rows.within("program", "organization_id", theirs, owner.as_str()) {
        let Some(id) = rows.identified("program", &row) else { continue };
        let name = text(rows, "program", &row, "name", 80);
        let said = attributes.of(rows, "program", &id, owner.as_str());
        let days = said.fact("from_to");
        let days =
            days.as_deref().and_then(|days| days.split_once('/')).and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let funder = text(rows, "program", &row, "description", 200);
        let (Ok(id), Some((from, to))) = (ProgramId::parse(&rows.id("program", &id)), days) else {
            // A programme without its days cannot end its services' places; its name stays in the services.
            rows.hold("program", &row, "name", "hsds_service");
            continue;
        };
        let funder = if funder == name { String::new() } else { funder };
        found.push(Program {
            id,
            organization: owner.clone(),
            name,
            funder,
            division: None,
            from,
            to,
            budget_fen: 0,
            target_children: None,
            target_sessions: None,
        });
    }
    found
}

/// Whose each location is: said by it, else the organization of a service that is given there.
pub type Holders = HashMap<String, String>;

/// Puts the locations into their organizations; answers which came in, by their id there.
pub fn locations(
    rows: &mut Rows,
    known: &Known<'_>,
    attributes: &Attributes,
    holders: &Holders,
    organizations: &mut HashMap<String, IncomingOrganization>,
) -> HashMap<String, LocationId> {
    let mut found = HashMap::new();
    let shared = shared_points(rows);
    for row in rows.of("location") {
        let Some(theirs) = row.cells.get("id").cloned() else {
            rows.hold("location", &row, "id", "hsds_id");
            continue;
        };
        if found.contains_key(&theirs) {
            rows.hold("location", &row, "id", "hsds_twice");
            continue;
        }
        let holder =
            row.cells.get("organization_id").filter(|id| organizations.contains_key(*id)).or_else(|| holders.get(&theirs)).cloned();
        let Some(organization) = holder.and_then(|holder| organizations.get_mut(&holder)) else {
            let named = row.cells.contains_key("organization_id");
            rows.hold("location", &row, if named { "organization_id" } else { "*" }, if named { "hsds_orphan" } else { "hsds_unused" });
            continue;
        };
        let Ok(id) = LocationId::parse(&rows.id("location", &theirs)) else { continue };
        let owner = organization.organization.id.clone();
        rows.own("location", &row, owner.as_str());
        let location = location(rows, known, attributes, &row, (&theirs, id.clone()), &owner, &shared);
        take_phones(rows, attributes, &theirs, organization);
        // An organization lies where its first location does, unless it says so itself.
        if organization.organization.division == known.fallback && location.division != known.fallback {
            organization.organization.division = location.division.clone();
        }
        if organization.organization.address.is_empty() && organization.locations.is_empty() && attributes.is_foreign() {
            organization.organization.address.clone_from(&location.address);
        }
        organization.locations.push(location);
        found.insert(theirs, id);
    }
    found
}

/// Points that many locations with other addresses share.
fn shared_points(rows: &Rows) -> BTreeMap<(String, String), usize> {
    let mut points: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in rows.of("location") {
        if let (Some(longitude), Some(latitude)) = (row.cells.get("longitude"), row.cells.get("latitude")) {
            *points.entry((longitude.clone(), latitude.clone())).or_default() += 1;
        }
    }
    points.retain(|_, count| *count >= CENTROID);
    points
}

fn location(
    rows: &mut Rows,
    known: &Known<'_>,
    attributes: &Attributes,
    row: &Row,
    (theirs, id): (&str, LocationId),
    owner: &OrganizationId,
    shared: &BTreeMap<(String, String), usize>,
) -> Location {
    let said = attributes.of(rows, "location", theirs, owner.as_str());
    let addresses = rows.within("address", "location_id", theirs, owner.as_str());
    let address = addresses.iter().find(|row| row.cells.get("address_type").is_none_or(|kind| kind != "postal")).or(addresses.first());
    let part = |column: &str| address.and_then(|row| row.cells.get(column)).cloned().unwrap_or_default();
    let line = [part("address_1"), part("address_2")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let code = row.cells.get("external_identifier").and_then(|code| known.division(code));
    let whole =
        [part("state_province"), part("city"), part("region"), line.clone(), row.cells.get("name").cloned().unwrap_or_default()].concat();
    let division: DivisionCode = code.or_else(|| place::named(&whole, known.divisions)).unwrap_or_else(|| {
        rows.adapted("location", row, "id", "hsds_division");
        known.fallback.clone()
    });
    let accessibility = rows.within("accessibility", "location_id", theirs, owner.as_str());
    let mut features: Vec<String> = accessibility.iter().map(|row| text(rows, "accessibility", row, "description", 100)).collect();
    features.retain(|feature| !feature.is_empty());
    features.truncate(20);
    rows.leave("language", "location_id", theirs);
    rows.leave("schedule", "location_id", theirs);
    let line = if line == known.divisions.full_name(&division) { String::new() } else { line };
    Location {
        organization: owner.clone(),
        location_type: match row.cells.get("location_type").map(String::as_str) {
            Some("postal") => LocationType::Postal,
            Some("virtual") => LocationType::Virtual,
            Some("redacted") => LocationType::Redacted,
            _ => LocationType::Physical,
        },
        name: text(rows, "location", row, "name", 80),
        address: line.chars().take(200).collect(),
        village: said.fact("village"),
        point: point(rows, row, shared),
        crs_given: said.fact("crs_given").and_then(|system| serde_json::from_value(system.into()).ok()),
        precision_m: said.fact("precision_m").and_then(|metres| metres.parse().ok()),
        accessibility: features,
        transportation: Some(text(rows, "location", row, "transportation", 500)).filter(|text| !text.is_empty()),
        division,
        id,
    }
}

fn point(rows: &mut Rows, row: &Row, shared: &BTreeMap<(String, String), usize>) -> Option<Wgs84> {
    let (Some(longitude), Some(latitude)) = (row.cells.get("longitude"), row.cells.get("latitude")) else {
        if row.cells.get("location_type").is_none_or(|kind| kind == "physical") {
            rows.adapted("location", row, "latitude", "hsds_point_none");
        }
        return None;
    };
    if shared.contains_key(&(longitude.clone(), latitude.clone())) {
        rows.adapted("location", row, "latitude", "hsds_centroid");
        return None;
    }
    let read = longitude.parse::<f64>().ok().zip(latitude.parse::<f64>().ok());
    match read {
        Some((longitude, latitude)) if longitude == 0.0 && latitude == 0.0 => {
            rows.adapted("location", row, "latitude", "hsds_point_zero");
            None
        }
        Some((longitude, latitude)) => Wgs84::new(longitude, latitude).or_else(|| {
            rows.adapted("location", row, "latitude", "hsds_point_bad");
            None
        }),
        None => {
            rows.adapted("location", row, "latitude", "hsds_point_bad");
            None
        }
    }
}
