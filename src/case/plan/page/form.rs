//! The form of a draft: the whole, and a row of fields for each goal, with two empty ones at the end.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use rust_i18n::t;

use super::super::super::page::{case_id, term, word};
use super::super::actions::{self, Content, View, Written, WrittenGoal};
use super::super::model::{FEE_SOURCES, GOALS};
use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Faults, Result};
use crate::id::{GoalId, NeedId};
use crate::secret::Hidden;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

/// The fields of one goal.
struct Row {
    number: usize,
    id: String,
    needs: Vec<Choice>,
    fees: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "case/html/plan_edit.html")]
struct EditPage {
    page: Page,
    form: FormState,
    id: String,
    alias: String,
    version: String,
    changes: bool,
    remark: String,
    rows: Vec<Row>,
}

impl EditPage {
    fn at(&self, name: &str, number: usize) -> &str {
        self.form.value(&format!("{name}_{number}"))
    }

    fn fault(&self, name: &str, number: usize) -> &str {
        self.form.fault(&format!("{name}_{number}"))
    }
}

/// The form of the draft: what was written, or the plan in force to go on with, or the needs of the case to begin with.
pub async fn edit(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = actions::view(&app, &actor, &case_id(&id)?).await?;
    if !view.may_write {
        return Err(Error::Forbidden { why: "role" });
    }
    let typed = match view.draft().or_else(|| view.current()) {
        Some(content) => written_fields(content),
        None => fresh_fields(&app, &view, visit.locale),
    };
    Ok(Html(edit_page(&app, &visit, &view, FormState::filled(typed))).into_response())
}

fn written_fields(content: &Content) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = vec![("review_day".into(), content.plan.review_day.to_string())];
    let draft = content.plan.state == super::super::model::State::Draft;
    for name in ["child_opinion", "guardian_opinion", "fallback", "reason"] {
        if draft || name != "reason" {
            fields.push((name.into(), content.words.get(name).to_owned()));
        }
    }
    for (number, goal) in (1..).zip(&content.goals) {
        let mut add = |name: &str, value: String| fields.push((format!("{name}_{number}"), value));
        add("id", goal.id.to_string());
        add("need", goal.need.as_ref().map(ToString::to_string).unwrap_or_default());
        for name in ["goal", "measure", "responsible"] {
            add(name, goal.words.get(name).to_owned());
        }
        add("fee", goal.fee_source.clone().unwrap_or_default());
        add("from", goal.from_day.to_string());
        add("review", goal.review_day.to_string());
    }
    fields
}

/// One goal for each need that is not settled, to be reached in three months and looked at in one.
fn fresh_fields(app: &App, view: &View, locale: crate::locale::Locale) -> Vec<(String, String)> {
    let today = app.today();
    let later = |days: i64| today.saturating_add(jiff::ToSpan::days(days)).to_string();
    let mut fields = vec![("review_day".to_owned(), later(90))];
    let open = view.needs.iter().filter(|need| !need.state.is_final()).take(GOALS - 2);
    for (number, need) in (1..).zip(open) {
        let mut add = |name: &str, value: String| fields.push((format!("{name}_{number}"), value));
        add("need", need.id.to_string());
        add("goal", t!("plan.goal_for", locale = locale.tag(), need = term(app, &need.term, locale)).into_owned());
        add("from", today.to_string());
        add("review", later(30));
    }
    fields
}

fn edit_page(app: &App, visit: &Visit, view: &View, form: FormState) -> EditPage {
    let locale = visit.locale;
    let filled = (1..=GOALS).rev().find(|number| !form.value(&format!("goal_{number}")).is_empty()).unwrap_or(0);
    let asked = form.value("rows").parse::<usize>().unwrap_or(0);
    let shown = (filled + 2).max(asked).min(GOALS);
    let rows = (1..=shown).map(|number| Row {
        number,
        id: form.value(&format!("id_{number}")).to_owned(),
        needs: form.options(&format!("need_{number}"), view.needs.iter().map(|need| (need.id.to_string(), term(app, &need.term, locale)))),
        fees: form.options(&format!("fee_{number}"), FEE_SOURCES.map(|source| (source, word("plan.fee", source, locale)))),
    });
    EditPage {
        page: Page::titled(visit, "plan.edit"),
        id: view.case.id.to_string(),
        alias: view.alias.clone(),
        version: view.draft().map(|draft| draft.plan.version.to_string()).unwrap_or_default(),
        changes: view.current().is_some(),
        remark: view.draft().map(|draft| draft.words.get("remark").to_owned()).unwrap_or_default(),
        rows: rows.collect(),
        form,
    }
}

/// The fields of the form.
struct Fields<'a>(&'a [(String, String)]);

impl Fields<'_> {
    fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    fn hidden(&self, name: &str) -> Hidden {
        Hidden::new(self.one(name))
    }

    fn day(&self, name: &str, faults: &mut Faults) -> Date {
        faults.day(name, self.one(name)).unwrap_or_default()
    }

    fn written(&self) -> Result<Written> {
        let mut faults = Faults::new();
        let review_day = self.day("review_day", &mut faults);
        let mut goals = Vec::new();
        for number in 1..=GOALS {
            let at = |name: &str| format!("{name}_{number}");
            let texts = ["goal", "measure", "responsible"].map(|name| self.hidden(&at(name)));
            if texts.iter().all(Hidden::is_empty) {
                continue;
            }
            let need = self.one(&at("need"));
            faults.require(need.is_empty() || NeedId::parse(need).is_ok(), &at("need"), "choice");
            let [goal, measure, responsible] = texts;
            goals.push(WrittenGoal {
                id: GoalId::parse(self.one(&at("id"))).ok(),
                need: NeedId::parse(need).ok(),
                goal,
                measure,
                responsible,
                fee_source: Some(self.one(&at("fee")).to_owned()).filter(|fee| !fee.is_empty()),
                from_day: self.day(&at("from"), &mut faults),
                review_day: self.day(&at("review"), &mut faults),
            });
        }
        faults.settle()?;
        Ok(Written {
            review_day,
            child_opinion: self.hidden("child_opinion"),
            guardian_opinion: self.hidden("guardian_opinion"),
            fallback: self.hidden("fallback"),
            reason: self.hidden("reason"),
            goals,
            version: self.one("version").parse().ok(),
            submit: self.one("step") == "submit",
        })
    }
}

/// Moves the goals that are filled to the front, so that the numbers of refused fields are those of the form that comes back.
fn closed_up(typed: Vec<(String, String)>) -> Vec<(String, String)> {
    const NAMES: [&str; 8] = ["id", "need", "goal", "measure", "responsible", "fee", "from", "review"];
    let part = |field: &str| {
        field.rsplit_once('_').and_then(|(name, number)| Some((NAMES.iter().find(|known| **known == name)?, number.parse::<usize>().ok()?)))
    };
    let filled: Vec<usize> = (1..=GOALS)
        .filter(|number| {
            let says = |name: &str| typed.iter().any(|(field, value)| *field == format!("{name}_{number}") && !value.is_empty());
            says("goal") || says("measure") || says("responsible")
        })
        .collect();
    typed
        .into_iter()
        .filter_map(|(field, value)| match part(&field) {
            None => Some((field, value)),
            Some((name, number)) => {
                let place = filled.iter().position(|there| *there == number)?;
                Some((format!("{name}_{}", place + 1), value))
            }
        })
        .collect()
}

/// Stores the draft, hands it in, or gives the form back with more rows.
pub async fn save(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let case = case_id(&id)?;
    let typed = closed_up(form.typed);
    let fields = Fields(&typed);
    if fields.one("step") == "rows" {
        let rows = (fields.one("rows").parse::<usize>().unwrap_or(0) + 3).min(GOALS).to_string();
        let view = actions::view(&app, &actor, &case).await?;
        let more = typed.iter().filter(|(name, _)| name != "rows").cloned().chain([("rows".to_owned(), rows)]);
        return Ok(Html(edit_page(&app, &visit, &view, FormState::filled(more))).into_response());
    }
    let done = match fields.written() {
        Ok(written) => actions::write(&app, &actor, &case, &written, form.key.as_ref()).await.map(|()| written.submit),
        Err(error) => Err(error),
    };
    match done {
        Ok(submitted) => redirect(&format!("/cases/{id}/plan"), Some(if submitted { "plan_submitted" } else { "plan_saved" })),
        Err(error) => {
            let view = actions::view(&app, &actor, &case).await?;
            let state = FormState::refused(typed, error, visit.locale)?;
            Ok(Html(edit_page(&app, &visit, &view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
