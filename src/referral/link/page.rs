//! The worker's page of a link just made, and the one screen its holder sees on a phone.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use qrcode::QrCode;
use qrcode::render::svg;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self as loops, Deed};
use super::super::api::referral_id;
use super::super::model::{Action, State as Stands};
use super::super::page::forms::{ActForm, Defaults, Kind, form_of};
use super::super::page::words::{self, Fact, say};
use super::actions::{self, ANSWERS};
use super::model::{Link, Made, OPEN};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Result};
use crate::locale::Locale;
use crate::web::{Form, FormState, Html, Page, Visit, redirect};

/// The cookie that says the code was given.
const COOKIE: &str = "lianjie_link";

#[derive(Template)]
#[template(path = "referral/html/link_made.html")]
struct MadePage {
    page: Page,
    back: String,
    address: String,
    code: String,
    until: String,
    /// The square code, as SVG.
    square: String,
}

#[derive(Template)]
#[template(path = "referral/html/link_code.html")]
struct CodePage {
    page: Page,
    form: FormState,
    token: String,
}

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

#[derive(Template)]
#[template(path = "referral/html/link_done.html")]
struct DonePage {
    page: Page,
    text: String,
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
    Ok(Html(made_page(&app, &visit, &format!("/referrals/{id}"), &made)?).into_response())
}

fn made_page(app: &App, visit: &Visit, back: &str, made: &Made) -> Result<MadePage> {
    let address = made.address(&app.config.url);
    let code =
        QrCode::new(address.as_bytes()).map_err(|error| Error::Store(format!("the square code of a link was not drawn: {error}")))?;
    let square = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    // The page's own frame stands around it, so the drawing begins at its element.
    let square = square.find("<svg").map_or_else(String::new, |at| square[at..].to_owned());
    let spaced = |code: &str| format!("{} {}", code.get(..3).unwrap_or_default(), code.get(3..).unwrap_or_default());
    Ok(MadePage {
        page: Page::titled(visit, "link.made"),
        back: back.to_owned(),
        address,
        code: spaced(made.code.reveal()),
        until: words::moment(made.valid_to, visit.locale),
        square,
    })
}

fn passed(app: &App, link: &Link, cookies: &CookieJar) -> bool {
    cookies.get(COOKIE).is_some_and(|cookie| link.is_passed(&app.keyring, cookie.value(), app.now()))
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
    if !passed(&app, &link, &cookies) {
        return Ok(Html(CodePage { page: Page::titled(&visit, "link.title"), form: FormState::new(), token }).into_response());
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
        page: Page::titled(visit, "link.title"),
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

/// The code.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CodeForm {
    code: String,
}

/// Takes the code.
pub async fn code(State(app): State<Arc<App>>, visit: Visit, Path(token): Path<String>, form: Form<CodeForm>) -> Result<Response> {
    let link = actions::find(&app, &token).await?;
    match actions::open(&app, &link, &form.value.code).await {
        Ok(pass) => {
            let mut response = redirect(&format!("/l/{token}"), None)?;
            let cookie = format!("{COOKIE}={pass}; Path=/l/; Max-Age={}; HttpOnly; SameSite=Strict", OPEN.as_secs());
            let cookie = HeaderValue::from_str(&cookie).map_err(|_| Error::Store("the cookie of a link did not write".into()))?;
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => {
            // What was typed is not given back: it is a secret.
            let form = FormState::refused(Vec::new(), error, visit.locale)?;
            Ok(Html(CodePage { page: Page::titled(&visit, "link.title"), form, token }).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
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
    if !passed(&app, &link, &cookies) {
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
    let text = next(action, visit.locale);
    Ok(Html(DonePage { page: Page::titled(&visit, "link.thanks"), text }).into_response())
}

fn next(action: Action, locale: Locale) -> String {
    t!(format!("link.next.{}", action.name()), locale = locale.tag()).into_owned()
}
