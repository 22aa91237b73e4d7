//! The map: ways from every group of needs to every offer it may use, then the formula.

use std::collections::BTreeMap;

use super::{
    Ground, Group, Opening, Reach, Town,
    floating::{FARTHEST, Way, access, worth},
};
use crate::{
    entry::Level,
    matching::{chance::chance, rules},
    place::{Mode, Shores, Wgs84, minutes},
    rule::{Facts, Verdict},
    search::{Index, catalogue::Item},
};

/// Below this share of the middle a place is a desert.
const DESERT: f64 = 0.25;
/// What every place is counted with at least, so that offers nobody has asked for yet do not look endless.
const LEAST_NEEDS: f64 = 1.0;

/// An offer of the kind that is asked about.
struct Offer<'a> {
    item: &'a Item,
    places: f64,
}

/// A group with where it lives.
struct Home<'a> {
    group: &'a Group,
    facts: Facts,
    point: Option<Wgs84>,
    shores: Shores<'a>,
}

/// How a group stands to an offer within reach of it.
struct Met {
    verdict: Verdict,
    minutes: u16,
    weight: f64,
}

/// Access of every place named by a group.
#[must_use]
pub fn map(index: &Index, groups: &[Group], ground: &Ground<'_>) -> Reach {
    let (snapshot, posted) = (index.snapshot(), index.posted());
    let wanted = |item: &Item| {
        let visibility = item.entry.visibility;
        let seen = visibility.matching && (visibility.level == Level::Public || ground.viewer.level >= Level::Workers);
        seen && item.entry.terms.iter().any(|own| ground.term.covers(own))
    };
    let found: Vec<_> = snapshot.catalogue.items().filter(|(_, item)| wanted(item)).collect();
    let capacity = |slot| posted.at(slot).map(|places| places.capacity);
    let mut stated: Vec<u32> = found.iter().filter_map(|(slot, _)| capacity(*slot)).collect();
    stated.sort_unstable();
    let usual_places = stated.get(stated.len() / 2).copied().unwrap_or(1).max(1);
    let offers: Vec<Offer> =
        found.iter().map(|(slot, item)| Offer { item, places: f64::from(capacity(*slot).unwrap_or(usual_places)) }).collect();

    let homes: Vec<Home> = groups.iter().map(|group| home(index, group)).collect();
    let mut ways = Vec::new();
    let mut nearest: Vec<Option<u16>> = vec![None; homes.len()];
    for (from, home) in homes.iter().enumerate() {
        for (to, offer) in offers.iter().enumerate() {
            let Some(met) = meet(home, offer, ground).filter(|met| met.verdict != Verdict::No) else { continue };
            nearest[from] = Some(nearest[from].map_or(met.minutes, |known| known.min(met.minutes)));
            ways.push(Way { from, to, weight: met.weight });
        }
    }
    let needs: Vec<f64> = groups.iter().map(|group| group.needs.max(LEAST_NEEDS)).collect();
    let places: Vec<f64> = offers.iter().map(|offer| offer.places).collect();
    let access = access(&needs, &places, &ways);

    let mut towns = by_place(groups, &needs, &access, &nearest);
    let median = median(&towns);
    for town in &mut towns {
        town.desert = town.nearest_minutes.is_none() || town.places_per_hundred < DESERT * median;
        if town.desert {
            town.opening = opening(index, homes.iter().filter(|home| home.group.place == town.division), &offers, ground);
        }
    }
    Reach { term: ground.term.clone(), towns, median, offers: offers.len(), unposted: offers.len() - stated.len(), usual_places }
}

fn home<'a>(index: &'a Index, group: &'a Group) -> Home<'a> {
    let gazetteer = index.gazetteer();
    let facts = Facts { residence: Some(gazetteer.residence(&group.place)), ..group.facts.clone() };
    Home { group, facts, point: gazetteer.seat(&group.place), shores: gazetteer.shores(&group.place) }
}

/// The way of a group to an offer; none beyond an hour, or where nobody knows how far it is.
fn meet(home: &Home<'_>, offer: &Offer<'_>, ground: &Ground<'_>) -> Option<Met> {
    let entry = &offer.item.entry;
    let minutes = if entry.comes() {
        0
    } else {
        let (here, there) = home.point.zip(offer.item.point)?;
        // A degree is 111 km: nobody covers half of one in an hour by bus.
        if (here.latitude - there.latitude).abs() > 0.5 {
            return None;
        }
        let more = entry.division.as_ref().and_then(|division| home.shores.to(division)).map_or(0, |crossing| crossing.minutes_more);
        minutes(here.distance_km(there), Mode::default()).saturating_add(more)
    };
    if f64::from(minutes) > FARTHEST {
        return None;
    }
    let facts = Facts { minutes: Some(minutes), ..home.facts.clone() };
    let gate = rules::gate(entry, &facts);
    let chance = chance(ground.rates.passed.get(&entry.service), gate.open.len());
    Some(Met { verdict: gate.verdict, minutes, weight: worth(f64::from(minutes)) * chance })
}

/// Groups of one place together: the mean of their access, by needs.
fn by_place(groups: &[Group], needs: &[f64], access: &[f64], nearest: &[Option<u16>]) -> Vec<Town> {
    let mut towns: BTreeMap<_, (f64, f64, f64, Option<u16>)> = BTreeMap::new();
    for (n, group) in groups.iter().enumerate() {
        let town = towns.entry(&group.place).or_default();
        town.0 += group.needs;
        town.1 += needs[n];
        town.2 += needs[n] * access[n];
        town.3 = town.3.into_iter().chain(nearest[n]).min();
    }
    let town = |(place, (needs, weight, sum, nearest_minutes)): (&crate::DivisionCode, (f64, f64, f64, Option<u16>))| Town {
        division: place.clone(),
        needs,
        places_per_hundred: 100.0 * sum / weight,
        nearest_minutes,
        desert: false,
        opening: None,
    };
    towns.into_iter().map(town).collect()
}

fn median(towns: &[Town]) -> f64 {
    let mut all: Vec<f64> = towns.iter().map(|town| town.places_per_hundred).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// The one change that would open most places to these groups.
fn opening<'a>(index: &Index, homes: impl Iterator<Item = &'a Home<'a>>, offers: &[Offer<'_>], ground: &Ground<'_>) -> Option<Opening> {
    let mut found: BTreeMap<String, (Opening, u16)> = BTreeMap::new();
    for home in homes {
        for offer in offers {
            let Some(met) = meet(home, offer, ground).filter(|met| met.verdict == Verdict::No) else { continue };
            let facts = Facts { minutes: Some(met.minutes), ..home.facts.clone() };
            let Some(change) = rules::whole(&offer.item.entry).relax(&facts) else { continue };
            let Some(first) = change.atoms.first() else { continue };
            let opening = |text| Opening { fact: first.test.fact().to_owned(), class: change.class, text, offers: 0, places: 0.0 };
            let text = || change.words(ground.language, index.gazetteer());
            let (known, nearest) = found.entry(first.test.fact().to_owned()).or_insert_with(|| (opening(text()), met.minutes));
            known.offers += 1;
            known.places += worth(f64::from(met.minutes)) * offer.places;
            if met.minutes < *nearest {
                *nearest = met.minutes;
                known.text = text();
                known.class = change.class;
            }
        }
    }
    found.into_values().map(|(opening, _)| opening).max_by(|a, b| a.places.total_cmp(&b.places).then_with(|| b.fact.cmp(&a.fact)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Entry, Language, Places, Rates, entry::Viewer, province, province::NOW};

    /// 长芦街道 and the seat of 睢宁县, 300 km apart.
    const HERE: &str = "320116012";
    const AWAY: &str = "320324";

    fn offer(id: &str, rule: &str) -> Entry {
        let point = province::gazetteer().seat(&HERE.parse().unwrap());
        Entry { eligibility: Some(rule.parse().unwrap()), areas: vec!["32".parse().unwrap()], point, ..province::entry(id) }
    }

    fn group(place: &str, needs: f64) -> Group {
        Group { place: place.parse().unwrap(), needs, facts: Facts { age_months: Some(110), ..Facts::default() } }
    }

    fn drawn(index: &Index, groups: &[Group]) -> Reach {
        let (term, rates) = ("PSY-03".parse().unwrap(), Rates::default());
        map(index, groups, &Ground { term: &term, rates: &rates, viewer: Viewer::worker(), language: Language::Zh })
    }

    #[test]
    fn places_are_shared_by_those_who_can_come() {
        let index = province::index([offer("a", r#"{"all":[]}"#)]);
        index.set_places(&"site-a".into(), Some(Places { capacity: 4, used: 4, held: 0, as_of: NOW }));
        let drawn = drawn(&index, &[group(HERE, 8.0), group(AWAY, 8.0)]);
        assert_eq!((drawn.offers, drawn.unposted, drawn.usual_places), (1, 0, 4));
        let [here, away] = &drawn.towns[..] else { panic!("two places") };
        assert!((here.places_per_hundred - 50.0).abs() < 1e-9 && !here.desert);
        assert_eq!((away.nearest_minutes, away.desert, &away.opening), (None, true, &None));
    }

    #[test]
    fn where_a_rule_keeps_all_out_the_change_that_opens_most_is_named() {
        let index = province::index([
            offer("a", r#"{"age_months":[114,215]}"#),
            offer("b", r#"{"age_months":[114,215]}"#),
            offer("c", r#"{"holds":["disability_certificate"]}"#),
        ]);
        let mut group = group(HERE, 3.0);
        group.facts.holds.insert(crate::rule::Paper::DisabilityCertificate, false);
        let drawn = drawn(&index, &[group]);
        let opening = drawn.towns[0].opening.clone().unwrap();
        assert_eq!((opening.fact.as_str(), opening.offers), ("age_months", 2));
        assert!(opening.text.starts_with("差 4 个月"), "{}", opening.text);
    }

    #[test]
    fn what_is_open_counts_by_its_chance() {
        let index = province::index([offer("a", r#"{"sex":"female"}"#)]);
        let only = drawn(&index, &[group(HERE, 1.0)]);
        assert!(only.towns[0].nearest_minutes.is_some(), "an open rule excludes nobody");
    }
}
