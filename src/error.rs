//! What can go wrong, by what the caller can do about it.
//!
//! A variant names a class of remedy, not a place in the code. [`Error::status`] alone knows HTTP;
//! `api::Problem` and `web::ErrorPage` word it. Messages name things and never persons.

use rust_i18n::t;

use crate::locale::Locale;

/// The result of everything that may fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One field that was refused: which, why, and what would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field's name in the form or body.
    pub field: String,
    /// A key below `fault.` in `locales/`: its text says why and what would do.
    pub reason: &'static str,
    /// What fills the text's `%{…}`.
    pub facts: Vec<(&'static str, String)>,
    /// What may be meant instead: value and name. A page offers them, a program reads them.
    pub choices: Vec<(String, String)>,
}

impl Fault {
    /// A fault without facts.
    #[must_use]
    pub fn new(field: impl Into<String>, reason: &'static str) -> Self {
        Self { field: field.into(), reason, facts: Vec::new(), choices: Vec::new() }
    }

    /// Adds a fact to the text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }

    /// Adds what may be meant instead: value and name.
    #[must_use]
    pub fn choosing(mut self, choices: Vec<(String, String)>) -> Self {
        self.choices = choices;
        self
    }

    /// The sentence in one language.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let mut text = t!(format!("fault.{}", self.reason), locale = locale.tag()).into_owned();
        for (name, value) in &self.facts {
            text = text.replace(&format!("%{{{name}}}"), value);
        }
        text
    }
}

/// A step that the state of a thing does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a {thing} that is {from} cannot {action}")]
pub struct Transition {
    /// Table name of the thing.
    pub thing: &'static str,
    /// State it is in.
    pub from: &'static str,
    /// What was tried.
    pub action: &'static str,
}

/// Everything that goes wrong in the product.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not for this actor.
    #[error("no {thing} \"{id}\"")]
    Missing {
        /// Table name.
        thing: &'static str,
        /// What was asked for.
        id: String,
    },
    /// The actor is not signed in.
    #[error("not signed in")]
    SignedOut,
    /// The thing is the actor's, the deed is not. `why` is a key below `forbidden.`.
    #[error("forbidden: {why}")]
    Forbidden {
        /// Key of the reason.
        why: &'static str,
    },
    /// Fields were refused; nothing was stored.
    #[error("{} field(s) refused: {}", .0.len(), .0.iter().map(|fault| format!("{} ({})", fault.field, fault.reason)).collect::<Vec<_>>().join(", "))]
    Invalid(Vec<Fault>),
    /// The state of the thing does not allow the step.
    #[error(transparent)]
    Transition(#[from] Transition),
    /// Something stands in the way; `why` is a key below `conflict.`.
    #[error("conflict: {why}")]
    Conflict {
        /// Key of the reason.
        why: &'static str,
    },
    /// It was there once and opens nothing any more; `why` is a key below `gone.`.
    #[error("gone: {why}")]
    Gone {
        /// Key of the reason.
        why: &'static str,
    },
    /// Too many tries or too much work at once.
    #[error("too many tries; again in {seconds} s")]
    Busy {
        /// When to come again.
        seconds: u32,
    },
    /// A stored row does not read.
    #[error("row \"{row}\" of table {table}: column {column} does not read")]
    Row {
        /// Table name.
        table: &'static str,
        /// Column name.
        column: &'static str,
        /// Id of the row.
        row: String,
    },
    /// The store as a whole cannot be used; the text says what, where and what next.
    #[error("{0}")]
    Store(String),
    /// The database refused.
    #[error("database: {0}")]
    Database(sqlx::Error),
    /// The search index refused.
    #[error("index: {0}")]
    Index(#[from] lianjie_index::search::IndexError),
    /// A file or socket refused.
    #[error("{what}: {source}")]
    Io {
        /// What was being done, with the path.
        what: String,
        /// The cause.
        source: std::io::Error,
    },
    /// A template did not render.
    #[error("template: {0}")]
    Template(#[from] askama::Error),
    /// A key is missing or a cell was tampered with.
    #[error("{0}")]
    Secret(#[from] crate::secret::Refused),
}

/// Two who changed the same things in another order: PostgreSQL lets one of them go, who may simply try again.
const LOST_THE_RACE: [&str; 2] = ["40P01", "40001"];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let lost = error.as_database_error().and_then(|cause| cause.code()).is_some_and(|code| LOST_THE_RACE.contains(&&*code));
        if lost { Self::Conflict { why: "changed" } } else { Self::Database(error) }
    }
}

impl Error {
    /// No such thing.
    #[must_use]
    pub fn missing(thing: &'static str, id: &(impl ToString + ?Sized)) -> Self {
        Self::Missing { thing, id: id.to_string() }
    }

    /// One refused field.
    #[must_use]
    pub fn invalid(field: impl Into<String>, reason: &'static str) -> Self {
        Self::Invalid(vec![Fault::new(field, reason)])
    }

    /// The HTTP status: the only place that knows.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::Forbidden { .. } => 403,
            Self::Missing { .. } => 404,
            Self::Transition(_) | Self::Conflict { .. } => 409,
            Self::Gone { .. } => 410,
            Self::Invalid(_) => 422,
            Self::Busy { .. } => 503,
            Self::Row { .. }
            | Self::Store(_)
            | Self::Database(_)
            | Self::Index(_)
            | Self::Io { .. }
            | Self::Template(_)
            | Self::Secret(_) => 500,
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Forbidden { .. } => "forbidden",
            Self::Missing { .. } => "missing",
            Self::Transition(_) => "transition",
            Self::Conflict { .. } => "conflict",
            Self::Gone { .. } => "gone",
            Self::Invalid(_) => "invalid",
            Self::Busy { .. } => "busy",
            _ => "internal",
        }
    }

    /// What a person reads: a sentence without anything from inside.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let tag = locale.tag();
        match self {
            Self::Missing { thing, .. } => {
                let thing = t!(format!("thing.{thing}"), locale = tag);
                t!("error.missing", locale = tag, thing = thing).into_owned()
            }
            Self::Forbidden { why } => t!(format!("forbidden.{why}"), locale = tag).into_owned(),
            Self::Gone { why } => t!(format!("gone.{why}"), locale = tag).into_owned(),
            Self::Conflict { why } => t!(format!("conflict.{why}"), locale = tag).into_owned(),
            Self::Transition(step) => {
                let thing = t!(format!("thing.{}", step.thing), locale = tag);
                let from = t!(format!("{}.state.{}", step.thing, step.from), locale = tag);
                let action = t!(format!("{}.action.{}", step.thing, step.action), locale = tag);
                t!("error.transition", locale = tag, thing = thing, from = from, action = action).into_owned()
            }
            Self::Busy { seconds } => t!("error.busy", locale = tag, seconds = seconds).into_owned(),
            Self::Invalid(_) | Self::SignedOut => t!(format!("error.{}", self.code()), locale = tag).into_owned(),
            _ => t!("error.internal", locale = tag).into_owned(),
        }
    }
}

/// Gathers faults, so that a form is told of all of them at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl From<Vec<Fault>> for Faults {
    fn from(faults: Vec<Fault>) -> Self {
        Self(faults)
    }
}

impl Faults {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one.
    pub fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Adds one unless `holds`.
    pub fn require(&mut self, holds: bool, field: &str, reason: &'static str) {
        if !holds {
            self.add(Fault::new(field, reason));
        }
    }

    /// Keeps the value, or notes the fault.
    pub fn keep<T>(&mut self, read: std::result::Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.add(fault)).ok()
    }

    /// Adds those found elsewhere.
    pub fn join(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The same faults, those of one field under another name: where a part of a form is read by another hand.
    #[must_use]
    pub fn renamed(mut self, field: &str, to: &str) -> Self {
        for fault in &mut self.0 {
            if fault.field == field {
                to.clone_into(&mut fault.field);
            }
        }
        self
    }

    /// Reads a day that must be there; what is not one is noted.
    pub fn day(&mut self, field: &str, text: &str) -> Option<jiff::civil::Date> {
        let day = text.trim().parse().ok();
        self.require(day.is_some(), field, if text.trim().is_empty() { "required" } else { "day_form" });
        day
    }

    /// Whether nothing was refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Fails if there is any.
    pub fn settle(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
