//! Reading: lists, and one referral as its reader may see it. A view of what names a child is logged before it is sent.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::dispatch::{self, Mode};
use super::super::model::{Action, Appointment, Recorded, Referral};
use super::super::store::{self, ServiceRecord};
use super::letter::possible;
use super::packet::{self, Packet, Shared};
use crate::access::{Action as Access, Actor, Class, Role, Who, classes, decide};
use crate::account;
use crate::app::App;
use crate::audit;
use crate::case::model::{Case, Need};
use crate::case::store as cases;
use crate::consent::model::{Channel, Stage};
use crate::error::{Error, Result};
use crate::id::{AccountId, ReferralId};
use crate::link;
use crate::locale::Locale;
use crate::organization::store as organizations;
use crate::secret::Hidden;
use crate::service::model::Offering;
use crate::service::places;
use crate::service::store as services;
use crate::store::Connection;

/// A referral as its reader may see it.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of the reader")]
pub struct View {
    /// The referral.
    pub referral: Referral,
    /// Its case; the page shows the alias only.
    pub case: Case,
    /// Its need.
    pub need: Need,
    /// Its service.
    pub offering: Offering,
    /// Name of the sending station.
    pub station: String,
    /// Whether the reader is the provider.
    pub is_provider: bool,
    /// Whether the brief is shown: after the end the provider keeps only its own records.
    pub shows_brief: bool,
    /// Events, with the name of who acted and the note where it may be read.
    pub events: Vec<(Recorded, String, Option<Hidden>)>,
    /// The packet, as far as consents allow.
    pub packet: Vec<Packet>,
    /// What would be or is shared.
    pub shared: Shared,
    /// Contacts and services.
    pub records: Vec<ServiceRecord>,
    /// Appointments.
    pub appointments: Vec<Appointment>,
    /// Places that are free, where some are posted.
    pub free: Option<u32>,
    /// Whether a duty to report is unmade.
    pub must_report: bool,
    /// What the reader can do.
    pub own: Vec<Action>,
    /// What the reader can write down for the provider.
    pub phone: Vec<Action>,
    /// Whether the reader may record a consent.
    pub may_consent: bool,
    /// Whether the reader may make a one-time link for the provider.
    pub may_link: bool,
    /// Until when the last one waits for its answer.
    pub link_until: Option<Timestamp>,
    /// Whether others are asked with it.
    pub with_others: bool,
    /// Who chases.
    pub owner: String,
    /// Now.
    pub now: Timestamp,
}

/// One referral.
pub async fn view(app: &App, actor: &Actor, id: &ReferralId, locale: Locale, channel: Channel) -> Result<View> {
    let now = app.now();
    let mut tx = app.begin().await?;
    let referral = store::find(&mut tx, id).await?.ok_or_else(|| Error::missing("referral", id))?;
    let case = cases::find(&mut tx, &referral.case).await?.ok_or_else(|| Error::missing("case", &referral.case))?;
    let facts = referral.facts(&case);
    decide(actor, Access::ReadReferral, &facts).allowed()?;
    let by_link = actor.who == Who::Link;
    let is_provider = by_link || is_provider(actor, &referral) && !decide(&senders(actor), Access::ReadReferral, &facts).is_allowed();
    let need = cases::need(&mut tx, &referral.need).await?.ok_or_else(|| Error::missing("need", &referral.need))?;
    let offering = services::offering(&mut tx, &referral.site).await?.ok_or_else(|| Error::missing("service", &referral.site))?;
    let shared = packet::shared(&mut tx, &referral, Stage::Packet, channel, app.today()).await?;

    // What names the child never goes behind a link.
    let packet = if is_provider && !by_link && referral.shows_packet() {
        packet::words(&mut tx, app, &case, &shared.shown, locale).await?
    } else {
        Vec::new()
    };
    let sees_notes = if is_provider { referral.shows_brief() } else { classes(actor, &case_facts(&case, now)).has(Class::Sensitive) };
    let notes = if sees_notes { open_notes(&mut tx, app, &case, &referral).await? } else { BTreeMap::new() };
    let events = timeline(&mut tx, &referral, notes, is_provider).await?;
    let seen: Vec<String> = packet.iter().map(|part| part.item.name().to_owned()).collect();
    let reads_notes = events.iter().any(|(_, _, note)| note.is_some());
    if !seen.is_empty() || reads_notes {
        let fields = seen.into_iter().chain(reads_notes.then(|| "note".to_owned()));
        let logged = audit::Event::new("referral.viewed", "referral", id).fields(fields).purpose(referral.purpose.name());
        audit::record(&mut tx, actor, logged, now).await?;
        if !packet.is_empty() {
            packet::ledger(&mut tx, &referral, &shared.shown, channel, now).await?;
        }
    }
    let records = store::records(&mut tx, id).await?;
    let appointments = store::appointments(&mut tx, id).await?;
    let rows = places::of(&mut tx, &referral.site).await?;
    let free = places::row_for(&rows, app.today()).map(crate::service::model::Place::free);
    let must_report = !is_provider && cases::report_duties(&mut tx, &case.id).await?.iter().any(|duty| duty.made_at.is_none());
    let station = organizations::find(&mut tx, &case.station).await?.map(|station| station.name).unwrap_or_default();
    let may_consent = decide(actor, Access::RecordConsent, &case).is_allowed();
    let (own, phone) = possible(actor, &referral, &case, app.today());
    let owner = match &referral.owner {
        Some(owner) => name_of(&mut tx, owner.as_str()).await?,
        None => String::new(),
    };
    let may_link = referral.state().awaits_provider() && decide(actor, Access::Refer, &case).is_allowed();
    let link_until = if may_link { link::waiting(&mut tx, id.as_str(), now).await? } else { None };
    let with_others = dispatch::of(&mut tx, &referral).await?.mode != Mode::Single;
    tx.commit(now).await?;
    let shows_brief = !is_provider || referral.shows_brief();
    Ok(View {
        referral,
        case,
        need,
        offering,
        station,
        is_provider,
        shows_brief,
        events,
        packet,
        shared,
        records,
        appointments,
        free,
        must_report,
        own,
        phone,
        may_consent,
        may_link,
        link_until,
        with_others,
        owner,
        now,
    })
}

fn case_facts(case: &Case, now: Timestamp) -> crate::access::Facts {
    use crate::access::Subject;
    crate::access::Facts { at: Some(now), ..case.facts() }
}

fn is_provider(actor: &Actor, referral: &Referral) -> bool {
    actor.organizations(Role::Provider).any(|organization| *organization == referral.organization)
}

/// The actor without what it is granted as a provider.
fn senders(actor: &Actor) -> Actor {
    Actor { grants: actor.grants.iter().filter(|grant| grant.role != Role::Provider).cloned().collect(), ..actor.clone() }
}

async fn open_notes(db: &mut Connection, app: &App, case: &Case, referral: &Referral) -> Result<BTreeMap<i64, Hidden>> {
    let key = cases::child_key(db, &app.keyring, &case.child).await?;
    store::notes(db, &key, &case.child, &referral.id).await
}

/// Whether the provider may read the note of an event: its own words, and what was said to it.
const fn is_for_provider(action: Option<Action>) -> bool {
    matches!(
        action,
        Some(Action::Ask | Action::Answer | Action::Accept | Action::Waitlist | Action::Decline | Action::Report | Action::Dispute)
    )
}

async fn timeline(
    db: &mut Connection,
    referral: &Referral,
    mut notes: BTreeMap<i64, Hidden>,
    is_provider: bool,
) -> Result<Vec<(Recorded, String, Option<Hidden>)>> {
    let mut lines = Vec::new();
    for event in store::events(db, &referral.id).await? {
        let inside = matches!(event.event.action(), None | Some(Action::Return | Action::Retier));
        if is_provider && inside {
            continue;
        }
        let note = notes.remove(&event.number).filter(|_| !is_provider || is_for_provider(event.event.action()));
        let name = name_of(db, &event.actor).await?;
        lines.push((event, name, note));
    }
    Ok(lines)
}

/// The name at work of an account; empty for the sweep and the product.
async fn name_of(db: &mut Connection, actor: &str) -> Result<String> {
    let Ok(id) = AccountId::parse(actor) else { return Ok(String::new()) };
    Ok(account::store::find(db, &id).await?.map(|account| account.name).unwrap_or_default())
}
