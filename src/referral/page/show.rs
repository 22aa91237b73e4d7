//! One referral: what it is, what can be done, what happened. A draft is shown for checking before it is sent.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use rust_i18n::t;

use super::super::actions::{Defaults as Days, View};
use super::super::model::{Action, Appointment, AppointmentState, Event, Flag, Recorded, State};
use super::check::check_page;
use super::forms::{ActForm, Defaults, Kind, form_of, is_button, is_danger};
use super::words::{self, Clock, Fact, Mark, say};
use crate::app::App;
use crate::consent::model::Item;
use crate::error::Result;
use crate::locale::Locale;
use crate::secret::Hidden;
use crate::web::{FormState, Html, Page, Visit};

/// A button or a link to the form of an act.
pub struct Deedable {
    action: &'static str,
    label: String,
    is_button: bool,
    class: &'static str,
    href: String,
}

/// A line of the timeline.
pub struct Line {
    class: &'static str,
    when: String,
    what: String,
    note: Hidden,
}

/// A sealed line of the packet.
pub struct Sealed {
    label: String,
    value: Hidden,
}

/// An appointment, and what can be said of it.
pub struct Meeting {
    href: String,
    at: String,
    state: String,
    tone: &'static str,
    settle: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "referral/html/show.html")]
struct ShowPage {
    page: Page,
    id: String,
    number: String,
    state: String,
    tone: &'static str,
    marks: Vec<Mark>,
    tier: u8,
    tier_label: String,
    clock: Clock,
    banners: Vec<(&'static str, String)>,
    consent_href: String,
    missing: String,
    /// Where another is found while it waits for a place; empty where it does not, or for who may not.
    elsewhere: String,
    is_full: bool,
    form: FormState,
    fresh_key: String,
    book_key: String,
    act: Option<ActForm>,
    own: Vec<Deedable>,
    more: Vec<Deedable>,
    phone: Vec<Deedable>,
    facts: Vec<Fact>,
    follows: String,
    /// Where a one-time link is made; empty for who may not.
    link_href: String,
    /// That one is out already.
    link_out: String,
    /// The dispatch, where others are asked with it.
    batch: String,
    brief: Vec<Fact>,
    packet: Vec<Sealed>,
    lines: Vec<Line>,
    records: Vec<Fact>,
    appointments: Vec<Meeting>,
    may_book: bool,
    met_href: String,
}

/// Which act's form stands open.
pub struct Open<'a> {
    pub action: Option<Action>,
    pub by_phone: bool,
    pub form: &'a FormState,
}

/// The page of a referral.
#[expect(clippy::unnecessary_wraps, reason = "its callers are handlers, which answer a result")]
pub fn show(app: &App, visit: &Visit, view: View, open: Open<'_>, days: &Days, status: StatusCode) -> Result<Response> {
    if view.referral.state() == State::Draft {
        return Ok(Html(check_page(app, visit, view, open.form.clone(), days)).with_status(status));
    }
    let locale = visit.locale;
    let referral = &view.referral;
    let id = referral.id.to_string();
    let act = open
        .action
        .filter(|action| if open.by_phone { view.phone.contains(action) } else { view.own.contains(action) })
        .filter(|action| !is_button(*action) || open.by_phone);
    let defaults = Defaults { contact_day: days.contact_day, promised_day: days.promised_day };
    let act = act.map(|action| form_of(action, open.by_phone, view.free == Some(0), defaults, open.form, locale));
    let (own, more) = doable(&id, &view.own, false, locale).into_iter().partition(|deed: &Deedable| deed.class != "more");
    let standing = &referral.standing;
    let title = format!("{} · {}", referral.brief.alias, words::term(app, &referral.brief.term, locale));
    let title = if view.shows_brief { title } else { words::term(app, &referral.brief.term, locale) };
    // Each form of the page has a key of its own; one that was refused keeps the key it came with.
    let fresh_key = FormState::new().key;
    let book_key = if open.form.fault("at").is_empty() { format!("{fresh_key}-book") } else { open.form.key.clone() };
    let page = ShowPage {
        page: Page::new(visit, title),
        number: referral.number.clone(),
        state: say(locale, &format!("referral.state.{}", standing.state.name())),
        tone: words::tone(standing.state),
        marks: words::marks(&standing.flags, standing.hold.is_some(), locale),
        tier: standing.tier,
        tier_label: say(locale, &format!("referral.tier.{}", standing.tier)),
        clock: words::clock_of(referral.due, standing.state, view.now, locale),
        banners: banners(&view, locale),
        consent_href: consent_href(&view),
        missing: if view.is_provider { String::new() } else { items(&view.shared.missing, locale).join(locale.pick("、", ", ")) },
        elsewhere: elsewhere(&view),
        is_full: view.free == Some(0) && standing.state.awaits_provider(),
        form: open.form.clone(),
        fresh_key,
        book_key,
        act,
        own,
        more,
        phone: doable(&id, &view.phone, true, locale),
        facts: facts(app, &view, locale),
        link_href: if view.may_link { format!("/referrals/{}/links", referral.id) } else { String::new() },
        link_out: view
            .link_until
            .map(|at| t!("link.waiting", locale = locale.tag(), until = words::moment(at, locale)).into_owned())
            .unwrap_or_default(),
        batch: if view.is_provider || !view.with_others { String::new() } else { format!("/dispatches/{}", referral.dispatch) },
        follows: if view.is_provider {
            String::new()
        } else {
            referral.follows.as_ref().map(|id| format!("/referrals/{id}")).unwrap_or_default()
        },
        brief: if view.shows_brief { words::brief(app, &referral.brief, standing.tier, locale) } else { Vec::new() },
        packet: view
            .packet
            .iter()
            .map(|part| Sealed { label: say(locale, &format!("item.{}", part.item.name())), value: part.text.clone() })
            .collect(),
        lines: lines(&view, locale),
        records: records(&view, locale),
        appointments: appointments(&view, locale),
        may_book: view.own.contains(&Action::Serve),
        met_href: met_href(&view),
        id,
    };
    Ok(Html(page).with_status(status).into_response())
}

/// A worker may say that somebody else met the need, while nobody has accepted.
fn met_href(view: &View) -> String {
    let possible = view.own.contains(&Action::Withdraw) && !view.need.state.is_final();
    if possible && !view.is_provider { format!("/needs/{}/met_elsewhere", view.need.id) } else { String::new() }
}

/// Who waits for a place may look elsewhere meanwhile: a waiting list ends no search.
fn elsewhere(view: &View) -> String {
    let waits = view.referral.state() == State::Waitlisted && view.own.contains(&Action::Withdraw) && !view.is_provider;
    if waits { format!("/cases/{}/match?need={}", view.case.id, view.need.id) } else { String::new() }
}

/// Where a consent for this recipient is recorded, with what is missing ticked; empty for who may not.
pub fn consent_href(view: &View) -> String {
    if !view.may_consent {
        return String::new();
    }
    let missing: String = view.shared.missing.iter().map(|item| ["&items=", item.name()].concat()).collect();
    let referral = &view.referral;
    format!("/cases/{}/consents?recipient={}&back={}{missing}", view.case.id, referral.organization, referral.id)
}

/// The names of items.
pub fn items(items: &[Item], locale: Locale) -> Vec<String> {
    items.iter().map(|item| say(locale, &format!("item.{}", item.name()))).collect()
}

fn banners(view: &View, locale: Locale) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let standing = &view.referral.standing;
    if view.must_report {
        found.push(("bad", say(locale, "referral.banner.report")));
    }
    if standing.tier == 1 && standing.state.is_live() && !view.is_provider {
        found.push(("warn", say(locale, "referral.banner.tier_one")));
    }
    if standing.has(Flag::ConsentBlocked) {
        found.push(("warn", say(locale, "referral.banner.blocked")));
    } else if view.is_provider && !view.shows_brief {
        found.push(("info", say(locale, "referral.part.gone")));
    }
    found
}

/// What can be done: the usual first, the rest under "more".
fn doable(id: &str, actions: &[Action], by_phone: bool, locale: Locale) -> Vec<Deedable> {
    let usual = [
        Action::Accept,
        Action::Acknowledge,
        Action::Answer,
        Action::Approve,
        Action::Close,
        Action::Serve,
        Action::Report,
        Action::Ask,
        Action::Waitlist,
        Action::Decline,
        Action::Return,
        Action::Lift,
        Action::Confirm,
        Action::Chase,
        Action::Engage,
        Action::ConfirmWithdrawal,
        Action::Dispute,
        Action::Reroute,
    ];
    let mut sorted: Vec<Action> = actions.to_vec();
    sorted.retain(|action| *action != Action::Send);
    sorted.sort_by_key(|action| usual.iter().position(|known| known == action).unwrap_or(usual.len()));
    let mut first = true;
    sorted
        .into_iter()
        .map(|action| {
            let name = action.name();
            let href = match action {
                Action::Reroute => format!("/referrals/new?follows={id}"),
                _ if by_phone => format!("/referrals/{id}?act={name}&by=phone#do"),
                _ => format!("/referrals/{id}?act={name}#do"),
            };
            let class = if !by_phone && !usual.contains(&action) {
                "more"
            } else if is_danger(action) {
                "button--danger"
            } else if first && !by_phone {
                first = false;
                "button--primary"
            } else {
                ""
            };
            Deedable {
                action: name,
                label: say(locale, &format!("referral.action.{name}")),
                is_button: is_button(action) && !by_phone,
                class,
                href,
            }
        })
        .collect()
}

fn facts(app: &App, view: &View, locale: Locale) -> Vec<Fact> {
    let referral = &view.referral;
    let standing = &referral.standing;
    let day = |day: Option<Date>| day.map(|day| words::day(day, locale)).unwrap_or_default();
    let free = view.free.map_or_else(|| say(locale, "referral.fact.places_unknown"), |free| free.to_string());
    let coded =
        |root: &str, code: Option<&'static str>| code.map(|code| say(locale, &format!("referral.{root}.{code}"))).unwrap_or_default();
    let until = standing
        .hold
        .map(|(reason, until)| format!("{} · {}", words::moment(until, locale), say(locale, &format!("referral.hold.{}", reason.name()))));
    let term = words::term(app, &view.need.term, locale);
    [
        ("provider", view.offering.organization.name.clone()),
        ("service", format!("{} · {term}", view.offering.service.name)),
        ("station", view.station.clone()),
        ("owner", view.owner.clone()),
        ("purpose", say(locale, &format!("purpose.{}", referral.purpose.name()))),
        ("places", free),
        ("contact_day", day(standing.contact_day)),
        ("promised_day", day(standing.promised_day)),
        ("expected_day", if standing.state == State::Waitlisted { day(standing.expected_day) } else { String::new() }),
        ("until", until.unwrap_or_default()),
        ("outcome", coded("outcome", standing.outcome.map(super::super::model::Outcome::name))),
        ("verified_by", coded("verified_by", standing.verified_by.map(super::super::model::VerifiedBy::name))),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| Fact::of(locale, &format!("referral.fact.{key}"), value))
    .collect()
}

/// What happened, newest first; what is due stands above it.
fn lines(view: &View, locale: Locale) -> Vec<Line> {
    let mut found = Vec::new();
    if let Some((at, timer)) = view.referral.due {
        let class = if at < view.now { "is-late" } else { "is-open" };
        let when = t!("referral.before", locale = locale.tag(), at = words::moment(at, locale)).into_owned();
        found.push(Line { class, when, what: words::waited_for(timer, view.referral.state(), locale), note: Hidden::default() });
    }
    for (event, by, note) in view.events.iter().rev() {
        let by = if by.is_empty() { say(locale, "referral.system") } else { by.clone() };
        let phone =
            event.on_behalf_of.as_ref().map(|spoke| format!(" · {} {spoke}", say(locale, "referral.channel.phone"))).unwrap_or_default();
        let class = if is_theirs(event) { "is-theirs is-done" } else { "is-done" };
        let when = format!("{} · {by}{phone}", words::stamp(event.at));
        found.push(Line { class, when, what: what(event, locale), note: note.clone().unwrap_or_default() });
    }
    found
}

/// Whether the provider's side did it.
fn is_theirs(event: &Recorded) -> bool {
    use Action::{Accept, Acknowledge, Ask, ConfirmWithdrawal, Decline, Report, Serve, Waitlist};
    matches!(event.event.action(), Some(Accept | Acknowledge | Ask | ConfirmWithdrawal | Decline | Report | Serve | Waitlist))
}

fn what(event: &Recorded, locale: Locale) -> String {
    let name = say(locale, &format!("referral.action.{}", event.event.kind()));
    let coded = |root: &str, code: &str| say(locale, &format!("referral.{root}.{code}"));
    let detail = match &event.event {
        Event::Decline { reason, .. } => coded("decline", reason.name()),
        Event::Withdraw { reason } | Event::RequestWithdrawal { reason } => coded("withdraw", reason.name()),
        Event::Hold { reason, .. } => coded("hold", reason.name()),
        Event::End { reason, .. } => coded("end", reason.name()),
        Event::Serve { record, day, .. } => format!("{} · {}", coded("record", record.name()), words::day(*day, locale)),
        Event::Engage { engagement } => coded("engagement", engagement.name()),
        Event::Report { outcome, .. } => coded("outcome", outcome.name()),
        Event::Close { outcome, verified_by, .. } => {
            format!("{} · {}", coded("outcome", outcome.name()), coded("verified_by", verified_by.name()))
        }
        Event::Accept { promised_day, .. } | Event::Reopen { promised_day } => {
            format!("{} {}", coded("fact", "promised_day"), words::day(*promised_day, locale))
        }
        Event::Waitlist { expected_day, .. } => format!("{} {}", coded("fact", "expected_day"), words::day(*expected_day, locale)),
        Event::Send { .. } if event.to != State::Sent => coded("state", event.to.name()),
        _ => String::new(),
    };
    if detail.is_empty() || detail == name { name } else { format!("{name}：{detail}") }
}

fn records(view: &View, locale: Locale) -> Vec<Fact> {
    let line = |record: &super::super::store::ServiceRecord| Fact {
        label: words::day(record.day, locale),
        value: format!("{} × {}", say(locale, &format!("referral.record.{}", record.kind.name())), record.units),
    };
    view.records.iter().map(line).collect()
}

fn appointments(view: &View, locale: Locale) -> Vec<Meeting> {
    use AppointmentState::{Attended, Booked, Cancelled, NoShow, Rescheduled};
    let may = view.own.contains(&Action::Serve);
    let word = |state: AppointmentState| say(locale, &format!("appointment.state.{}", state.name()));
    let line = |one: &Appointment| Meeting {
        href: format!("/referrals/{}/appointments/{}", view.referral.id, one.id),
        at: words::moment(one.at, locale),
        state: word(one.state),
        tone: match one.state {
            Booked | Rescheduled => "info",
            Attended => "ok",
            NoShow => "bad",
            Cancelled => "",
        },
        settle: if may && one.is_open() {
            [Attended, NoShow, Cancelled].map(|state| (state.name(), say(locale, &format!("appointment.action.{}", state.name())))).into()
        } else {
            Vec::new()
        },
    };
    view.appointments.iter().map(line).collect()
}
