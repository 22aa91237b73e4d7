//! 可及: for one kind of help, how many places there are within reach of each township.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use lianjie_index::reach::Town;
use rust_i18n::t;

use super::super::actions::{self, Accessible};
use super::super::api::AccessAsked;
use super::super::model::SMALLEST;
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::case::word;
use crate::error::Result;
use crate::locale::Locale;
use crate::matching::actions::language;
use crate::web::{Choice, Html, Page, Tab, Visit};

struct Line {
    number: usize,
    name: String,
    needs: String,
    places: String,
    nearest: String,
    desert: bool,
    opening: String,
    point: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "statistics/html/access.html")]
struct AccessPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: String,
    place: String,
    term: String,
    terms: Vec<Choice>,
    places: Vec<Choice>,
    median: String,
    offers: usize,
    unposted: usize,
    usual_places: u32,
    deserts: usize,
    suppressed: bool,
    lines: Vec<Line>,
    focus: String,
}

/// The page.
pub async fn access(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(asked): Query<AccessAsked>) -> Result<Response> {
    let locale = visit.locale;
    let found = actions::access(&app, &actor, (&asked.scope, &asked.place), &asked.term, language(locale)).await?;
    let (mut tabs, mut scope) = (Vec::new(), String::new());
    for choice in actions::scopes(&actor) {
        let current = choice.over == found.over;
        if current {
            scope.clone_from(&choice.name);
        }
        if !matches!(choice.over, super::super::model::Over::Provider(_)) {
            let href = format!("/numbers/access?scope={}&term={}", choice.name, found.reach.term);
            tabs.push(Tab { href, label: actions::named(&app, &choice.over).await?, current });
        }
    }
    let Accessible { over: found_over, reach, suppressed, division, place } = found;
    let vocabulary = app.vocabulary.get();
    let name = |code| vocabulary.name(code, language(locale));
    let terms = vocabulary.terms().filter(|term| term.code.is_leaf()).map(|term| Choice {
        selected: term.code == reach.term,
        value: term.code.to_string(),
        label: format!("{} {}", term.code, name(&term.code)),
        ..Choice::default()
    });
    let mut towns: Vec<&Town> = reach.towns.iter().collect();
    towns.sort_by(|a, b| {
        b.desert.cmp(&a.desert).then(a.places_per_hundred.total_cmp(&b.places_per_hundred)).then(a.division.cmp(&b.division))
    });
    let page = AccessPage {
        page: Page::titled(&visit, "numbers.access.title"),
        tabs,
        scope,
        places: super::places(&app, &found_over, &division),
        term: name(&reach.term),
        terms: terms.collect(),
        median: format!("{:.0}", reach.median),
        offers: reach.offers,
        unposted: reach.unposted,
        usual_places: reach.usual_places,
        deserts: towns.iter().filter(|town| town.desert).count(),
        lines: towns.iter().enumerate().map(|(at, town)| line(&app, at + 1, town, suppressed, locale)).collect(),
        suppressed,
        place,
        focus: division.as_str().get(..6).unwrap_or_default().to_owned(),
    };
    Ok(Html(page).into_response())
}

fn line(app: &App, number: usize, town: &Town, suppressed: bool, locale: Locale) -> Line {
    let divisions = app.divisions.get();
    let small = suppressed && town.needs > 0.0 && town.needs < f64::from(u32::try_from(SMALLEST).unwrap_or(5));
    let opening = town.opening.as_ref().map(|opening| {
        let (text, offers) = (opening.text.clone(), opening.offers);
        t!("numbers.access.opening", locale = locale.tag(), text = text, offers = offers).into_owned()
    });
    let nearest = town.nearest_minutes.map_or_else(
        || word("numbers.access", "nothing_near", locale),
        |minutes| t!("numbers.access.minutes", locale = locale.tag(), minutes = minutes).into_owned(),
    );
    let seat = divisions.gazetteer.seat(&town.division);
    Line {
        number,
        name: divisions.name(&town.division),
        needs: if small { format!("<{SMALLEST}") } else { format!("{:.0}", town.needs) },
        places: format!("{:.0}", town.places_per_hundred),
        nearest,
        desert: town.desert,
        opening: opening.unwrap_or_default(),
        point: seat.map(|seat| (format!("{:.4}", seat.longitude), format!("{:.4}", seat.latitude))),
    }
}
