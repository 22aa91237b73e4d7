//! That a fact of an entry was confirmed: by whom, how, when, and until when it counts as fresh. It travels as an attribute with a
//! term of the taxonomy `lianjie-confirmed`, one a fact; who spoke with whom stays here.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::object::Object;
use super::terms::{CONFIRMED, Terms};

/// The facts that are confirmed: code, what it is in Chinese and in English.
pub const FACTS: [(&str, &str, &str); 6] = [
    ("existence", "仍在提供", "Still given"),
    ("schedule", "开放时间", "Opening hours"),
    ("fees", "收费", "Fees"),
    ("wait_days", "等待天数", "Days to wait"),
    ("places", "名额", "Places"),
    ("phones", "电话", "Phones"),
];
/// Who may have said so.
const SOURCES: [&str; 3] = ["organization", "worker", "registrar"];
/// How it may be known.
const METHODS: [&str; 4] = ["own", "phone", "visit", "document"];

/// That a fact was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    /// Which fact; the term says it.
    #[serde(skip)]
    pub field: String,
    /// Who said so: `organization`, `worker`, `registrar`.
    pub source: String,
    /// How it was known: `own`, `phone`, `visit`, `document`.
    pub method: String,
    /// The day.
    pub on: Date,
    /// The day it stops counting as fresh.
    pub until: Date,
}

impl Confirmed {
    /// The value of an attribute, read; none where it is nothing that can have been by a day.
    #[must_use]
    pub fn read(field: &str, value: &str, today: Date) -> Option<Self> {
        let read: Self = serde_json::from_str(value).ok()?;
        let known = FACTS.iter().any(|(code, ..)| *code == field) && SOURCES.contains(&&*read.source) && METHODS.contains(&&*read.method);
        (known && read.on <= today && read.on <= read.until).then(|| Self { field: field.to_owned(), ..read })
    }
}

/// Confirmations as attributes of what they are of.
#[must_use]
pub fn attributes(parent: &str, confirmed: &[Confirmed], terms: &Terms) -> Vec<Object> {
    let said = |one: &Confirmed| {
        let value: Value = serde_json::to_value(one).ok()?;
        terms.attribute(parent, &CONFIRMED, &one.field, "confirmed", Some(value))
    };
    confirmed.iter().filter_map(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confirmation_is_read_as_it_was_written_and_nothing_else_is() {
        let today = "2026-11-25".parse().unwrap();
        let written = r#"{"source":"worker","method":"phone","on":"2026-11-20","until":"2027-11-20"}"#;
        let read = Confirmed::read("fees", written, today).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), written);
        for (field, value) in [
            ("budget", written.to_owned()),
            ("fees", written.replace("worker", "import")),
            ("fees", written.replace("phone", "phone · 王主任")),
            ("fees", written.replace("2026-11-20", "2026-11-26")),
            ("fees", written.replace("2027-11-20", "2026-11-19")),
            ("fees", "yes".to_owned()),
        ] {
            assert_eq!(Confirmed::read(field, &value, today), None, "{field} {value}");
        }
    }
}
