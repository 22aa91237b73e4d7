//! Projects that are run: activities with who came, and what the county paid.

use jiff::ToSpan;
use serde::Deserialize;

use super::draw::Draw;
use super::people::{Cast, Staff};
use super::province::Province;
use crate::clock;
use crate::error::Result;
use crate::id::{ActivityId, SubsidyId};
use crate::organization::store::programs;
use crate::program::model::{Activity, Kind, Purpose, Subsidy};
use crate::program::store as activities;
use crate::secret::{Hidden, Keyring};
use crate::store::Tx;

/// An activity of the demo.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    pub title: String,
    pub topic: String,
    pub kind: Kind,
    #[serde(default)]
    pub heads: u32,
    #[serde(default)]
    pub listed: u32,
}

/// Activities of the projects of the demo's providers, and of the station itself.
pub async fn hold(
    tx: &mut Tx,
    province: &Province,
    keyring: &Keyring,
    (staff, cast): (&Staff, &Cast),
    texts: &[Held],
    draw: &mut Draw,
) -> Result<()> {
    let post = &staff.posts[0];
    let mut givers = vec![(post.station.clone(), post.worker.clone(), None)];
    for body in [&cast.team, &cast.practice].into_iter().flatten() {
        let Some(contact) = staff.provider(body) else { continue };
        for program in programs(tx, body).await? {
            givers.push((body.clone(), contact.clone(), Some(program)));
        }
    }
    for (organization, by, program) in givers {
        for held in texts {
            let day = province.days_ago(draw.number(3..=200));
            if program.as_ref().is_some_and(|program| day < program.from || day > program.to) {
                continue;
            }
            let activity = Activity {
                id: ActivityId::from_parts(clock::start_of(day), draw.bytes()),
                program: program.as_ref().map(|program| program.id.clone()),
                organization: organization.clone(),
                division: post.town.clone(),
                kind: held.kind,
                topic: held.topic.clone(),
                title: held.title.clone(),
                day,
                sessions: draw.number(1..=6),
                headcount: held.heads,
                by: by.clone(),
            };
            let came = |nth: u32| keyring.blind(&Hidden::new(format!("demo child {organization} {nth}")));
            let children: Vec<String> = (0..held.listed).map(|_| came(draw.number(0..=40))).collect();
            activities::insert(tx, &activity, &children, clock::start_of(day)).await?;
        }
    }
    Ok(())
}

/// What the county paid: of each project's budget four tenths a month after it began, and the running of the station.
pub async fn pay(tx: &mut Tx, province: &Province, (staff, cast): (&Staff, &Cast), draw: &mut Draw) -> Result<()> {
    let post = &staff.posts[0];
    let mut due = vec![(post.station.clone(), None, Purpose::Running, 1_800_000, province.days_ago(draw.number(60..=120)))];
    for body in [&cast.team, &cast.practice].into_iter().flatten() {
        for program in programs(tx, body).await? {
            let share = (program.budget_fen * 4 / 10).min(20_000_000);
            due.push((body.clone(), Some(program.id), Purpose::Project, share, program.from.saturating_add(30.days())));
        }
    }
    for (organization, program, purpose, amount_fen, day) in due.into_iter().filter(|(.., day)| *day <= province.today) {
        let subsidy = Subsidy {
            id: SubsidyId::from_parts(clock::start_of(day), draw.bytes()),
            division: post.town.clone(),
            purpose,
            program,
            organization,
            amount_fen,
            day,
            receipt: format!("{} 字 {} 号", day.year(), draw.number(100..=999)),
            by: staff.coordinator.clone(),
        };
        activities::pay(tx, &subsidy, clock::start_of(day)).await?;
    }
    Ok(())
}
