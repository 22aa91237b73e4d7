//! The page 今日.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rust_i18n::t;

use super::casework::{self, Casework};
use super::model::{Notice, Today};
use super::store;
use crate::access::{Action, Actor, may_anywhere};
use crate::app::App;
use crate::clock;
use crate::error::Result;
use crate::locale::Locale;
use crate::web::{Form, Html, Page, Visit, redirect};

/// A line of the list.
struct Line {
    href: String,
    title: String,
    sub: String,
    state: String,
    tone: &'static str,
    tier: u8,
    late: bool,
    due: String,
}

/// A notice in words.
struct Told {
    href: String,
    text: String,
    at: String,
}

#[derive(Template)]
#[template(path = "today/html/today.html")]
#[expect(clippy::struct_excessive_bools, reason = "what the template shows or does not")]
struct TodayPage {
    page: Page,
    today: Today,
    casework: Casework,
    approves: bool,
    lines: Vec<Line>,
    needs: Vec<Line>,
    told: Vec<Told>,
    date: String,
    opens_cases: bool,
    provides: bool,
    verifies: bool,
    /// Whether the person keeps lists of services.
    keeps: bool,
}

/// What waits for this person.
pub async fn today(State(app): State<Arc<App>>, actor: Actor, visit: Visit) -> Result<Response> {
    let now = app.now();
    let today = store::today(&mut *app.store.read().await?, &actor, now).await?;
    let locale = visit.locale;
    let vocabulary = app.vocabulary.get();
    let name = |term: &lianjie_index::TermCode| vocabulary.name(term, locale.into());
    let lines = today.waiting.iter().map(|referral| Line {
        href: format!("/referrals/{}", referral.id),
        title: format!("{} · {}", referral.alias, name(&referral.term)),
        sub: format!("{} · {}", referral.organization, referral.number),
        state: t!(format!("referral.state.{}", referral.state), locale = locale.tag()).into_owned(),
        tone: tone(&referral.state),
        tier: referral.tier,
        late: referral.due_at < now,
        due: due(referral.due_at, now, locale),
    });
    let needs = today.unasked.iter().map(|need| Line {
        href: format!("/cases/{}/match?need={}", need.case, need.need),
        title: format!("{} · {}", need.alias, name(&need.term)),
        sub: String::new(),
        state: t!("need.state.open", locale = locale.tag()).into_owned(),
        tone: "",
        tier: need.tier,
        late: false,
        due: String::new(),
    });
    let ahead = today.to_confirm.iter().map(|referral| Line {
        href: format!("/referrals/{}", referral.id),
        title: format!("{} · {}", referral.alias, name(&referral.term)),
        sub: format!("{} · {}", referral.organization, referral.number),
        state: t!("referral.flag.to_confirm", locale = locale.tag()).into_owned(),
        tone: "warn",
        tier: referral.tier,
        late: false,
        due: t!("today.gone_out", locale = locale.tag(), at = crate::case::instant(referral.due_at)).into_owned(),
    });
    let reports = today.unreported.iter().map(|child| Line {
        href: format!("/cases/{}/reports", child.case),
        title: t!("today.unreported", locale = locale.tag(), alias = child.alias).into_owned(),
        sub: t!("today.unreported_why", locale = locale.tag()).into_owned(),
        state: t!("today.unreported_state", locale = locale.tag()).into_owned(),
        tone: "bad",
        tier: 1,
        late: true,
        due: due(child.found_at, now, locale),
    });
    let page = TodayPage {
        page: Page::titled(&visit, "nav.today"),
        lines: reports.chain(ahead).chain(lines).collect(),
        casework: casework::of(&app, &actor).await?,
        approves: may_anywhere(&actor, Action::ApproveCase),
        needs: needs.collect(),
        told: today.notices.iter().map(|notice| tell(notice, locale)).collect(),
        date: date(app.today(), locale),
        opens_cases: may_anywhere(&actor, Action::OpenCase),
        provides: actor.is(crate::access::Role::Provider),
        verifies: may_anywhere(&actor, Action::VerifyDirectory),
        keeps: may_anywhere(&actor, Action::KeepShortlist),
        today,
    };
    Ok(Html(page).into_response())
}

/// Marks the notices as read.
pub async fn read_notices(State(app): State<Arc<App>>, actor: Actor, _form: Form<Vec<(String, String)>>) -> Result<Response> {
    let now = app.now();
    let mut tx = app.begin().await?;
    store::mark_read(&mut tx, &actor, now).await?;
    tx.commit(now).await?;
    redirect("/", None)
}

/// The tone of a referral's badge.
fn tone(state: &str) -> &'static str {
    match state {
        "pending_approval" | "needs_info" | "waitlisted" => "warn",
        "sent" | "acknowledged" | "reported" => "info",
        "accepted" | "in_service" | "closed" => "ok",
        "declined" | "expired" | "ended" => "bad",
        _ => "",
    }
}

/// How long until, or since, something is due.
fn due(at: jiff::Timestamp, now: jiff::Timestamp, locale: Locale) -> String {
    let late = at < now;
    let apart = if late { now.duration_since(at) } else { at.duration_since(now) };
    let hours = apart.as_hours();
    let (count, unit) = if hours >= 48 { (hours / 24, "days") } else { (hours.max(1), "hours") };
    let key = format!("today.{}_{unit}", if late { "late" } else { "due" });
    t!(key, locale = locale.tag(), count = count).into_owned()
}

fn date(day: jiff::civil::Date, locale: Locale) -> String {
    let weekday = t!(format!("today.weekday.{}", day.weekday().to_monday_one_offset()), locale = locale.tag());
    match locale {
        Locale::Zh => format!("{}年{}月{}日 {weekday}", day.year(), day.month(), day.day()),
        Locale::En => format!("{weekday} {day}"),
    }
}

/// A notice in words.
fn tell(notice: &Notice, locale: Locale) -> Told {
    let text = crate::referral::notice::text(&notice.template, &notice.facts, locale);
    let href = notice.facts.get("link").and_then(|link| link.as_str()).unwrap_or("/").to_owned();
    let at = notice.at.to_zoned_datetime(clock::zone());
    Told { href, text, at: format!("{:02}-{:02} {:02}:{:02}", at.month(), at.day(), at.hour(), at.minute()) }
}
