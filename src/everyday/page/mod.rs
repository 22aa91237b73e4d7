//! 常用说法: the lists, the form with what it would do, and many rows pasted at once.

mod form;
mod list;
mod paste;

use lianjie_index::Vocabulary;
use rust_i18n::t;

use crate::locale::Locale;

pub use form::{add, change, new, show, withdraw};
pub use list::list;
pub use paste::{paste, pasting};

fn say(key: &str, locale: Locale) -> String {
    t!(format!("everyday.{key}"), locale = locale.tag()).into_owned()
}

fn sign_name(vocabulary: &Vocabulary, code: &str, locale: Locale) -> String {
    let listed = vocabulary.signs().listed().find(|sign| sign.code == code);
    listed.map_or_else(|| code.to_owned(), |sign| locale.pick(sign.zh, sign.en).to_owned())
}
