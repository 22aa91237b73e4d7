//! A link is made, found again by its token, and opened with its code.

use jiff::Timestamp;
use rand::{Rng, RngExt};

use super::model::{LENGTH, Link, Made, OPEN, Purpose, code_hash, dead, mail_bytes, token_hash};
use super::store;
use crate::access::Actor;
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Result};
use crate::id::{AccountId, LinkId};
use crate::store::{Connection, Tx};

/// Makes a link within a transaction; the caller has asked `decide` and records it. Token and code are shown once. Those for the same
/// before it open nothing any more.
pub async fn make(app: &App, tx: &mut Tx, actor: &Actor, purpose: Purpose, subject: &str, at: Timestamp) -> Result<Made> {
    let mut bytes = [0u8; LENGTH];
    rand::rng().fill_bytes(&mut bytes);
    let made = Made::of(purpose, &bytes, rand::rng().random_range(0..1_000_000), at);
    store::withdraw(tx, subject, at).await?;
    keep(app, tx, &made, subject, Some(actor.id.clone()), at).await?;
    Ok(made)
}

/// The link that goes out in a mail of a name; the caller records it. It is the same each time that mail is sent, so that one sent
/// again after a crash opens too; its token comes out of the name and the store's key, and stands nowhere.
///
/// Nothing where it was used or withdrawn meanwhile; and whether it was made now.
pub async fn make_for_mail(
    app: &App,
    tx: &mut Tx,
    purpose: Purpose,
    subject: &str,
    name: &str,
    at: Timestamp,
) -> Result<Option<(Made, bool)>> {
    let bytes = mail_bytes(&app.keyring, purpose, subject, name);
    let made = Made::of(purpose, &bytes, rand::rng().random_range(0..1_000_000), at);
    match store::find(tx, &token_hash(made.token.reveal()), purpose).await? {
        Some(link) if !link.is_alive(at) => Ok(None),
        Some(link) => Ok(Some((Made { valid_to: link.valid_to, ..made }, false))),
        None => {
            keep(app, tx, &made, subject, None, at).await?;
            Ok(Some((made, true)))
        }
    }
}

async fn keep(app: &App, tx: &mut Tx, made: &Made, subject: &str, made_by: Option<AccountId>, at: Timestamp) -> Result<()> {
    let id = LinkId::new(at);
    let link = Link {
        purpose: made.purpose,
        subject: subject.to_owned(),
        code_hash: code_hash(&app.keyring, &id, made.code.reveal()),
        tries: 0,
        made_by,
        valid_to: made.valid_to,
        used_at: None,
        withdrawn_at: None,
        id,
    };
    store::insert(tx, &link, &token_hash(made.token.reveal()), at).await
}

/// The link of a token, while its time runs. Whether its subject still waits for the holder is for the caller to ask.
pub async fn find(app: &App, db: &mut Connection, purpose: Purpose, token: &str) -> Result<Link> {
    let found = store::find(db, &token_hash(token), purpose).await?;
    found.filter(|link| link.is_alive(app.now())).ok_or_else(dead)
}

/// Compares a code; gives the pass to keep. A wrong one is counted, and goes to the log in the holder's name.
pub async fn open(app: &App, link: &Link, code: &str, holder: &Actor, (thing, id): (&'static str, &str)) -> Result<String> {
    let now = app.now();
    if code_hash(&app.keyring, &link.id, code) == link.code_hash {
        return Ok(link.pass(&app.keyring, now + OPEN));
    }
    let mut tx = app.begin().await?;
    store::miss(&mut tx, &link.id).await?;
    audit::record(&mut tx, holder, Event::new("link.opened", thing, id).refused(), now).await?;
    tx.commit(now).await?;
    Err(Error::invalid("code", "link_code"))
}
