//! What an event says to its reader: verb, thing, fields and purpose in words.

use jiff::Timestamp;
use rust_i18n::t;

use super::model::Recorded;
use crate::clock;
use crate::locale::Locale;

/// An event as a line of the page.
pub struct Line {
    /// When, in China.
    pub at: String,
    /// Role of the actor.
    pub role: String,
    /// Account id, or `timer`, `system`, `visitor`.
    pub actor: String,
    /// What was done.
    pub deed: String,
    /// That it was refused; empty where it was done.
    pub refused: String,
    /// To what.
    pub thing: String,
    /// Its id.
    pub object_ref: String,
    /// Which fields.
    pub fields: String,
    /// What for.
    pub purpose: String,
}

/// Words an event.
pub fn line(event: Recorded, locale: Locale) -> Line {
    let fields: Vec<String> = serde_json::from_str(&event.fields).unwrap_or_default();
    let fields: Vec<String> = fields.iter().map(|name| field(name, locale)).collect();
    Line {
        deed: deed(&event.action, locale),
        refused: if event.outcome == "done" { String::new() } else { word(locale, &["audit.outcome"], &event.outcome) },
        thing: word(locale, &["thing"], &event.object_type),
        fields: fields.join(locale.pick("、", ", ")),
        purpose: event.purpose.map_or_else(String::new, |purpose| word(locale, &["purpose", "case.purpose"], &purpose)),
        role: word(locale, &["role", "audit.role"], &event.role),
        at: moment(&event.at),
        actor: event.actor,
        object_ref: event.object_ref,
    }
}

/// An instant in China, to the second; a text that is none stays as it is.
fn moment(stored: &str) -> String {
    let at = stored.parse::<Timestamp>().map(|at| at.to_zoned_datetime(clock::zone()).strftime("%Y-%m-%d %H:%M:%S").to_string());
    at.unwrap_or_else(|_| stored.to_owned())
}

/// What a field was: its name; of a list how many were shown.
fn field(name: &str, locale: Locale) -> String {
    match name.strip_prefix("count=") {
        Some(count) => t!("audit.count", locale = locale.tag(), count = count).into_owned(),
        None => word(locale, &["item", "dispatch.mode", "referral.withdraw"], name),
    }
}

/// The words of a verb such as `service.edited`; the state table of referrals has words of its own.
fn deed(action: &str, locale: Locale) -> String {
    let verb = action.split_once('.').map_or(action, |(_, verb)| verb);
    let own = if action.starts_with("referral.") { "referral.action" } else { "audit.did" };
    word(locale, &[own, "audit.did"], verb)
}

/// The first text there is for a code; the code itself where none has one.
fn word(locale: Locale, roots: &[&str], code: &str) -> String {
    let texts = roots.iter().map(|root| [root, code].join("."));
    let found = texts.filter_map(|key| {
        let text = t!(key.as_str(), locale = locale.tag()).into_owned();
        (!text.ends_with(&key)).then_some(text)
    });
    found.into_iter().next().unwrap_or_else(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the source records: verb and thing of every event, read off the source.
    fn recorded() -> Vec<(String, String)> {
        fn read(folder: &std::path::Path, found: &mut Vec<(String, String)>) {
            for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
                if file.is_dir() {
                    read(&file, found);
                } else if file.extension().is_some_and(|end| end == "rs") {
                    let text = std::fs::read_to_string(&file).unwrap();
                    let calls = text.split("Event::new(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
                    found.extend(calls.filter_map(|rest| {
                        let (verb, rest) = rest.split_once('"')?;
                        let thing = rest.trim_start_matches([',', ' ', '\n']).strip_prefix('"').and_then(|rest| rest.split_once('"'));
                        let named = verb.contains('.') && verb.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c));
                        named.then(|| (verb.to_owned(), thing.map_or_else(String::new, |(thing, _)| thing.to_owned())))
                    }));
                }
            }
        }
        let mut found = Vec::new();
        read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        found
    }

    #[test]
    fn every_verb_and_thing_of_the_log_has_words_in_both_languages() {
        let recorded = recorded();
        assert!(recorded.len() > 35, "the events were found: {}", recorded.len());
        for (verb, thing) in recorded {
            for locale in [Locale::Zh, Locale::En] {
                let words = deed(&verb, locale);
                assert!(!verb.ends_with(&words) || locale == Locale::En, "{verb} has no words");
                assert!(thing.is_empty() || locale == Locale::En || word(locale, &["thing"], &thing) != thing, "{thing} has no words");
            }
        }
    }

    #[test]
    fn a_code_without_words_is_shown_as_it_is() {
        assert_eq!(word(Locale::Zh, &["thing"], "no_such_thing"), "no_such_thing");
    }
}
