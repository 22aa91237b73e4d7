//! What came to a provider: 待答复, 在办, 已结束.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, List, PAGE};
use super::super::model::{Referral, State as Stands, When};
use super::super::store::{Asked, Listed, Whose};
use super::list::{Counted, Row, list_label, row};
use super::words::{self, Clock, Fact, Mark, say};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::Result;
use crate::locale::Locale;
use crate::store::Part;
use crate::web::{Html, Page, Pager, Tab, Visit};

/// Which part.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InboxQuery {
    list: String,
    part: String,
    page: Option<usize>,
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
    lists: Vec<Tab>,
    tabs: Vec<Counted>,
    pager: Pager,
    cards: Vec<Ask>,
    rows: Vec<Row>,
}

/// Whether a part of what came holds a state.
type Holds = fn(Stands) -> bool;

/// The parts of what came.
const PARTS: [(&str, Holds); 3] = [("inbox", answers), ("in_progress", serves), ("over", is_over)];

const fn answers(state: Stands) -> bool {
    matches!(state, Stands::Sent | Stands::Acknowledged | Stands::NeedsInfo | Stands::Waitlisted)
}

const fn serves(state: Stands) -> bool {
    matches!(state, Stands::Accepted | Stands::InService | Stands::Reported)
}

const fn is_over(state: Stands) -> bool {
    !answers(state) && !serves(state)
}

fn states(holds: Holds) -> Vec<Stands> {
    Stands::ALL.iter().copied().filter(|state| holds(*state)).collect()
}

/// What came to one's organizations: to answer, in progress, ended.
pub async fn inbox(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(query): Query<InboxQuery>) -> Result<Response> {
    let mut lists: Vec<List> = actions::lists(&actor);
    lists.retain(|list| matches!(list.whose, Whose::Provider(_)));
    let list = actions::list_of(&lists, &query.list)?;
    let (now, locale) = (app.now(), visit.locale);
    let (chosen, holds) = PARTS.into_iter().find(|(name, _)| *name == query.part).unwrap_or(PARTS[0]);
    let number = query.page.unwrap_or(1).max(1);
    let asked = Asked { states: states(holds), when: When::Any, case: None, part: Part::numbered(number, PAGE) };
    let (found, tally) = actions::list_with_briefs(&app, &actor, list, &asked).await?;
    let href_of = |list: &List, part: &str, page: usize| {
        let asked: Vec<String> = [
            (list.name != "inbox").then(|| format!("list={}", list.name)),
            (part != "inbox").then(|| format!("part={part}")),
            (page > 1).then(|| format!("page={page}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if asked.is_empty() { "/inbox".to_owned() } else { format!("/inbox?{}", asked.join("&")) }
    };
    let href = |part: &str, page: usize| href_of(list, part, page);
    let choice = |one: &List| Tab { href: href_of(one, chosen, 1), label: list_label(&one.name, locale), current: one.name == list.name };
    let tab = |(name, holds): (&str, Holds)| Counted {
        href: href(name, 1),
        label: say(locale, &format!("referral.{name}")),
        count: tally.count(&states(holds), When::Any),
        current: name == chosen,
    };
    let (mut cards, mut rows) = (Vec::new(), Vec::new());
    for (listed, referral) in &found {
        match referral {
            Some(referral) if chosen != "over" => cards.push(card(&app, listed, referral, now, locale)),
            _ => rows.push(row(&app, listed, String::new(), now, locale)),
        }
    }
    let page = InboxPage {
        page: Page::titled(&visit, "referral.inbox"),
        lists: lists.iter().map(choice).collect(),
        tabs: PARTS.into_iter().map(tab).collect(),
        pager: Pager::of(number, tally.count(&asked.states, asked.when), PAGE, |page| href(chosen, page)),
        cards,
        rows,
    };
    Ok(Html(page).into_response())
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
        answers: answers(listed.state),
        serves: matches!(listed.state, Stands::Accepted | Stands::InService),
    }
}
