//! The figures of a scope and a period, and the list behind each.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use lianjie_index::DivisionCode;

use super::model::{Block, Figure, Over, Period, percentiles};
use super::store::{self, Named, Needed, OnFile, Sent};
use crate::access::{Action, Actor, Facts, Role, decide, may_anywhere};
use crate::app::App;
use crate::audit::{self, Event};
use crate::calendar::model::Calendar;
use crate::case::agreement::EXPIRING;
use crate::case::guardianship::store as guardianship;
use crate::case::store::Within;
use crate::error::{Error, Result};
use crate::id::OrganizationId;
use crate::organization;
use crate::referral::model::{Timer, Timers};
use crate::store::Connection;

/// A scope the actor may choose, with what it is called.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its name in addresses.
    pub name: String,
    /// What it is over.
    pub over: Over,
}

/// The scopes of an actor: its stations, its divisions, its organizations.
#[must_use]
pub fn scopes(actor: &Actor) -> Vec<Choice> {
    let stations = [Role::Worker, Role::Supervisor].into_iter().flat_map(|role| actor.organizations(role)).cloned().map(Over::Station);
    let seeing = [Role::Coordinator, Role::Registrar, Role::DataManager, Role::Auditor];
    let divisions = seeing.into_iter().flat_map(|role| actor.divisions(role)).map(Over::Division);
    let providers = actor.organizations(Role::Provider).cloned().map(Over::Provider);
    let mut found: Vec<Over> = Vec::new();
    for over in stations.chain(divisions).chain(providers) {
        if !found.contains(&over) {
            found.push(over);
        }
    }
    (1..).zip(found).map(|(number, over): (u32, Over)| Choice { name: number.to_string(), over }).collect()
}

/// Everything that is counted, read once.
struct Read {
    sent: Vec<Sent>,
    needs: Vec<Needed>,
    cases: Vec<OnFile>,
    stations: Vec<Named>,
    providers: Vec<Named>,
    programs: Vec<Named>,
    activities: Vec<Named>,
    visits: Vec<Named>,
    actions: Vec<Named>,
    attendance: (u32, u32, u32),
    guardianship: Option<guardianship::Figures>,
    timers: Vec<crate::referral::model::Row>,
}

async fn read(app: &App, db: &mut Connection, over: &Over, period: Period) -> Result<Read> {
    let today = app.today();
    let within = match over {
        Over::Station(id) => Some(Within::Station(id.clone())),
        Over::Division(code) => Some(Within::Division(code.clone())),
        Over::Provider(_) => None,
    };
    let guardianship = match within {
        Some(within) => Some(guardianship::figures(db, &within, today, today.saturating_add(jiff::ToSpan::days(EXPIRING))).await?),
        None => None,
    };
    Ok(Read {
        sent: store::sent(db, over, period).await?,
        needs: store::needed(db, over, period).await?,
        cases: store::on_file(db, over, period).await?,
        stations: store::stations(db, over, period).await?,
        providers: store::providers(db, over, period).await?,
        programs: store::programs(db, over, period).await?,
        activities: store::activities(db, over, period).await?,
        visits: store::visits(db, over, period).await?,
        actions: store::actions_due(db, over, period).await?,
        attendance: store::attendance(db, over, period).await?,
        timers: crate::referral::store::timers(db).await?,
        guardianship,
    })
}

/// How a referral that was sent stands to the measures.
struct Measure<'a> {
    calendar: &'a Calendar,
    timers: &'a [crate::referral::model::Row],
    now: Timestamp,
}

impl Measure<'_> {
    /// By when it had to be answered.
    fn due(&self, sent: &Sent) -> Timestamp {
        let timers = Timers::at(self.timers, &sent.division);
        self.calendar.after(sent.sent_at, timers.length(Timer::T2, sent.tier))
    }

    /// Whether a referral counts for a measure.
    fn holds(&self, code: &str, sent: &Sent) -> bool {
        let contact = sent.accepted_at.zip(sent.served_at);
        match code {
            "sent" => true,
            "answered_in_time" => sent.answered_at.is_some_and(|at| at <= self.due(sent)),
            "answered_late" => sent.answered_at.is_some_and(|at| at > self.due(sent)),
            "unanswered" => sent.answered_at.is_none() && (sent.state == "expired" || self.now > self.due(sent)) && !taken_back(sent),
            "waiting" => sent.answered_at.is_none() && sent.state != "expired" && self.now <= self.due(sent) && !taken_back(sent),
            "taken_back" => sent.answered_at.is_none() && taken_back(sent),
            "accepted" => sent.accepted_at.is_some(),
            "declined_late" => sent.accepted_at.is_some() && sent.state == "declined",
            "contact_3_days" => contact.is_some_and(|(accepted, served)| served <= accepted + SignedDuration::from_hours(72)),
            "started" => sent.served_at.is_some(),
            "reported" => sent.reported_at.is_some(),
            "verified" => sent.state == "closed" && !sent.unverified,
            "unverified" => sent.state == "closed" && sent.unverified,
            "running" => sent.closed_at.is_none() && ["accepted", "in_service", "reported", "waitlisted"].contains(&sent.state.as_str()),
            _ => false,
        }
    }
}

/// Whether the sender ended it before anybody answered.
fn taken_back(sent: &Sent) -> bool {
    ["withdrawn", "superseded"].contains(&sent.state.as_str())
}

/// The measures of the loop, in their order; each is of all that were sent.
const LOOP: [&str; 14] = [
    "sent",
    "answered_in_time",
    "answered_late",
    "unanswered",
    "waiting",
    "taken_back",
    "accepted",
    "declined_late",
    "contact_3_days",
    "started",
    "reported",
    "verified",
    "unverified",
    "running",
];

/// What became of needs, as one code.
fn met(need: &Needed) -> &'static str {
    match need.state.as_str() {
        "met" if need.unverified => "need_unverified",
        "met" => "need_met",
        "partly_met" => "need_partly_met",
        "not_met" => "need_not_met",
        "no_longer_needed" => "need_dropped",
        "being_served" => "need_served",
        "gap" => "need_gap",
        _ => "need_open",
    }
}

const NEEDS: [&str; 8] =
    ["need_met", "need_partly_met", "need_not_met", "need_unverified", "need_served", "need_open", "need_gap", "need_dropped"];

/// The figures of a scope.
#[derive(Debug)]
pub struct Numbers {
    /// What they are over.
    pub over: Over,
    /// What that is called.
    pub place: String,
    /// Which days.
    pub period: Period,
    /// As of when.
    pub as_of: Timestamp,
    /// The figures.
    pub blocks: Vec<Block>,
    /// Whether small counts were left out.
    pub suppressed: bool,
}

async fn chosen(app: &App, actor: &Actor, scope: &str) -> Result<(Choice, String)> {
    if !may_anywhere(actor, Action::ReadStatistics) {
        return Err(Error::Forbidden { why: "role" });
    }
    let all = scopes(actor);
    let choice = all.iter().find(|choice| choice.name == scope).or_else(|| all.first()).cloned().ok_or(Error::Forbidden { why: "role" })?;
    let mut db = app.store.read().await?;
    let (facts, place) = match &choice.over {
        Over::Station(id) | Over::Provider(id) => {
            let found = organization::store::find(&mut db, id).await?.ok_or_else(|| Error::missing("organization", id))?;
            let facts =
                Facts { station: Some(id.clone()), organization: Some(id.clone()), division: Some(found.division), ..Facts::default() };
            (facts, found.name)
        }
        Over::Division(code) => (Facts { division: Some(code.clone()), ..Facts::default() }, app.divisions.get().full_name(code)),
    };
    decide(actor, Action::ReadStatistics, &facts).allowed()?;
    Ok((choice, place))
}

/// The figures of a scope and a period.
pub async fn numbers(app: &App, actor: &Actor, scope: &str, period: Period) -> Result<Numbers> {
    let (choice, place) = chosen(app, actor, scope).await?;
    let at = app.now();
    let read = read(app, &mut *app.store.read().await?, &choice.over, period).await?;
    let calendar = app.calendar.get();
    let measure = Measure { calendar: &calendar, timers: &read.timers, now: at };
    let mut blocks = match &choice.over {
        Over::Provider(_) => vec![loop_block(&read, &measure), days_block(&read), reasons_block(&read)],
        Over::Station(_) | Over::Division(_) => vec![
            article_block(&read),
            categories_block(&read),
            duties_block(&read),
            loop_block(&read, &measure),
            days_block(&read),
            needs_block(&read),
            reasons_block(&read),
            providers_block(&read),
            gaps_block(&read),
            gap_counties_block(&read),
        ],
    };
    blocks.retain(|block| !block.figures.is_empty());
    let suppressed = matches!(choice.over, Over::Division(_));
    if suppressed {
        blocks = blocks.into_iter().map(Block::suppressed).collect();
    }
    if !lists_cases(actor) {
        for figure in blocks.iter_mut().filter(|block| block.children).flat_map(|block| &mut block.figures) {
            figure.opens = false;
        }
    }
    let mut tx = app.begin().await?;
    audit::record(&mut tx, actor, Event::new("statistics.read", "statistics", "numbers").fields(fields(&choice.over)), at).await?;
    tx.commit(at).await?;
    Ok(Numbers { over: choice.over, place, period, as_of: at, blocks, suppressed })
}

fn fields(over: &Over) -> [String; 1] {
    [match over {
        Over::Station(id) => format!("station={id}"),
        Over::Division(code) => format!("division={code}"),
        Over::Provider(id) => format!("organization={id}"),
    }]
}

/// Whether the actor may open lists of cases and referrals at all.
fn lists_cases(actor: &Actor) -> bool {
    may_anywhere(actor, Action::ReadCase) || actor.is(Role::Provider)
}

fn article_block(read: &Read) -> Block {
    let (children, participations, heads) = read.attendance;
    let people = |code: &str, count: u32| Figure::count(code, count as usize).closed();
    Block {
        code: "article".into(),
        figures: vec![
            Figure::count("stations", read.stations.len()),
            Figure::count("providers", read.providers.len()),
            Figure::count("programs", read.programs.len()),
            Figure::count("activities", read.activities.len()),
            people("children", children),
            people("participations", participations),
            people("heads", heads),
        ],
        children: false,
        parts: false,
    }
}

fn categories_block(read: &Read) -> Block {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in &read.cases {
        for category in &case.categories {
            *counts.entry(category.as_str().to_owned()).or_default() += 1;
        }
    }
    let whole = read.cases.len();
    let mut figures = vec![Figure::count("on_file", whole)];
    figures.extend(counts.into_iter().map(|(code, count)| Figure::share("category", count, whole).about(code)));
    // A child may have several categories: they are no parts of the whole.
    Block { code: "children".into(), figures, children: true, parts: false }
}

fn duties_block(read: &Read) -> Block {
    let mut figures = Vec::new();
    if let Some(duties) = &read.guardianship {
        let of = |code: &str, part: u32, whole: u32| Figure::share(code, part as usize, whole as usize).closed();
        figures.push(of("assessed", duties.assessed, duties.cases));
        figures.push(of("able", duties.able, duties.assessed));
        figures.push(of("covered", duties.covered, duties.needing));
    }
    figures.push(Figure::count("visits", read.visits.len()));
    let on_time = read.actions.iter().filter(|action| action.beside == "on_time").count();
    figures.push(Figure::share("actions_on_time", on_time, read.actions.len()));
    Block { code: "duties".into(), figures, children: true, parts: false }
}

fn loop_block(read: &Read, measure: &Measure<'_>) -> Block {
    let whole = read.sent.len();
    let count = |code: &str| read.sent.iter().filter(|sent| measure.holds(code, sent)).count();
    let figure = |code: &str| if code == "sent" { Figure::count(code, whole) } else { Figure::share(code, count(code), whole) };
    Block { code: "loop".into(), figures: LOOP.map(figure).into(), children: true, parts: false }
}

/// Days from one step to the next, median and ninetieth percentile.
fn days_block(read: &Read) -> Block {
    let days =
        |from: Option<Timestamp>, to: Option<Timestamp>| from.zip(to).map(|(from, to)| to.duration_since(from).as_hours().max(0) / 24);
    let stages: [(&str, Vec<i64>); 4] = [
        ("days_to_answer", read.sent.iter().filter_map(|sent| days(Some(sent.sent_at), sent.answered_at)).collect()),
        ("days_to_contact", read.sent.iter().filter_map(|sent| days(sent.accepted_at, sent.served_at)).collect()),
        ("days_to_report", read.sent.iter().filter_map(|sent| days(sent.served_at, sent.reported_at)).collect()),
        ("days_to_close", read.sent.iter().filter_map(|sent| days(Some(sent.sent_at), sent.closed_at)).collect()),
    ];
    let mut figures = Vec::new();
    for (code, all) in stages {
        // Of fewer than five nobody can tell a usual time.
        if all.len() < 5 {
            continue;
        }
        if let Some((median, ninetieth)) = percentiles(all) {
            let of = |about: &str, days: i64| {
                let days = usize::try_from(days).unwrap_or_default();
                Figure::count(code, days).about(about).closed()
            };
            figures.extend([of("median", median), of("p90", ninetieth)]);
        }
    }
    Block { code: "days".into(), figures, children: false, parts: false }
}

fn needs_block(read: &Read) -> Block {
    let whole = read.needs.len();
    let count = |code: &str| read.needs.iter().filter(|need| met(need) == code).count();
    let asked: BTreeSet<&str> = read.sent.iter().map(|sent| sent.need.as_str()).collect();
    let again = read.sent.len().saturating_sub(asked.len());
    let mut figures: Vec<Figure> = NEEDS.iter().map(|code| Figure::share(code, count(code), whole)).collect();
    figures.push(Figure::share("reroutes", again, asked.len()).closed());
    Block { code: "needs".into(), figures, children: true, parts: true }
}

fn reasons_block(read: &Read) -> Block {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in read.sent.iter().filter_map(|sent| sent.declined.as_deref()) {
        *counts.entry(reason).or_default() += 1;
    }
    let whole = counts.values().sum();
    let mut figures: Vec<Figure> = counts.into_iter().map(|(reason, count)| Figure::share("reason", count, whole).about(reason)).collect();
    figures.sort_by_key(|figure| std::cmp::Reverse(figure.value));
    Block { code: "reasons".into(), figures, children: true, parts: true }
}

/// The organisations that refused most, of all that was sent to each.
fn providers_block(read: &Read) -> Block {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for sent in &read.sent {
        let (declined, all) = counts.entry(sent.provider.as_str()).or_default();
        *all += 1;
        *declined += usize::from(sent.declined.is_some());
    }
    let mut figures: Vec<Figure> = counts
        .into_iter()
        .filter(|(_, (declined, _))| *declined > 0)
        .map(|(name, (declined, all))| Figure::share("refused_by", declined, all).about(name))
        .collect();
    figures.sort_by_key(|figure| std::cmp::Reverse(figure.value));
    figures.truncate(10);
    Block { code: "refusals".into(), figures, children: true, parts: false }
}

fn gaps_block(read: &Read) -> Block {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for need in read.needs.iter().filter(|need| need.state == "gap") {
        *counts.entry(need.term.as_str()).or_default() += 1;
    }
    let mut figures: Vec<Figure> = counts.into_iter().map(|(term, count)| Figure::count("gap", count).about(term)).collect();
    figures.sort_by_key(|figure| std::cmp::Reverse(figure.value));
    Block { code: "gaps".into(), figures, children: true, parts: true }
}

fn gap_counties_block(read: &Read) -> Block {
    let mut counts: BTreeMap<DivisionCode, usize> = BTreeMap::new();
    for need in read.needs.iter().filter(|need| need.state == "gap") {
        *counts.entry(need.division.county()).or_default() += 1;
    }
    let figures = counts.into_iter().map(|(county, count)| Figure::count("gap_in", count).about(county.to_string())).collect();
    Block { code: "gap_counties".into(), figures, children: true, parts: true }
}

/// A row of the list behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it is.
    pub name: String,
    /// What stands beside it: a state, a kind, a day.
    pub beside: String,
    /// Where it leads; empty where it leads nowhere.
    pub href: String,
}

/// The rows that make a figure. Of children none are listed to who keeps no cases.
pub async fn list(app: &App, actor: &Actor, scope: &str, period: Period, code: &str, about: &str) -> Result<Vec<Listed>> {
    let (choice, _) = chosen(app, actor, scope).await?;
    let shown = numbers(app, actor, scope, period).await?;
    let figure = shown.blocks.iter().flat_map(|block| &block.figures);
    let opens = figure.clone().find(|figure| figure.code == code && figure.about.as_deref().unwrap_or_default() == about);
    match opens {
        None => return Err(Error::missing("figure", code)),
        Some(figure) if !figure.opens => return Err(Error::Forbidden { why: "figure_closed" }),
        Some(_) => {}
    }
    let read = read(app, &mut *app.store.read().await?, &choice.over, period).await?;
    let calendar = app.calendar.get();
    let measure = Measure { calendar: &calendar, timers: &read.timers, now: app.now() };
    Ok(rows(&read, &measure, code, about))
}

fn rows(read: &Read, measure: &Measure<'_>, code: &str, about: &str) -> Vec<Listed> {
    let plain = |all: &[Named], path: &str| {
        let href = |id: &str| if path.is_empty() { String::new() } else { format!("{path}{id}") };
        all.iter().map(|row| Listed { name: row.name.clone(), beside: row.beside.clone(), href: href(&row.id) }).collect()
    };
    let sent = |holds: &dyn Fn(&Sent) -> bool| {
        let row = |sent: &Sent| Listed {
            name: format!("{} · {}", sent.number, sent.provider),
            beside: format!("referral.state.{}", sent.state),
            href: format!("/referrals/{}", sent.id),
        };
        read.sent.iter().filter(|sent| holds(sent)).map(row).collect()
    };
    let needs = |holds: &dyn Fn(&Needed) -> bool| {
        let row = |need: &Needed| Listed {
            name: need.alias.clone(),
            beside: format!("need.state.{}", need.state),
            href: format!("/needs/{}", need.id),
        };
        read.needs.iter().filter(|need| holds(need)).map(row).collect()
    };
    let cases = |holds: &dyn Fn(&OnFile) -> bool| {
        let row = |case: &OnFile| Listed {
            name: format!("{} · {}", case.alias, case.number),
            beside: String::new(),
            href: format!("/cases/{}", case.id),
        };
        read.cases.iter().filter(|case| holds(case)).map(row).collect()
    };
    match code {
        "stations" => plain(&read.stations, "/organizations/"),
        "providers" => plain(&read.providers, "/organizations/"),
        "programs" => plain(&read.programs, "/programs/"),
        "activities" => plain(&read.activities, ""),
        "visits" => plain(&read.visits, ""),
        "actions_on_time" => {
            let on_time: Vec<Named> = read.actions.iter().filter(|action| action.beside == "on_time").cloned().collect();
            plain(&on_time, "")
        }
        "on_file" => cases(&|_| true),
        "category" => cases(&|case| case.categories.iter().any(|category| category.as_str() == about)),
        "reason" => sent(&|sent| sent.declined.as_deref() == Some(about)),
        "refused_by" => sent(&|sent| sent.provider == about && sent.declined.is_some()),
        "gap" => needs(&|need| need.state == "gap" && need.term == about),
        "gap_in" => needs(&|need| need.state == "gap" && need.division.county().as_str() == about),
        code if NEEDS.contains(&code) => needs(&|need| met(need) == code),
        code => sent(&|sent| measure.holds(code, sent)),
    }
}

/// The name of the scope of an id, for the choice of scopes.
pub async fn named(app: &App, over: &Over) -> Result<String> {
    let of = async |id: &OrganizationId| -> Result<String> {
        Ok(organization::store::find(&mut *app.store.read().await?, id).await?.map(|found| found.name).unwrap_or_default())
    };
    match over {
        Over::Station(id) | Over::Provider(id) => of(id).await,
        Over::Division(code) => Ok(app.divisions.get().full_name(code)),
    }
}
