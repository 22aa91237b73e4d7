//! The figures, block by block.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lianjie_index::DivisionCode;

use super::super::model::{Block, Figure, Over, percentiles};
use super::measure::{Kind, LOOP, Measure, NEEDS};
use super::read::Read;

/// The blocks of a scope, in their order.
pub fn blocks(over: &Over, read: &Read, measure: &Measure<'_>) -> Vec<Block> {
    let mut blocks = match over {
        Over::Provider(_) => vec![loop_block(read, measure), days_block(read), reasons_block(read), services_block(read)],
        Over::Station(_) | Over::Division(_) => vec![
            article_block(read),
            people_block(read),
            given_block(read),
            paid_block(read),
            categories_block(read),
            duties_block(read),
            loop_block(read, measure),
            days_block(read),
            needs_block(read),
            reasons_block(read),
            providers_block(read),
            services_block(read),
            gaps_block(read),
            gap_counties_block(read),
            gap_places_block(read),
            searched_block(read),
        ],
    };
    blocks.retain(|block| !block.figures.is_empty());
    blocks
}

fn article_block(read: &Read) -> Block {
    Block {
        code: "article".into(),
        figures: vec![
            Figure::count("stations", read.stations),
            Figure::count("providers", read.providers),
            Figure::count("programs", read.programs),
            Figure::count("activities", read.given.iter().map(|given| given.count).sum()),
        ],
        children: false,
        parts: false,
    }
}

/// The activities by what they were, and by what they were about.
fn given_block(read: &Read) -> Block {
    let whole = read.given.iter().map(|given| given.count).sum();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for given in &read.given {
        *counts.entry(("activity_kind", &given.kind)).or_default() += given.count;
        *counts.entry(("activity_topic", &given.topic)).or_default() += given.count;
    }
    let figures = counts.into_iter().map(|((code, about), count)| Figure::share(code, count, whole).about(about));
    Block { code: "given".into(), figures: figures.collect(), children: false, parts: false }
}

/// What was paid, in whole yuan; each opens its payments.
fn paid_block(read: &Read) -> Block {
    let yuan = |fen: i64| usize::try_from(fen / 100).unwrap_or_default();
    let figures = read.paid.iter().map(|(purpose, fen)| Figure::count("paid", yuan(*fen)).about(purpose));
    Block { code: "paid".into(), figures: figures.collect(), children: false, parts: false }
}

/// Who came to activities; few of them are not told outside the station.
fn people_block(read: &Read) -> Block {
    let (children, participations, heads) = read.attendance;
    let figures = vec![
        Figure::count("children", children as usize),
        Figure::count("participations", participations as usize),
        // Counted by head: there is no list of whom.
        Figure::count("heads", heads as usize).closed(),
    ];
    Block { code: "people".into(), figures, children: true, parts: false }
}

fn categories_block(read: &Read) -> Block {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for filed in &read.filed {
        for category in &filed.categories {
            *counts.entry(category.as_str().to_owned()).or_default() += filed.count;
        }
    }
    let whole = read.filed.iter().map(|filed| filed.count).sum();
    let mut figures = vec![Figure::count("on_file", whole)];
    figures.extend(counts.into_iter().map(|(code, count)| Figure::share("category", count, whole).about(code)));
    // A child may have several categories: they are no parts of the whole.
    Block { code: "children".into(), figures, children: true, parts: false }
}

fn duties_block(read: &Read) -> Block {
    let mut figures = Vec::new();
    if let Some(duties) = &read.duties {
        figures.push(Figure::share("assessed", duties.assessed, duties.cases));
        figures.push(Figure::share("able", duties.able, duties.assessed));
        figures.push(Figure::share("covered", duties.covered, duties.needing));
    }
    figures.push(Figure::count("visits", read.visits));
    let on_time = read.actions.iter().filter(|action| action.beside == "on_time").count();
    figures.push(Figure::share("actions_on_time", on_time, read.actions.len()));
    Block { code: "duties".into(), figures, children: true, parts: false }
}

fn loop_block(read: &Read, measure: &Measure<'_>) -> Block {
    let whole = read.sent.len();
    let sent: Vec<_> = read.sent.iter().map(|sent| (sent, measure.due(sent))).collect();
    let count = |code: &str| sent.iter().filter(|(sent, due)| measure.holds(code, sent, || *due)).count();
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
        ("days_to_report", read.sent.iter().filter_map(|sent| days(sent.started_at.or(sent.served_at), sent.reported_at)).collect()),
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
    let whole = read.needs.iter().map(|need| need.count).sum();
    let count = |kind: &Kind| read.needs.iter().filter(|need| kind.has(&need.state, need.unverified)).map(|need| need.count).sum();
    let asked: BTreeSet<&str> = read.sent.iter().map(|sent| sent.need.as_str()).collect();
    let again = read.sent.len().saturating_sub(asked.len());
    let mut figures: Vec<Figure> = NEEDS.iter().map(|kind| Figure::share(kind.code, count(kind), whole)).collect();
    figures.push(Figure::share("reroutes", again, asked.len()));
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
        // Who declined nothing has no name here.
        let Some(name) = read.names.get(&sent.provider) else { continue };
        let (declined, all) = counts.entry(name).or_default();
        *all += 1;
        *declined += usize::from(sent.declined.is_some());
    }
    let mut figures: Vec<Figure> =
        counts.into_iter().map(|(name, (declined, all))| Figure::share("refused_by", declined, all).about(name)).collect();
    figures.sort_by_key(|figure| std::cmp::Reverse(figure.value));
    figures.truncate(10);
    Block { code: "refusals".into(), figures, children: true, parts: false }
}

/// How many services are told that were refused most.
const SERVICES: usize = 10;

/// The services that were refused most, of all that was sent to each, and below each why.
fn services_block(read: &Read) -> Block {
    let mut counts: BTreeMap<&str, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
    for sent in &read.sent {
        let Some(name) = read.services.get(&sent.site) else { continue };
        let (all, reasons) = counts.entry(name).or_default();
        *all += 1;
        if let Some(reason) = &sent.declined {
            *reasons.entry(reason).or_default() += 1;
        }
    }
    let declined = |reasons: &BTreeMap<&str, usize>| reasons.values().sum::<usize>();
    counts.retain(|_, (_, reasons)| !reasons.is_empty());
    let mut most: Vec<_> = counts.into_iter().collect();
    most.sort_by_key(|(_, (_, reasons))| std::cmp::Reverse(declined(reasons)));
    most.truncate(SERVICES);
    let mut figures = Vec::new();
    for (name, (all, reasons)) in most {
        let sum = declined(&reasons);
        figures.push(Figure::share("refused_service", sum, all).about(name));
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        figures.extend(reasons.into_iter().map(|(reason, count)| Figure::share("refused_why", count, sum).about(why_of(reason, name))));
    }
    Block { code: "refused_services".into(), figures, children: true, parts: true }
}

/// What a reason at a service is about: both in one text, the reason first.
pub(super) fn why_of(reason: &str, service: &str) -> String {
    format!("{reason}:{service}")
}

fn gaps_block(read: &Read) -> Block {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (term, _, count) in read.gaps() {
        *counts.entry(term).or_default() += count;
    }
    let mut figures: Vec<Figure> = counts.into_iter().map(|(term, count)| Figure::count("gap", count).about(term)).collect();
    figures.sort_by_key(|figure| std::cmp::Reverse(figure.value));
    Block { code: "gaps".into(), figures, children: true, parts: true }
}

/// What nobody offers where: by need and county, where there are several counties.
fn gap_places_block(read: &Read) -> Block {
    let counties: BTreeSet<&DivisionCode> = read.gaps().map(|(_, county, _)| county).collect();
    let mut counts: BTreeMap<(&str, &DivisionCode), usize> = BTreeMap::new();
    for (term, county, count) in read.gaps().filter(|_| counties.len() > 1) {
        *counts.entry((term, county)).or_default() += count;
    }
    let figures = counts.into_iter().map(|((term, county), count)| Figure::count("gap_at", count).about(format!("{term}:{county}")));
    let mut figures: Vec<Figure> = figures.collect();
    figures.sort_by_key(|figure| std::cmp::Reverse(figure.value));
    Block { code: "gap_places".into(), figures, children: true, parts: true }
}

/// What was searched for in vain, by need and county; a search that may mean several needs counts under each.
fn searched_block(read: &Read) -> Block {
    let mut counts: BTreeMap<(&str, &DivisionCode), usize> = BTreeMap::new();
    for searched in &read.searched {
        for term in &searched.terms {
            *counts.entry((term, &searched.county)).or_default() += searched.count;
        }
    }
    let figure = |((term, county), count)| Figure::count("searched_at", count).about(format!("{term}:{county}")).closed();
    let mut figures: Vec<Figure> = counts.into_iter().map(figure).collect();
    figures.sort_by_key(|figure| std::cmp::Reverse(figure.value));
    Block { code: "searched".into(), figures, children: true, parts: true }
}

fn gap_counties_block(read: &Read) -> Block {
    let mut counts: BTreeMap<DivisionCode, usize> = BTreeMap::new();
    for (_, county, count) in read.gaps() {
        *counts.entry(county.clone()).or_default() += count;
    }
    let figures = counts.into_iter().map(|(county, count)| Figure::count("gap_in", count).about(county.to_string())).collect();
    Block { code: "gap_counties".into(), figures, children: true, parts: true }
}
