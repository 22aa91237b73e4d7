//! Signing in and out, and managing accounts and grants.

use jiff::{SignedDuration, Timestamp};

use super::model::{Account, Status, StoredGrant, check_login, check_password};
use super::session::{self, Token};
use super::{password, store};
use crate::access::{Action, Actor, Facts, Role, Scope, Who, decide};
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Faults, Result};
use crate::id::{AccountId, GrantId, OrganizationId};
use crate::secret::Hidden;
use crate::store::{Connection, Tx};
use crate::web::{Size, Theme};

/// Failures that cost nothing; after them each waits twice as long as the one before, at most 15 minutes.
const FREE_TRIES: i64 = 5;

/// Signs a person in: the account and a fresh token, or one sentence for every way to fail.
pub async fn log_in(app: &App, login: &str, password: &Hidden, peer: &str, user_agent: &str) -> Result<(Account, Token)> {
    let login = login.trim().to_lowercase();
    let now = app.now();
    let found = {
        let mut db = app.store.read().await?;
        throttle(&mut db, &login, peer, now).await?;
        store::by_login(&mut db, &login).await?
    };
    let (account, hash) = found.map_or((None, None), |(account, hash)| (Some(account), hash));
    let right = password::verify(app, password, hash).await?;
    let mut tx = app.begin().await?;
    let Some(account) = account.filter(|account| right && account.status != Status::Disabled) else {
        store::note_failure(&mut tx, &login, peer, now).await?;
        audit::record(&mut tx, &Actor::visitor(), Event::new("account.log_in", "account", "?").refused(), now).await?;
        tx.commit(now).await?;
        return Err(Error::invalid("login", "log_in"));
    };
    store::forget_failures(&mut tx, &login, peer).await?;
    let token = Token::new();
    session::insert(&mut tx, app, &account.id, &token, user_agent).await?;
    let grants = store::grants(&mut tx, &account.id, app.today()).await?;
    let actor = Actor { who: Who::Account, id: account.id.clone(), grants, ..Actor::visitor() };
    audit::record(&mut tx, &actor, Event::new("account.log_in", "account", &account.id), now).await?;
    tx.commit(now).await?;
    Ok((account, token))
}

/// Under which name the registrations of visitors are counted; no login has a space.
const REGISTERING: &str = "register an organization";

/// Lets a visitor register an organization, unless the network of the visitor has registered many lately.
pub async fn allow_registering(db: &mut Connection, peer: &str, now: Timestamp) -> Result<()> {
    throttle(db, REGISTERING, peer, now).await?;
    store::note_failure(db, REGISTERING, peer, now).await
}

/// Refuses for a while who tries too often.
async fn throttle(db: &mut Connection, what: &str, peer: &str, now: Timestamp) -> Result<()> {
    if let (failed, Some(last)) = store::failures(db, what, peer).await? {
        let wait = wait_after(failed);
        if now < last + wait {
            let left = (last + wait).duration_since(now).as_secs().max(1);
            return Err(Error::Busy { seconds: u32::try_from(left).unwrap_or(900) });
        }
    }
    Ok(())
}

fn wait_after(failed: i64) -> SignedDuration {
    if failed < FREE_TRIES {
        return SignedDuration::ZERO;
    }
    let doublings = u32::try_from(failed - FREE_TRIES).unwrap_or(u32::MAX).min(10);
    SignedDuration::from_secs(i64::from(2u32.pow(doublings)).min(900))
}

/// Signs out: the session ends on every node.
pub async fn log_out(app: &App, actor: &Actor, token: &Token) -> Result<()> {
    let now = app.now();
    let mut tx = app.begin().await?;
    session::end(&mut tx, &token.hash(), now).await?;
    audit::record(&mut tx, actor, Event::new("account.log_out", "account", &actor.id), now).await?;
    tx.commit(now).await
}

/// Keeps language, theme and type size with the account.
pub async fn prefer(app: &App, actor: &Actor, locale: crate::locale::Locale, theme: Theme, size: Size) -> Result<()> {
    let mut tx = app.begin().await?;
    store::prefer(&mut tx, &actor.id, locale.tag(), theme.name(), size.name()).await?;
    tx.commit(app.now()).await
}

/// Changes one's own password; every session of the account ends.
pub async fn change_password(app: &App, actor: &Actor, old: &Hidden, new: &Hidden) -> Result<()> {
    let (account, hash) = {
        let mut db = app.store.read().await?;
        let account = store::find(&mut db, &actor.id).await?.ok_or(Error::SignedOut)?;
        let hash = store::by_login(&mut db, &account.login).await?.and_then(|(_, hash)| hash);
        (account, hash)
    };
    if !password::verify(app, old, hash).await? {
        return Err(Error::invalid("old_password", "password_wrong"));
    }
    write_password(app, actor, &account, new, false).await
}

/// Sets another account's password, which must then be changed; for the administrator.
pub async fn set_password(app: &App, actor: &Actor, login: &str, new: &Hidden, must_change: bool) -> Result<()> {
    let account = {
        let mut db = app.store.read().await?;
        store::by_login(&mut db, login).await?.ok_or_else(|| Error::missing("account", login))?.0
    };
    decide(actor, Action::ManageAccounts, &Facts { thing: "account", organization: account.organization.clone(), ..Facts::default() })
        .allowed()?;
    write_password(app, actor, &account, new, must_change).await
}

async fn write_password(app: &App, actor: &Actor, account: &Account, new: &Hidden, must_change: bool) -> Result<()> {
    check_password(&account.login, new.reveal()).map_err(|fault| Error::Invalid(vec![fault]))?;
    let hash = password::hash(app, new).await?;
    let now = app.now();
    let mut tx = app.begin().await?;
    store::set_password(&mut tx, &account.id, &hash, must_change, now).await?;
    session::end_all(&mut tx, &account.id, now).await?;
    audit::record(&mut tx, actor, Event::new("account.password_set", "account", &account.id), now).await?;
    tx.commit(now).await
}

/// What is needed for a new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What is typed to sign in.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Organization the person belongs to.
    pub organization: Option<OrganizationId>,
    /// The first password.
    pub password: Hidden,
    /// Whether it must be changed at the first log-in.
    pub must_change: bool,
    /// What the person is granted, from today.
    pub grants: Vec<(Role, Scope)>,
}

/// What is wrong with a new account.
#[must_use]
pub fn check(new: &NewAccount) -> Faults {
    let mut faults = Faults::new();
    faults.keep(check_login(&new.login));
    faults.keep(check_password(&new.login, new.password.reveal()));
    faults.require(!new.name.trim().is_empty(), "name", "required");
    let apart = |(role, _): &(Role, Scope)| new.grants.iter().all(|(other, _)| role.goes_with(*other));
    faults.require(new.grants.iter().all(apart), "role", "roles_apart");
    faults
}

/// Makes an account with its grants.
pub async fn create(app: &App, actor: &Actor, new: NewAccount) -> Result<AccountId> {
    decide(actor, Action::ManageAccounts, &Facts { thing: "account", organization: new.organization.clone(), ..Facts::default() })
        .allowed()?;
    check(&new).settle()?;
    let hash = hash(app, &new.password).await?;
    let id = AccountId::new(app.now());
    let mut tx = app.begin().await?;
    insert(&mut tx, app, actor, &id, new, &hash).await?;
    tx.commit(app.now()).await?;
    Ok(id)
}

/// The hash of a password: slow on purpose, so it is made before the transaction that writes it.
pub async fn hash(app: &App, password: &Hidden) -> Result<String> {
    password::hash(app, password).await
}

/// Writes an account that was checked, in the transaction of the deed that asks for it.
///
/// Whether the actor may is the caller's to decide: an organization comes with its first account.
pub async fn insert(tx: &mut Tx, app: &App, actor: &Actor, id: &AccountId, new: NewAccount, hash: &str) -> Result<()> {
    let now = app.now();
    let account = Account {
        id: id.clone(),
        login: new.login,
        name: new.name,
        organization: new.organization,
        locale: crate::locale::Locale::default().tag().into(),
        theme: Theme::default().name().into(),
        text_size: Size::default().name().into(),
        status: Status::Active,
        must_change: new.must_change,
    };
    store::insert(tx, &account, Some(hash), now).await?;
    for (role, scope) in new.grants {
        let grant =
            StoredGrant { id: GrantId::new(now), account: account.id.clone(), role, scope, valid_from: app.today(), valid_to: None };
        store::insert_grant(tx, &grant, actor.is_signed_in().then_some(&actor.id)).await?;
    }
    audit::record(tx, actor, Event::new("account.created", "account", &account.id), now).await
}

/// Makes a person who belongs nowhere yet one of an organization, with a role there, in the transaction of the deed that asks for it.
///
/// Whether the person may is the caller's to decide: who registered an organization answers for it.
pub async fn join(tx: &mut Tx, app: &App, actor: &Actor, organization: &OrganizationId, role: Role) -> Result<()> {
    let now = app.now();
    store::join(tx, &actor.id, organization, now).await?;
    let scope = Scope::Organization(organization.clone());
    let grant = StoredGrant { id: GrantId::new(now), account: actor.id.clone(), role, scope, valid_from: app.today(), valid_to: None };
    store::insert_grant(tx, &grant, None).await?;
    audit::record(tx, actor, Event::new("account.granted", "account", &actor.id).fields([role]), now).await
}

/// Grants a role from today.
pub async fn grant(app: &App, actor: &Actor, login: &str, role: Role, scope: Scope) -> Result<()> {
    let now = app.now();
    let mut tx = app.begin().await?;
    let (account, _) = store::by_login(&mut tx, login).await?.ok_or_else(|| Error::missing("account", login))?;
    decide(actor, Action::ManageAccounts, &Facts { thing: "account", organization: account.organization.clone(), ..Facts::default() })
        .allowed()?;
    let held = store::grants(&mut tx, &account.id, app.today()).await?;
    if held.iter().any(|grant| !grant.role.goes_with(role)) {
        return Err(Error::invalid("role", "roles_apart"));
    }
    let grant = StoredGrant { id: GrantId::new(now), account: account.id.clone(), role, scope, valid_from: app.today(), valid_to: None };
    store::insert_grant(&mut tx, &grant, actor.is_signed_in().then_some(&actor.id)).await?;
    audit::record(&mut tx, actor, Event::new("account.granted", "account", &account.id).fields([role]), now).await?;
    tx.commit(now).await
}

/// Ends every grant of a role; sessions learn of it with their next request.
pub async fn revoke(app: &App, actor: &Actor, login: &str, role: Role) -> Result<()> {
    let now = app.now();
    let mut tx = app.begin().await?;
    let (account, _) = store::by_login(&mut tx, login).await?.ok_or_else(|| Error::missing("account", login))?;
    decide(actor, Action::ManageAccounts, &Facts { thing: "account", organization: account.organization.clone(), ..Facts::default() })
        .allowed()?;
    store::end_grants(&mut tx, &account.id, role, app.today()).await?;
    audit::record(&mut tx, actor, Event::new("account.revoked", "account", &account.id).fields([role]), now).await?;
    tx.commit(now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_never_locks_for_good() {
        assert_eq!(wait_after(4), SignedDuration::ZERO);
        assert_eq!(wait_after(7), SignedDuration::from_secs(4));
        assert_eq!(wait_after(1_000), SignedDuration::from_secs(900));
    }
}
