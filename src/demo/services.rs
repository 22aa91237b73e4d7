//! The services of a body, with their fees, sites and places.

use jiff::ToSpan;
use lianjie_index::Area;
use lianjie_index::entry::{Delivery, Level};

use super::body::Body;
use super::draw::Draw;
use super::kinds::{Kind, Reach};
use super::province::{Ground, Province};
use super::{fees, places, schedules};
use crate::id::{FeeId, ProgramId, ServiceAtLocationId, ServiceId};
use crate::organization::model::{Program, Status as Organized};
use crate::service::model::{FeeRow, Place, Service, ServiceAtLocation, Status};

/// A service with what belongs to it.
#[derive(Debug, Clone)]
pub struct Given {
    pub service: Service,
    pub fees: Vec<FeeRow>,
    pub sites: Vec<ServiceAtLocation>,
    pub places: Vec<Place>,
}

/// Gives a body its services: the first leaf of its kind always, others by lot, and one for each project.
pub fn give(province: &Province, kind: &Kind, ground: &Ground<'_>, body: &mut Body, word: &str, projects: usize, sound: bool) {
    let mut draw = province.draw(&format!("{}/services", body.organization.id));
    let count = draw.number(kind.services[0]..=kind.services[1]) as usize;
    let Some((first, rest)) = kind.terms.split_first() else { return };
    let mut leaves = Vec::new();
    if count > 0 {
        leaves.push(first.clone());
        leaves.extend(draw.some(rest, count - 1));
        if let Some(last) = leaves.last_mut().filter(|_| !sound)
            && (count > 1 || draw.chance(30))
            && draw.chance(35)
            && let Some(other) = draw.maybe_one(&kind.also)
        {
            last.clone_from(other);
        }
    }
    for leaf in &leaves {
        let given = given(province, kind, ground, body, word, leaf, None, sound, &mut draw);
        body.services.push(given);
    }
    for _ in 0..projects {
        let others = if sound || !draw.chance(40) { &[][..] } else { &kind.also };
        let leaf = draw.maybe_one(others).unwrap_or_else(|| draw.one(&kind.terms)).clone();
        let program = program(province, ground, body, &leaf, sound, &mut draw);
        let given = given(province, kind, ground, body, word, &leaf, Some(program.id.clone()), sound, &mut draw);
        body.programs.push(program);
        body.services.push(given);
    }
}

#[expect(clippy::too_many_arguments, reason = "a service is where everything comes together")]
fn given(
    province: &Province,
    kind: &Kind,
    ground: &Ground<'_>,
    body: &Body,
    word: &str,
    leaf: &str,
    program: Option<ProgramId>,
    sound: bool,
    draw: &mut Draw,
) -> Given {
    let slots = ground.slots(word);
    let names: Vec<&str> = body.services.iter().map(|given| given.service.name.as_str()).collect();
    let mut name = province.texts.name(&province.names, draw, leaf, &slots);
    for _ in 0..8 {
        if !names.contains(&name.as_str()) {
            break;
        }
        name = province.texts.name(&province.names, draw, leaf, &slots);
    }
    let mut service = Service {
        id: ServiceId::from_parts(province.at, draw.bytes()),
        organization: body.organization.id.clone(),
        program,
        practitioner: body.practitioner.as_ref().map(|person| person.id.clone()),
        name,
        description: province.texts.description(&province.names, draw, leaf, &kind.code, &slots),
        terms: leaf.parse().into_iter().collect(),
        delivery: delivery(leaf, &kind.code, draw),
        status: status(draw, sound),
        eligibility: province.leaves.rule(draw, leaf, &kind.code, &ground.town.code),
        languages: languages(ground, draw),
        application: province.leaves.application(draw, leaf, &kind.code),
        documents: province.leaves.documents(draw, leaf),
        schedule: schedules::schedule(draw, &kind.hours, leaf),
        travel_free: leaf == "EDU-13" || draw.chance(4),
        wait_days: wait_days(&kind.code, draw),
        assured_at: assured_at(province, draw, sound),
        confidentiality: if kind.hidden { Level::Restricted } else { Level::Public },
        do_not_refer: !sound && draw.chance(1) && draw.chance(50),
        checked: None,
        unchecked: false,
        version: 1,
    };
    if matches!(body.organization.status, Organized::Verified | Organized::Suspended) {
        service.checked = Some(service.to_checked());
        if !sound && draw.chance(3) {
            service.description = province.texts.description(&province.names, draw, leaf, &kind.code, &slots);
            service.unchecked = true;
        }
    }
    let fees = fees::fees(draw, &kind.fee, leaf);
    let fees =
        fees.into_iter().map(|fee| FeeRow { id: FeeId::from_parts(province.at, draw.bytes()), service: service.id.clone(), fee }).collect();
    let sites = sites(province, kind, ground, body, &service, leaf, draw);
    let places = sites.iter().flat_map(|site| places::places(province, kind, ground, site, leaf, sound, draw)).collect();
    Given { service, fees, sites, places }
}

fn program(province: &Province, ground: &Ground<'_>, body: &Body, leaf: &str, sound: bool, draw: &mut Draw) -> Program {
    let begun = if sound || draw.chance(82) { draw.number(10..=300) } else { draw.number(370..=480) };
    let from = province.days_ago(begun);
    let what = province.terms.get(leaf).map_or("儿童服务", String::as_str);
    let whose = *draw.one(&["困境儿童", "留守儿童", "流动儿童", "困境家庭"]);
    let year = from.year();
    let county = &ground.county.name;
    let funder = match draw.number(0..=9) {
        0..=5 => format!("{}{county}民政局", ground.city.name),
        6 => format!("{}{county}妇女联合会", ground.city.name),
        7 => format!("共青团{}{county}委员会", ground.city.name),
        8 => format!("{}{county}慈善总会", ground.city.name),
        _ => format!("{}{}公益基金会", ground.city.name, draw.one::<String>(&province.names.words)),
    };
    Program {
        id: ProgramId::from_parts(province.at, draw.bytes()),
        organization: body.organization.id.clone(),
        name: format!("{year}年{county}{whose}{what}项目"),
        funder,
        division: Some(ground.county.code.clone()),
        from,
        to: from.saturating_add(364.days()),
        budget_fen: i64::from(draw.number(6..=60)) * 500_000,
        target_children: Some(i64::from(draw.number(2..=20)) * 5),
        target_sessions: Some(i64::from(draw.number(2..=24)) * 5),
    }
}

/// How the service reaches the child: a matter of the leaf.
fn delivery(leaf: &str, kind: &str, draw: &mut Draw) -> Vec<Delivery> {
    use Delivery::{Home, Online, Phone, School, Site};
    match leaf {
        _ if kind == "心理热线" => vec![Phone],
        "GUA-11" | "EMG-09" | "EDU-09" | "EDU-13" | "REH-12" | "FAM-08" => vec![Home],
        "GUA-10" | "GUA-09" | "DEV-11" | "FAM-05" => draw.one(&[vec![Home], vec![Site, Home]]).clone(),
        "PSY-07" => draw.one(&[vec![Phone], vec![Phone, Online]]).clone(),
        "LAW-01" | "COO-03" | "COO-04" => vec![Site, Phone],
        "PSY-03" | "PSY-13" | "FAM-01" => draw.one(&[vec![Site], vec![Site, Online]]).clone(),
        "EDU-06" | "EDU-10" | "DEV-01" | "PSY-01" | "VIC-05" if kind == "学校" => vec![School],
        "EMG-07" | "DEV-08" | "COO-07" => draw.one(&[vec![School], vec![Site, School]]).clone(),
        "FAM-06" => vec![Site, Online],
        "DEV-04" => draw.one(&[vec![Site], vec![Home], vec![Site, Online]]).clone(),
        _ => vec![Site],
    }
}

fn status(draw: &mut Draw, sound: bool) -> Status {
    match draw.number(0..=199) {
        _ if sound => Status::Active,
        0 => Status::Defunct,
        1 | 2 => Status::Inactive,
        3..=6 => Status::TemporarilyClosed,
        _ => Status::Active,
    }
}

fn languages(ground: &Ground<'_>, draw: &mut Draw) -> Vec<String> {
    match draw.number(0..=9) {
        0 | 1 => Vec::new(),
        2..=5 => vec!["普通话".into()],
        6 if draw.chance(20) => vec!["普通话".into(), "手语".into()],
        _ => vec!["普通话".into(), ground.dialect().into()],
    }
}

fn wait_days(kind: &str, draw: &mut Draw) -> Option<u16> {
    let longest = match kind {
        "医院儿童心理科" | "医院精神科" => 56,
        "康复机构" | "医院康复科" => 40,
        "派出所" | "心理热线" | "医院儿科" | "救助管理站" => 0,
        "心理咨询机构" => 21,
        _ => 12,
    };
    draw.chance(70).then(|| u16::try_from(draw.number(0..=longest)).unwrap_or(0))
}

fn assured_at(province: &Province, draw: &mut Draw, sound: bool) -> Option<jiff::civil::Date> {
    let lot = draw.number(0..=99);
    let days = match lot {
        _ if sound => draw.number(1..=40),
        0..=2 => return None,
        3..=9 => draw.number(366..=700),
        _ => draw.number(1..=320),
    };
    Some(province.days_ago(days))
}

/// One site at the main location, further ones for the classes at care points; none where the service only comes.
fn sites(
    province: &Province,
    kind: &Kind,
    ground: &Ground<'_>,
    body: &Body,
    service: &Service,
    leaf: &str,
    draw: &mut Draw,
) -> Vec<ServiceAtLocation> {
    let comes = service.delivery.iter().all(|way| way.comes());
    let everywhere = matches!(leaf, "DEV-02" | "DEV-03");
    let locations: Vec<_> = match body.locations.split_first() {
        Some((main, points)) if everywhere => {
            std::iter::once(Some(main.id.clone())).chain(points.iter().map(|point| Some(point.id.clone()))).collect()
        }
        Some((main, _)) => vec![Some(main.id.clone()).filter(|_| !comes || draw.chance(40))],
        None => vec![None],
    };
    let areas = areas(province, kind, ground, comes, draw);
    let site = |location| ServiceAtLocation {
        id: ServiceAtLocationId::from_parts(province.at, draw.bytes()),
        service: service.id.clone(),
        location,
        areas: areas.clone(),
    };
    locations.into_iter().map(site).collect()
}

/// What the service reaches: a division, a zone over several; of a few it is not stated. Where one has to go says something of it,
/// so it is missing only there.
fn areas(province: &Province, kind: &Kind, ground: &Ground<'_>, comes: bool, draw: &mut Draw) -> Vec<Area> {
    if draw.chance(4) && !comes {
        return Vec::new();
    }
    let zone = province.divisions.zones().iter().find(|zone| zone.id == "zone-320100-jiangbei" && zone.members.contains(&ground.town.code));
    if let Some(zone) = zone.filter(|_| kind.area == Reach::County && draw.chance(30)) {
        return format!("zone:{}", zone.id).parse().into_iter().collect();
    }
    let division = match kind.area {
        Reach::Township => ground.town,
        Reach::County => ground.county,
        Reach::City => ground.city,
    };
    vec![division.code.clone().into()]
}
