//! Bodies in and out; a body that does not read is a refused field, not a bare 400.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault, Result};
use crate::store::Key;

/// Whether JSON writes the character zero, which PostgreSQL keeps in no text: `\u0000` after no backslash, or a pair of them.
#[must_use]
pub fn writes_zero(json: &[u8]) -> bool {
    let zero = br"\u0000";
    let is_whole = |at: usize| json[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0;
    json.windows(zero.len()).enumerate().any(|(at, part)| part == zero && is_whole(at))
}

/// A JSON body. The character zero, which PostgreSQL keeps in no text, is refused.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let (parts, body) = request.into_parts();
        let read = Bytes::from_request(Request::from_parts(parts.clone(), body), state).await;
        let body = read.map_err(|refused| unreadable("body", &refused.body_text()))?;
        if writes_zero(&body) {
            return Err(Error::invalid("body", "zero"));
        }
        match axum::Json::<T>::from_request(Request::from_parts(parts, Body::from(body)), state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(refused) => Err(unreadable("body", &refused.body_text())),
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The query of an address, with repeated names as lists.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        read_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Reads the query of an address. The character zero, which PostgreSQL keeps in no text, is left out.
///
/// # Errors
/// A fault where it is no such query.
pub fn read_query<T: DeserializeOwned>(query: &str) -> Result<T> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).map_err(|error| unreadable("query", &error.to_string()))?;
    let plain: Vec<(String, String)> = pairs.into_iter().map(|(name, value)| (name, value.replace('\0', ""))).collect();
    let plain = serde_html_form::to_string(plain).map_err(|error| unreadable("query", &error.to_string()))?;
    serde_html_form::from_str(&plain).map_err(|error| unreadable("query", &error.to_string()))
}

/// The key of a write, in the header `Idempotency-Key`: the same request sent twice makes one thing.
#[derive(Debug)]
pub struct IdempotencyKey(pub Option<Key>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let sent = parts.headers.get("idempotency-key").map(|value| Key::parse(value.to_str().unwrap_or_default()));
        sent.transpose().map(Self)
    }
}

fn unreadable(field: &str, detail: &str) -> Error {
    // The detail names our own field or JSON position; what was sent is not repeated beyond that.
    Error::Invalid(vec![Fault::new(field, "unreadable").with("detail", detail.chars().take(160).collect::<String>())])
}

/// Beside a list: how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Meta {
    /// How many there are in all.
    pub total: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_character_zero_is_told_from_words_about_it() {
        let zero = serde_json::to_vec(&serde_json::json!({ "name": "a\0" })).unwrap();
        let words = serde_json::to_vec(&serde_json::json!({ "name": r"a\u0000 and \\u0000" })).unwrap();
        assert!(writes_zero(&zero));
        assert!(!writes_zero(&words), "{}", String::from_utf8_lossy(&words));
        assert!(writes_zero(&serde_json::to_vec(&serde_json::json!("\\\0")).unwrap()));
    }

    #[test]
    fn a_query_keeps_everything_but_the_character_zero() {
        let read: Vec<(String, String)> = read_query("q=a%00b&q=%%000&near=%E5%85%AD").unwrap();
        let expected = [("q", "ab"), ("q", "%0"), ("near", "六")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read, expected);
    }
}
