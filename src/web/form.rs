//! Forms: read with their token, given back as typed when a field is refused.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Visit;
use crate::error::{Error, Fault, Result};
use crate::locale::Locale;
use crate::store::Key;

/// A form's fields. Refused without the session's token.
#[derive(Debug)]
pub struct Form<T> {
    /// The fields.
    pub value: T,
    /// As typed, to be given back.
    pub typed: Vec<(String, String)>,
    /// The key of this write, if the form carried one.
    pub key: Option<Key>,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let visit = request.extensions().get::<Visit>().cloned();
        let body = Bytes::from_request(request, state).await.map_err(|_| Error::invalid("form", "unreadable"))?;
        let typed: Vec<(String, String)> = parse(&body)?;
        let sent = typed.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str());
        let expected = visit.map(|visit| visit.form_token).unwrap_or_default();
        if !expected.is_empty() && sent != Some(expected.as_str()) {
            return Err(Error::Forbidden { why: "form_token" });
        }
        let key = typed.iter().find(|(name, _)| name == "key").map(|(_, value)| Key::parse(value)).transpose()?;
        Ok(Self { value: read(&body)?, typed, key })
    }
}

/// A form of one button: only its token is looked at.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

fn parse(body: &[u8]) -> Result<Vec<(String, String)>> {
    let pairs: Vec<(String, String)> = serde_html_form::from_bytes(body).map_err(|_| Error::invalid("form", "unreadable"))?;
    Ok(pairs.into_iter().map(|(name, value)| (name, clean(&value))).collect())
}

/// Reads the fields after cleaning what people paste: invisible characters, blanks around.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let cleaned = serde_html_form::to_string(parse(body)?).map_err(|_| Error::invalid("form", "unreadable"))?;
    serde_html_form::from_str(&cleaned).map_err(|error| {
        let field = error.to_string();
        Error::Invalid(vec![Fault::new("form", "unreadable").with("detail", field.chars().take(120).collect::<String>())])
    })
}

/// Trims, and drops characters that nobody sees: zero-width ones, byte-order and direction marks.
#[must_use]
fn clean(value: &str) -> String {
    let invisible =
        |letter: char| matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\0');
    value.replace("\r\n", "\n").chars().filter(|letter| !invisible(*letter)).collect::<String>().trim().to_owned()
}

/// A refused field, as the summary and the field show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The field.
    pub field: String,
    /// What, why, and what would do.
    pub message: String,
}

/// A form to be shown: what was typed, and what was refused.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    typed: Vec<(String, String)>,
    faults: Vec<Refused>,
    /// The key of the write this form makes.
    pub key: String,
}

impl FormState {
    /// An empty form with a fresh key.
    #[must_use]
    pub fn new() -> Self {
        Self { key: fresh_key(), ..Self::default() }
    }

    /// A form with values, for editing.
    #[must_use]
    pub fn filled(typed: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let typed = typed.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { typed, faults: Vec::new(), key: fresh_key() }
    }

    /// A form that was refused, as it was typed; an error about anything but fields is passed on.
    pub fn refused(typed: Vec<(String, String)>, error: Error, locale: Locale) -> Result<Self> {
        let Error::Invalid(faults) = error else { return Err(error) };
        let key = typed.iter().find(|(name, _)| name == "key").map_or_else(fresh_key, |(_, value)| value.clone());
        let faults = faults.into_iter().map(|fault| Refused { message: fault.text(locale), field: fault.field }).collect();
        Ok(Self { typed, faults, key })
    }

    /// What was typed in a field; empty if nothing.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.typed.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Whether a box or option was chosen.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.typed.iter().any(|(field, typed)| field == name && typed == value)
    }

    /// Everything chosen of a field.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.typed.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    }

    /// The fault of a field; empty if none.
    #[must_use]
    pub fn fault(&self, name: &str) -> &str {
        self.faults.iter().find(|refused| refused.field == name).map_or("", |refused| &refused.message)
    }

    /// All faults, for the summary.
    #[must_use]
    pub fn faults(&self) -> &[Refused] {
        &self.faults
    }

    /// The options of a choice, with those chosen marked.
    pub fn options(&self, name: &str, options: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Vec<Choice> {
        options
            .into_iter()
            .map(|(value, label)| {
                let value = value.into();
                Choice { selected: self.has(name, &value), value, label: label.into(), hint: String::new(), count: 0 }
            })
            .collect()
    }
}

fn fresh_key() -> String {
    crate::id::number(&mut rand::rng()) + &crate::id::number(&mut rand::rng())
}

/// One option of a select, radio, check or filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What it says.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
    /// A smaller line below.
    pub hint: String,
    /// How many there would be, in a filter.
    pub count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_dropped_from_what_was_pasted() {
        assert_eq!(clean("\u{FEFF} 长芦街道\u{200B} "), "长芦街道");
    }

    #[test]
    fn a_refused_form_is_given_back_as_typed() {
        let typed = vec![("name".to_owned(), "喘息小站".to_owned())];
        let form = FormState::refused(typed, Error::invalid("terms", "required"), Locale::Zh).unwrap();
        assert_eq!(form.value("name"), "喘息小站");
        assert!(!form.fault("terms").is_empty() && form.fault("name").is_empty());
    }
}
