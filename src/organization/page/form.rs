//! The forms of an organization: registering and editing. Its page, its list and the queue are `service`'s, which knows the services.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lianjie_index::DivisionCode;
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, Contact, Registration};
use super::super::api::id_of;
use super::super::model::Organization;
use super::super::phone;
use super::super::written::Written;
use crate::access::{Action, Actor, Role, Subject, decide};
use crate::account::Peer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::secret::Hidden;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

#[expect(clippy::struct_excessive_bools, reason = "each is a condition of the template")]
#[derive(Template)]
#[template(path = "organization/html/form.html")]
struct FormPage {
    page: Page,
    form: FormState,
    action: String,
    back: String,
    kinds: Vec<Choice>,
    counties: Vec<Choice>,
    levels: Vec<Choice>,
    /// Version of the entry that is edited; empty for a new one.
    version: String,
    /// Whether a first account is asked for, and must be given.
    visitor: bool,
    /// Whether somebody is asked for on whose behalf it is entered.
    behalf: bool,
    /// Whether some entry looks like it.
    alike: bool,
    /// Whether name, kind and code wait for a registrar.
    waits: bool,
    /// Numbers that are likely somebody's own.
    private: String,
}

/// The form's fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    kind: String,
    name: String,
    alternate_name: String,
    description: String,
    code_uscc: String,
    division: String,
    township: String,
    address: String,
    phones: String,
    office_phones: Option<String>,
    website: String,
    confidentiality: String,
    contact: String,
    login: String,
    password: Hidden,
    on_behalf_of: String,
    distinct: Option<String>,
    version: Option<i64>,
}

impl Fields {
    /// Whether it is said to be another one than those it looks like.
    pub(crate) fn is_distinct(&self) -> bool {
        self.distinct.is_some()
    }

    /// The version that was read.
    pub(crate) fn version(&self) -> i64 {
        self.version.unwrap_or(0)
    }

    /// What was written about an entry that is there. The one box stands for all its mobile numbers, and is not ticked where only some
    /// are the office's: those stay what they are.
    pub(crate) fn written_over(&self, old: &Organization) -> Written {
        let some = self.office_phones.is_none() && !old.private_phones().is_empty();
        let written = self.written();
        Written { office_phones: if some { old.office_phones.clone() } else { written.office_phones.clone() }, ..written }
    }

    /// What was written about the entry.
    pub(crate) fn written(&self) -> Written {
        let phones = phone::several(&self.phones);
        Written {
            kind: self.kind.clone(),
            name: self.name.clone(),
            alternate_name: self.alternate_name.clone(),
            description: self.description.clone(),
            code_uscc: self.code_uscc.clone(),
            division: self.division.clone(),
            township: self.township.clone(),
            address: self.address.clone(),
            office_phones: if self.office_phones.is_some() { phones.clone() } else { Vec::new() },
            phones,
            website: self.website.clone(),
            confidentiality: self.confidentiality.clone(),
        }
    }
}

fn form_page(app: &App, visit: &Visit, form: FormState, edited: Option<&Organization>) -> FormPage {
    let tag = visit.locale.tag();
    let (categories, divisions) = (app.categories.get(), app.divisions.get());
    let kinds = categories.kinds.iter().map(|kind| (kind.named.code.clone(), kind.named.name(visit.locale).to_owned()));
    let kinds = form.options("kind", kinds);
    let counties = form.options("division", divisions.of_level("county").map(|row| (row.code.to_string(), divisions.full_name(&row.code))));
    let level = |name: &str| (name.to_owned(), t!(format!("organization.level.{name}"), locale = tag).into_owned());
    let mut levels = form.options("confidentiality", ["public", "workers", "restricted"].map(level));
    if levels.iter().all(|choice| !choice.selected) {
        levels[0].selected = true;
    }
    let actor = &visit.actor;
    let workers = [Role::Worker, Role::Supervisor, Role::Coordinator].iter().any(|role| actor.is(*role));
    let (title, action, back) = match edited {
        Some(organization) => {
            ("organization.edit", format!("/organizations/{}/edit", organization.id), format!("/organizations/{}", organization.id))
        }
        None => ("organization.new", "/organizations/new".to_owned(), if actor.is_signed_in() { "/" } else { "/login" }.to_owned()),
    };
    FormPage {
        page: Page::titled(visit, title),
        action,
        back,
        kinds,
        counties,
        levels,
        version: edited.map(|organization| version_of(&form, organization)).unwrap_or_default(),
        visitor: !actor.is_signed_in(),
        behalf: edited.is_none() && workers && !actor.is(Role::Registrar),
        alike: !form.fault("distinct").is_empty() || form.has("distinct", "1"),
        private: private_phones(&form),
        waits: edited.is_some_and(|organization| organization.verified_at.is_some() && !actions::is_registrars(actor, organization)),
        form,
    }
}

/// The mobile numbers of the form that are not said to be the office's.
fn private_phones(form: &FormState) -> String {
    if form.has("office_phones", "1") {
        return String::new();
    }
    let private = phone::several(form.value("phones")).into_iter().filter(|phone| phone::is_mobile(phone));
    private.collect::<Vec<_>>().join("、")
}

/// The version that was read: what the form carried, so that a refused form cannot write over somebody's change.
fn version_of(form: &FormState, organization: &Organization) -> String {
    let carried = form.value("version");
    if carried.is_empty() { organization.version.to_string() } else { carried.to_owned() }
}

/// The form for a new entry: for a visitor too. A provider that is one already edits its own.
pub async fn new(State(app): State<Arc<App>>, visit: Visit) -> Result<Response> {
    if visit.actor.is_signed_in() {
        actions::may_register(&visit.actor)?;
    }
    Ok(Html(form_page(&app, &visit, FormState::new(), None)).into_response())
}

/// Registers, or gives the form back.
pub async fn register(
    State(app): State<Arc<App>>,
    visit: Visit,
    Extension(peer): Extension<Peer>,
    Form { value, typed, key }: Form<Fields>,
) -> Result<Response> {
    let contact = (!visit.actor.is_signed_in()).then(|| Contact {
        name: value.contact.clone(),
        login: value.login.clone(),
        password: value.password.clone(),
    });
    let new = Registration {
        written: value.written(),
        contact,
        on_behalf_of: value.on_behalf_of.clone(),
        distinct: value.distinct.is_some(),
        peer: peer.0,
    };
    match actions::register(&app, &visit.actor, &new, key.as_ref()).await {
        Ok(made) if visit.actor.is_signed_in() => redirect(&format!("/organizations/{}", made.id), Some("organization_registered")),
        Ok(_) => redirect("/login?next=%2Forganizations%2Fmine", Some("organization_log_in")),
        Err(error) => refused(&app, &visit, typed, error, None),
    }
}

fn refused(app: &App, visit: &Visit, typed: Vec<(String, String)>, error: Error, edited: Option<&Organization>) -> Result<Response> {
    let typed = typed.into_iter().filter(|(name, _)| name != "password").collect();
    let form = FormState::refused(typed, error, visit.locale)?;
    Ok(Html(form_page(app, visit, form, edited)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

/// The form of an entry.
pub async fn edit(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Path(id): Path<String>) -> Result<Response> {
    let organization = actions::view(&app, &actor, &id_of(&id)?).await?;
    decide(&actor, Action::EditDirectory, &organization.facts()).allowed()?;
    let form = filled(&app, &organization);
    Ok(Html(form_page(&app, &visit, form, Some(&organization))).into_response())
}

/// Whether it has mobile numbers, and each is the office's.
fn is_all_office(organization: &Organization) -> bool {
    !organization.office_phones.is_empty() && organization.private_phones().is_empty()
}

fn filled(app: &App, organization: &Organization) -> FormState {
    let written = Written::of(organization);
    let township = (organization.division.as_str().len() > 6).then(|| app.divisions.get().name(&organization.division));
    let county: DivisionCode = organization.division.county();
    FormState::filled([
        ("kind", written.kind),
        ("name", written.name),
        ("alternate_name", written.alternate_name),
        ("description", written.description),
        ("code_uscc", written.code_uscc),
        ("division", county.to_string()),
        ("township", township.unwrap_or_default()),
        ("address", written.address),
        ("phones", written.phones.join("、")),
        ("office_phones", if is_all_office(organization) { "1".to_owned() } else { String::new() }),
        ("website", written.website),
        ("confidentiality", written.confidentiality),
    ])
}

/// The form given back with what was refused of an edit; `service` saves it, for the law looks at what an organization offers.
pub(crate) fn refused_edit(
    app: &App,
    visit: &Visit,
    typed: Vec<(String, String)>,
    error: Error,
    organization: &Organization,
) -> Result<Response> {
    refused(app, visit, typed, error, Some(organization))
}
