//! What every page shares: the visit, the frame, forms with their token, errors as pages, the assets.
//!
//! - [`Visit`] is one request's person, language and display; `account` fills it.
//! - [`Page`] is the frame a template extends (`web/layout.html`).
//! - [`Form`] reads a form and refuses one without the session's token.
//! - [`FormState`] gives a form back as it was typed, with its faults.
//! - [`Upload`] reads a form that brings a file.
//! - [`square`] draws an address as a code that a phone reads.

mod assets;
mod error_page;
mod form;
mod nav;
mod page;
mod pager;
mod square;
mod tab;
mod upload;
mod visit;

pub use assets::assets;
pub use error_page::{ErrorPage, word_errors, worded};
pub use form::{Choice, Form, FormState, Nothing, Refused};
pub use nav::Item;
pub use page::{Html, Page, Signed, redirect};
pub use pager::Pager;
pub use square::square;
pub use tab::Tab;
pub use upload::Upload;
pub use visit::{Size, Theme, Visit};
