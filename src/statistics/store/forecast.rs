//! Referrals with what the matcher foretold when they were made, and what came of them.

use lianjie_index::{CategoryCode, DivisionCode};
use serde::Deserialize;

use super::super::model::{Over, Period};
use super::bounds;
use crate::error::Result;
use crate::referral::model::{End, Outcome, State, VerifiedBy};
use crate::store::{Connection, Row};

/// A referral that was sent with a forecast.
#[derive(Debug, Clone)]
pub struct Foretold {
    /// Township of the case.
    pub division: DivisionCode,
    /// Categories of the child.
    pub categories: Vec<CategoryCode>,
    /// Where it stands.
    pub state: State,
    /// Whether it was ever accepted.
    pub accepted: bool,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Who says so.
    pub verified_by: Option<VerifiedBy>,
    /// Why it ended after acceptance.
    pub ended: Option<End>,
    /// The chance foretold that a place is given, 0 to 1.
    pub place: f64,
    /// The chance foretold that what begins is completed, 0 to 1.
    pub completion: f64,
}

/// What was frozen with a candidate.
#[derive(Deserialize)]
struct Frozen {
    service_at_location: String,
    proposal: Option<Proposal>,
}

#[derive(Deserialize)]
struct Proposal {
    candidate: Candidate,
}

#[derive(Deserialize)]
struct Candidate {
    terms: Terms,
}

/// The factors, in thousandths.
#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct Terms {
    e: f64,
    p: f64,
    a: f64,
    c: f64,
}

macro_rules! foretold {
    ($condition:literal) => {
        concat!(
            "SELECT r.id, r.state, r.service_at_location_id, r.accepted_at, r.outcome, r.verified_by, c.division, c.categories, d.candidates,
                    (SELECT e.reason FROM referral_event e WHERE e.referral_id = r.id AND e.kind = 'end' AND r.state = 'ended'
                     ORDER BY e.number DESC LIMIT 1) AS ended
             FROM referral r JOIN \"case\" c ON c.id = r.case_id JOIN dispatch d ON d.id = r.dispatch_id
             WHERE r.state <> 'voided' AND r.sent_at >= $2 AND r.sent_at < $3 AND d.candidates LIKE '%\"terms\"%' AND ",
            $condition,
            " ORDER BY r.sent_at, r.id"
        )
    };
}

/// The referrals of a period that were sent with a forecast.
pub async fn foretold(db: &mut Connection, over: &Over, period: Period) -> Result<Vec<Foretold>> {
    let (text, value) = match over {
        Over::Station(id) => (foretold!("c.station_id = $1"), id.to_string()),
        Over::Division(code) => (foretold!("c.division >= $1 AND c.division < $1 || 'z'"), code.to_string()),
        Over::Provider(id) => (foretold!("r.organization_id = $1"), id.to_string()),
    };
    let (from, to) = bounds(period);
    let rows = sqlx::query(text).bind(value).bind(from).bind(to).fetch_all(db).await?;
    let mut found = Vec::new();
    for row in &rows {
        let row = Row::of("referral", row);
        let (site, candidates): (String, Vec<Frozen>) = (row.text("service_at_location_id")?, row.json("candidates")?);
        let own = candidates.into_iter().find(|one| one.service_at_location == site).and_then(|one| one.proposal);
        let Some(Proposal { candidate: Candidate { terms } }) = own else { continue };
        found.push(Foretold {
            division: row.parse("division")?,
            categories: row.json("categories")?,
            state: row.name("state")?,
            accepted: row.maybe_text("accepted_at")?.is_some(),
            outcome: row.maybe_name("outcome")?,
            verified_by: row.maybe_name("verified_by")?,
            ended: row.maybe_name("ended")?,
            place: terms.e * terms.p * terms.a / 1e9,
            completion: terms.c / 1e3,
        });
    }
    Ok(found)
}
