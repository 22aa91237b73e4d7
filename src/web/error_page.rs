//! Errors, worded once: JSON problems below `/api`, pages elsewhere. A 500 is logged here with its chain.

use std::sync::Arc;

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;

use super::{Html, Page, Refused, Visit, redirect};
use crate::api::Problem;
use crate::error::Error;
use crate::id;

/// The page of an error.
#[derive(Debug, Template)]
#[template(path = "web/error.html")]
pub struct ErrorPage {
    page: Page,
    status: u16,
    text: String,
    faults: Vec<Refused>,
    reference: Option<String>,
}

/// An error on its way out: [`word_errors`] gives it its words, in the language of the visit.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Self::Busy { seconds } = &self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Words whatever error a handler returned.
pub async fn word_errors(visit: Visit, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let reading = request.method() == Method::GET;
    let response = next.run(request).await;
    let error = match response.extensions().get::<Arc<Error>>() {
        Some(error) => Arc::clone(error),
        None if is_bare(&response) => Arc::new(Error::missing("page", &path)),
        None => return response,
    };
    let mut answer = worded(&visit, &error, &path, reading);
    let kept = [header::RETRY_AFTER, header::SET_COOKIE];
    for (name, value) in response.headers().iter().filter(|(name, _)| kept.contains(name)) {
        answer.headers_mut().append(name, value.clone());
    }
    answer
}

/// A 404 that no handler wrote: there is no such route.
fn is_bare(response: &Response) -> bool {
    response.status() == StatusCode::NOT_FOUND && response.headers().get(header::CONTENT_TYPE).is_none()
}

/// The answer for an error: a problem below `/api` and `/hsds`, the log-in page for a visitor, a page otherwise.
#[must_use]
pub fn worded(visit: &Visit, error: &Error, path: &str, reading: bool) -> Response {
    let reference = (error.status() == 500).then(|| log(error));
    if path.starts_with("/api/") || path == "/hsds" || path.starts_with("/hsds/") {
        return Problem::of(error, visit.locale, reference).into_response();
    }
    if matches!(error, Error::SignedOut) {
        let next = if reading { visit.path.as_str() } else { "/" };
        let query = serde_html_form::to_string([("next", next)]).unwrap_or_default();
        return redirect(&format!("/login?{query}"), None).unwrap_or_else(|_| StatusCode::UNAUTHORIZED.into_response());
    }
    page(visit, error, reference)
}

/// Logs what went wrong inside, once; the page shows only the reference.
fn log(error: &Error) -> String {
    let reference = id::number(&mut rand::rng());
    tracing::error!(error.reference = %reference, error = %error, "a request failed inside");
    reference
}

fn page(visit: &Visit, error: &Error, reference: Option<String>) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let faults = match error {
        Error::Invalid(faults) => {
            faults.iter().map(|fault| Refused { field: fault.field.clone(), message: fault.text(visit.locale) }).collect()
        }
        _ => Vec::new(),
    };
    let page = Page::titled(visit, &format!("error.title.{}", error.code()));
    Html(ErrorPage { page, status: error.status(), text: error.text(visit.locale), faults, reference }).with_status(status)
}
