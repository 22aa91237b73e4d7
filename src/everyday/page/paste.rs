//! Many rows pasted at once, each with what becomes of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::say;
use crate::access::Actor;
use crate::app::App;
use crate::error::Result;
use crate::everyday::actions::{self, Pasted};
use crate::everyday::paste::{Outcome, Row};
use crate::locale::Locale;
use crate::web::{Form, FormState, Html, Page, Visit, redirect};

/// A row with what becomes of it.
struct RowLine {
    line: usize,
    text: String,
    outcome: String,
    tone: &'static str,
    reason: String,
}

#[derive(Template)]
#[template(path = "everyday/html/paste.html")]
struct PastePage {
    page: Page,
    form: FormState,
    rows: Vec<RowLine>,
    /// How many of each outcome there are.
    told: String,
    /// Whether all of them can be taken in.
    ready: bool,
}

fn row_line(row: &Row, locale: Locale) -> RowLine {
    let (tone, reason) = match &row.outcome {
        Outcome::Added | Outcome::Joined => ("ok", String::new()),
        Outcome::Same => ("plain", String::new()),
        Outcome::Refused(fault) => ("bad", fault.text(locale)),
    };
    RowLine { line: row.line, text: row.text.clone(), outcome: say(&format!("outcome.{}", row.outcome.name()), locale), tone, reason }
}

fn paste_page(visit: &Visit, form: FormState, pasted: Option<&Pasted>) -> PastePage {
    let locale = visit.locale;
    let rows: &[Row] = pasted.map_or(&[], |pasted| &pasted.rows);
    let count = |outcome: &&str| pasted.map(|pasted| (say(&format!("outcome.{outcome}"), locale), pasted.count(outcome)));
    let counts = ["added", "joined", "same", "refused"].iter().filter_map(count).map(|(name, count)| format!("{name} {count}"));
    PastePage {
        page: Page::titled(visit, "everyday.paste"),
        told: counts.collect::<Vec<_>>().join(" · "),
        ready: pasted.is_some_and(|pasted| pasted.count("refused") == 0),
        rows: rows.iter().map(|row| row_line(row, locale)).collect(),
        form,
    }
}

/// Where rows are pasted.
pub async fn pasting(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    actions::may_edit(&app, &actor)?;
    Ok(Html(paste_page(&visit, FormState::new(), None)).into_response())
}

/// Rows as pasted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Rows {
    text: String,
    /// `save`, else they are only looked through.
    step: String,
}

/// Looks through rows, or takes them in.
pub async fn paste(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<Rows>) -> Result<Response> {
    match actions::paste(&app, &actor, &form.value.text, form.value.step == "save").await {
        Ok(pasted) if pasted.taken => redirect("/everyday-words", Some("everyday_pasted")),
        Ok(pasted) => {
            let status = if pasted.count("refused") == 0 { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok(Html(paste_page(&visit, FormState::filled(form.typed), Some(&pasted))).with_status(status))
        }
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(paste_page(&visit, state, None)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
