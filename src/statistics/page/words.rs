//! Figures in the words of a page.

use jiff::civil::Date;
use lianjie_index::{DivisionCode, TermCode};
use rust_i18n::t;

use super::super::model::{Block, Figure, SMALLEST};
use crate::app::App;
use crate::case::{term, word};
use crate::locale::Locale;
use crate::search::gap::UNREAD;

/// A figure as it is shown.
pub struct Shown {
    pub label: String,
    pub value: String,
    /// The count, where it is shown.
    pub number: Option<i64>,
    pub of: String,
    pub share: String,
    /// Of a hundred, for the bar.
    pub width: i64,
    pub bar: bool,
    pub what: String,
    pub href: String,
}

/// A block as it is shown.
pub struct ShownBlock {
    pub code: String,
    pub title: String,
    pub lead: String,
    pub figures: Vec<Shown>,
}

/// What a figure of many is about.
pub fn about(app: &App, code: &str, about: &str, locale: Locale) -> String {
    match code {
        "gap" => about.parse::<TermCode>().map(|code| term(app, &code, locale)).unwrap_or_default(),
        "gap_in" => about.parse::<DivisionCode>().map(|code| app.divisions.get().full_name(&code)).unwrap_or_default(),
        "searched_at" if about.starts_with(UNREAD) => about.split_once(':').map_or_else(String::new, |(unread, county)| {
            format!("{} · {}", word("numbers.about", unread, locale), self::about(app, "gap_in", county, locale))
        }),
        "gap_at" | "searched_at" => about.split_once(':').map_or_else(String::new, |(term, county)| {
            let words = |code, about| self::about(app, code, about, locale);
            format!("{} · {}", words("gap", term), words("gap_in", county))
        }),
        "activity_kind" => word("program.kind", about, locale),
        "activity_topic" => word("program.topic", about, locale),
        "paid" => word("program.purpose", about, locale),
        "category" => app.categories.get().child(about, locale),
        "reason" => word("referral.decline", about, locale),
        "refused_by" | "refused_service" => about.to_owned(),
        "refused_why" => about
            .split_once(':')
            .map_or_else(String::new, |(reason, service)| format!("{service} · {}", word("referral.decline", reason, locale))),
        _ => word("numbers.about", about, locale),
    }
}

fn label(app: &App, figure: &Figure, locale: Locale) -> String {
    let name = word("numbers.figure", &figure.code, locale);
    match &figure.about {
        None => name,
        Some(of) if figure.code.starts_with("days_") => format!("{name} · {}", about(app, &figure.code, of, locale)),
        Some(of) => about(app, &figure.code, of, locale),
    }
}

fn shown(app: &App, figure: &Figure, query: &str, locale: Locale) -> Shown {
    // Rounded, but nothing is said to be all or none that is not.
    let rounded = |(value, of): (i64, i64)| match (value * 100 + of / 2) / of {
        0 if value > 0 => 1,
        share if share >= 100 && value < of => 99,
        share => share,
    };
    let share = figure.value.zip(figure.of).filter(|(_, of)| *of > 0).map(rounded);
    let of_many = figure
        .about
        .as_ref()
        .map(|about| format!("&{}", serde_html_form::to_string([("about", about)]).unwrap_or_default()))
        .unwrap_or_default();
    Shown {
        label: label(app, figure, locale),
        value: figure.value.map_or_else(|| format!("<{SMALLEST}"), |value| value.to_string()),
        number: figure.value,
        of: figure.of.map(|of| of.to_string()).unwrap_or_default(),
        share: share.map(|share| format!("{share} %")).unwrap_or_default(),
        width: share.unwrap_or(0).min(100),
        bar: share.is_some(),
        what: word("numbers.what", &figure.code, locale),
        href: if figure.opens { format!("/numbers/{}?{query}{of_many}", figure.code) } else { String::new() },
    }
}

/// How many figures of a block a page shows, the largest first where they are of one kind.
const MOST: usize = 60;

/// The blocks as they are shown; `query` names the scope and the period.
pub fn blocks(app: &App, blocks: &[Block], query: &str, locale: Locale) -> Vec<ShownBlock> {
    let block = |block: &Block| ShownBlock {
        title: word("numbers.block", &block.code, locale),
        lead: word("numbers.lead_of", &block.code, locale),
        figures: block.figures.iter().take(MOST).map(|figure| shown(app, figure, query, locale)).collect(),
        code: block.code.clone(),
    };
    blocks.iter().map(block).collect()
}

/// The words of a period.
pub fn period(from: Date, to: Date, locale: Locale) -> String {
    t!("numbers.period", locale = locale.tag(), from = from, to = to).into_owned()
}
