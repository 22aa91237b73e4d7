//! The forms of an organization, of its locations, people and projects. Its page, its list and the queue are `service`'s, which knows
//! the services.

mod form;
mod location;
mod practice;

pub use form::{edit, new, register, save};
pub use location::{add as add_location, edit as edit_location, new as new_location, save as save_location};
pub use practice::{
    add_practitioner, add_program, edit_practitioner, edit_program, new_practitioner, new_program, save_practitioner, save_program,
};

use super::actions;
use super::api::id_of;
use super::model::Organization;
use crate::access::{Action, Actor, decide};
use crate::app::App;
use crate::error::Result;

/// An organization whose entry the actor may edit.
async fn editable(app: &App, actor: &Actor, id: &str) -> Result<Organization> {
    let organization = actions::view(app, actor, &id_of(id)?).await?;
    decide(actor, Action::EditDirectory, &organization).allowed()?;
    Ok(organization)
}
