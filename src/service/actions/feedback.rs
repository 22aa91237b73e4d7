//! What others say about an entry: a fact is wrong, or it still holds.

use jiff::{SignedDuration, Timestamp};
use lianjie_index::entry::Fee;

use super::law::{against_organization, lawful};
use super::load;
use crate::access::{Action, Actor, Facts, Role, Subject, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Result};
use crate::id::{ChangeSuggestionId, FactCheckId, OrganizationId, ServiceId};
use crate::organization::model::Organization;
use crate::organization::suggestion::{self, Suggestion};
use crate::organization::{self, Written};
use crate::service::model::{Service, Status};
use crate::service::store;
use crate::store::{Answered, Connection, DIRECTORY, Key, answered, remember};

/// The facts that may be said to be wrong.
const SUGGESTED: [&str; 8] = ["phones", "schedule", "address", "fees", "eligibility", "places", "existence", "other"];

/// Keeps what somebody says is wrong about a service; for the organization and the registrar to settle.
pub async fn suggest(app: &App, actor: &Actor, id: &ServiceId, field: &str, suggested: &str, key: Option<&Key>) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    let (service, organization) = load(&mut tx, actor, id).await?;
    decide(actor, Action::SuggestChange, &organization).allowed()?;
    if !SUGGESTED.contains(&field) {
        return Err(Error::invalid("field", "unknown_fact"));
    }
    if suggested.chars().count() > 500 {
        return Err(Error::Invalid(vec![Fault::new("suggested", "longer_than").with("most", 500)]));
    }
    let new = Suggestion::new(&service.id, field, suggested.trim().to_owned(), &actor.id, at);
    suggestion::insert(&mut tx, &new).await?;
    audit::record(&mut tx, actor, Event::new("service.suggested", "service", id).fields([field]), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/services/{id}") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

/// The open suggestions about an organization and its services, if the actor sees it from inside.
pub async fn suggestions(app: &App, actor: &Actor, organization: &Organization) -> Result<Vec<Suggestion>> {
    if !organization::is_inside(actor, organization) {
        return Ok(Vec::new());
    }
    let mut db = app.store.read().await?;
    let mut found = suggestion::open(&mut db, organization.id.as_str()).await?;
    for service in store::of(&mut db, &organization.id).await? {
        found.extend(suggestion::open(&mut db, service.id.as_str()).await?);
    }
    Ok(found)
}

/// Takes or refuses a suggestion. A new name, kind or code of an organization is the registrar's to take, and is put in.
pub async fn settle(app: &App, actor: &Actor, id: &ChangeSuggestionId, taken: bool) -> Result<OrganizationId> {
    let at = app.now();
    let missing = || Error::missing("change_suggestion", id);
    let mut tx = app.begin().await?;
    let found = suggestion::find(&mut tx, id).await?.ok_or_else(missing)?;
    let of_service = match ServiceId::parse(&found.subject) {
        Ok(service) => store::find(&mut tx, &service).await?,
        Err(_) => None,
    };
    let owner = match &of_service {
        Some(service) => service.organization.clone(),
        None => OrganizationId::parse(&found.subject).map_err(|_| missing())?,
    };
    let mut organization = organization::load(&mut tx, actor, &owner).await?;
    if of_service.is_some() {
        decide(actor, Action::EditDirectory, &organization).allowed()?;
    } else {
        decide(actor, Action::VerifyDirectory, &Facts { author: Some(found.by.clone()), ..organization.facts() }).allowed()?;
        if taken {
            let mut written = Written::of(&organization);
            put(&mut written, &found.field, found.suggested.clone());
            written.read_into(&mut organization, &app.divisions.get(), &app.categories.get()).settle()?;
            if found.field == "kind" {
                lawful(against_organization(&mut tx, app, &organization).await?)?;
            }
            organization::store::update(&mut tx, &mut organization, at).await?;
            tx.changed(DIRECTORY, "organization", &owner);
        }
    }
    suggestion::settle(&mut tx, id, taken, &actor.id, at).await?;
    let event = Event::new("suggestion.settled", "change_suggestion", id).fields([if taken { "taken" } else { "refused" }]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    Ok(owner)
}

/// Puts a suggested text in where there is a field for it; the rest is for the registrar to write.
fn put(written: &mut Written, field: &str, value: String) {
    match field {
        "name" => written.name = value,
        "kind" => written.kind = value,
        "code_uscc" => written.code_uscc = value,
        "alternate_name" => written.alternate_name = value,
        "description" => written.description = value,
        "address" => written.address = value,
        "website" => written.website = value,
        // A source of several numbers says them as a list.
        "phones" => written.phones = serde_json::from_str(&value).unwrap_or_else(|_| vec![value]),
        _ => {}
    }
}

/// Confirms that a service is as the entry says, today.
pub async fn confirm(app: &App, actor: &Actor, id: &ServiceId, method: &str) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (mut service, organization) = load(&mut tx, actor, id).await?;
    decide(actor, Action::ConfirmFreshness, &organization).allowed()?;
    let method = if METHODS.contains(&method) { method } else { "phone" };
    let fees: Vec<Fee> = store::fees(&mut tx, id).await?.into_iter().map(|row| row.fee).collect();
    assure(&mut tx, app, actor, (&mut service, &fees), &organization, method).await?;
    if !organization.phones.is_empty() {
        let digest = digest_of(&organization.phones);
        let (source, days) = (source_of(actor, &organization), app.periods.get().hours);
        let check = FactCheck { subject: organization.id.as_str(), field: "phones", digest: &digest, source, method, days };
        note(&mut tx, actor, &check, at).await?;
    }
    store::update(&mut tx, &mut service, at).await?;
    audit::record(&mut tx, actor, Event::new("service.confirmed", "service", id), at).await?;
    tx.commit(at).await
}

/// Notes of each fact that a service states that it holds today, and takes the service as confirmed; it is still to be written.
pub(super) async fn assure(
    db: &mut Connection,
    app: &App,
    actor: &Actor,
    (service, fees): (&mut Service, &[Fee]),
    organization: &Organization,
    method: &str,
) -> Result<()> {
    let periods = app.periods.get();
    let whole = digest_of(&service.to_checked());
    let mut facts = vec![("existence", whole.clone(), periods.existence), ("schedule", whole, periods.hours)];
    if !fees.is_empty() {
        facts.push(("fees", digest_of(&fees), periods.hours));
    }
    if let Some(days) = service.wait_days {
        facts.push(("wait_days", digest_of(&days), periods.hours));
    }
    let source = source_of(actor, organization);
    for (field, digest, days) in facts {
        let check = FactCheck { subject: service.id.as_str(), field, digest: &digest, source, method, days };
        note(db, actor, &check, app.now()).await?;
    }
    service.assured_at = Some(app.today());
    Ok(())
}

fn digest_of(value: &impl serde::Serialize) -> String {
    crate::secret::digest(crate::store::json(value).as_bytes())
}

/// On so many days it is tried before what nobody can confirm is hidden.
const TRIED: i64 = 3;

/// Notes that nobody could be reached about a service. What was not reached on three days since it was last confirmed is hidden, not
/// deleted; gives whether it is.
pub async fn unreached(app: &App, actor: &Actor, id: &ServiceId) -> Result<bool> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let (mut service, organization) = load(&mut tx, actor, id).await?;
    decide(actor, Action::ConfirmFreshness, &organization).allowed()?;
    let digest = digest_of(&service.to_checked());
    let check = FactCheck {
        subject: id.as_str(),
        field: "existence",
        digest: &digest,
        source: source_of(actor, &organization),
        method: UNREACHED,
        days: 0,
    };
    note(&mut tx, actor, &check, at).await?;
    audit::record(&mut tx, actor, Event::new("service.unreached", "service", id), at).await?;
    let hidden = service.status == Status::Active && store::days_unreached(&mut tx, id).await? >= TRIED;
    if hidden {
        service.status = Status::Inactive;
        store::update(&mut tx, &mut service, at).await?;
        audit::record(&mut tx, actor, Event::new("service.hidden", "service", id), at).await?;
    }
    tx.commit(at).await?;
    Ok(hidden)
}

/// The method of a check in which nobody was reached: it says that somebody tried, not that anything holds.
const UNREACHED: &str = "unreached";

/// How somebody knows that a fact holds.
const METHODS: [&str; 4] = ["phone", "visit", "own", "document"];

/// A check of a fact.
pub(super) struct FactCheck<'a> {
    pub subject: &'a str,
    pub field: &'a str,
    pub digest: &'a str,
    pub source: &'a str,
    pub method: &'a str,
    pub days: i64,
}

/// Keeps that a fact was checked.
pub(super) async fn note(db: &mut Connection, actor: &Actor, check: &FactCheck<'_>, at: Timestamp) -> Result<()> {
    let until = at + SignedDuration::from_hours(24 * check.days);
    store::insert_fact_check(
        db,
        &FactCheckId::new(at),
        check.subject,
        [check.field, check.digest, check.source, check.method],
        &actor.id,
        at,
        until,
    )
    .await
}

/// In whose name the actor says so.
pub(super) fn source_of(actor: &Actor, organization: &Organization) -> &'static str {
    if organization::is_own(actor, organization) {
        "organization"
    } else if actor.is(Role::Registrar) {
        "registrar"
    } else {
        "worker"
    }
}
