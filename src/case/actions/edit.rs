//! Changing what is known of a child. A sealed field that comes empty stays as it is, so that no form has to show one.

use jiff::Timestamp;

use super::super::model::{Case, Guardian, Item, Known, Purpose, Writing, Written, alias, categories, name};
use super::super::store;
use super::open::{over, read, taken, village_fits};
use super::{load, still_open};
use crate::access::{Action, Actor};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Faults, Result};
use crate::id::{CaseId, GuardianId};
use crate::secret::{ChildKey, Hidden};
use crate::store::Tx;

/// What a form that changes a case begins with: what is plain of it, the states of the guardians among it. Why a parent is
/// absent is shown for a purpose only, so the log has it before the form is sent.
pub async fn begin_edit(app: &App, actor: &Actor, id: &CaseId) -> Result<(Case, Written)> {
    let found = written(app, actor, id).await?;
    let at = app.now();
    let mut tx = app.begin().await?;
    let event = Event::new("case.identified", "case", id).fields([name(&Item::Guardians)]).purpose(name(&Purpose::Correction));
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok(found)
}

/// What is plain of a case, to be written over. Nothing sealed is in it.
pub async fn written(app: &App, actor: &Actor, id: &CaseId) -> Result<(Case, Written)> {
    let mut db = app.store.read().await?;
    let case = load(&mut db, actor, Action::WriteCase, id).await?;
    let child = store::child(&mut db, &case.child).await?.ok_or_else(|| Error::missing("case", id))?;
    let guardians = store::guardians(&mut db, &case.child).await?;
    let written = Written::of(&case, &child, &guardians);
    Ok((case, written))
}

/// Changes what is known; `version` is that of the case which was looked at.
pub async fn edit(app: &App, actor: &Actor, id: &CaseId, written: &Written, version: Option<i64>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut case = load(&mut tx, actor, Action::WriteCase, id).await?;
    still_open(&case)?;
    if version.is_some_and(|version| version != case.version) {
        return Err(Error::Conflict { why: "changed" });
    }
    let known = read(app, written)?;
    let mut child = store::child(&mut tx, &case.child).await?.ok_or_else(|| Error::missing("case", id))?;
    let mut faults = Faults::new();
    faults.require(known.birth_month.is_some(), "birth_month", "birth_needed");
    village_fits(&mut tx, &known, &mut faults).await?;
    let key = store::child_key(&mut tx, &app.keyring, &case.child).await?;
    let identity = over(store::identity(&mut tx, &key, &case.child).await?, &known.identity);
    if let Some(chosen) = known.alias.as_ref().filter(|chosen| **chosen != child.alias) {
        let taken = taken(&mut tx, &case.station).await?;
        faults.keep(alias::check(chosen, identity.name.as_ref(), &taken));
    }
    faults.settle()?;

    child.alias = known.alias.clone().unwrap_or(child.alias);
    child.birth_month = known.birth_month;
    child.sex = known.sex;
    store::update_child(&mut tx, &mut child, at).await?;
    store::put_identity(&mut tx, &app.keyring, &key, &case.child, &identity, at).await?;
    put_guardians(&mut tx, &key, &case, &known.guardians, at).await?;
    put_facts(&mut tx, app, &mut case, &known, at).await?;
    let writing = over_writing(store::writing(&mut tx, &key, &case).await?, known.writing.clone());
    store::put_writing(&mut tx, &key, &case, &writing).await?;
    audit::record(&mut tx, actor, Event::new("case.edited", "case", id).fields(sealed(&known)), at).await?;
    tx.commit(at).await
}

/// The guardians as given. The sealed name and phone of one that is there stay where none are given: known by its id, a
/// parent by the relation too.
async fn put_guardians(tx: &mut Tx, key: &ChildKey, case: &Case, given: &[Guardian], at: Timestamp) -> Result<()> {
    let mut kept = store::guardians(tx, &case.child).await?;
    store::names_of_guardians(tx, key, &case.child, &mut kept).await?;
    let mut guardians = given.to_vec();
    for guardian in &mut guardians {
        let is_it =
            |before: &&Guardian| before.id == guardian.id || (guardian.relation.is_parent() && before.relation == guardian.relation);
        if let Some(before) = kept.iter().find(is_it) {
            guardian.id = before.id.clone();
            guardian.name = guardian.name.clone().or_else(|| before.name.clone());
            guardian.phone = guardian.phone.clone().or_else(|| before.phone.clone());
        } else {
            guardian.id = GuardianId::new(at);
        }
    }
    store::replace_guardians(tx, key, &case.child, &guardians).await
}

async fn put_facts(tx: &mut Tx, app: &App, case: &mut Case, known: &Known, at: Timestamp) -> Result<()> {
    let known = known.clone();
    let computed = categories(&known.guardians, &known.flags, known.birth_month, app.today());
    (case.categories, case.categories_reason) = match known.overriding {
        Some((categories, reason)) => (categories, Some(reason)),
        None => (computed, None),
    };
    case.division = known.division;
    case.village = known.village;
    case.hukou = known.hukou;
    case.flags = known.flags;
    case.holds = known.holds;
    case.school_stage = known.school_stage;
    case.languages = known.languages;
    case.travel = known.travel;
    case.can_pay = known.can_pay;
    case.guardian = known.guardian;
    case.risk = known.risk;
    store::update(tx, case, at).await
}

fn over_writing(kept: Writing, given: Writing) -> Writing {
    Writing {
        care_notes: given.care_notes.or(kept.care_notes),
        narrative: given.narrative.or(kept.narrative),
        diagnoses: given.diagnoses.or(kept.diagnoses),
        certificates: given.certificates.or(kept.certificates),
    }
}

/// Names of the sealed fields that were written, for the log.
fn sealed(known: &Known) -> Vec<&'static str> {
    let given = |name: &'static str, text: &Option<Hidden>| text.is_some().then_some(name);
    let identity = &known.identity;
    [
        given("name", &identity.name),
        given("identity_number", &identity.identity_number),
        given("phone", &identity.phone),
        given("address", &identity.address),
        given("school", &identity.school),
        given("narrative", &known.writing.narrative),
        given("care_notes", &known.writing.care_notes),
        given("diagnoses", &known.writing.diagnoses),
        given("certificates", &known.writing.certificates),
        Some("facts"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
