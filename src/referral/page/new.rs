//! 发起转介: need, service, what is shared; then the draft is checked on its own page. Ids stand in the address, words never.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;
use serde::Deserialize;

use super::super::actions::{self, Candidate, NewReferral};
use super::super::model::Channel;
use super::check::{Step, steps};
use super::share;
use super::words::{self, Fact, say};
use crate::access::{Action as Access, Actor, decide};
use crate::api::Query;
use crate::app::App;
use crate::case::model::{Case, Child, Need};
use crate::consent::model::{Item, Purpose};
use crate::error::{Error, Result};
use crate::id::{NeedId, ReferralId, ServiceAtLocationId};
use crate::locale::Locale;
use crate::service::model::Offering;
use crate::web::{Choice, Form, FormState, Html, Page, Visit, redirect};

/// How far one has come.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    need: String,
    #[serde(alias = "site")]
    service_at_location: String,
    follows: String,
}

/// A need to choose.
struct NeedChoice {
    href: String,
    name: String,
    alias: String,
    tier: u8,
    tier_label: String,
    match_href: String,
}

/// A service to choose.
struct ServiceChoice {
    href: String,
    name: String,
    organization: String,
    kind: String,
    division: String,
    free: String,
}

#[derive(Template)]
#[template(path = "referral/html/need.html")]
struct NeedPage {
    page: Page,
    steps: Vec<Step>,
    needs: Vec<NeedChoice>,
}

#[derive(Template)]
#[template(path = "referral/html/service.html")]
struct ServicePage {
    page: Page,
    steps: Vec<Step>,
    need: String,
    match_href: String,
    services: Vec<ServiceChoice>,
}

#[derive(Template)]
#[template(path = "referral/html/share.html")]
struct SharePage {
    page: Page,
    steps: Vec<Step>,
    form: FormState,
    need_id: String,
    site_id: String,
    follows: String,
    review: Vec<Fact>,
    brief: Vec<Fact>,
    purposes: Vec<Choice>,
    items: Vec<Choice>,
    free: String,
}

fn id<T>(text: &str, read: impl Fn(&str) -> Result<T, crate::id::NotAnId>, thing: &'static str) -> Result<Option<T>> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some).map_err(|_| Error::missing(thing, text)) }
}

/// The step one has come to.
pub async fn new(State(app): State<Arc<App>>, actor: Actor, visit: Visit, Query(chosen): Query<Chosen>) -> Result<Response> {
    let follows = id(&chosen.follows, ReferralId::parse, "referral")?;
    let need = match id(&chosen.need, NeedId::parse, "need")? {
        Some(need) => Some(need),
        None => actions::need_followed(&app, &actor, follows.as_ref()).await?,
    };
    let site = id(&chosen.service_at_location, ServiceAtLocationId::parse, "service")?;
    let Some(need) = need else { return needs_page(&app, &actor, &visit, site.as_ref()).await };
    match site {
        None => services_page(&app, &actor, &visit, &need, follows.as_ref()).await,
        Some(site) => {
            let form = FormState::filled([("purpose", "serve")]);
            let page = share_page(&app, &actor, &visit, &need, &site, &chosen.follows, form).await?;
            Ok(Html(page).into_response())
        }
    }
}

async fn needs_page(app: &App, actor: &Actor, visit: &Visit, site: Option<&ServiceAtLocationId>) -> Result<Response> {
    let locale = visit.locale;
    let chosen = site.map(|site| format!("&service_at_location={site}")).unwrap_or_default();
    let mut needs = Vec::new();
    for (need, case, alias) in actions::open_needs(app, actor, site).await? {
        let tier = need.tier.number();
        needs.push(NeedChoice {
            href: format!("/referrals/new?need={}{chosen}", need.id),
            name: words::term(app, &need.term, locale),
            alias,
            tier,
            tier_label: say(locale, &format!("referral.tier.{tier}")),
            match_href: format!("/cases/{}/match?need={}", case.id, need.id),
        });
    }
    let page = Page::titled(visit, "referral.new");
    Ok(Html(NeedPage { page, steps: steps(0, Default::default(), locale), needs }).into_response())
}

async fn services_page(app: &App, actor: &Actor, visit: &Visit, need: &NeedId, follows: Option<&ReferralId>) -> Result<Response> {
    let locale = visit.locale;
    let (need, case, candidates) = actions::candidates(app, actor, need, follows).await?;
    let follows = follows.map(|id| format!("&follows={id}")).unwrap_or_default();
    let categories = app.categories.get();
    let divisions = app.divisions.get();
    let line = |candidate: Candidate| ServiceChoice {
        href: format!("/referrals/new?need={}&service_at_location={}{follows}", need.id, candidate.offering.site.id),
        name: candidate.offering.service.name.clone(),
        organization: candidate.offering.organization.name.clone(),
        kind: categories.kind(&candidate.offering.organization.kind, locale),
        division: divisions.full_name(&candidate.offering.organization.division),
        free: free(candidate.free, locale),
    };
    let page = ServicePage {
        page: Page::titled(visit, "referral.new"),
        steps: steps(1, ["/referrals/new".into(), String::new(), String::new()], locale),
        need: words::term(app, &need.term, locale),
        match_href: format!("/cases/{}/match?need={}", case.id, need.id),
        services: candidates.into_iter().map(line).collect(),
    };
    Ok(Html(page).into_response())
}

fn free(free: Option<u32>, locale: Locale) -> String {
    free.map_or_else(|| say(locale, "referral.fact.places_unknown"), |free| free.to_string())
}

async fn share_page(
    app: &App,
    actor: &Actor,
    visit: &Visit,
    need: &NeedId,
    site: &ServiceAtLocationId,
    follows: &str,
    form: FormState,
) -> Result<SharePage> {
    let locale = visit.locale;
    let Sharing { need, case, child, offering, granted, free: places } = sharing(app, actor, need, site, follows).await?;
    let items = share::items(&form, &[&offering.organization.kind], Some(&granted), locale);
    let hrefs = ["/referrals/new".to_owned(), format!("/referrals/new?need={}", need.id), String::new()];
    let review = vec![
        Fact::of(locale, "referral.check.need", format!("{} · {}", child.alias, words::term(app, &need.term, locale))),
        Fact::of(locale, "referral.check.provider", format!("{} · {}", offering.organization.name, offering.service.name)),
    ];
    Ok(SharePage {
        page: Page::titled(visit, "referral.new"),
        steps: steps(2, hrefs, locale),
        need_id: need.id.to_string(),
        site_id: site.to_string(),
        follows: follows.to_owned(),
        review,
        brief: share::preview(app, &case, &child, &need, locale),
        purposes: share::purposes(&form, locale),
        items,
        free: if places.is_some_and(|free| free > 0) { free(places, locale) } else { String::new() },
        form,
    })
}

/// What the sharing step needs to know.
struct Sharing {
    need: Need,
    case: Case,
    child: Child,
    offering: Offering,
    granted: Vec<Item>,
    free: Option<u32>,
}

async fn sharing(app: &App, actor: &Actor, need: &NeedId, site: &ServiceAtLocationId, follows: &str) -> Result<Sharing> {
    let follows = id(follows, ReferralId::parse, "referral")?;
    let (need, case, child, candidate, granted) = actions::sharing(app, actor, need, site, follows.as_ref()).await?;
    let access = if follows.is_some() { Access::RerouteReferral } else { Access::Refer };
    decide(actor, access, &case).allowed()?;
    Ok(Sharing { need, case, child, offering: candidate.offering, granted, free: candidate.free })
}

/// The form of what is shared.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewForm {
    need: String,
    service_at_location: String,
    purpose: String,
    items: Vec<String>,
    time_windows: String,
    safety_notes: String,
    mobility: String,
    share_sex: String,
    hold_place: String,
    follows: String,
}

/// Writes the draft.
pub async fn create(State(app): State<Arc<App>>, actor: Actor, visit: Visit, form: Form<NewForm>) -> Result<Response> {
    let value = form.value;
    let need = NeedId::parse(&value.need).map_err(|_| Error::missing("need", &value.need))?;
    let site = ServiceAtLocationId::parse(&value.service_at_location).map_err(|_| Error::missing("service", &value.service_at_location))?;
    let made = match Purpose::of(&value.purpose) {
        None => Err(Error::invalid("purpose", "required")),
        Some(purpose) => {
            let new = NewReferral {
                need: need.clone(),
                site: site.clone(),
                purpose,
                items: value.items.iter().filter_map(|name| Item::of(name)).collect(),
                time_windows: value.time_windows,
                safety_notes: value.safety_notes,
                mobility: value.mobility,
                share_sex: value.share_sex == "1",
                hold_place: value.hold_place == "1",
                follows: id(&value.follows, ReferralId::parse, "referral")?,
            };
            actions::draft(&app, &actor, new, Channel::Page, form.key.as_ref()).await
        }
    };
    match made {
        Ok(id) => redirect(&format!("/referrals/{id}"), Some("referral_drafted")),
        Err(error) => {
            let state = FormState::refused(form.typed, error, visit.locale)?;
            let page = share_page(&app, &actor, &visit, &need, &site, &value.follows, state).await?;
            Ok(Html(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
