//! 预测准不准: what the matcher foretold beside what came of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;

use super::super::actions;
use super::super::api::{CalibrationAsked, year};
use super::super::calibration::{Calibrated, GOOD, Group};
use super::super::model::{Over, SMALLEST};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::case::word;
use crate::error::Result;
use crate::locale::Locale;
use crate::web::{Choice, Html, Page, Tab, Visit};

struct Line {
    about: String,
    count: String,
    foretold: String,
    came: String,
    between: String,
    off: bool,
}

struct Part {
    code: &'static str,
    title: String,
    lines: Vec<Line>,
}

struct Kind {
    code: &'static str,
    title: String,
    count: u32,
    error: String,
    goal: String,
    good: bool,
    parts: Vec<Part>,
}

#[derive(Template)]
#[template(path = "statistics/html/calibration.html")]
struct CalibrationPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: String,
    place: String,
    places: Vec<Choice>,
    from: String,
    to: String,
    suppressed: bool,
    kinds: Vec<Kind>,
}

/// The page.
pub async fn calibration(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Query(asked): Query<CalibrationAsked>,
) -> Result<Response> {
    let locale = visit.locale;
    let found = actions::calibration(&app, &actor, (&asked.scope, &asked.place), year(&app, &asked)?).await?;
    let (from, to) = (found.period.from.to_string(), found.period.to.to_string());
    let (mut tabs, mut scope) = (Vec::new(), String::new());
    for choice in actions::scopes(&actor).into_iter().filter(|choice| !matches!(choice.over, Over::Provider(_))) {
        let current = choice.over == found.over;
        if current {
            scope.clone_from(&choice.name);
        }
        let href = format!("/numbers/calibration?scope={}&from={from}&to={to}", choice.name);
        tabs.push(Tab { href, label: actions::named(&app, &choice.over).await?, current });
    }
    let kinds = [("places", &found.places), ("completions", &found.completions)];
    let page = CalibrationPage {
        page: Page::titled(&visit, "numbers.calibration.title"),
        tabs,
        scope,
        places: found.division.as_ref().map(|division| super::places(&app, &found.over, division)).unwrap_or_default(),
        place: found.place,
        from,
        to,
        suppressed: found.suppressed,
        kinds: kinds.into_iter().map(|(code, found)| kind(&app, code, found, locale)).collect(),
    };
    Ok(Html(page).into_response())
}

fn kind(app: &App, code: &'static str, found: &Calibrated, locale: Locale) -> Kind {
    let (divisions, categories) = (app.divisions.get(), app.categories.get());
    let tenth = |about: &str| {
        let from = about.parse::<f64>().unwrap_or_default() * 100.0;
        t!("numbers.calibration.tenth", locale = locale.tag(), from = format!("{from:.0}"), to = format!("{:.0}", from + 10.0)).into_owned()
    };
    let place = |about: &str| about.parse().map_or_else(|_| about.to_owned(), |code| divisions.name(&code));
    let category = |about: &str| categories.child(about, locale);
    let part = |code: &'static str, groups: &[Group], name: &dyn Fn(&str) -> String| Part {
        code,
        title: word("numbers.calibration.parts", code, locale),
        lines: groups.iter().map(|group| line(group, name(&group.about))).collect(),
    };
    Kind {
        code,
        title: word("numbers.calibration", code, locale),
        count: found.count,
        error: found.error.map(|error| format!("{error:.3}")).unwrap_or_default(),
        goal: t!("numbers.calibration.goal", locale = locale.tag(), goal = format!("{GOOD:.2}")).into_owned(),
        good: found.error.is_none_or(|error| error <= GOOD),
        parts: vec![
            part("tenths", &found.tenths, &tenth),
            part("categories", &found.categories, &category),
            part("towns", &found.places, &place),
        ],
    }
}

fn line(group: &Group, about: String) -> Line {
    let share = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| format!("{:.0}%", share * 100.0));
    Line {
        about,
        count: group.count.map_or_else(|| format!("<{SMALLEST}"), |count| count.to_string()),
        foretold: share(group.foretold),
        came: share(group.came),
        between: group.between.map_or_else(String::new, |(low, high)| format!("{:.0}–{:.0}%", low * 100.0, high * 100.0)),
        off: group.off,
    }
}
