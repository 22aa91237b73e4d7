//! The log for the auditor: its newest events, filtered, and whether it is whole.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::{actions, store, words};
use crate::access::{Action, Actor, Facts, decide};
use crate::api::Query;
use crate::app::App;
use crate::error::Result;
use crate::web::{Html, Page, Visit};

/// What to look for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Table name of a thing.
    #[serde(default)]
    thing: String,
    /// Id of a thing.
    #[serde(default)]
    id: String,
    /// Anything but empty verifies.
    #[serde(default)]
    verify: String,
}

#[derive(Template)]
#[template(path = "audit/html/audit.html")]
struct AuditPage {
    page: Page,
    events: Vec<words::Line>,
    thing: String,
    id: String,
    verified: Option<(bool, u64, String)>,
}

/// The log. Looking through it is itself an event.
pub async fn audit(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    decide(&actor, Action::ReadAudit, &Facts { thing: "audit_event", ..Facts::default() }).allowed()?;
    let now = app.now();
    let mut tx = app.begin().await?;
    let verified = if asked.verify.is_empty() {
        None
    } else {
        let verdict = actions::verify(&mut tx, None).await?;
        Some((verdict.holds(), verdict.events, verdict.root))
    };
    let events = if asked.thing.is_empty() || asked.id.is_empty() {
        store::newest(&mut tx, 100).await?
    } else {
        store::of(&mut tx, &asked.thing, &asked.id, 200).await?
    };
    actions::record(&mut tx, &actor, super::Event::new("audit.read", "audit_event", "list"), now).await?;
    tx.commit(now).await?;
    let page = Page::titled(&visit, "nav.audit");
    let events = events.into_iter().map(|event| words::line(event, visit.locale)).collect();
    Ok(Html(AuditPage { page, events, thing: asked.thing, id: asked.id, verified }).into_response())
}
