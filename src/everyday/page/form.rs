//! A word in its form, and what it would do before it is saved.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lianjie_index::{TermCode, Vocabulary};
use rust_i18n::t;
use serde::Deserialize;

use super::{say, sign_name};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::Result;
use crate::everyday::actions::{self, Preview, Understood};
use crate::everyday::api::{warned, word_id};
use crate::everyday::model::{EverydayWord, MOST_TERMS, Typed};
use crate::id::EverydayWordId;
use crate::locale::Locale;
use crate::web::{Choice, Form, FormState, Html, Nothing, Page, Visit, redirect};

/// The boxes of the terms, likeliest first.
const TERMS: [&str; MOST_TERMS] = ["terms", "terms_2", "terms_3", "terms_4"];

/// One side of a preview.
struct Side {
    title: String,
    needs: Vec<String>,
    signs: Vec<String>,
    total: usize,
}

struct Shown {
    sample: String,
    sides: Vec<Side>,
    come: usize,
    go: usize,
    warnings: Vec<String>,
}

fn shown(app: &App, preview: &Preview, locale: Locale) -> Shown {
    let vocabulary = app.vocabulary.get();
    let side = |key: &str, of: &Understood| Side {
        title: say(key, locale),
        needs: of.needs.iter().map(|code| vocabulary.name(code, locale.into())).collect(),
        signs: of.signs.iter().map(|code| sign_name(&vocabulary, code, locale)).collect(),
        total: of.total,
    };
    let (come, go) = preview.turnover();
    Shown {
        sample: preview.sample.clone(),
        sides: vec![side("before", &preview.before), side("after", &preview.after)],
        come,
        go,
        warnings: preview.warnings.iter().map(|warning| warned(warning, &vocabulary, locale)).collect(),
    }
}

/// A box for a term.
struct TermBox {
    field: &'static str,
    label: String,
    options: Vec<Choice>,
    fault: String,
    first: bool,
}

#[derive(Template)]
#[template(path = "everyday/html/form.html")]
struct FormPage {
    page: Page,
    form: FormState,
    /// Where it is sent.
    action: String,
    terms: Vec<TermBox>,
    /// Signs of danger that may be added to; none of a word that is changed.
    signs: Vec<Choice>,
    replaces: bool,
    version: i64,
    shown: Option<Shown>,
}

/// Every term; of one that was chosen and is no longer in the taxonomy its code.
fn term_options(vocabulary: &Vocabulary, chosen: &str, form: &FormState, field: &str, locale: Locale) -> Vec<Choice> {
    let known = vocabulary.terms().map(|term| {
        let indent = if term.code.is_leaf() { "　" } else { "" };
        (term.code.to_string(), format!("{indent}{} {}", term.code, vocabulary.name(&term.code, locale.into())))
    });
    let gone = (!chosen.is_empty() && chosen.parse().is_ok_and(|code: TermCode| vocabulary.term(&code).is_none()))
        .then(|| (chosen.to_owned(), chosen.to_owned()));
    form.options(field, known.chain(gone))
}

fn form_page(app: &App, visit: &Visit, id: Option<&EverydayWordId>, form: FormState, shown: Option<Shown>) -> FormPage {
    let (vocabulary, locale) = (app.vocabulary.get(), visit.locale);
    let term_box = |(number, field): (usize, &&'static str)| TermBox {
        field,
        label: say(if number == 0 { "term" } else { "term_more" }, locale),
        options: term_options(&vocabulary, form.value(field), &form, field, locale),
        fault: form.fault(field).to_owned(),
        first: number == 0,
    };
    let signs = vocabulary.signs().listed().map(|sign| (sign.code, locale.pick(sign.zh, sign.en)));
    FormPage {
        page: Page::titled(visit, if id.is_some() { "everyday.change" } else { "everyday.add" }),
        action: id.map_or_else(|| "/everyday-words".to_owned(), |id| format!("/everyday-words/{id}")),
        terms: TERMS.iter().enumerate().map(term_box).collect(),
        signs: if id.is_some() { Vec::new() } else { form.options("sign", signs) },
        replaces: form.has("replaces", "1"),
        version: form.value("version").parse().unwrap_or(0),
        form,
        shown,
    }
}

/// With what a form begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Begin {
    phrase: String,
    replaces: String,
}

/// The form of a new word.
pub async fn new(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(begin): Query<Begin>) -> Result<Response> {
    actions::may_edit(&app, &actor)?;
    let form = FormState::filled([("phrase", begin.phrase), ("replaces", begin.replaces)]);
    Ok(Html(form_page(&app, &visit, None, form, None)).into_response())
}

fn filled(word: &EverydayWord) -> FormState {
    let draft = &word.draft;
    let said = [
        ("phrase", draft.phrase.clone()),
        ("replaces", if draft.replaces { "1".to_owned() } else { String::new() }),
        ("note", draft.note.clone()),
        ("version", word.version.to_string()),
    ];
    let terms = TERMS.into_iter().zip(draft.terms.iter().map(ToString::to_string));
    FormState::filled(said.into_iter().chain(terms))
}

/// The form of a word that is there.
pub async fn show(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let id = word_id(&id)?;
    actions::may_edit(&app, &actor)?;
    let word = actions::find(&app, &actor, &id).await?;
    Ok(Html(form_page(&app, &visit, Some(&id), filled(&word), None)).into_response())
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Written {
    phrase: String,
    terms: String,
    terms_2: String,
    terms_3: String,
    terms_4: String,
    replaces: String,
    sign: String,
    note: String,
    /// A text to try it on; it is not kept.
    sample: String,
    version: i64,
    /// `save`, else it is only tried.
    step: String,
}

impl Written {
    fn typed(&self) -> Typed {
        let terms = [&self.terms, &self.terms_2, &self.terms_3, &self.terms_4];
        Typed {
            phrase: self.phrase.clone(),
            terms: terms.map(Clone::clone).into(),
            replaces: self.replaces == "1",
            sign: self.sign.clone(),
            note: self.note.clone(),
        }
    }
}

/// Tries a word, or saves it.
async fn written(app: &App, actor: &Actor, visit: &Visit, id: Option<&EverydayWordId>, form: Form<Written>) -> Result<Response> {
    actions::may_edit(app, actor)?;
    let typed = form.value.typed();
    let done = match (form.value.step.as_str(), id) {
        ("save", None) => actions::add(app, actor, &typed, form.key.as_ref()).await.map(|_| None),
        ("save", Some(id)) => actions::change(app, actor, id, &typed, form.value.version).await.map(|()| None),
        _ => actions::preview(app, actor, id, &typed, &form.value.sample).await.map(Some),
    };
    match done {
        Ok(None) => redirect("/everyday-words", Some("everyday_saved")),
        Ok(Some(preview)) => {
            let shown = shown(app, &preview, visit.locale);
            Ok(Html(form_page(app, visit, id, FormState::filled(form.typed), Some(shown))).into_response())
        }
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(form_page(app, visit, id, state, None)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Tries a new word, or adds it.
pub async fn add(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<Written>) -> Result<Response> {
    written(&app, &actor, &visit, None, form).await
}

/// Tries a change of a word, or makes it.
pub async fn change(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<Written>,
) -> Result<Response> {
    written(&app, &actor, &visit, Some(&word_id(&id)?), form).await
}

/// Takes a word out of use.
pub async fn withdraw(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, _form: Form<Nothing>) -> Result<Response> {
    actions::withdraw(&app, &actor, &word_id(&id)?).await?;
    redirect("/everyday-words", Some("everyday_withdrawn"))
}
