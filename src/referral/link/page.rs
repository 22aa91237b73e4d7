//! The one screen the holder of a referral's link sees on a phone.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self as loops, Deed};
use super::super::api::referral_id;
use super::super::model::{Action, State as Stands};
use super::super::page::forms::{ActForm, Defaults, Kind, form_of};
use super::super::page::words::{self, Fact, say};
use super::actions::{self, ANSWERS};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Result};
use crate::link::page::{self as pages, CodeForm};
use crate::link::{Link, Purpose};
use crate::locale::Locale;
use crate::web::{Form, FormState, Html, Page, Visit, redirect};

/// A way to answer.
struct Answer {
    label: String,
    href: String,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "referral/html/link.html")]
struct LinkPage {
    page: Page,
    form: FormState,
    token: String,
    number: String,
    from: String,
    clock: words::Clock,
    brief: Vec<Fact>,
    act: Option<ActForm>,
    answers: Vec<Answer>,
    waits: bool,
    is_full: bool,
}

/// Makes a link and shows it, once.
pub async fn make(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    _form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let made = actions::make(&app, &actor, &id).await?;
    pages::made(&app, &visit, &format!("/referrals/{id}"), &made)
}

/// Which answer's form is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    act: String,
}

/// The one screen: the code first, then the brief and the answers.
pub async fn show(
    State(app): State<Arc<App>>,
    visit: Visit,
    cookies: CookieJar,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let link = actions::find(&app, &token).await?;
    if !pages::passed(&app, &link, &cookies) {
        return pages::ask(&visit, Purpose::Referral, &token, None);
    }
    let page = screen(&app, &visit, &link, token, Action::of(&asked.act), FormState::new()).await?;
    Ok(Html(page).into_response())
}

async fn screen(app: &App, visit: &Visit, link: &Link, token: String, act: Option<Action>, form: FormState) -> Result<LinkPage> {
    let locale = visit.locale;
    let view = actions::view(app, link, locale).await?;
    let days = loops::defaults(app, &view).await?;
    let (state, tier) = (view.referral.state(), view.referral.standing.tier);
    let can: Vec<Action> = ANSWERS.into_iter().filter(|action| view.own.contains(action)).collect();
    let defaults = Defaults { contact_day: days.contact_day, promised_day: days.promised_day };
    let full = view.free == Some(0);
    let answer = |action: &Action| Answer {
        label: say(locale, &format!("link.answer.{}", action.name())),
        href: format!("/l/{token}?act={}#do", action.name()),
        class: match action {
            Action::Accept => "button--primary",
            Action::Decline => "button--danger",
            _ => "",
        },
    };
    Ok(LinkPage {
        page: Page::titled(visit, "link.title.referral"),
        number: view.referral.number.clone(),
        from: view.station.clone(),
        clock: words::clock_of(view.referral.due, state, view.now, locale),
        brief: words::brief(app, &view.referral.brief, tier, locale),
        act: act.filter(|action| can.contains(action)).map(|action| form_of(action, false, full, defaults, &form, locale)),
        answers: can.iter().map(answer).collect(),
        waits: state == Stands::NeedsInfo,
        is_full: full,
        form,
        token,
    })
}

/// Takes the code.
pub async fn code(State(app): State<Arc<App>>, visit: Visit, Path(token): Path<String>, form: Form<CodeForm>) -> Result<Response> {
    let link = actions::find(&app, &token).await?;
    match actions::open(&app, &link, &form.value.code).await {
        Ok(pass) => pages::enter(Purpose::Referral, &token, &pass),
        Err(error) => pages::ask(&visit, Purpose::Referral, &token, Some(error)),
    }
}

/// Takes the answer.
pub async fn answer(
    State(app): State<Arc<App>>,
    visit: Visit,
    cookies: CookieJar,
    Path((token, action)): Path<(String, String)>,
    form: Form<Deed>,
) -> Result<Response> {
    let link = actions::find(&app, &token).await?;
    if !pages::passed(&app, &link, &cookies) {
        return redirect(&format!("/l/{token}"), None);
    }
    let action = Action::of(&action).ok_or_else(|| Error::missing("page", &action))?;
    match actions::answer(&app, &link, action, &form.value, form.key.as_ref()).await {
        Ok(()) if action == Action::Ask => redirect(&format!("/l/{token}"), None),
        Ok(()) => redirect(&format!("/l/done?act={}", action.name()), None),
        Err(error) => {
            let error =
                if matches!(error, Error::Conflict { why: "place_full" }) { Error::invalid("override_full", "place_full") } else { error };
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let page = screen(&app, &visit, &link, token, Some(action), state).await?;
            Ok(Html(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// What happens next.
pub async fn done(visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    let action = Action::of(&asked.act).filter(|action| ANSWERS.contains(action)).ok_or_else(|| Error::missing("page", "done"))?;
    Ok(pages::done(&visit, next(action, visit.locale)))
}

fn next(action: Action, locale: Locale) -> String {
    t!(format!("link.next.{}", action.name()), locale = locale.tag()).into_owned()
}
