//! Access to one kind of help by township: places within reach of its needs, deserts, and what would open most.

use lianjie_index::entry::Viewer;
use lianjie_index::reach::{Ground, Group, Reach, map};
use lianjie_index::rule::{self, Facts};
use lianjie_index::{DivisionCode, Language, TermCode};

use super::super::model::Over;
use super::super::store;
use super::{chosen, narrowed, note_read};
use crate::access::Actor;
use crate::app::App;
use crate::case::model::Sex;
use crate::error::{Error, Result};
use crate::organization;

/// Access below a division.
#[derive(Debug)]
pub struct Accessible {
    /// What it is over.
    pub over: Over,
    /// The division whose townships are looked at.
    pub division: DivisionCode,
    /// What it is called.
    pub place: String,
    /// Access of each township; of those without a need too.
    pub reach: Reach,
    /// Whether small counts of needs are not told.
    pub suppressed: bool,
}

/// The access map of a kind of help; the kind most needed where none is named.
pub async fn access(app: &App, actor: &Actor, (scope, place): (&str, &str), term: &str, language: Language) -> Result<Accessible> {
    let (choice, name) = chosen(app, actor, scope).await?;
    let within = narrowed(app, &choice.over, place)?;
    let mut db = app.store.read().await?;
    let division = match &within {
        Over::Division(code) => code.clone(),
        Over::Station(id) => {
            let station = organization::store::find(&mut db, id).await?.ok_or_else(|| Error::missing("organization", id))?;
            station.division.as_str().get(..6).and_then(|county| county.parse().ok()).unwrap_or(station.division)
        }
        Over::Provider(_) => return Err(Error::Forbidden { why: "role" }),
    };
    let term: Option<TermCode> = if term.is_empty() {
        store::most_wanted(&mut db, &division).await?
    } else {
        let named = term.parse().ok().filter(|term: &TermCode| term.is_leaf() && app.vocabulary.get().term(term).is_some());
        Some(named.ok_or_else(|| Error::invalid("term", "term"))?)
    };
    let term = term.unwrap_or_else(|| "DEV-02".parse().expect("a term"));
    let wanting = store::wanting(&mut db, &division, &term).await?;
    drop(db);
    let today = app.today();
    let mut groups: Vec<Group> = wanting
        .iter()
        .map(|alike| Group {
            place: alike.division.clone(),
            needs: f64::from(alike.needs),
            facts: Facts {
                age_months: alike.age_months(today),
                day: today,
                categories: (!alike.categories.is_empty()).then(|| alike.categories.iter().cloned().collect()),
                hukou: alike.hukou.clone(),
                sex: alike.sex.map(|sex| match sex {
                    Sex::Female => rule::Sex::Female,
                    Sex::Male => rule::Sex::Male,
                }),
                ..Facts::default()
            },
        })
        .collect();
    let divisions = app.divisions.get();
    let townships = divisions.of_level("township").filter(|row| division.contains(&row.code));
    for row in townships.filter(|row| wanting.iter().all(|alike| alike.division != row.code)) {
        groups.push(Group { place: row.code.clone(), needs: 0.0, facts: Facts { day: today, ..Facts::default() } });
    }
    let rates = app.rates.get();
    let reach = map(&app.index.get(), &groups, &Ground { term: &term, rates: &rates, viewer: Viewer::worker(), language });
    note_read(app, actor, &within).await?;
    let suppressed = matches!(choice.over, Over::Division(_));
    let place = if within == choice.over { name } else { divisions.full_name(&division) };
    Ok(Accessible { over: choice.over, division, place, reach, suppressed })
}
