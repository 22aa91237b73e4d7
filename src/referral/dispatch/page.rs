//! 依次发出, 同时发出: whom to ask and in which order, then how the asking goes.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self as loops, Candidate as Offered, Deed};
use super::super::model::{Channel, Withdraw};
use super::super::page::share;
use super::super::page::words::{self, Fact, say};
use super::actions::{self, NewDispatch};
use super::api::dispatch_id;
use super::model::{DispatchState, Mode};
use crate::access::{Action as Access, Actor, Facts, Subject, decide};
use crate::api::Query;
use crate::app::App;
use crate::case::store as cases;
use crate::consent::model::{Item, Purpose};
use crate::error::{Error, Result};
use crate::id::{DispatchId, NeedId, ReferralId, ServiceAtLocationId};
use crate::locale::Locale;
use crate::service::store as services;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

/// Whom to ask, as chosen so far; the form itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    need: String,
    site: Vec<String>,
    mode: String,
    follows: String,
    purpose: String,
    items: Vec<String>,
    time_windows: String,
    safety_notes: String,
    mobility: String,
    share_sex: String,
}

/// One in line.
struct Line {
    site: String,
    name: String,
    organization: String,
    /// The same line with this one a place further up.
    up: String,
    /// The same line without this one.
    without: String,
}

#[derive(Template)]
#[template(path = "referral/html/dispatch_new.html")]
struct NewPage {
    page: Page,
    form: FormState,
    need: String,
    need_id: String,
    match_href: String,
    follows: String,
    line: Vec<Line>,
    modes: Vec<Choice>,
    purposes: Vec<Choice>,
    items: Vec<Choice>,
    brief: Vec<Fact>,
}

/// A candidate and how far it has come.
struct Asking {
    href: String,
    number: String,
    name: String,
    organization: String,
    state: String,
    tone: &'static str,
    due: String,
    rank: String,
}

#[derive(Template)]
#[template(path = "referral/html/dispatch.html")]
struct DispatchPage {
    page: Page,
    form: FormState,
    id: String,
    mode: String,
    state: String,
    tone: &'static str,
    case_href: String,
    need: String,
    asking: Vec<Asking>,
    reasons: Vec<Choice>,
    more: Vec<Choice>,
    may_stop: bool,
}

fn chosen(sites: &[String]) -> Result<Vec<ServiceAtLocationId>> {
    sites.iter().map(|site| ServiceAtLocationId::parse(site).map_err(|_| Error::missing("service", site))).collect()
}

fn address(need: &NeedId, mode: &str, follows: &str, sites: &[&str]) -> String {
    let sites = sites.join("&site=");
    format!("/dispatches/new?need={need}&mode={mode}&follows={follows}&site={sites}")
}

/// The form.
pub async fn new(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let form = FormState::filled([("purpose", "serve"), ("mode", &asked.mode)]);
    Ok(Html(new_page(&app, &actor, &visit, &asked, form).await?).into_response())
}

async fn new_page(app: &App, actor: &Actor, visit: &Visit, asked: &Asked, form: FormState) -> Result<NewPage> {
    let locale = visit.locale;
    let id = NeedId::parse(&asked.need).map_err(|_| Error::missing("need", &asked.need))?;
    let mut db = app.store.read().await?;
    let need = cases::need(&mut db, &id).await?.ok_or_else(|| Error::missing("need", &id))?;
    let case = cases::find(&mut db, &need.case).await?.ok_or_else(|| Error::missing("need", &id))?;
    decide(actor, Access::Dispatch, &Facts { thing: "need", id: id.to_string(), ..case.facts() }).allowed()?;
    let child = cases::child(&mut db, &case.child).await?.ok_or_else(|| Error::missing("child", &case.child))?;
    let mut sites: Vec<String> = asked.site.clone();
    sites.dedup();
    let (mut line, mut kinds) = (Vec::new(), Vec::new());
    for (place, site) in chosen(&sites)?.iter().enumerate() {
        let offering = services::offering(&mut db, site).await?.ok_or_else(|| Error::missing("service", site))?;
        let all: Vec<&str> = sites.iter().map(String::as_str).collect();
        let mut moved = all.clone();
        if place > 0 {
            moved.swap(place, place - 1);
        }
        let rest: Vec<&str> = all.iter().copied().filter(|other| *other != site.as_str()).collect();
        line.push(Line {
            site: site.to_string(),
            name: offering.service.name,
            organization: offering.organization.name,
            up: if place > 0 { address(&id, &asked.mode, &asked.follows, &moved) } else { String::new() },
            without: if all.len() > 1 { address(&id, &asked.mode, &asked.follows, &rest) } else { String::new() },
        });
        kinds.push(offering.organization.kind);
    }
    // Danger does not wait in line: three are asked at once, and telephoned.
    let wanted = Mode::of(&asked.mode).unwrap_or(if need.tier.number() == 1 { Mode::Parallel } else { Mode::Cascade });
    let mode = |mode: Mode| Choice {
        value: mode.name().into(),
        label: say(locale, &format!("dispatch.mode.{}", mode.name())),
        selected: mode == wanted,
        hint: say(locale, &format!("dispatch.mode_hint.{}", mode.name())),
        count: 0,
    };
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    Ok(NewPage {
        page: Page::titled(visit, "dispatch.new"),
        need: format!("{} · {}", child.alias, words::term(app, &need.term, locale)),
        need_id: id.to_string(),
        match_href: format!("/cases/{}/match?need={id}", case.id),
        follows: asked.follows.clone(),
        line,
        modes: vec![mode(Mode::Cascade), mode(Mode::Parallel)],
        purposes: share::purposes(&form, locale),
        items: share::items(&form, &kinds, None, locale),
        brief: share::preview(app, &case, &child, &need, locale),
        form,
    })
}

/// Starts it.
pub async fn create(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<Asked>) -> Result<Response> {
    let made = match read(&form.value) {
        Ok(new) => actions::start(&app, &actor, &new, Channel::Page, form.key.as_ref()).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(id) => redirect(&format!("/dispatches/{id}"), Some("dispatch_started")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let page = new_page(&app, &actor, &visit, &form.value, state).await?;
            Ok(Html(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn read(asked: &Asked) -> Result<NewDispatch> {
    let follows = if asked.follows.is_empty() { None } else { Some(ReferralId::parse(&asked.follows)) };
    Ok(NewDispatch {
        need: NeedId::parse(&asked.need).map_err(|_| Error::missing("need", &asked.need))?,
        mode: Deed::code("mode", &asked.mode, Mode::of)?,
        sites: chosen(&asked.site)?,
        purpose: Deed::code("purpose", &asked.purpose, Purpose::of)?,
        items: asked.items.iter().filter_map(|name| Item::of(name)).collect(),
        time_windows: asked.time_windows.clone(),
        safety_notes: asked.safety_notes.clone(),
        mobility: asked.mobility.clone(),
        share_sex: asked.share_sex == "1",
        follows: follows.transpose().map_err(|_| Error::missing("referral", &asked.follows))?,
    })
}

/// How the asking goes.
pub async fn one(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let id = dispatch_id(&id)?;
    Ok(Html(page(&app, &actor, &visit, &id, FormState::new()).await?).into_response())
}

const fn tone(state: DispatchState) -> &'static str {
    match state {
        DispatchState::Planned | DispatchState::Stopped => "",
        DispatchState::Running => "info",
        DispatchState::Accepted => "ok",
        DispatchState::Exhausted => "bad",
    }
}

async fn page(app: &App, actor: &Actor, visit: &Visit, id: &DispatchId, form: FormState) -> Result<DispatchPage> {
    let locale = visit.locale;
    let (dispatch, need, case, referrals) = actions::view(app, actor, id).await?;
    let mut db = app.store.read().await?;
    let child = cases::child(&mut db, &case.child).await?.ok_or_else(|| Error::missing("child", &case.child))?;
    let mut asking = Vec::new();
    for referral in &referrals {
        let offering = services::offering(&mut db, &referral.site).await?.ok_or_else(|| Error::missing("service", &referral.site))?;
        let proposal = dispatch.candidates.iter().find(|candidate| candidate.service_at_location == referral.site);
        let rank = proposal.and_then(|candidate| candidate.proposal.as_ref()).and_then(|proposal| proposal["rank"].as_u64());
        asking.push(Asking {
            href: format!("/referrals/{}", referral.id),
            number: referral.number.clone(),
            name: offering.service.name,
            organization: offering.organization.name,
            state: say(locale, &format!("referral.state.{}", referral.state().name())),
            tone: words::tone(referral.state()),
            due: referral.due.map(|(at, _)| words::moment(at, locale)).unwrap_or_default(),
            rank: rank.map(|rank| t!("dispatch.rank", locale = locale.tag(), rank = rank).into_owned()).unwrap_or_default(),
        });
    }
    drop(db);
    let may = decide(actor, Access::Dispatch, &case).is_allowed();
    let waiting = referrals.iter().any(|referral| referral.state().is_live() && !referral.state().is_accepted());
    let grows = may && dispatch.mode != Mode::Single && matches!(dispatch.state, DispatchState::Running | DispatchState::Exhausted);
    let more = if grows { more(app, actor, &need.id, &dispatch.candidates, locale).await? } else { Vec::new() };
    Ok(DispatchPage {
        page: Page::titled(visit, "dispatch.title"),
        id: id.to_string(),
        mode: say(locale, &format!("dispatch.mode.{}", dispatch.mode.name())),
        state: say(locale, &format!("dispatch.state.{}", dispatch.state.name())),
        tone: tone(dispatch.state),
        case_href: format!("/cases/{}", case.id),
        need: format!("{} · {}", child.alias, words::term(app, &need.term, locale)),
        asking,
        reasons: form.options(
            "reason",
            Withdraw::ALL.iter().map(|reason| (reason.name(), say(locale, &format!("referral.withdraw.{}", reason.name())))),
        ),
        more,
        may_stop: may && waiting,
        form,
    })
}

/// Who else could be asked.
async fn more(app: &App, actor: &Actor, need: &NeedId, known: &[super::model::Candidate], locale: Locale) -> Result<Vec<Choice>> {
    let (_, _, offered) = loops::candidates(app, actor, need, None).await?;
    let is_new = |offered: &Offered| known.iter().all(|candidate| candidate.service_at_location != offered.offering.site.id);
    let choice = |offered: Offered| Choice {
        value: offered.offering.site.id.to_string(),
        label: format!("{}{}{}", offered.offering.organization.name, locale.pick("：", ": "), offered.offering.service.name),
        selected: false,
        hint: String::new(),
        count: 0,
    };
    Ok(offered.into_iter().filter(is_new).map(choice).collect())
}

/// Stops it.
pub async fn stop(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>, form: Form<Deed>) -> Result<Response> {
    let id = dispatch_id(&id)?;
    match actions::stop(&app, &actor, &id, &form.value, Channel::Page).await {
        Ok(()) => redirect(&format!("/dispatches/{id}"), Some("dispatch_stopped")),
        Err(error) => again(&app, &actor, &visit, &id, form.typed, error).await,
    }
}

/// A candidate more.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct More {
    site: String,
}

/// Adds a candidate.
pub async fn extend(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>, form: Form<More>) -> Result<Response> {
    let id = dispatch_id(&id)?;
    let done = match ServiceAtLocationId::parse(&form.value.site) {
        Ok(site) => actions::extend(&app, &actor, &id, &site, Channel::Page, form.key.as_ref()).await,
        Err(_) => Err(Error::invalid("site", "required")),
    };
    match done {
        Ok(()) => redirect(&format!("/dispatches/{id}"), Some("dispatch_extended")),
        Err(error) => again(&app, &actor, &visit, &id, form.typed, error).await,
    }
}

async fn again(app: &App, actor: &Actor, visit: &Visit, id: &DispatchId, typed: Vec<(String, String)>, error: Error) -> Result<Response> {
    let state = FormState::refused(typed, error, visit.locale)?;
    Ok(Html(page(app, actor, visit, id, state).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}
