//! What a referral's events fold into: the part of it that changes.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Engagement, Event, Flag, Hold, Outcome, Record, Recorded, State, VerifiedBy};

/// What a referral's events fold into: the part that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// State.
    pub state: State,
    /// Number of events; the version for compare-and-set.
    pub version: i64,
    /// Tier of the need.
    pub tier: u8,
    /// Questions asked.
    pub questions: u32,
    /// When it went out.
    pub sent_at: Option<Timestamp>,
    /// Promised day of the first contact.
    pub contact_day: Option<Date>,
    /// Promised day of the first service.
    pub promised_day: Option<Date>,
    /// Expected day of a waiting list.
    pub expected_day: Option<Date>,
    /// Whether a service was given.
    pub served: bool,
    /// What came of it, as said last.
    pub outcome: Option<Outcome>,
    /// Who says so.
    pub verified_by: Option<VerifiedBy>,
    /// Why and until when it rests.
    pub hold: Option<(Hold, Timestamp)>,
    /// Step of the ladder, 0 to 4.
    pub overdue: u8,
    /// What lies over the state.
    pub flags: Vec<Flag>,
    /// When the running timer started.
    pub due_from: Option<Timestamp>,
    /// Seconds of the provider's clock used before `due_from`.
    pub spent_s: i64,
}

impl Standing {
    /// Whether a flag is set.
    #[must_use]
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    fn set(&mut self, flag: Flag, on: bool) {
        self.flags.retain(|known| *known != flag);
        if on {
            self.flags.push(flag);
            self.flags.sort();
        }
    }

    /// A referral just written.
    #[must_use]
    pub const fn written(tier: u8) -> Self {
        Self {
            state: State::Draft,
            version: 1,
            tier,
            questions: 0,
            sent_at: None,
            contact_day: None,
            promised_day: None,
            expected_day: None,
            served: false,
            outcome: None,
            verified_by: None,
            hold: None,
            overdue: 0,
            flags: Vec::new(),
            due_from: None,
            spent_s: 0,
        }
    }

    /// Goes on by one event: the only way a referral changes.
    pub fn apply(&mut self, event: &Event, to: State, at: Timestamp) {
        let before = self.state;
        self.state = to;
        self.version += 1;
        self.note(event, at);
        self.restart(event, before, at);
        if to.is_terminal() || to == State::Draft {
            self.hold = None;
            self.due_from = None;
            self.overdue = 0;
            self.set(Flag::ConsentBlocked, false);
        }
        if !to.is_accepted() {
            self.set(Flag::WithdrawalRequested, false);
        }
    }

    /// Takes over what the event says.
    fn note(&mut self, event: &Event, at: Timestamp) {
        if matches!(event, Event::Send { .. } | Event::Approve {} | Event::Release {}) && self.state == State::Sent {
            self.sent_at = Some(at);
        }
        match event {
            Event::Send { ahead: true } => self.set(Flag::ToConfirm, true),
            Event::Confirm {} => self.set(Flag::ToConfirm, false),
            Event::Ask { spent_s } => {
                self.questions += 1;
                self.spent_s += spent_s;
            }
            Event::Accept { contact_day, promised_day, .. } => {
                self.contact_day = Some(*contact_day);
                self.promised_day = Some(*promised_day);
            }
            Event::Waitlist { expected_day, .. } => self.expected_day = Some(*expected_day),
            Event::Expire { on_agenda } | Event::Overdue { on_agenda, .. } if *on_agenda => self.set(Flag::OnAgenda, true),
            Event::Hold { reason, until, spent_s } => {
                self.hold = Some((*reason, *until));
                self.spent_s += spent_s;
                self.set(Flag::ConsentBlocked, *reason == Hold::Consent || self.has(Flag::ConsentBlocked));
            }
            Event::Lift {} => {
                self.hold = None;
                self.set(Flag::ConsentBlocked, false);
            }
            Event::Serve { record: Record::Service, .. } => self.served = true,
            Event::Report { outcome, .. } => self.outcome = Some(*outcome),
            Event::RequestWithdrawal { .. } => self.set(Flag::WithdrawalRequested, true),
            Event::Close { outcome, verified_by, .. } => {
                self.outcome = Some(*outcome);
                self.verified_by = Some(*verified_by);
                self.set(Flag::Unverified, *verified_by == VerifiedBy::NotVerified);
            }
            Event::Dispute {} => self.outcome = None,
            Event::Reopen { promised_day } => {
                self.promised_day = Some(*promised_day);
                self.outcome = None;
                self.verified_by = None;
                self.served = false;
                self.set(Flag::Unverified, false);
            }
            Event::Retier { tier } => self.tier = *tier,
            _ => {}
        }
        if let Event::Overdue { step, .. } = event {
            self.overdue = *step;
        }
    }

    /// Starts the timer anew where the event changes what is waited for. Acknowledging does not: both of the
    /// provider's timers run from the sending.
    fn restart(&mut self, event: &Event, before: State, at: Timestamp) {
        let anew = match event {
            Event::Acknowledge {} | Event::Overdue { .. } | Event::Retier { .. } => false,
            Event::Chase {} => self.state == State::Waitlisted,
            Event::Confirm {} => false,
            Event::Engage { engagement } => *engagement == Engagement::Engaged && self.served,
            Event::Hold { .. } | Event::Lift {} | Event::Serve { .. } | Event::RequestWithdrawal { .. } | Event::Answer {} => true,
            _ => self.state != before || self.due_from.is_none(),
        };
        if anew {
            self.due_from = Some(at);
            self.overdue = 0;
        }
        if matches!(event, Event::Acknowledge {}) {
            self.overdue = 0;
        }
    }
}

/// Folds events into where the referral stands; absent without a first event that writes it.
#[must_use]
pub fn fold(events: &[Recorded]) -> Option<Standing> {
    let (first, rest) = events.split_first()?;
    let Event::Draft { tier } = first.event else { return None };
    let mut standing = Standing::written(tier);
    for event in rest {
        standing.apply(&event.event, event.to, event.at);
    }
    Some(standing)
}
