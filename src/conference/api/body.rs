//! The bodies of meetings: what is sent, and what is answered.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::{ActionState, Code, Conference, ItemState, State as Stands, Step, Why};
use super::super::sheet::Sheet;
use crate::api::Meta;
use crate::clock;
use crate::secret::Hidden;

/// A meeting.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConferenceBody {
    pub id: String,
    pub number: String,
    pub title: String,
    pub place: String,
    /// RFC 3339 UTC.
    pub starts_at: String,
    pub state: Stands,
    /// Null: the county's.
    pub station: Option<String>,
    /// Digest of the minutes, once signed.
    pub minutes_hash: Option<String>,
}

/// Meetings, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConferencesBody {
    pub conferences: Vec<ConferenceBody>,
    pub meta: Meta,
}

/// A case on the agenda.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemBody {
    pub id: String,
    pub position: u32,
    pub alias: String,
    pub number: String,
    pub why: Vec<Why>,
    pub state: ItemState,
}

/// A body that is invited.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitedBody {
    pub id: String,
    pub name: String,
    /// Who of it; empty where nobody is named.
    pub person: String,
    /// Null: not known yet.
    pub attended: Option<bool>,
}

/// Who gets the minutes.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiverBody {
    pub organization: String,
    pub name: String,
    /// Who of it; empty where it is the body.
    pub person: String,
}

/// Somebody who gets the minutes, or no longer does.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressInput {
    pub organization: String,
    /// Who of it; absent is the body.
    #[serde(default)]
    pub person: String,
    /// False takes it off the list.
    pub gets: bool,
}

/// A meeting with its agenda.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConferenceAnswer {
    pub conference: ConferenceBody,
    pub items: Vec<ItemBody>,
    pub invited: Vec<InvitedBody>,
    pub receivers: Vec<ReceiverBody>,
    /// Whether the pack should be out and is not; only for who leads it.
    pub pack_due: bool,
    pub runs: bool,
}

/// A meeting to be called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallInput {
    pub title: String,
    pub place: String,
    /// RFC 3339.
    #[schema(value_type = String)]
    pub starts_at: Timestamp,
    /// Bodies to be invited.
    #[serde(default)]
    pub invite: Vec<String>,
}

/// Another time, place or name of a meeting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveInput {
    pub title: String,
    pub place: String,
    /// RFC 3339; not past.
    #[schema(value_type = String)]
    pub starts_at: Timestamp,
}

/// A step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepInput {
    pub step: Step,
    /// Why it is called off.
    #[serde(default)]
    pub reason: String,
}

/// The sheet of one case.
#[derive(Serialize, ToSchema)]
pub struct SheetAnswer {
    /// As the minutes hold it: previous actions, needs, what was tried, words, decisions, actions.
    #[schema(value_type = Object)]
    pub sheet: Sheet,
    pub state: ItemState,
    pub version: i64,
    pub runs: bool,
}

/// What is written of an item, and what is absent stays: `question`, `danger`, `strengths`, `child_words`, `guardian_view`, `safety`, `contingency`, `trigger`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemInput {
    #[schema(value_type = Option<String>)]
    pub question: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    pub danger: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    pub strengths: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    pub child_words: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    pub guardian_view: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    pub safety: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    pub contingency: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    pub trigger: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    pub next_review: Option<Date>,
    pub version: Option<i64>,
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionInput {
    pub code: Code,
    pub need: Option<String>,
    /// Services at locations to be asked, in order.
    #[serde(default)]
    pub sites: Vec<String>,
    /// Whether they are asked at once, at most three; absent, those of the first tier are.
    #[serde(default)]
    pub parallel: Option<bool>,
    #[serde(default)]
    pub referral: String,
    #[serde(default)]
    pub risk: String,
    #[serde(default)]
    pub worker: String,
    #[serde(default)]
    #[schema(value_type = String)]
    pub note: Hidden,
}

/// Whether it was carried out; the sheet says why not.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedBody {
    pub executed: bool,
}

/// A dissent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DissentInput {
    /// Number of the decision.
    pub decision: u32,
    pub body: String,
    #[schema(value_type = String)]
    pub reason: Hidden,
    #[schema(value_type = String)]
    pub next_step: Hidden,
    #[schema(value_type = String)]
    pub due_day: Date,
}

/// An action.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActInput {
    #[schema(value_type = String)]
    pub what: Hidden,
    #[serde(default)]
    #[schema(value_type = String)]
    pub evidence: Hidden,
    pub organization: String,
    pub person: String,
    #[serde(default)]
    pub backup: String,
    /// Included.
    #[schema(value_type = String)]
    pub due_day: Date,
    /// Account of who checks it; absent is whoever leads the meeting, but for who reported it.
    #[serde(default)]
    pub checker: String,
}

/// What is appended to signed minutes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendInput {
    pub item: String,
    #[schema(value_type = String)]
    pub text: Hidden,
}

/// An action the person answers for.
#[derive(Debug, Serialize, ToSchema)]
pub struct MineBody {
    pub id: String,
    pub conference: String,
    pub number: u32,
    pub alias: String,
    pub what: String,
    pub person: String,
    #[schema(value_type = String)]
    pub due_day: Date,
    pub state: ActionState,
    pub late: bool,
    /// Whether the reader is to check what was reported.
    pub to_check: bool,
}

/// Actions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionsBody {
    pub actions: Vec<MineBody>,
    pub meta: Meta,
}

/// What is said of an action: `done`, `not_possible` (with words), `not_done`, `checked`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    pub what: String,
    #[serde(default)]
    #[schema(value_type = String)]
    pub said: Hidden,
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeBody {
    pub id: String,
}

pub fn conference(conference: &Conference) -> ConferenceBody {
    ConferenceBody {
        id: conference.id.to_string(),
        number: conference.number.clone(),
        title: conference.title.clone(),
        place: conference.place.clone(),
        starts_at: clock::stored(conference.starts_at),
        state: conference.state,
        station: conference.station.as_ref().map(ToString::to_string),
        minutes_hash: conference.minutes_hash.clone(),
    }
}

/// A body that is to report by a link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    pub organization: String,
}
