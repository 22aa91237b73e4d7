//! Filters find what a plain scan finds, and a count is what one would get.

use super::*;

fn filters() -> Vec<Filters> {
    let from = |json: &str| serde_json::from_str::<Filters>(json).unwrap();
    [
        r"{}",
        r#"{"terms":["PSY"],"delivery":["site"]}"#,
        r#"{"age_months":60,"categories":["LEFT"]}"#,
        r#"{"fee":["free"],"audience":"hardship","has_place":true}"#,
        r#"{"areas":["320116"],"fresh_days":180}"#,
        r#"{"areas":["zone:zone-320100-jiangbei"],"within_km":20.0}"#,
        r#"{"languages":["zh"],"kinds":["社工机构"]}"#,
        r#"{"organization":"org-7"}"#,
    ]
    .map(from)
    .into()
}

/// A plain reading of the filters used above, entry by entry.
fn fits(filters: &Filters, entry: &Entry, home: Wgs84, number: usize) -> bool {
    use lianjie_index::{Facts, Verdict, entry::fee};
    let gazetteer = province::gazetteer();
    let allows = |facts: &Facts| entry.eligibility.as_ref().is_none_or(|rule| rule.verdict(facts) != Verdict::No);
    let terms = filters.terms.is_empty() || filters.terms.iter().any(|term| entry.terms.iter().any(|own| term.covers(own)));
    let delivery = filters.delivery.is_empty() || filters.delivery.iter().any(|way| entry.delivery.contains(way));
    let age = filters.age_months.is_none_or(|months| allows(&Facts { age_months: Some(months), ..Facts::default() }));
    let category = filters.categories.is_empty()
        || filters.categories.iter().any(|code| allows(&Facts { categories: Some([code.clone()].into()), ..Facts::default() }));
    let fee = filters.fee.is_empty()
        || fee::for_audience(&entry.fees, filters.audience.as_ref().unwrap(), "2026-11-25".parse().unwrap())
            .is_some_and(|fee| filters.fee.contains(&fee.level));
    let place = !filters.has_place || (number.is_multiple_of(2) && number % 12 < 10);
    let areas = filters.areas.is_empty()
        || filters.areas.iter().flat_map(|area| gazetteer.members(area)).any(|wanted| {
            let own = entry.areas.iter().flat_map(|area| gazetteer.members(area));
            entry.division.as_ref().is_some_and(|division| wanted.contains(division))
                || own.into_iter().any(|own| own.contains(&wanted) || wanted.contains(&own))
        });
    let residence = gazetteer.residence(&"320116010".parse().unwrap());
    let verdict = entry.areas.iter().map(|area| residence.lies_in(area)).max().unwrap_or(Verdict::Ask);
    let point = if entry.point_hidden { gazetteer.seat(&entry.division.as_ref().unwrap().county()) } else { entry.point };
    let within = filters.within_km.is_none_or(|km| {
        verdict == Verdict::Yes
            || (entry.comes() && verdict == Verdict::Ask)
            || (!entry.comes() && point.is_some_and(|point| point.distance_km(home) <= km))
    });
    let fresh = filters.fresh_days.is_none_or(|days| entry.age_days(NOW).is_some_and(|age| age <= i64::from(days)));
    let languages = filters.languages.is_empty() || filters.languages.iter().any(|own| entry.languages.contains(own));
    let kinds = filters.kinds.is_empty() || filters.kinds.contains(&entry.kind);
    let organization = filters.organization.as_ref().is_none_or(|id| entry.organization == *id);
    terms && delivery && age && category && fee && place && areas && within && fresh && languages && kinds && organization
}

#[test]
fn filters_find_what_a_plain_scan_finds() {
    let home = province::gazetteer().seat(&"320116010".parse().unwrap()).unwrap();
    for filters in filters() {
        let mut found = sites(&PROVINCE, &filtered(filters.clone()));
        let numbered = (0..2_000_usize).map(|number| (number, province::draw(number as u64)));
        let plain = numbered.filter(|(number, entry)| fits(&filters, entry, home, *number));
        let mut plain: Vec<String> = plain.map(|(_, entry)| entry.site.to_string()).collect();
        found.sort();
        plain.sort();
        assert!(!plain.is_empty(), "{filters:?}");
        assert_eq!(found, plain, "{filters:?}");
    }
}

/// The filters with one value of one kind instead of what they had of it; beside it, where all that are ticked must hold.
fn with(filters: &Filters, kind: Dimension, value: &str) -> Filters {
    let mut filters = filters.clone();
    let list = || vec![value.to_owned()];
    match kind {
        Dimension::Terms => filters.terms = vec![term(value)],
        Dimension::Kinds => filters.kinds = list(),
        Dimension::AgeMonths => filters.age_months = value.parse().ok(),
        Dimension::Categories => filters.categories = vec![value.parse().unwrap()],
        Dimension::Fee => filters.fee = vec![serde_json::from_value(value.into()).unwrap()],
        Dimension::HasPlace => filters.has_place = true,
        Dimension::Delivery => filters.delivery = vec![serde_json::from_value(value.into()).unwrap()],
        Dimension::Languages => filters.languages = list(),
        Dimension::Areas => filters.areas = vec![value.parse().unwrap()],
        Dimension::WithinKm => filters.within_km = value.parse().ok(),
        Dimension::FreshDays => filters.fresh_days = value.parse().ok(),
        // Features that are ticked must all be there.
        Dimension::Accessibility => filters.accessibility.push(value.to_owned()),
        Dimension::OpenAt | Dimension::Organization => unreachable!("not counted here"),
    }
    filters
}

#[test]
fn each_count_is_what_one_would_get() {
    for (words, filters) in ["", "康复", "没人接送"].into_iter().zip(filters()) {
        let query = Query { words: words.to_owned(), facets: true, ..filtered(filters) };
        let facets = PROVINCE.search(&query).unwrap().facets;
        assert!(facets.len() >= 8, "{:?}", facets.keys());
        for (kind, counts) in facets {
            for count in counts.iter().step_by(7) {
                let filters = with(&query.filters, kind, &count.value);
                let total = PROVINCE.search(&Query { filters, facets: false, ..query.clone() }).unwrap().total;
                assert_eq!(total, count.count, "{kind:?} {} of \"{words}\"", count.value);
            }
        }
    }
}

#[test]
fn a_count_beside_a_feature_is_what_one_gets_when_it_is_ticked_beside_those_ticked_already() {
    let with = |id: &str, features: &[&str]| Entry { accessibility: features.iter().map(|one| (*one).to_owned()).collect(), ..entry(id) };
    let index = index([with("a", &["ramp", "lift"]), with("b", &["lift"]), with("c", &["ramp"]), with("d", &["lift", "sign_language"])]);
    for ticked in [vec![], vec!["ramp"], vec!["lift"], vec!["ramp", "lift"], vec!["ramp", "sign_language"]] {
        let filters = Filters { accessibility: ticked.iter().map(|one: &&str| (*one).to_owned()).collect(), ..Filters::default() };
        let query = Query { filters, facets: true, ..worker("") };
        let facets = index.search(&query).unwrap().facets;
        let counted = |feature: &str| {
            let counts = facets.get(&Dimension::Accessibility).into_iter().flatten();
            counts.filter(|count| count.value == feature).map(|count| count.count).sum::<usize>()
        };
        for feature in ["ramp", "lift", "sign_language"] {
            let filters = with_feature(&query.filters, feature);
            let total = index.search(&Query { filters, facets: false, ..query.clone() }).unwrap().total;
            assert_eq!(counted(feature), total, "{feature} beside {ticked:?}");
        }
    }
}

fn with_feature(filters: &Filters, feature: &str) -> Filters {
    with(filters, Dimension::Accessibility, feature)
}
