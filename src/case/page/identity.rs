//! What names the child, shown for a purpose; and who has looked (谁看过).

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, Identified, View};
use super::super::model::{DIAGNOSES, Guardian, Item, Purpose, items, name, named};
use super::intake::case_id;
use super::words::{instant, language, term, word};
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::locale::Locale;
use crate::secret::Hidden;
use crate::web::{Choice, Form, FormState, Html, Page, Visit};

#[derive(Template)]
#[template(path = "case/html/purpose.html")]
struct PurposePage {
    page: Page,
    form: FormState,
    id: String,
    alias: String,
    purposes: Vec<Choice>,
    items: Vec<Choice>,
}

/// The form that asks why.
pub async fn identity(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = actions::view(&app, &actor, &case_id(&id)?).await?;
    let permitted = items(view.classes);
    if !view.may.identify || permitted.is_empty() {
        return Err(Error::Forbidden { why: "role" });
    }
    let first = permitted.first().map(|item| ("items", name(item)));
    Ok(Html(purpose_page(&visit, &view, FormState::filled(first))).into_response())
}

fn purpose_page(visit: &Visit, view: &View, form: FormState) -> PurposePage {
    let labelled =
        |root: &'static str, codes: Vec<String>| codes.into_iter().map(move |code| (code.clone(), word(root, &code, visit.locale)));
    PurposePage {
        page: Page::titled(visit, "case.identity_title"),
        id: view.case.id.to_string(),
        alias: view.brief.alias.clone(),
        purposes: form.options("purpose", labelled("case.purpose", Purpose::ALL.iter().map(name).collect())),
        items: form.options("items", labelled("case.item", items(view.classes).iter().map(name).collect())),
        form,
    }
}

/// What is asked for, and why.
#[derive(Debug, Deserialize)]
pub struct IdentityForm {
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    items: Vec<String>,
}

struct Line {
    label: String,
    value: Hidden,
}

struct Person {
    relation: String,
    name: Option<Hidden>,
    phone: Option<Hidden>,
    state: String,
    evidence: String,
    suspected: bool,
}

#[derive(Template)]
#[template(path = "case/html/identified.html")]
struct IdentifiedPage {
    page: Page,
    id: String,
    purpose: String,
    lines: Vec<Line>,
    guardians: Vec<Person>,
    contact: bool,
    states: bool,
    texts: Vec<Line>,
}

/// Shows what was asked for. The event is in the log before this page is written.
pub async fn identified(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<IdentityForm>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let asked: Vec<Item> = form.value.items.iter().filter_map(|item| named(item)).collect();
    let found = match named::<Purpose>(&form.value.purpose) {
        Some(purpose) => actions::identify(&app, &actor, &id, purpose, &asked).await,
        None => Err(Error::invalid("purpose", "purpose")),
    };
    match found {
        Ok(found) => Ok(Html(identified_page(&app, &visit, &form.value.purpose, found)).into_response()),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let view = actions::view(&app, &actor, &id).await?;
            Ok(Html(purpose_page(&visit, &view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn identified_page(app: &App, visit: &Visit, purpose: &str, found: Identified) -> IdentifiedPage {
    let locale = visit.locale;
    let line = |key: &str, value: Option<Hidden>| value.map(|value| Line { label: word("case", key, locale), value });
    let identity = found.identity;
    let lines = [
        line("item.name", identity.name),
        line("identity_number", identity.identity_number),
        line("birth_date", identity.birth_date),
        line("phone", identity.phone),
        line("item.address", identity.address),
        line("school", identity.school),
        line("point", identity.point),
    ];
    let writing = found.writing;
    let diagnoses = writing.diagnoses.as_ref().map(|json| worded_diagnoses(json, locale));
    let texts = [line("narrative", writing.narrative), line("diagnoses", diagnoses), line("certificates", writing.certificates)];
    let needs = &found.view.needs;
    let words = found.words.into_iter().filter_map(|(id, value)| {
        let need = needs.iter().find(|need| need.id == id)?;
        Some(Line { label: term(app, &need.term, locale), value })
    });
    IdentifiedPage {
        page: Page::new(visit, &found.view.brief.alias),
        id: found.view.case.id.to_string(),
        purpose: word("case.purpose", purpose, locale),
        lines: lines.into_iter().flatten().collect(),
        contact: found.items.contains(&Item::Contact),
        states: found.items.contains(&Item::Guardians),
        guardians: found.guardians.into_iter().map(|one| person(one, locale)).collect(),
        texts: texts.into_iter().flatten().chain(words).collect(),
    }
}

fn person(guardian: Guardian, locale: Locale) -> Person {
    let since = guardian.since.map(|day| format!(" {day}")).unwrap_or_default();
    Person {
        relation: word("case.relation_of", &name(&guardian.relation), locale),
        state: format!("{}{since}", word("case.guardian_state", &name(&guardian.state), locale)),
        name: guardian.name,
        phone: guardian.phone,
        evidence: guardian.evidence,
        suspected: guardian.suspected,
    }
}

/// Diagnoses made and excluded, in words.
fn worded_diagnoses(json: &Hidden, locale: Locale) -> Hidden {
    let codes: std::collections::BTreeMap<String, bool> = serde_json::from_str(json.reveal()).unwrap_or_default();
    let worded = DIAGNOSES.iter().filter_map(|one| {
        let made = codes.get(&name(one))?;
        Some(format!("{} {}", if *made { "✓" } else { "✗" }, one.words(language(locale))))
    });
    Hidden::new(worded.collect::<Vec<_>>().join(locale.pick("、", ", ")))
}

struct SeenRow {
    at: String,
    name: String,
    role: String,
    action: String,
    fields: String,
    purpose: String,
}

#[derive(Template)]
#[template(path = "case/html/log.html")]
struct LogPage {
    page: Page,
    id: String,
    number: String,
    rows: Vec<SeenRow>,
}

/// Who saw a case.
pub async fn log(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let (case, seen) = actions::who_saw(&app, &actor, &case_id(&id)?).await?;
    let locale = visit.locale;
    let rows = seen.into_iter().map(|one| SeenRow {
        at: one.at.parse().map(instant).unwrap_or(one.at),
        name: one.name,
        role: word("role", &one.role, locale),
        fields: one.fields.iter().filter_map(|field| field_word(&app, field, locale)).collect::<Vec<_>>().join(locale.pick("、", ", ")),
        purpose: one.purpose.map(|purpose| word("case.purpose", &purpose, locale)).unwrap_or_default(),
        action: word("case.event", &one.action.trim_start_matches("case.").replace('.', "_"), locale),
    });
    let rows = rows.collect();
    Ok(Html(LogPage { page: Page::titled(&visit, "case.log_title"), id: case.id.to_string(), number: case.number, rows }).into_response())
}

/// A field name of the log in words: an item, a class, a fact, a step, or a need. What has no words is left out.
fn field_word(app: &App, field: &str, locale: Locale) -> Option<String> {
    if let Ok(code) = field.parse() {
        return Some(term(app, &code, locale));
    }
    let roots = ["case.item", "case.class", "case.field", "case.action", "case.state"];
    let worded = roots.iter().map(|root| (format!("{root}.{field}"), word(root, field, locale)));
    worded.filter(|(key, text)| !text.ends_with(key.as_str())).map(|(_, text)| text).next()
}
