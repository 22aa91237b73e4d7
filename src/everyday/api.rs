//! Everyday words as JSON.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianjie_index::{Language, TermCode, Vocabulary};
use rust_i18n::t;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions::{self, Preview, Understood};
use super::list::{self, Line, Which};
use super::model::{Typed, Warning};
use super::paste::{Outcome, Row};
use crate::access::Actor;
use crate::api::{IdempotencyKey, Json, Meta, Problem, Query};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::EverydayWordId;
use crate::locale::Locale;
use crate::web::Visit;

/// Which words.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct Asked {
    /// `own` (the installation's), `lists` (of the taxonomy and compiled in), `danger`, `withdrawn`.
    #[param(value_type = Option<String>)]
    pub(in crate::everyday) which: Which,
    /// A part of the phrase, the code or name of a term, or the code of a sign of danger.
    pub(in crate::everyday) q: String,
    /// From 1; fifty words each.
    pub(in crate::everyday) page: Option<usize>,
}

/// A term with its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermName {
    code: String,
    name: String,
    /// Whether it is no longer in the taxonomy; it is then passed over.
    retired: bool,
}

/// A word.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordBody {
    /// Id of the installation's word; of a phrase of the lists that of the word that says otherwise. Absent where there is none.
    id: Option<String>,
    phrase: String,
    /// What it means, likeliest first.
    terms: Vec<TermName>,
    /// Whether it is the name of a term, which it means in any case.
    name: bool,
    /// Code of the sign of danger it is.
    sign: Option<String>,
    /// Whether the installation takes away what the lists say of it.
    replaces: bool,
    note: String,
    version: Option<i64>,
    /// Who wrote the installation's word last.
    written_by: Option<String>,
    written_at: Option<String>,
    withdrawn_at: Option<String>,
}

/// Words.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordsBody {
    everyday_words: Vec<WordBody>,
    meta: Meta,
}

/// A word to be added. With `replaces` the lists' meaning of the phrase is taken away; with a `sign` it has no terms and stays for good.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordInput {
    phrase: String,
    /// Codes of terms, likeliest first, four at most.
    #[serde(default)]
    terms: Vec<String>,
    #[serde(default)]
    replaces: bool,
    /// Code of a sign of danger, as the list `danger` names it.
    #[serde(default)]
    sign: String,
    #[serde(default)]
    note: String,
}

/// A word as it is to be from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeInput {
    phrase: String,
    /// Codes of terms, likeliest first, four at most.
    #[serde(default)]
    terms: Vec<String>,
    #[serde(default)]
    replaces: bool,
    #[serde(default)]
    note: String,
    /// The version that was read.
    version: i64,
}

/// A word to be tried on a text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewInput {
    phrase: String,
    #[serde(default)]
    terms: Vec<String>,
    #[serde(default)]
    replaces: bool,
    #[serde(default)]
    sign: String,
    /// What somebody might type; the phrase itself where empty. It is not kept.
    #[serde(default)]
    sample: String,
}

/// The word that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedBody {
    id: String,
}

/// How a text is understood, and what it finds.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnderstoodBody {
    /// Needs read from it, surest first.
    needs: Vec<TermName>,
    /// Codes of the signs of danger in it.
    signs: Vec<String>,
    /// How many services at locations it finds.
    total: usize,
}

/// What a person should know before saving.
#[derive(Debug, Serialize, ToSchema)]
pub struct WarningBody {
    /// `short`, `known`, `name`, `retired`.
    kind: &'static str,
    text: String,
    terms: Vec<TermName>,
}

/// A word before it is saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewBody {
    before: UnderstoodBody,
    after: UnderstoodBody,
    /// Of the first hundred results, those that come.
    come: usize,
    /// Of the first hundred results, those that go.
    go: usize,
    warnings: Vec<WarningBody>,
}

/// Rows to be taken in: a phrase, a tab, codes of terms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasteInput {
    text: String,
    /// Whether they are only looked through.
    #[serde(default)]
    check: bool,
}

/// A row that was pasted.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowBody {
    line: usize,
    text: String,
    /// `added`, `joined` (one more term of a row above), `same` (said already), `refused`.
    outcome: &'static str,
    /// Why it was refused.
    reason: Option<String>,
}

/// What became of the rows: all are taken in, or none.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastedBody {
    rows: Vec<RowBody>,
    taken: bool,
}

/// The id in an address; anything else is not there.
pub(in crate::everyday) fn word_id(text: &str) -> Result<EverydayWordId> {
    EverydayWordId::parse(text).map_err(|_| Error::missing(EverydayWordId::KIND, text))
}

fn named(terms: &[TermCode], vocabulary: &Vocabulary, language: Language) -> Vec<TermName> {
    let named = |code: &TermCode| TermName {
        code: code.to_string(),
        name: vocabulary.name(code, language),
        retired: vocabulary.term(code).is_none(),
    };
    terms.iter().map(named).collect()
}

fn body(line: &Line, vocabulary: &Vocabulary, language: Language) -> WordBody {
    let own = line.own.as_ref();
    WordBody {
        id: own.map(|word| word.id.to_string()),
        phrase: line.phrase.clone(),
        terms: named(&line.terms, vocabulary, language),
        name: line.name,
        sign: (!line.sign.is_empty()).then(|| line.sign.clone()),
        replaces: own.is_some_and(|word| word.draft.replaces),
        note: own.map(|word| word.draft.note.clone()).unwrap_or_default(),
        version: own.map(|word| word.version),
        written_by: own.map(|word| word.writer.clone()),
        written_at: own.map(|word| clock::stored(word.written_at)),
        withdrawn_at: own.and_then(|word| word.withdrawn_at).map(clock::stored),
    }
}

/// A warning in words.
pub(in crate::everyday) fn warned(warning: &Warning, vocabulary: &Vocabulary, locale: Locale) -> String {
    let names: Vec<String> = warning.terms().iter().map(|code| vocabulary.name(code, locale.into())).collect();
    let names = names.join(locale.pick("、", ", "));
    t!(format!("everyday.warning.{}", warning.name()), locale = locale.tag(), terms = names).into_owned()
}

/// The words of the installation, or those that everybody has.
#[utoipa::path(get, path = "/api/v1/everyday-words", tag = "everyday", params(Asked), responses((status = 200, body = WordsBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn list(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(asked): Query<Asked>) -> Result<Json<WordsBody>> {
    let found = list::list(&app, &actor, asked.which, &asked.q, asked.page.unwrap_or(1)).await?;
    let vocabulary = app.vocabulary.get();
    let words = found.lines.iter().map(|line| body(line, &vocabulary, visit.locale.into())).collect();
    Ok(Json(WordsBody { everyday_words: words, meta: Meta { total: found.total as u64 } }))
}

/// Adds a word. It is understood at once, everywhere.
#[utoipa::path(post, path = "/api/v1/everyday-words", tag = "everyday", request_body = WordInput, responses((status = 201, body = AddedBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn add(
    State(app): State<Arc<App>>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(input): Json<WordInput>,
) -> Result<(StatusCode, Json<AddedBody>)> {
    let WordInput { phrase, terms, replaces, sign, note } = input;
    let id = actions::add(&app, &actor, &Typed { phrase, terms, replaces, sign, note }, key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(AddedBody { id: id.to_string() })))
}

/// Changes a word. A sign of danger stays as it is.
#[utoipa::path(put, path = "/api/v1/everyday-words/{id}", tag = "everyday", params(("id" = String, Path)), request_body = ChangeInput, responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Json(input): Json<ChangeInput>,
) -> Result<StatusCode> {
    let ChangeInput { phrase, terms, replaces, note, version } = input;
    let typed = Typed { phrase, terms, replaces, note, sign: String::new() };
    actions::change(&app, &actor, &word_id(&id)?, &typed, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a word out of use. A sign of danger stays.
#[utoipa::path(delete, path = "/api/v1/everyday-words/{id}", tag = "everyday", params(("id" = String, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn withdraw(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>) -> Result<StatusCode> {
    actions::withdraw(&app, &actor, &word_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn preview_body(preview: &Preview, vocabulary: &Vocabulary, locale: Locale) -> PreviewBody {
    let understood =
        |of: &Understood| UnderstoodBody { needs: named(&of.needs, vocabulary, locale.into()), signs: of.signs.clone(), total: of.total };
    let warning = |warning: &Warning| WarningBody {
        kind: warning.name(),
        text: warned(warning, vocabulary, locale),
        terms: named(warning.terms(), vocabulary, locale.into()),
    };
    let (come, go) = preview.turnover();
    PreviewBody {
        before: understood(&preview.before),
        after: understood(&preview.after),
        come,
        go,
        warnings: preview.warnings.iter().map(warning).collect(),
    }
}

async fn tried(app: &App, actor: &Actor, visit: &Visit, id: Option<&EverydayWordId>, input: PreviewInput) -> Result<Json<PreviewBody>> {
    let PreviewInput { phrase, terms, replaces, sign, sample } = input;
    let typed = Typed { phrase, terms, replaces, sign, note: String::new() };
    let preview = actions::preview(app, actor, id, &typed, &sample).await?;
    Ok(Json(preview_body(&preview, &app.vocabulary.get(), visit.locale)))
}

/// What a new word would do to a text. Nothing is saved or counted.
#[utoipa::path(post, path = "/api/v1/everyday-words/preview", tag = "everyday", request_body = PreviewInput, responses((status = 200, body = PreviewBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn preview(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Json(input): Json<PreviewInput>,
) -> Result<Json<PreviewBody>> {
    tried(&app, &actor, &visit, None, input).await
}

/// What a change of a word would do to a text. Nothing is saved or counted.
#[utoipa::path(post, path = "/api/v1/everyday-words/{id}/preview", tag = "everyday", params(("id" = String, Path)), request_body = PreviewInput, responses((status = 200, body = PreviewBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn preview_change(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Json(input): Json<PreviewInput>,
) -> Result<Json<PreviewBody>> {
    tried(&app, &actor, &visit, Some(&word_id(&id)?), input).await
}

fn row_body(row: &Row, locale: Locale) -> RowBody {
    let reason = match &row.outcome {
        Outcome::Refused(fault) => Some(fault.text(locale)),
        _ => None,
    };
    RowBody { line: row.line, text: row.text.clone(), outcome: row.outcome.name(), reason }
}

/// Takes rows in, each a phrase, a tab and codes of terms: all of them, or none where one is refused.
#[utoipa::path(post, path = "/api/v1/everyday-words/paste", tag = "everyday", request_body = PasteInput, responses((status = 200, body = PastedBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn paste(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Json(input): Json<PasteInput>) -> Result<Json<PastedBody>> {
    let pasted = actions::paste(&app, &actor, &input.text, !input.check).await?;
    if !input.check {
        pasted.refused()?;
    }
    Ok(Json(PastedBody { rows: pasted.rows.iter().map(|row| row_body(row, visit.locale)).collect(), taken: pasted.taken }))
}
