//! 一周安排: the plan of a case as a week and as a path, the other plans, and what a wider limit would bring.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use lianjie_index::TermCode;
use lianjie_index::matching::answer::{Choice, Hours, Limits, Plan, Proposed};
use lianjie_index::plan::{Price, Prices};
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, Matched, language};
use super::words::{self, word};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::CaseId;
use crate::locale::Locale;
use crate::web::{Html, Page, Visit};

/// Most trips, minutes and yuan that are asked for.
const MOST: u16 = 2000;

/// What the family can do in a week; an empty field follows from the case.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    trips: String,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    yuan: String,
}

struct Step {
    number: usize,
    from: String,
    need: String,
    service: String,
    href: String,
    organization: String,
    /// When in the week, or that it is done once.
    when: String,
    way: String,
    fee: String,
    waits_for: Vec<String>,
    refer: String,
    point: Option<(String, String)>,
}

struct Day {
    name: String,
    visits: Vec<(String, String)>,
}

struct Another {
    sum: String,
    changes: Vec<String>,
}

#[derive(Template)]
#[template(path = "matching/html/week.html")]
struct WeekPage {
    page: Page,
    case: String,
    alias: String,
    faults: Vec<(String, String)>,
    limits: Vec<(String, String, String)>,
    planned: bool,
    sum: String,
    guarded: bool,
    days: Vec<Day>,
    any_time: Vec<String>,
    steps: Vec<Step>,
    open: Vec<(String, String)>,
    prices: Vec<String>,
    others: Vec<Another>,
    focus: String,
}

/// A limit as typed: none where nothing is, a fault where it is no number.
fn limit(field: &'static str, typed: &str) -> std::result::Result<Option<u16>, (String, String)> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let number = typed.trim().parse::<u16>().ok().filter(|number| *number <= MOST);
    number.map(Some).ok_or_else(|| (field.to_owned(), typed.to_owned()))
}

/// The plan of a case.
pub async fn week(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let id = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    let locale = visit.locale;
    let typed = [("trips", &asked.trips), ("minutes", &asked.minutes), ("yuan", &asked.yuan)];
    let read = typed.map(|(field, typed)| limit(field, typed));
    let faults = read.iter().filter_map(|read| read.as_ref().err()).map(|(field, _)| {
        let label = word(&format!("week.{field}"), locale);
        (field.clone(), t!("matching.week.no_number", locale = locale.tag(), field = label, most = MOST).into_owned())
    });
    let faults: Vec<(String, String)> = faults.collect();
    let [trips, minutes, yuan] = read.map(|read| read.ok().flatten());
    let matched = actions::plan_case(&app, &actor, &id, Some(Limits { trips, minutes, yuan }), locale).await?;
    let mut page = WeekPage {
        page: Page::titled(&visit, "matching.week.title"),
        case: id.to_string(),
        alias: matched.child.alias.clone(),
        faults,
        limits: typed.map(|(field, typed)| (field.to_owned(), word(&format!("week.{field}"), locale), (*typed).clone())).into(),
        planned: false,
        sum: String::new(),
        guarded: false,
        days: Vec::new(),
        any_time: Vec::new(),
        steps: Vec::new(),
        open: Vec::new(),
        prices: Vec::new(),
        others: Vec::new(),
        focus: matched.case.division.as_str().get(..6).unwrap_or_default().to_owned(),
    };
    if let Some(plan) = &matched.answer.plan {
        fill(&app, &matched, plan, locale, &mut page);
    }
    Ok(Html(page).into_response())
}

fn fill(app: &App, matched: &Matched, plan: &Plan, locale: Locale, page: &mut WeekPage) {
    let tag = locale.tag();
    let name = |term: &TermCode| app.vocabulary.get().name(term, language(locale));
    page.planned = true;
    page.sum = sum(plan, locale);
    page.guarded = !plan.proved;
    for (field, limit) in page.limits.iter_mut().zip(plan.limits) {
        if field.2.is_empty() {
            field.2 = limit.to_string();
        }
    }
    page.days = (1..=7_u8)
        .map(|day| {
            let mut visits: Vec<(&Hours, &Choice)> = plan
                .choices
                .iter()
                .filter_map(|choice| Some((choice.session.as_ref()?, choice)))
                .filter(|(hours, _)| hours.day == day)
                .collect();
            visits.sort_by_key(|(hours, _)| (hours.from, hours.to));
            let visit = |(hours, choice): (&Hours, &Choice)| {
                (clock(*hours), format!("{} · {}", name(&choice.need), proposed(matched, choice).map_or("", |service| &service.name)))
            };
            Day { name: word(&format!("week.day{day}"), locale), visits: visits.into_iter().map(visit).collect() }
        })
        .collect();
    page.any_time = plan
        .choices
        .iter()
        .filter(|choice| choice.session.is_none())
        .map(|choice| {
            let how = word(if choice.once { "week.once" } else { "week.any_time" }, locale);
            format!("{} · {} · {how}", name(&choice.need), proposed(matched, choice).map_or("", |service| &service.name))
        })
        .collect();
    page.steps = plan.choices.iter().enumerate().map(|(at, choice)| step(app, matched, (at + 1, choice), locale, &name)).collect();
    page.open = plan
        .open
        .iter()
        .map(|term| {
            let need = matched.needs.iter().find(|need| need.term == *term).map(|need| need.id.to_string()).unwrap_or_default();
            (name(term), format!("/cases/{}/match?need={need}", matched.case.id))
        })
        .collect();
    page.prices = plan.prices.iter().flat_map(|prices| told_prices(prices, &matched.answer.needs, &name, locale)).collect();
    page.others = plan
        .alternatives
        .iter()
        .map(|other| {
            let differs = |choice: &&Choice| {
                !plan.choices.iter().any(|own| own.need == choice.need && own.service_at_location == choice.service_at_location)
            };
            let mut changes: Vec<String> = other
                .choices
                .iter()
                .filter(differs)
                .map(|choice| format!("{} → {}", name(&choice.need), proposed(matched, choice).map_or("", |service| &service.name)))
                .collect();
            let left = other.open.iter().filter(|term| !plan.open.contains(term));
            changes.extend(left.map(|term| t!("matching.week.left_open", locale = tag, need = name(term)).into_owned()));
            Another { sum: sum(other, locale), changes }
        })
        .collect();
}

fn sum(plan: &Plan, locale: Locale) -> String {
    let Plan { trips, minutes_week, fee_week, choices, .. } = plan;
    t!("matching.week.sum", locale = locale.tag(), needs = choices.len(), trips = trips, minutes = minutes_week, yuan = fee_week)
        .into_owned()
}

/// What the matcher says of a service that is taken.
fn proposed<'a>(matched: &'a Matched, choice: &Choice) -> Option<&'a Proposed> {
    let proposal = matched.answer.proposals.iter().find(|proposal| proposal.need == choice.need)?;
    proposal.services.iter().find(|service| service.service_at_location == choice.service_at_location)
}

fn clock(hours: Hours) -> String {
    format!("{:02}:{:02}–{:02}:{:02}", hours.from / 60, hours.from % 60, hours.to / 60, hours.to % 60)
}

fn step(app: &App, matched: &Matched, (number, choice): (usize, &Choice), locale: Locale, name: &impl Fn(&TermCode) -> String) -> Step {
    let service = proposed(matched, choice);
    let day: Option<Date> = app.today().checked_add(choice.start_day.days()).ok();
    let when = match &choice.session {
        Some(hours) => format!("{} {}", word(&format!("week.day{}", hours.day), locale), clock(*hours)),
        None => word(if choice.once { "week.once" } else { "week.any_time" }, locale),
    };
    let need = matched.needs.iter().find(|need| need.term == choice.need);
    let refers = matched.may_refer && need.is_some_and(|need| !need.state.is_final());
    let entry = app.index.get().entry(&choice.service_at_location);
    let point = entry.as_ref().filter(|entry| !entry.point_hidden).and_then(|entry| entry.point);
    Step {
        number,
        from: day.map(|day| day.to_string()).unwrap_or_default(),
        need: name(&choice.need),
        service: service.map(|service| service.name.clone()).unwrap_or_default(),
        href: format!("/services/{}", choice.service),
        organization: service.map(|service| service.organization_name.clone()).unwrap_or_default(),
        when,
        way: service.map(|service| words::way(service, locale)).unwrap_or_default(),
        fee: service.map(|service| words::fee(service, locale)).unwrap_or_default(),
        waits_for: choice.waits_for.iter().map(name).collect(),
        refer: match need {
            Some(need) if refers => format!("/referrals/new?need={}&service_at_location={}", need.id, choice.service_at_location),
            _ => String::new(),
        },
        point: point.map(|point| (format!("{:.5}", point.longitude), format!("{:.5}", point.latitude))),
    }
}

/// What one trip, half an hour, ten yuan more would bring; a limit that does not bind is not told.
fn told_prices(
    prices: &Prices,
    needs: &[lianjie_index::matching::answer::Need],
    name: &impl Fn(&TermCode) -> String,
    locale: Locale,
) -> Vec<String> {
    let tag = locale.tag();
    let told = |key: &str, price: &Price| {
        let more = t!(format!("matching.week.more_{key}"), locale = tag, step = price.step).into_owned();
        let served = price.newly_served.iter().filter_map(|at| needs.get(*at));
        let served = served.map(|need| t!("matching.week.then_served", locale = tag, need = name(&need.term)).into_owned());
        let earlier = price.earlier.iter().filter_map(|(at, days)| Some((needs.get(*at)?, days)));
        let earlier =
            earlier.map(|(need, days)| t!("matching.week.then_earlier", locale = tag, need = name(&need.term), days = days).into_owned());
        let mut brings: Vec<String> = served.chain(earlier).collect();
        if brings.is_empty() {
            brings.push(word("week.then_better", locale));
        }
        format!("{more}{}{}", locale.pick("：", ": "), brings.join(locale.pick("；", "; ")))
    };
    let all = [("trips", &prices.trips), ("minutes", &prices.minutes), ("yuan", &prices.fee)];
    all.into_iter().filter(|(_, price)| price.saved > 0).map(|(key, price)| told(key, price)).collect()
}
