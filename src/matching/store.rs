//! `service_rate`, what the loop has learnt, written by `referral`; and `public_rule`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use lianjie_index::TermCode;
use lianjie_index::matching::rates::{Rates, Tally};
use lianjie_index::matching::{PublicRule, check_order};
use serde::Deserialize;

use super::model::Measure;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{AccountId, NeedId};
use crate::organization::store::name_of;
use crate::seed;
use crate::store::{Connection, Row};

/// Days after which a count weighs half.
const HALF_LIFE: f64 = 180.0;
/// Counts older than this weigh less than a hundredth and are not read.
const YEARS: i32 = 4;

#[derive(Deserialize)]
struct RuleFile {
    rule: Vec<RuleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    id: String,
    division: String,
    kind: String,
    terms: Vec<String>,
    before: Option<String>,
    eligibility: String,
    fee: Option<String>,
    valid_from: String,
    valid_to: Option<String>,
    overrides: Option<String>,
    source: String,
}

/// Fills the rules from `seed-data`; rows that are there stay as they are.
pub async fn load(db: &mut Connection) -> Result<()> {
    let text = seed::text("public-rules.toml")?;
    let file: RuleFile =
        toml::from_str(&text).map_err(|error| Error::Store(format!("seed-data/public-rules.toml does not read: {error}")))?;
    for row in file.rule {
        sqlx::query(
            "INSERT INTO public_rule (id, division, kind, terms, before_term, eligibility, fee, valid_from, valid_to, overrides, source)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        )
        .bind(row.id)
        .bind(row.division)
        .bind(row.kind)
        .bind(crate::store::json(&row.terms))
        .bind(row.before)
        .bind(row.eligibility)
        .bind(row.fee)
        .bind(row.valid_from)
        .bind(row.valid_to)
        .bind(row.overrides)
        .bind(row.source)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// All rules of the state; prerequisites that wait for each other are refused with the terms of the circle.
pub async fn public_rules(db: &mut Connection) -> Result<Vec<PublicRule>> {
    let rows = sqlx::query(
        "SELECT id, division, kind, terms, before_term, eligibility, fee, valid_from, valid_to, overrides, source FROM public_rule ORDER BY id",
    )
    .fetch_all(db)
    .await?;
    let rules = rows
        .iter()
        .map(|row| {
            let row = Row::of("public_rule", row);
            Ok(PublicRule {
                id: row.text("id")?,
                division: row.parse("division")?,
                kind: row.name("kind")?,
                terms: row.json("terms")?,
                before: row.maybe_parse("before_term")?,
                eligibility: row.json("eligibility")?,
                fee: row.maybe_json("fee")?,
                valid_from: Some(row.parse("valid_from")?),
                valid_to: row.maybe_parse("valid_to")?,
                overrides: row.maybe_text("overrides")?,
                source: row.text("source")?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    check_order(&rules).map_err(|circle| Error::Store(format!("public rules: {circle}; end one of them (valid_to) or take it out")))?;
    Ok(rules)
}

/// A need that was declared a gap.
pub struct Gap {
    /// The need.
    pub need: NeedId,
    /// What is needed.
    pub term: TermCode,
    /// Whose it is.
    pub worker: AccountId,
    /// Its version: one that is declared anew is told of anew.
    pub version: i64,
    /// When it was declared.
    pub since: Timestamp,
}

/// Gaps of cases that are not closed and that nobody was told of yet, after a need, in the order of ids.
pub async fn gaps(db: &mut Connection, last: &str, most: i64) -> Result<Vec<Gap>> {
    let rows = sqlx::query(
        "SELECT n.id, n.term, n.version, n.changed_at, c.worker_id FROM need n JOIN \"case\" c ON c.id = n.case_id
         WHERE n.state = 'gap' AND c.state <> 'closed' AND n.id > $1
               AND NOT EXISTS (SELECT 1 FROM notice t WHERE t.key = 'gap:' || n.id || ':' || CAST(n.version AS TEXT) || ':' || c.worker_id)
         ORDER BY n.id LIMIT $2",
    )
    .bind(last)
    .bind(most)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("need", row);
            Ok(Gap {
                need: row.parse("id")?,
                term: row.parse("term")?,
                worker: row.parse("worker_id")?,
                version: row.int("version")?,
                since: row.parse("changed_at")?,
            })
        })
        .collect()
}

/// The terms of services that are given and checked, with when each was last written or changed, since a moment.
pub async fn changed(db: &mut Connection, since: Timestamp) -> Result<Vec<(Vec<TermCode>, Timestamp)>> {
    let rows = sqlx::query("SELECT terms, changed_at FROM service WHERE changed_at >= $1 AND status = 'active' AND checked IS NOT NULL")
        .bind(clock::stored(since))
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("service", row);
            Ok((row.json("terms")?, row.parse("changed_at")?))
        })
        .collect()
}

/// Counts an outcome of a subject on a day: the id of a service, organization or service at a location, or a group's code.
pub async fn count(db: &mut Connection, subject: &str, measure: Measure, day: Date, hits: i64, tries: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO service_rate (subject, measure, day, hits, tries) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (subject, measure, day) DO UPDATE SET hits = service_rate.hits + excluded.hits, tries = service_rate.tries + excluded.tries",
    )
    .bind(subject)
    .bind(name_of(&measure))
    .bind(day.to_string())
    .bind(hits)
    .bind(tries)
    .execute(db)
    .await?;
    Ok(())
}

/// A row of counts.
struct Counted {
    subject: String,
    measure: Measure,
    day: Date,
    hits: f64,
    tries: f64,
}

/// What the loop has learnt, weighed for a day.
pub async fn rates(db: &mut Connection, today: Date) -> Result<Rates> {
    let from = today.checked_sub(YEARS.years()).unwrap_or(today);
    let rows =
        sqlx::query("SELECT subject AS id, subject, measure, day, hits, tries FROM service_rate WHERE day >= $1 ORDER BY subject, day")
            .bind(from.to_string())
            .fetch_all(db)
            .await?;
    let rows = rows.iter().map(|row| {
        let row = Row::of("service_rate", row);
        let number = |column| Ok::<f64, Error>(f64::from(row.count(column)?));
        Ok(Counted {
            subject: row.text("subject")?,
            measure: row.name("measure")?,
            day: row.parse("day")?,
            hits: number("hits")?,
            tries: number("tries")?,
        })
    });
    Ok(weighed(&rows.collect::<Result<Vec<_>>>()?, today))
}

fn weighed(rows: &[Counted], today: Date) -> Rates {
    let mut rates = Rates::default();
    let mut answered: BTreeMap<&str, Date> = BTreeMap::new();
    for row in rows.iter().filter(|row| matches!(row.measure, Measure::Accepted | Measure::Ineligible) && row.tries > 0.0) {
        let last = answered.entry(&row.subject).or_insert(row.day);
        *last = (*last).max(row.day);
    }
    for row in rows {
        let weight = 0.5_f64.powf(f64::from((today - row.day).get_days().max(0)) / HALF_LIFE);
        let tally = Tally { good: row.hits * weight, tried: row.tries * weight };
        let id = row.subject.as_str();
        match row.measure {
            Measure::Accepted => add_to_levels(&mut rates.accepted, id, tally),
            Measure::Completed => add_to_levels(&mut rates.completed, id, tally),
            Measure::Ineligible => add(rates.passed.entry(id.into()).or_default(), Tally { good: tally.tried - tally.good, ..tally }),
            Measure::Waited => add(rates.waited.entry(id.into()).or_default(), tally),
            Measure::Full if row.hits > 0.0 => {
                rates.full_at.insert(id.into(), clock::start_of(row.day));
            }
            Measure::Unanswered if answered.get(id).is_none_or(|last| *last < row.day) => {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of referrals")]
                let silent = row.hits as u32;
                *rates.unanswered.entry(id.into()).or_default() += silent;
            }
            Measure::Full | Measure::Unanswered => {}
        }
    }
    rates
}

fn add(tally: &mut Tally, more: Tally) {
    tally.good += more.good;
    tally.tried += more.tried;
}

/// A group of the taxonomy is known by its code. The id of a service is never that of an organization, so it may stand at
/// both levels and is found at its own.
fn add_to_levels(tallies: &mut lianjie_index::matching::rates::Tallies, id: &str, more: Tally) {
    if let Ok(group) = id.parse() {
        add(tallies.category.entry(group).or_default(), more);
    } else {
        add(tallies.service.entry(id.into()).or_default(), more);
        add(tallies.organization.entry(id.into()).or_default(), more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 25);

    fn row(measure: Measure, day: &str, hits: f64, tries: f64) -> Counted {
        Counted { subject: "0199aaaa-0000-7000-8000-000000000001".into(), measure, day: day.parse().unwrap(), hits, tries }
    }

    #[test]
    fn a_count_of_half_a_year_ago_weighs_half() {
        let rates = weighed(&[row(Measure::Accepted, "2026-05-29", 3.0, 4.0)], TODAY);
        let tally = rates.accepted.service.values().next().unwrap();
        assert!((tally.good - 1.5).abs() < 1e-9 && (tally.tried - 2.0).abs() < 1e-9);
    }

    #[test]
    fn an_answer_ends_the_silence_before_it() {
        let silent = |answer: &str| {
            let rows = [row(Measure::Unanswered, "2026-11-01", 2.0, 2.0), row(Measure::Accepted, answer, 1.0, 1.0)];
            weighed(&rows, TODAY).unanswered.values().copied().sum::<u32>()
        };
        assert_eq!(silent("2026-10-20"), 2);
        assert_eq!(silent("2026-11-10"), 0);
    }

    #[test]
    fn returns_as_not_eligible_are_what_did_not_pass() {
        let rates = weighed(&[row(Measure::Ineligible, "2026-11-25", 1.0, 5.0)], TODAY);
        let tally = rates.passed.values().next().unwrap();
        assert!((tally.good - 4.0).abs() < 1e-9 && (tally.tried - 5.0).abs() < 1e-9);
    }
}
