//! What stands in a plan, on the screen, on paper, and beside another version.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use rust_i18n::t;
use serde::Deserialize;

use super::super::super::model::Outcome;
use super::super::super::page::{case_id, instant, place, risk, term, word};
use super::super::actions::{self, Content, View};
use super::super::model::{Change, Goal, Reached, State as Stands, changes};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::GoalId;
use crate::locale::Locale;
use crate::secret::Hidden;
use crate::web::{Choice, Form, FormState, Html, Nothing, Page, Visit, redirect};

struct GoalRow {
    id: String,
    number: usize,
    need: String,
    goal: String,
    measure: String,
    responsible: String,
    fee: String,
    from: String,
    review: String,
    late: bool,
    /// How the need stands, and what that asks of an open goal; empty where there is nothing to say.
    need_state: String,
    calls: String,
    result: String,
    tone: &'static str,
    results: Vec<Choice>,
}

struct VersionView {
    number: u32,
    state: String,
    tone: &'static str,
    review: String,
    late: bool,
    /// Whether it is the approved one.
    runs: bool,
    writer: String,
    written: String,
    approver: String,
    approved: String,
    submitted: bool,
    count: usize,
    child_opinion: String,
    guardian_opinion: String,
    fallback: String,
    reason: String,
    remark: String,
    goals: Vec<GoalRow>,
}

#[derive(Template)]
#[template(path = "case/html/plan.html")]
struct PlanPage {
    page: Page,
    form: FormState,
    id: String,
    number: String,
    alias: String,
    current: Option<VersionView>,
    draft: Option<VersionView>,
    past: Vec<VersionView>,
    last_two: Option<(u32, u32)>,
    reads: bool,
    may_write: bool,
    may_approve: bool,
}

#[derive(Template)]
#[template(path = "case/html/plan_print.html")]
struct PrintPage {
    page: Page,
    alias: String,
    number: String,
    place: String,
    risk: String,
    plan: VersionView,
}

fn goal_row(app: &App, view: &View, locale: Locale, number: usize, goal: &Goal, today: Date) -> GoalRow {
    let need = goal.need.as_ref().and_then(|id| view.needs.iter().find(|need| need.id == *id));
    let text = |name: &str| goal.words.get(name).to_owned();
    GoalRow {
        id: goal.id.to_string(),
        number,
        need: need.map(|need| term(app, &need.term, locale)).unwrap_or_default(),
        need_state: need.map(|need| word("need.state", need.state.name(), locale)).unwrap_or_default(),
        calls: need.and_then(|need| calls(goal, need.state)).map(|what| word("plan.calls", what, locale)).unwrap_or_default(),
        goal: text("goal"),
        measure: text("measure"),
        responsible: text("responsible"),
        fee: goal.fee_source.as_ref().map(|source| word("plan.fee", source, locale)).unwrap_or_default(),
        from: goal.from_day.to_string(),
        review: goal.review_day.to_string(),
        late: goal.result == Reached::Open && goal.review_day <= today,
        result: word("plan.reached", goal.result.name(), locale),
        tone: match goal.result {
            Reached::Open => "info",
            Reached::Reached => "ok",
            Reached::Partly => "warn",
            Reached::NotReached => "bad",
        },
        results: Reached::ALL
            .map(|result| Choice {
                value: result.name().to_owned(),
                label: word("plan.reached", result.name(), locale),
                selected: result == goal.result,
                ..Choice::default()
            })
            .to_vec(),
    }
}

/// What has become of a need asks of its goal while nobody has said how that came out.
fn calls(goal: &Goal, state: Outcome) -> Option<&'static str> {
    if goal.result != Reached::Open {
        return None;
    }
    match state {
        Outcome::Met | Outcome::PartlyMet => Some("settle"),
        Outcome::NotMet | Outcome::Gap => Some("change"),
        Outcome::NoLongerNeeded => Some("drop"),
        Outcome::Open => Some("ask"),
        Outcome::InDispatch | Outcome::BeingServed => None,
    }
}

fn version_view(app: &App, view: &View, locale: Locale, content: &Content) -> VersionView {
    let (plan, today) = (&content.plan, app.today());
    let text = |name: &str| content.words.get(name).to_owned();
    VersionView {
        number: plan.number,
        state: word("plan.state", plan.state.name(), locale),
        tone: match plan.state {
            Stands::Draft if plan.submitted_at.is_some() => "warn",
            Stands::Draft => "",
            Stands::Approved => "ok",
            Stands::Replaced => "plain",
        },
        review: plan.review_day.to_string(),
        late: plan.state == Stands::Approved && plan.review_day <= today,
        runs: plan.state == Stands::Approved,
        writer: content.writer.clone(),
        written: instant(plan.written_at),
        approver: content.approver.clone(),
        approved: plan.approved_at.map(instant).unwrap_or_default(),
        submitted: plan.submitted_at.is_some(),
        count: content.count,
        child_opinion: text("child_opinion"),
        guardian_opinion: text("guardian_opinion"),
        fallback: text("fallback"),
        reason: text("reason"),
        remark: text("remark"),
        goals: (1..).zip(&content.goals).map(|(number, goal)| goal_row(app, view, locale, number, goal, today)).collect(),
    }
}

/// The plan of a case.
pub async fn show(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = actions::view(&app, &actor, &case_id(&id)?).await?;
    Ok(Html(plan_page(&app, &visit, &view, FormState::new())).into_response())
}

fn plan_page(app: &App, visit: &Visit, view: &View, form: FormState) -> PlanPage {
    let of = |content: &Content| version_view(app, view, visit.locale, content);
    let past: Vec<VersionView> = view.versions.iter().filter(|content| content.plan.state == Stands::Replaced).map(of).collect();
    let last_two = match view.versions.as_slice() {
        [last, before, ..] if view.reads => Some((before.plan.number, last.plan.number)),
        _ => None,
    };
    PlanPage {
        page: Page::titled(visit, "plan.title"),
        id: view.case.id.to_string(),
        number: view.case.number.clone(),
        alias: view.alias.clone(),
        current: view.current().map(of),
        draft: view.draft().map(of),
        past,
        last_two,
        reads: view.reads,
        may_write: view.may_write,
        may_approve: view.may_approve,
        form,
    }
}

/// The plan on paper, to be signed: the version in force, else the draft.
pub async fn print(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = actions::view(&app, &actor, &case_id(&id)?).await?;
    if !view.reads {
        return Err(Error::Forbidden { why: "role" });
    }
    let content = view.current().or_else(|| view.draft()).ok_or(Error::Conflict { why: "plan_missing" })?;
    let page = PrintPage {
        page: Page::titled(&visit, "plan.title"),
        alias: view.alias.clone(),
        number: view.case.number.clone(),
        place: place(&app, &view.case.division),
        risk: view.case.risk.as_ref().map(|level| risk(&app, &level.0, visit.locale).2).unwrap_or_default(),
        plan: version_view(&app, &view, visit.locale, content),
    };
    Ok(Html(page).into_response())
}

struct ChangeRow {
    what: String,
    tone: &'static str,
    before: Option<GoalRow>,
    after: Option<GoalRow>,
}

#[derive(Template)]
#[template(path = "case/html/plan_compare.html")]
struct ComparePage {
    page: Page,
    id: String,
    alias: String,
    from: u32,
    to: u32,
    reason: String,
    rows: Vec<ChangeRow>,
}

/// Which two versions.
#[derive(Debug, Deserialize)]
pub struct Which {
    from: u32,
    to: u32,
}

/// Two versions side by side.
pub async fn compare(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response> {
    let view = actions::view(&app, &actor, &case_id(&id)?).await?;
    if !view.reads {
        return Err(Error::Forbidden { why: "role" });
    }
    let of =
        |number: u32| view.versions.iter().find(|content| content.plan.number == number).ok_or_else(|| Error::missing("plan", &number));
    let (before, after) = (of(which.from)?, of(which.to)?);
    let row = |goal: &Goal| goal_row(&app, &view, visit.locale, 0, goal, app.today());
    let rows = changes(&before.goals, &after.goals).into_iter().map(|change| {
        let (what, tone, before, after) = match change {
            Change::Added(goal) => ("added", "ok", None, Some(row(goal))),
            Change::Dropped(goal) => ("dropped", "bad", Some(row(goal)), None),
            Change::Changed(old, goal) => ("changed", "warn", Some(row(old)), Some(row(goal))),
            Change::Kept(goal) => ("kept", "plain", Some(row(goal)), Some(row(goal))),
        };
        ChangeRow { what: word("plan.changed", what, visit.locale), tone, before, after }
    });
    let page = ComparePage {
        page: Page::titled(&visit, "plan.compare"),
        id: view.case.id.to_string(),
        alias: view.alias.clone(),
        from: which.from,
        to: which.to,
        reason: after.words.get("reason").to_owned(),
        rows: rows.collect(),
    };
    Ok(Html(page).into_response())
}

/// Approves the draft that waits.
pub async fn approve(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, _: Form<Nothing>) -> Result<Response> {
    actions::approve(&app, &actor, &case_id(&id)?).await?;
    redirect(&format!("/cases/{id}/plan"), Some("plan_approved"))
}

/// A remark.
#[derive(Debug, Deserialize)]
pub struct RemarkForm {
    #[serde(default)]
    remark: Hidden,
}

/// Gives the draft back.
pub async fn give_back(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<RemarkForm>,
) -> Result<Response> {
    let case = case_id(&id)?;
    match actions::give_back(&app, &actor, &case, &form.value.remark).await {
        Ok(()) => redirect(&format!("/cases/{id}/plan"), Some("plan_returned")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let view = actions::view(&app, &actor, &case).await?;
            Ok(Html(plan_page(&app, &visit, &view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// How far a goal was reached.
#[derive(Debug, Deserialize)]
pub struct GoalForm {
    #[serde(default)]
    goal: String,
    result: Reached,
}

/// Says how far a goal was reached.
pub async fn settle(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, form: Form<GoalForm>) -> Result<Response> {
    let goal = GoalId::parse(&form.value.goal).map_err(|_| Error::missing("goal", &form.value.goal))?;
    actions::settle_goal(&app, &actor, &case_id(&id)?, &goal, form.value.result).await?;
    redirect(&format!("/cases/{id}/plan"), Some("plan_reviewed"))
}
