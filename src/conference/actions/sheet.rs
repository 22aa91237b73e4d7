//! The sheet of one case: previous actions first, needs and whom was asked, what was tried, the snapshot, decisions, actions.
//!
//! The sheet holds codes and the words of the meeting, so that it can be shown in either language, frozen as minutes, and
//! projected without identity.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::super::model::{Act, ActionState, Code, Conference, Decision, Item, TEXTS, Why};
use super::super::store::{self, Sealing};
use super::super::veil::Veil;
use super::{is_invited, load_item};
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

/// An action as a sheet shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct ActLine {
    /// Id, for its form.
    pub id: String,
    /// From 1, within its meeting.
    pub number: u32,
    /// What is to be done.
    pub what: String,
    /// What shows that it is.
    pub evidence: String,
    /// What was done, or why it could not be.
    pub said: String,
    /// Which body.
    pub body: String,
    /// Who of it.
    pub person: String,
    /// Who else.
    pub backup: String,
    /// By when.
    pub due_day: Date,
    /// Where it stands.
    pub state: ActionState,
    /// Whether somebody else has checked it.
    pub checked: bool,
}

/// A referral as a sheet shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct AskedLine {
    /// Number.
    pub number: String,
    /// Id, for its link.
    pub id: String,
    /// Who was asked.
    pub provider: String,
    /// Where it stands.
    pub state: String,
    /// For how many days.
    pub days: i32,
    /// The day something is due.
    pub due: Option<Date>,
    /// Whether that is over.
    pub late: bool,
    /// The last reason that was given.
    pub reason: Option<String>,
}

/// A need as a sheet shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct NeedLine {
    /// Id.
    pub id: String,
    /// What is needed.
    pub term: String,
    /// How urgent.
    pub tier: u8,
    /// Where it stands.
    pub state: String,
    /// By when.
    pub target: Option<Date>,
    /// Who was asked.
    pub asked: Vec<AskedLine>,
}

/// A dissent as a sheet shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct DissentLine {
    /// Which body.
    pub body: String,
    /// Why.
    pub reason: String,
    /// What comes next.
    pub next_step: String,
    /// By when.
    pub due_day: Date,
}

/// A decision as a sheet shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct DecisionLine {
    /// Id, for a dissent.
    pub id: String,
    /// From 1.
    pub number: u32,
    /// What was decided.
    pub code: Code,
    /// About which need: its term.
    pub need: Option<String>,
    /// Why.
    pub note: String,
    /// Whether it was carried out.
    pub executed: bool,
    /// What it made.
    pub created: Option<String>,
    /// Why it was not carried out: a key of a sentence.
    pub why_failed: Option<String>,
    /// Who dissents.
    pub dissents: Vec<DissentLine>,
}

/// The sheet.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sheet {
    /// Number of the case.
    pub number: String,
    /// Alias of the child.
    pub alias: String,
    /// Age band.
    pub band: String,
    /// Risk.
    pub risk: Option<String>,
    /// Days since the case was opened.
    pub days: i32,
    /// Who works on it.
    pub worker: String,
    /// Station.
    pub station: String,
    /// Township.
    pub division: String,
    /// Why it is on the agenda.
    pub why: Vec<Why>,
    /// What earlier meetings agreed on.
    pub last_actions: Vec<ActLine>,
    /// Needs and whom was asked.
    pub needs: Vec<NeedLine>,
    /// How it ended before: state, reason, how often.
    pub tried: Vec<(String, Option<String>, u32)>,
    /// The texts of [`TEXTS`].
    pub words: BTreeMap<String, String>,
    /// What is decided.
    pub decisions: Vec<DecisionLine>,
    /// What is agreed on.
    pub actions: Vec<ActLine>,
    /// When it is reviewed.
    pub next_review: Option<Date>,
    /// Bodies, and whether they were there.
    pub attendance: Vec<(String, Option<bool>)>,
}

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
        last_actions.push(act_line(db, &act, &words).await?);
    }
    let mut actions = Vec::new();
    for (act, words) in store::acts(db, &item.id, sealing).await? {
        actions.push(act_line(db, &act, &words).await?);
    }
    let asked = store::asked(db, &case.id).await?;
    let mut attendance = Vec::new();
    for (body, attended) in store::attended(db, &conference.id).await? {
        attendance.push((name_of(db, &body).await?, attended));
    }
    Ok(Sheet {
        number: case.number.clone(),
        alias: brief.alias,
        band: brief.age_band.map(|band| band.to_string()).unwrap_or_default(),
        risk: case.risk.as_ref().map(|risk| risk.0.clone()),
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
        decisions: decision_lines(db, item, &needs, sealing).await?,
        actions,
        next_review: item.next_review,
        attendance,
    })
}

async fn name_of(db: &mut Connection, body: &crate::id::OrganizationId) -> Result<String> {
    Ok(organization::store::find(db, body).await?.map(|body| body.name).unwrap_or_default())
}

async fn act_line(db: &mut Connection, act: &Act, words: &Words) -> Result<ActLine> {
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

async fn decision_lines(db: &mut Connection, item: &Item, needs: &[case::model::Need], sealing: Sealing<'_>) -> Result<Vec<DecisionLine>> {
    let mut lines = Vec::new();
    for (decision, words) in store::decisions(db, &item.id, sealing).await? {
        let Decision { id, number, code, need, executed, created, why_failed, .. } = decision;
        let dissents = store::dissents(db, &id, sealing).await?.into_iter().map(|(dissent, words)| DissentLine {
            body: dissent.body,
            reason: words.get("reason").to_owned(),
            next_step: words.get("next_step").to_owned(),
            due_day: dissent.due_day,
        });
        lines.push(DecisionLine {
            dissents: dissents.collect(),
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
    /// Referrals of the case that wait for approval: number and id.
    pub to_approve: Vec<(String, String)>,
}

/// Opens the sheet of an item: for who leads the meeting, and the worker of the case. A body that is invited sees the pack.
pub async fn open(app: &App, actor: &Actor, id: &ConferenceId, item: &AgendaItemId) -> Result<Opened> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (conference, item, case) = load_item(&mut tx, actor, Action::ReadMeeting, id, item).await?;
    let runs = decide(actor, Action::RunMeeting, &conference).is_allowed();
    let whole = runs || case.worker == actor.id;
    if !whole && !is_invited(actor, &conference) {
        return Err(Error::missing("agenda_item", &item.id));
    }
    let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let mut sheet = build(app, &mut tx, &conference, &item, &case, (&key, &case.child)).await?;
    if !whole {
        let own: Vec<String> = own_bodies(&mut tx, actor).await?;
        sheet = pack(sheet, &own);
        veil_of(app, &mut tx, &case).await?.over_sheet(&mut sheet);
    }
    let part = if whole { "sheet" } else { "pack" };
    audit::record(&mut tx, actor, Event::new("conference.sheet_viewed", "case", &case.id).fields([part]), at).await?;
    let mut all = Vec::new();
    for other in store::items(&mut tx, id).await? {
        // Who sees one case of a meeting does not learn of the others.
        let seen = runs || is_invited(actor, &conference) || other.id == item.id;
        if seen {
            all.push(other);
        }
    }
    let here = all.iter().position(|there| there.id == item.id).unwrap_or(0);
    let colleagues = if runs { account::store::colleagues(&mut tx, &case.station, app.today()).await? } else { Vec::new() };
    tx.commit(at).await?;
    let to_approve = sheet.needs.iter().flat_map(|need| &need.asked).filter(|asked| asked.state == "pending_approval");
    Ok(Opened {
        to_approve: to_approve.map(|asked| (asked.number.clone(), asked.id.clone())).collect(),
        previous: here.checked_sub(1).and_then(|index| all.get(index)).map(|item| item.id.clone()),
        next: all.get(here + 1).map(|item| item.id.clone()),
        items: all.into_iter().map(|item| item.id).collect(),
        colleagues,
        runs,
        sheet,
        conference,
        item,
    })
}

async fn own_bodies(db: &mut Connection, actor: &Actor) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for body in actor.organizations(Role::Participant) {
        names.push(name_of(db, body).await?);
    }
    Ok(names)
}

/// What a body that is invited sees: alias, age band, needs and how they stand, decisions, and its own actions.
fn pack(sheet: Sheet, own: &[String]) -> Sheet {
    let mine = |actions: Vec<ActLine>| actions.into_iter().filter(|action| own.contains(&action.body)).collect();
    let needs = sheet.needs.into_iter().map(|need| NeedLine { asked: Vec::new(), ..need }).collect();
    // What a decision says of the risk is not for bodies.
    let decisions = sheet.decisions.into_iter().filter(|decision| !matches!(decision.code, Code::RaiseRisk | Code::LowerRisk));
    let decisions = decisions.map(|decision| DecisionLine {
        note: String::new(),
        created: None,
        dissents: decision.dissents.into_iter().filter(|dissent| own.contains(&dissent.body)).collect(),
        ..decision
    });
    let question = sheet.words.get("question").cloned().unwrap_or_default();
    Sheet {
        risk: None,
        why: Vec::new(),
        tried: Vec::new(),
        words: BTreeMap::from([("question".to_owned(), question)]),
        last_actions: mine(sheet.last_actions),
        actions: mine(sheet.actions),
        decisions: decisions.collect(),
        needs,
        number: String::new(),
        ..sheet
    }
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
    veil.over_sheet(&mut opened.sheet);
    Ok(opened)
}

impl Veil {
    /// Over everything that somebody typed in a sheet.
    fn over_sheet(&self, sheet: &mut Sheet) {
        let over = |text: &mut String| *text = self.over(text);
        sheet.words.values_mut().for_each(over);
        for action in sheet.actions.iter_mut().chain(&mut sheet.last_actions) {
            over(&mut action.what);
            over(&mut action.evidence);
            over(&mut action.said);
        }
        for decision in &mut sheet.decisions {
            over(&mut decision.note);
            for dissent in &mut decision.dissents {
                over(&mut dissent.reason);
                over(&mut dissent.next_step);
            }
        }
    }
}

/// What hides the child of a case and its family in a text.
pub(super) async fn veil_of(app: &App, db: &mut Connection, case: &Case) -> Result<Veil> {
    let key = case::store::child_key(db, &app.keyring, &case.child).await?;
    let identity = case::store::identity(db, &key, &case.child).await?;
    let mut guardians = case::store::guardians(db, &case.child).await?;
    case::store::names_of_guardians(db, &key, &case.child, &mut guardians).await?;
    Ok(Veil::of(&identity, &guardians))
}

/// What was appended: number, text, by whom, when.
pub type Appended = (u32, String, String, Timestamp);

/// The minutes as they were signed, item by item, with what was appended since.
pub struct Minutes {
    /// The meeting.
    pub conference: Conference,
    /// Name of who signed.
    pub signed_by: String,
    /// The frozen sheets, with amendments: number, text, by whom, when.
    pub sheets: Vec<(AgendaItemId, Sheet, Vec<Appended>)>,
    /// Whether the reader may append.
    pub runs: bool,
}

/// The minutes. Who leads reads them whole; a body that was invited what concerns it.
pub async fn frozen(app: &App, actor: &Actor, id: &ConferenceId) -> Result<Minutes> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let conference = super::load(&mut tx, actor, Action::ReadMeeting, id).await?;
    if conference.signed_at.is_none() {
        return Err(Error::Conflict { why: "minutes_unsigned" });
    }
    let runs = decide(actor, Action::RunMeeting, &conference).is_allowed();
    let own = own_bodies(&mut tx, actor).await?;
    let mut sheets = Vec::new();
    for item in store::items(&mut tx, id).await? {
        let case = case::store::find(&mut tx, &item.case).await?.ok_or_else(|| Error::missing("case", &item.case))?;
        let worker = case.worker == actor.id;
        if !runs && !worker && own.is_empty() {
            continue;
        }
        let key = case::store::child_key(&mut tx, &app.keyring, &case.child).await?;
        let Some(text) = store::minutes(&mut tx, &item.id, (&key, &case.child)).await? else { continue };
        let sheet: Sheet = serde_json::from_str(text.reveal()).map_err(|_| Error::Row {
            table: "agenda_item",
            column: "minutes",
            row: item.id.to_string(),
        })?;
        let whole = runs || worker;
        let mut appended = Vec::new();
        for (number, words, by, when) in store::amendments(&mut tx, &item.id, (&key, &case.child)).await? {
            let name = account::store::find(&mut tx, &by).await?.map(|account| account.name).unwrap_or_default();
            if whole {
                appended.push((number, words.get("text").to_owned(), name, when));
            }
        }
        audit::record(&mut tx, actor, Event::new("conference.minutes_viewed", "case", &case.id).fields(["minutes"]), at).await?;
        sheets.push((item.id, if whole { sheet } else { pack(sheet, &own) }, appended));
    }
    let signed_by = match &conference.signed_by {
        Some(by) => account::store::find(&mut tx, by).await?.map(|account| account.name).unwrap_or_default(),
        None => String::new(),
    };
    tx.commit(at).await?;
    Ok(Minutes { conference, signed_by, sheets, runs })
}
