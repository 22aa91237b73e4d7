//! One request: who, in which language, how displayed. Made once by `account`'s layer, read by extractors.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::access::Actor;
use crate::error::Error;
use crate::locale::Locale;

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Type size: 100, 125 or 150 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// 标准.
    #[default]
    Standard,
    /// 大.
    Large,
    /// 特大.
    Xlarge,
}

/// Declares the stored names of a display choice.
macro_rules! names {
    ($kind:ident: $($variant:ident = $name:literal),*) => {
        impl $kind {
            /// The name, as stored and in the page's `data-` attribute.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Reads a name; anything unknown is the default.
            #[must_use]
            pub fn from_name(name: &str) -> Self {
                match name { $($name => Self::$variant,)* _ => Self::default() }
            }
        }
    };
}

names!(Theme: System = "system", Light = "light", Dark = "dark");
names!(Size: Standard = "standard", Large = "large", Xlarge = "xlarge");

/// One request's person and display.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Who.
    pub actor: Actor,
    /// In which language.
    pub locale: Locale,
    /// Light or dark.
    pub theme: Theme,
    /// Type size.
    pub size: Size,
    /// The token every form of this session carries; empty when signed out.
    pub form_token: String,
    /// Path and query asked for.
    pub path: String,
    /// Whether the store is a demo.
    pub demo: bool,
    /// Whether the connection is plain HTTP outside loopback.
    pub insecure: bool,
    /// Number of unread notices of the person.
    pub unread: u32,
    /// A sentence to show once, left by the page before: a key below `notice.`.
    pub notice: Option<String>,
    /// Name of the station, body or division the person works in.
    pub place_label: String,
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let visit = parts.extensions.get::<Self>().cloned();
        visit.ok_or_else(|| Error::Store("a route outside the session layer asked for the visit".into()))
    }
}

/// The actor of a request that must be signed in; 401 or the log-in page otherwise.
impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let visit = Visit::from_request_parts(parts, state).await?;
        if visit.actor.is_signed_in() { Ok(visit.actor) } else { Err(Error::SignedOut) }
    }
}

impl<S: Sync> FromRequestParts<S> for Locale {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Ok(Visit::from_request_parts(parts, state).await?.locale)
    }
}
