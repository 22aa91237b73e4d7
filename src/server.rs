//! The table of contents: every folder's routes, in order, and the layers around them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa::OpenApi;

use crate::app::App;
use crate::error::{Error, Result};
use crate::{
    account, allocation, audit, case, comparison, conference, consent, division, emergency, everyday, exchange, freshness, handover,
    matching, merge, organization, program, referral, roster, schedule, search, service, shortlist, statistics, taxonomy, today, web,
};

/// The largest body that is read.
const LARGEST_BODY: usize = 1 << 20;

/// The whole product as one service.
pub fn router(app: Arc<App>) -> Router {
    let pages = Router::new()
        .merge(audit::routes())
        .merge(account::routes())
        .merge(division::routes())
        .merge(taxonomy::routes())
        .merge(organization::routes())
        .merge(service::routes())
        .merge(search::routes())
        .merge(everyday::routes())
        .merge(case::routes())
        .merge(comparison::routes())
        .merge(consent::routes())
        .merge(matching::routes())
        .merge(allocation::routes())
        .merge(freshness::routes())
        .merge(shortlist::routes())
        .merge(referral::routes())
        .merge(schedule::routes())
        .merge(emergency::routes())
        .merge(conference::routes())
        .merge(handover::routes())
        .merge(merge::routes())
        .merge(program::routes())
        .merge(statistics::routes())
        .merge(exchange::routes())
        .merge(roster::routes())
        .merge(today::routes())
        .route("/api/openapi.json", get(openapi_json))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(&app), account::visit_layer));
    // What other systems read from anywhere comes first: no session is looked at, and what is not found is a page's to say.
    Router::new()
        .merge(exchange::hsds::routes(&app))
        .merge(pages)
        .route("/assets/{*path}", get(web::assets))
        .route("/health", get(|| async { "ok" }))
        .layer(middleware::from_fn(headers))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(30)))
        .with_state(app)
}

/// The document that lists every JSON route.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    let folders: [fn() -> utoipa::openapi::OpenApi; 22] = [
        account::Api::openapi,
        division::Api::openapi,
        taxonomy::Api::openapi,
        organization::Api::openapi,
        service::Api::openapi,
        search::Api::openapi,
        everyday::Api::openapi,
        case::Api::openapi,
        comparison::Api::openapi,
        consent::Api::openapi,
        matching::Api::openapi,
        allocation::Api::openapi,
        shortlist::Api::openapi,
        referral::Api::openapi,
        schedule::Api::openapi,
        emergency::Api::openapi,
        conference::Api::openapi,
        handover::Api::openapi,
        program::Api::openapi,
        statistics::Api::openapi,
        roster::Api::openapi,
        today::Api::openapi,
    ];
    for folder in folders {
        document.merge(folder());
    }
    document
}

#[derive(OpenApi)]
#[openapi(info(title = "lianjie 链接", description = "Directory, matching and referrals for child-protection stations"))]
struct Document;

async fn openapi_json() -> Response {
    axum::Json(openapi()).into_response()
}

/// A panic is an error like any other: it is logged, named by a number, and the process lives.
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
    Error::Store(format!("a handler panicked: {}", text.unwrap_or_default())).into_response()
}

/// The one policy of every page; nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // What is meant for others says so itself.
    headers.entry("cross-origin-resource-policy").or_insert(HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Serves until the process is asked to stop, then lets what is under way finish.
pub async fn serve(app: Arc<App>, listener: tokio::net::TcpListener) -> Result<()> {
    let service = router(app).into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(stop())
        .await
        .map_err(|source| Error::Io { what: "the server stopped".into(), source })
}

async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            return drop(interrupt.await);
        };
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
