//! One case (儿童档案), masked, and its steps.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, View};
use super::super::model::{CaseStep, Item, Need, Tier, items, named};
use super::intake::case_id;
use super::words::{case_tone, days, instant, language, need_tone, place, sex, term, tier, word};
use crate::access::{Actor, Class};
use crate::app::App;
use crate::error::{Error, Result};
use crate::locale::Locale;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

/// Code, letter and label of a level of risk, as the mark shows it.
#[must_use]
pub fn risk(app: &App, code: &str, locale: Locale) -> (String, String, String) {
    let categories = app.categories.get();
    let label = categories.risk(code).map_or_else(|| code.to_owned(), |level| level.named.name(locale).to_owned());
    (code.to_owned(), word("case.risk_letter", code, locale), label)
}

struct NeedRow {
    id: String,
    name: String,
    tier: u8,
    tier_label: String,
    state: String,
    class: &'static str,
    note: String,
    matchable: bool,
    proposed: Option<(u8, String)>,
}

struct Fact {
    label: String,
    value: String,
}

struct Sealed {
    label: String,
    value: String,
}

#[derive(Template)]
#[template(path = "case/html/show.html")]
struct CasePage {
    page: Page,
    form: FormState,
    id: String,
    number: String,
    state: String,
    tone: &'static str,
    sub: String,
    risk: Option<(String, String, String)>,
    needs: Vec<NeedRow>,
    facts: Vec<Fact>,
    sealed: Vec<Sealed>,
    care_notes: Option<crate::secret::Hidden>,
    steps: Vec<Choice>,
    unmade: usize,
    made: usize,
    closed_reason: String,
    may: actions::May,
    worker: String,
    station: String,
    opened: String,
}

/// A case.
pub async fn case(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let view = actions::view(&app, &actor, &case_id(&id)?).await?;
    Ok(Html(case_page(&app, &visit, view, FormState::new())).into_response())
}

fn case_page(app: &App, visit: &Visit, view: View, form: FormState) -> CasePage {
    let locale = visit.locale;
    let today = app.today();
    let status = view.classes.has(Class::Status);
    let mut sub = vec![place(app, &view.brief.division)];
    if let Some(band) = view.brief.age_band {
        sub.insert(0, t!("case.band", locale = locale.tag(), band = band).into_owned());
    }
    sub.push(t!("case.days", locale = locale.tag(), days = days(view.case.opened_at, today)).into_owned());
    let unmade = view.duties.iter().filter(|duty| duty.made_at.is_none()).count();
    CasePage {
        page: Page::new(visit, &view.brief.alias),
        id: view.case.id.to_string(),
        number: view.case.number.clone(),
        state: word("case.state", view.case.state.name(), locale),
        tone: case_tone(view.case.state),
        sub: sub.join(" · "),
        risk: view.case.risk.as_ref().filter(|_| status).map(|level| risk(app, &level.0, locale)),
        needs: view.needs.iter().map(|need| need_row(app, locale, need, view.tier, status)).collect(),
        facts: facts(app, locale, &view),
        sealed: sealed(locale, &view),
        steps: steps(&view, locale, &form, today),
        unmade: if status { unmade } else { 0 },
        made: if status { view.duties.len() - unmade } else { 0 },
        closed_reason: view.case.closed_reason.clone().filter(|_| status).unwrap_or_default(),
        care_notes: view.care_notes,
        may: view.may,
        worker: view.worker,
        station: view.station,
        opened: instant(view.case.opened_at),
        form,
    }
}

/// Why a need ended: a person's words, or the outcome of its referral, which is a code.
fn settled(reason: &str, locale: Locale) -> String {
    const OUTCOMES: [&str; 5] = ["need_met", "need_partly_met", "not_met", "referred_on", "one_off_advice"];
    if OUTCOMES.contains(&reason) { word("referral.outcome", reason, locale) } else { reason.to_owned() }
}

fn need_row(app: &App, locale: Locale, need: &Need, default: Tier, status: bool) -> NeedRow {
    use super::super::model::Outcome::{BeingServed, Gap, InDispatch, Open};
    let (_, class) = need_tone(need.state);
    let mut note = Vec::new();
    if let Some(reason) = need.reason.as_ref().filter(|_| status) {
        note.push(settled(reason, locale));
    }
    if let Some(day) = need.target_day {
        note.push(t!("case.target", locale = locale.tag(), day = day).into_owned());
    }
    if need.unverified {
        note.push(word("case", "unverified", locale));
    }
    let unsettled = matches!(need.state, Open | InDispatch | Gap | BeingServed);
    let proposed = (unsettled && need.tier_reason.is_none() && need.tier != default).then(|| (default.number(), tier(default, locale)));
    NeedRow {
        id: need.id.to_string(),
        name: term(app, &need.term, locale),
        tier: need.tier.number(),
        tier_label: tier(need.tier, locale),
        state: word("need.state", need.state.name(), locale),
        class,
        note: note.join(" · "),
        matchable: matches!(need.state, Open | Gap | InDispatch),
        proposed,
    }
}

/// What is plain and of a class the actor sees.
fn facts(app: &App, locale: Locale, view: &View) -> Vec<Fact> {
    let (case, classes) = (&view.case, view.classes);
    let mut facts = Vec::new();
    let mut add = |key: &str, value: String| {
        let value = if value.is_empty() { word("case", "unknown", locale) } else { value };
        facts.push(Fact { label: word("case", key, locale), value });
    };
    let separator = locale.pick("、", ", ");
    let coded = |root: &str, code: &Option<String>| code.as_ref().map(|code| word(root, code, locale)).unwrap_or_default();
    if classes.has(Class::Care) {
        add("sex", sex(view.child.sex, locale));
        let mut travel = coded("case.mode", &case.travel.mode);
        if let Some(minutes) = case.travel.limit_minutes {
            travel.push_str(&t!("case.at_most", locale = locale.tag(), minutes = minutes));
        }
        add("travel_mode", travel);
    }
    add("languages", case.languages.iter().map(|spoken| word("case.language", spoken, locale)).collect::<Vec<_>>().join(separator));
    if classes.has(Class::Status) {
        let names = app.categories.get();
        let categories: Vec<_> = case.categories.iter().map(|code| names.child(code.as_str(), locale)).collect();
        let changed = case
            .categories_reason
            .as_ref()
            .map(|reason| t!("case.categories_changed", locale = locale.tag(), reason = reason).into_owned());
        add("categories", format!("{}{}", categories.join(separator), changed.unwrap_or_default()));
        add("guardian", coded("case.guardian_is", &case.guardian));
        add("hukou", case.hukou.as_ref().map(|code| hukou(app, code, locale)).unwrap_or_default());
        add("holds", held(case, locale, separator));
        add("school_stage", stage(case, locale));
        add("can_pay", coded("case.fee", &case.can_pay));
    }
    facts
}

fn hukou(app: &App, code: &lianjie_index::DivisionCode, locale: Locale) -> String {
    let divisions = app.divisions.get();
    if divisions.has(code) { divisions.full_name(code) } else { super::choices::province(code.as_str(), locale) }
}

fn held(case: &super::super::model::Case, locale: Locale, separator: &str) -> String {
    let worded = |(code, held): (&String, &bool)| {
        let paper: lianjie_index::rule::Paper = named(code)?;
        Some(format!("{} {}", if *held { "✓" } else { "✗" }, paper.words(language(locale))))
    };
    case.holds.iter().filter_map(worded).collect::<Vec<_>>().join(separator)
}

fn stage(case: &super::super::model::Case, locale: Locale) -> String {
    let stage: Option<lianjie_index::rule::Stage> = case.school_stage.as_ref().and_then(|code| named(code));
    stage.map(|stage| stage.words(language(locale)).to_owned()).unwrap_or_default()
}

/// The items that a purpose would show, and whether there is anything in them.
fn sealed(locale: Locale, view: &View) -> Vec<Sealed> {
    let filled = &view.filled;
    items(view.classes)
        .into_iter()
        .filter(|_| view.may.identify)
        .map(|item| {
            let there = match item {
                Item::Name => filled.name,
                Item::Address => filled.address,
                Item::Contact => filled.contact,
                Item::Number => filled.number,
                Item::Guardians => true,
                Item::Narrative => filled.narrative || filled.diagnoses,
            };
            let value = if there { "＊＊＊＊".to_owned() } else { word("case", "not_filled", locale) };
            Sealed { label: word("case.item", &super::super::model::name(&item), locale), value }
        })
        .collect()
}

/// The steps the state allows and the actor may take.
fn steps(view: &View, locale: Locale, form: &FormState, today: jiff::civil::Date) -> Vec<Choice> {
    let may = |step: &CaseStep| if step.is_supervisors() { view.may.approve } else { view.may.write };
    let allowed = CaseStep::ALL.into_iter().filter(|step| may(step) && view.case.step(*step, today).is_ok());
    form.options("step", allowed.map(|step| (step.name().to_owned(), word("case.action", step.name(), locale))))
}

/// A step of a case.
#[derive(Debug, Deserialize)]
pub struct StepForm {
    #[serde(default)]
    step: String,
    #[serde(default)]
    reason: String,
}

/// Takes a step.
pub async fn step(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<StepForm>,
) -> Result<Response> {
    let id = case_id(&id)?;
    let done = match named::<CaseStep>(&form.value.step) {
        Some(step) => actions::step(&app, &actor, &id, step, Some(&form.value.reason)).await.map(|_| ()),
        None => Err(Error::invalid("step", "required")),
    };
    match done {
        Ok(()) => redirect(&format!("/cases/{id}"), Some("case_stepped")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let view = actions::view(&app, &actor, &id).await?;
            Ok(Html(case_page(&app, &visit, view, state)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
