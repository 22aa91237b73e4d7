//! Every (state, action, letter) cell, allowed and refused, against the design's table written out once more by hand;
//! and what always holds of whatever happens.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use lianjie::calendar::model::{Calendar, Length};
use lianjie::error::Error;
use lianjie::referral::model::{
    Action, Channel, DEFAULTS, Decline, End, Engagement, Event, Flag, Hold, Known, Letter, NextStep, Outcome, Record, Recorded, Standing,
    State, Timer, Timers, VerifiedBy, Withdraw, after_care, due, fold, ladder, running, spent, step,
};
use proptest::prelude::*;

/// The transitions as the design says them: action, states, letters, where it leads (`.` = where it stood).
/// A station head may do what a worker may.
const DESIGN: &str = "
send                | draft                                                                  | W S C     | sent
void                | draft                                                                  | W S C     | voided
approve             | pending_approval                                                       | S C       | sent
return              | pending_approval                                                       | S C       | draft
release             | queued                                                                 | T W S X   | sent
withdraw            | queued                                                                 | W S C X   | withdrawn
acknowledge         | sent                                                                   | P         | acknowledged
accept              | sent acknowledged needs_info waitlisted                                | P         | accepted
waitlist            | sent acknowledged needs_info                                           | P         | waitlisted
ask                 | sent acknowledged                                                      | P         | needs_info
answer              | needs_info                                                             | W S       | acknowledged
decline             | sent acknowledged needs_info waitlisted accepted                       | P         | declined
expire              | sent acknowledged                                                      | T S C     | expired
withdraw            | pending_approval sent acknowledged needs_info waitlisted               | W S C     | withdrawn
supersede           | pending_approval queued sent acknowledged needs_info waitlisted        | X         | superseded
hold                | pending_approval queued sent acknowledged needs_info waitlisted accepted in_service reported | W S P X | .
lift                | pending_approval queued sent acknowledged needs_info waitlisted accepted in_service reported | W S P X | .
serve               | accepted in_service                                                    | P W S     | in_service
report              | accepted in_service                                                    | P         | reported
end                 | accepted in_service                                                    | P W S     | ended
request_withdrawal  | accepted in_service                                                    | W S       | .
confirm_withdrawal  | accepted in_service                                                    | P T       | ended
close               | reported                                                               | W S T     | closed
dispute             | reported                                                               | W S       | in_service
reroute             | declined expired ended withdrawn                                       | W S C T X | .
reopen              | closed ended                                                           | S C       | in_service
void                | pending_approval queued sent acknowledged needs_info waitlisted accepted in_service reported closed declined expired withdrawn superseded ended | S C | voided
chase               | sent acknowledged waitlisted accepted in_service                       | W S C     | .
confirm             | sent acknowledged needs_info waitlisted accepted in_service reported closed declined expired withdrawn superseded ended | S C | .
engage              | accepted in_service                                                    | P W S     | .
overdue             | pending_approval queued sent acknowledged needs_info waitlisted accepted in_service reported | T | .
retier              | pending_approval queued sent acknowledged needs_info waitlisted accepted in_service reported | X | .
";

/// The design's answer for a cell: where it leads, if it is allowed.
fn designed(state: State, action: Action, letter: Letter) -> Option<String> {
    DESIGN.lines().filter(|line| !line.is_empty()).find_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let has = |cell: &str, word: &str| cell.split_whitespace().any(|known| known == word);
        let here = cells[0] == action.name() && has(cells[1], state.name()) && has(cells[2], letter.name());
        here.then(|| if cells[3] == "." { state.name().to_owned() } else { cells[3].to_owned() })
    })
}

/// Facts under which no guard stands in the way.
fn free() -> Known {
    Known {
        tier: 2,
        withdrawal_requested: true,
        on_hold: true,
        to_confirm: true,
        ended_days: Some(1),
        is_author: false,
        ..Known::default()
    }
}

#[test]
fn every_cell_is_allowed_or_refused_as_the_design_says() {
    let (mut cells, mut allowed) = (0, 0);
    for state in State::ALL.iter().copied() {
        for action in Action::ALL.iter().copied() {
            for letter in Letter::ALL.iter().copied() {
                cells += 1;
                let own_draft = action == Action::Void && letter == Letter::Worker;
                let known = Known { is_author: own_draft, ..free() };
                let expected = designed(state, action, letter);
                let found = step(state, action, letter, &known);
                allowed += usize::from(found.is_ok());
                assert_eq!(found.as_ref().ok().map(|to| to.name().to_owned()), expected, "{state:?} × {action:?} × {letter:?}: {found:?}");
            }
        }
    }
    assert_eq!(cells, 17 * 30 * 6);
    assert_eq!(allowed, 280, "so many cells are allowed; a change of the table is a change of the design");
}

#[test]
fn a_step_the_state_does_not_know_is_a_transition_and_one_that_is_anothers_is_forbidden() {
    assert!(matches!(step(State::Declined, Action::Accept, Letter::Provider, &free()), Err(Error::Transition(_))));
    assert!(matches!(step(State::Sent, Action::Accept, Letter::Worker, &free()), Err(Error::Forbidden { why: "letter" })));
}

#[test]
fn guards_say_why() {
    let why = |state, action, letter, known: Known| match step(state, action, letter, &known) {
        Err(Error::Conflict { why } | Error::Forbidden { why }) => why,
        other => panic!("{other:?}"),
    };
    let (p, s, w) = (Letter::Provider, Letter::Supervisor, Letter::Worker);
    assert_eq!(why(State::Sent, Action::Ask, p, Known { questions: 2, ..free() }), "third_question");
    assert_eq!(why(State::PendingApproval, Action::Approve, s, Known { is_author: true, ..free() }), "second_person");
    assert_eq!(why(State::Accepted, Action::End, p, Known { tier: 1, ..free() }), "tier_one_end");
    assert_eq!(why(State::Accepted, Action::Hold, w, Known { tier: 1, ..free() }), "tier_one_hold");
    assert!(step(State::Accepted, Action::Hold, s, &Known { tier: 1, ..free() }).is_ok());
    assert_eq!(why(State::Accepted, Action::ConfirmWithdrawal, p, Known { withdrawal_requested: false, ..free() }), "not_requested");
    assert_eq!(why(State::Closed, Action::Reopen, s, Known { ended_days: Some(31), ..free() }), "reopen_late");
    assert_eq!(why(State::Sent, Action::Lift, w, Known { on_hold: false, ..free() }), "not_on_hold");
    assert_eq!(why(State::Draft, Action::Void, w, free()), "own_draft");
}

#[test]
fn without_consent_a_provider_may_only_decline_or_end() {
    let blocked = Known { consent_blocked: true, ..free() };
    for state in State::ALL.iter().copied() {
        for action in Action::ALL.iter().copied() {
            let open = matches!(action, Action::Decline | Action::End | Action::ConfirmWithdrawal);
            if !open {
                assert!(step(state, action, Letter::Provider, &blocked).is_err(), "{state:?} × {action:?}");
            }
        }
    }
    assert!(step(State::Sent, Action::Decline, Letter::Provider, &blocked).is_ok());
    assert!(step(State::InService, Action::End, Letter::Provider, &blocked).is_ok());
}

#[test]
fn what_needs_approval_does_not_go_out_and_what_waits_is_queued() {
    let send = |known| step(State::Draft, Action::Send, Letter::Worker, &known).unwrap();
    assert_eq!(send(Known { needs_approval: true, ..free() }), State::PendingApproval);
    assert_eq!(send(Known { waits_for_turn: true, ..free() }), State::Queued);
    assert_eq!(send(free()), State::Sent);
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn sent(tier: u8, when: &str) -> Standing {
    let mut standing = Standing::written(tier);
    standing.apply(&Event::Send { ahead: false }, State::Sent, at(when));
    standing
}

#[test]
fn the_first_tier_runs_on_the_clock_and_the_others_in_working_days() {
    let (timers, calendar) = (Timers::default(), Calendar::default());
    let friday = "2026-11-27T17:00:00+08:00";
    assert_eq!(due(&sent(1, friday), &timers, &calendar).unwrap().at, at("2026-11-27T21:00:00+08:00"));
    assert_eq!(due(&sent(2, friday), &timers, &calendar).unwrap().at, at("2026-11-30T17:00:00+08:00"));
    assert_eq!(due(&sent(3, friday), &timers, &calendar).unwrap().at, at("2026-12-01T17:00:00+08:00"));
}

#[test]
fn acknowledging_does_not_start_the_providers_clock_anew_and_a_question_stops_it() {
    let (timers, calendar) = (Timers::default(), Calendar::default());
    let mut standing = sent(2, "2026-11-23T09:00:00+08:00");
    standing.apply(&Event::Acknowledge {}, State::Acknowledged, at("2026-11-23T15:00:00+08:00"));
    assert_eq!(due(&standing, &timers, &calendar).unwrap().at, at("2026-11-25T09:00:00+08:00"), "two working days from sending");
    let asked = at("2026-11-24T09:00:00+08:00");
    let spent_s = spent(&standing, asked, &timers, &calendar);
    assert_eq!(spent_s, 24 * 3600);
    standing.apply(&Event::Ask { spent_s }, State::NeedsInfo, asked);
    assert_eq!(due(&standing, &timers, &calendar).unwrap().timer, Timer::T10);
    standing.apply(&Event::Answer {}, State::Acknowledged, at("2026-11-26T12:00:00+08:00"));
    assert_eq!(due(&standing, &timers, &calendar).unwrap().at, at("2026-11-27T12:00:00+08:00"), "one working day was left");
}

#[test]
fn the_narrowest_division_sets_the_timer() {
    use lianjie::referral::model::Row;
    let hours = |division: &str, hours| Row {
        division: division.into(),
        timer: Timer::T1,
        tier: 1,
        length: Length::Clock(SignedDuration::from_hours(hours)),
    };
    let rows = [hours("", 4), hours("320116", 2), hours("3201", 3)];
    let length = |place: &str| {
        let (place, now) = (place.parse().unwrap(), jiff::Timestamp::UNIX_EPOCH);
        let one = Timers::length_at(&rows, &[], &place, (Timer::T1, 1), now);
        assert_eq!(Timers::at(&rows, &place).length(Timer::T1, 1), one, "asked for one or for all");
        assert_eq!(
            Timers::at(&rows, &place).length(Timer::T2, 3),
            Timers::length_at(&rows, &[], &place, (Timer::T2, 3), now),
            "none is set"
        );
        one
    };
    assert_eq!(length("320116010"), Length::Clock(SignedDuration::from_hours(2)));
    assert_eq!(length("320111010"), Length::Clock(SignedDuration::from_hours(3)));
    assert_eq!(length("320583101"), Length::Clock(SignedDuration::from_hours(4)));
}

/// The timers as the design says them: tier 1, tier 2, tiers 3 and 4. `h` hours and `d` days by the clock, `w` working days.
/// T8 has several looks; the table holds the first of them.
const TIMERS: &str = "
T1  | 4 h       | 1 w     | 2 w
T2  | 1 d       | 2 w     | 5 w
T3  | 24 h      | 3 d     | 3 d
T4  | 3 d       | 14 d    | 30 d
T5  | 7 d       | 14 d    | 30 d
T6  | 3 d       | 7 d     | 14 d
T7  | 3 d       | 5 w     | 10 w
T8  | 7 30 90 d | 30 90 d | 90 d
T9  | 14 d      | 14 d    | 14 d
T10 | 4 h       | 1 w     | 3 w
";

#[test]
fn every_timer_of_every_tier_is_as_long_as_the_design_says_and_by_its_clock() {
    let (timers, mut cells) = (Timers::default(), 0);
    for line in TIMERS.trim().lines() {
        let row: Vec<&str> = line.split('|').map(str::trim).collect();
        let timer = Timer::of(row[0]).unwrap();
        for tier in 1..=4u8 {
            let (counts, unit) = row[usize::from(tier.min(3))].rsplit_once(' ').unwrap();
            let counts: Vec<i64> = counts.split(' ').map(|count| count.parse().unwrap()).collect();
            let expected = match unit {
                "h" => Length::Clock(SignedDuration::from_hours(counts[0])),
                "d" => Length::Clock(SignedDuration::from_hours(24 * counts[0])),
                _ => Length::WorkingDays(counts[0]),
            };
            assert_eq!(timers.length(timer, tier), expected, "{timer:?} of tier {tier}");
            if timer == Timer::T8 {
                assert_eq!(after_care(tier), counts, "tier {tier}");
            }
            cells += 1;
        }
    }
    assert_eq!((cells, DEFAULTS.len()), (40, 10), "ten timers, four tiers, and none besides");
}

#[test]
fn every_live_state_waits_on_the_timer_of_the_design() {
    let known: Vec<(State, Timer)> = State::ALL
        .iter()
        .filter_map(|state| {
            let mut standing = Standing::written(2);
            standing.state = *state;
            running(&standing).map(|timer| (*state, timer))
        })
        .collect();
    let expected = [
        (State::PendingApproval, Timer::T10),
        (State::Queued, Timer::T10),
        (State::Sent, Timer::T1),
        (State::Acknowledged, Timer::T2),
        (State::NeedsInfo, Timer::T10),
        (State::Waitlisted, Timer::T6),
        (State::Accepted, Timer::T3),
        (State::InService, Timer::T4),
        (State::Reported, Timer::T7),
    ];
    assert_eq!(known, expected, "what is queued waits as the sibling that runs does, which the dispatch knows");
    let mut served = Standing::written(2);
    (served.state, served.served) = (State::InService, true);
    assert_eq!(running(&served), Some(Timer::T5));
}

const TODAY: Date = jiff::civil::date(2026, 11, 25);

/// An event of an action with plausible fields.
fn event(action: Action, pick: usize, standing: &Standing, at: Timestamp) -> Option<Event> {
    let until = at + SignedDuration::from_hours(24 * 5);
    Some(match action {
        Action::Send => Event::Send { ahead: pick.is_multiple_of(7) },
        Action::Approve => Event::Approve {},
        Action::Return => Event::Return {},
        Action::Release => Event::Release {},
        Action::Acknowledge => Event::Acknowledge {},
        Action::Ask => Event::Ask { spent_s: spent(standing, at, &Timers::default(), &Calendar::default()) },
        Action::Answer => Event::Answer {},
        Action::Accept => Event::Accept {
            contact_day: TODAY,
            promised_day: TODAY,
            override_full: pick.is_multiple_of(2),
            reserved: pick.is_multiple_of(3),
        },
        Action::Waitlist => Event::Waitlist { expected_day: TODAY, position: None },
        Action::Decline => Event::Decline { reason: Decline::ALL[pick % Decline::ALL.len()], late: standing.state == State::Accepted },
        Action::Withdraw => Event::Withdraw { reason: Withdraw::ALL[pick % Withdraw::ALL.len()] },
        Action::Expire => Event::Expire { on_agenda: standing.tier == 1 },
        Action::Supersede => Event::Supersede {},
        Action::Hold => Event::Hold {
            reason: Hold::ALL[pick % Hold::ALL.len()],
            until,
            spent_s: spent(standing, at, &Timers::default(), &Calendar::default()),
        },
        Action::Lift => Event::Lift {},
        Action::Serve => Event::Serve { record: Record::ALL[pick % 2], day: TODAY, units: 1 },
        Action::Report => {
            Event::Report { outcome: Outcome::ALL[pick % 5], from_day: TODAY, to_day: TODAY, units: 1, next_step: NextStep::None }
        }
        Action::End => Event::End { reason: End::ALL[pick % End::ALL.len()], tries: None, tried_days: None },
        Action::RequestWithdrawal => Event::RequestWithdrawal { reason: Withdraw::NeedChanged },
        Action::ConfirmWithdrawal => Event::ConfirmWithdrawal {},
        Action::Close => Event::Close {
            outcome: Outcome::ALL[pick % 5],
            verified_by: VerifiedBy::ALL[pick % 5],
            method: None,
            day: TODAY,
            satisfaction: None,
        },
        Action::Dispute => Event::Dispute {},
        Action::Reopen => Event::Reopen { promised_day: TODAY },
        Action::Void => Event::Void {},
        Action::Chase => Event::Chase {},
        Action::Confirm => Event::Confirm {},
        Action::Engage => Event::Engage { engagement: Engagement::ALL[pick % 2] },
        Action::Overdue => {
            let next = ladder(running(standing)?).iter().find(|(step, _)| *step > standing.overdue)?;
            Event::Overdue { step: next.0, on_agenda: false }
        }
        Action::Retier => Event::Retier { tier: u8::try_from(pick % 4).unwrap() + 1 },
        Action::Reroute => return None,
    })
}

fn known(standing: &Standing, pick: usize) -> Known {
    Known {
        tier: standing.tier,
        needs_approval: pick.is_multiple_of(4),
        waits_for_turn: pick.is_multiple_of(5),
        is_author: pick.is_multiple_of(2),
        questions: standing.questions,
        withdrawal_requested: standing.has(Flag::WithdrawalRequested),
        to_confirm: standing.has(Flag::ToConfirm),
        consent_blocked: standing.has(Flag::ConsentBlocked),
        on_hold: standing.hold.is_some(),
        ended_days: Some(i32::try_from(pick % 40).unwrap()),
    }
}

/// How many lives of a referral are tried.
fn cases() -> u32 {
    std::env::var("LIANJIE_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(10_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_a_live_referral_is_waited_for_and_its_events_fold_into_where_it_stands(
        picks in proptest::collection::vec((0usize..1_000, 0usize..6, 1i64..200), 1..120), tier in 1u8..=4,
    ) {
        let mut standing = Standing::written(tier);
        let mut now = at("2026-11-25T01:00:00Z");
        let recorded = |number, event: Event, from, to, at| Recorded {
            number, event, from, to, actor: "x".into(), on_behalf_of: None, channel: Channel::Page, at, recorded_at: at,
        };
        let mut events = vec![recorded(1, Event::Draft { tier }, State::Draft, State::Draft, now)];
        for (pick, letter, hours) in picks {
            let letter = Letter::ALL[letter];
            let facts = known(&standing, pick);
            let legal: BTreeSet<Action> = Action::ALL.iter().copied().filter(|action| step(standing.state, *action, letter, &facts).is_ok()).collect();
            let Some(action) = legal.iter().copied().nth(pick % legal.len().max(1)) else { continue };
            now += SignedDuration::from_hours(hours);
            let Some(event) = event(action, pick, &standing, now) else { continue };
            let from = standing.state;
            let to = step(from, action, letter, &facts).unwrap();
            standing.apply(&event, to, now);
            events.push(recorded(standing.version, event, from, to, now));

            let waits = due(&standing, &Timers::default(), &Calendar::default());
            prop_assert_eq!(waits.is_some(), to.is_live(), "{:?}", &standing);
            prop_assert!(standing.overdue <= 4 && standing.questions <= 2);
            prop_assert!(!from.is_terminal() || matches!(action, Action::Reopen | Action::Void | Action::Confirm), "{:?} left {:?}", action, from);
            prop_assert!(to.is_live() || standing.hold.is_none());
            prop_assert!(!to.is_accepted() || standing.promised_day.is_some());
            prop_assert_eq!(standing.sent_at.is_some() || matches!(to, State::Draft | State::PendingApproval | State::Queued | State::Withdrawn | State::Voided | State::Superseded), true);
        }
        prop_assert_eq!(i64::try_from(events.len()).unwrap(), standing.version);
        prop_assert_eq!(fold(&events).unwrap(), standing);
    }
}
