//! What an act teaches of a service, counted into the table that `matching` owns.
//!
//! It learns what services do, never what families are like: an end that says nothing of the service is not counted.

use super::super::model::{Decline, Event, Outcome, Record, VerifiedBy};
use super::work::Work;
use crate::clock;
use crate::error::Result;
use crate::matching::model::Measure;
use crate::matching::store::count;

/// One count: hits of tries.
type Tally = (Measure, i64, i64);

/// What a refusal says: it is full, its rules do not fit, or it does not take on what it could.
const fn of_refusal(reason: Decline, late: bool) -> Option<Tally> {
    match reason {
        _ if late => Some((Measure::Completed, 0, 1)),
        Decline::NoCapacity | Decline::WaitlistClosed => Some((Measure::Full, 1, 1)),
        Decline::NotEligibleAge | Decline::NotEligibleArea | Decline::NotEligibleResidence | Decline::NotEligibleOther => {
            Some((Measure::Ineligible, 1, 1))
        }
        Decline::Duplicate | Decline::AlreadyServedHere => None,
        _ => Some((Measure::Accepted, 0, 1)),
    }
}

/// What an event teaches, besides how long the first service was waited for.
fn lessons(event: &Event) -> Vec<Tally> {
    match event {
        Event::Accept { .. } => vec![(Measure::Accepted, 1, 1), (Measure::Ineligible, 0, 1)],
        Event::Waitlist { .. } => vec![(Measure::Full, 1, 1)],
        Event::Decline { reason, late } => of_refusal(*reason, *late).into_iter().collect(),
        Event::Expire { .. } => vec![(Measure::Unanswered, 1, 1)],
        Event::End { reason, .. } if reason.tells_of_service() => vec![(Measure::Completed, 0, 1)],
        Event::Close { outcome, verified_by, .. } if *verified_by != VerifiedBy::NotVerified => {
            let done = matches!(outcome, Outcome::NeedMet | Outcome::NeedPartlyMet);
            vec![(Measure::Completed, i64::from(done), 1)]
        }
        _ => Vec::new(),
    }
}

/// Counts what an event teaches of the referral's service. `first`: whether no service was given before it.
pub(super) async fn learn(work: &mut Work<'_>, event: &Event, first: bool) -> Result<()> {
    let mut lessons = lessons(event);
    if let (Event::Serve { record: Record::Service, day, .. }, true, Some(sent)) = (event, first, work.referral.standing.sent_at) {
        lessons.push((Measure::Waited, i64::from((*day - clock::day(sent)).get_days().max(0)), 1));
    }
    if lessons.is_empty() {
        return Ok(());
    }
    let service = work.offering().await?.service.id.to_string();
    let (site, organization) = (work.referral.site.to_string(), work.referral.organization.to_string());
    let (group, today) = (work.need.term.group().to_owned(), work.today);
    for (measure, hits, tries) in lessons {
        let subjects = match measure {
            Measure::Full => vec![&site],
            Measure::Accepted | Measure::Completed => vec![&service, &organization, &group],
            Measure::Ineligible | Measure::Unanswered | Measure::Waited => vec![&service],
        };
        for subject in subjects {
            count(&mut work.tx, subject, measure, today, hits, tries).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::model::End;

    #[test]
    fn a_refusal_for_want_of_places_says_nothing_of_willingness() {
        let unwilling: Vec<&str> = Decline::ALL
            .iter()
            .filter(|reason| matches!(of_refusal(**reason, false), Some((Measure::Accepted, 0, 1))))
            .map(|reason| reason.name())
            .collect();
        assert_eq!(
            unwilling.join(" "),
            "service_not_offered need_too_complex need_too_light incomplete_information cost_or_funding \
             safety_or_conflict_of_interest offering_closed other"
        );
        assert!(matches!(of_refusal(Decline::NoCapacity, false), Some((Measure::Full, 1, 1))));
        assert!(matches!(of_refusal(Decline::NoCapacity, true), Some((Measure::Completed, 0, 1))), "it had been taken on");
    }

    #[test]
    fn a_family_that_moved_is_no_failure_of_the_service() {
        let end = |reason| lessons(&Event::End { reason, tries: None, tried_days: None }).len();
        assert_eq!((end(End::MovedAway), end(End::ProviderDisengaged)), (0, 1));
    }
}
