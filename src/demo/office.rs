//! What stations of the demo do besides visiting and referring: plans, assessments, agreements, leads, activities, and a meeting
//! that is called for next week.

use jiff::ToSpan;
use serde::Deserialize;

use super::draw::Draw;
use super::names::read;
use super::people::{Cast, Staff};
use super::projects::{self, Held};
use super::province::Province;
use crate::case::agreement::{self, Agreement, needs_one};
use crate::case::assessment::{self, Assessment, form};
use crate::case::lead::{self, Lead, Sources};
use crate::case::model::{Case, Need, State};
use crate::case::plan::{self, Goal, PlanVersion, Reached};
use crate::case::store as cases;
use crate::clock;
use crate::conference::actions::fill;
use crate::conference::model::{Conference, State as Sits};
use crate::conference::store as conferences;
use crate::error::Result;
use crate::id::{AssessmentId, CareAgreementId, ConferenceId, GoalId, LeadId, PlanVersionId};
use crate::organization::store::province as province_of;
use crate::secret::{ChildKey, Hidden, Keyring, Words};
use crate::store::Tx;

/// A lead of the demo.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    source: Sources,
    words: String,
    child: String,
    days: u32,
    #[serde(default)]
    danger: bool,
    #[serde(default)]
    found: String,
}

/// The texts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    measures: Vec<String>,
    responsible: Vec<String>,
    child_opinions: Vec<String>,
    guardian_opinions: Vec<String>,
    fallbacks: Vec<String>,
    parents: Vec<String>,
    duties: Vec<String>,
    questions: Vec<String>,
    leads: Vec<Told>,
    activities: Vec<Held>,
}

/// Everything of an office, for the cases that were opened.
pub async fn keep(
    tx: &mut Tx,
    province: &Province,
    keyring: &Keyring,
    staff: &Staff,
    cast: &Cast,
    kept: &[(Case, Vec<Need>)],
) -> Result<()> {
    let texts: Texts = read("demo/office.toml")?;
    for (case, needs) in kept {
        let mut draw = province.draw(&format!("office {}", case.id));
        let key = cases::child_key(tx, keyring, &case.child).await?;
        write_plan(tx, province, staff, (case, needs), &key, &texts, &mut draw).await?;
        assess(tx, province, case, &key, &mut draw).await?;
        agree(tx, province, case, &key, &texts, &mut draw).await?;
    }
    let mut draw = province.draw("office");
    tell(tx, province, keyring, staff, &texts, &mut draw).await?;
    projects::hold(tx, province, keyring, (staff, cast), &texts.activities, &mut draw).await?;
    projects::pay(tx, province, (staff, cast), &mut draw).await?;
    call(tx, province, keyring, staff, cast, kept, &texts, &mut draw).await
}

/// Three of four cases that are worked on have a plan in force; assessed ones wait for the station head.
async fn write_plan(
    tx: &mut Tx,
    province: &Province,
    staff: &Staff,
    (case, needs): (&Case, &[Need]),
    key: &ChildKey,
    texts: &Texts,
    draw: &mut Draw,
) -> Result<()> {
    let approved = matches!(case.state, State::Active | State::FollowUp);
    if case.state == State::Intake || case.state == State::Closed || (approved && draw.chance(25)) {
        return Ok(());
    }
    let at = (case.opened_at + i64::from(draw.number(24..=96)).hours()).min(province.at);
    // Nobody approves what they wrote.
    let head = Some(staff.head(case)).filter(|head| **head != case.worker).unwrap_or(&staff.coordinator);
    let day = |days: u32| province.today.saturating_add(i64::from(days).days());
    let version = PlanVersion {
        id: PlanVersionId::from_parts(at, draw.bytes()),
        case: case.id.clone(),
        number: 1,
        state: if approved { plan::State::Approved } else { plan::State::Draft },
        // One of six is due.
        review_day: if draw.chance(16) { province.days_ago(draw.number(1..=10)) } else { day(draw.number(20..=90)) },
        submitted_at: Some(at),
        written_by: case.worker.clone(),
        written_at: at,
        approved_by: approved.then(|| head.clone()),
        approved_at: approved.then_some(at),
        version: 1,
    };
    let text = |of: &[String], draw: &mut Draw| Hidden::new(draw.one(of).clone());
    let words = Words::of([
        ("child_opinion", text(&texts.child_opinions, draw)),
        ("guardian_opinion", text(&texts.guardian_opinions, draw)),
        ("fallback", text(&texts.fallbacks, draw)),
    ]);
    plan::store::insert(tx, &version, &province_of(&case.division), (key, &case.child), &words).await?;
    let mut goals = Vec::new();
    for need in needs.iter().take(3) {
        goals.push(Goal {
            id: GoalId::from_parts(at, draw.bytes()),
            need: Some(need.id.clone()),
            words: Words::of([
                ("goal", Hidden::new("这件事有着落，孩子能说出找谁。")),
                ("measure", text(&texts.measures, draw)),
                ("responsible", text(&texts.responsible, draw)),
            ]),
            fee_source: Some((*draw.one(&["none", "station", "program", "public"])).to_owned()),
            from_day: clock::day(at),
            review_day: day(draw.number(10..=60)),
            result: if draw.chance(20) { Reached::Partly } else { Reached::Open },
        });
    }
    plan::store::replace_goals(tx, &version.id, (key, &case.child), &goals).await
}

/// Two of three families were assessed, mostly without concern.
async fn assess(tx: &mut Tx, province: &Province, case: &Case, key: &ChildKey, draw: &mut Draw) -> Result<()> {
    if draw.chance(33) {
        return Ok(());
    }
    let day = clock::day(case.opened_at).saturating_add(i64::from(draw.number(1..=14)).days()).min(province.today);
    let red = case.risk.as_ref().is_some_and(crate::case::model::Risk::is_red);
    let mut answers = std::collections::BTreeMap::new();
    for item in &form().items {
        let concern = draw.chance(if red { 45 } else { 15 });
        let choice = if concern { draw.one(&item.options) } else { &item.options[0] };
        answers.insert(item.code.clone(), choice.code.clone());
    }
    let Ok((points, outcome)) = form().weigh(&answers) else { return Ok(()) };
    let at = clock::start_of(day) + 10.hours();
    let row = Assessment {
        id: AssessmentId::from_parts(at, draw.bytes()),
        case: case.id.clone(),
        form: form().edition.clone(),
        points,
        outcome,
        day,
        valid_until: day.saturating_add(i64::from(form().valid_days).days()),
        by: case.worker.clone(),
    };
    let words = answers.iter().fold(Words::default(), |words, (item, option)| words.with(item, Hidden::new(option.clone())));
    assessment::store::insert(tx, &row, &province_of(&case.division), (key, &case.child), &words, at).await
}

/// Four of five children whose parents are away are covered; some agreements end soon.
async fn agree(tx: &mut Tx, province: &Province, case: &Case, key: &ChildKey, texts: &Texts, draw: &mut Draw) -> Result<()> {
    if !needs_one(&cases::guardians(tx, &case.child).await?) || draw.chance(20) {
        return Ok(());
    }
    let from = province.days_ago(draw.number(30..=320));
    let at = clock::start_of(from) + 11.hours();
    let row = Agreement {
        id: CareAgreementId::from_parts(at, draw.bytes()),
        case: case.id.clone(),
        state: agreement::State::Signed,
        relation: (*draw.one(&["grandparent", "grandparent", "relative"])).to_owned(),
        from_day: from,
        to_day: from.saturating_add(1.year()),
        contact_every: 7,
        school_told: draw.chance(80),
        committee_told: true,
        carer_checked: true,
        signed_day: Some(from),
        ended_day: None,
        ended_reason: None,
        written_by: case.worker.clone(),
        version: 1,
    };
    let words = Words::of([
        ("parents", Hidden::new(draw.one(&texts.parents).clone())),
        ("carer", Hidden::new(province.names.person(draw))),
        ("phone", Hidden::new("0000-88880000")),
        ("duties", Hidden::new(draw.one(&texts.duties).clone())),
    ]);
    agreement::store::insert(tx, &row, &province_of(&case.division), (key, &case.child), &words, at).await
}

/// The leads of the demo's station.
async fn tell(tx: &mut Tx, province: &Province, keyring: &Keyring, staff: &Staff, texts: &Texts, draw: &mut Draw) -> Result<()> {
    let post = &staff.posts[0];
    for told in &texts.leads {
        let at = if told.days == 0 { province.at } else { clock::start_of(province.days_ago(told.days)) + 9.hours() };
        let seen = !told.found.is_empty();
        let row = Lead {
            id: LeadId::from_parts(at, draw.bytes()),
            number: draw.number_to_say(),
            division: post.town.clone(),
            village: draw.maybe_one(&post.villages).cloned(),
            station: post.station.clone(),
            source: told.source,
            danger: told.danger,
            state: if seen { lead::State::Visited } else { lead::State::New },
            due_at: at + if told.danger { 2.hours() } else { 72.hours() },
            visited_at: seen.then(|| at + 30.hours()),
            reason: None,
            case: None,
            by: post.worker.clone(),
            at,
            version: 1,
        };
        let words = Words::of([
            ("words", Hidden::new(told.words.clone())),
            ("child", Hidden::new(told.child.clone())),
            ("found", Hidden::new(told.found.clone())),
        ]);
        let (id, key) = lead::store::make_key(tx, keyring, &row.id).await?;
        lead::store::insert(tx, &row, (&id, &key), &words).await?;
        lead::store::update(tx, &row, Some((&key, &words))).await?;
    }
    Ok(())
}

/// The station's meeting of next week; two workers have asked for it, the rest comes up by itself.
#[expect(clippy::too_many_arguments, reason = "the parts of the demo")]
async fn call(
    tx: &mut Tx,
    province: &Province,
    keyring: &Keyring,
    staff: &Staff,
    cast: &Cast,
    kept: &[(Case, Vec<Need>)],
    texts: &Texts,
    draw: &mut Draw,
) -> Result<()> {
    let post = &staff.posts[0];
    let own = || kept.iter().map(|(case, _)| case).filter(|case| case.station == post.station && case.state == State::Active);
    for case in own().take(2) {
        let key = cases::child_key(tx, keyring, &case.child).await?;
        let words = Words::of([("question", Hidden::new(draw.one(&texts.questions).clone()))]);
        conferences::insert_proposal(tx, &case.id, (&key, &case.child), &words, &case.worker, province.at).await?;
    }
    let day = province.today.saturating_add(7.days());
    let conference = Conference {
        id: ConferenceId::from_parts(province.at, draw.bytes()),
        number: draw.number_to_say(),
        division: post.town.clone(),
        station: Some(post.station.clone()),
        title: "疑难个案研讨会".to_owned(),
        place: "工作站会议室".to_owned(),
        starts_at: clock::start_of(day) + 14.hours(),
        state: Sits::Planned,
        called_by: staff.supervisor.clone(),
        chair: staff.supervisor.clone(),
        signed_by: None,
        signed_at: None,
        minutes_hash: None,
        reason: None,
        invited: Vec::new(),
        version: 1,
    };
    conferences::insert(tx, &conference, province.at).await?;
    if let Some(bureau) = &cast.bureau {
        conferences::invite(tx, &conference.id, (bureau, ""), None, province.at).await?;
        conferences::address(tx, &conference.id, (bureau, ""), province.at).await?;
    }
    fill(keyring, tx, &conference, province.at).await.map(|_| ())
}
