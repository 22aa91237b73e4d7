//! How a referral stands to the measures of the loop, and what became of a need.

use jiff::{SignedDuration, Timestamp};

use super::super::store::Sent;
use crate::calendar::model::Calendar;
use crate::referral::model::{Before, Row, Timer, Timers};

/// How a referral that was sent stands to the measures.
pub struct Measure<'a> {
    pub calendar: &'a Calendar,
    pub timers: &'a [Row],
    /// What they were before they were edited.
    pub before: &'a [Before],
    pub now: Timestamp,
}

impl Measure<'_> {
    /// By when it had to be answered, as timers were when it was sent.
    pub fn due(&self, sent: &Sent) -> Timestamp {
        self.calendar.after(sent.sent_at, Timers::length_at(self.timers, self.before, &sent.division, (Timer::T2, sent.tier), sent.sent_at))
    }

    /// Whether a referral counts for a measure. By when it had to be answered is asked only where that decides.
    pub fn holds(&self, code: &str, sent: &Sent, due: impl Fn() -> Timestamp) -> bool {
        let contact = sent.accepted_at.zip(sent.served_at);
        match code {
            "sent" => true,
            "answered_in_time" => sent.answered_at.is_some_and(|at| at <= due()),
            "answered_late" => sent.answered_at.is_some_and(|at| at > due()),
            "unanswered" => sent.answered_at.is_none() && (sent.state == "expired" || self.now > due()) && !taken_back(sent),
            "waiting" => sent.answered_at.is_none() && sent.state != "expired" && self.now <= due() && !taken_back(sent),
            "taken_back" => sent.answered_at.is_none() && taken_back(sent),
            "accepted" => sent.accepted_at.is_some(),
            "declined_late" => sent.accepted_at.is_some() && sent.state == "declined",
            "contact_3_days" => contact.is_some_and(|(accepted, served)| served <= accepted + SignedDuration::from_hours(72)),
            "started" => sent.started_at.is_some(),
            "reported" => sent.reported_at.is_some(),
            "verified" => sent.state == "closed" && !sent.unverified,
            "unverified" => sent.state == "closed" && sent.unverified,
            "running" => sent.closed_at.is_none() && ["accepted", "in_service", "reported", "waitlisted"].contains(&sent.state.as_str()),
            _ => false,
        }
    }
}

/// Whether the sender ended it before anybody answered.
fn taken_back(sent: &Sent) -> bool {
    ["withdrawn", "superseded"].contains(&sent.state.as_str())
}

/// The measures of the loop, in their order; each is of all that were sent.
pub const LOOP: [&str; 14] = [
    "sent",
    "answered_in_time",
    "answered_late",
    "unanswered",
    "waiting",
    "taken_back",
    "accepted",
    "declined_late",
    "contact_3_days",
    "started",
    "reported",
    "verified",
    "unverified",
    "running",
];

/// What became of needs: a code of the figures, and which needs it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The code.
    pub code: &'static str,
    /// States of a need.
    pub states: &'static [&'static str],
    /// Whether the family was not asked, where that parts them.
    pub unverified: Option<bool>,
}

const fn kind(code: &'static str, states: &'static [&'static str], unverified: Option<bool>) -> Kind {
    Kind { code, states, unverified }
}

/// What became of needs, in the order of the figures; each need is of one kind.
pub const NEEDS: [Kind; 8] = [
    kind("need_met", &["met"], Some(false)),
    kind("need_partly_met", &["partly_met"], None),
    kind("need_not_met", &["not_met"], None),
    kind("need_unverified", &["met"], Some(true)),
    kind("need_served", &["being_served"], None),
    kind("need_open", &["open", "in_dispatch"], None),
    kind("need_gap", &["gap"], None),
    kind("need_dropped", &["no_longer_needed"], None),
];

impl Kind {
    /// Whether it counts a need.
    pub fn has(&self, state: &str, unverified: bool) -> bool {
        self.states.contains(&state) && self.unverified.is_none_or(|asked| asked == unverified)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::model::Outcome;

    #[test]
    fn every_need_is_of_one_kind() {
        for (state, unverified) in Outcome::ALL.into_iter().flat_map(|state| [(state, false), (state, true)]) {
            let kinds = NEEDS.iter().filter(|kind| kind.has(state.name(), unverified)).count();
            assert_eq!(kinds, 1, "{state:?} {unverified}");
        }
    }
}
