//! The sheet of one case: what a meeting looks at and writes.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;

use super::super::actions::{self, NewAct, NewDecision, NewDissent, Opened, Written};
use super::super::api::{conference_id, item_id};
use super::super::model::{Code, Params, State as Stands, TEXTS};
use super::words;
use crate::access::Actor;
use crate::app::App;
use crate::case::word;
use crate::error::{Error, Faults, Result};
use crate::id::{AccountId, NeedId, OrganizationId};
use crate::matching::words as reasons;
use crate::secret::Hidden;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

struct Offer {
    site: String,
    name: String,
    organization: String,
    reasons: Vec<String>,
    way: String,
    places: String,
}

struct Options {
    name: String,
    offers: Vec<Offer>,
}

struct TextField {
    name: String,
    label: String,
    value: String,
    fault: String,
}

#[derive(Template)]
#[template(path = "conference/html/sheet.html")]
#[expect(clippy::struct_excessive_bools, reason = "what the template shows or does not")]
struct SheetPage {
    page: Page,
    form: FormState,
    conference: String,
    title: String,
    item: String,
    version: String,
    position: u32,
    total: usize,
    previous: String,
    next: String,
    words: words::Words,
    options: Vec<Options>,
    texts: Vec<TextField>,
    runs: bool,
    sits: bool,
    open: bool,
    signed: bool,
    codes: Vec<Choice>,
    needs: Vec<Choice>,
    risks: Vec<Choice>,
    ways: Vec<Choice>,
    workers: Vec<Choice>,
    approvals: Vec<Choice>,
    bodies: Vec<Choice>,
    checkers: Vec<Choice>,
}

/// The sheet of one case.
pub async fn sheet(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path((id, item)): Path<(String, String)>) -> Result<Response> {
    Ok(Html(sheet_page(&app, &actor, &visit, (&id, &item), FormState::new()).await?).into_response())
}

async fn sheet_page(app: &App, actor: &Actor, visit: &Visit, (id, item): (&str, &str), form: FormState) -> Result<SheetPage> {
    let locale = visit.locale;
    let id = conference_id(id)?;
    let opened = actions::open(app, actor, &id, &item_id(item)?).await?;
    let Opened { conference, item, sheet, runs, previous, next, items, colleagues, checkers, to_approve } = opened;
    let open = conference.is_open();
    let words = words::sheet(app, &sheet, locale);
    let options = if runs && open { offers(app, actor, &item.case, &words, locale).await? } else { Vec::new() };
    let bodies = if runs && open { actions::bodies(app, actor, &id).await? } else { Vec::new() };
    let levels = app.categories.get();
    let texts = words.texts.iter().map(|(name, label, value)| TextField {
        value: if form.has("part", "texts") { form.value(name).to_owned() } else { value.clone() },
        fault: form.fault(name).to_owned(),
        name: name.clone(),
        label: label.clone(),
    });
    Ok(SheetPage {
        page: Page::new(visit, format!("{} · {}", word("conference", "sheet", locale), words.alias)),
        conference: conference.id.to_string(),
        title: conference.title.clone(),
        item: item.id.to_string(),
        version: item.version.to_string(),
        position: item.position,
        total: items.len(),
        previous: previous.map(|id| id.to_string()).unwrap_or_default(),
        next: next.map(|id| id.to_string()).unwrap_or_default(),
        texts: texts.collect(),
        codes: form.options("code", Code::ALL.map(|code| (code.name(), word("decision.code", code.name(), locale)))),
        needs: form.options("need", words.needs.iter().map(|need| (need.id.clone(), need.name.clone()))),
        ways: form
            .options("parallel", [("yes", "parallel"), ("no", "cascade")].map(|(value, way)| (value, word("decision.way", way, locale)))),
        risks: form.options("risk", levels.risks.iter().map(|level| (level.named.code.clone(), level.named.name(locale).to_owned()))),
        workers: form.options("worker", colleagues.into_iter().map(|(id, name)| (id.to_string(), name))),
        approvals: form.options("referral", to_approve.into_iter().map(|(number, id)| (id, number))),
        bodies: form.options("organization", bodies.into_iter().map(|(id, name)| (id.to_string(), name))),
        checkers: form.options("checker", checkers.into_iter().map(|(id, name)| (id.to_string(), name))),
        sits: runs && conference.state == Stands::InSession,
        signed: conference.state == Stands::Signed,
        open: runs && open,
        words,
        options,
        runs,
        form,
    })
}

async fn offers(
    app: &App,
    actor: &Actor,
    case: &crate::id::CaseId,
    words: &words::Words,
    locale: crate::locale::Locale,
) -> Result<Vec<Options>> {
    let offered = actions::options(app, actor, case, locale).await?;
    let line = |offered: actions::Offered| {
        let name = words.needs.iter().find(|need| need.id == offered.need.to_string()).map(|need| need.name.clone());
        let offers = offered.services.iter().map(|service| Offer {
            site: service.service_at_location.to_string(),
            name: service.name.clone(),
            organization: service.organization_name.clone(),
            reasons: reasons::reasons(service, locale),
            way: reasons::way(service, locale),
            places: reasons::places(service, locale),
        });
        Options { name: name.unwrap_or_default(), offers: offers.collect() }
    };
    Ok(offered.into_iter().map(line).collect())
}

/// Gives the sheet back after a form of it: done, or as it was typed.
async fn answer(
    app: &App,
    actor: &Actor,
    visit: &Visit,
    (id, item): (&str, &str),
    typed: Vec<(String, String)>,
    done: Result<&'static str>,
) -> Result<Response> {
    match done {
        Ok(notice) => redirect(&format!("/conferences/{id}/items/{item}"), Some(notice)),
        Err(error) => {
            let state = FormState::refused(typed, error, visit.locale)?;
            Ok(Html(sheet_page(app, actor, visit, (id, item), state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The fields of a form.
struct Fields<'a>(&'a [(String, String)]);

impl Fields<'_> {
    fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    fn hidden(&self, name: &str) -> Hidden {
        Hidden::new(self.one(name))
    }

    fn day(&self, name: &str) -> Result<jiff::civil::Date> {
        let text = self.one(name);
        text.parse().map_err(|_| Error::invalid(name, if text.is_empty() { "required" } else { "day_form" }))
    }
}

/// What a form of the sheet brings: its fields as typed.
pub type Typed = Form<Vec<(String, String)>>;

/// Writes the snapshot, the question and the next review.
pub async fn write(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path((id, item)): Path<(String, String)>,
    form: Typed,
) -> Result<Response> {
    let fields = Fields(&form.typed);
    let words = TEXTS.iter().map(|(name, _)| (*name, fields.hidden(name))).collect();
    let next_review = if fields.one("next_review").is_empty() { Ok(None) } else { fields.day("next_review").map(Some) };
    let done = match next_review {
        Ok(next_review) => {
            let written = Written { words, next_review: Some(next_review), version: fields.one("version").parse().ok() };
            actions::write(&app, &actor, &conference_id(&id)?, &item_id(&item)?, &written).await.map(|()| "sheet_saved")
        }
        Err(error) => Err(error),
    };
    answer(&app, &actor, &visit, (&id, &item), form.typed, done).await
}

/// Decides.
pub async fn decide(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path((id, item)): Path<(String, String)>,
    form: Typed,
) -> Result<Response> {
    let fields = Fields(&form.typed);
    let sites = form.typed.iter().filter(|(name, value)| name == "site" && !value.is_empty()).map(|(_, value)| value.clone());
    let done = match Code::of(fields.one("code")) {
        Some(code) => {
            let params = Params {
                sites: sites.collect(),
                parallel: match fields.one("parallel") {
                    "" => None,
                    answer => Some(answer == "yes"),
                },
                referral: fields.one("referral").to_owned(),
                risk: fields.one("risk").to_owned(),
                worker: fields.one("worker").to_owned(),
            };
            let new = NewDecision { code, need: NeedId::parse(fields.one("need")).ok(), params, note: fields.hidden("note") };
            let decided = actions::decide_item(&app, &actor, &conference_id(&id)?, &item_id(&item)?, &new, form.key.as_ref()).await;
            decided.map(|executed| if executed { "decided" } else { "decided_in_vain" })
        }
        None => Err(Error::invalid("code", "required")),
    };
    answer(&app, &actor, &visit, (&id, &item), form.typed, done).await
}

/// Writes down that a body dissents.
pub async fn dissent(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path((id, item)): Path<(String, String)>,
    form: Typed,
) -> Result<Response> {
    let fields = Fields(&form.typed);
    let done = match fields.day("dissent_day") {
        Ok(due_day) => {
            let new = NewDissent {
                decision: fields.one("decision").parse().unwrap_or(0),
                body: fields.one("body").to_owned(),
                reason: fields.hidden("reason"),
                next_step: fields.hidden("next_step"),
                due_day,
            };
            let noted = actions::dissent(&app, &actor, &conference_id(&id)?, &item_id(&item)?, &new, form.key.as_ref()).await;
            noted.map(|()| "dissent_noted").map_err(of_dissent)
        }
        Err(error) => Err(error),
    };
    answer(&app, &actor, &visit, (&id, &item), form.typed, done).await
}

/// The day of a dissent stands beside that of an action on the page, under a name of its own.
fn of_dissent(error: Error) -> Error {
    match error {
        Error::Invalid(mut faults) => {
            faults.iter_mut().filter(|fault| fault.field == "due_day").for_each(|fault| "dissent_day".clone_into(&mut fault.field));
            Error::Invalid(faults)
        }
        other => other,
    }
}

/// Agrees on an action.
pub async fn agree(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path((id, item)): Path<(String, String)>,
    form: Typed,
) -> Result<Response> {
    let fields = Fields(&form.typed);
    let mut faults = Faults::new();
    let organization = OrganizationId::parse(fields.one("organization")).ok();
    faults.require(organization.is_some(), "organization", "required");
    let day = fields.day("due_day");
    let done = match (faults.settle(), organization, day) {
        (Ok(()), Some(organization), Ok(due_day)) => {
            let new = NewAct {
                what: fields.hidden("what"),
                evidence: fields.hidden("evidence"),
                organization,
                account: None,
                person: fields.one("person").to_owned(),
                backup: fields.one("backup").to_owned(),
                due_day,
                checker: AccountId::parse(fields.one("checker")).ok(),
            };
            let agreed = actions::agree(&app, &actor, &conference_id(&id)?, &item_id(&item)?, &new, form.key.as_ref()).await;
            agreed.map(|()| "action_agreed")
        }
        (Err(error), ..) | (_, _, Err(error)) => Err(error),
        (Ok(()), None, _) => Err(Error::invalid("organization", "required")),
    };
    answer(&app, &actor, &visit, (&id, &item), form.typed, done).await
}
