//! How a referral stands to the measures of the loop, and what became of a need.

use jiff::{SignedDuration, Timestamp};

use super::super::store::Sent;
use crate::calendar::model::Calendar;
use crate::referral::model::{Row, Timer, Timers};

/// How a referral that was sent stands to the measures.
pub struct Measure<'a> {
    pub calendar: &'a Calendar,
    pub timers: &'a [Row],
    pub now: Timestamp,
}

impl Measure<'_> {
    /// By when it had to be answered.
    pub fn due(&self, sent: &Sent) -> Timestamp {
        let timers = Timers::at(self.timers, &sent.division);
        self.calendar.after(sent.sent_at, timers.length(Timer::T2, sent.tier))
    }

    /// Whether a referral that had to be answered by then counts for a measure.
    pub fn holds(&self, code: &str, sent: &Sent, due: Timestamp) -> bool {
        let contact = sent.accepted_at.zip(sent.served_at);
        match code {
            "sent" => true,
            "answered_in_time" => sent.answered_at.is_some_and(|at| at <= due),
            "answered_late" => sent.answered_at.is_some_and(|at| at > due),
            "unanswered" => sent.answered_at.is_none() && (sent.state == "expired" || self.now > due) && !taken_back(sent),
            "waiting" => sent.answered_at.is_none() && sent.state != "expired" && self.now <= due && !taken_back(sent),
            "taken_back" => sent.answered_at.is_none() && taken_back(sent),
            "accepted" => sent.accepted_at.is_some(),
            "declined_late" => sent.accepted_at.is_some() && sent.state == "declined",
            "contact_3_days" => contact.is_some_and(|(accepted, served)| served <= accepted + SignedDuration::from_hours(72)),
            "started" => sent.served_at.is_some(),
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

/// What became of needs, as one code.
pub fn met(state: &str, unverified: bool) -> &'static str {
    match state {
        "met" if unverified => "need_unverified",
        "met" => "need_met",
        "partly_met" => "need_partly_met",
        "not_met" => "need_not_met",
        "no_longer_needed" => "need_dropped",
        "being_served" => "need_served",
        "gap" => "need_gap",
        _ => "need_open",
    }
}

/// The one state whose needs have a code, where there is one.
pub fn state_of(code: &str) -> Option<&'static str> {
    match code {
        "need_met" | "need_unverified" => Some("met"),
        "need_partly_met" => Some("partly_met"),
        "need_not_met" => Some("not_met"),
        "need_dropped" => Some("no_longer_needed"),
        "need_served" => Some("being_served"),
        "need_gap" => Some("gap"),
        _ => None,
    }
}

pub const NEEDS: [&str; 8] =
    ["need_met", "need_partly_met", "need_not_met", "need_unverified", "need_served", "need_open", "need_gap", "need_dropped"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_a_code_is_the_one_whose_needs_have_it() {
        let states = ["open", "in_dispatch", "being_served", "met", "partly_met", "not_met", "no_longer_needed", "gap"];
        for (state, unverified) in states.into_iter().flat_map(|state| [(state, false), (state, true)]) {
            let code = met(state, unverified);
            assert!(NEEDS.contains(&code) && state_of(code).is_none_or(|one| one == state), "{state} {code}");
        }
    }
}
