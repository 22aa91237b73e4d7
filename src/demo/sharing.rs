//! What a provider is shown of a made-up case, and under which consent.

use jiff::{Timestamp, ToSpan};

use super::draw::Draw;
use super::histories::History;
use super::offers::Offer;
use super::people::account;
use super::province::Province;
use crate::access::Role;
use crate::audit;
use crate::case::model::{Case, GuardianState, Need};
use crate::case::store as cases;
use crate::clock;
use crate::consent::model::{Consent, Giver, Ground, Item, Purpose};
use crate::consent::store as consents;
use crate::error::{Error, Result};
use crate::id::ConsentId;
use crate::referral::model::Brief;
use crate::store::Tx;

/// What goes with a referral.
pub struct Shared {
    pub purpose: Purpose,
    pub brief: Brief,
    pub items: Vec<Item>,
    pub consent: Option<ConsentId>,
}

/// The brief, the items, and a consent of a guardian who is there; of a child of 14 too.
#[expect(clippy::too_many_arguments, reason = "what is shared depends on all of it")]
pub async fn share(
    tx: &mut Tx,
    province: &Province,
    case: &Case,
    need: &Need,
    offer: &Offer,
    at: Timestamp,
    history: &History,
    draw: &mut Draw,
) -> Result<Shared> {
    let child = cases::child(tx, &case.child).await?.ok_or_else(|| Error::missing("child", &case.child))?;
    let day = clock::day(at);
    let months = child.birth_month.map(|month| month.age_months(day));
    let windows = ["周三下午放学后", "工作日下午四点以后", "周末全天", "周六上午", "随时可以，白天奶奶在家", "放假以后"];
    let brief = Brief {
        alias: child.alias.clone(),
        age_band: child.birth_month.map(|month| month.band(day).to_string()),
        sex: child.sex.filter(|_| draw.chance(30)),
        township: case.division.clone(),
        term: need.term.clone(),
        languages: case.languages.clone(),
        time_windows: (*draw.one(&windows)).to_owned(),
        safety_notes: if draw.chance(15) { "家里有狗，上门前先打电话".into() } else { String::new() },
        mobility: String::new(),
        travel: case.travel.mode.clone(),
    };
    let purpose = purpose(need.term.as_str());
    let items = vec![Item::GuardianName, Item::GuardianPhone, Item::Name];
    let consent = if history.steps.is_empty() {
        None
    } else {
        let older = months.is_some_and(|months| months >= 14 * 12);
        consent(tx, province, case, offer, &items, purpose, older, at, draw).await?
    };
    Ok(Shared { purpose, brief, items: if consent.is_some() { items } else { Vec::new() }, consent })
}

#[expect(clippy::too_many_arguments, reason = "a consent names who, whom, what, for what and when")]
async fn consent(
    tx: &mut Tx,
    province: &Province,
    case: &Case,
    offer: &Offer,
    items: &[Item],
    purpose: Purpose,
    child_too: bool,
    at: Timestamp,
    draw: &mut Draw,
) -> Result<Option<ConsentId>> {
    let held = consents::for_recipient(tx, &case.id, &offer.organization).await?;
    if let Some(known) = held.iter().find(|consent| consent.holds(clock::day(at))) {
        return Ok(Some(known.id.clone()));
    }
    let guardians = cases::guardians(tx, &case.child).await?;
    let there = guardians.iter().find(|guardian| guardian.carer && guardian.state == GuardianState::Present && !guardian.suspected);
    let Some(guardian) = there.filter(|_| draw.chance(85)) else { return Ok(None) };
    let mut given_by = vec![Giver::from(guardian.relation)];
    given_by.extend(child_too.then_some(Giver::Child));
    let consent = Consent {
        id: ConsentId::from_parts(at, draw.bytes()),
        case: case.id.clone(),
        recipient: offer.organization.clone(),
        items: items.to_vec(),
        purpose,
        ground: Ground::Consent,
        article: None,
        given_by,
        evidence: (*draw.one(&["纸质同意书", "纸质同意书", "电话录音", "微信语音确认"])).to_owned(),
        from: clock::day(at),
        to: province.today.saturating_add(i64::from(draw.number(10..=160)).days()),
        revoked_at: None,
        recorded_by: case.worker.clone(),
        at,
    };
    consents::insert(tx, &consent).await?;
    let given = audit::Event::new("consent.recorded", "consent", &consent.id).fields(items.iter().map(|item| item.name()));
    audit::record(tx, &account(&case.worker, Role::Worker), given.purpose(purpose.name()), at).await?;
    Ok(Some(consent.id))
}

/// For what a service of a leaf is asked.
fn purpose(leaf: &str) -> Purpose {
    match leaf.get(..3) {
        Some("ECO" | "IDD" | "LIV") => Purpose::Apply,
        Some("EMG" | "VIC") => Purpose::Protect,
        _ if matches!(leaf, "PSY-01" | "PSY-05" | "REH-01" | "REH-10" | "GUA-01") => Purpose::Assess,
        _ => Purpose::Serve,
    }
}
