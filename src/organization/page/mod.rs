//! The forms of an organization, of its locations, people and projects. Its page, its list and the queue are `service`'s, which knows
//! the services.

mod form;
mod location;
mod practice;

pub(crate) use form::{Fields, refused_edit};
pub use form::{edit, new, register};
pub use location::{add as add_location, edit as edit_location, new as new_location, save as save_location};
pub use practice::{
    add_practitioner, add_program, edit_practitioner, edit_program, new_practitioner, new_program, save_practitioner, save_program,
};

use rust_i18n::t;

use super::actions;
use super::api::id_of;
use super::model::{LANGUAGES, Organization};
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::error::Result;
use crate::locale::Locale;
use crate::web::{Choice, FormState};

/// The languages of the province, and others that stand in the entry already.
pub(crate) fn languages(form: &FormState, locale: Locale) -> Vec<Choice> {
    let named = LANGUAGES.map(|code| (code.to_owned(), t!(format!("search.language.{code}"), locale = locale.tag()).into_owned()));
    let others = form.all("languages").into_iter().filter(|code| !LANGUAGES.contains(&code.as_str())).map(|code| (code.clone(), code));
    form.options("languages", named.into_iter().chain(others))
}

/// An organization whose entry the actor may edit.
async fn editable(app: &App, actor: &Actor, id: &str) -> Result<Organization> {
    let organization = actions::view(app, actor, &id_of(id)?).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    Ok(organization)
}
