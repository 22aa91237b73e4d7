//! What is shared, to choose: purposes, items, and the brief as it will be read.

use super::super::actions;
use super::super::model::Brief;
use super::words::{self, Fact, say};
use crate::app::App;
use crate::case::model::{Case, Child, Need};
use crate::consent::model::{Item, Purpose, kind_may_have};
use crate::locale::Locale;
use crate::web::{Choice, FormState};

/// The purposes.
pub fn purposes(form: &FormState, locale: Locale) -> Vec<Choice> {
    form.options("purpose", Purpose::ALL.map(|purpose| (purpose.name(), say(locale, &format!("purpose.{}", purpose.name())))))
}

/// The items that recipients of these kinds may have; beside each whether there is a ground, where that is known.
pub fn items(form: &FormState, kinds: &[&str], granted: Option<&[Item]>, locale: Locale) -> Vec<Choice> {
    let may = |item: &Item| kinds.iter().any(|kind| kind_may_have(kind, *item));
    let choice = |item: Item| {
        let mut hints = Vec::new();
        if item.is_grave() {
            hints.push(say(locale, "referral.form.items_approval"));
        }
        if let Some(granted) = granted {
            hints.push(say(locale, if granted.contains(&item) { "referral.share_granted" } else { "referral.share_lacking" }));
        }
        Choice {
            value: item.name().into(),
            label: say(locale, &format!("item.{}", item.name())),
            selected: form.has("items", item.name()),
            hint: hints.join(locale.pick("；", "; ")),
            count: 0,
        }
    };
    actions::choosable().into_iter().filter(may).map(choice).collect()
}

/// What a provider reads before it accepts, as far as it is known before the form is filled in.
pub fn preview(app: &App, case: &Case, child: &Child, need: &Need, locale: Locale) -> Vec<Fact> {
    let brief = Brief {
        alias: child.alias.clone(),
        age_band: child.birth_month.map(|month| month.band(app.today()).to_string()),
        sex: None,
        township: case.division.clone(),
        term: need.term.clone(),
        languages: case.languages.clone(),
        time_windows: String::new(),
        safety_notes: String::new(),
        mobility: String::new(),
        travel: case.travel.mode.clone(),
    };
    words::brief(app, &brief, need.tier.number(), locale)
}
