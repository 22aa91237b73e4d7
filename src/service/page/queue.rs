//! 核验: what waits for a registrar.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use rust_i18n::t;
use serde::Deserialize;

use super::super::api::id_of;
use super::super::{actions, store};
use super::history::Line as Compared;
use super::{Line, Said, line, said_of};
use crate::access::{Action, Actor, Facts, Role, decide};
use crate::app::App;
use crate::clock;
use crate::error::Result;
use crate::locale::Locale;
use crate::organization;
use crate::organization::model::Organization;
use crate::organization::suggestion::About;
use crate::web::{Form, Html, Page, Visit, redirect};

/// An organization that waits.
struct Pending {
    id: String,
    name: String,
    about: String,
    /// When it was last changed.
    since: String,
    /// Whether it has a code; one that does not check is never kept.
    has_code: bool,
    version: i64,
    /// Whether the actor entered it: then another registrar verifies it.
    own: bool,
}

/// A service of a verified organization that waits.
struct Unchecked {
    line: Line,
    organization: String,
    /// When it was last changed.
    since: String,
    /// What the registrar has not seen yet, beside what was seen.
    differences: Vec<Compared>,
}

/// A verified organization whose verification ends soon, or is over.
struct Ending {
    id: String,
    name: String,
    about: String,
    until: String,
    over: bool,
    own: bool,
    version: i64,
}

#[derive(Template)]
#[template(path = "service/html/queue.html")]
struct QueuePage {
    page: Page,
    pending: Vec<Pending>,
    unchecked: Vec<Unchecked>,
    said: Vec<Said>,
    ending: Vec<Ending>,
}

/// What is said about entries of the actor's divisions.
async fn said(app: &App, actor: &Actor, locale: Locale) -> Result<Vec<Said>> {
    let one = |about: About| {
        let settles = !(about.is_registrars() && about.suggestion.by == actor.id);
        said_of(app, about, settles, locale)
    };
    Ok(actions::to_settle(app, actor).await?.into_iter().map(one).collect())
}

/// The organizations that are to be verified anew.
async fn ending(app: &App, actor: &Actor, locale: Locale) -> Result<Vec<Ending>> {
    let (categories, divisions, today) = (app.categories.get(), app.divisions.get(), app.today());
    let one = |organization: Organization| Ending {
        id: organization.id.to_string(),
        about: format!("{} · {}", categories.kind(&organization.kind, locale), divisions.full_name(&organization.division)),
        until: organization.verified_until.map(|day| day.to_string()).unwrap_or_default(),
        over: organization.is_expired(today),
        own: organization.entered_by.as_ref() == Some(&actor.id),
        version: organization.version,
        name: organization.name,
    };
    Ok(organization::ending(app, actor).await?.into_iter().map(one).collect())
}

/// How long ago something was changed.
pub(super) fn since(app: &App, locale: Locale, changed: Option<Timestamp>) -> String {
    let Some(day) = changed.map(clock::day) else { return String::new() };
    let days = day.until(app.today()).map_or(0, |span| span.get_days().max(0));
    t!("service.changed_since", locale = locale.tag(), days = days, day = day).into_owned()
}

/// The queue.
pub async fn queue(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    if !actor.is(Role::Registrar) {
        decide(&actor, Action::VerifyDirectory, &Facts { thing: "page", ..Facts::default() }).allowed()?;
    }
    let (categories, divisions) = (app.categories.get(), app.divisions.get());
    let mut pending = Vec::new();
    let waiting = organization::pending(&app, &actor).await?;
    let mut db = app.store.read().await?;
    for organization in waiting {
        let kind = categories.kind(&organization.kind, visit.locale);
        pending.push(Pending {
            id: organization.id.to_string(),
            about: format!("{kind} · {}", divisions.full_name(&organization.division)),
            since: since(&app, visit.locale, organization::store::changed_at(&mut db, &organization.id).await?),
            has_code: organization.code_uscc.is_some(),
            own: organization.entered_by.as_ref() == Some(&actor.id),
            name: organization.name,
            version: organization.version,
        });
    }
    let mut unchecked: Vec<Unchecked> = Vec::new();
    for below in organization::registrar_scopes(&actor) {
        for service in store::waiting(&mut db, &below, 200).await? {
            let owner = organization::store::find(&mut db, &service.organization).await?;
            let organization = owner.map(|owner| owner.name).unwrap_or_default();
            if unchecked.iter().all(|known| known.line.id != service.id.as_str()) {
                let differences = actions::unchecked(&service).into_iter().map(|one| Compared::of(&app, visit.locale, one));
                let since = since(&app, visit.locale, store::changed_at(&mut db, &service.id).await?);
                unchecked.push(Unchecked {
                    differences: differences.collect(),
                    line: line(&app, visit.locale, &service),
                    organization,
                    since,
                });
            }
        }
    }
    drop(db);
    let title = t!("nav.verification", locale = visit.locale.tag());
    let page = QueuePage {
        page: Page::new(&visit, title),
        said: said(&app, &actor, visit.locale).await?,
        ending: ending(&app, &actor, visit.locale).await?,
        pending,
        unchecked,
    };
    Ok(Html(page).into_response())
}

/// What was read.
#[derive(Debug, Deserialize)]
pub struct Seen {
    version: i64,
}

/// Ticks off a service.
pub async fn check(State(app): State<Arc<App>>, actor: Actor, Path(id): Path<String>, Form { value, .. }: Form<Seen>) -> Result<Response> {
    actions::check(&app, &actor, &id_of(&id)?, value.version).await?;
    redirect("/verification", Some("service_checked"))
}
