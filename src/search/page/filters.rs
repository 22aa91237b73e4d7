//! The filters beside the results: each value with what it would give.

use std::collections::BTreeSet;

use lianjie_index::search::{Count, Dimension};
use lianjie_index::{Area, TermCode};
use rust_i18n::t;

use crate::division::model::Divisions;
use crate::search::actions::Found;
use crate::search::address::parameter;
use crate::search::ask::Params;
use crate::search::words::Words;
use crate::web::Choice;

/// A group of boxes.
pub struct Group {
    /// Parameter.
    pub name: &'static str,
    /// What it is.
    pub legend: String,
    /// The values that are shown.
    pub options: Vec<Choice>,
    /// The values that are folded away.
    pub more: Vec<Choice>,
}

/// One of several.
pub struct Select {
    /// Parameter.
    pub name: &'static str,
    /// What it is.
    pub label: String,
    /// The values; the empty one first.
    pub options: Vec<Choice>,
}

/// All filters of the page.
pub struct FilterSet {
    /// A place free, open now.
    pub now: Vec<(&'static str, Choice)>,
    /// The time at which is to be open, as it was written.
    pub open_time: String,
    /// One of several.
    pub selects: Vec<Select>,
    /// Any of several.
    pub groups: Vec<Group>,
    /// How many are set.
    pub chosen: usize,
}

/// Values of a group that are shown before the fold.
const SHOWN: usize = 7;

/// The filters for what was found.
pub fn of(params: &Params, found: &Found, divisions: &Divisions, words: &Words) -> FilterSet {
    let near = found.asked.near();
    let mut selects = vec![
        select(Dimension::AgeMonths, std::slice::from_ref(&params.age_months), found, words),
        select(Dimension::Categories, &params.categories, found, words),
        select(Dimension::FreshDays, std::slice::from_ref(&params.fresh_days), found, words),
    ];
    if near.is_some() {
        selects.push(select(Dimension::WithinKm, std::slice::from_ref(&params.within_km), found, words));
    }
    selects.push(audience(params, words));
    let groups = [
        group(Dimension::Fee, &params.fee, found, words, |_| true),
        terms(params, found, words),
        group(Dimension::Delivery, &params.delivery, found, words, |_| true),
        areas(params, found, divisions, words),
        group(Dimension::Kinds, &params.kinds, found, words, |_| true),
        group(Dimension::Languages, &params.languages, found, words, |_| true),
        group(Dimension::Accessibility, &params.accessibility, found, words, |_| true),
    ];
    let open_now = found.asked.filters.open_at.is_some() && params.open_time().is_none();
    let chosen = Dimension::ALL.into_iter().filter(|filter| found.asked.filters.sets(*filter)).count();
    FilterSet {
        now: vec![
            ("has_place", flag(Dimension::HasPlace, "true", found.asked.filters.has_place, found, words)),
            ("open_at", flag(Dimension::OpenAt, "now", open_now, found, words)),
        ],
        open_time: params.open_time().unwrap_or_default().to_owned(),
        selects,
        groups: groups.into_iter().filter(|group| !group.options.is_empty()).collect(),
        chosen,
    }
}

/// The filters that are set, one a line, in words.
pub fn spoken(params: &Params, found: &Found, words: &Words) -> Vec<String> {
    let line = |filter: Dimension| {
        let values: &[String] = match filter {
            Dimension::Terms => &params.terms,
            Dimension::Kinds => &params.kinds,
            Dimension::AgeMonths => std::slice::from_ref(&params.age_months),
            Dimension::Categories => &params.categories,
            Dimension::Fee => &params.fee,
            Dimension::Delivery => &params.delivery,
            Dimension::Languages => &params.languages,
            Dimension::Areas => &params.areas,
            Dimension::WithinKm => std::slice::from_ref(&params.within_km),
            Dimension::FreshDays => std::slice::from_ref(&params.fresh_days),
            Dimension::Accessibility => &params.accessibility,
            Dimension::HasPlace => return Some(words.filter(filter)),
            Dimension::OpenAt => {
                let at = params.open_at.iter().find(|at| at.contains(':')).map_or("", String::as_str);
                return Some(format!("{} {at}", words.filter(filter)).trim_end().to_owned());
            }
            // Named by the page, which has its name.
            Dimension::Organization => return None,
        };
        let said = words.list(values.iter().filter(|value| !value.is_empty()).map(|value| words.value(filter, value)));
        Some(format!("{}{}{said}", words.filter(filter), words.locale.pick("：", ": ")))
    };
    Dimension::ALL.into_iter().filter(|filter| found.asked.filters.sets(*filter)).filter_map(line).collect()
}

fn counts(found: &Found, filter: Dimension) -> &[Count] {
    found.hits.facets.get(&filter).map_or(&[], Vec::as_slice)
}

fn choice(filter: Dimension, value: &str, count: usize, chosen: &[String], words: &Words) -> Choice {
    Choice {
        label: words.value(filter, value),
        selected: chosen.iter().any(|one| one == value),
        value: value.to_owned(),
        hint: String::new(),
        count: u64::try_from(count).unwrap_or(u64::MAX),
    }
}

fn flag(filter: Dimension, value: &str, selected: bool, found: &Found, words: &Words) -> Choice {
    let count = counts(found, filter).first().map_or(0, |one| one.count);
    Choice { selected, value: value.to_owned(), ..choice(filter, "true", count, &[], words) }
}

/// The values with counts, and those chosen that would give nothing.
fn choices(filter: Dimension, chosen: &[String], found: &Found, words: &Words, keep: impl Fn(&str) -> bool) -> Vec<Choice> {
    let counts = counts(found, filter);
    let is_chosen = |value: &str| chosen.iter().any(|one| one == value);
    let mut choices: Vec<Choice> = counts
        .iter()
        .filter(|one| keep(&one.value) || is_chosen(&one.value))
        .map(|one| choice(filter, &one.value, one.count, chosen, words))
        .collect();
    let missing = chosen.iter().filter(|value| !value.is_empty() && counts.iter().all(|one| one.value != **value));
    choices.extend(missing.map(|value| choice(filter, value, 0, chosen, words)));
    choices
}

fn group(filter: Dimension, chosen: &[String], found: &Found, words: &Words, keep: impl Fn(&str) -> bool) -> Group {
    let (mut options, mut more): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
    for choice in choices(filter, chosen, found, words, keep) {
        if options.len() < SHOWN || choice.selected { options.push(choice) } else { more.push(choice) }
    }
    if more.len() < 3 {
        options.append(&mut more);
    }
    Group { name: parameter(filter), legend: words.filter(filter), options, more }
}

/// Groups of the taxonomy, and the leaves of those that are chosen or were read from the words.
fn terms(params: &Params, found: &Found, words: &Words) -> Group {
    let open: BTreeSet<String> = params
        .terms
        .iter()
        .filter_map(|term| term.parse::<TermCode>().ok())
        .chain(found.hits.needs.iter().map(|need| need.term.clone()))
        .map(|term| term.group().to_owned())
        .collect();
    let keep = |value: &str| value.parse::<TermCode>().is_ok_and(|term| !term.is_leaf() || open.contains(term.group()));
    let mut group = group(Dimension::Terms, &params.terms, found, words, keep);
    // A leaf stands below its group.
    let mut all: Vec<Choice> = group.options.drain(..).chain(group.more.drain(..)).collect();
    let weight = |code: &str| all.iter().find(|choice| choice.value == code).map_or(0, |choice| choice.count);
    let keys: Vec<(u64, String, bool, u64, String)> = all
        .iter()
        .map(|choice| {
            let head = choice.value.split('-').next().unwrap_or_default().to_owned();
            (u64::MAX - weight(&head), head.clone(), choice.value != head, u64::MAX - choice.count, choice.value.clone())
        })
        .collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| keys[*a].cmp(&keys[*b]));
    let sorted: Vec<Choice> = order.into_iter().map(|at| std::mem::take(&mut all[at])).collect();
    let shown = sorted.iter().rposition(|choice| choice.selected).map_or(SHOWN + 3, |last| (last + 1).max(SHOWN + 3));
    let mut sorted = sorted.into_iter();
    group.options = sorted.by_ref().take(shown).collect();
    group.more = sorted.collect();
    group
}

/// The prefecture asked about with its counties and zones; prefectures where no place is asked about.
fn areas(params: &Params, found: &Found, divisions: &Divisions, words: &Words) -> Group {
    let near = found.asked.place.as_ref().and_then(|place| place.division(divisions));
    let prefecture = near.and_then(|code| code.as_str().get(..4).map(str::to_owned));
    let keep = |value: &str| {
        let area = value.parse::<Area>().ok();
        let around = area.and_then(|area| divisions.gazetteer.around(&area));
        around.is_some_and(|code| match &prefecture {
            Some(prefecture) => code.as_str().starts_with(prefecture.as_str()),
            None => value.len() == 4,
        })
    };
    let mut group = group(Dimension::Areas, &params.areas, found, words, keep);
    let mut all: Vec<Choice> = group.options.drain(..).chain(group.more.drain(..)).collect();
    all.sort_by(|a, b| a.value.cmp(&b.value));
    let mut all = all.into_iter();
    group.options = all.by_ref().take(SHOWN).collect();
    group.more = all.collect();
    let (kept, folded) = group.more.drain(..).partition(|choice| choice.selected);
    group.options.extend::<Vec<Choice>>(kept);
    group.more = folded;
    group
}

fn select(filter: Dimension, chosen: &[String], found: &Found, words: &Words) -> Select {
    let any = Choice {
        label: t!("search.any", locale = words.locale.tag()).into_owned(),
        selected: chosen.iter().all(String::is_empty),
        ..Choice::default()
    };
    let mut options = vec![any];
    options.extend(choices(filter, chosen, found, words, |_| true).into_iter().map(|choice| {
        let label = format!("{}（{}）", choice.label, choice.count);
        Choice { label, ..choice }
    }));
    Select { name: parameter(filter), label: words.filter(filter), options }
}

/// Whose fee the levels of fee beside it mean.
fn audience(params: &Params, words: &Words) -> Select {
    let say = |key: &str| t!(format!("search.{key}"), locale = words.locale.tag()).into_owned();
    let choice =
        |(value, label): (String, String)| Choice { selected: params.audience == value, label, value, hint: String::new(), count: 0 };
    let any = (String::new(), say("fee_for_any"));
    let options = std::iter::once(any).chain(words.audiences()).map(choice).collect();
    Select { name: "audience", label: say("fee_for"), options }
}
