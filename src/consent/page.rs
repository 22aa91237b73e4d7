//! The consents of a case: who may receive what, on which ground, until when.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, NewConsent, View};
use super::model::{Consent, Giver, Ground, Item, Purpose, kind_may_have};
use crate::access::{Actor, Class};
use crate::api::Query;
use crate::app::App;
use crate::error::{Error, Faults, Result};
use crate::id::{CaseId, OrganizationId, ReferralId};
use crate::locale::Locale;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

fn say(locale: Locale, key: &str) -> String {
    t!(key, locale = locale.tag()).into_owned()
}

/// Whom a new one would be for, and where one came from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct For {
    recipient: String,
    back: String,
    items: Vec<String>,
}

/// A consent in the list.
struct Line {
    recipient: String,
    items: String,
    purpose: String,
    ground: String,
    days: String,
    state: String,
    tone: &'static str,
    revoke: String,
}

#[derive(Template)]
#[template(path = "consent/html/consents.html")]
struct ConsentsPage {
    page: Page,
    case_id: String,
    lines: Vec<Line>,
    form: FormState,
    recipient: Option<(String, String)>,
    back: String,
    items: Vec<Choice>,
    purposes: Vec<Choice>,
    grounds: Vec<Choice>,
    givers: Vec<Choice>,
    suspected: bool,
    may_record: bool,
}

fn line(consent: &Consent, recipient: &str, may_record: bool, today: jiff::civil::Date, locale: Locale) -> Line {
    let (state, tone) = if consent.revoked_at.is_some() {
        ("revoked", "bad")
    } else if consent.holds(today) {
        ("holds", "ok")
    } else if today < consent.from {
        ("coming", "")
    } else {
        ("ended", "warn")
    };
    let comma = locale.pick("、", ", ");
    let names = |keys: Vec<String>| keys.iter().map(|key| say(locale, key)).collect::<Vec<_>>().join(comma);
    let ground = match (&consent.article, consent.ground) {
        (Some(article), Ground::Statutory) => article.clone(),
        _ => names(consent.given_by.iter().map(|giver| format!("consent.giver.{}", giver.name())).collect()),
    };
    Line {
        recipient: recipient.to_owned(),
        items: names(consent.items.iter().map(|item| format!("item.{}", item.name())).collect()),
        purpose: say(locale, &format!("purpose.{}", consent.purpose.name())),
        ground: format!("{} · {ground}", say(locale, &format!("consent.ground_{}", consent.ground.name()))),
        days: format!("{} — {}", consent.from, consent.to),
        state: say(locale, &format!("consent.{state}")),
        tone,
        revoke: if may_record && consent.holds(today) {
            format!("/cases/{}/consents/{}/revoke", consent.case, consent.id)
        } else {
            String::new()
        },
    }
}

fn page(app: &App, visit: &Visit, view: View, form: FormState, back: String) -> ConsentsPage {
    let (locale, today) = (visit.locale, app.today());
    let kind = view.recipient.as_ref().map(|recipient| recipient.kind.clone()).unwrap_or_default();
    let offered = |item: &&Item| {
        item.needs_ground()
            && item.class() != Class::Secret
            && !matches!(item, Item::Point | Item::Photo | Item::Income | Item::ContactRoute)
    };
    let items = Item::ALL.iter().filter(offered).filter(|item| kind_may_have(&kind, **item));
    let items = form.options("items", items.map(|item| (item.name(), say(locale, &format!("item.{}", item.name())))));
    let purposes =
        form.options("purpose", Purpose::ALL.map(|purpose| (purpose.name(), say(locale, &format!("purpose.{}", purpose.name())))));
    let mut grounds =
        form.options("ground", ["consent", "statutory"].map(|ground| (ground, say(locale, &format!("consent.ground_{ground}")))));
    for ground in &mut grounds {
        ground.hint = say(locale, &format!("consent.ground_{}_hint", ground.value));
    }
    let child = view.asks_child.then_some(Giver::Child);
    let givers = view.givers.iter().copied().chain(child);
    let givers = form.options("given_by", givers.map(|giver| (giver.name(), say(locale, &format!("consent.giver.{}", giver.name())))));
    ConsentsPage {
        page: Page::new(visit, format!("{} · {}", view.alias, say(locale, "consent.title"))),
        case_id: view.case.id.to_string(),
        lines: view.consents.iter().map(|(consent, name)| line(consent, name, view.may_record, today, locale)).collect(),
        recipient: view.recipient.map(|recipient| (recipient.id.to_string(), recipient.name)),
        back,
        items,
        purposes,
        grounds,
        givers,
        suspected: view.suspected,
        may_record: view.may_record,
        form,
    }
}

/// The consents of a case, and the form of a new one for the organization one came from.
pub async fn consents(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<For>,
) -> Result<Response> {
    let id = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    let recipient = OrganizationId::parse(&query.recipient).ok();
    let view = actions::view(&app, &actor, &id, recipient.as_ref()).await?;
    let to = app.today().checked_add(jiff::ToSpan::months(6)).unwrap_or(app.today());
    let days = [("purpose", "serve".to_owned()), ("from_day", app.today().to_string()), ("to_day", to.to_string())];
    let form = FormState::filled(days.into_iter().chain(query.items.into_iter().map(|item| ("items", item))));
    Ok(Html(page(&app, &visit, view, form, query.back)).into_response())
}

/// The form of a consent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ConsentForm {
    recipient: String,
    back: String,
    items: Vec<String>,
    purpose: String,
    ground: String,
    article: String,
    given_by: Vec<String>,
    evidence: String,
    from_day: String,
    to_day: String,
}

fn read(value: &ConsentForm) -> Result<NewConsent> {
    let mut faults = Faults::new();
    let recipient = OrganizationId::parse(&value.recipient).ok();
    let purpose = Purpose::of(&value.purpose);
    let ground = [Ground::Consent, Ground::Statutory].into_iter().find(|ground| ground.name() == value.ground);
    let to: Option<jiff::civil::Date> = value.to_day.parse().ok();
    let from: Option<jiff::civil::Date> = value.from_day.parse().ok();
    faults.require(recipient.is_some(), "recipient", "required");
    faults.require(purpose.is_some(), "purpose", "required");
    faults.require(ground.is_some(), "ground", "required");
    faults.require(to.is_some(), "to_day", "day_form");
    faults.require(from.is_some() || value.from_day.is_empty(), "from_day", "day_form");
    faults.settle()?;
    let (Some(recipient), Some(purpose), Some(ground), Some(to)) = (recipient, purpose, ground, to) else {
        return Err(Error::invalid("recipient", "required"));
    };
    Ok(NewConsent {
        recipient,
        items: value.items.iter().filter_map(|name| Item::of(name)).collect(),
        purpose,
        ground,
        article: Some(value.article.clone()).filter(|article| !article.is_empty()),
        given_by: value.given_by.iter().filter_map(|name| Giver::of(name)).collect(),
        evidence: value.evidence.clone(),
        from,
        to,
    })
}

/// Records a consent, and goes back to the referral it was recorded for.
pub async fn record(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    form: Form<ConsentForm>,
) -> Result<Response> {
    let id = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    let done = match read(&form.value) {
        Ok(new) => actions::record(&app, &actor, &id, new, form.key.as_ref()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            let back = ReferralId::parse(&form.value.back)
                .map_or_else(|_| format!("/cases/{id}/consents"), |referral| format!("/referrals/{referral}"));
            redirect(&back, Some("consent_recorded"))
        }
        Err(error) => {
            let recipient = OrganizationId::parse(&form.value.recipient).ok();
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let view = actions::view(&app, &actor, &id, recipient.as_ref()).await?;
            Ok(Html(page(&app, &visit, view, state, form.value.back)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
