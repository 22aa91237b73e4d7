//! The frame of a page, and how a template becomes an answer.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_i18n::t;

use super::nav::{self, Item};
use super::{Size, Theme, Visit};
use crate::error::{Error, Result};

/// The person in the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Name.
    pub name: String,
    /// Role in the page's language.
    pub role_label: String,
    /// Station, body or division.
    pub place_label: String,
}

/// What `web/layout.html` needs.
#[derive(Debug, Clone)]
pub struct Page {
    /// Language tag.
    pub locale: &'static str,
    /// Title of the page.
    pub title: String,
    /// Whether the store is a demo.
    pub demo: bool,
    /// Whether the connection is plain HTTP outside loopback.
    pub insecure: bool,
    /// Light or dark.
    pub theme: &'static str,
    /// Type size.
    pub size: &'static str,
    /// The person, when signed in.
    pub actor: Option<Signed>,
    /// Navigation.
    pub nav: Vec<Item>,
    /// The form token.
    pub csrf: String,
    /// A sentence to show once.
    pub notice: Option<String>,
    /// Path asked for.
    pub path: String,
}

impl Page {
    /// The frame of a page with a title.
    #[must_use]
    pub fn new(visit: &Visit, title: impl Into<String>) -> Self {
        let locale = visit.locale.tag();
        let actor = visit.actor.is_signed_in().then(|| Signed {
            name: visit.actor.name.clone(),
            role_label: t!(format!("role.{}", visit.actor.role()), locale = locale).into_owned(),
            place_label: visit.place_label.clone(),
        });
        Self {
            locale,
            title: title.into(),
            demo: visit.demo,
            insecure: visit.insecure,
            theme: visit.theme.name(),
            size: visit.size.name(),
            actor,
            nav: nav::of(visit),
            csrf: visit.form_token.clone(),
            notice: visit.notice.as_ref().map(|key| t!(format!("notice.{key}"), locale = locale).into_owned()),
            path: visit.path.clone(),
        }
    }

    /// The frame of a page whose title is the text of a key.
    #[must_use]
    pub fn titled(visit: &Visit, key: &str) -> Self {
        Self::new(visit, t!(key, locale = visit.locale.tag()))
    }

    /// The page's language.
    #[must_use]
    pub fn locale(&self) -> crate::locale::Locale {
        crate::locale::Locale::from_tag(self.locale)
    }

    /// Whether the display is this theme; for the preferences form.
    #[must_use]
    pub fn has_theme(&self, theme: Theme) -> bool {
        self.theme == theme.name()
    }

    /// Whether the display has this size.
    #[must_use]
    pub fn has_size(&self, size: Size) -> bool {
        self.size == size.name()
    }
}

/// A rendered page. A template that fails is an error like any other.
#[derive(Debug)]
pub struct Html<T>(pub T);

impl<T: Template> Html<T> {
    /// Renders it with a status other than 200.
    pub fn with_status(self, status: StatusCode) -> Response {
        match self.0.render() {
            Ok(text) => {
                let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
                (status, [kind], text).into_response()
            }
            Err(error) => Error::Template(error).into_response(),
        }
    }
}

impl<T: Template> IntoResponse for Html<T> {
    fn into_response(self) -> Response {
        self.with_status(StatusCode::OK)
    }
}

/// Goes to a page of this site after a write (303), perhaps with a sentence to show there: a key below `notice.`.
pub fn redirect(location: &str, notice: Option<&str>) -> Result<Response> {
    if !location.starts_with('/') || location.starts_with("//") || location.contains(['\\', '\r', '\n']) {
        return Err(Error::invalid("back", "foreign_address"));
    }
    let mut response = StatusCode::SEE_OTHER.into_response();
    let value = HeaderValue::from_str(location).map_err(|_| Error::invalid("back", "foreign_address"))?;
    response.headers_mut().insert(header::LOCATION, value);
    if let Some(notice) = notice {
        let cookie = format!("notice={notice}; Path=/; Max-Age=30; HttpOnly; SameSite=Lax");
        response
            .headers_mut()
            .append(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(|_| Error::invalid("notice", "foreign_address"))?);
    }
    Ok(response)
}
