//! The bodies of the loop's JSON: what comes with an act, and one referral as its reader may see it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::{Deed, View};
use super::super::model::{Action, Flag, Hold, Outcome};
use crate::clock::stored;
use crate::consent::model::{Item, Purpose};
use crate::secret::Hidden;

/// The name of a flag.
pub fn flag_name(flag: Flag) -> String {
    serde_json::to_value(flag).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A referral to write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralInput {
    pub(super) need: String,
    pub(super) service_at_location: String,
    pub(super) purpose: Purpose,
    /// What is to be seen after acceptance, as far as consents allow.
    #[serde(default)]
    pub(super) items: Vec<Item>,
    #[serde(default)]
    pub(super) time_windows: String,
    #[serde(default)]
    pub(super) safety_notes: String,
    #[serde(default)]
    pub(super) mobility: String,
    #[serde(default)]
    pub(super) share_sex: bool,
    #[serde(default)]
    pub(super) hold_place: bool,
    /// The ended referral it follows.
    #[serde(default)]
    pub(super) follows: Option<String>,
    /// Whether it is sent at once.
    #[serde(default)]
    pub(super) send: bool,
}

/// What comes with an act; each act reads the fields it needs.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeedInput {
    pub(super) reason: Option<String>,
    pub(super) note: Option<String>,
    pub(super) contact_day: Option<String>,
    pub(super) promised_day: Option<String>,
    pub(super) expected_day: Option<String>,
    pub(super) position: Option<u32>,
    pub(super) override_full: Option<bool>,
    pub(super) record: Option<String>,
    pub(super) engagement: Option<String>,
    pub(super) day: Option<String>,
    pub(super) units: Option<u32>,
    pub(super) outcome: Option<String>,
    pub(super) from_day: Option<String>,
    pub(super) to_day: Option<String>,
    pub(super) next_step: Option<String>,
    pub(super) verified_by: Option<String>,
    pub(super) method: Option<String>,
    pub(super) satisfaction: Option<u32>,
    pub(super) until: Option<String>,
    pub(super) tries: Option<u32>,
    pub(super) tried_days: Option<u32>,
    /// Whom the worker spoke with, when a call is written down.
    pub(super) spoke_with: Option<String>,
    /// When: `2026-11-25T10:30`.
    pub(super) spoke_at: Option<String>,
    /// The version that was looked at; another one meanwhile is a conflict.
    pub(super) version: Option<i64>,
}

impl From<DeedInput> for Deed {
    fn from(input: DeedInput) -> Self {
        let count = |count: Option<u32>| count.map(|count| count.to_string()).unwrap_or_default();
        Self {
            reason: input.reason.unwrap_or_default(),
            note: Hidden::new(input.note.unwrap_or_default()),
            contact_day: input.contact_day.unwrap_or_default(),
            promised_day: input.promised_day.unwrap_or_default(),
            expected_day: input.expected_day.unwrap_or_default(),
            position: count(input.position),
            override_full: if input.override_full == Some(true) { "1".into() } else { String::new() },
            record: input.record.unwrap_or_default(),
            engagement: input.engagement.unwrap_or_default(),
            day: input.day.unwrap_or_default(),
            units: count(input.units),
            outcome: input.outcome.unwrap_or_default(),
            from_day: input.from_day.unwrap_or_default(),
            to_day: input.to_day.unwrap_or_default(),
            next_step: input.next_step.unwrap_or_default(),
            verified_by: input.verified_by.unwrap_or_default(),
            method: input.method.unwrap_or_default(),
            satisfaction: count(input.satisfaction),
            until: input.until.unwrap_or_default(),
            tries: count(input.tries),
            tried_days: count(input.tried_days),
            spoke_with: input.spoke_with.unwrap_or_default(),
            spoke_at: input.spoke_at.unwrap_or_default(),
            version: input.version.map(|version| version.to_string()).unwrap_or_default(),
        }
    }
}

/// What a provider sees before it accepts.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefBody {
    alias: String,
    age_band: Option<String>,
    sex: Option<String>,
    township: String,
    term: String,
    languages: Vec<String>,
    time_windows: String,
    safety_notes: String,
    mobility: String,
    travel: Option<String>,
}

/// An item of the packet.
#[derive(Debug, Serialize, ToSchema)]
pub struct PacketBody {
    item: Item,
    text: String,
}

/// An event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventBody {
    number: i64,
    kind: String,
    from_state: String,
    to_state: String,
    by: String,
    on_behalf_of: Option<String>,
    channel: String,
    reason: Option<String>,
    note: Option<String>,
    at: String,
}

/// A contact or service.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordBody {
    kind: String,
    day: String,
    units: u32,
}

/// An appointment with the family.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppointmentBody {
    id: String,
    at: String,
    state: String,
}

/// An appointment to book.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookInput {
    /// When, in China: `2026-11-30T15:00`.
    pub(super) at: String,
}

/// What came of an appointment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleInput {
    /// `rescheduled`, `attended`, `no_show`, `cancelled`.
    pub(super) state: String,
    /// The new time of one that is moved.
    #[serde(default)]
    pub(super) at: String,
}

/// One referral, as its reader may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralBody {
    id: String,
    number: String,
    state: String,
    version: i64,
    tier: u8,
    need: String,
    need_state: String,
    organization: String,
    service: String,
    service_at_location: String,
    purpose: Purpose,
    owner: String,
    due_at: Option<String>,
    due_kind: Option<String>,
    overdue: u8,
    flags: Vec<String>,
    hold_reason: Option<Hold>,
    hold_until: Option<String>,
    contact_day: Option<String>,
    promised_day: Option<String>,
    expected_day: Option<String>,
    outcome: Option<Outcome>,
    verified_by: Option<String>,
    follows: Option<String>,
    brief: Option<BriefBody>,
    packet: Vec<PacketBody>,
    /// Asked for, but without a ground for this recipient; of the sender's side only.
    missing: Vec<Item>,
    events: Vec<EventBody>,
    records: Vec<RecordBody>,
    appointments: Vec<AppointmentBody>,
    actions: Vec<String>,
    actions_by_phone: Vec<String>,
}

/// One referral.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneReferralBody {
    referral: ReferralBody,
}

/// A referral as its reader may see it.
pub fn body(view: View) -> OneReferralBody {
    let referral = view.referral;
    let standing = &referral.standing;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    let name = |actions: &[Action]| actions.iter().map(|action| action.name().to_owned()).collect();
    let brief = view.shows_brief.then(|| BriefBody {
        alias: referral.brief.alias.clone(),
        age_band: referral.brief.age_band.clone(),
        sex: referral.brief.sex.and_then(|sex| serde_json::to_value(sex).ok()?.as_str().map(str::to_owned)),
        township: referral.brief.township.to_string(),
        term: referral.brief.term.to_string(),
        languages: referral.brief.languages.clone(),
        time_windows: referral.brief.time_windows.clone(),
        safety_notes: referral.brief.safety_notes.clone(),
        mobility: referral.brief.mobility.clone(),
        travel: referral.brief.travel.clone(),
    });
    let events = view.events.iter().map(|(event, by, note)| EventBody {
        number: event.number,
        kind: event.event.kind().into(),
        from_state: event.from.name().into(),
        to_state: event.to.name().into(),
        by: by.clone(),
        on_behalf_of: event.on_behalf_of.clone(),
        channel: event.channel.name().into(),
        reason: event.event.reason().map(str::to_owned),
        note: note.as_ref().map(|note| note.reveal().to_owned()),
        at: stored(event.at),
    });
    OneReferralBody {
        referral: ReferralBody {
            events: events.collect(),
            id: referral.id.to_string(),
            number: referral.number,
            state: standing.state.name().into(),
            version: standing.version,
            tier: standing.tier,
            need: referral.need.to_string(),
            need_state: if view.is_provider { String::new() } else { view.need.state.name().into() },
            organization: view.offering.organization.name,
            service: view.offering.service.name,
            service_at_location: referral.site.to_string(),
            purpose: referral.purpose,
            owner: view.owner,
            due_at: referral.due.map(|(at, _)| stored(at)),
            due_kind: referral.due.map(|(_, timer)| timer.name().into()),
            overdue: standing.overdue,
            flags: standing.flags.iter().copied().map(flag_name).collect(),
            hold_reason: standing.hold.map(|(reason, _)| reason),
            hold_until: standing.hold.map(|(_, until)| stored(until)),
            contact_day: day(standing.contact_day),
            promised_day: day(standing.promised_day),
            expected_day: day(standing.expected_day),
            outcome: standing.outcome,
            verified_by: standing.verified_by.map(|by| by.name().into()),
            follows: if view.is_provider { None } else { referral.follows.map(|id| id.to_string()) },
            brief,
            packet: view.packet.iter().map(|part| PacketBody { item: part.item, text: part.text.reveal().to_owned() }).collect(),
            missing: if view.is_provider { Vec::new() } else { view.shared.missing },
            records: view
                .records
                .iter()
                .map(|record| RecordBody { kind: record.kind.name().into(), day: record.day.to_string(), units: record.units })
                .collect(),
            appointments: view
                .appointments
                .iter()
                .map(|one| AppointmentBody { id: one.id.to_string(), at: stored(one.at), state: one.state.name().into() })
                .collect(),
            actions: name(&view.own),
            actions_by_phone: name(&view.phone),
        },
    }
}
