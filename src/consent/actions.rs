//! Recording a consent. Taking it back puts live referrals to rest, so that is done by `referral`.

use jiff::civil::Date;

use super::model::{Consent, Family, Giver, Ground, Item, Purpose, check};
use super::store;
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::audit;
use crate::case::model::Case;
use crate::case::store as cases;
use crate::error::{Error, Result};
use crate::id::{CaseId, ConsentId, OrganizationId};
use crate::organization::model::Organization;
use crate::organization::store as organizations;
use crate::store::{Answered, Key, answered, remember};

/// What a consent is recorded from.
#[derive(Debug, Clone)]
pub struct NewConsent {
    /// For whom.
    pub recipient: OrganizationId,
    /// Which items.
    pub items: Vec<Item>,
    /// For what.
    pub purpose: Purpose,
    /// On which ground.
    pub ground: Ground,
    /// Which article.
    pub article: Option<String>,
    /// Who said yes.
    pub given_by: Vec<Giver>,
    /// What shows it.
    pub evidence: String,
    /// First day; absent = today.
    pub from: Option<Date>,
    /// Last day.
    pub to: Date,
}

/// Records a consent. Of a write that comes twice only the first makes one.
pub async fn record(app: &App, actor: &Actor, case: &CaseId, new: NewConsent, key: Option<&Key>) -> Result<Option<ConsentId>> {
    let (now, today) = (app.now(), app.today());
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(None);
    }
    let found = cases::find(&mut tx, case).await?.ok_or_else(|| Error::missing("case", case))?;
    decide(actor, Action::RecordConsent, &found).allowed()?;
    let recipient = organizations::find(&mut tx, &new.recipient).await?.ok_or_else(|| Error::invalid("recipient", "required"))?;
    let child = cases::child(&mut tx, &found.child).await?.ok_or_else(|| Error::missing("child", &found.child))?;
    let guardians = cases::guardians(&mut tx, &found.child).await?;
    let consent = Consent {
        id: ConsentId::new(now),
        case: case.clone(),
        recipient: recipient.id.clone(),
        items: new.items,
        purpose: new.purpose,
        ground: new.ground,
        article: new.article.filter(|_| new.ground == Ground::Statutory),
        given_by: if new.ground == Ground::Consent { new.given_by } else { Vec::new() },
        evidence: new.evidence,
        from: new.from.unwrap_or(today),
        to: new.to,
        revoked_at: None,
        recorded_by: actor.id.clone(),
        at: now,
    };
    check(&consent, &recipient.kind, Family { guardians: &guardians, birth: child.birth_month }, today)?;
    look_through(&mut tx, app, &found, &consent.evidence).await?;
    store::insert(&mut tx, &consent).await?;
    let logged = audit::Event::new("consent.recorded", "consent", &consent.id).fields(consent.items.iter().map(|item| item.name()));
    audit::record(&mut tx, actor, logged.purpose(consent.purpose.name()), now).await?;
    if let Some(key) = key {
        remember(&mut tx, key, &actor.reference(), &Answered { status: 303, location: format!("/cases/{case}/consents") }, now).await?;
    }
    tx.commit(now).await?;
    Ok(Some(consent.id))
}

/// The evidence is a paper's name: no number and nobody's name belongs into it.
async fn look_through(db: &mut crate::store::Connection, app: &App, case: &Case, evidence: &str) -> Result<()> {
    if evidence.is_empty() {
        return Ok(());
    }
    let key = cases::child_key(db, &app.keyring, &case.child).await?;
    let identity = cases::identity(db, &key, &case.child).await?;
    let mut guardians = cases::guardians(db, &case.child).await?;
    cases::names_of_guardians(db, &key, &case.child, &mut guardians).await?;
    let names = identity.name.into_iter().chain(guardians.into_iter().filter_map(|guardian| guardian.name)).collect();
    let names = super::model::Names { names, address: identity.address, school: None };
    super::model::check_words("evidence", evidence, &names).map_err(|fault| Error::Invalid(vec![fault]))
}

/// The consents of a case, with their recipients, and what a form of a new one needs to know.
#[derive(Debug)]
pub struct View {
    /// The case.
    pub case: Case,
    /// The child's alias.
    pub alias: String,
    /// Consents, newest first, each with its recipient.
    pub consents: Vec<(Consent, String)>,
    /// The organization a new one would be for.
    pub recipient: Option<Organization>,
    /// Who may say yes: relations of guardians that are not suspected.
    pub givers: Vec<Giver>,
    /// Whether the child is to be asked too.
    pub asks_child: bool,
    /// Whether a guardian is suspected: then the statutory way only.
    pub suspected: bool,
    /// Whether the actor may record.
    pub may_record: bool,
}

/// The consents of a case.
pub async fn view(app: &App, actor: &Actor, id: &CaseId, recipient: Option<&OrganizationId>) -> Result<View> {
    let mut db = app.store.read().await?;
    let case = cases::find(&mut db, id).await?.ok_or_else(|| Error::missing("case", id))?;
    decide(actor, Action::ReadCase, &case).allowed()?;
    let child = cases::child(&mut db, &case.child).await?.ok_or_else(|| Error::missing("child", &case.child))?;
    let guardians = cases::guardians(&mut db, &case.child).await?;
    let mut consents = Vec::new();
    for consent in store::of_case(&mut db, id).await? {
        let name = organizations::find(&mut db, &consent.recipient).await?.map(|organization| organization.name).unwrap_or_default();
        consents.push((consent, name));
    }
    let recipient = match recipient {
        Some(id) => organizations::find(&mut db, id).await?,
        None => None,
    };
    let suspected: Vec<Giver> =
        guardians.iter().filter(|guardian| guardian.suspected).map(|guardian| Giver::from(guardian.relation)).collect();
    let mut givers: Vec<Giver> = Vec::new();
    for giver in guardians.iter().map(|guardian| Giver::from(guardian.relation)) {
        if !suspected.contains(&giver) && !givers.contains(&giver) {
            givers.push(giver);
        }
    }
    let asks_child = child.birth_month.is_none_or(|birth| birth.age_years(app.today()) >= super::model::OWN_SAY_YEARS);
    let may_record = decide(actor, Action::RecordConsent, &case).is_allowed();
    Ok(View { case, alias: child.alias, consents, recipient, givers, asks_child, suspected: !suspected.is_empty(), may_record })
}
