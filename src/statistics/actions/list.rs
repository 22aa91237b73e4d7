//! The rows behind a figure.

use std::collections::BTreeSet;

use lianjie_index::CategoryCode;

use super::super::model::{Over, Period};
use super::super::store::{self, Named, Registered, Sent, Which};
use super::blocks::why_of;
use super::measure::{LOOP, Measure, NEEDS};
use super::read::within;
use super::{chosen, note_read, numbers};
use crate::access::{Action, Actor, may_anywhere};
use crate::app::App;
use crate::case::assessment::Outcome;
use crate::case::guardianship::store as guardianship;
use crate::case::store as case;
use crate::error::{Error, Result};
use crate::id::CaseId;
use crate::store::{Connection, Part as Rows};

/// A row of the list behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it is.
    pub name: String,
    /// What stands beside it: a state, a kind, a day.
    pub beside: String,
    /// Where it leads; empty where it leads nowhere.
    pub href: String,
}

/// Figures that have no list (`docs/decisions/0011-figures-without-a-list.md`).
const CLOSED: [&str; 6] = ["heads", "days_to_answer", "days_to_contact", "days_to_report", "days_to_close", "searched_at"];

/// Where a payment stands with those of its ceiling.
const PAYMENTS: &str = "/programs";

/// Rows of a page.
pub const PAGE: usize = 200;

/// A page of the rows that make a figure, and how many there are.
#[derive(Debug)]
pub struct Part {
    /// The rows.
    pub rows: Vec<Listed>,
    /// How many there are on all pages.
    pub total: usize,
}

/// A page of the rows that make a figure, from 1. Of children none are listed to who keeps no cases.
pub async fn list(app: &App, actor: &Actor, scope: &str, period: Period, (code, about): (&str, &str), page: usize) -> Result<Part> {
    let (choice, _) = chosen(app, actor, scope).await?;
    // Over a division small counts are not shown, and what is not shown does not open.
    if matches!(choice.over, Over::Division(_)) {
        let shown = numbers(app, actor, scope, period).await?;
        let mut figures = shown.blocks.iter().flat_map(|block| &block.figures);
        match figures.find(|figure| figure.code == code && figure.about.as_deref().unwrap_or_default() == about) {
            None => return Err(Error::missing("figure", code)),
            Some(figure) if !figure.opens => return Err(Error::Forbidden { why: "figure_closed" }),
            Some(_) => {}
        }
    } else {
        note_read(app, actor, &choice.over).await?;
    }
    if CLOSED.contains(&code) {
        return Err(Error::Forbidden { why: "figure_closed" });
    }
    let part = Rows::numbered(page.clamp(1, 1_000_000), PAGE);
    if code == "visits" {
        return visits(app, &choice.over, period, part).await;
    }
    if code == "children" || code == "participations" {
        return came(app, &choice.over, period, code == "children", part).await;
    }
    if let Some(which) = which(code, about) {
        return needs(app, &choice.over, period, which, part).await;
    }
    if ["assessed", "able", "covered"].contains(&code) {
        return guarded(app, &choice.over, code, part).await;
    }
    if code == "on_file" || code == "category" {
        return on_file(app, &choice.over, period, Some(about).filter(|_| code == "category"), part).await;
    }
    if LOOP.contains(&code) || ["reason", "refused_by", "refused_service", "refused_why", "reroutes"].contains(&code) {
        return referrals(app, &choice.over, period, (code, about), part).await;
    }
    let Part { mut rows, total } = match registered(code) {
        Some((which, path)) => {
            let mut db = app.store.read().await?;
            let total = store::count_registered(&mut db, &choice.over, period, which).await?;
            Part { rows: plain(store::registered(&mut db, &choice.over, period, which, part).await?, path), total }
        }
        None => {
            let found = rows(app, &choice.over, period, code, about).await?;
            let (total, skipped) = (found.len(), usize::try_from(part.offset).unwrap_or(usize::MAX));
            Part { rows: found.into_iter().skip(skipped).take(PAGE).collect(), total }
        }
    };
    // What the reader may not open is no link.
    let closed = match code {
        "paid" | "programs" | "activities" | "activity_kind" | "activity_topic" => !may_anywhere(actor, Action::RunProgram),
        "actions_on_time" => !may_anywhere(actor, Action::ReadMeeting),
        _ => false,
    };
    if closed {
        rows.iter_mut().for_each(|row| row.href.clear());
    }
    Ok(Part { rows, total })
}

/// Visits are so many that the store skips what is on other pages.
async fn visits(app: &App, over: &Over, period: Period, part: Rows) -> Result<Part> {
    let mut db = app.store.read().await?;
    let total = store::visited(&mut db, over, period).await?;
    Ok(Part { rows: plain(store::visits(&mut db, over, period, part).await?, "/cases/"), total })
}

/// Who came to activities, the same.
async fn came(app: &App, over: &Over, period: Period, once: bool, part: Rows) -> Result<Part> {
    let mut db = app.store.read().await?;
    let (children, comings, _) = store::attendance(&mut db, over, period).await?;
    let total = if once { children } else { comings };
    Ok(Part { rows: plain(store::came(&mut db, over, period, once, part).await?, ""), total: total as usize })
}

/// What of the directory a figure counts, if it does, and where its rows lead.
fn registered(code: &str) -> Option<(Registered, &'static str)> {
    match code {
        "stations" => Some((Registered::Stations, "/organizations/")),
        "providers" => Some((Registered::Providers, "/organizations/")),
        "programs" => Some((Registered::Programs, "/programs/")),
        _ => None,
    }
}

/// Which needs a figure counts, if it counts needs.
fn which<'a>(code: &str, about: &'a str) -> Option<Which<'a>> {
    match code {
        "gap" => Some(Which { states: &["gap"], term: about, ..Which::default() }),
        "gap_in" => Some(Which { states: &["gap"], county: about, ..Which::default() }),
        "gap_at" => {
            let (term, county) = about.split_once(':')?;
            Some(Which { states: &["gap"], term, county, ..Which::default() })
        }
        code => NEEDS.iter().find(|kind| kind.code == code).map(|kind| Which {
            states: kind.states,
            unverified: kind.unverified,
            ..Which::default()
        }),
    }
}

/// Needs, the same.
async fn needs(app: &App, over: &Over, period: Period, which: Which<'_>, part: Rows) -> Result<Part> {
    let (found, total) = store::needed(&mut *app.store.read().await?, over, period, which, part).await?;
    let row = |need: store::Needed| Listed {
        name: need.alias,
        beside: format!("need.state.{}", need.state),
        href: format!("/needs/{}", need.id),
    };
    Ok(Part { rows: found.into_iter().map(row).collect(), total })
}

/// Referrals that were sent: which of them count is known here only, so all are read, and names for the part that is shown.
async fn referrals(app: &App, over: &Over, period: Period, (code, about): (&str, &str), part: Rows) -> Result<Part> {
    let mut db = app.store.read().await?;
    let mut all = store::sent(&mut db, over, period).await?;
    match code {
        "reason" => all.retain(|sent| sent.declined.as_deref() == Some(about)),
        "reroutes" => {
            let mut asked = BTreeSet::new();
            all.retain(|sent| !asked.insert(sent.need.clone()));
        }
        "refused_by" => {
            all.retain(|sent| sent.declined.is_some());
            let declined: BTreeSet<&str> = all.iter().map(|sent| sent.provider.as_str()).collect();
            let names = store::names(&mut db, &declined.into_iter().collect::<Vec<_>>()).await?;
            all.retain(|sent| names.get(&sent.provider).is_some_and(|name| name == about));
        }
        "refused_service" | "refused_why" => {
            all.retain(|sent| sent.declined.is_some());
            let sites: BTreeSet<&str> = all.iter().map(|sent| sent.site.as_str()).collect();
            let names = store::services(&mut db, &sites.into_iter().collect::<Vec<_>>()).await?;
            all.retain(|sent| match (names.get(&sent.site), &sent.declined) {
                (Some(name), Some(reason)) => *about == if code == "refused_why" { why_of(reason, name) } else { name.clone() },
                _ => false,
            });
        }
        code => {
            let timers = crate::referral::store::timers(&mut db).await?;
            let before = crate::referral::store::timers_before(&mut db).await?;
            let calendar = app.calendar.get();
            let measure = Measure { calendar: &calendar, timers: &timers, before: &before, now: app.now() };
            all.retain(|sent| measure.holds(code, sent, || measure.due(sent)));
        }
    }
    let shown = all.iter().skip(usize::try_from(part.offset).unwrap_or(usize::MAX)).take(PAGE);
    let ids: Vec<&str> = shown.clone().map(|sent| sent.id.as_str()).collect();
    let headings = store::headings(&mut db, &ids).await?;
    let row = |sent: &Sent| Listed {
        name: headings.get(&sent.id).cloned().unwrap_or_default(),
        beside: format!("referral.state.{}", sent.state),
        href: format!("/referrals/{}", sent.id),
    };
    Ok(Part { rows: shown.map(row).collect(), total: all.len() })
}

/// Children on file by how their guardianship stands today.
async fn guarded(app: &App, over: &Over, code: &str, part: Rows) -> Result<Part> {
    let today = app.today();
    let Some(within) = within(over) else { return Ok(Part { rows: Vec::new(), total: 0 }) };
    let mut db = app.store.read().await?;
    let mut all = guardianship::standing(&mut db, &within, today).await?;
    all.retain(|standing| match code {
        "assessed" => standing.outcome(today).is_some(),
        "able" => standing.outcome(today) == Some(Outcome::Able),
        _ => standing.needs_agreement && standing.covered_to.is_some(),
    });
    let mut ids: Vec<CaseId> = all.into_iter().map(|standing| standing.case).collect();
    ids.sort();
    cases(&mut db, &ids, part).await
}

/// Children on file in the period; of one category, if one is asked for.
async fn on_file(app: &App, over: &Over, period: Period, category: Option<&str>, part: Rows) -> Result<Part> {
    let mut db = app.store.read().await?;
    let all = store::on_file(&mut db, over, period).await?.into_iter();
    let of = |categories: &[CategoryCode]| category.is_none_or(|wanted| categories.iter().any(|category| category.as_str() == wanted));
    let ids: Vec<CaseId> = all.filter(|(_, categories)| of(categories)).map(|(id, _)| id).collect();
    cases(&mut db, &ids, part).await
}

/// A part of some cases, with what lists call them.
async fn cases(db: &mut Connection, ids: &[CaseId], part: Rows) -> Result<Part> {
    let from = usize::try_from(part.offset).unwrap_or(usize::MAX).min(ids.len());
    let shown = &ids[from..ids.len().min(from + PAGE)];
    let row = |line: case::Line| Listed {
        name: format!("{} · {}", line.alias, line.number),
        beside: String::new(),
        href: format!("/cases/{}", line.id),
    };
    Ok(Part { rows: case::briefs(db, shown).await?.into_iter().map(row).collect(), total: ids.len() })
}

/// What stands behind a figure is read anew, and nothing else is.
async fn rows(app: &App, over: &Over, period: Period, code: &str, about: &str) -> Result<Vec<Listed>> {
    let mut db = app.store.read().await?;
    let db: &mut Connection = &mut db;
    let rows = match code {
        "activities" => plain(store::activities(db, over, period, "", "").await?, "/programs/"),
        "activity_kind" => plain(store::activities(db, over, period, about, "").await?, "/programs/"),
        "activity_topic" => plain(store::activities(db, over, period, "", about).await?, "/programs/"),
        "paid" => {
            let row = |paid: Named| Listed { href: PAYMENTS.to_owned(), name: paid.name, beside: paid.beside };
            store::payments(db, over, period, about).await?.into_iter().map(row).collect()
        }
        "actions_on_time" => {
            let due = store::actions_due(db, over, period).await?;
            plain(due.into_iter().filter(|action| action.beside == "on_time").collect(), "/conferences/")
        }
        code => return Err(Error::missing("figure", code)),
    };
    Ok(rows)
}

fn plain(all: Vec<Named>, path: &str) -> Vec<Listed> {
    let href = |id: &str| if path.is_empty() || id.is_empty() { String::new() } else { format!("{path}{id}") };
    all.into_iter().map(|row| Listed { href: href(&row.id), name: row.name, beside: row.beside }).collect()
}
