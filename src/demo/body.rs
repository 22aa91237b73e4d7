//! Bodies: an organization with its locations, its licensed person and its projects.

use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan};
use lianjie_index::entry::Level;

use super::codes;
use super::draw::Draw;
use super::kinds::Kind;
use super::province::{Ground, Province};
use super::services::Given;
use crate::clock;
use crate::id::{LocationId, OrganizationId, PractitionerId};
use crate::organization::model::{Crs, Location, LocationType, Organization, Practitioner, Program, Status};

/// A body with all that belongs to it, ready to be written.
#[derive(Debug, Clone)]
pub struct Body {
    pub organization: Organization,
    pub locations: Vec<Location>,
    pub practitioner: Option<Practitioner>,
    pub programs: Vec<Program>,
    pub services: Vec<Given>,
}

/// What tells one body from another of its kind.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Names its stream of lots.
    pub key: &'a str,
    /// The how-manieth of its kind at its place.
    pub nth: usize,
    /// A number no other body of its prefecture has.
    pub number: usize,
    /// What it calls itself.
    pub word: &'a str,
    /// Whether its entry is in good order whatever the lots say: the demo accounts work with it.
    pub sound: bool,
}

/// Makes a body without services; `taken` are the names its county has already.
pub fn body(province: &Province, kind: &Kind, ground: &Ground<'_>, order: Order<'_>, taken: &mut BTreeSet<String>) -> Body {
    let mut draw = province.draw(order.key);
    let id = OrganizationId::from_parts(province.at, draw.bytes());
    let name = name(province, kind, ground, order, &mut draw, taken);
    let about = about(province, kind, ground, order);
    let mut organization = Organization {
        id: id.clone(),
        kind: kind.code.clone(),
        name,
        alternate_name: kind
            .alternate
            .as_ref()
            .filter(|_| order.nth == 0)
            .map(|short| province.names.fill(&mut draw, short, &ground.slots(order.word))),
        description: about,
        code_uscc: (!kind.uscc.is_empty()).then(|| codes::uscc(&mut draw, &kind.uscc)),
        division: ground.town.code.clone(),
        address: address(province, ground, &mut draw),
        phones: vec![codes::phone(ground.telephone(), order.number)],
        office_phones: Vec::new(),
        website: None,
        parent: None,
        status: Status::Verified,
        status_reason: None,
        entered_by: None,
        verified_at: Some(province.at),
        verified_until: None,
        confidentiality: if kind.hidden { Level::Restricted } else { Level::Public },
        listed: true,
        do_not_refer: false,
        version: 1,
    };
    verify(province, &mut organization, &mut draw, order.sound);
    let mut locations = vec![main_location(province, kind, ground, &organization, &mut draw)];
    if kind.code == "未保工作站" {
        locations.extend(care_points(province, ground, &id, &mut draw));
    }
    let practitioner =
        kind.practitioner.as_ref().map(|profession| practitioner(province, kind, ground, &id, profession, order.sound, &mut draw));
    if let Some(person) = practitioner.as_ref().filter(|_| !order.sound && draw.chance(25)) {
        organization.name = format!("{}心理咨询工作室", person.name);
    }
    Body { organization, locations, practitioner, programs: Vec::new(), services: Vec::new() }
}

/// Two to four sentences of its own lots, so that a new one in the lists moves nothing else.
fn about(province: &Province, kind: &Kind, ground: &Ground<'_>, order: Order<'_>) -> String {
    let mut draw = province.draw(&format!("{}/about", order.key));
    let mut sentences = vec![draw.one(&kind.about)];
    if let Some(voice) = province.voices.get(&kind.voice) {
        sentences.push(draw.one(&voice.who));
        sentences.extend(draw.maybe_one(&voice.how).filter(|_| draw.chance(70)));
        sentences.extend(draw.maybe_one(&voice.more).filter(|_| draw.chance(40)));
    }
    sentences.extend(draw.maybe_one(&province.names.tails).filter(|_| draw.chance(60)));
    sentences.into_iter().map(|sentence| province.names.fill(&mut draw, sentence, &ground.slots(order.word))).collect()
}

/// A name its county does not have yet.
fn name(province: &Province, kind: &Kind, ground: &Ground<'_>, order: Order<'_>, draw: &mut Draw, taken: &mut BTreeSet<String>) -> String {
    let in_town = ground.town.name.ends_with("街道");
    let elsewhere = if in_town { ["卫生院", "人民政府"] } else { ["社区卫生服务中心", "办事处"] };
    let fits = |pattern: &&String| elsewhere.iter().all(|end| !pattern.ends_with(end));
    let patterns: Vec<&String> = kind.names.iter().filter(fits).collect();
    let pattern = if kind.code == "未保工作站" { &kind.names[order.nth.min(kind.names.len() - 1)] } else { *draw.one(&patterns) };
    let mut slots = ground.slots(order.word);
    let mut name = province.names.fill(draw, pattern, &slots);
    for _ in 0..40 {
        if taken.insert(name.clone()) {
            break;
        }
        slots.word = draw.one::<String>(&province.names.words);
        let pattern = *draw.one(&patterns);
        name = province.names.fill(draw, pattern, &slots);
    }
    name
}

fn address(province: &Province, ground: &Ground<'_>, draw: &mut Draw) -> String {
    let road = province.names.road(draw);
    format!("{}{}{}{road}{}号", ground.city.name, ground.county.name, ground.town.name, draw.number(1..=288))
}

/// Most entries are in order; some wait, some have run out, a few are suspended.
fn verify(province: &Province, organization: &mut Organization, draw: &mut Draw, sound: bool) {
    let lot = if sound { 50 } else { draw.number(0..=99) };
    let days = match lot {
        0 | 1 => draw.number(370..=520),
        _ => draw.number(3..=330),
    };
    let day = province.days_ago(days);
    organization.verified_at = Some(clock::start_of(day) + 10.hours());
    organization.verified_until = Some(day.saturating_add(365.days()));
    match lot {
        2..=4 => {
            organization.status = Status::Pending;
            (organization.verified_at, organization.verified_until) = (None, None);
        }
        5 => {
            organization.status = Status::Suspended;
            organization.status_reason =
                Some((*draw.one(&["电话多次无人接听，待实地核实。", "年检未通过，整改期间不转介。", "场地搬迁，新地址未核。"])).to_owned());
        }
        6 => organization.do_not_refer = true,
        _ => {}
    }
}

fn main_location(province: &Province, kind: &Kind, ground: &Ground<'_>, organization: &Organization, draw: &mut Draw) -> Location {
    let (point, precision_m) = ground.point(draw);
    let features: Vec<String> = ["wheelchair", "lift", "parking", "quiet_room", "toilet"].map(str::to_owned).into();
    let count = draw.number(0..=3) as usize;
    Location {
        id: LocationId::from_parts(province.at, draw.bytes()),
        organization: organization.id.clone(),
        location_type: if kind.hidden { LocationType::Redacted } else { LocationType::Physical },
        name: organization.name.clone(),
        address: organization.address.clone(),
        division: ground.town.code.clone(),
        village: province.villages(ground.town).first().map(|(code, _)| code.clone()).filter(|_| draw.chance(30)),
        point,
        crs_given: Some(*draw.one(&[Crs::Wgs84, Crs::Wgs84, Crs::Gcj02])),
        precision_m: Some(precision_m),
        accessibility: draw.some(&features, count),
        transportation: draw.chance(40).then(|| format!("公交{}路到{}站，下车走几分钟。", draw.number(1..=88), ground.village)),
    }
}

/// 关爱点 of a station, in villages.
fn care_points(province: &Province, ground: &Ground<'_>, station: &OrganizationId, draw: &mut Draw) -> Vec<Location> {
    let count = draw.number(0..=2) as usize;
    let villages = draw.some(province.villages(ground.town), count);
    let mut points = Vec::new();
    for (code, village) in villages {
        let (point, precision_m) = ground.point(draw);
        points.push(Location {
            id: LocationId::from_parts(province.at, draw.bytes()),
            organization: station.clone(),
            location_type: LocationType::Physical,
            name: format!("{village}儿童关爱点"),
            address: format!("{}{}{}{village}党群服务中心", ground.city.name, ground.county.name, ground.town.name),
            division: ground.town.code.clone(),
            village: Some(code),
            point,
            crs_given: Some(Crs::Wgs84),
            precision_m: Some(precision_m.max(1_500)),
            accessibility: Vec::new(),
            transportation: None,
        });
    }
    points
}

fn practitioner(
    province: &Province,
    kind: &Kind,
    ground: &Ground<'_>,
    organization: &OrganizationId,
    profession: &str,
    sound: bool,
    draw: &mut Draw,
) -> Practitioner {
    let lapsed = !sound && draw.chance(12);
    let days = draw.number(40..=900);
    let licence_until = if lapsed { province.days_ago(days / 3) } else { province.today.saturating_add(i64::from(days).days()) };
    Practitioner {
        id: PractitionerId::from_parts(province.at, draw.bytes()),
        organization: organization.clone(),
        name: province.names.person(draw),
        profession: profession.to_owned(),
        licence_kind: Some((*draw.one(&["心理治疗师（初级）", "心理咨询师登记证书", "注册心理师"])).to_owned()),
        licence_until: Some(licence_until),
        terms: kind.terms.iter().filter_map(|term| term.parse().ok()).collect(),
        languages: vec!["普通话".into(), ground.dialect().into()],
        listed: true,
    }
}

/// The same body once more, as another hand would have entered it.
pub fn duplicate(province: &Province, body: &Body, key: &str) -> Body {
    let mut draw = province.draw(key);
    let mut twin = body.organization.clone();
    twin.id = OrganizationId::from_parts(province.at, draw.bytes());
    twin.name = variant(&twin.name);
    twin.phones.iter_mut().for_each(|phone| phone.retain(|letter| letter.is_ascii_digit()));
    twin.code_uscc = twin.code_uscc.filter(|_| draw.chance(30));
    twin.status = Status::Pending;
    (twin.verified_at, twin.verified_until) = (None::<Timestamp>, None);
    let mut locations = body.locations.get(..1).unwrap_or_default().to_vec();
    for location in &mut locations {
        location.id = LocationId::from_parts(province.at, draw.bytes());
        location.organization = twin.id.clone();
        location.name.clone_from(&twin.name);
    }
    Body { organization: twin, locations, practitioner: None, programs: Vec::new(), services: Vec::new() }
}

/// A name as people shorten it.
fn variant(name: &str) -> String {
    for (long, short) in [
        ("社会工作服务中心", "社工服务中心"),
        ("社会服务发展中心", "社会服务中心"),
        ("心理咨询中心", "心理咨询室"),
        ("儿童康复中心", "康复中心"),
        ("托育中心", "托育园"),
        ("志愿服务队", "志愿者服务队"),
    ] {
        if name.contains(long) {
            return name.replace(long, short);
        }
    }
    format!("{name}（本部）")
}
