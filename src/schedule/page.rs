//! 时限和日历.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use lianjie_index::DivisionCode;
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, Change, Shown};
use super::api::division;
use super::model::{TIERS, read_days, read_length};
use crate::access::{Actor, Scope};
use crate::api::Query;
use crate::app::App;
use crate::calendar::model::Length;
use crate::calendar::store::Announced;
use crate::case::word;
use crate::error::{Error, Fault, Faults, Result};
use crate::locale::Locale;
use crate::referral::store::amount;
use crate::service::periods::{KINDS, of as period};
use crate::web::{Choice, Form, FormState, Html, Page, Tab, Visit, redirect};

/// A length in words.
fn written(length: Length, locale: Locale) -> String {
    let (amount, unit) = amount(length);
    let unit = word("schedule.unit", unit, locale);
    match locale {
        Locale::Zh => format!("{amount}{unit}"),
        Locale::En => format!("{amount} {unit}"),
    }
}

/// The two pages.
fn tabs(visit: &Visit, current: &str) -> Vec<Tab> {
    [("/schedule", "timers"), ("/schedule/days", "days"), ("/schedule/periods", "periods")]
        .map(|(href, name)| Tab {
            href: href.to_owned(),
            label: t!(format!("schedule.{name}"), locale = visit.locale.tag()).into_owned(),
            current: current == name,
        })
        .into()
}

/// A timer for a tier.
struct Cell {
    field: String,
    tier: String,
    label: String,
    own: String,
    /// What is stored: a box that still holds it is not a change, and one that somebody else changed meanwhile is told.
    was: String,
    wider: String,
    fault: String,
}

struct Line {
    name: String,
    what: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "schedule/html/timers.html")]
struct TimersPage {
    page: Page,
    tabs: Vec<Tab>,
    form: FormState,
    divisions: Vec<Choice>,
    division: String,
    place: String,
    tiers: Vec<(u8, String)>,
    lines: Vec<Line>,
    edits: bool,
}

/// Which division.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Where {
    division: String,
}

/// The division that was asked for, or the first of the actor's, or the first province.
fn place(app: &App, actor: &Actor, asked: &str) -> Result<DivisionCode> {
    if !asked.is_empty() {
        return division(asked);
    }
    let granted = actor.grants.iter().find_map(|grant| match &grant.scope {
        Scope::Division(code) => Some(code.clone()),
        _ => None,
    });
    let divisions = app.divisions.get();
    let province = || divisions.of_level("province").next().map(|province| province.code.clone());
    granted.or_else(province).ok_or_else(|| Error::missing("division", asked))
}

/// Provinces, prefectures and counties, in the order of their codes.
fn divisions(app: &App, chosen: &DivisionCode) -> Vec<Choice> {
    let divisions = app.divisions.get();
    let mut codes: Vec<&DivisionCode> =
        ["province", "prefecture", "county"].iter().flat_map(|level| divisions.of_level(level)).map(|division| &division.code).collect();
    codes.sort();
    let choice = |code: &&DivisionCode| Choice {
        value: code.to_string(),
        label: divisions.full_name(code),
        selected: *code == chosen,
        ..Choice::default()
    };
    codes.iter().map(choice).collect()
}

async fn timers_page(app: &App, actor: &Actor, visit: &Visit, place: &DivisionCode, form: FormState) -> Result<TimersPage> {
    let (shown, locale) = (actions::timers(app, actor, place).await?, visit.locale);
    let tier = |tier: u8| word("referral.tier", &tier.to_string(), locale);
    let cell = |shown: &Shown, name: &str| {
        let field = format!("{}.{}", shown.timer.name(), shown.tier);
        let own = shown.own.map(|own| written(own, locale)).unwrap_or_default();
        Cell {
            was: own.clone(),
            own: if form.faults().is_empty() { own } else { form.value(&field).to_owned() },
            fault: form.fault(&field).to_owned(),
            wider: written(shown.wider, locale),
            label: format!("{name} · {}", tier(shown.tier)),
            tier: tier(shown.tier),
            field,
        }
    };
    let line = |cells: &[Shown]| {
        let code = cells.first().map_or("", |shown| shown.timer.name());
        let name = word("referral.timer", code, locale);
        Line { cells: cells.iter().map(|shown| cell(shown, &name)).collect(), what: word("schedule.what", code, locale), name }
    };
    Ok(TimersPage {
        page: Page::titled(visit, "schedule.title"),
        tabs: tabs(visit, "timers"),
        divisions: divisions(app, place),
        division: place.to_string(),
        place: app.divisions.get().full_name(place),
        tiers: TIERS.map(|number| (number, tier(number))).into(),
        lines: shown.chunks(TIERS.len()).map(line).collect(),
        edits: actions::edits(actor, place),
        form,
    })
}

/// How long each step may take at a place.
pub async fn timers(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(at): Query<Where>) -> Result<Response> {
    let place = place(&app, &actor, &at.division)?;
    Ok(Html(timers_page(&app, &actor, &visit, &place, FormState::new()).await?).into_response())
}

/// What was changed in the boxes; an empty one says that the wider division counts. What somebody else has changed since the page was
/// opened is not overwritten unseen.
fn changes(shown: &[Shown], typed: &[(String, String)], locale: Locale) -> Result<Vec<Change>> {
    let mut faults = Faults::new();
    let mut changes = Vec::new();
    let value = |wanted: &str| typed.iter().find(|(name, _)| name == wanted).map(|(_, text)| text.as_str());
    for Shown { timer, tier, own, .. } in shown {
        let field = format!("{}.{tier}", timer.name());
        let now = own.map(|own| written(own, locale)).unwrap_or_default();
        let was = value(&format!("was.{field}")).unwrap_or(&now);
        match value(&field) {
            None => {}
            Some(text) if text == was => {}
            Some(_) if was != now => faults.add(Fault::new(&field, "changed_meanwhile").with("now", now)),
            Some("") => changes.push((*timer, *tier, None)),
            Some(text) => changes.extend(faults.keep(read_length(&field, text)).map(|length| (*timer, *tier, Some(length)))),
        }
    }
    faults.settle()?;
    Ok(changes)
}

/// Changes them.
pub async fn set_timers(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<Where>) -> Result<Response> {
    let place = place(&app, &actor, &form.value.division)?;
    let shown = actions::timers(&app, &actor, &place).await?;
    let done = match changes(&shown, &form.typed, visit.locale) {
        Ok(changes) => actions::set_timers(&app, &actor, &place, &changes).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => redirect(&format!("/schedule?division={place}"), Some("timers_set")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(timers_page(&app, &actor, &visit, &place, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

struct DayLine {
    day: String,
    weekday: String,
    what: String,
    free: bool,
    source: String,
    /// Whether it can be taken back.
    ahead: bool,
}

#[derive(Template)]
#[template(path = "schedule/html/days.html")]
struct DaysPage {
    page: Page,
    tabs: Vec<Tab>,
    years: Vec<Tab>,
    form: FormState,
    year: i16,
    days: Vec<DayLine>,
    edits: bool,
}

/// Which year.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    year: Option<i16>,
}

async fn days_page(app: &App, actor: &Actor, visit: &Visit, asked: Option<i16>, form: FormState) -> Result<DaysPage> {
    let (today, locale) = (app.today(), visit.locale);
    let this = today.year();
    let year = asked.unwrap_or(this).clamp(2000, 2100);
    let edits = actions::edits_calendar(app, actor);
    let line = |announced: Announced| DayLine {
        weekday: word("schedule.weekday", &announced.day.weekday().to_monday_one_offset().to_string(), locale),
        what: announced.name,
        free: announced.kind == crate::calendar::model::Kind::Holiday,
        source: announced.source,
        ahead: edits && announced.day >= today,
        day: announced.day.to_string(),
    };
    let tab = |of: i16| Tab { href: format!("/schedule/days?year={of}"), label: of.to_string(), current: of == year };
    Ok(DaysPage {
        page: Page::titled(visit, "schedule.title"),
        tabs: tabs(visit, "days"),
        years: (this - 1..=this + 1).map(tab).collect(),
        days: actions::days(app, actor, year).await?.into_iter().map(line).collect(),
        form,
        year,
        edits,
    })
}

/// The days of a year that differ.
pub async fn days(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(which): Query<Which>) -> Result<Response> {
    Ok(Html(days_page(&app, &actor, &visit, which.year, FormState::new()).await?).into_response())
}

/// A notice as pasted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Notice {
    days: String,
    source: String,
}

/// Takes a notice in.
pub async fn announce(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<Notice>) -> Result<Response> {
    actions::may_edit_calendar(&app, &actor)?;
    let done = match read_days("days", &form.value.days, app.today()) {
        Ok(days) => actions::announce(&app, &actor, &days, &form.value.source).await.map(|()| days.first().map(|day| day.date.year())),
        Err(faults) => faults.settle().map(|()| None),
    };
    match done {
        Ok(year) => redirect(&format!("/schedule/days?year={}", year.unwrap_or_else(|| app.today().year())), Some("calendar_announced")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(days_page(&app, &actor, &visit, None, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Takes a day back.
pub async fn withdraw(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(day): Path<String>,
    _form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let day: Date = day.parse().map_err(|_| Error::missing("calendar", &day))?;
    actions::withdraw(&app, &actor, day).await?;
    redirect(&format!("/schedule/days?year={}", day.year()), Some("calendar_withdrawn"))
}

struct PeriodLine {
    kind: &'static str,
    label: String,
    days: String,
    /// What is stored.
    was: String,
    fault: String,
}

#[derive(Template)]
#[template(path = "schedule/html/periods.html")]
struct PeriodsPage {
    page: Page,
    tabs: Vec<Tab>,
    form: FormState,
    lines: Vec<PeriodLine>,
    edits: bool,
}

fn periods_page(app: &App, actor: &Actor, visit: &Visit, form: FormState) -> Result<PeriodsPage> {
    let mut periods = actions::periods_of(app, actor)?;
    let mut stored = periods;
    let line = |kind: &'static str| PeriodLine {
        label: word("schedule.period", kind, visit.locale),
        was: period(&mut stored, kind).map(|days| days.to_string()).unwrap_or_default(),
        days: match period(&mut periods, kind) {
            Some(days) if form.faults().is_empty() => days.to_string(),
            _ => form.value(kind).to_owned(),
        },
        fault: form.fault(kind).to_owned(),
        kind,
    };
    Ok(PeriodsPage {
        page: Page::titled(visit, "schedule.title"),
        tabs: tabs(visit, "periods"),
        lines: KINDS.map(line).into(),
        edits: actions::edits_calendar(app, actor),
        form,
    })
}

/// How long facts of the directory stay fresh.
pub async fn periods(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    Ok(Html(periods_page(&app, &actor, &visit, FormState::new())?).into_response())
}

/// Says so.
pub async fn set_periods(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<Vec<(String, String)>>) -> Result<Response> {
    actions::may_edit_calendar(&app, &actor)?;
    let typed = |kind: &str| form.typed.iter().find(|(name, _)| name == kind).map_or("", |(_, value)| value.as_str());
    // What is no number is out of every period, and told the same way.
    let changed = KINDS.into_iter().filter(|kind| typed(kind) != typed(&format!("was.{kind}")));
    let days: Vec<_> = changed.map(|kind| (kind, typed(kind).parse().unwrap_or(0))).collect();
    match actions::set_periods(&app, &actor, &days).await {
        Ok(()) => redirect("/schedule/periods", Some("periods_set")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            Ok(Html(periods_page(&app, &actor, &visit, state)?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
