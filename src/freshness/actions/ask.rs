//! An organization is asked whether what is listed of it still holds: by the product when a fact grows old, or because somebody says so.
//!
//! The question is a notice with everybody who answers for it: in the page it leads to their services, by mail to a link that opens
//! without a log-in. That link is made when the mail goes out, so that its token stands nowhere.

use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Value, json};

use super::super::store::{self, Since};
use super::{confirmable, may_link};
use crate::access::{Actor, Role, Scope};
use crate::account;
use crate::account::notice::{Message, leave_with};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{AccountId, OrganizationId};
use crate::link::{Purpose, actions as links};
use crate::organization;
use crate::store::{Connection, Tx};

/// How long an organization is left alone after it was asked.
pub const APART: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many organizations one round asks.
const BATCH: i64 = 50;
/// The text of the question, below `notification.`.
const TEMPLATE: &str = "confirmation";

/// Asks those whose facts have grown old, the oldest first.
pub async fn remind(app: &App) -> Result<()> {
    let (at, today, periods) = (app.now(), app.today(), app.periods.get());
    let since = Since {
        facts: today.saturating_sub(periods.hours.days()),
        places: at - SignedDuration::from_hours(24 * periods.places),
        asked: at - APART,
        doubts: super::doubts_since(app),
    };
    let due = store::to_ask(&mut *app.store.read().await?, since, today, BATCH).await?;
    if due.is_empty() {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    for organization in &due {
        ask(app, &mut tx, &Actor::timer(), organization, at).await?;
    }
    tx.commit(at).await
}

/// Asks one organization by mail, because the actor says so.
pub async fn mail(app: &App, actor: &Actor, id: &OrganizationId) -> Result<()> {
    let at = app.now();
    let mut tx = app.begin().await?;
    may_link(&mut tx, actor, id).await?;
    if app.config.mail.is_none() || !has_mail(app, &mut tx, id).await? {
        return Err(Error::Conflict { why: "organization_no_mail" });
    }
    if !ask(app, &mut tx, actor, id, at).await? {
        return Err(Error::Conflict { why: "organization_asked" });
    }
    tx.commit(at).await
}

/// Who answers for an organization today.
async fn people(app: &App, db: &mut Connection, id: &OrganizationId) -> Result<Vec<AccountId>> {
    account::store::holders(db, Role::Provider, &Scope::Organization(id.clone()), app.today()).await
}

async fn has_mail(app: &App, db: &mut Connection, id: &OrganizationId) -> Result<bool> {
    for account in people(app, db, id).await? {
        if account::store::mail(db, &account).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Leaves the question with everybody who answers for an organization; false where it was asked within the month.
async fn ask(app: &App, tx: &mut Tx, actor: &Actor, id: &OrganizationId, at: Timestamp) -> Result<bool> {
    if !store::ask(tx, id, at - APART, at).await? {
        return Ok(false);
    }
    // It is about an entry, not about a need: it has no tier, and goes out the same day.
    let facts = json!({ "organization": id, "link": "/organizations/mine" });
    let key = format!("{id}:{TEMPLATE}:{at}");
    let message = Message { template: TEMPLATE, key: &key, facts: &facts };
    leave_with(app, tx, (&[Role::Provider], &Scope::Organization(id.clone())), None, message, at).await?;
    audit::record(tx, actor, Event::new("confirmation.asked", "organization", id), at).await?;
    Ok(true)
}

/// Where a question leads in the mail of a name to an account: a link that opens without a log-in, while the account answers for the
/// organization. Nothing for other notices, and where there is nothing to confirm any more.
pub async fn way_in(app: &App, account: &AccountId, template: &str, facts: &Value, name: &str) -> Result<Option<String>> {
    let asked = facts.get("organization").and_then(Value::as_str).filter(|_| template == TEMPLATE);
    let Some(id) = asked.and_then(|id| OrganizationId::parse(id).ok()) else { return Ok(None) };
    let at = app.now();
    let mut tx = app.begin().await?;
    let found = organization::store::find(&mut tx, &id).await?;
    if !found.is_some_and(|found| confirmable(&found)) || !people(app, &mut tx, &id).await?.contains(account) {
        return Ok(None);
    }
    let Some((made, new)) = links::make_for_mail(app, &mut tx, Purpose::Confirmation, id.as_str(), name, at).await? else {
        return Ok(None);
    };
    if new {
        audit::record(&mut tx, &Actor::system(), Event::new("link.made", "organization", &id), at).await?;
    }
    tx.commit(at).await?;
    Ok(Some(made.address("")))
}
