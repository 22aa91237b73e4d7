//! A notice in words.

use rust_i18n::t;
use serde_json::Value;

use crate::locale::Locale;

/// The text of a template, filled with its facts.
#[must_use]
pub fn text(template: &str, facts: &Value, locale: Locale) -> String {
    let mut text = t!(format!("notification.{template}"), locale = locale.tag()).into_owned();
    for (name, value) in facts.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text = text.replace(&format!("%{{{name}}}"), &value);
    }
    text
}

/// Where it leads, inside the product.
pub fn link(facts: &Value) -> &str {
    facts.get("link").and_then(Value::as_str).unwrap_or("/")
}
