//! 数字: the figures, the list behind each, and the spreadsheet.

mod access;
mod calibration;
pub(super) mod words;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use lianjie_index::DivisionCode;
use rust_i18n::t;

use super::actions::{self, Numbers};
use super::api::{Asked, period};
use super::model::Over;
use super::sheet;
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::case::{instant, word};
use crate::error::Result;
use crate::everyday;
use crate::web::{Choice, Html, Page, Pager, Tab, Visit};
use words::ShownBlock;

pub use access::access;
pub use calibration::calibration;

#[derive(Template)]
#[template(path = "statistics/html/numbers.html")]
struct NumbersPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: String,
    from: String,
    to: String,
    place: String,
    as_of: String,
    suppressed: bool,
    query: String,
    blocks: Vec<ShownBlock>,
    /// Whether access to services by township is shown: to who looks at a place, not at an organization.
    of_place: bool,
    /// Whether the reader may say what people's words mean, where searches were in vain.
    edits_words: bool,
}

fn query(scope: &str, numbers: &Numbers) -> String {
    format!("scope={scope}&from={}&to={}", numbers.period.from, numbers.period.to)
}

/// The places of a wide scope to choose from, the one that is looked at chosen.
fn places(app: &App, over: &Over, chosen: &DivisionCode) -> Vec<Choice> {
    let choice = |code: DivisionCode| Choice {
        selected: code == *chosen,
        label: app.divisions.get().full_name(&code),
        value: code.to_string(),
        ..Choice::default()
    };
    actions::places(app, over).into_iter().map(choice).collect()
}

/// The number of the scope that was chosen, or the first.
fn scope_of(actor: &Actor, numbers: &Numbers) -> String {
    actions::scopes(actor).into_iter().find(|choice| choice.over == numbers.over).map(|choice| choice.name).unwrap_or_default()
}

/// The figures.
pub async fn numbers(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let found = actions::numbers(&app, &actor, &asked.scope, period(&app, &asked)?).await?;
    let scope = scope_of(&actor, &found);
    let query = query(&scope, &found);
    let mut tabs = Vec::new();
    for choice in actions::scopes(&actor) {
        let href = format!("/numbers?scope={}&from={}&to={}", choice.name, found.period.from, found.period.to);
        tabs.push(Tab { href, label: actions::named(&app, &choice.over).await?, current: choice.name == scope });
    }
    let page = NumbersPage {
        page: Page::titled(&visit, "numbers.title"),
        tabs,
        of_place: !matches!(found.over, Over::Provider(_)),
        edits_words: everyday::edits(&app, &actor),
        from: found.period.from.to_string(),
        to: found.period.to.to_string(),
        as_of: instant(found.as_of),
        suppressed: found.suppressed,
        blocks: words::blocks(&app, &found.blocks, &query, visit.locale),
        place: found.place,
        scope,
        query,
    };
    Ok(Html(page).into_response())
}

struct Row {
    name: String,
    beside: String,
    href: String,
}

#[derive(Template)]
#[template(path = "statistics/html/list.html")]
struct ListPage {
    page: Page,
    what: String,
    period: String,
    back: String,
    rows: Vec<Row>,
    pager: Pager,
}

/// The list behind a figure.
pub async fn list(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(figure): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let locale = visit.locale;
    let days = period(&app, &asked)?;
    let number = asked.page.unwrap_or(1).max(1);
    let found = actions::list(&app, &actor, &asked.scope, days, (&figure, &asked.about), number).await?;
    let title = if asked.about.is_empty() {
        word("numbers.figure", &figure, locale)
    } else {
        format!("{} · {}", word("numbers.figure", &figure, locale), words::about(&app, &figure, &asked.about, locale))
    };
    let row = |row: &actions::Listed| Row {
        name: row.name.clone(),
        beside: if row.beside.contains(".state.") {
            t!(row.beside.as_str(), locale = locale.tag()).into_owned()
        } else {
            row.beside.clone()
        },
        href: row.href.clone(),
    };
    let link = |page: usize| {
        let asked = [("scope", &asked.scope), ("from", &days.from.to_string()), ("to", &days.to.to_string()), ("about", &asked.about)];
        let query = serde_html_form::to_string(asked).unwrap_or_default();
        format!("/numbers/{figure}?{query}&page={page}")
    };
    let page = ListPage {
        page: Page::new(&visit, title),
        what: word("numbers.what", &figure, locale),
        period: words::period(days.from, days.to, locale),
        back: format!("/numbers?scope={}&from={}&to={}", asked.scope, days.from, days.to),
        rows: found.rows.iter().map(row).collect(),
        pager: Pager::of(number, found.total, actions::PAGE, link),
    };
    Ok(Html(page).into_response())
}

/// The figures as a spreadsheet.
pub async fn spreadsheet(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let locale = visit.locale;
    let found = actions::numbers(&app, &actor, &asked.scope, period(&app, &asked)?).await?;
    let blocks = words::blocks(&app, &found.blocks, "", locale);
    let title = format!("{} · {}", found.place, words::period(found.period.from, found.period.to, locale));
    let as_of = format!("{} {}", word("numbers", "as_of", locale), instant(found.as_of));
    let heads = ["head_figure", "head_count", "head_of", "head_what"].map(|head| word("numbers", head, locale));
    let file = sheet::workbook(&title, &as_of, heads.each_ref().map(String::as_str), &blocks)?;
    let name = format!("attachment; filename=\"lianjie-{}-{}.xlsx\"", found.period.from, found.period.to);
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], file).into_response())
}
