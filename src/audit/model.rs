//! What an event of the log says, and how its digest is made.

use serde::Serialize;

use crate::secret;

/// Something that happened, to be recorded.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// The field's verb: `referral.accepted`, `case.viewed`.
    pub action: &'static str,
    /// Table name of the thing.
    pub object_type: &'static str,
    /// Its id.
    pub object_ref: String,
    /// Names of the fields that were shown or changed; never their values.
    pub fields: Vec<String>,
    /// Why, where a purpose was asked for.
    pub purpose: Option<String>,
    /// `done`, `refused`.
    pub outcome: &'static str,
}

impl Event {
    /// Something that was done to a thing.
    #[must_use]
    pub fn new(action: &'static str, object_type: &'static str, object_ref: &(impl ToString + ?Sized)) -> Self {
        Self { action, object_type, object_ref: object_ref.to_string(), fields: Vec::new(), purpose: None, outcome: "done" }
    }

    /// Names the fields it concerned.
    #[must_use]
    pub fn fields<T: ToString>(mut self, fields: impl IntoIterator<Item = T>) -> Self {
        self.fields = fields.into_iter().map(|field| field.to_string()).collect();
        self
    }

    /// Says why.
    #[must_use]
    pub fn purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }

    /// Says that it was refused.
    #[must_use]
    pub const fn refused(mut self) -> Self {
        self.outcome = "refused";
        self
    }
}

/// An event as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// Id.
    pub id: String,
    /// When, RFC 3339 UTC.
    pub at: String,
    /// Account id, or `timer`, `system`, `visitor`.
    pub actor: String,
    /// Role the actor mostly acts in.
    pub role: String,
    /// Verb.
    pub action: String,
    /// Table name.
    pub object_type: String,
    /// Id of the thing.
    pub object_ref: String,
    /// Field names, JSON.
    pub fields: String,
    /// Purpose.
    pub purpose: Option<String>,
    /// Outcome.
    pub outcome: String,
}

impl Recorded {
    /// The digest over every column: a changed row no longer has it.
    #[must_use]
    pub fn digest(&self) -> String {
        secret::digest(&serde_json::to_vec(self).expect("an event is plain text"))
    }
}

/// What a verification of the log found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Events read.
    pub events: u64,
    /// Ids of events whose digest does not fit, at most 20.
    pub changed: Vec<String>,
    /// Whether the log still begins with the events of a root printed earlier, where one was given.
    pub begins_alike: Option<bool>,
    /// A digest over all events in order: keep it elsewhere, and a later `audit verify --since` tells whether
    /// the log still begins with the same events.
    pub root: String,
}

impl Verdict {
    /// Whether nothing was changed, and nothing cut from the beginning.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.changed.is_empty() && self.begins_alike != Some(false)
    }
}
