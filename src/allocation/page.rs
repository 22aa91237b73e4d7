//! 名额分配: who gets which place, why, who came second, and what a swap would cost.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use lianjie_index::allocation::fairness::Served;
use rust_i18n::t;

use super::actions::{self, Allocated, MOST, Objective};
use super::api::{AreaAsked, Asked, area_id, area_named};
use super::model::{Asking, Became, Other, Table};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::case::store::Within;
use crate::case::word;
use crate::conference::api::conference_id;
use crate::error::Result;
use crate::locale::Locale;
use crate::matching::actions::language;
use crate::matching::words;
use crate::organization;
use crate::web::{Choice, Html, Page, Visit};

struct Line {
    number: usize,
    alias: String,
    case: String,
    case_number: String,
    need: String,
    tier: u8,
    tier_label: String,
    waits: String,
    /// `placed`, `without`, `no_service`.
    became: &'static str,
    service: String,
    service_href: String,
    organization: String,
    hundred: String,
    way: String,
    places: String,
    reasons: Vec<String>,
    /// Who else could have the place, or whose place this one could have, with the cost.
    others: Vec<String>,
    refer: String,
}

/// Rows that ask the same of a meeting.
struct Part {
    /// `contested`, `enough`, `no_service`.
    code: &'static str,
    title: String,
    lines: Vec<Line>,
}

struct Group {
    title: String,
    rows: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "allocation/html/allocation.html")]
struct AllocationPage {
    page: Page,
    /// Where the form goes.
    here: String,
    back: String,
    back_label: String,
    objectives: Vec<Choice>,
    areas: Vec<Choice>,
    /// What is contested first; what nobody need compare is folded away.
    parts: Vec<Part>,
    placed: usize,
    without: usize,
    no_service: usize,
    more: String,
    left_out: Vec<(String, String)>,
    groups: Vec<Group>,
    expected: String,
    price: String,
}

/// The needs of a meeting's cases.
pub async fn meeting(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let objective = Objective::read(&asked.objective)?;
    let (conference, allocated) = actions::meeting(&app, &actor, &conference_id(&id)?, objective, visit.locale).await?;
    let mut page = page(&app, &visit, objective, &allocated);
    page.here = format!("/conferences/{}/allocation", conference.id);
    (page.back, page.back_label) = (format!("/conferences/{}", conference.id), conference.title);
    Ok(Html(page).into_response())
}

/// The needs of a station or county.
pub async fn area(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(asked): Query<AreaAsked>) -> Result<Response> {
    let objective = Objective::read(&asked.objective)?;
    let within = area_named(&actor, &asked.area)?;
    let allocated = actions::area(&app, &actor, &within, objective, visit.locale).await?;
    let mut page = page(&app, &visit, objective, &allocated);
    "/allocation".clone_into(&mut page.here);
    (page.back, page.back_label) = ("/conferences".to_owned(), t!("conference.list", locale = visit.locale.tag()).into_owned());
    for area in actions::areas(&actor) {
        let label = named(&app, &area).await?;
        page.areas.push(Choice { selected: area == within, value: area_id(&area), label, ..Choice::default() });
    }
    Ok(Html(page).into_response())
}

async fn named(app: &App, area: &Within) -> Result<String> {
    Ok(match area {
        Within::Station(id) => {
            organization::store::find(&mut *app.store.read().await?, id).await?.map(|station| station.name).unwrap_or_default()
        }
        Within::Division(code) => app.divisions.get().name(code),
        Within::Worker(_) | Within::Village(_) => String::new(),
    })
}

/// The name of a division by its code.
fn division(app: &App, code: &str) -> String {
    code.parse().map_or_else(|_| code.to_owned(), |code| app.divisions.get().name(&code))
}

fn page(app: &App, visit: &Visit, objective: Objective, allocated: &Allocated) -> AllocationPage {
    let locale = visit.locale;
    let Allocated { run, left_out, cases, .. } = allocated;
    let count = |name: &str| run.became.iter().filter(|became| became.name() == name).count();
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let tiers = |group: &str| word("case.tier", &format!("t{group}"), locale);
    let categories = app.categories.get();
    let fairness = &run.fairness;
    let groups = [
        ("tiers", rows(&fairness.tiers, &tiers)),
        ("towns", rows(&fairness.towns, &|code| division(app, code))),
        ("categories", rows(&fairness.categories, &|code| if code.is_empty() { "–".to_owned() } else { categories.child(code, locale) })),
    ];
    AllocationPage {
        page: Page::titled(visit, "allocation.title"),
        here: String::new(),
        back: String::new(),
        back_label: String::new(),
        objectives: Objective::ALL
            .iter()
            .map(|one| Choice {
                selected: *one == objective,
                value: one.name().to_owned(),
                label: word("allocation.objective", one.name(), locale),
                ..Choice::default()
            })
            .collect(),
        areas: Vec::new(),
        parts: parts(app, allocated, locale),
        placed: count("placed"),
        without: count("without"),
        no_service: count("no_service"),
        more: if *cases > most {
            t!("allocation.more", locale = locale.tag(), most = most, all = cases).into_owned()
        } else {
            String::new()
        },
        left_out: left_out.iter().map(|left| (left.number.clone(), word("allocation.left_out", left.reason, locale))).collect(),
        groups: groups.into_iter().map(|(name, rows)| Group { title: word("allocation", name, locale), rows }).collect(),
        expected: format!("{:.1}", run.expected),
        price: format!("{:.2}", run.price),
    }
}

fn parts(app: &App, allocated: &Allocated, locale: Locale) -> Vec<Part> {
    let kind = |became: &Became| match became {
        Became::Placed { scarce: true, .. } | Became::Without { .. } => "contested",
        Became::Placed { .. } => "enough",
        Became::NoService => "no_service",
    };
    let became = &allocated.run.became;
    let part = |code: &'static str| {
        let own = became.iter().enumerate().filter(|(_, became)| kind(became) == code);
        let lines = own.map(|(at, became)| line(app, &allocated.table, at, became, locale)).collect();
        Part { code, title: word("allocation.part", code, locale), lines }
    };
    if became.is_empty() { Vec::new() } else { ["contested", "enough", "no_service"].into_iter().map(part).collect() }
}

fn rows(groups: &[Served], name: &dyn Fn(&str) -> String) -> Vec<(String, String)> {
    let row = |one: &Served| (name(&one.group.to_string()), format!("{} / {}", one.share.served, one.share.of));
    groups.iter().map(row).collect()
}

fn line(app: &App, table: &Table, at: usize, became: &Became, locale: Locale) -> Line {
    let asking = &table.askings[at];
    let tag = locale.tag();
    let mut line = Line {
        number: at + 1,
        alias: asking.alias.clone(),
        case: asking.need.case.to_string(),
        case_number: asking.number.clone(),
        need: app.vocabulary.get().name(&asking.need.term, language(locale)),
        tier: asking.need.tier.number(),
        tier_label: word("case.tier", &format!("t{}", asking.need.tier.number()), locale),
        waits: t!("allocation.weeks", locale = tag, weeks = asking.weeks).into_owned(),
        became: became.name(),
        service: String::new(),
        service_href: String::new(),
        organization: String::new(),
        hundred: String::new(),
        way: String::new(),
        places: String::new(),
        reasons: Vec::new(),
        others: Vec::new(),
        refer: String::new(),
    };
    match became {
        Became::Placed { proposal, scarce, second } => {
            let service = &asking.services[*proposal];
            line.service.clone_from(&service.name);
            line.service_href = format!("/services/{}", service.id);
            line.organization.clone_from(&service.organization_name);
            line.hundred = t!("allocation.hundred", locale = tag, count = service.natural[4]).into_owned();
            (line.way, line.places) = (words::way(service, locale), words::places(service, locale));
            line.reasons = words::reasons(service, locale);
            line.others = match second {
                Some(other) => vec![told("allocation.second", table, other, locale)],
                None if *scarce => Vec::new(),
                None => vec![word("allocation", "enough", locale)],
            };
            if asking.may_refer {
                line.refer = format!("/referrals/new?need={}&service_at_location={}", asking.need.id, service.service_at_location);
            }
        }
        Became::Without { instead } => {
            line.others = match instead.as_deref() {
                None => vec![word("allocation", "too_many", locale)],
                Some([]) => vec![word("allocation", "no_swap", locale)],
                Some(instead) => instead.iter().map(|other| told("allocation.instead", table, other, locale)).collect(),
            };
        }
        Became::NoService => {}
    }
    line
}

fn told(key: &str, table: &Table, other: &Other, locale: Locale) -> String {
    let Asking { alias, number, .. } = &table.askings[other.asking];
    let least = if other.exact { "" } else { locale.pick("至少 ", "at least ") };
    let cost = format!("{least}{:.2}", other.cost);
    let said = t!(key, locale = locale.tag(), who = format!("{alias} {number}"), cost = cost);
    if other.breaks_rule {
        format!("{said}{}{}", locale.pick("；", "; "), word("allocation", "breaks_rule", locale))
    } else {
        said.into_owned()
    }
}
