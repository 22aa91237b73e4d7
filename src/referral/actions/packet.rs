//! What the provider sees after acceptance: projected anew each time, against the consents that hold at that moment.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::model::Referral;
use super::super::store;
use crate::app::App;
use crate::audit;
use crate::case::model::Case;
use crate::case::store as cases;
use crate::clock;
use crate::consent::model::{Channel, Consent, Ground, Item, Recipient, Stage, project};
use crate::consent::store as consents;
use crate::error::Result;
use crate::locale::Locale;
use crate::organization::store as organizations;
use crate::secret::Hidden;
use crate::store::Connection;

/// An item with its words.
#[derive(Debug, Clone)]
pub struct Packet {
    /// Which.
    pub item: Item,
    /// Its words.
    pub text: Hidden,
}

/// What would be shared, item by item.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    /// Seen after acceptance, with the consents that hold now.
    pub shown: Vec<Item>,
    /// Asked for, but without a ground for this recipient.
    pub missing: Vec<Item>,
}

/// Which of a referral's items its recipient may see now.
pub async fn shared(db: &mut Connection, referral: &Referral, stage: Stage, channel: Channel, today: Date) -> Result<Shared> {
    let held = consents::for_recipient(db, &referral.case, &referral.organization).await?;
    let kind = organizations::find(db, &referral.organization).await?.map(|organization| organization.kind).unwrap_or_default();
    let recipient = Recipient::new(&kind, &held, today);
    let (shown, missing) = referral.items.iter().copied().partition(|item| project(*item, &recipient, stage, channel).is_shown());
    Ok(Shared { shown, missing })
}

/// On which grounds it leaves, for the ledger.
fn grounds(held: &[Consent], items: &[Item], today: Date) -> &'static str {
    let uses = |ground: Ground| {
        held.iter().any(|consent| consent.holds(today) && consent.ground == ground && consent.items.iter().any(|item| items.contains(item)))
    };
    match (uses(Ground::Consent), uses(Ground::Statutory)) {
        (true, true) => "consent, statutory",
        (false, true) => "statutory",
        _ => "consent",
    }
}

/// Writes down what leaves with the acceptance.
pub async fn release(db: &mut Connection, referral: &Referral, at: Timestamp) -> Result<()> {
    let shown = shared(db, referral, Stage::Packet, Channel::Page, clock::day(at)).await?.shown;
    ledger(db, referral, &shown, Channel::Page, at).await
}

/// One line for each set of items that left.
pub(super) async fn ledger(db: &mut Connection, referral: &Referral, shown: &[Item], channel: Channel, at: Timestamp) -> Result<()> {
    if shown.is_empty() || store::last_release(db, &referral.id).await?.as_deref() == Some(shown) {
        return Ok(());
    }
    let held = consents::for_recipient(db, &referral.case, &referral.organization).await?;
    let ground = grounds(&held, shown, clock::day(at));
    store::insert_release(db, &referral.id, &referral.organization, shown, ground, channel, at).await?;
    let system = crate::access::Actor::system();
    let logged = audit::Event::new("referral.released", "referral", &referral.id).fields(shown.iter().map(|item| item.name()));
    audit::record(db, &system, logged.purpose(referral.purpose.name()), at).await
}

/// The words of the items. The caller has asked `project` and records the view before the page is sent.
pub(super) async fn words(db: &mut Connection, app: &App, case: &Case, items: &[Item], locale: Locale) -> Result<Vec<Packet>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let key = cases::child_key(db, &app.keyring, &case.child).await?;
    let identity = cases::identity(db, &key, &case.child).await?;
    let writing = cases::writing(db, &key, case).await?;
    let mut guardians = cases::guardians(db, &case.child).await?;
    cases::names_of_guardians(db, &key, &case.child, &mut guardians).await?;
    let carer = guardians
        .iter()
        .find(|guardian| guardian.carer && !guardian.suspected)
        .or_else(|| guardians.iter().find(|guardian| !guardian.suspected));
    let categories = app.categories.get();
    let named = |root: &str, code: &str| rust_i18n::t!(format!("{root}.{code}"), locale = locale.tag()).into_owned();
    let comma = locale.pick("、", ", ");
    let plain = |text: String| Some(Hidden::new(text)).filter(|text| !text.is_empty());
    let text = |item: Item| match item {
        Item::Risk => {
            case.risk.as_ref().and_then(|risk| categories.risk(&risk.0)).and_then(|risk| plain(risk.named.name(locale).to_owned()))
        }
        Item::Categories => {
            plain(case.categories.iter().map(|code| categories.child(code.as_str(), locale)).collect::<Vec<_>>().join(comma))
        }
        Item::Holds => {
            plain(case.holds.iter().filter(|(_, held)| **held).map(|(code, _)| named("document", code)).collect::<Vec<_>>().join(comma))
        }
        Item::Hukou => case.hukou.as_ref().and_then(|code| plain(app.divisions.get().full_name(code))),
        Item::GuardianState => case.guardian.as_ref().and_then(|state| plain(named("referral.guardian", state))),
        Item::GuardianName => carer.and_then(|guardian| guardian.name.clone()),
        Item::GuardianPhone => carer.and_then(|guardian| guardian.phone.clone()),
        Item::Name => identity.name.clone(),
        Item::IdentityNumber => identity.identity_number.clone(),
        Item::BirthDate => identity.birth_date.clone(),
        Item::Phone => identity.phone.clone(),
        Item::Address => identity.address.clone(),
        Item::School => identity.school.clone(),
        Item::Diagnoses => writing.diagnoses.as_ref().and_then(|json| plain(diagnoses(json, &named, comma))),
        Item::Certificates => writing.certificates.clone(),
        Item::Narrative => writing.narrative.clone(),
        _ => None,
    };
    Ok(items.iter().filter_map(|item| text(*item).map(|text| Packet { item: *item, text })).collect())
}

/// Diagnoses that were made, in words; they are kept as codes with 1 or 0.
fn diagnoses(json: &Hidden, named: &impl Fn(&str, &str) -> String, comma: &str) -> String {
    let codes: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json.reveal()).unwrap_or_default();
    let made = codes.iter().filter(|(_, value)| value.as_bool().unwrap_or(value.as_i64() == Some(1)));
    made.map(|(code, _)| named("diagnosis", code)).collect::<Vec<_>>().join(comma)
}

/// The items a worker may choose: those that have words.
#[must_use]
pub fn choosable() -> Vec<Item> {
    use Item::{
        Address, BirthDate, Categories, Certificates, Diagnoses, GuardianName, GuardianPhone, GuardianState, Holds, Hukou, IdentityNumber,
        Name, Narrative, Phone, Risk, School,
    };
    vec![
        Name,
        GuardianName,
        GuardianPhone,
        Phone,
        Address,
        School,
        BirthDate,
        IdentityNumber,
        Risk,
        Categories,
        Holds,
        Hukou,
        GuardianState,
        Diagnoses,
        Certificates,
        Narrative,
    ]
}
