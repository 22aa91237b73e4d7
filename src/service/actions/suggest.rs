//! What somebody says is otherwise about an entry: kept, listed for whoever settles it, and put in where there is a field for it.

use jiff::Timestamp;

use super::law::{against_organization, lawful, unlawful};
use super::load;
use crate::access::{Action, Actor, Facts, Subject, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Result};
use crate::id::{ChangeSuggestionId, OrganizationId, ServiceId};
use crate::organization::model::Organization;
use crate::organization::store as organizations;
use crate::organization::suggestion::{self, About, REGISTRARS, Suggestion};
use crate::organization::{self, Written};
use crate::service::content::LONGEST_WAIT;
use crate::service::law::Offer;
use crate::service::model::Service;
use crate::service::store;
use crate::store::{Answered, DIRECTORY, Key, Tx, answered, remember};

/// The facts of a service that may be said to be wrong.
pub const OF_SERVICE: [&str; 12] = [
    "phones",
    "schedule",
    "address",
    "fees",
    "eligibility",
    "places",
    "existence",
    "description",
    "application",
    "wait_days",
    "website",
    "other",
];
/// The facts of an organization that may be said to be wrong.
pub const OF_ORGANIZATION: [&str; 6] = ["phones", "address", "website", "description", "existence", "other"];
/// Most characters of what somebody says.
const LONGEST: usize = 500;
/// How many are listed.
const MOST: i64 = 200;

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
    well_said(&OF_SERVICE, field, suggested)?;
    let new = Suggestion::new(&service.id, field, suggested.trim().to_owned(), &actor.id, at);
    suggestion::insert(&mut tx, &new).await?;
    audit::record(&mut tx, actor, Event::new("service.suggested", "service", id).fields([field]), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/services/{id}") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

/// Keeps what somebody signed in says is wrong about an organization they may see.
pub async fn suggest_organization(
    app: &App,
    actor: &Actor,
    id: &OrganizationId,
    field: &str,
    suggested: &str,
    key: Option<&Key>,
) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    if let Some(key) = key
        && answered(&mut tx, key, &actor.reference()).await?.is_some()
    {
        return Ok(());
    }
    let organization = organization::load(&mut tx, actor, id).await?;
    decide(actor, Action::SuggestChange, &organization).allowed()?;
    well_said(&OF_ORGANIZATION, field, suggested)?;
    let new = Suggestion::new(id, field, suggested.trim().to_owned(), &actor.id, at);
    suggestion::insert(&mut tx, &new).await?;
    audit::record(&mut tx, actor, Event::new("organization.suggested", "organization", id).fields([field]), at).await?;
    if let Some(key) = key {
        let answer = Answered { status: 201, location: format!("/organizations/{id}") };
        remember(&mut tx, key, &actor.reference(), &answer, at).await?;
    }
    tx.commit(at).await
}

fn well_said(fields: &[&str], field: &str, suggested: &str) -> Result<()> {
    if !fields.contains(&field) {
        return Err(Error::invalid("field", "unknown_fact"));
    }
    if suggested.chars().count() > LONGEST {
        return Err(Error::Invalid(vec![Fault::new("suggested", "longer_than").with("most", LONGEST)]));
    }
    Ok(())
}

/// The open suggestions about an organization and its services, if the actor sees it from inside.
pub async fn suggestions(app: &App, actor: &Actor, organization: &Organization) -> Result<Vec<About>> {
    if !organization::is_inside(actor, organization) {
        return Ok(Vec::new());
    }
    suggestion::about_organization(&mut *app.store.read().await?, &organization.id, MOST).await
}

/// The open suggestions that wait for a registrar, oldest first.
pub async fn to_settle(app: &App, actor: &Actor) -> Result<Vec<About>> {
    let mut db = app.store.read().await?;
    let mut found: Vec<About> = Vec::new();
    for below in organization::registrar_scopes(actor) {
        let more = suggestion::below(&mut db, &below, MOST).await?;
        found.extend(more.into_iter().filter(|one| found.iter().all(|known| known.suggestion.id != one.suggestion.id)).collect::<Vec<_>>());
    }
    Ok(found)
}

/// Whether the actor may settle a suggestion about an organization or its service.
#[must_use]
pub fn may_settle(actor: &Actor, organization: &Organization, about: &About) -> bool {
    may(actor, organization, about.is_registrars(), &about.suggestion).is_ok()
}

fn may(actor: &Actor, organization: &Organization, registrars: bool, suggestion: &Suggestion) -> Result<()> {
    if registrars {
        let facts = Facts { author: Some(suggestion.by.clone()), ..organization.facts() };
        return decide(actor, Action::VerifyDirectory, &facts).allowed();
    }
    decide(actor, Action::EditDirectory, organization).allowed()
}

/// What became of a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Whose entry it is about.
    pub organization: OrganizationId,
    /// Whether it was taken though it could not be put in: then somebody writes it by hand.
    pub by_hand: bool,
}

/// Takes or refuses a suggestion. What is taken is put in where there is a field for it and the text reads as its value; a new name,
/// kind or code of an organization is the registrar's to take.
pub async fn settle(app: &App, actor: &Actor, id: &ChangeSuggestionId, taken: bool) -> Result<Settled> {
    let at = app.now();
    let missing = || Error::missing("change_suggestion", id);
    let mut tx = app.begin().await?;
    let found = suggestion::find(&mut tx, id).await?.ok_or_else(missing)?;
    let service = match ServiceId::parse(&found.subject) {
        Ok(service) => store::find(&mut tx, &service).await?,
        Err(_) => None,
    };
    let owner = match &service {
        Some(service) => service.organization.clone(),
        None => OrganizationId::parse(&found.subject).map_err(|_| missing())?,
    };
    let organization = organization::load(&mut tx, actor, &owner).await?;
    may(actor, &organization, service.is_none() && REGISTRARS.contains(&found.field.as_str()), &found)?;
    let written = match service {
        _ if !taken => false,
        Some(service) if matches!(found.field.as_str(), "description" | "application" | "wait_days") => {
            write_service(&mut tx, app, actor, (&organization, service), &found, at).await?
        }
        Some(_) if !matches!(found.field.as_str(), "phones" | "website") => false,
        _ => write_organization(&mut tx, app, actor, &organization, &found, at).await?,
    };
    let by_hand = taken && !written;
    suggestion::settle(&mut tx, id, taken, &actor.id, at).await?;
    let how = if taken { ["taken", if by_hand { "by_hand" } else { "written" }] } else { ["refused", "unchanged"] };
    audit::record(&mut tx, actor, Event::new("suggestion.settled", "change_suggestion", id).fields(how), at).await?;
    tx.commit(at).await?;
    Ok(Settled { organization: owner, by_hand })
}

/// Puts a suggested value into an organization; false where there is no field for it, or the text is no value of it.
async fn write_organization(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    before: &Organization,
    found: &Suggestion,
    at: Timestamp,
) -> Result<bool> {
    let mut written = Written::of(before);
    if !put(&mut written, &found.field, found.suggested.clone()) {
        return Ok(false);
    }
    let mut organization = before.clone();
    let read = written.read_into(&mut organization, &app.divisions.get(), &app.categories.get()).settle();
    if REGISTRARS.contains(&found.field.as_str()) {
        read?;
    } else if read.is_err() {
        return Ok(false);
    }
    lawful(against_organization(tx, app, &organization).await?)?;
    organizations::keep_version(tx, "organization", before.id.as_str(), before.version, before, &actor.reference(), at).await?;
    organizations::update(tx, &mut organization, at).await?;
    tx.changed(DIRECTORY, "organization", &before.id);
    let event = Event::new("organization.edited", "organization", &before.id).fields([found.field.as_str()]);
    audit::record(tx, actor, event, at).await?;
    Ok(true)
}

/// Puts a suggested text in where there is a field for it; says whether there is.
fn put(written: &mut Written, field: &str, value: String) -> bool {
    if value.trim().is_empty() {
        return false;
    }
    match field {
        "name" => written.name = value,
        "kind" => written.kind = value,
        "code_uscc" => written.code_uscc = value,
        "alternate_name" => written.alternate_name = value,
        "description" => written.description = value,
        "address" => written.address = value,
        "website" => written.website = value,
        // A source of several numbers says them as a list, a person with commas between them.
        "phones" => {
            let several = || value.split(['、', '，', ',', '；', ';', '\n']).map(str::to_owned).collect();
            written.phones = serde_json::from_str(&value).unwrap_or_else(|_| several());
        }
        _ => return false,
    }
    true
}

/// Puts a suggested value into a service; false where the text is no value of the field. The registrar checks it like any edit.
async fn write_service(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (organization, before): (&Organization, Service),
    found: &Suggestion,
    at: Timestamp,
) -> Result<bool> {
    let mut service = before.clone();
    let text = found.suggested.trim();
    if text.is_empty() {
        return Ok(false);
    }
    match found.field.as_str() {
        "description" => text.clone_into(&mut service.description),
        "application" => text.clone_into(&mut service.application),
        _ => {
            let Some(days) = days(text) else { return Ok(false) };
            service.wait_days = Some(days);
        }
    }
    lawful(unlawful(tx, app, &Offer::of(organization, &service)).await?)?;
    organizations::keep_version(tx, "service", before.id.as_str(), before.version, &before, &actor.reference(), at).await?;
    service.unchecked = service.checked.as_ref().is_some_and(|checked| *checked != service.to_checked());
    store::update(tx, &mut service, at).await?;
    let event = Event::new("service.edited", "service", &service.id).fields([found.field.as_str()]);
    audit::record(tx, actor, event, at).await?;
    Ok(true)
}

/// Days to wait, as people write them: `7` or `7 天`.
fn days(text: &str) -> Option<u16> {
    let text = lianjie_index::text::fold(text);
    text.trim().trim_end_matches('天').trim().parse().ok().filter(|days| *days <= LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_as_people_write_them_and_nothing_else_does() {
        assert_eq!((days("7"), days(" １４ 天"), days("0")), (Some(7), Some(14), Some(0)));
        assert_eq!((days("两周"), days("9999"), days("-1"), days("")), (None, None, None, None));
    }

    #[test]
    fn several_numbers_are_told_apart_and_empty_words_change_nothing() {
        let mut written = Written::default();
        assert!(put(&mut written, "phones", "025-0000 0002、025-0000 0003".into()));
        assert_eq!(written.phones, ["025-0000 0002", "025-0000 0003"]);
        assert!(put(&mut written, "phones", r#"["110","120"]"#.into()));
        assert_eq!(written.phones, ["110", "120"]);
        assert!(!put(&mut written, "phones", " ".into()) && !put(&mut written, "existence", "没有了".into()));
        assert_eq!(written.phones, ["110", "120"]);
    }
}
