//! 转介: the lists of a station, a county, and what one chases oneself.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, List, PAGE};
use super::super::model::{Filter, State as Stands, When};
use super::super::store::{Asked, Listed, Whose};
use super::words::{self, Clock, Mark, say};
use crate::access::{Action as Access, Actor, may_anywhere};
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::CaseId;
use crate::locale::Locale;
use crate::store::Part;
use crate::web::{Html, Page, Pager, Tab, Visit};

/// Which part.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    list: String,
    filter: String,
    case: String,
    page: Option<usize>,
}

/// A tab with how much it holds.
pub(super) struct Counted {
    pub href: String,
    pub label: String,
    pub count: usize,
    pub current: bool,
}

/// A line.
pub(super) struct Row {
    pub href: String,
    pub number: String,
    pub what: String,
    pub tier: u8,
    pub tier_label: String,
    pub provider: String,
    pub service: String,
    pub state: String,
    pub tone: &'static str,
    pub marks: Vec<Mark>,
    pub clock: Clock,
}

#[derive(Template)]
#[template(path = "referral/html/list.html")]
struct ListPage {
    page: Page,
    count: String,
    lists: Vec<Tab>,
    tabs: Vec<Counted>,
    rows: Vec<Row>,
    pager: Pager,
    may_refer: bool,
}

pub(super) fn row(app: &App, listed: &Listed, what: String, now: jiff::Timestamp, locale: Locale) -> Row {
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

/// The referrals of a station, a county or a person, by state, what is due soonest first.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(query): Query<ListQuery>) -> Result<Response> {
    if !may_anywhere(&actor, Access::ReadReferral) {
        return Err(Error::Forbidden { why: "role" });
    }
    let mut lists = actions::lists(&actor);
    lists.retain(|list| !matches!(list.whose, Whose::Provider(_)));
    if lists.is_empty() {
        return crate::web::redirect("/inbox", None);
    }
    let (now, locale) = (app.now(), visit.locale);
    let case = CaseId::parse(&query.case).ok();
    let chosen = match &case {
        Some(case) if query.list.is_empty() => actions::list_of_case(&app, &lists, case).await?,
        _ => actions::list_of(&lists, &query.list)?,
    };
    // All of one case, unless a part of it is asked for.
    let whole = case.is_some() && query.filter.is_empty();
    let filter = Filter::of(&query.filter);
    let number = query.page.unwrap_or(1).max(1);
    let (states, when) = if whole { (not_voided(), When::Any) } else { (filter.states(), filter.when()) };
    let asked = Asked { states, when, case, part: Part::numbered(number, PAGE) };
    let (found, tally) = actions::list(&app, &actor, chosen, &asked).await?;
    let within = asked.case.as_ref().map(|case| format!("&case={case}")).unwrap_or_default();
    let href = |list: &List, filter: &str, page: usize| {
        let page = if page > 1 { format!("&page={page}") } else { String::new() };
        format!("/referrals?list={}&filter={filter}{within}{page}", list.name)
    };
    let tabs = Filter::ALL.into_iter().map(|known| Counted {
        href: href(chosen, known.name(), 1),
        label: say(locale, &format!("referral.filter.{}", known.name())),
        count: tally.of(known),
        current: !whole && known == filter,
    });
    let choice = |list: &List| Tab {
        href: href(list, if whole { "" } else { filter.name() }, 1),
        label: list_label(&list.name, locale),
        current: list.name == chosen.name,
    };
    let what = |listed: &Listed| format!("{} · {}", listed.alias, words::term(&app, &listed.term, locale));
    let page = ListPage {
        page: Page::titled(&visit, "referral.mine"),
        count: t!("referral.count", locale = locale.tag(), live = tally.of(Filter::Live), late = tally.of(Filter::Overdue)).into_owned(),
        lists: lists.iter().map(choice).collect(),
        tabs: tabs.collect(),
        rows: found.iter().map(|listed| row(&app, listed, what(listed), now, locale)).collect(),
        pager: Pager::of(number, tally.count(&asked.states, asked.when), PAGE, |page| {
            href(chosen, if whole { "" } else { filter.name() }, page)
        }),
        may_refer: may_anywhere(&actor, Access::Refer),
    };
    Ok(Html(page).into_response())
}

fn not_voided() -> Vec<Stands> {
    Stands::ALL.iter().copied().filter(|state| *state != Stands::Voided).collect()
}

/// The name of a list; a second of a kind has its number behind.
pub(super) fn list_label(name: &str, locale: Locale) -> String {
    let kind = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    format!("{} {}", say(locale, &format!("referral.list.{kind}")), &name[kind.len()..]).trim().to_owned()
}
