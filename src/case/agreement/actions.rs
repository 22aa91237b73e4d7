//! An agreement is written, signed, ended; those whose last day is over expire.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::super::actions::{load, still_open};
use super::super::model::Case;
use super::super::store as cases;
use super::model::{Agreement, RELATIONS, State, needs_one};
use super::{EXPIRING, store};
use crate::access::{Action, Actor, Class, Decision, decide};
use crate::account::notice::{Notice, leave};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Faults, Result};
use crate::id::{CareAgreementId, CaseId};
use crate::organization::store::province;
use crate::secret::{Hidden, Words};
use crate::store::{Answered, Key, Tx, answered, remember};

/// What is written in an agreement.
#[derive(Debug, Clone)]
pub struct Written {
    /// What the carer is to the child.
    pub relation: String,
    /// Who entrusts: both parents, or the one who can.
    pub parents: Hidden,
    /// Who cares.
    pub carer: Hidden,
    /// The carer's telephone.
    pub phone: Hidden,
    /// What the carer does.
    pub duties: Hidden,
    /// What is paid, by whom, when.
    pub money: Hidden,
    /// Who decides in an emergency.
    pub emergency: Hidden,
    /// First day.
    pub from_day: Date,
    /// Last day, included.
    pub to_day: Date,
    /// Days within which the parents must be in touch.
    pub contact_every: u8,
    /// Whether the school was told.
    pub school_told: bool,
    /// Whether the village's committee was told.
    pub committee_told: bool,
    /// Whether it was checked that nothing excludes the carer.
    pub carer_checked: bool,
}

/// Writes an agreement as a draft, to be printed and signed.
pub async fn write(app: &App, actor: &Actor, id: &CaseId, written: &Written, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::WriteCase, id).await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    still_open(&case)?;
    check(written, app.today())?;
    let agreement = Agreement {
        id: CareAgreementId::new(at),
        case: id.clone(),
        state: State::Draft,
        relation: written.relation.clone(),
        from_day: written.from_day,
        to_day: written.to_day,
        contact_every: written.contact_every,
        school_told: written.school_told,
        committee_told: written.committee_told,
        carer_checked: written.carer_checked,
        signed_day: None,
        ended_day: None,
        ended_reason: None,
        written_by: actor.id.clone(),
        version: 1,
    };
    let child_key = cases::child_key(&mut tx, &app.keyring, &case.child).await?;
    store::insert(&mut tx, &agreement, &province(&case.division), (&child_key, &case.child), &words_of(written), at).await?;
    audit::record(&mut tx, actor, Event::new("care_agreement.written", "case", id).fields(["care_agreement"]), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 303, location: format!("/cases/{id}/agreements") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

fn words_of(written: &Written) -> Words {
    Words::of([
        ("parents", written.parents.clone()),
        ("carer", written.carer.clone()),
        ("phone", written.phone.clone()),
        ("duties", written.duties.clone()),
        ("money", written.money.clone()),
        ("emergency", written.emergency.clone()),
    ])
}

fn check(written: &Written, today: Date) -> Result<()> {
    let mut faults = Faults::new();
    faults.require(RELATIONS.contains(&written.relation.as_str()), "relation", "choice");
    for (name, text) in [("parents", &written.parents), ("carer", &written.carer), ("phone", &written.phone), ("duties", &written.duties)] {
        faults.require(!text.is_empty(), name, "required");
    }
    for (name, length) in words_of(written).lengths() {
        faults.require(length <= 500, name, "too_long");
    }
    faults.require(written.to_day > written.from_day, "to_day", "agreement_days");
    faults.require(written.to_day > today, "to_day", "not_past");
    faults.require((1..=7).contains(&written.contact_every), "contact_every", "agreement_contact");
    faults.require(written.carer_checked, "carer_checked", "agreement_carer");
    faults.settle()
}

/// A deed upon an agreement.
#[derive(Debug, Clone)]
pub enum Step {
    /// All have signed, on a day.
    Sign(Date),
    /// It ends, on a day, for a reason.
    End(Date, String),
}

/// Signs or ends an agreement.
pub async fn step(app: &App, actor: &Actor, id: &CareAgreementId, step: &Step) -> Result<CaseId> {
    let (at, today) = (app.now(), app.today());
    let mut tx = app.begin().await?;
    let mut agreement = store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("care_agreement", id))?;
    let case = load(&mut tx, actor, Action::WriteCase, &agreement.case).await?;
    still_open(&case)?;
    let verb = match step {
        Step::Sign(day) => {
            agreement.state = agreement.sign()?;
            let mut faults = Faults::new();
            faults.require(*day <= today, "day", "not_yet");
            faults.require(agreement.to_day >= today, "day", "agreement_over");
            faults.settle()?;
            agreement.signed_day = Some(*day);
            "care_agreement.signed"
        }
        Step::End(day, reason) => {
            agreement.state = agreement.end()?;
            let mut faults = Faults::new();
            faults.require(*day <= today, "day", "not_yet");
            faults.require(!reason.trim().is_empty(), "reason", "required");
            faults.require(reason.chars().count() <= 200, "reason", "too_long");
            faults.settle()?;
            (agreement.ended_day, agreement.ended_reason) = (Some(*day), Some(reason.trim().to_owned()));
            "care_agreement.ended"
        }
    };
    store::update(&mut tx, &agreement, at).await?;
    // One that begins later leaves the one before it in force until then.
    if agreement.state == State::Signed && agreement.from_day <= today {
        let others = store::of_case(&mut tx, &case.id).await?;
        for before in others
            .into_iter()
            .filter(|other| other.state == State::Signed && other.id != agreement.id && other.from_day <= agreement.from_day)
        {
            end(&mut tx, actor, &before, today, at).await?;
        }
    }
    audit::record(&mut tx, actor, Event::new(verb, "case", &case.id).fields(["care_agreement"]), at).await?;
    tx.commit(at).await?;
    Ok(case.id)
}

/// How many agreements one transaction looks at.
const BATCH: i64 = 500;

/// Lets agreements end whose last day is over, and those in whose place another has come; gives how many.
pub async fn expire(app: &App) -> Result<usize> {
    let (at, today) = (app.now(), app.today());
    let over = store::over(&mut *app.store.read().await?, today, BATCH).await?;
    if over.is_empty() {
        return Ok(0);
    }
    let mut tx = app.begin().await?;
    for agreement in &over {
        end(&mut tx, &Actor::timer(), agreement, today, at).await?;
    }
    tx.commit(at).await?;
    Ok(over.len())
}

/// Ends an agreement that ran out, or that another has replaced.
async fn end(tx: &mut Tx, actor: &Actor, agreement: &Agreement, today: Date, at: Timestamp) -> Result<()> {
    let mut ended = agreement.clone();
    let verb = if agreement.to_day < today {
        ended.state = State::Expired;
        "care_agreement.expired"
    } else {
        ended.state = State::Ended;
        (ended.ended_day, ended.ended_reason) = (Some(today), Some("renewed".to_owned()));
        "care_agreement.ended"
    };
    store::update(tx, &ended, at).await?;
    audit::record(tx, actor, Event::new(verb, "case", &agreement.case).fields(["care_agreement"]), at).await
}

/// Tells a worker, thirty days and seven days before, that an agreement ends and none follows it.
pub async fn remind(app: &App) -> Result<()> {
    let (at, today) = (app.now(), app.today());
    for (template, days) in [("agreement_ends", EXPIRING), ("agreement_ends_soon", 7)] {
        let by = today.saturating_add(days.days());
        let ending = store::ending(&mut *app.store.read().await?, template, today, by, BATCH).await?;
        if ending.is_empty() {
            continue;
        }
        let mut tx = app.begin().await?;
        for ending in ending {
            let facts = serde_json::json!({
                "tier": 3, "number": ending.number, "day": ending.to_day, "link": format!("/cases/{}/agreements", ending.case)
            });
            leave(&mut tx, Notice::Account(&ending.worker), template, &format!("{}:{template}", ending.agreement), &facts, at).await?;
        }
        tx.commit(at).await?;
    }
    Ok(())
}

/// The agreements of a case, as its reader may see them.
#[derive(Debug)]
pub struct View {
    /// The case.
    pub case: Case,
    /// Its child's alias.
    pub alias: String,
    /// The agreements, the last first, with their words; empty for who may not read them.
    pub agreements: Vec<(Agreement, Words)>,
    /// Whether a parent works elsewhere and none is there.
    pub needed: bool,
    /// Whether the reader sees the words.
    pub reads: bool,
    /// Whether the reader may write one.
    pub may_write: bool,
}

/// The agreements of a case. The words name people: they are read by those who see identity, and the log says so first.
pub async fn view(app: &App, actor: &Actor, id: &CaseId) -> Result<View> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let case = load(&mut tx, actor, Action::ReadCase, id).await?;
    let Decision::Mask(classes) = decide(actor, Action::ReadCase, &case) else { return Err(Error::missing("case", id)) };
    if !classes.has(Class::Status) {
        return Err(Error::Forbidden { why: "role" });
    }
    let reads = classes.has(Class::Sensitive);
    let child = cases::child(&mut tx, &case.child).await?.ok_or_else(|| Error::missing("case", id))?;
    let key = cases::child_key(&mut tx, &app.keyring, &case.child).await?;
    let mut agreements = Vec::new();
    for agreement in store::of_case(&mut tx, id).await? {
        let words = if reads { store::words(&mut tx, (&key, &case.child), &agreement.id).await? } else { Words::default() };
        agreements.push((agreement, words));
    }
    if reads && !agreements.is_empty() {
        audit::record(&mut tx, actor, Event::new("care_agreement.viewed", "case", id).fields(["care_agreement"]), at).await?;
    }
    let needed = needs_one(&cases::guardians(&mut tx, &case.child).await?);
    tx.commit(at).await?;
    let may_write = still_open(&case).is_ok() && decide(actor, Action::WriteCase, &case).is_allowed();
    Ok(View { alias: child.alias, agreements, needed, reads, may_write, case })
}
