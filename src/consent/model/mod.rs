//! What may leave to whom: items and their classes, consents, the one projection, the look through free words.

mod consent;
mod item;
mod project;
mod redact;

pub use consent::{Consent, Family, Giver, Ground, OWN_SAY_YEARS, Purpose, check};
pub use item::{Item, is_named_by_law, kind_may_have};
pub use project::{Channel, Recipient, Shown, Stage, project};
pub use redact::{Names, check as check_words};
