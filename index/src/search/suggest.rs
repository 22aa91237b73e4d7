//! Suggestions while typing: organisations, places and needs whose names fit.

use std::collections::BTreeMap;

use super::{
    hits::{Field, Suggestion},
    index::Index,
    names::Typed,
};
use crate::{
    code::{OrganizationId, TermCode},
    entry::Viewer,
    language::Language,
    text::fold,
};

impl Index {
    /// Names that typed words may mean, the best first; of equals needs before places before
    /// organisations.
    #[must_use]
    pub fn suggest(&self, typed: &str, viewer: &Viewer, limit: usize) -> Vec<Suggestion> {
        let Some(typed) = Typed::new(&fold(typed)) else { return Vec::new() };
        let mut found = self.needs_like(&typed);
        found.extend(self.places_like(&typed));
        found.extend(self.organizations_like(&typed, viewer));
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        found.into_iter().take(limit).map(|(_, suggestion)| suggestion).collect()
    }

    fn needs_like(&self, typed: &Typed) -> Vec<(u16, Suggestion)> {
        let mut best: BTreeMap<&TermCode, u16> = BTreeMap::new();
        for (spelling, term, name) in self.vocabulary().spellings() {
            if let Some((score, _)) = typed.fit(spelling) {
                let known = best.entry(term).or_default();
                *known = (score - 40 * u16::from(!name)).max(*known);
            }
        }
        let found = best.into_iter().map(|(term, score)| {
            let name = self.vocabulary().name(term, Language::Zh);
            (score, Suggestion::Need { term: term.clone(), name })
        });
        found.collect()
    }

    fn places_like(&self, typed: &Typed) -> Vec<(u16, Suggestion)> {
        let mut best: BTreeMap<_, u16> = BTreeMap::new();
        for place in self.gazetteer().names() {
            if let Some((score, _)) = typed.fit(&place.readings) {
                // A wider place is meant more often, and a full name before an alias.
                let width = u16::try_from(place.area.as_str().len()).unwrap_or(20).min(20);
                let score = score.saturating_sub(width + 10 * u16::from(!place.full));
                let known = best.entry(&place.area).or_default();
                *known = score.max(*known);
            }
        }
        let found =
            best.into_iter().map(|(area, score)| (score, Suggestion::Place { area: area.clone(), name: self.gazetteer().name(area) }));
        found.collect()
    }

    fn organizations_like(&self, typed: &Typed, viewer: &Viewer) -> Vec<(u16, Suggestion)> {
        let snapshot = self.snapshot();
        let mut best: BTreeMap<OrganizationId, (u16, String)> = BTreeMap::new();
        for name in snapshot.catalogue.names() {
            let Some((score, _)) = typed.fit(&name.readings) else { continue };
            let bearers = name.bearers.iter().filter(|(_, field)| *field != Field::Name);
            for item in bearers.filter_map(|(slot, _)| snapshot.catalogue.item(*slot)) {
                let entry = &item.entry;
                if viewer.finds(entry.visibility, &entry.organization) {
                    let known = best.entry(entry.organization.clone());
                    let known = known.or_insert_with(|| (0, entry.organization_name.clone()));
                    known.0 = known.0.max(score.saturating_sub(30));
                }
            }
        }
        // Those of which no service is found are suggested too: their own page says what they are.
        let mut others: BTreeMap<OrganizationId, (u16, String)> = BTreeMap::new();
        self.bodies_like(typed, |score, body| {
            if !best.contains_key(&body.id) && viewer.finds(body.visibility, &body.id) {
                others.insert(body.id.clone(), (score.saturating_sub(40), body.name.clone()));
            }
        });
        let suggestion = |gives: bool| move |(id, (score, name))| (score, Suggestion::Organization { id, name, gives });
        best.into_iter().map(suggestion(true)).chain(others.into_iter().map(suggestion(false))).collect()
    }
}
