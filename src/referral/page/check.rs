//! The steps of writing a referral, and the page on which a draft is checked before it is sent.

use askama::Template;
use rust_i18n::t;

use super::super::actions::{Defaults as Days, View};
use super::super::model::Action;
use super::show::{consent_href, items};
use super::words::{self, Fact, say};
use crate::app::App;
use crate::locale::Locale;
use crate::web::{FormState, Page, Visit};

/// A step of the way to sending.
pub struct Step {
    pub label: String,
    pub state: &'static str,
    pub href: String,
}

/// A draft, before it is sent.
#[derive(Template)]
#[template(path = "referral/html/check.html")]
#[expect(clippy::struct_excessive_bools, reason = "what a page shows or not, one by one")]
pub struct CheckPage {
    page: Page,
    id: String,
    steps: Vec<Step>,
    form: FormState,
    review: Vec<Fact>,
    brief: Vec<Fact>,
    shown: Vec<String>,
    missing: Vec<String>,
    consent_href: String,
    can_send: bool,
    can_void: bool,
    answers: String,
    needs_approval: bool,
    must_report: bool,
}

/// The steps of writing, with one of them in hand.
pub fn steps(now: usize, hrefs: [String; 3], locale: Locale) -> Vec<Step> {
    let names = ["need", "service", "share", "ground", "check", "sent"];
    let mut hrefs = hrefs.into_iter();
    names
        .into_iter()
        .enumerate()
        .map(|(at, name)| Step {
            label: say(locale, &format!("referral.step.{name}")),
            state: if at < now {
                "done"
            } else if at == now {
                "now"
            } else {
                "todo"
            },
            href: hrefs.next().filter(|_| at < now).unwrap_or_default(),
        })
        .collect()
}

/// The page on which a draft is checked before it is sent.
pub fn check_page(app: &App, visit: &Visit, view: View, form: FormState, days: &Days) -> CheckPage {
    let locale = visit.locale;
    let referral = &view.referral;
    let provider = view.offering.organization.name.clone();
    let hrefs = ["/referrals/new".to_owned(), format!("/referrals/new?need={}", referral.need), String::new()];
    let review = vec![
        Fact::of(locale, "referral.check.need", format!("{} · {}", referral.brief.alias, words::term(app, &view.need.term, locale))),
        Fact::of(locale, "referral.check.provider", format!("{provider} · {}", view.offering.service.name)),
        Fact::of(locale, "referral.check.purpose", say(locale, &format!("purpose.{}", referral.purpose.name()))),
    ];
    let due = words::moment(days.answer_by, locale);
    CheckPage {
        page: Page::titled(visit, "referral.new"),
        id: referral.id.to_string(),
        steps: steps(4, hrefs, locale),
        form,
        review,
        brief: words::brief(app, &referral.brief, referral.standing.tier, locale),
        shown: items(&view.shared.shown, locale),
        missing: items(&view.shared.missing, locale),
        consent_href: consent_href(&view),
        can_send: view.own.contains(&Action::Send),
        can_void: view.own.contains(&Action::Void),
        answers: t!("referral.check.answers", locale = locale.tag(), provider = provider, due = due).into_owned(),
        needs_approval: days.needs_approval,
        must_report: view.must_report,
    }
}
