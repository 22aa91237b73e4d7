//! What two entries are to each other, if not one: nothing, two bodies at one site, a branch and its body. The answer is
//! remembered, the two are not asked about again, and it can be taken back.

use super::actions::load;
use super::model::{Answer, Kind, Told};
use super::store;
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::OrganizationId;
use crate::organization::model::{Organization, Status};
use crate::organization::store as organizations;
use crate::store::{Connection, DIRECTORY, Tx};

/// Remembers that two entries are not one: [`Answer::Different`], or, of organizations, [`Answer::Site`]. Said twice, it is said
/// once; another answer must be taken back first.
pub async fn tell(app: &App, actor: &Actor, kind: Kind, a: &str, b: &str, answer: Answer) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (one, other) = (load(&mut tx, actor, kind, a).await?, load(&mut tx, actor, kind, b).await?);
    if answer != Answer::Different && kind != Kind::Organization {
        return Err(Error::invalid("do", "unknown_fact"));
    }
    let told = Told::new(kind, [&one.id, &other.id], answer, &actor.id, at);
    if is_said(&mut tx, &told).await? {
        return Ok(());
    }
    store::tell(&mut tx, &told).await?;
    let event =
        Event::new("entry.told_apart", kind.name(), &one.id).fields([format!("other={}", other.id), format!("answer={}", answer.name())]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await
}

/// Says that an organization, as it was at a version, is a branch of another: that becomes its parent.
pub async fn branch(app: &App, actor: &Actor, branch: (&str, i64), parent: &str) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let part = load(&mut tx, actor, Kind::Organization, branch.0).await?;
    let whole = load(&mut tx, actor, Kind::Organization, parent).await?;
    decide(actor, Action::EditDirectory, &part.owner).allowed()?;
    let ids = [part.id.as_str(), whole.id.as_str()];
    let before = part.owner.parent.clone();
    let told = Told {
        branch: Some(part.id.clone()),
        parent_before: before.map(|parent| parent.to_string()),
        ..Told::new(Kind::Organization, ids, Answer::Branch, &actor.id, at)
    };
    if is_said(&mut tx, &told).await? {
        return Ok(());
    }
    if part.id == whole.id || part.version != branch.1 || whole.owner.status == Status::Closed {
        return Err(Error::Conflict { why: "changed" });
    }
    if is_below(&mut tx, &whole.owner, &part.owner.id).await? {
        return Err(Error::invalid("keep", "branch_circle"));
    }
    give_parent(&mut tx, actor, &part.owner, Some(whole.owner.id.clone()), at).await?;
    store::tell(&mut tx, &told).await?;
    let event = Event::new("entry.branch_told", "organization", &part.id).fields([format!("parent={}", whole.id)]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await
}

/// Takes an answer back: a branch has the parent it had before, unless it was given another since.
pub async fn take_back(app: &App, actor: &Actor, kind: Kind, a: &str, b: &str) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (one, other) = (load(&mut tx, actor, kind, a).await?, load(&mut tx, actor, kind, b).await?);
    let told = store::told(&mut tx, kind, &one.id, &other.id).await?.ok_or_else(|| Error::missing("merge", &one.id))?;
    if let Some(branch) = &told.branch {
        let (part, whole) = if *branch == one.id { (&one, &other) } else { (&other, &one) };
        if part.owner.parent.as_ref() == Some(&whole.owner.id) {
            decide(actor, Action::EditDirectory, &part.owner).allowed()?;
            let before = told.parent_before.as_deref().and_then(|parent| OrganizationId::parse(parent).ok());
            give_parent(&mut tx, actor, &part.owner, before, at).await?;
        }
    }
    store::forget(&mut tx, &told).await?;
    let event = Event::new("entry.retracted", kind.name(), &one.id)
        .fields([format!("other={}", other.id), format!("answer={}", told.answer.name())]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await
}

/// An answer, and the names of the two entries.
pub type Named = (Told, [String; 2]);

/// The answers about entries below a division that the actor may take back, the last first.
pub async fn answers(app: &App, actor: &Actor, below: &str) -> Result<Vec<Named>> {
    let mut db = app.store.read().await?;
    let mut found = Vec::new();
    for told in store::last_told(&mut db, below).await? {
        let one = load(&mut db, actor, told.kind, &told.a).await;
        let other = load(&mut db, actor, told.kind, &told.b).await;
        if let (Ok(one), Ok(other)) = (one, other) {
            found.push((told, [one.name(), other.name()]));
        }
    }
    Ok(found)
}

/// Whether the same was said before.
async fn is_said(db: &mut Connection, told: &Told) -> Result<bool> {
    match store::told(db, told.kind, &told.a, &told.b).await? {
        None => Ok(false),
        Some(before) if before.agrees(told) => Ok(true),
        Some(_) => Err(Error::Conflict { why: "told_before" }),
    }
}

/// Whether an organization is a branch of another, or of a branch of it.
async fn is_below(db: &mut Connection, organization: &Organization, above: &OrganizationId) -> Result<bool> {
    let mut seen = vec![organization.id.clone()];
    let mut next = organization.parent.clone();
    while let Some(parent) = next.filter(|parent| !seen.contains(parent)) {
        if parent == *above {
            return Ok(true);
        }
        next = organizations::find(db, &parent).await?.and_then(|found| found.parent);
        seen.push(parent);
    }
    Ok(false)
}

async fn give_parent(tx: &mut Tx, actor: &Actor, before: &Organization, parent: Option<OrganizationId>, at: jiff::Timestamp) -> Result<()> {
    let id = before.id.as_str();
    organizations::keep_version(tx, "organization", id, before.version, before, &actor.reference(), at).await?;
    organizations::update(tx, &mut Organization { parent, ..before.clone() }, at).await?;
    tx.changed(DIRECTORY, "organization", &before.id);
    Ok(())
}
