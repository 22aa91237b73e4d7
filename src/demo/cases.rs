//! Cases: children who do not exist, at the stations around the demo's stage.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use lianjie_index::DivisionCode;
use std::collections::{BTreeMap, BTreeSet};

use super::build::Plan;
use super::codes;
use super::draw::Draw;
use super::people::{Post, Staff, account};
use super::province::Province;
use super::scenes::{Scene, scenes};
use super::visits::{self, Remarks};
use crate::access::Role;
use crate::audit::{self, Event};
use crate::case::model::{
    BirthMonth, Case, Child, Guardian, Identity, Need, Outcome, Risk, Sex, Source, State, Tier, Travel, Writing, alias, categories,
};
use crate::case::store::{self, ReportDuty};
use crate::clock;
use crate::error::Result;
use crate::id::{CaseId, ChildId, NeedId, ReportDutyId};
use crate::organization::store::province as province_of;
use crate::secret::{Hidden, Keyring};
use crate::store::Tx;

/// How many children a station has in Jiangsu: half a million at 1,464.
const STATION: usize = 340;

/// Opens the cases, oldest first, and gives them back with their needs; two of five are the demo worker's. Where every station has
/// some, the demo worker's has as many as a real one.
pub async fn open(tx: &mut Tx, province: &Province, keyring: &Keyring, staff: &Staff, plan: &Plan) -> Result<Vec<(Case, Vec<Need>)>> {
    let every = plan.cases / STATION + 1;
    let scenes = scenes()?;
    let remarks = Remarks::read()?;
    let mut draw = province.draw("cases");
    let mut days: Vec<u32> = (0..plan.cases).map(|_| draw.number(2..=270)).collect();
    days.sort_unstable_by(|one, other| other.cmp(one));
    let mut aliases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut numbers = BTreeSet::new();
    let mut opened = Vec::new();
    for (nth, days) in days.into_iter().enumerate() {
        let mut draw = province.draw(&format!("case/{nth}"));
        let own = if plan.everywhere { nth % every == 0 } else { draw.chance(40) };
        let post = if own { &staff.posts[0] } else { draw.one(&staff.posts) };
        let scene = &scenes[(nth * 7 + nth / scenes.len()) % scenes.len()];
        let taken = aliases.entry(post.station.to_string()).or_default();
        let made = Made::of(province, scene, post, days, (taken, &mut numbers), &mut draw);
        opened.push(made.write(tx, province, keyring, &remarks, &mut draw).await?);
    }
    Ok(opened)
}

/// A case before it is written.
struct Made<'a> {
    scene: &'a Scene,
    child: Child,
    identity: Identity,
    guardians: Vec<Guardian>,
    case: Case,
}

impl<'a> Made<'a> {
    fn of(
        province: &Province,
        scene: &'a Scene,
        post: &Post,
        days: u32,
        (taken, numbers): (&mut BTreeSet<String>, &mut BTreeSet<String>),
        draw: &mut Draw,
    ) -> Self {
        let sex = match scene.sex.as_str() {
            "female" => Sex::Female,
            "male" => Sex::Male,
            _ => *draw.one(&[Sex::Female, Sex::Male]),
        };
        let years = draw.number(u32::from(scene.age[0])..=u32::from(scene.age[1]));
        let born = province.days_ago(years * 365 + years / 4 + draw.number(10..=350));
        let name = Hidden::new(province.names.person(draw));
        let alias = alias::propose(Some(&name), taken, draw.number(0..=80) as usize);
        taken.insert(alias.clone());
        let child = Child {
            id: ChildId::from_parts(province.at, draw.bytes()),
            alias,
            birth_month: Some(BirthMonth::of(born)),
            sex: Some(sex),
            key_id: String::new(),
            version: 1,
        };
        let guardians = scene.guardians(&province.names, province.today, draw);
        let identity = identity(province, post, born, sex, name, numbers, draw);
        let case = case(province, scene, post, &child, &guardians, days, draw);
        Self { scene, child, identity, guardians, case }
    }

    async fn write(
        mut self,
        tx: &mut Tx,
        province: &Province,
        keyring: &Keyring,
        remarks: &Remarks,
        draw: &mut Draw,
    ) -> Result<(Case, Vec<Need>)> {
        let at = self.case.opened_at;
        let (key_id, key, wrapped) = keyring.make(self.child.id.as_str());
        self.child.key_id.clone_from(&key_id);
        store::insert_key(tx, &key_id, &self.child.id, &wrapped, keyring).await?;
        store::insert_child(tx, &self.child, &province_of(&self.case.division), at).await?;
        store::put_identity(tx, keyring, &key, &self.child.id, &self.identity, at).await?;
        store::replace_guardians(tx, &key, &self.child.id, &self.guardians).await?;
        store::insert(tx, &self.case, at).await?;
        let writing = Writing { narrative: Some(Hidden::new(self.scene.words.clone())), ..Writing::default() };
        store::put_writing(tx, &key, &self.case, &writing).await?;
        let needs = needs(province, self.scene, &self.case, draw);
        for (nth, need) in needs.iter().enumerate() {
            store::insert_need(tx, need, &self.case, at).await?;
            if nth == 0 {
                store::put_words(tx, &key, &self.case, &need.id, &Hidden::new(self.scene.words.clone())).await?;
            }
        }
        if self.scene.report > 0 {
            store::insert_report_duty(tx, &duty(province, self.scene, &self.case, draw)).await?;
        }
        visits::visit(tx, province, &self.case, &key, remarks, draw).await?;
        let actor = account(&self.case.worker, Role::Worker);
        audit::record(tx, &actor, Event::new("case.opened", "case", &self.case.id), at).await?;
        Ok((self.case, needs))
    }
}

/// What names the child; now and then nobody has written it down.
fn identity(
    province: &Province,
    post: &Post,
    born: Date,
    sex: Sex,
    name: Hidden,
    numbers: &mut BTreeSet<String>,
    draw: &mut Draw,
) -> Identity {
    if draw.chance(12) {
        return Identity::default();
    }
    let mut number = codes::identity(draw, born, sex == Sex::Female);
    while !numbers.insert(number.clone()) {
        number = codes::identity(draw, born, sex == Sex::Female);
    }
    let town = province.divisions.full_name(&post.town);
    Identity {
        name: Some(name),
        identity_number: draw.chance(80).then(|| Hidden::new(number)),
        birth_date: Some(Hidden::new(born.to_string())),
        phone: None,
        address: Some(Hidden::new(format!("{town}{}{}号", province.names.road(draw), draw.number(1..=120)))),
        point: None,
        school: None,
    }
}

fn case(province: &Province, scene: &Scene, post: &Post, child: &Child, guardians: &[Guardian], days: u32, draw: &mut Draw) -> Case {
    let opened_at = clock::start_of(province.days_ago(days)) + i64::from(draw.number(9 * 60..=17 * 60)).minutes();
    let state = match draw.number(0..=19) {
        _ if days < 5 => State::Intake,
        0 | 1 => State::Intake,
        2 | 3 => State::Assessed,
        4 | 5 => State::FollowUp,
        _ => State::Active,
    };
    let county: Option<DivisionCode> = post.town.as_str().get(..6).and_then(|code| code.parse().ok());
    let elsewhere = scene.flags.contains(&crate::case::model::Flag::Migrant);
    let guardian = if scene.has_carer() { draw.one(&["consents", "consents", "present"]) } else { draw.one(&["present", "absent"]) };
    Case {
        id: CaseId::from_parts(opened_at, draw.bytes()),
        number: draw.number_to_say(),
        child: child.id.clone(),
        station: post.station.clone(),
        division: post.town.clone(),
        village: draw.maybe_one(&post.villages).cloned(),
        hukou: if elsewhere { "34".parse().ok() } else { county },
        worker: post.worker.clone(),
        opened_by: post.worker.clone(),
        state,
        risk: Some(Risk(scene.risk.clone())),
        opened_at,
        closed_at: None,
        closed_reason: None,
        flags: scene.flags.clone(),
        categories: categories(guardians, &scene.flags, child.birth_month, province.today),
        categories_reason: None,
        holds: scene.holds.iter().map(|(paper, held)| (paper.clone(), *held == 1)).collect(),
        school_stage: child.birth_month.and_then(|month| stage(month.age_years(province.today))).map(str::to_owned),
        languages: if draw.chance(70) { vec!["普通话".into()] } else { Vec::new() },
        travel: Travel {
            mode: Some((*draw.one(&["walk", "ebike", "bus", "bus"])).into()),
            limit_minutes: Some(*draw.one(&[20, 30, 40, 60])),
        },
        can_pay: Some((*draw.one(&["free", "free", "low", "full"])).into()),
        guardian: Some((*guardian).into()),
        version: 1,
    }
}

fn stage(years: u16) -> Option<&'static str> {
    match years {
        0..=2 => None,
        3..=5 => Some("preschool"),
        6..=11 => Some("primary"),
        12..=14 => Some("junior"),
        _ => Some("senior"),
    }
}

fn needs(province: &Province, scene: &Scene, case: &Case, draw: &mut Draw) -> Vec<Need> {
    let rank = match scene.risk.as_str() {
        "red" => 1,
        "yellow" => 2,
        "blue" => 3,
        _ => 4,
    };
    let must_report = scene.report > 0;
    let count = if case.state == State::Intake { 2 } else { 4 };
    let need = |(nth, leaf): (usize, &String)| {
        let tier = if nth == 0 { Tier::by_default(Some(rank), must_report) } else { Tier::by_default(Some(rank + 1), false) };
        Some(Need {
            id: NeedId::from_parts(case.opened_at, draw.bytes()),
            case: case.id.clone(),
            term: leaf.parse().ok()?,
            tier,
            tier_reason: None,
            state: Outcome::Open,
            several: false,
            unverified: false,
            target_day: draw.chance(40).then(|| province.today.saturating_add(i64::from(draw.number(5..=60)).days())),
            reason: None,
            opened_at: case.opened_at,
            closed_at: None,
            source: *draw.one(&[Source::Read, Source::Picked]),
            version: 1,
        })
    };
    scene.needs.iter().take(count).enumerate().filter_map(need).collect()
}

/// The report to the police: nearly always made within the hour.
fn duty(province: &Province, scene: &Scene, case: &Case, draw: &mut Draw) -> ReportDuty {
    let made_at: Option<Timestamp> = draw.chance(90).then(|| case.opened_at + i64::from(draw.number(5..=55)).minutes());
    let town = province.divisions.name(&case.division);
    ReportDuty {
        id: ReportDutyId::from_parts(case.opened_at, draw.bytes()),
        case: case.id.clone(),
        situation: scene.report,
        found_at: case.opened_at,
        made_at,
        made_to: made_at.map(|_| format!("{town}派出所")),
        receipt_number: made_at.map(|_| format!("演示-{:04}", draw.number(1..=9999))),
    }
}
