//! The log-in page, one's own account, and the list of accounts.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use rust_i18n::t;
use serde::Deserialize;

use super::layer::Peer;
use super::session::{Token, cookie_name};
use super::{actions, store};
use crate::access::{Action, Actor, Facts, decide};
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Result};
use crate::locale::Locale;
use crate::secret::Hidden;
use crate::web::{Form, FormState, Html, Page, Size, Theme, Visit, redirect};

/// The browser's name of itself.
pub(super) fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "account/html/login.html")]
struct LoginPage {
    page: Page,
    form: FormState,
    next: String,
}

/// Where to go after the log-in.
#[derive(Debug, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// The log-in page.
pub async fn login(visit: Visit, Query(query): Query<Next>) -> Result<Response> {
    if visit.actor.is_signed_in() {
        return redirect("/", None);
    }
    let form = FormState::new();
    Ok(Html(LoginPage { page: Page::titled(&visit, "account.log_in"), form, next: query.next }).into_response())
}

/// The log-in form.
#[derive(Debug, Deserialize)]
pub struct LogIn {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: Hidden,
    #[serde(default)]
    next: String,
}

/// Signs in, or says one sentence for every way to fail.
pub async fn log_in(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    visit: Visit,
    headers: HeaderMap,
    Form { value, .. }: Form<LogIn>,
) -> Result<Response> {
    match actions::log_in(&app, &value.login, &value.password, &peer.0, user_agent(&headers)).await {
        Ok((_, token)) => {
            let next = if value.next.is_empty() { "/" } else { value.next.as_str() };
            let mut response = redirect(next, None).or_else(|_| redirect("/", None))?;
            response.headers_mut().append(header::SET_COOKIE, token.cookie(&app.config)?);
            Ok(response)
        }
        Err(error) => {
            let typed = vec![("login".to_owned(), value.login)];
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            let form = match error {
                Error::Busy { seconds } => {
                    let fault = crate::error::Fault::new("login", "log_in_later").with("seconds", seconds);
                    FormState::refused(typed, Error::Invalid(vec![fault]), visit.locale)?
                }
                error => FormState::refused(typed, error, visit.locale)?,
            };
            let page = LoginPage { page: Page::titled(&visit, "account.log_in"), form, next: value.next };
            Ok(Html(page).with_status(status))
        }
    }
}

/// Signs out and lets the browser forget what it kept.
pub async fn log_out(
    State(app): State<Arc<App>>,
    actor: Actor,
    cookies: CookieJar,
    _form: Form<Vec<(String, String)>>,
) -> Result<Response> {
    if let Some(cookie) = cookies.get(cookie_name(&app.config)) {
        actions::log_out(&app, &actor, &Token::from_cookie(cookie.value())).await?;
    }
    let mut response = redirect("/login", None)?;
    response.headers_mut().append(header::SET_COOKIE, Token::no_cookie(&app.config)?);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

#[derive(Template)]
#[template(path = "account/html/account.html")]
struct AccountPage {
    page: Page,
    form: FormState,
    grants: Vec<(String, String)>,
}

fn account_page(visit: &Visit, form: FormState) -> AccountPage {
    let label = |role: &str| t!(format!("role.{role}"), locale = visit.locale.tag()).into_owned();
    let grants = visit.actor.grants.iter().map(|grant| (label(grant.role.code()), grant.scope.to_string())).collect();
    AccountPage { page: Page::titled(visit, "account.mine"), form, grants }
}

/// One's own account.
pub async fn account(_: Actor, visit: Visit) -> Result<Response> {
    Ok(Html(account_page(&visit, FormState::new())).into_response())
}

/// The form that changes a password.
#[derive(Debug, Deserialize)]
pub struct ChangePassword {
    #[serde(default)]
    old_password: Hidden,
    #[serde(default)]
    password: Hidden,
    #[serde(default)]
    again: Hidden,
}

/// Changes one's own password; one signs in again with the new one.
pub async fn change_password(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Form { value, .. }: Form<ChangePassword>,
) -> Result<Response> {
    let done = if value.password == value.again {
        actions::change_password(&app, &actor, &value.old_password, &value.password).await
    } else {
        Err(Error::invalid("again", "password_again"))
    };
    match done {
        Ok(()) => redirect("/login", Some("password_changed")),
        Err(error) => {
            let form = FormState::refused(Vec::new(), error, visit.locale)?;
            Ok(Html(account_page(&visit, form)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// An account in the list.
struct Row {
    id: String,
    active: bool,
    login: String,
    name: String,
    status: String,
    roles: String,
}

#[derive(Template)]
#[template(path = "account/html/accounts.html")]
struct AccountsPage {
    page: Page,
    rows: Vec<Row>,
}

/// The accounts, for the administrator.
pub async fn accounts(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    decide(&actor, Action::ManageAccounts, &Facts { thing: "account", ..Facts::default() }).allowed()?;
    let mut db = app.store.read().await?;
    let mut rows = Vec::new();
    for account in store::all(&mut db).await? {
        let grants = store::grants(&mut db, &account.id, app.today()).await?;
        let label = |role: &str| t!(format!("role.{role}"), locale = visit.locale.tag()).into_owned();
        let roles = grants.iter().map(|grant| label(grant.role.code())).collect::<Vec<_>>().join("、");
        let status = serde_json::to_value(account.status).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
        let status = t!(format!("account.status.{status}"), locale = visit.locale.tag()).into_owned();
        let active = account.status != super::model::Status::Disabled && account.id != actor.id;
        rows.push(Row { id: account.id.to_string(), login: account.login, name: account.name, status, roles, active });
    }
    Ok(Html(AccountsPage { page: Page::titled(&visit, "nav.accounts"), rows }).into_response())
}

/// The display form in the header.
#[derive(Debug, Deserialize)]
pub struct Preferences {
    #[serde(default)]
    locale: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    size: String,
    #[serde(default)]
    back: String,
}

/// Keeps language, theme and type size: with the account, or in cookies when signed out.
pub async fn prefer(State(app): State<Arc<App>>, visit: Visit, Form { value, .. }: Form<Preferences>) -> Result<Response> {
    let (locale, theme, size) = (Locale::from_tag(&value.locale), Theme::from_name(&value.theme), Size::from_name(&value.size));
    let mut response = redirect(&value.back, None).or_else(|_| redirect("/", None))?;
    if visit.actor.is_signed_in() {
        actions::prefer(&app, &visit.actor, locale, theme, size).await?;
        return Ok(response);
    }
    for (name, choice) in [("locale", locale.tag()), ("theme", theme.name()), ("size", size.name())] {
        let cookie = format!("{name}={choice}; Path=/; Max-Age=31536000; SameSite=Lax");
        response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(|_| Error::invalid(name, "unreadable"))?);
    }
    Ok(response)
}
