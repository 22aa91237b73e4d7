//! The words of a kind, with what may be done to each.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use lianjie_index::Vocabulary;
use rust_i18n::t;

use super::{say, sign_name};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::clock;
use crate::error::Result;
use crate::everyday::actions;
use crate::everyday::api::Asked;
use crate::everyday::list::{self, Line, PAGE, Which};
use crate::locale::Locale;
use crate::web::{Html, Page, Pager, Tab, Visit};

/// A word of a list.
struct WordLine {
    phrase: String,
    terms: Vec<String>,
    /// What is to be said of it, and its tone.
    marks: Vec<(String, &'static str)>,
    note: String,
    /// Who wrote it and when; empty of what everybody has.
    written: String,
    /// Where it is changed; empty where it is not.
    href: String,
    /// Where a phrase of the lists is taken out of use.
    silence: String,
    /// The address that takes it back, and what the button says.
    withdraw: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "everyday/html/list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    which: &'static str,
    q: String,
    lines: Vec<WordLine>,
    pager: Pager,
    edits: bool,
}

fn address(which: Which, text: &str, page: usize) -> String {
    let query = serde_html_form::to_string([("which", which.name()), ("q", text)]).unwrap_or_default();
    format!("/everyday-words?{query}&page={page}")
}

fn marks(line: &Line, which: Which, vocabulary: &Vocabulary, locale: Locale) -> Vec<(String, &'static str)> {
    let mut marks = Vec::new();
    if !line.sign.is_empty() {
        marks.push((sign_name(vocabulary, &line.sign, locale), "bad"));
    }
    match &line.own {
        Some(word) if which == Which::Lists => {
            let gone = word.draft.replaces && word.draft.terms.is_empty();
            marks.push(if gone { (say("out_of_use", locale), "warn") } else { (say("otherwise", locale), "info") });
        }
        Some(word) if word.draft.replaces => marks.push((say("replaces_mark", locale), "info")),
        Some(_) if which == Which::Danger => marks.push((say("own_mark", locale), "info")),
        _ => {}
    }
    if line.name {
        marks.push((say("name_mark", locale), "plain"));
    }
    if !line.retired.is_empty() {
        marks.push((say("retired_mark", locale), "warn"));
    }
    marks
}

fn word_line(line: &Line, which: Which, edits: bool, vocabulary: &Vocabulary, locale: Locale) -> WordLine {
    let own = line.own.as_ref();
    let changes = own.filter(|word| edits && word.draft.sign.is_empty() && word.withdrawn_at.is_none());
    let button = if which == Which::Lists { "restore" } else { "withdraw" };
    let silence = edits && which == Which::Lists && own.is_none() && !line.name;
    let query = serde_html_form::to_string([("phrase", line.phrase.as_str()), ("replaces", "1")]).unwrap_or_default();
    WordLine {
        terms: line.terms.iter().map(|code| vocabulary.name(code, locale.into())).collect(),
        marks: marks(line, which, vocabulary, locale),
        note: own.map(|word| word.draft.note.clone()).unwrap_or_default(),
        written: own.map(|word| format!("{} · {}", word.writer, clock::day(word.written_at))).unwrap_or_default(),
        href: changes.map(|word| format!("/everyday-words/{}", word.id)).unwrap_or_default(),
        silence: if silence { format!("/everyday-words/new?{query}") } else { String::new() },
        withdraw: changes.map(|word| (format!("/everyday-words/{}/withdraw", word.id), say(button, locale))),
        phrase: line.phrase.clone(),
    }
}

/// The words of a kind.
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let (number, locale) = (asked.page.unwrap_or(1).max(1), visit.locale);
    let found = list::list(&app, &actor, asked.which, &asked.q, number).await?;
    let (edits, vocabulary) = (actions::edits(&app, &actor), app.vocabulary.get());
    let tab = |which: Which| Tab {
        href: address(which, &asked.q, 1),
        label: say(&format!("which.{}", which.name()), locale),
        current: which == asked.which,
    };
    let page = ListPage {
        page: Page::titled(&visit, "everyday.title"),
        tabs: Which::ALL.map(tab).into(),
        which: asked.which.name(),
        lines: found.lines.iter().map(|line| word_line(line, asked.which, edits, &vocabulary, locale)).collect(),
        pager: Pager::of(number, found.total, PAGE, |page| address(asked.which, &asked.q, page)),
        q: asked.q,
        edits,
    };
    Ok(Html(page).into_response())
}
