//! 找资源: one box, filters with counts, results that say why they are there, and a sketch map.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use lianjie_index::entry::Mark;
use lianjie_index::search::{Cover, Hit, How, Near, Reason, Relief, Sort};
use rust_i18n::t;

use super::beside::{self, Beside, Which};
use super::filters::{self, FilterSet};
use super::marks::{self, Stretch};
use crate::access::{Action, may_anywhere};
use crate::api::Query;
use crate::app::App;
use crate::division::model::Divisions;
use crate::error::{Error, Fault, Result};
use crate::search::actions::{self, Found};
use crate::search::address::{Address, parameter};
use crate::search::answer::{audience, ticks};
use crate::search::api::suggestion;
use crate::search::ask::Params;
use crate::search::words::{Tick, Words, name_of};
use crate::service::law::all_decided;
use crate::web::{Choice, Html, Page, Pager, Visit};

/// A link with its words.
pub struct Link {
    pub label: String,
    pub href: String,
}

/// A result.
struct Card {
    number: usize,
    id: String,
    href: String,
    print: String,
    keep: String,
    refer: String,
    refer_to: String,
    printed_of: String,
    name: String,
    named: Vec<Stretch>,
    /// The stretch of the description that holds the words; empty where none does.
    told: Vec<Stretch>,
    fee: Option<(&'static str, String)>,
    organization: String,
    kind: String,
    verified: bool,
    pending: bool,
    mark: String,
    faded: bool,
    ticks: Vec<Tick>,
    why: Vec<String>,
    places: Option<(String, String)>,
    distance: String,
    confirmed: String,
    wait: String,
    phone: Option<String>,
    point: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "search/html/services.html")]
struct ServicesPage {
    page: Page,
    params: Params,
    near: String,
    faults: Vec<String>,
    which: Vec<Which>,
    former: String,
    needs: Vec<Link>,
    /// Places read from the words.
    named: Vec<Link>,
    taken_off: Vec<Link>,
    /// Which words only help the order, in a sentence.
    helping: String,
    perhaps: Vec<Link>,
    only: Vec<Link>,
    filters: FilterSet,
    chosen: String,
    found: String,
    serving: String,
    sorts: Vec<Choice>,
    /// Organizations that the words name.
    bodies: Vec<Beside>,
    cards: Vec<Card>,
    /// That distances are as the crow flies, where there are any.
    straight: String,
    relief: Vec<Link>,
    anywhere: String,
    total: usize,
    pager: Pager,
    focus: String,
    undrawn: usize,
    places: Vec<String>,
    /// What was asked, in words, and the day: for the print.
    spoken: Vec<String>,
    printed: String,
    /// Whether the person keeps lists.
    keeps: bool,
}

/// The search page; for everybody, at their level.
pub async fn services(State(app): State<Arc<App>>, visit: Visit, Query(params): Query<Params>) -> Result<Response> {
    let words = Words::of(&app, visit.locale);
    let (found, faults) = actions::search(&app, &visit.actor, &params, visit.locale.into(), false).await?;
    // What did not read is told above the results of the rest: a search is not a form that keeps anything.
    let faults = match faults.settle() {
        Err(Error::Invalid(faults)) => faults,
        _ => Vec::new(),
    };
    let suggested = if params.q.trim().is_empty() { Vec::new() } else { actions::suggest(&app, &visit.actor, params.q.trim(), 6).await? };
    let suggested = suggested.into_iter().map(|one| suggestion(one, &words)).collect();
    let page = results_page(&app, &visit, params, &found, suggested, &faults, &words);
    Ok(Html(page).into_response())
}

fn results_page(
    app: &App,
    visit: &Visit,
    params: Params,
    found: &Found,
    suggested: Vec<crate::search::api::SuggestionBody>,
    faults: &[Fault],
    words: &Words,
) -> ServicesPage {
    let (asked, hits, tag) = (&found.asked, &found.hits, visit.locale.tag());
    let address = Address::of(&params);
    let divisions = app.divisions.get();
    let meant = asked.place.as_ref().and_then(|place| place.meant.as_ref());
    let near = match (&params.near, meant) {
        (Some(typed), None) => typed.clone(),
        (_, meant) => meant.map(|meant| meant.full_name(&divisions)).unwrap_or_default(),
    };
    let refers = may_anywhere(&visit.actor, Action::Refer);
    let keeps = may_anywhere(&visit.actor, Action::KeepShortlist);
    let may = (refers, keeps);
    let cards: Vec<Card> = (hits.before + 1..).zip(&hits.hits).map(|(number, hit)| card(app, found, hit, number, may, words)).collect();
    let only = only(&params, hits, &address);
    let spoken = spoken(&params, &near, &only, found, words);
    let filters = filters::of(&params, found, &divisions, words);
    let turn = |page: usize| address.clone().set("page", page.to_string()).page();
    let taken =
        |term: &lianjie_index::TermCode| Link { label: words.term(term), href: address.clone().less("taken_off", term.as_str()).page() };
    let untaken = |name: &String| Link { label: name.clone(), href: address.clone().less("taken_off", name).page() };
    ServicesPage {
        page: Page::titled(visit, "search.title"),
        near,
        which: beside::which(faults, found, &address, &divisions, words),
        faults: faults.iter().filter(|fault| fault.choices.is_empty()).map(|fault| fault.text(visit.locale)).collect(),
        former: meant.map(|meant| beside::former(meant, &divisions, words)).unwrap_or_default(),
        needs: hits
            .needs
            .iter()
            .map(|need| Link { label: words.term(&need.term), href: address.clone().with("taken_off", need.term.as_str()).page() })
            .collect(),
        named: hits
            .places
            .iter()
            .map(|one| Link {
                label: beside::mentioned(one, found, words),
                href: address.clone().with("taken_off", one.words.as_str()).page(),
            })
            .collect(),
        taken_off: asked.taken_off.iter().map(taken).chain(asked.places_off.iter().map(untaken)).collect(),
        perhaps: beside::alike(&params.q, found, &divisions, &address).into_iter().chain(perhaps(suggested, &address, hits)).collect(),
        only,
        spoken,
        printed: t!("search.printed_on", locale = tag, day = words.today).into_owned(),
        keeps,
        chosen: t!("search.chosen", locale = tag, count = filters.chosen).into_owned(),
        filters,
        found: t!("search.found", locale = tag, count = hits.total).into_owned(),
        serving: meant.map(|meant| serving(found, &meant.name(&divisions), tag)).unwrap_or_default(),
        helping: helping(hits, tag),
        sorts: sorts(asked.sort, words),
        relief: hits.relief.iter().map(|relief| Link { label: words.relief(relief), href: without(&address, relief).page() }).collect(),
        anywhere: address.clone().set("near", "").page(),
        total: hits.total,
        pager: Pager::of(asked.page, hits.total, asked.per_page, turn),
        focus: counties(asked.near(), &divisions),
        undrawn: cards.iter().filter(|card| card.point.is_none()).count(),
        places: divisions
            .of_level("county")
            .map(|row| divisions.full_name(&row.code))
            .chain(divisions.zones().iter().map(|zone| zone.name.clone()))
            .collect(),
        bodies: found.bodies.iter().map(|body| Beside::of(body, words)).collect(),
        straight: if hits.hits.iter().any(|hit| hit.distance_km.is_some()) {
            t!("search.straight_all", locale = tag).into_owned()
        } else {
            String::new()
        },
        cards,
        params,
    }
}

/// The address without the filters that stand in the way.
fn without(address: &Address, relief: &Relief) -> Address {
    let one = address.clone().without(parameter(relief.filter));
    match relief.also {
        Some(also) => one.without(parameter(also)),
        None => one,
    }
}

/// What the order has to do with the place, as it is on this page.
fn serving(found: &Found, place: &str, tag: &str) -> String {
    let hits = &found.hits;
    let serves = |hit: &Hit| hit.cover == Cover::Serves;
    if found.asked.sort != Sort::Fit || hits.before > 0 {
        String::new()
    } else if hits.hits.first().is_some_and(serves) {
        t!("search.found_serving", locale = tag, place = place).into_owned()
    } else if !hits.hits.iter().any(serves) {
        t!("search.found_not_serving", locale = tag, place = place).into_owned()
    } else {
        String::new()
    }
}

/// Words that need not be found, quoted.
fn helping(hits: &lianjie_index::Hits, tag: &str) -> String {
    let quoted = |word: &String| t!("search.quoted", locale = tag, word = word).into_owned();
    let words: Vec<String> = hits.helping.iter().map(quoted).collect();
    if words.is_empty() { String::new() } else { t!("search.helping", locale = tag, words = words.concat()).into_owned() }
}

/// The counties of a place, for the map.
fn counties(near: Option<&Near>, divisions: &Divisions) -> String {
    let members = near.and_then(|near| near.area.as_ref()).map(|area| divisions.gazetteer.members(area)).unwrap_or_default();
    let mut counties: Vec<&str> = members.iter().filter_map(|member| member.as_str().get(..6)).collect();
    counties.dedup();
    counties.join(",")
}

/// What else the words may mean: names that are not already read from them.
fn perhaps(suggested: Vec<crate::search::api::SuggestionBody>, address: &Address, hits: &lianjie_index::Hits) -> Vec<Link> {
    let read: BTreeSet<&str> = hits.needs.iter().map(|need| need.term.as_str()).collect();
    let mut names = BTreeSet::new();
    let bare = address.clone().without("q").without("taken_off");
    suggested
        .into_iter()
        // Organizations with a page of their own stand beside the results.
        .filter(|one| !one.href.starts_with("/organizations/") && !read.contains(one.code.as_str()) && names.insert(one.name.clone()))
        .map(|one| {
            let href = match one.kind {
                "need" => bare.clone().with("terms", one.code).page(),
                "place" => bare.clone().set("areas", one.code).page(),
                _ => bare.clone().set("organization", one.code).page(),
            };
            Link { label: one.name, href }
        })
        .collect()
}

/// What was asked, one thing a line, for the print.
fn spoken(params: &Params, near: &str, only: &[Link], found: &Found, words: &Words) -> Vec<String> {
    let tag = words.locale.tag();
    let mut said = Vec::new();
    if !params.q.trim().is_empty() {
        said.push(t!("search.printed_words", locale = tag, words = params.q.trim()).into_owned());
    }
    if !near.is_empty() {
        said.push(t!("search.printed_near", locale = tag, place = near).into_owned());
    }
    said.extend(filters::spoken(params, found, words));
    said.extend(only.iter().map(|one| t!("search.printed_only", locale = tag, name = one.label).into_owned()));
    said
}

/// The organization that is looked at alone.
fn only(params: &Params, hits: &lianjie_index::Hits, address: &Address) -> Vec<Link> {
    if params.organization.is_empty() {
        return Vec::new();
    }
    let name = hits.hits.first().map_or_else(|| params.organization.clone(), |hit| hit.entry.organization_name.clone());
    vec![Link { label: name, href: address.clone().without("organization").page() }]
}

fn sorts(sort: Sort, words: &Words) -> Vec<Choice> {
    let all = [Sort::Fit, Sort::Distance, Sort::Freshness, Sort::Wait, Sort::Name];
    let choice = |one: Sort| {
        let value = name_of(one);
        Choice { label: words.word("sort", &value), selected: one == sort, value, hint: String::new(), count: 0 }
    };
    all.into_iter().map(choice).collect()
}

/// The code of a level of fee in the mark.
const fn fee_code(level: lianjie_index::entry::FeeLevel) -> &'static str {
    use lianjie_index::entry::FeeLevel;
    match level {
        FeeLevel::Free => "free",
        FeeLevel::Low => "low",
        FeeLevel::Full => "paid",
    }
}

fn card(app: &App, found: &Found, hit: &Hit, number: usize, (refers, keeps): (bool, bool), words: &Words) -> Card {
    let entry = &hit.entry;
    let tag = words.locale.tag();
    let named = |key: &str| t!(format!("search.{key}"), locale = tag, name = entry.name).into_owned();
    let say = |key: &str| t!(format!("search.{key}"), locale = tag).into_owned();
    // Places and distance have figures of their own at the side, and the area is among the ticks.
    let said_by_words = |field| hit.reasons.iter().any(|reason| matches!(reason, Reason::Words { field: held, .. } if *held == field));
    let told = |reason: &&Reason| match reason {
        Reason::Places { .. } | Reason::Near { .. } | Reason::Serves => false,
        Reason::Alike { field, how: How::Inside } => !said_by_words(*field),
        _ => true,
    };
    let periods = app.periods.get();
    let dated = |day: String, stale: bool| if stale { t!("search.to_confirm", locale = tag, day = day).into_owned() } else { day };
    let distance = match hit.distance_km {
        Some(km) => words.km(km),
        // What does not come to this place spares nobody the way.
        None if entry.comes() && hit.cover != Cover::Elsewhere => say("comes_here"),
        None => String::new(),
    };
    Card {
        number,
        id: format!("service-{number}"),
        href: format!("/services/{}", entry.service),
        print: format!("/services/{}/card", entry.service),
        keep: if keeps { format!("/services/{}/shortlist", entry.service) } else { String::new() },
        refer: if refers && entry.visibility.matching && all_decided(&entry.terms).is_none() {
            format!("/referrals/new?service_at_location={}", entry.site)
        } else {
            String::new()
        },
        refer_to: named("refer_to"),
        printed_of: named("card_of"),
        name: entry.name.clone(),
        named: marks::name(hit),
        told: marks::description(hit),
        fee: words.fee(&entry.fees, &audience(found)).map(|(level, text)| (fee_code(level), text)),
        organization: entry.organization_name.clone(),
        kind: words.kind(&entry.kind),
        verified: entry.visibility.verified,
        pending: hit.mark == Some(Mark::Pending),
        mark: hit.mark.map(|mark| words.mark(mark)).unwrap_or_default(),
        faded: hit.mark.is_some(),
        ticks: ticks(app, found, hit, words),
        why: hit.reasons.iter().filter(told).map(|reason| words.reason(reason)).collect(),
        places: hit.places.map(|places| {
            let day = t!("search.as_of", locale = tag, day = words.day_of(places.as_of)).into_owned();
            let as_of = dated(day, places.age_days(app.now()) > periods.places);
            (places.free().to_string(), format!("/ {} · {as_of}", places.capacity))
        }),
        distance,
        confirmed: entry.assured_at.map_or_else(
            || say("never_confirmed"),
            |at| dated(words.day_of(at), hit.age_days.is_some_and(|days| days > periods.existence)),
        ),
        wait: entry.wait_days.map(|days| t!("search.wait_days", locale = tag, count = days).into_owned()).unwrap_or_default(),
        phone: found.phones.get(entry.organization.as_str()).cloned(),
        point: entry
            .point
            .filter(|_| !entry.point_hidden)
            .map(|point| (format!("{:.5}", point.longitude), format!("{:.5}", point.latitude))),
    }
}
