//! The list of cases: alias, age band, township, risk, how far needs are met, days.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, PAGE};
use super::super::store::Line;
use super::words::{case_tone, days, word};
use crate::access::{Action, Actor, Class, Classes, may_anywhere};
use crate::api::Query;
use crate::app::App;
use crate::error::Result;
use crate::web::{Html, Page, Pager, Tab, Visit};

/// Which list.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    list: String,
    #[serde(default)]
    closed: String,
    #[serde(default)]
    page: Option<usize>,
}

/// The tabs of a page that shows one of the lists.
pub fn tabs(path: &str, lists: &[actions::List], chosen: &actions::List, locale: crate::locale::Locale) -> Vec<Tab> {
    let tab = |list: &actions::List| Tab {
        href: format!("{path}?list={}", list.name),
        label: tab_label(&list.name, locale),
        current: list.name == chosen.name,
    };
    lists.iter().map(tab).collect()
}

struct Row {
    id: String,
    number: String,
    alias: String,
    band: String,
    township: String,
    risk: Option<(String, String, String)>,
    state: String,
    tone: &'static str,
    cover: String,
    tier: Option<(u32, String)>,
    unmade: bool,
    days: i32,
}

#[derive(Template)]
#[template(path = "case/html/list.html")]
#[expect(clippy::struct_excessive_bools, reason = "what the template shows or does not")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    pager: Pager,
    closed: bool,
    may_open: bool,
    may_hand_over: bool,
    may_transfer: bool,
    toggle: String,
}

/// The list of cases.
pub async fn cases(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(which): Query<Which>) -> Result<Response> {
    let lists = actions::lists(&actor);
    let chosen = actions::chosen(&lists, &which.list)?;
    let closed = which.closed == "1";
    let number = which.page.unwrap_or(1).max(1);
    let listed = actions::list(&app, &actor, chosen, closed, number).await?;
    let href = |list: &str, closed: bool, page: usize| {
        let closed = if closed { "&closed=1" } else { "" };
        let page = if page > 1 { format!("&page={page}") } else { String::new() };
        format!("/cases?list={list}{closed}{page}")
    };
    let tab = |list: &actions::List| Tab {
        href: href(&list.name, closed, 1),
        label: tab_label(&list.name, visit.locale),
        current: list.name == chosen.name,
    };
    Ok(Html(ListPage {
        page: Page::titled(&visit, "nav.cases"),
        tabs: lists.iter().map(tab).collect(),
        rows: listed.lines.iter().map(|(line, classes)| row(&app, &visit, line, *classes)).collect(),
        pager: Pager::of(number, listed.total, PAGE, |page| href(&chosen.name, closed, page)),
        toggle: href(&chosen.name, !closed, 1),
        closed,
        may_open: may_anywhere(&actor, Action::OpenCase),
        may_hand_over: may_anywhere(&actor, Action::OpenCase) && may_anywhere(&actor, Action::HandOver),
        may_transfer: actor.is(crate::access::Role::Supervisor),
    })
    .into_response())
}

/// The name of a list; a second station has its number behind.
fn tab_label(name: &str, locale: crate::locale::Locale) -> String {
    let kind = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    format!("{} {}", word("case.list", kind, locale), &name[kind.len()..]).trim().to_owned()
}

fn row(app: &App, visit: &Visit, line: &Line, classes: Classes) -> Row {
    let locale = visit.locale;
    let today = app.today();
    let risk = line.risk.as_ref().filter(|_| classes.has(Class::Status)).map(|risk| super::show::risk(app, &risk.0, locale));
    let cover =
        t!("case.cover", locale = locale.tag(), met = line.met, served = line.served, gaps = line.gaps, needs = line.needs).into_owned();
    Row {
        id: line.id.to_string(),
        number: line.number.clone(),
        alias: line.alias.clone(),
        band: line.birth_month.map(|month| month.band(today).to_string()).unwrap_or_default(),
        township: app.divisions.get().name(&line.division),
        risk,
        state: word("case.state", line.state.name(), locale),
        tone: case_tone(line.state),
        cover,
        tier: line.tier.map(|tier| (tier, word("case.tier", &format!("t{tier}"), locale))),
        unmade: line.unmade > 0 && classes.has(Class::Status),
        days: days(line.opened_at, today),
    }
}
