//! The page of a link just made, the page that asks for its code, and the page that thanks.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use rust_i18n::t;
use serde::Deserialize;

use super::model::{Link, Made, OPEN, Purpose};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};
use crate::web::{FormState, Html, Page, Visit, redirect, square};

/// The cookie that says the code was given.
const COOKIE: &str = "lianjie_link";

#[derive(Template)]
#[template(path = "link/html/made.html")]
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
#[template(path = "link/html/code.html")]
struct CodePage {
    page: Page,
    form: FormState,
    /// Where the code goes.
    to: String,
    /// What waits behind it, without a word of whom it is about.
    enter: String,
}

#[derive(Template)]
#[template(path = "link/html/done.html")]
struct DonePage {
    page: Page,
    text: String,
}

/// Shows a link just made, once.
pub fn made(app: &App, visit: &Visit, back: &str, made: &Made) -> Result<Response> {
    let address = made.address(&app.config.url);
    let square = square(&address, 220)?;
    let spaced = |code: &str| format!("{} {}", code.get(..3).unwrap_or_default(), code.get(3..).unwrap_or_default());
    let page = MadePage {
        page: Page::titled(visit, "link.made"),
        back: back.to_owned(),
        address,
        code: if made.purpose == Purpose::Confirmation { String::new() } else { spaced(made.code.reveal()) },
        until: made.valid_to.to_zoned_datetime(clock::zone()).strftime("%Y-%m-%d %H:%M").to_string(),
        square,
    };
    Ok(Html(page).into_response())
}

/// A code, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CodeForm {
    /// Six digits.
    pub code: String,
}

/// Whether the holder gave the code on this machine, not long ago.
pub fn passed(app: &App, link: &Link, cookies: &CookieJar) -> bool {
    cookies.get(COOKIE).is_some_and(|cookie| link.is_passed(&app.keyring, cookie.value(), app.now()))
}

/// Asks for the code; with what was wrong with the one before. What was typed is not given back: it is a secret.
pub fn ask(visit: &Visit, purpose: Purpose, token: &str, refused: Option<Error>) -> Result<Response> {
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let form = match refused {
        Some(error) => FormState::refused(Vec::new(), error, visit.locale)?,
        None => FormState::new(),
    };
    let say = |part: &str| t!(format!("link.{part}.{}", purpose.name()), locale = visit.locale.tag()).into_owned();
    let page = Page { title: say("title"), ..Page::titled(visit, "link.made") };
    Ok(Html(CodePage { page, form, to: format!("{}{token}/code", purpose.path()), enter: say("enter") }).with_status(status))
}

/// Goes on to what the link opens, the pass in a cookie.
pub fn enter(purpose: Purpose, token: &str, pass: &str) -> Result<Response> {
    let path = purpose.path();
    let mut response = redirect(&format!("{path}{token}"), None)?;
    let cookie = format!("{COOKIE}={pass}; Path={path}; Max-Age={}; HttpOnly; SameSite=Strict", OPEN.as_secs());
    let cookie = HeaderValue::from_str(&cookie).map_err(|_| Error::Store("the cookie of a link did not write".into()))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Thanks, and says what happens next.
#[must_use]
pub fn done(visit: &Visit, text: String) -> Response {
    Html(DonePage { page: Page::titled(visit, "link.thanks"), text }).into_response()
}
