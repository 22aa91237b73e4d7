//! Writing a referral: need, service, purpose, what is shared. Nothing leaves yet.

use jiff::SignedDuration;
use jiff::civil::Date;
use lianjie_index::entry::Payer;

use super::super::dispatch;
use super::super::model::{Action, Brief, Channel, Event, Recorded, Referral, Standing, State, step};
use super::super::store;
use super::letter::{letter, sender};
use super::work::was_done;
use crate::access::{Action as Access, Actor, Facts, Subject, decide};
use crate::app::App;
use crate::audit;
use crate::case::model::{Case, Child, Need};
use crate::case::store as cases;
use crate::consent::model::{Channel as Way, Item, Names, Purpose, Recipient, Stage, check_words, project};
use crate::consent::store as consents;
use crate::error::{Error, Faults, Result};
use crate::id::{ChildId, DispatchId, NeedId, ReferralId, ServiceAtLocationId};
use crate::matching;
use crate::organization::store::province;
use crate::service::law;
use crate::service::model::Offering;
use crate::service::places::{self, Reserved};
use crate::service::store as services;
use crate::store::{Answered, Connection, Key, Tx, remember};

/// How long a place is kept for a draft.
const HOLD: SignedDuration = SignedDuration::from_hours(48);

/// What a referral is written from.
#[derive(Debug, Clone)]
pub struct NewReferral {
    /// Which need.
    pub need: NeedId,
    /// Which service, where.
    pub site: ServiceAtLocationId,
    /// For what.
    pub purpose: Purpose,
    /// What the provider is to see after acceptance, as far as consents allow.
    pub items: Vec<Item>,
    /// When the child can come.
    pub time_windows: String,
    /// What staff must know to be safe.
    pub safety_notes: String,
    /// How the child moves.
    pub mobility: String,
    /// Whether the sex matters.
    pub share_sex: bool,
    /// Whether a place is kept for two days.
    pub hold_place: bool,
    /// The ended referral it follows.
    pub follows: Option<ReferralId>,
}

/// Writes a draft, in a dispatch of its own. Gives its id; of a write that comes twice the id of the first.
pub async fn draft(app: &App, actor: &Actor, new: NewReferral, channel: Channel, key: Option<&Key>) -> Result<ReferralId> {
    if let Some(key) = key
        && let Some(done) = was_done(app, actor, key).await?
    {
        let id = done.location.rsplit('/').next().unwrap_or_default();
        return ReferralId::parse(id).map_err(|_| Error::Conflict { why: "repeated" });
    }
    let proposal = proposal(app, actor, &new).await?;
    let now = app.now();
    let mut tx = app.begin().await?;
    let referral = dispatch::draft_alone(app, actor, &mut tx, &new, proposal, channel).await?;
    if new.hold_place {
        let case = cases::find(&mut tx, &referral.case).await?.ok_or_else(|| Error::missing("case", &referral.case))?;
        decide(actor, Access::HoldPlace, &case).allowed()?;
        if places::hold(&mut tx, &new.site, &referral.id, app.today(), now + HOLD, now).await? == Reserved::Full {
            return Err(Error::Conflict { why: "place_full" });
        }
    }
    if let Some(key) = key {
        let location = format!("/referrals/{}", referral.id);
        remember(&mut tx, key, &actor.reference(), &Answered { status: 303, location }, now).await?;
    }
    tx.commit(now).await?;
    Ok(referral.id)
}

/// The proposal as it stands, for a worker who may match; whoever reroutes without that right keeps none.
async fn proposal(app: &App, actor: &Actor, new: &NewReferral) -> Result<Option<serde_json::Value>> {
    let mut db = app.store.read().await?;
    let Some(need) = cases::need(&mut db, &new.need).await? else { return Ok(None) };
    let Some(case) = cases::find(&mut db, &need.case).await? else { return Ok(None) };
    drop(db);
    if !decide(actor, Access::Match, &case).is_allowed() {
        return Ok(None);
    }
    Ok(matching::actions::frozen(app, actor, &case.id, &need.term, std::slice::from_ref(&new.site)).await?.pop().flatten())
}

/// Writes a draft into a dispatch, within a transaction.
pub async fn write_draft(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    new: &NewReferral,
    dispatch: &DispatchId,
    channel: Channel,
) -> Result<Referral> {
    let now = app.now();
    let need = cases::need(tx, &new.need).await?.ok_or_else(|| Error::missing("need", &new.need))?;
    let case = cases::find(tx, &need.case).await?.ok_or_else(|| Error::missing("case", &need.case))?;
    match &new.follows {
        None => sender(actor, &Facts { thing: "need", id: need.id.to_string(), ..case.facts() }).map(|_| ())?,
        Some(before) => follow(tx, actor, before, &case, &need, app.today()).await?,
    }
    let offering = services::offering(tx, &new.site).await?.ok_or_else(|| Error::invalid("service_at_location", "required"))?;
    undecided(&need, Some(&offering))?;
    if !offering.visibility(app.today()).matching {
        return Err(Error::Conflict { why: "offering_closed" });
    }
    let child = cases::child(tx, &case.child).await?.ok_or_else(|| Error::missing("child", &case.child))?;
    let words = [("time_windows", &new.time_windows), ("safety_notes", &new.safety_notes), ("mobility", &new.mobility)];
    look_through(tx, app, &case.child, &words).await?;

    let consents = consents::for_recipient(tx, &case.id, &offering.organization.id).await?;
    let consent = consents.iter().find(|consent| consent.holds(app.today())).map(|consent| consent.id.clone());
    let referral = Referral {
        id: ReferralId::new(now),
        number: crate::id::number(&mut rand::rng()),
        need: need.id.clone(),
        case: case.id.clone(),
        dispatch: dispatch.clone(),
        site: new.site.clone(),
        organization: offering.organization.id.clone(),
        author: actor.id.clone(),
        owner: None,
        purpose: new.purpose,
        brief: brief(&case, &child, &need, new, &offering, app.today()),
        items: new.items.clone(),
        consent,
        follows: new.follows.clone(),
        standing: Standing::written(need.tier.number()),
        due: None,
        changed_at: now,
    };
    store::insert(tx, &referral, &province(&case.division)).await?;
    let recorded = Recorded {
        number: 1,
        event: Event::Draft { tier: need.tier.number() },
        from: State::Draft,
        to: State::Draft,
        actor: actor.reference(),
        on_behalf_of: None,
        channel,
        at: now,
        recorded_at: now,
    };
    store::append(tx, &referral.id, &recorded, None).await?;
    let drafted = audit::Event::new("referral.draft", "referral", &referral.id).purpose(new.purpose.name());
    audit::record(tx, actor, drafted, now).await?;
    Ok(referral)
}

/// Refuses what an authority decides on: long-term guardianship, adoption and special schooling are no plain referral.
pub(super) fn undecided(need: &Need, offering: Option<&Offering>) -> Result<()> {
    let offered = offering.and_then(|offering| law::all_decided(&offering.service.terms));
    match law::decided(&need.term).or(offered) {
        Some(why) => Err(Error::Conflict { why }),
        None => Ok(()),
    }
}

/// The next referral after one that came to nothing: the same need, and the table's leave.
async fn follow(db: &mut Connection, actor: &Actor, before: &ReferralId, case: &Case, need: &Need, today: Date) -> Result<()> {
    let before =
        store::find(db, before).await?.filter(|referral| referral.need == need.id).ok_or_else(|| Error::missing("referral", before))?;
    let letter = letter(actor, Action::Reroute, &before, case, false)?;
    step(before.state(), Action::Reroute, letter, &before.known(&actor.id, today)).map(|_| ())
}

/// What the provider sees before it accepts: only what `project` shows at that stage.
fn brief(case: &Case, child: &Child, need: &Need, new: &NewReferral, offering: &Offering, today: Date) -> Brief {
    let recipient = Recipient::new(&offering.organization.kind, &[], today);
    let shows = |item: Item| project(item, &recipient, Stage::Brief, Way::Page).is_shown();
    let words = |item: Item, text: &str| if shows(item) { text.to_owned() } else { String::new() };
    Brief {
        alias: child.alias.clone(),
        age_band: child.birth_month.filter(|_| shows(Item::AgeBand)).map(|month| month.band(today).to_string()),
        sex: child.sex.filter(|_| new.share_sex && shows(Item::Sex)),
        township: case.division.clone(),
        term: need.term.clone(),
        languages: if shows(Item::Language) { case.languages.clone() } else { Vec::new() },
        time_windows: words(Item::TimeWindows, &new.time_windows),
        safety_notes: words(Item::SafetyNotes, &new.safety_notes),
        mobility: words(Item::Mobility, &new.mobility),
        travel: case.travel.mode.clone().filter(|_| shows(Item::Travel)),
    }
}

/// Looks through words that leave before acceptance for what names a person.
pub(super) async fn look_through(db: &mut Connection, app: &App, child: &ChildId, fields: &[(&str, impl AsRef<str>)]) -> Result<()> {
    if fields.iter().all(|(_, text)| text.as_ref().is_empty()) {
        return Ok(());
    }
    let key = cases::child_key(db, &app.keyring, child).await?;
    let identity = cases::identity(db, &key, child).await?;
    let mut guardians = cases::guardians(db, child).await?;
    cases::names_of_guardians(db, &key, child, &mut guardians).await?;
    let names = identity.name.into_iter().chain(guardians.into_iter().filter_map(|guardian| guardian.name)).collect();
    let names = Names { names, address: identity.address, school: identity.school };
    let mut faults = Faults::new();
    for (field, text) in fields {
        faults.require(text.as_ref().chars().count() <= 300, field, "words_long");
        faults.keep(check_words(field, text.as_ref(), &names));
    }
    faults.settle()
}

/// Whether a fee in force is the station's to pay: then another person looks at it first.
pub(super) fn station_pays(offering: &Offering, day: Date) -> bool {
    let in_force =
        offering.fees.iter().filter(|fee| fee.valid_from.is_none_or(|from| from <= day) && fee.valid_to.is_none_or(|to| day <= to));
    in_force.filter(|fee| fee.payer == Some(Payer::Station)).any(|fee| fee.amount() != Some(0))
}
