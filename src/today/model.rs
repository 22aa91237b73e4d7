//! What waits for a person.

use jiff::Timestamp;
use lianjie_index::TermCode;

/// A live referral that somebody owns.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// State.
    pub state: String,
    /// Tier of the need.
    pub tier: u8,
    /// When something is due, or was to be.
    pub due_at: Timestamp,
    /// What is asked for.
    pub term: TermCode,
    /// Whom it was sent to.
    pub organization: String,
    /// The child's alias.
    pub alias: String,
}

/// A need nobody has been asked about.
#[derive(Debug, Clone)]
pub struct Unasked {
    /// Case.
    pub case: String,
    /// Need.
    pub need: String,
    /// The child's alias.
    pub alias: String,
    /// What is needed.
    pub term: TermCode,
    /// Tier.
    pub tier: u8,
}

/// A child about whom the police must still be told.
#[derive(Debug, Clone)]
pub struct Unreported {
    /// Case.
    pub case: String,
    /// The child's alias.
    pub alias: String,
    /// When it was found.
    pub found_at: Timestamp,
}

/// A notice in the page.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Which text.
    pub template: String,
    /// Numbers and links.
    pub facts: serde_json::Value,
    /// When.
    pub at: Timestamp,
}

/// All that waits.
#[derive(Debug, Clone, Default)]
pub struct Today {
    /// The referrals the person owns that are due first.
    pub waiting: Vec<Waiting>,
    /// How many of the person's are overdue.
    pub overdue: usize,
    /// How many of them are due before the day is over.
    pub due_today: usize,
    /// Children about whom the police must still be told: the person's own, or the station's.
    pub unreported: Vec<Unreported>,
    /// Referrals that went out ahead of their approval and wait for the person's second look: the first of them.
    pub to_confirm: Vec<Waiting>,
    /// How many they are in all.
    pub ahead: u32,
    /// Needs of the person's cases that nobody has been asked about.
    pub unasked: Vec<Unasked>,
    /// Cases of the person that are not closed.
    pub cases: u32,
    /// Referrals that wait for the person's organizations to answer.
    pub to_answer: u32,
    /// Referrals that wait for the person's approval.
    pub to_approve: u32,
    /// Organizations and services that wait for the registrar.
    pub to_verify: u32,
    /// Suggestions that wait for the person to settle: of the divisions it checks, and of its own organizations.
    pub to_settle: u32,
    /// Verifications that end soon or are over, for the registrar.
    pub to_renew: u32,
    /// Unread notices.
    pub notices: Vec<Notice>,
}
