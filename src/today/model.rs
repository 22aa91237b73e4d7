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
    /// When something is due.
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
    /// Referrals the person owns, overdue first.
    pub waiting: Vec<Waiting>,
    /// Children about whom the police must still be told: the person's own, or the station's.
    pub unreported: Vec<Unreported>,
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
    /// Unread notices.
    pub notices: Vec<Notice>,
}

impl Today {
    /// How many are overdue at an instant.
    #[must_use]
    pub fn overdue(&self, now: Timestamp) -> usize {
        self.waiting.iter().filter(|referral| referral.due_at < now).count()
    }

    /// How many are due on the day of an instant, and not yet overdue.
    #[must_use]
    pub fn due_today(&self, now: Timestamp) -> usize {
        let today = crate::clock::day(now);
        self.waiting.iter().filter(|referral| referral.due_at >= now && crate::clock::day(referral.due_at) == today).count()
    }
}
