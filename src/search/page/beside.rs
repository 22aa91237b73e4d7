//! What stands beside the results: which place is meant, and the organizations that the words name.

use lianjie_index::search::{Body, Mention};
use lianjie_index::text::{fold, pinyin::sort_key};
use rust_i18n::t;

use super::results::Link;
use crate::division::meaning::Meant;
use crate::division::model::Divisions;
use crate::error::Fault;
use crate::search::actions::Found;
use crate::search::address::Address;
use crate::search::body::mark_of;
use crate::search::words::Words;

/// An organization that the words name.
pub struct Beside {
    pub href: String,
    pub name: String,
    /// Its kind, and where it lies.
    pub told: String,
    /// Why it is marked; empty where it is not.
    pub mark: String,
}

impl Beside {
    pub fn of(body: &Body, words: &Words) -> Self {
        Self {
            href: format!("/organizations/{}", body.id),
            name: body.name.clone(),
            told: format!("{} · {}", words.kind(&body.kind), words.area(&body.division.clone().into())),
            mark: mark_of(body).map(|mark| words.mark(mark)).unwrap_or_default(),
        }
    }
}

/// A name that several places bear, with a link for each.
pub struct Which {
    pub question: String,
    pub places: Vec<Link>,
}

/// The key of a question, the name it is about, and the places of that name: code and label.
type Asked<'a> = (&'a str, &'a str, Vec<(String, String)>);

/// Which of several places of one name is meant: of `near`, and of the words. Each link is this search at one of them.
pub fn which(faults: &[Fault], found: &Found, address: &Address, divisions: &Divisions, words: &Words) -> Vec<Which> {
    let mut names: Vec<Asked<'_>> = Vec::new();
    for fault in faults.iter().filter(|fault| !fault.choices.is_empty()) {
        let name = fault.facts.iter().find(|(fact, _)| *fact == "place");
        let question = if fault.reason == "near_alike" { "search.alike" } else { "search.which" };
        names.push((question, name.map_or("", |(_, name)| name.as_str()), fault.choices.clone()));
    }
    for mention in found.namesakes(divisions) {
        let places = mention.areas.iter().map(|area| (area.to_string(), words.area(area))).collect();
        if names.iter().all(|(_, name, _)| *name != mention.words) {
            names.push(("search.which", mention.words.as_str(), places));
        }
    }
    let address = address.clone().without("crs");
    let link = |(code, label): (String, String)| Link { label, href: address.clone().set("near", code).page() };
    let which = |(question, name, places): Asked<'_>| Which {
        question: t!(question, locale = words.locale.tag(), place = name).into_owned(),
        places: places.into_iter().map(link).collect(),
    };
    names.into_iter().map(which).collect()
}

/// A place read from the words, by its whole name; of namesakes and villages the name that was typed.
pub fn mentioned(mention: &Mention, found: &Found, words: &Words) -> String {
    let told = found.asked.told.iter().any(|told| told.words == mention.words);
    match mention.areas.as_slice() {
        [area] if told && !mention.words.bytes().all(|digit| digit.is_ascii_digit()) => format!("{}{}", words.area(area), mention.words),
        [area] => words.area(area),
        _ => mention.words.clone(),
    }
}

/// What a place of former days is called now.
pub fn former(meant: &Meant, divisions: &Divisions, words: &Words) -> String {
    let now = meant.name(divisions);
    let said = |old: &String| t!("search.formerly", locale = words.locale.tag(), old = old, now = now).into_owned();
    meant.former.as_ref().map(said).unwrap_or_default()
}

/// Characters in which a place may stand before other words.
const HEAD: usize = 5;
/// Phrases that are looked at, and places that are offered for each.
const MOST_READ: usize = 12;
const MOST_OFFERED: usize = 3;

/// Places that a phrase, or its beginning, may mean but for a character: the same search with the right name. What stands before
/// other words must sound so.
pub fn alike(words: &str, found: &Found, divisions: &Divisions, address: &Address) -> Vec<Link> {
    let folded = fold(words);
    let read = |phrase: &&str| !found.hits.places.iter().any(|mention| phrase.contains(&mention.words));
    let phrases: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|phrase| !phrase.is_empty()).collect();
    let mut links: Vec<Link> = Vec::new();
    for phrase in phrases.iter().copied().filter(read).take(MOST_READ) {
        let kind = phrase.char_indices().take(HEAD).skip(2).find(|(_, c)| "区县市镇乡".contains(*c));
        let Some(head) = kind.map(|(at, c)| &phrase[..at + c.len_utf8()]) else { continue };
        let meant = match (head == phrase, phrases.len()) {
            // The whole of the words is among the suggestions.
            (true, 1) => Vec::new(),
            (true, _) => divisions.gazetteer.nearly(head),
            (false, _) => divisions.gazetteer.sounding(&sort_key(head).replace(' ', "")).to_vec(),
        };
        for area in meant.iter().filter(|_| words.contains(head)).take(MOST_OFFERED) {
            let name = divisions.area_name(area);
            let href = address.clone().set("q", words.replace(head, &name)).without("taken_off").page();
            links.push(Link { label: name, href });
        }
    }
    links
}
