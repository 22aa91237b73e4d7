//! The index answers in data; here it is put into words, in the language of the page.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use lianjie_index::entry::{Audience, Delivery, Entry, Fee, FeeLevel, Mark, Payer, Schedule, Season, fee};
use lianjie_index::search::{Cover, Dimension, Field, Filters, How, Near, Reason, Relief};
use lianjie_index::{Area, Facts, Language, Rule, TermCode, Verdict, Vocabulary};
use rust_i18n::t;

use crate::app::App;
use crate::clock;
use crate::division::model::Divisions;
use crate::locale::Locale;
use crate::taxonomy::model::Categories;

/// A requirement against what is known of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// `fits`, `not`, `ask`.
    pub mark: &'static str,
    /// The requirement.
    pub text: String,
    /// What to ask; empty unless asked.
    pub question: String,
}

/// The names that texts are made of, in one language.
pub struct Words {
    vocabulary: Arc<Vocabulary>,
    divisions: Arc<Divisions>,
    categories: Arc<Categories>,
    /// The language.
    pub locale: Locale,
    /// The day that dates are written from.
    pub today: Date,
}

impl Words {
    /// The words of a running product.
    #[must_use]
    pub fn of(app: &App, locale: Locale) -> Self {
        Self {
            vocabulary: app.vocabulary.get(),
            divisions: app.divisions.get(),
            categories: app.categories.get(),
            locale,
            today: app.today(),
        }
    }

    fn language(&self) -> Language {
        self.locale.into()
    }

    fn tag(&self) -> &'static str {
        self.locale.tag()
    }

    /// The text of a key below `search.`; of an open list of codes, the code where it has no text.
    #[must_use]
    pub fn word(&self, list: &str, code: &str) -> String {
        let key = format!("search.{list}.{code}");
        let text = t!(&key, locale = self.tag()).into_owned();
        if text.ends_with(&key) { code.to_owned() } else { text }
    }

    /// The name of a need.
    #[must_use]
    pub fn term(&self, code: &TermCode) -> String {
        self.vocabulary.name(code, self.language())
    }

    /// The name of a kind of organization.
    #[must_use]
    pub fn kind(&self, code: &str) -> String {
        self.categories.kind(code, self.locale)
    }

    /// The name of an area with those above it.
    #[must_use]
    pub fn area(&self, area: &Area) -> String {
        self.divisions.area_name(area)
    }

    /// Names of several things in a row.
    #[must_use]
    pub fn list(&self, names: impl IntoIterator<Item = String>) -> String {
        names.into_iter().collect::<Vec<_>>().join(self.locale.pick("、", ", "))
    }

    /// A way of delivery.
    #[must_use]
    pub fn delivery(&self, way: Delivery) -> String {
        self.word("delivery", name_of(way).as_str())
    }

    /// A day, short: without the year where it is this year's.
    #[must_use]
    pub fn day(&self, day: Date) -> String {
        if day.year() == self.today.year() { day.strftime("%m-%d").to_string() } else { day.to_string() }
    }

    /// The day of an instant, short.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> String {
        self.day(clock::day(at))
    }

    /// A distance: metres below one kilometre, one decimal below ten.
    #[must_use]
    pub fn km(&self, km: f64) -> String {
        let kilometres = self.locale.pick("公里", "km");
        if km < 0.95 {
            format!("{:.0} {}", (km * 10.0).ceil().max(1.0) * 100.0, self.locale.pick("米", "m"))
        } else if km < 10.0 {
            format!("{km:.1} {kilometres}")
        } else {
            format!("{km:.0} {kilometres}")
        }
    }

    /// Why an entry is marked.
    #[must_use]
    pub fn mark(&self, mark: Mark) -> String {
        self.word("mark", &name_of(mark))
    }

    /// A level of fee.
    #[must_use]
    pub fn level(&self, level: FeeLevel) -> String {
        self.word("fee", &name_of(level))
    }

    /// Whom a fee is for.
    #[must_use]
    pub fn audience(&self, audience: &Audience) -> String {
        match audience {
            Audience::Category(code) => self.categories.child(code.as_str(), self.locale),
            other => {
                let code = other.to_string();
                let known = self.categories.audiences.iter().find(|known| known.named.code == code);
                known.map_or(code, |known| known.named.name(self.locale).to_owned())
            }
        }
    }

    /// Everybody a fee can be for: audiences, then categories of child, as code and name.
    #[must_use]
    pub fn audiences(&self) -> Vec<(String, String)> {
        let audiences = self.categories.audiences.iter().map(|audience| &audience.named);
        let mut named: Vec<(String, String)> = Vec::new();
        for one in audiences.chain(&self.categories.children) {
            if !named.iter().any(|(code, _)| *code == one.code) {
                named.push((one.code.clone(), one.name(self.locale).to_owned()));
            }
        }
        named
    }

    /// What is paid: `20 元/次`; empty where it is nothing or not stated.
    #[must_use]
    pub fn amount(&self, fee: &Fee) -> String {
        let Some(fen) = fee.amount_fen.filter(|fen| *fen > 0 && fee.level != FeeLevel::Free) else { return String::new() };
        let yuan = if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) };
        let unit = fee.unit.as_deref().map(|unit| self.word("unit", unit)).unwrap_or_default();
        match self.locale {
            Locale::Zh => format!("{yuan} 元/{unit}"),
            Locale::En => format!("¥{yuan} a {unit}"),
        }
    }

    /// Who pays, where it is not the family.
    #[must_use]
    pub fn payer(&self, payer: Option<Payer>) -> String {
        payer.filter(|payer| *payer != Payer::Family).map(|payer| self.word("payer", &name_of(payer))).unwrap_or_default()
    }

    /// The fee that counts for an audience, in short.
    #[must_use]
    pub fn fee(&self, fees: &[Fee], audience: &Audience) -> Option<(FeeLevel, String)> {
        let fee = fee::for_audience(fees, audience, self.today)?;
        let amount = self.amount(fee);
        let level = self.level(fee.level);
        Some((fee.level, if amount.is_empty() || fee.amount() == Some(0) { level } else { format!("{level} {amount}") }))
    }

    /// Why a hit is there.
    #[must_use]
    pub fn reason(&self, reason: &Reason) -> String {
        let locale = self.tag();
        match reason {
            Reason::Words { field, words } => {
                let words = words.iter().map(|word| format!("{}{word}{}", self.locale.pick("“", "“"), "”")).collect::<Vec<_>>();
                t!("search.reason.words", locale = locale, field = self.field(*field), words = words.join("")).into_owned()
            }
            Reason::Alike { field, how } => {
                let key = match how {
                    How::Exact => "exact",
                    How::Prefix => "prefix",
                    How::Inside => "inside",
                    How::Pinyin => "pinyin",
                    How::Fuzzy => "fuzzy",
                };
                t!(format!("search.reason.{key}"), locale = locale, field = self.field(*field)).into_owned()
            }
            Reason::Need { term, .. } => t!("search.reason.need", locale = locale, need = self.term(term)).into_owned(),
            Reason::Serves => t!("search.reason.serves", locale = locale).into_owned(),
            Reason::Comes => t!("search.reason.comes", locale = locale).into_owned(),
            Reason::Near { km } => t!("search.reason.near", locale = locale, km = self.km(*km)).into_owned(),
            Reason::Places { free, as_of } => {
                t!("search.reason.places", locale = locale, free = free, day = self.day_of(*as_of)).into_owned()
            }
        }
    }

    fn field(&self, field: Field) -> String {
        self.word("field", &name_of(field))
    }

    /// The name of a kind of filter.
    #[must_use]
    pub fn filter(&self, filter: Dimension) -> String {
        self.word("filter", &name_of(filter))
    }

    /// The filters to drop, and what that gives.
    #[must_use]
    pub fn relief(&self, relief: &Relief) -> String {
        let (filter, count) = (self.filter(relief.filter), relief.total);
        match relief.also {
            None => t!("search.drop", locale = self.tag(), filter = filter, count = count).into_owned(),
            Some(also) => t!("search.drop_two", locale = self.tag(), filter = filter, also = self.filter(also), count = count).into_owned(),
        }
    }

    /// A value of a filter.
    #[must_use]
    pub fn value(&self, filter: Dimension, value: &str) -> String {
        let counted = |key: &str, count: String| t!(format!("search.{key}"), locale = self.tag(), count = count).into_owned();
        match filter {
            Dimension::Terms => value.parse().map_or_else(|_| value.to_owned(), |term| self.term(&term)),
            Dimension::Kinds => self.kind(value),
            Dimension::Categories => self.categories.child(value, self.locale),
            Dimension::Areas => value.parse().map_or_else(|_| value.to_owned(), |area| self.area(&area)),
            Dimension::AgeMonths => {
                counted("age_years", value.parse::<u16>().map_or_else(|_| value.to_owned(), |months| (months / 12).to_string()))
            }
            Dimension::WithinKm => counted("within", value.to_owned()),
            Dimension::FreshDays => counted("fresh", value.to_owned()),
            Dimension::Fee => self.word("fee", value),
            Dimension::HasPlace | Dimension::OpenAt => self.word("filter", &name_of(filter)),
            Dimension::Delivery => self.word("delivery", value),
            Dimension::Languages => self.word("language", value),
            Dimension::Accessibility => self.word("accessibility", value),
            Dimension::Organization => value.to_owned(),
        }
    }

    /// A rule as one sentence.
    #[must_use]
    pub fn rule(&self, rule: &Rule) -> String {
        let joined = |parts: &[Rule], zh, en| {
            let texts =
                parts.iter().map(|part| if matches!(part, Rule::Atom(_)) { self.rule(part) } else { format!("（{}）", self.rule(part)) });
            texts.collect::<Vec<_>>().join(self.locale.pick(zh, en))
        };
        match rule {
            Rule::All(parts) if parts.is_empty() => t!("search.open_to_all", locale = self.tag()).into_owned(),
            Rule::All(parts) => joined(parts, "，并且", ", and "),
            Rule::Any(parts) => joined(parts, "，或者", ", or "),
            Rule::AtLeast(count, parts) => {
                t!("search.at_least", locale = self.tag(), count = count, parts = joined(parts, "；", "; ")).into_owned()
            }
            Rule::Not(part) => t!("search.not", locale = self.tag(), part = self.rule(part)).into_owned(),
            Rule::Atom(atom) => atom.requirement(self.language(), &*self.divisions.gazetteer),
        }
    }

    /// The requirements of a rule, each against what is known.
    #[must_use]
    pub fn ticks(&self, rule: Option<&Rule>, facts: &Facts) -> Vec<Tick> {
        let Some(rule) = rule else {
            let text = t!("search.rule_unstated", locale = self.tag()).into_owned();
            return vec![Tick { mark: "ask", text, question: String::new() }];
        };
        let parts = match rule {
            Rule::All(parts) if !parts.is_empty() => parts.as_slice(),
            whole => std::slice::from_ref(whole),
        };
        parts.iter().map(|part| Tick { mark: sign(part.verdict(facts)), text: self.rule(part), question: String::new() }).collect()
    }

    /// The ticks of a hit: its rule, and whether it serves the place.
    #[must_use]
    pub fn ticks_of(&self, entry: &Entry, cover: Cover, asks_place: bool, facts: &Facts) -> Vec<Tick> {
        let mut ticks = self.ticks(entry.eligibility.as_ref(), facts);
        if asks_place || !entry.areas.is_empty() {
            let areas = self.areas(&entry.areas);
            let (mark, text) = match cover {
                _ if entry.areas.is_empty() => ("ask", t!("search.areas_unstated", locale = self.tag()).into_owned()),
                Cover::Serves => ("fits", areas),
                Cover::Elsewhere => ("not", areas),
                Cover::Unknown => ("ask", areas),
            };
            ticks.push(Tick { mark, text, question: String::new() });
        }
        ticks
    }

    /// Where a service is given to: the first few areas.
    #[must_use]
    pub fn areas(&self, areas: &[Area]) -> String {
        let shown = self.list(areas.iter().take(3).map(|area| self.area(area)));
        let key = if areas.len() > 3 { "search.serves_more" } else { "search.serves" };
        t!(key, locale = self.tag(), areas = shown, count = areas.len()).into_owned()
    }

    /// When in the year the openings hold; empty for always.
    #[must_use]
    pub fn season(&self, schedule: &Schedule) -> String {
        match &schedule.season {
            Season::Always => String::new(),
            Season::TermTime => self.word("season", "term_time"),
            Season::Holidays(breaks) => self.list(breaks.iter().map(|name| self.word("season", name))),
            Season::Dated(from, to) => format!("{from} – {to}"),
        }
    }
}

/// What the filters say of a child: the facts that ticks are judged by.
#[must_use]
pub fn facts(filters: &Filters, near: Option<&Near>, divisions: &Divisions, today: Date) -> Facts {
    let categories: BTreeSet<_> = filters.categories.iter().cloned().collect();
    let area = near.and_then(|near| near.area.as_ref());
    Facts {
        age_months: filters.age_months,
        day: today,
        categories: (!categories.is_empty()).then_some(categories),
        residence: area.and_then(|area| divisions.gazetteer.residence_in(area)),
        ..Facts::default()
    }
}

const fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "fits",
        Verdict::No => "not",
        Verdict::Ask => "ask",
    }
}

/// The wire name of a variant.
#[must_use]
pub fn name_of(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
