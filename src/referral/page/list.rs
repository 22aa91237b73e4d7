//! 我的转介 and the provider's 待答复, 在办.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Referral, State as Stands};
use super::super::store::{Filter, Listed};
use super::words::{self, Clock, Fact, Mark, say};
use crate::access::{Action as Access, Actor, Role, may_anywhere};
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::CaseId;
use crate::locale::Locale;
use crate::web::{Html, Page, Visit};

/// Which part.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    filter: String,
    part: String,
    case: String,
}

/// A tab.
struct Tab {
    href: String,
    label: String,
    count: usize,
    current: bool,
}

/// A line.
struct Row {
    href: String,
    number: String,
    what: String,
    tier: u8,
    tier_label: String,
    provider: String,
    service: String,
    state: String,
    tone: &'static str,
    marks: Vec<Mark>,
    clock: Clock,
}

#[derive(Template)]
#[template(path = "referral/html/list.html")]
struct ListPage {
    page: Page,
    count: String,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    may_refer: bool,
}

fn row(app: &App, listed: &Listed, what: String, now: jiff::Timestamp, locale: Locale) -> Row {
    Row {
        href: format!("/referrals/{}", listed.id),
        number: listed.number.clone(),
        what: if what.is_empty() { words::term(app, &listed.term, locale) } else { what },
        tier: listed.tier,
        tier_label: say(locale, &format!("referral.tier.{}", listed.tier)),
        provider: listed.organization.clone(),
        service: listed.service.clone(),
        state: say(locale, &format!("referral.state.{}", listed.state.name())),
        tone: words::tone(listed.state),
        marks: words::marks(&listed.flags, listed.on_hold, locale),
        clock: words::clock_of(listed.due, listed.state, now, locale),
    }
}

/// The referrals of the station or county, by state, what is due soonest first.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(query): Query<ListQuery>) -> Result<Response> {
    if !may_anywhere(&actor, Access::ReadReferral) {
        return Err(Error::Forbidden { why: "role" });
    }
    if !actor.is(Role::Worker) && !actor.is(Role::Supervisor) && !actor.is(Role::Coordinator) {
        return crate::web::redirect("/inbox", None);
    }
    let (now, locale) = (app.now(), visit.locale);
    let mut all = actions::list(&app, &actor).await?;
    let of_case = CaseId::parse(&query.case).ok();
    if let Some(case) = &of_case {
        all.retain(|listed| listed.case == *case);
    }
    let within = of_case.as_ref().map(|case| format!("&case={case}")).unwrap_or_default();
    let whole = of_case.is_some() && query.filter.is_empty();
    let filter = Filter::of(&query.filter);
    let count = |filter: Filter| all.iter().filter(|listed| filter.has(listed, now)).count();
    let tabs = Filter::ALL
        .into_iter()
        .map(|known| Tab {
            href: format!("/referrals?filter={}{within}", known.name()),
            label: say(locale, &format!("referral.filter.{}", known.name())),
            count: count(known),
            current: !whole && known == filter,
        })
        .collect();
    let what = |listed: &Listed| format!("{} · {}", listed.alias, words::term(&app, &listed.term, locale));
    let shown = |listed: &&Listed| if whole { listed.state != Stands::Voided } else { filter.has(listed, now) };
    let rows = all.iter().filter(shown).map(|listed| row(&app, listed, what(listed), now, locale)).collect();
    let page = ListPage {
        page: Page::titled(&visit, "referral.mine"),
        count: t!("referral.count", locale = locale.tag(), live = count(Filter::Live), late = count(Filter::Overdue)).into_owned(),
        tabs,
        rows,
        may_refer: may_anywhere(&actor, Access::Refer),
    };
    Ok(Html(page).into_response())
}

/// A referral that waits for the provider's answer.
struct Ask {
    href: String,
    number: String,
    title: String,
    tier: u8,
    tier_label: String,
    service: String,
    state: String,
    tone: &'static str,
    marks: Vec<Mark>,
    clock: Clock,
    class: &'static str,
    facts: Vec<Fact>,
    answers: bool,
    serves: bool,
}

#[derive(Template)]
#[template(path = "referral/html/inbox.html")]
struct InboxPage {
    page: Page,
    tabs: Vec<Tab>,
    cards: Vec<Ask>,
    rows: Vec<Row>,
}

/// Which part of what came a state belongs to.
const fn part(state: Stands) -> &'static str {
    match state {
        Stands::Sent | Stands::Acknowledged | Stands::NeedsInfo | Stands::Waitlisted => "inbox",
        Stands::Accepted | Stands::InService | Stands::Reported => "in_progress",
        _ => "over",
    }
}

/// What came to one's organizations: to answer, in progress, ended.
pub async fn inbox(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(query): Query<ListQuery>) -> Result<Response> {
    if !actor.is(Role::Provider) {
        return Err(Error::Forbidden { why: "role" });
    }
    let (now, locale) = (app.now(), visit.locale);
    let all = actions::list_provider(&app, &actor).await?;
    let chosen = match query.part.as_str() {
        "in_progress" => "in_progress",
        "over" => "over",
        _ => "inbox",
    };
    let tabs = ["inbox", "in_progress", "over"]
        .into_iter()
        .map(|name| Tab {
            href: if name == "inbox" { "/inbox".into() } else { format!("/inbox?part={name}") },
            label: say(locale, &format!("referral.{name}")),
            count: all.iter().filter(|(listed, _)| part(listed.state) == name).count(),
            current: name == chosen,
        })
        .collect();
    let chosen_ones: Vec<_> = all.iter().filter(|(listed, _)| part(listed.state) == chosen).collect();
    let (mut cards, mut rows) = (Vec::new(), Vec::new());
    for (listed, referral) in chosen_ones {
        match referral {
            Some(referral) if chosen != "over" => cards.push(card(&app, listed, referral, now, locale)),
            _ => rows.push(row(&app, listed, String::new(), now, locale)),
        }
    }
    Ok(Html(InboxPage { page: Page::titled(&visit, "referral.inbox"), tabs, cards, rows }).into_response())
}

fn card(app: &App, listed: &Listed, referral: &Referral, now: jiff::Timestamp, locale: Locale) -> Ask {
    let clock = words::clock_of(listed.due, listed.state, now, locale);
    let facts = words::brief(app, &referral.brief, listed.tier, locale);
    let shown = ["term", "tier"].map(|key| say(locale, &format!("referral.brief.{key}")));
    Ask {
        href: format!("/referrals/{}", listed.id),
        number: listed.number.clone(),
        title: words::term(app, &listed.term, locale),
        tier: listed.tier,
        tier_label: say(locale, &format!("referral.tier.{}", listed.tier)),
        service: listed.service.clone(),
        state: say(locale, &format!("referral.state.{}", listed.state.name())),
        tone: words::tone(listed.state),
        marks: words::marks(&listed.flags, listed.on_hold, locale),
        class: if clock.is_late {
            "is-late"
        } else if clock.is_today {
            "is-today"
        } else {
            ""
        },
        clock,
        facts: facts.into_iter().filter(|fact| !shown.contains(&fact.label)).collect(),
        answers: part(listed.state) == "inbox",
        serves: matches!(listed.state, Stands::Accepted | Stands::InService),
    }
}
