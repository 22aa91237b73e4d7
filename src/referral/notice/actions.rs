//! One pass of what goes out, and the webhooks of an organization.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;

use super::model::{Batch, Channel, Due, Webhook, host_of, mail_address};
use super::{hook, mail, store};
use crate::access::{Action, Actor, Scope, decide};
use crate::account;
use crate::account::model::Status;
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::freshness;
use crate::id::{AccountId, OrganizationId, WebhookId};
use crate::locale::Locale;
use crate::organization;
use crate::store::Connection;

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passed {
    /// Notices that were spread over their receivers.
    pub spread: usize,
    /// Batches that went out.
    pub sent: usize,
    /// Batches that failed and are tried again, or were given up.
    pub failed: usize,
}

/// How many notices one pass spreads, and how many batches of a kind it sends at most.
const MOST: usize = 200;

/// One pass: spreads what is due, then sends. Several processes may pass at once; each batch is claimed by one.
pub async fn deliver(app: &App) -> Result<Passed> {
    let mut passed = Passed { spread: spread(app).await?, ..Passed::default() };
    for channel in [Channel::Mail, Channel::Webhook] {
        for _ in 0..MOST {
            let now = app.now();
            let mut tx = app.begin().await?;
            let claimed = store::claim(&mut tx, channel, now).await?;
            tx.commit(now).await?;
            let Some(batch) = claimed else { break };
            if batch.messages.is_empty() {
                continue;
            }
            let went = send(app, &batch).await?;
            let now = app.now();
            let mut tx = app.begin().await?;
            match went {
                Ok(()) => {
                    store::sent(&mut tx, &batch, now).await?;
                    passed.sent += 1;
                }
                Err(why) => {
                    let over = store::failed(&mut tx, &batch, now).await?;
                    passed.failed += 1;
                    tracing::warn!(delivery.batch = %batch.name, delivery.channel = channel.name(), delivery.over = over, why = %why, "a notice did not go out");
                }
            }
            tx.commit(now).await?;
        }
    }
    Ok(passed)
}

/// Leaves a delivery for each receiver of the notices that are due.
async fn spread(app: &App) -> Result<usize> {
    let now = app.now();
    let due = store::unspread(&mut *app.store.read().await?, now, i64::try_from(MOST).unwrap_or(i64::MAX)).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let mut tx = app.begin().await?;
    for notice in &due {
        let next = notice.mailed_at(now);
        if app.config.mail.is_some() {
            for account in receivers(&mut tx, notice, app.today()).await? {
                store::leave(&mut tx, &notice.notice, Channel::Mail, account.as_str(), next, now).await?;
            }
        }
        if let Some(organization) = &notice.organization {
            for webhook in store::webhooks(&mut tx, organization).await? {
                store::leave(&mut tx, &notice.notice, Channel::Webhook, webhook.id.as_str(), now, now).await?;
            }
        }
        store::spread(&mut tx, &notice.notice, now).await?;
    }
    tx.commit(now).await?;
    Ok(due.len())
}

async fn receivers(db: &mut Connection, notice: &Due, today: Date) -> Result<Vec<AccountId>> {
    match (&notice.account, &notice.organization) {
        (Some(account), _) => Ok(vec![account.clone()]),
        (None, Some(organization)) => {
            let scope = Scope::Organization(organization.clone());
            let mut people = BTreeSet::new();
            for role in notice.roles {
                people.extend(account::store::holders(db, *role, &scope, today).await?);
            }
            Ok(people.into_iter().collect())
        }
        (None, None) => Ok(Vec::new()),
    }
}

/// Sends a batch; the inner result says why it did not go out. What has no receiver any more counts as sent.
async fn send(app: &App, batch: &Batch) -> Result<std::result::Result<(), String>> {
    match batch.channel {
        Channel::Mail => {
            let Ok(id) = AccountId::parse(&batch.target) else { return Ok(Ok(())) };
            let (found, address) = {
                let mut db = app.store.read().await?;
                (account::store::find(&mut db, &id).await?, account::store::mail(&mut db, &id).await?)
            };
            let working = found.filter(|account| account.status != Status::Disabled);
            let (Some(account), Some(to), Some(mail)) = (working, address, &app.config.mail) else { return Ok(Ok(())) };
            let locale = Locale::from_tag(&account.locale);
            let letter = with_links(app, &id, batch).await?;
            Ok(mail::send(mail, &app.config.url, &to, &letter, locale).await.map_err(|why| why.to_string()))
        }
        Channel::Webhook => {
            let Ok(id) = WebhookId::parse(&batch.target) else { return Ok(Ok(())) };
            let found = store::find(&mut *app.store.read().await?, &id).await?.filter(|webhook| webhook.stopped_at.is_none());
            let Some(webhook) = found else { return Ok(Ok(())) };
            let secret = webhook.secret(&app.keyring);
            let went = hook::send(&webhook, &app.config.webhook_hosts, &secret, &app.config.url, batch, app.now()).await;
            Ok(went.map_err(|why| why.to_string()))
        }
    }
}

/// A batch as it is written to a person: what asks to confirm an entry leads to where no log-in is needed.
async fn with_links(app: &App, account: &AccountId, batch: &Batch) -> Result<Batch> {
    let mut letter = batch.clone();
    for message in &mut letter.messages {
        let way_in = freshness::actions::way_in(app, account, &message.template, &message.facts, message.id.as_str()).await?;
        if let Some(path) = way_in {
            message.facts["link"] = path.into();
        }
    }
    Ok(letter)
}

/// Passes every twenty seconds, until the process ends.
pub async fn run_deliveries(app: Arc<App>) {
    let mut beat = tokio::time::interval(Duration::from_secs(20));
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        match deliver(&app).await {
            Ok(passed) if passed.sent + passed.failed > 0 => {
                tracing::info!(notices.sent = passed.sent, notices.failed = passed.failed, "notices");
            }
            Ok(_) => {}
            Err(error) => tracing::error!(error = %error, "notices did not go out and are tried again"),
        }
    }
}

/// Sets or takes away the person's own address for notices.
pub async fn set_mail(app: &App, actor: &Actor, text: &str) -> Result<()> {
    let address = mail_address(text).map_err(|fault| Error::Invalid(vec![fault]))?;
    let now = app.now();
    let mut tx = app.begin().await?;
    account::store::set_mail(&mut tx, &actor.id, address.as_deref(), now).await?;
    audit::record(&mut tx, actor, Event::new("account.changed", "account", &actor.id).fields(["mail"]), now).await?;
    tx.commit(now).await
}

/// The organization whose webhooks the actor keeps: its own only.
async fn own(db: &mut Connection, actor: &Actor, id: &OrganizationId) -> Result<()> {
    let found = organization::load(db, actor, id).await?;
    decide(actor, Action::EditDirectory, &found).allowed()?;
    if organization::is_own(actor, &found) { Ok(()) } else { Err(Error::Forbidden { why: "role" }) }
}

/// The webhooks of an organization.
pub async fn webhooks(app: &App, actor: &Actor, id: &OrganizationId) -> Result<Vec<Webhook>> {
    let mut db = app.store.read().await?;
    own(&mut db, actor, id).await?;
    store::webhooks(&mut db, id).await
}

/// How many webhooks an organization may have.
const HOOKS: usize = 5;

/// Adds a webhook.
pub async fn add_webhook(app: &App, actor: &Actor, id: &OrganizationId, url: &str) -> Result<Webhook> {
    let now = app.now();
    let mut tx = app.begin().await?;
    own(&mut tx, actor, id).await?;
    host_of(url.trim(), &app.config.webhook_hosts).map_err(|fault| Error::Invalid(vec![fault]))?;
    let known = store::webhooks(&mut tx, id).await?;
    if known.len() >= HOOKS {
        return Err(Error::invalid("url", "webhook_many"));
    }
    if known.iter().any(|webhook| webhook.url == url.trim()) {
        return Err(Error::invalid("url", "webhook_known"));
    }
    let webhook = Webhook { id: WebhookId::new(now), organization: id.clone(), url: url.trim().to_owned(), stopped_at: None };
    store::insert(&mut tx, &webhook, &actor.id, now).await?;
    audit::record(&mut tx, actor, Event::new("webhook.added", "webhook", &webhook.id), now).await?;
    tx.commit(now).await?;
    Ok(webhook)
}

/// Stops a webhook.
pub async fn stop_webhook(app: &App, actor: &Actor, id: &WebhookId) -> Result<OrganizationId> {
    let now = app.now();
    let mut tx = app.begin().await?;
    let webhook = store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("webhook", id))?;
    own(&mut tx, actor, &webhook.organization).await.map_err(|_| Error::missing("webhook", id))?;
    store::stop(&mut tx, id, now).await?;
    audit::record(&mut tx, actor, Event::new("webhook.stopped", "webhook", id), now).await?;
    tx.commit(now).await?;
    Ok(webhook.organization)
}
