//! The layer that turns a cookie into a [`Visit`], once a request.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use jiff::SignedDuration;

use super::session::{self, Token, cookie_name};
use super::store;
use crate::access::{Actor, Scope, Who};
use crate::app::App;
use crate::error::Result;
use crate::locale::Locale;
use crate::store::{Connection, Row};
use crate::web::{Size, Theme, Visit, word_errors, worded};

/// Where a request came from, as far as throttling needs it: a /24 or a /48.
#[derive(Debug, Clone)]
pub struct Peer(pub String);

/// Puts the visit beside the request, and words the errors of what follows.
pub async fn visit_layer(State(app): State<Arc<App>>, cookies: CookieJar, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| prefix(info.0.ip()));
    request.extensions_mut().insert(Peer(peer.unwrap_or_default()));
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let visit = match visit(&app, &cookies, request.headers(), path.clone()).await {
        Ok(visit) => visit,
        Err(error) => return worded(&visitor(&app, &cookies, request.headers(), path), &error, request.uri().path(), false),
    };
    request.extensions_mut().insert(visit.clone());
    let shown = visit.notice.is_some();
    let mut response = word_errors(visit, request, next).await;
    if shown {
        response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static("notice=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    }
    response
}

/// Words the errors of what anybody may read; who reads is not looked at.
pub async fn anybody_layer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let visit = visitor(&app, &CookieJar::new(), request.headers(), path);
    word_errors(visit, request, next).await
}

fn visitor(app: &App, cookies: &CookieJar, headers: &HeaderMap, path: String) -> Visit {
    let value = |name: &str| cookies.get(name).map(|cookie| cookie.value().to_owned());
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Visit {
        actor: Actor::visitor(),
        locale: value("locale").map_or_else(|| Locale::from_header(accepted), |tag| Locale::from_tag(&tag)),
        theme: value("theme").map(|name| Theme::from_name(&name)).unwrap_or_default(),
        size: value("size").map(|name| Size::from_name(&name)).unwrap_or_default(),
        form_token: String::new(),
        path,
        demo: app.demo,
        insecure: app.config.is_insecure(),
        unread: 0,
        notice: value("notice").filter(|key| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')),
        place_label: String::new(),
    }
}

async fn visit(app: &App, cookies: &CookieJar, headers: &HeaderMap, path: String) -> Result<Visit> {
    let mut visit = visitor(app, cookies, headers, path);
    let Some(cookie) = cookies.get(cookie_name(&app.config)) else { return Ok(visit) };
    let token = Token::from_cookie(cookie.value());
    let now = app.now();
    let mut db = app.store.read().await?;
    let Some(session) = session::find(&mut db, app, &token.hash()).await? else { return Ok(visit) };
    let Some(account) = store::find(&mut db, &session.account).await?.filter(|account| account.status != super::model::Status::Disabled)
    else {
        return Ok(visit);
    };
    visit.actor = Actor {
        who: Who::Account,
        grants: store::grants(&mut db, &account.id, app.today()).await?,
        tickets: store::tickets(&mut db, &account.id, now).await?,
        id: account.id,
        name: account.name,
        organization: account.organization,
        held: None,
    };
    visit.locale = Locale::from_tag(&account.locale);
    visit.theme = Theme::from_name(&account.theme);
    visit.size = Size::from_name(&account.text_size);
    visit.form_token = session.form_token;
    visit.unread = store::unread(&mut db, &visit.actor, now).await?;
    visit.place_label = place_label(&mut db, &visit.actor).await?;
    drop(db);
    if now.duration_since(session.last_seen_at) > SignedDuration::from_mins(1) {
        let mut tx = app.begin().await?;
        session::touch(&mut tx, &session.token_hash, now).await?;
        tx.commit(now).await?;
    }
    Ok(visit)
}

/// The name of the place of the first grant. The two tables belong to folders further right; a header needs one name.
async fn place_label(db: &mut Connection, actor: &Actor) -> Result<String> {
    let query = match actor.grants.first().map(|grant| &grant.scope) {
        Some(Scope::Organization(id)) => sqlx::query("SELECT id, name FROM organization WHERE id = $1").bind(id.to_string()),
        Some(Scope::Division(code)) => sqlx::query("SELECT code AS id, name FROM division WHERE code = $1").bind(code.to_string()),
        Some(Scope::Village(code)) => sqlx::query("SELECT code AS id, name FROM village WHERE code = $1").bind(code.clone()),
        Some(Scope::All) | None => return Ok(String::new()),
    };
    let row = query.fetch_optional(db).await?;
    Ok(row.map(|row| Row::of("organization", &row).text("name")).transpose()?.unwrap_or_default())
}

fn prefix(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.octets()[..3].iter().map(ToString::to_string).collect::<Vec<_>>().join("."),
        IpAddr::V6(v6) => v6.segments()[..3].iter().map(|part| format!("{part:x}")).collect::<Vec<_>>().join(":"),
    }
}
