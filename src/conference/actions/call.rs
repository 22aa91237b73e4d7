//! A meeting is called, its bodies invited, its pack sent; it begins, and its minutes are signed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lianjie_index::DivisionCode;

use super::super::model::{Conference, Item, ItemState, State, Step, latest_review};
use super::super::store::{self, Invited, Receiver};
use super::{agenda, is_invited, load, remembered, repeated, sheet};
use crate::access::{Action, Actor, Facts, Role, decide};
use crate::account;
use crate::account::notice::{Notice, leave};
use crate::app::App;
use crate::audit::{self, Event};
use crate::case;
use crate::error::{Error, Faults, Result};
use crate::id::{self, ConferenceId, OrganizationId};
use crate::organization;
use crate::secret::{Hidden, digest};
use crate::store::{Key, Tx};

/// A meeting to be called.
#[derive(Debug, Clone)]
pub struct NewConference {
    /// What it is called.
    pub title: String,
    /// Where.
    pub place: String,
    /// When.
    pub starts_at: Timestamp,
}

impl NewConference {
    fn check(&self, at: Timestamp) -> Result<()> {
        let mut faults = Faults::new();
        for (name, text) in [("title", &self.title), ("place", &self.place)] {
            faults.require(!text.trim().is_empty(), name, "required");
            faults.require(text.chars().count() <= 80, name, "too_long");
        }
        faults.require(self.starts_at > at, "starts_at", "not_past");
        faults.settle()
    }
}

/// Whose meeting the actor calls: the own station's, or the county's.
async fn whose(tx: &mut Tx, actor: &Actor) -> Result<(DivisionCode, Option<OrganizationId>)> {
    if let Some(station) = actor.organizations(Role::Supervisor).next() {
        let found = organization::store::find(tx, station).await?.ok_or_else(|| Error::missing("organization", station))?;
        return Ok((found.division, Some(station.clone())));
    }
    actor.divisions(Role::Coordinator).next().map(|division| (division, None)).ok_or(Error::Forbidden { why: "role" })
}

/// Calls a meeting; its agenda fills itself. A key that came before gives the meeting it made.
pub async fn call(app: &App, actor: &Actor, new: &NewConference, key: Option<&Key>) -> Result<ConferenceId> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(before) = repeated(&mut tx, key, actor).await? {
        return ConferenceId::parse(before.location.trim_start_matches("/conferences/")).map_err(|_| Error::Conflict { why: "repeated" });
    }
    let (division, station) = whose(&mut tx, actor).await?;
    new.check(at)?;
    let conference = Conference {
        id: ConferenceId::new(at),
        number: id::number(&mut rand::rng()),
        division,
        station,
        title: new.title.trim().to_owned(),
        place: new.place.trim().to_owned(),
        starts_at: new.starts_at,
        state: State::Planned,
        called_by: actor.id.clone(),
        chair: actor.id.clone(),
        signed_by: None,
        signed_at: None,
        minutes_hash: None,
        reason: None,
        invited: Vec::new(),
        version: 1,
    };
    decide(actor, Action::RunMeeting, &conference).allowed()?;
    store::insert(&mut tx, &conference, at).await?;
    let filled = agenda::fill(&app.keyring, &mut tx, &conference, at).await?;
    audit::record(&mut tx, actor, Event::new("conference.called", "conference", &conference.id).fields([format!("items={filled}")]), at)
        .await?;
    remembered(&mut tx, key, actor, &format!("/conferences/{}", conference.id), at).await?;
    tx.commit(at).await?;
    Ok(conference.id)
}

/// Sets another time, place or name of a meeting that does not sit yet, and tells who is invited.
pub async fn reschedule(app: &App, actor: &Actor, id: &ConferenceId, new: &NewConference) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut conference = load(&mut tx, actor, Action::RunMeeting, id).await?;
    conference.may_move()?;
    new.check(at)?;
    conference.title = new.title.trim().to_owned();
    conference.place = new.place.trim().to_owned();
    conference.starts_at = new.starts_at;
    store::update(&mut tx, &mut conference, at).await?;
    audit::record(&mut tx, actor, Event::new("conference.moved", "conference", id), at).await?;
    let facts = serde_json::json!({ "tier": 2, "number": conference.number, "link": format!("/conferences/{id}") });
    let key = format!("{id}:meeting_moved:{}", conference.version);
    for body in &conference.invited {
        leave(&mut tx, Notice::Organization(body), "meeting_moved", &key, &facts, at).await?;
    }
    tx.commit(at).await
}

/// Invites a body, or notes whether it was there.
pub async fn invite(
    app: &App,
    actor: &Actor,
    id: &ConferenceId,
    (body, person): (&OrganizationId, &str),
    attended: Option<bool>,
) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let conference = load(&mut tx, actor, Action::RunMeeting, id).await?;
    super::unsigned(&conference)?;
    organization::store::find(&mut tx, body).await?.ok_or_else(|| Error::invalid("body", "choice"))?;
    if person.chars().count() > 40 {
        return Err(Error::invalid("person", "too_long"));
    }
    store::invite(&mut tx, id, (body, person.trim()), attended, at).await?;
    if !conference.invited.contains(body) {
        // Whoever is invited gets the minutes, unless it is taken off the list.
        store::address(&mut tx, id, (body, ""), at).await?;
    }
    let verb = if attended.is_some() { "conference.attended" } else { "conference.invited" };
    audit::record(&mut tx, actor, Event::new(verb, "conference", id), at).await?;
    if attended.is_none() {
        let template = if conference.state == State::PackSent { "meeting_pack" } else { "meeting_invited" };
        tell(&mut tx, id, body, template, at).await?;
    }
    tx.commit(at).await
}

async fn tell(tx: &mut Tx, id: &ConferenceId, body: &OrganizationId, template: &str, at: Timestamp) -> Result<()> {
    let facts = serde_json::json!({ "tier": 2, "link": format!("/conferences/{id}") });
    leave(tx, Notice::Organization(body), template, &format!("{id}:{template}"), &facts, at).await
}

/// Takes a step: sends the pack, begins, signs, calls off.
pub async fn step(app: &App, actor: &Actor, id: &ConferenceId, step: Step, reason: &str) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut conference = load(&mut tx, actor, Action::RunMeeting, id).await?;
    conference.state = conference.step(step)?;
    let items = store::items(&mut tx, id).await?;
    match step {
        Step::SendPack if items.is_empty() => return Err(Error::Conflict { why: "agenda_empty" }),
        Step::SendPack | Step::Begin => {}
        Step::Cancel => {
            let reason = reason.trim();
            if reason.is_empty() || reason.chars().count() > 200 {
                return Err(Error::invalid("reason", if reason.is_empty() { "required" } else { "too_long" }));
            }
            conference.reason = Some(reason.to_owned());
            for item in &items {
                store::give_back_proposal(&mut tx, &item.id).await?;
            }
        }
        Step::Sign => sign(app, &mut tx, actor, &mut conference, items, at).await?,
    }
    store::update(&mut tx, &mut conference, at).await?;
    audit::record(&mut tx, actor, Event::new("conference.stepped", "conference", id).fields([step.name()]), at).await?;
    let template = match step {
        Step::SendPack => Some("meeting_pack"),
        Step::Sign => Some("meeting_minutes"),
        Step::Cancel => Some("meeting_cancelled"),
        Step::Begin => None,
    };
    if let Some(template) = template {
        let told: BTreeSet<OrganizationId> = match step {
            Step::Sign => store::receivers(&mut tx, id).await?.into_iter().map(|receiver| receiver.body).collect(),
            _ => conference.invited.iter().cloned().collect(),
        };
        for body in &told {
            tell(&mut tx, id, body, template, at).await?;
        }
    }
    tx.commit(at).await
}

/// Freezes the sheet of every item, and the digest over all of them. What was not discussed is put off.
async fn sign(app: &App, tx: &mut Tx, actor: &Actor, conference: &mut Conference, items: Vec<Item>, at: Timestamp) -> Result<()> {
    conference.signed_by = Some(actor.id.clone());
    conference.signed_at = Some(at);
    let mut all = String::new();
    for mut item in items {
        let case = case::store::find(tx, &item.case).await?.ok_or_else(|| Error::missing("case", &item.case))?;
        if item.state == ItemState::Planned {
            item.state = ItemState::Deferred;
        }
        if item.state == ItemState::Discussed && item.next_review.is_none() {
            item.next_review = Some(review_by(app, tx, &case).await?);
        }
        store::update_item(tx, &mut item, None).await?;
        let key = case::store::child_key(tx, &app.keyring, &case.child).await?;
        let sheet = sheet::build(app, tx, conference, &item, &case, (&key, &case.child)).await?;
        let minutes = serde_json::to_string(&sheet).map_err(|error| Error::Store(format!("minutes are not written: {error}")))?;
        store::put_minutes(tx, &item.id, (&key, &case.child), &Hidden::new(minutes.clone())).await?;
        all.push_str(&minutes);
        all.push('\n');
    }
    conference.minutes_hash = Some(digest(all.as_bytes()));
    Ok(())
}

/// The latest day by which a case is looked at again.
pub(super) async fn review_by(app: &App, tx: &mut Tx, case: &case::model::Case) -> Result<jiff::civil::Date> {
    let needs = case::store::needs(tx, &case.id).await?;
    let tier = needs.iter().filter(|need| !need.state.is_final()).map(|need| need.tier.number()).min();
    let rank = case.risk.as_ref().and_then(|risk| app.categories.get().risk(&risk.0).map(|level| level.rank));
    Ok(latest_review(app.today(), tier, rank))
}

/// A meeting as its reader may see it.
#[derive(Debug)]
pub struct View {
    /// The meeting.
    pub conference: Conference,
    /// Name of who leads it.
    pub chair: String,
    /// The agenda: each item with the child's alias and the number of the case.
    pub items: Vec<(Item, String, String)>,
    /// Bodies invited, with whether they were there.
    pub invited: Vec<(Invited, String)>,
    /// Who gets the minutes.
    pub receivers: Vec<Receiver>,
    /// Bodies that have something to do, with their names and how much; only for who leads it.
    pub owing: Vec<(OrganizationId, String, usize)>,
    /// Whether the pack should be out and is not.
    pub pack_due: bool,
    /// Whether the reader leads it.
    pub runs: bool,
}

/// A meeting with its agenda.
pub async fn view(app: &App, actor: &Actor, id: &ConferenceId) -> Result<View> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let conference = load(&mut tx, actor, Action::ReadMeeting, id).await?;
    let runs = decide(actor, Action::RunMeeting, &conference).is_allowed();
    let mut items = Vec::new();
    for item in store::items(&mut tx, id).await? {
        let case = case::store::find(&mut tx, &item.case).await?.ok_or_else(|| Error::missing("case", &item.case))?;
        let own = case.worker == actor.id;
        if !runs && !own && !is_invited(actor, &conference) {
            continue;
        }
        let child = case::store::child(&mut tx, &case.child).await?.ok_or_else(|| Error::missing("case", &item.case))?;
        let why = if runs || own { item.why } else { Vec::new() };
        items.push((Item { why, ..item }, child.alias, case.number));
    }
    let mut invited = Vec::new();
    for one in store::attended(&mut tx, id).await? {
        let name = organization::store::find(&mut tx, &one.body).await?.map(|body| body.name).unwrap_or_default();
        invited.push((one, name));
    }
    let receivers = store::receivers(&mut tx, id).await?;
    let owing = if runs { super::link::owing(&mut tx, id).await? } else { Vec::new() };
    let chair = account::store::find(&mut tx, &conference.chair).await?.map(|account| account.name).unwrap_or_default();
    audit::record(&mut tx, actor, Event::new("conference.viewed", "conference", id).fields([format!("items={}", items.len())]), at).await?;
    tx.commit(at).await?;
    let pack_due = runs && super::pack::is_due(app, &conference);
    Ok(View { conference, chair, items, invited, receivers, owing, pack_due, runs })
}

/// The meetings the actor may know of: of the own station, of the county, to which the own body is invited, and those in which
/// a case of the own comes up.
pub async fn lines(app: &App, actor: &Actor) -> Result<Vec<Conference>> {
    if !crate::access::may_anywhere(actor, Action::ReadMeeting) {
        return Err(Error::Forbidden { why: "role" });
    }
    let stations: Vec<OrganizationId> = actor.organizations(Role::Supervisor).chain(actor.organizations(Role::Worker)).cloned().collect();
    let divisions: Vec<DivisionCode> = actor.divisions(Role::Coordinator).collect();
    let bodies: Vec<OrganizationId> = actor.organizations(Role::Participant).cloned().collect();
    let mut db = app.store.read().await?;
    let mut found = Vec::new();
    for conference in store::lines(&mut db, &stations, &divisions, &bodies, &actor.id, 100).await? {
        if decide(actor, Action::ReadMeeting, &super::facts(&mut db, actor, &conference).await?).is_allowed() {
            found.push(conference);
        }
    }
    Ok(found)
}

/// Bodies that can be invited: departments, schools, hospitals, stations and organisations of the county, by name.
pub async fn bodies(app: &App, actor: &Actor, id: &ConferenceId) -> Result<Vec<(OrganizationId, String)>> {
    let mut db = app.store.read().await?;
    let conference = load(&mut db, actor, Action::RunMeeting, id).await?;
    let county = if conference.division.as_str().len() >= 6 { conference.division.county() } else { conference.division.clone() };
    store::bodies(&mut db, &county).await
}

/// The facts of a meeting nobody has called yet, for the form.
pub fn may_call(actor: &Actor) -> Result<()> {
    let station = actor.organizations(Role::Supervisor).next().cloned();
    let division = actor.divisions(Role::Coordinator).next();
    decide(actor, Action::RunMeeting, &Facts { thing: "conference", station, division, ..Facts::default() }).allowed()
}
