//! 智能匹配: needs at the left, services with reasons at the right, and why not another.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use lianjie_index::matching::answer::{Proposal, Proposed};
use lianjie_index::rule::Verdict;
use rust_i18n::t;
use serde::Deserialize;

use super::actions::{self, Matched, language};
use super::model::ticks;
use super::words::{self, points, word};
use crate::access::Actor;
use crate::api::Query;
use crate::app::App;
use crate::case::model::Need;
use crate::error::{Error, Result};
use crate::id::CaseId;
use crate::locale::Locale;
use crate::web::{Html, Page, Visit};

/// Services shown in full; the others that may be used follow in short.
const FULL: usize = 5;

/// What is looked at.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The need; the most urgent one where absent.
    #[serde(default)]
    need: String,
    /// Words of a service asked about.
    #[serde(default)]
    q: String,
    /// The service asked about.
    #[serde(default)]
    service: String,
}

struct NeedTab {
    href: String,
    name: String,
    tier: u8,
    tier_label: String,
    count: String,
    current: bool,
}

struct TickRow {
    mark: &'static str,
    text: String,
    question: String,
}

struct Row {
    label: String,
    count: u8,
}

struct Card {
    number: usize,
    href: String,
    name: String,
    organization: String,
    ticks: Vec<TickRow>,
    reasons: Vec<String>,
    places: String,
    way: String,
    fee: String,
    share: u8,
    hundred: Vec<Row>,
    terms: Vec<(String, String)>,
    refer: String,
    site: String,
}

struct Question {
    text: String,
    value: String,
}

struct Alarm {
    tone: &'static str,
    text: String,
}

struct Asking {
    href: String,
    name: String,
}

#[derive(Template)]
#[template(path = "matching/html/match.html")]
struct MatchPage {
    page: Page,
    case: String,
    alias: String,
    report_waits: bool,
    alarms: Vec<Alarm>,
    tabs: Vec<NeedTab>,
    need: String,
    need_name: String,
    cards: Vec<Card>,
    others: Vec<Card>,
    excluded: Vec<TickRow>,
    considered: usize,
    questions: Vec<Question>,
    q: String,
    asking: Vec<Asking>,
    why_name: String,
    why: Vec<String>,
    may_refer: bool,
    may_write: bool,
}

/// The page of a case's matches.
pub async fn case(
    State(app): State<Arc<App>>,
    actor: Actor,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let id = CaseId::parse(&id).map_err(|_| Error::missing("case", &id))?;
    let matched = actions::match_case(&app, &actor, &id, visit.locale).await?;
    let need = matched.needs.iter().find(|need| need.id.as_str() == asked.need).or_else(|| matched.needs.first());
    let mut page = frame(&app, &visit, &matched, need, &asked);
    if let Some(need) = need {
        if matched.request.forbid.contains(&need.term) {
            page.alarms.push(Alarm { tone: "bad", text: word("no_mediation", visit.locale) });
        }
        if let Some(proposal) = matched.answer.proposals.iter().find(|proposal| proposal.need == need.term) {
            fill(&app, &visit, &matched, need, proposal, &mut page);
        }
        ask(&app, &visit, &matched, need, &asked, &mut page)?;
    }
    Ok(Html(page).into_response())
}

fn frame(app: &App, visit: &Visit, matched: &Matched, chosen: Option<&Need>, asked: &Asked) -> MatchPage {
    let locale = visit.locale;
    let vocabulary = app.vocabulary.get();
    let name = |need: &Need| vocabulary.name(&need.term, language(locale));
    let count = |need: &Need| {
        let proposal = matched.answer.proposals.iter().find(|proposal| proposal.need == need.term);
        t!("matching.found", locale = locale.tag(), count = proposal.map_or(0, |proposal| proposal.services.len())).into_owned()
    };
    let tab = |need: &Need| NeedTab {
        href: format!("/cases/{}/match?need={}", matched.case.id, need.id),
        name: name(need),
        tier: need.tier.number(),
        tier_label: t!(format!("case.tier.t{}", need.tier.number()), locale = locale.tag()).into_owned(),
        count: count(need),
        current: chosen.is_some_and(|chosen| chosen.id == need.id),
    };
    MatchPage {
        page: Page::titled(visit, "matching.title"),
        case: matched.case.id.to_string(),
        alias: matched.child.alias.clone(),
        report_waits: matched.report_waits,
        alarms: alarms(matched, locale),
        tabs: matched.needs.iter().map(tab).collect(),
        need: chosen.map(|need| need.id.to_string()).unwrap_or_default(),
        need_name: chosen.map(name).unwrap_or_default(),
        cards: Vec::new(),
        others: Vec::new(),
        excluded: Vec::new(),
        considered: 0,
        questions: Vec::new(),
        q: asked.q.clone(),
        asking: Vec::new(),
        why_name: String::new(),
        why: Vec::new(),
        may_refer: matched.may_refer,
        may_write: matched.may_write,
    }
}

fn alarms(matched: &Matched, locale: Locale) -> Vec<Alarm> {
    let warnings = matched.answer.warnings.iter().map(|warning| Alarm {
        tone: if matches!(warning.code, "mandatory_report" | "danger") { "bad" } else { "warn" },
        text: warning.text.clone(),
    });
    let mut all: Vec<Alarm> = Vec::new();
    for alarm in warnings {
        if all.iter().all(|known| known.text != alarm.text) {
            all.push(alarm);
        }
    }
    if let Some(step) = &matched.answer.first_step {
        all.retain(|alarm| alarm.text != step.why);
        all.insert(0, Alarm { tone: "bad", text: format!("{} · {}", within(step.within_hours, locale), step.why) });
    }
    all
}

/// How soon the first step is due.
fn within(hours: u16, locale: Locale) -> String {
    match hours {
        0 => word("at_once", locale),
        hours if hours % 24 == 0 && hours > 48 => t!("matching.within_days", locale = locale.tag(), days = hours / 24).into_owned(),
        hours => t!("matching.within_hours", locale = locale.tag(), hours = hours).into_owned(),
    }
}

/// Services, exclusions and questions of the need that is looked at.
fn fill(app: &App, visit: &Visit, matched: &Matched, need: &Need, proposal: &Proposal, page: &mut MatchPage) {
    let locale = visit.locale;
    let mut cards: Vec<Card> =
        proposal.services.iter().enumerate().map(|(place, service)| card(app, locale, matched, need, place + 1, service)).collect();
    page.others = cards.split_off(cards.len().min(FULL));
    page.cards = cards;
    page.considered = proposal.considered;
    page.excluded = proposal
        .excluded
        .iter()
        .map(|excluded| {
            let (text, question) = words::kept_out(excluded, locale);
            TickRow { mark: "not", text, question }
        })
        .collect();
    let mut asks: Vec<_> = proposal.services.iter().flat_map(|service| &service.ask).collect();
    asks.sort_by(|a, b| b.value_of_information.cmp(&a.value_of_information).then_with(|| a.question.cmp(&b.question)));
    asks.dedup_by(|a, b| a.question == b.question);
    page.questions = asks.into_iter().take(3).map(|ask| question(&ask.question, ask.value_of_information, locale)).collect();
}

fn question(text: &str, value: u16, locale: Locale) -> Question {
    let value = if value >= 1 {
        t!("matching.worth", locale = locale.tag(), points = points(value)).into_owned()
    } else {
        word("worth_little", locale)
    };
    Question { text: text.to_owned(), value }
}

fn card(app: &App, locale: Locale, matched: &Matched, need: &Need, number: usize, service: &Proposed) -> Card {
    let labels = ["asked", "eligible", "accepted", "started", "finished"];
    let hundred =
        labels.iter().zip(service.natural).map(|(label, count)| Row { label: word(&format!("of_hundred.{label}"), locale), count });
    let shares = service.terms;
    let terms = [('E', shares.e), ('P', shares.p), ('A', shares.a), ('S', shares.s), ('C', shares.c), ('F', shares.f), ('D', shares.d)];
    let refer = format!("/referrals/new?need={}&service_at_location={}", need.id, service.service_at_location);
    Card {
        number,
        href: format!("/services/{}", service.id),
        name: service.name.clone(),
        organization: service.organization_name.clone(),
        ticks: conditions(app, locale, matched, service),
        reasons: words::reasons(service, locale),
        places: words::places(service, locale),
        way: words::way(service, locale),
        fee: words::fee(service, locale),
        share: service.natural[4],
        hundred: hundred.collect(),
        terms: terms.iter().map(|(letter, share)| (word(&format!("term.{letter}"), locale), format!("{} %", points(*share)))).collect(),
        refer: if matched.may_refer { refer } else { String::new() },
        site: service.service_at_location.to_string(),
    }
}

/// The conditions of a service with ✓, ✗ or ?.
fn conditions(app: &App, locale: Locale, matched: &Matched, service: &Proposed) -> Vec<TickRow> {
    let index = app.index.get();
    let Some(entry) = index.entry(&service.service_at_location) else { return Vec::new() };
    let mut facts = matched.request.facts(index.gazetteer(), app.today());
    facts.minutes = service.minutes;
    let rows = ticks(&entry, &facts, language(locale), index.gazetteer()).into_iter().map(|tick| TickRow {
        mark: match tick.verdict {
            Verdict::Yes => "fits",
            Verdict::No => "not",
            Verdict::Ask => "ask",
        },
        text: tick.text,
        question: tick.question,
    });
    let mut rows: Vec<TickRow> = rows.collect();
    for ask in service.ask.iter().filter(|ask| ask.fact == "listing") {
        rows.push(TickRow { mark: "ask", text: ask.question.clone(), question: String::new() });
    }
    rows
}

/// Why not another one: by its name, or by the one that was chosen.
fn ask(app: &App, visit: &Visit, matched: &Matched, need: &Need, asked: &Asked, page: &mut MatchPage) -> Result<()> {
    if !asked.q.is_empty() {
        let found = actions::named(app, &asked.q, 6)?;
        let mut seen = std::collections::BTreeSet::new();
        page.asking = found
            .iter()
            .filter(|entry| seen.insert(entry.service.clone()))
            .map(|entry| Asking {
                href: format!("/cases/{}/match?need={}&service={}#why", matched.case.id, need.id, entry.service),
                name: format!("{} · {}", entry.name, entry.organization_name),
            })
            .collect();
    }
    if !asked.service.is_empty() {
        let why = actions::why_not(app, matched, &need.term, &asked.service, visit.locale)?;
        page.why = words::why_not(app, &why, visit.locale);
        page.why_name = service_name(app, &asked.service);
    }
    Ok(())
}

/// The name of a service in the index; empty where it is not known.
fn service_name(app: &App, id: &str) -> String {
    let names = actions::entry_of(app, id);
    names.map(|entry| format!("{} · {}", entry.name, entry.organization_name)).unwrap_or_default()
}
