//! The sheet of one case is put together, opened, and projected.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::model::{Act, Conference, Decision, Dissent, Item, TEXTS};
use super::super::sheet::{ActLine, AskedLine, DecisionLine, DissentLine, NeedLine, Paper, Sheet};
use super::super::store::{self, Sealing};
use super::super::veil::Veil;
use super::{is_addressed, is_invited, load_item};
use crate::access::{Action, Actor, Role, decide};
use crate::account;
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::case::model::Case;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AgendaItemId, ConferenceId};
use crate::organization;
use crate::secret::Words;
use crate::store::Connection;

/// Puts a sheet together; the caller has decided and records the view.
pub(super) async fn build(
    app: &App,
    db: &mut Connection,
    conference: &Conference,
    item: &Item,
    case: &Case,
    sealing: Sealing<'_>,
) -> Result<Sheet> {
    let (now, today) = (app.now(), app.today());
    let child = case::store::child(db, &case.child).await?.ok_or_else(|| Error::missing("case", &case.id))?;
    let brief = case.brief(&child, today);
    let needs = case::store::needs(db, &case.id).await?;
    let words = store::item_words(db, &item.id, sealing).await?;
    let mut last_actions = Vec::new();
    for (act, words) in store::acts_of_case(db, &case.id, conference.starts_at, sealing, 6).await? {
        last_actions.push(act_line(db, &act, &words, today).await?);
    }
    let mut actions = Vec::new();
    for (act, words) in store::acts(db, &item.id, sealing).await? {
        actions.push(act_line(db, &act, &words, today).await?);
    }
    let asked = store::asked(db, &case.id).await?;
    let (mut attendance, mut there) = (Vec::new(), Vec::new());
    for invited in store::attended(db, &conference.id).await? {
        let name = name_of(db, &invited.body).await?;
        if invited.attended == Some(true) {
            there.push(name.clone());
        }
        attendance.push((if invited.person.is_empty() { name } else { format!("{name} · {}", invited.person) }, invited.attended));
    }
    Ok(Sheet {
        number: case.number.clone(),
        alias: brief.alias,
        band: brief.age_band.map(|band| band.to_string()).unwrap_or_default(),
        risk: case.risk.as_ref().map(|risk| risk.0.clone()),
        risk_before: case::store::risk_before(db, &case.id).await?.map(|risk| risk.0),
        papers: papers(db, case).await?,
        days: (today - clock::day(case.opened_at)).get_days().max(0),
        worker: account::store::find(db, &case.worker).await?.map(|account| account.name).unwrap_or_default(),
        station: name_of(db, &case.station).await?,
        division: case.division.to_string(),
        why: item.why.clone(),
        last_actions,
        tried: tried(&asked),
        needs: needs
            .iter()
            .map(|need| NeedLine {
                id: need.id.to_string(),
                term: need.term.to_string(),
                tier: need.tier.number(),
                state: need.state.name().to_owned(),
                target: need.target_day,
                asked: asked.iter().filter(|asked| asked.need == need.id).map(|asked| asked_line(asked, now, today)).collect(),
            })
            .collect(),
        words: TEXTS.iter().map(|(name, _)| ((*name).to_owned(), words.get(name).to_owned())).collect(),
        decisions: decision_lines(db, item, &needs, &there, sealing).await?,
        actions,
        next_review: item.next_review,
        receivers: store::receivers(db, &conference.id).await?.iter().map(store::Receiver::label).collect(),
        attendance,
    })
}

async fn name_of(db: &mut Connection, body: &crate::id::OrganizationId) -> Result<String> {
    Ok(organization::store::find(db, body).await?.map(|body| body.name).unwrap_or_default())
}

async fn act_line(db: &mut Connection, act: &Act, words: &Words, today: Date) -> Result<ActLine> {
    Ok(ActLine {
        id: act.id.to_string(),
        number: act.number,
        what: words.get("what").to_owned(),
        evidence: words.get("evidence").to_owned(),
        said: words.get("said").to_owned(),
        body: name_of(db, &act.organization).await?,
        person: act.person.clone(),
        backup: act.backup.clone(),
        due_day: act.due_day,
        state: act.state,
        checked: act.checked_by.is_some(),
        checker: super::check::checker(db, act, today).await?.map(|account| account.name).unwrap_or_default(),
    })
}

fn asked_line(asked: &store::Asked, now: Timestamp, today: Date) -> AskedLine {
    AskedLine {
        number: asked.number.clone(),
        id: asked.id.clone(),
        provider: asked.provider.clone(),
        state: asked.state.clone(),
        days: (today - clock::day(asked.since)).get_days().max(0),
        due: asked.due_at.map(clock::day),
        late: asked.due_at.is_some_and(|due| due < now),
        reason: asked.reason.clone(),
    }
}

/// What was tried and why it failed, by how often.
fn tried(asked: &[store::Asked]) -> Vec<(String, Option<String>, u32)> {
    let mut counts: BTreeMap<(String, Option<String>), u32> = BTreeMap::new();
    for one in asked.iter().filter(|one| ["declined", "expired", "withdrawn", "ended"].contains(&one.state.as_str())) {
        *counts.entry((one.state.clone(), one.reason.clone())).or_default() += 1;
    }
    let mut found: Vec<_> = counts.into_iter().map(|((state, reason), count)| (state, reason, count)).collect();
    found.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    found
}

/// What the meeting may ask for, and since or until when it is there.
async fn papers(db: &mut Connection, case: &Case) -> Result<Vec<Paper>> {
    let (child, case) = (&case.child, &case.id);
    let plan = case::plan::store::of_case(db, case).await?.into_iter().find(|plan| plan.state == case::plan::State::Approved);
    let assessment = case::assessment::store::of_case(db, case).await?.into_iter().map(|assessment| assessment.day).max();
    let agreements = case::agreement::store::of_case(db, case).await?;
    let signed = agreements.into_iter().find(|agreement| agreement.state == case::agreement::State::Signed);
    let due = signed.is_some() || case::agreement::needs_one(&case::store::guardians(db, child).await?);
    let reports = case::store::report_duties(db, case).await?;
    let paper = |what: &str, day: Option<Date>| Paper { what: what.to_owned(), day };
    let mut papers = vec![
        paper("plan", plan.map(|plan| plan.review_day)),
        paper("assessment", assessment),
        paper("visit", case::visit::store::seen(db, case).await?),
    ];
    // A child that needs no agreement lacks none.
    if due {
        papers.push(paper("agreement", signed.map(|agreement| agreement.to_day)));
    }
    if !reports.is_empty() {
        papers.push(paper("report", reports.iter().filter_map(|duty| duty.made_at).map(clock::day).max()));
    }
    Ok(papers)
}

async fn decision_lines(
    db: &mut Connection,
    item: &Item,
    needs: &[case::model::Need],
    there: &[String],
    sealing: Sealing<'_>,
) -> Result<Vec<DecisionLine>> {
    let mut lines = Vec::new();
    for (decision, words) in store::decisions(db, &item.id, sealing).await? {
        let Decision { id, number, code, need, executed, created, why_failed, .. } = decision;
        let dissent = |(dissent, words): (Dissent, Words)| DissentLine {
            body: dissent.body,
            reason: words.get("reason").to_owned(),
            next_step: words.get("next_step").to_owned(),
            due_day: dissent.due_day,
        };
        let dissents: Vec<DissentLine> = store::dissents(db, &id, sealing).await?.into_iter().map(dissent).collect();
        lines.push(DecisionLine {
            agreed: there.iter().filter(|body| dissents.iter().all(|dissent| dissent.body != **body)).cloned().collect(),
            dissents,
            need: need.and_then(|id| needs.iter().find(|need| need.id == id)).map(|need| need.term.to_string()),
            note: words.get("note").to_owned(),
            id: id.to_string(),
            number,
            code,
            executed,
            created,
            why_failed,
        });
    }
    Ok(lines)
}

/// A sheet as it is opened: with its meeting, where it stands, and its neighbours on the agenda.
pub struct Opened {
    /// The meeting.
    pub conference: Conference,
    /// The item.
    pub item: Item,
    /// The sheet.
    pub sheet: Sheet,
    /// Whether the reader leads the meeting.
    pub runs: bool,
    /// The item before it.
    pub previous: Option<AgendaItemId>,
    /// The item after it.
    pub next: Option<AgendaItemId>,
    /// The items the reader sees, in their order.
    pub items: Vec<AgendaItemId>,
    /// Colleagues who could go on with the case; none for who does not lead.
    pub colleagues: Vec<(crate::id::AccountId, String)>,
    /// People who could check what is agreed on; none for who does not lead.
    pub checkers: Vec<(crate::id::AccountId, String)>,
    /// Referrals of the case that wait for approval: number and id.
    pub to_approve: Vec<(String, String)>,
}

/// Opens the sheet of an item: for who leads the meeting, and the worker of the case. A body that is invited sees the pack; once the
/// minutes are signed it is a body that gets them.
pub async fn open(app: &App, actor: &Actor, id: &ConferenceId, item: &AgendaItemId) -> Result<Opened> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (conference, item, case) = load_item(&mut tx, actor, Action::ReadMeeting, id, item).await?;
    let runs = decide(actor, Action::RunMeeting, &conference).is_allowed();
    let whole = runs || case.worker == actor.id;
    let shared =
        if conference.signed_at.is_some() { is_addressed(&mut tx, actor, &conference).await? } else { is_invited(actor, &conference) };
    if !whole && !shared {
        return Err(Error::missing("agenda_item", &item.id));
    }
    let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let mut sheet = build(app, &mut tx, &conference, &item, &case, (&key, &case.child)).await?;
    if !whole {
        let own: Vec<String> = own_bodies(&mut tx, actor).await?;
        sheet = sheet.pack(&own);
        sheet.veil(&veil_of(app, &mut tx, &case).await?);
    }
    let part = if whole { "sheet" } else { "pack" };
    audit::record(&mut tx, actor, Event::new("conference.sheet_viewed", "case", &case.id).fields([part]), at).await?;
    let mut all = Vec::new();
    for other in store::items(&mut tx, id).await? {
        // Who sees one case of a meeting does not learn of the others.
        let seen = runs || shared || other.id == item.id;
        if seen {
            all.push(other);
        }
    }
    let here = all.iter().position(|there| there.id == item.id).unwrap_or(0);
    let colleagues = if runs { account::store::colleagues(&mut tx, &case.station, app.today()).await? } else { Vec::new() };
    let checkers = if runs { super::check::checkers(app, &mut tx, &conference, &case).await? } else { Vec::new() };
    tx.commit(at).await?;
    let to_approve = sheet.needs.iter().flat_map(|need| &need.asked).filter(|asked| asked.state == "pending_approval");
    Ok(Opened {
        to_approve: to_approve.map(|asked| (asked.number.clone(), asked.id.clone())).collect(),
        previous: here.checked_sub(1).and_then(|index| all.get(index)).map(|item| item.id.clone()),
        next: all.get(here + 1).map(|item| item.id.clone()),
        items: all.into_iter().map(|item| item.id).collect(),
        colleagues,
        checkers,
        runs,
        sheet,
        conference,
        item,
    })
}

pub(super) async fn own_bodies(db: &mut Connection, actor: &Actor) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for body in actor.organizations(Role::Participant) {
        names.push(name_of(db, body).await?);
    }
    Ok(names)
}

/// The sheet for the wall: no identity, and what names somebody in the words of the meeting is veiled. One event for each case shown.
pub async fn veiled(app: &App, actor: &Actor, id: &ConferenceId, item: &AgendaItemId) -> Result<Opened> {
    let at = app.now();
    let mut opened = open(app, actor, id, item).await?;
    if !opened.runs {
        return Err(Error::Forbidden { why: "role" });
    }
    let mut tx = app.begin().await?;
    let (_, _, case) = load_item(&mut tx, actor, Action::RunMeeting, id, item).await?;
    let veil = veil_of(app, &mut tx, &case).await?;
    audit::record(&mut tx, actor, Event::new("conference.projected", "case", &case.id).fields(["wall"]), at).await?;
    tx.commit(at).await?;
    opened.sheet.number.clear();
    opened.sheet.veil(&veil);
    Ok(opened)
}

/// What hides the child of a case and its family in a text.
pub(super) async fn veil_of(app: &App, db: &mut Connection, case: &Case) -> Result<Veil> {
    let key = case::store::child_key(db, &app.keyring, &case.child).await?;
    let identity = case::store::identity(db, &key, &case.child).await?;
    let mut guardians = case::store::guardians(db, &case.child).await?;
    case::store::names_of_guardians(db, &key, &case.child, &mut guardians).await?;
    Ok(Veil::of(&identity, &guardians))
}
