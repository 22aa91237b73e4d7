//! What is old is believed less: places posted long ago, and facts nobody confirmed for long.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

#[path = "../benches/province/mod.rs"]
#[expect(dead_code, reason = "shared with the benchmarks")]
mod province;

use jiff::{SignedDuration, Timestamp};
use lianjie_index::{
    Entry, Index, Places, Query,
    entry::Viewer,
    search::{Dimension, Filters, Periods, Reason},
};
use province::{NOW, entry, index};

fn worker(words: &str) -> Query {
    Query { viewer: Viewer::worker(), limit: 50, ..Query::new(words, NOW) }
}

fn sites(index: &Index, query: &Query) -> Vec<String> {
    index.search(query).unwrap().hits.iter().map(|hit| hit.entry.site.to_string()).collect()
}

fn ago(days: i64) -> Timestamp {
    NOW - SignedDuration::from_hours(24 * days)
}

#[test]
fn a_place_now_is_what_was_posted_last() {
    let index = index([entry("a")]);
    let filters = Filters { has_place: true, ..Filters::default() };
    let query = Query { filters, ..worker("") };
    assert!(sites(&index, &query).is_empty());
    index.set_places(&"site-a".into(), Some(Places { capacity: 2, used: 1, held: 0, as_of: NOW }));
    assert_eq!(sites(&index, &query), ["site-a"]);
    index.set_places(&"site-a".into(), Some(Places { capacity: 2, used: 1, held: 1, as_of: NOW }));
    assert!(sites(&index, &query).is_empty());
}

#[test]
fn a_place_posted_too_long_ago_is_not_counted_on() {
    let index = index([entry("a")]);
    let posted = |days: i64| {
        let as_of = ago(days);
        index.set_places(&"site-a".into(), Some(Places { capacity: 2, used: 1, held: 0, as_of }));
    };
    let filters = Filters { has_place: true, ..Filters::default() };
    let query = Query { filters, facets: true, ..worker("") };
    let counted = |query: &Query| {
        let facets = index.search(&Query { filters: Filters::default(), ..query.clone() }).unwrap().facets;
        facets.get(&Dimension::HasPlace).map_or(0, |counts| counts[0].count)
    };
    let told = |query: &Query| {
        let hits = index.search(&Query { filters: Filters::default(), ..query.clone() }).unwrap().hits;
        hits[0].reasons.iter().any(|reason| matches!(reason, Reason::Places { .. }))
    };
    posted(14);
    assert_eq!((sites(&index, &query).len(), counted(&query), told(&query)), (1, 1, true), "fourteen days hold");
    posted(15);
    assert_eq!((sites(&index, &query).len(), counted(&query), told(&query)), (0, 0, false));
    let longer = Query { periods: Periods { places: 30, ..Periods::default() }, ..query };
    assert_eq!((sites(&index, &longer).len(), counted(&longer), told(&longer)), (1, 1, true), "an installation may say longer");
}

#[test]
fn each_kind_of_fact_fades_when_its_own_period_is_over() {
    let named = |id: &str, assured_at| Entry { assured_at, ..entry(id) };
    let index = index([
        named("fresh", Some(ago(0))),
        named("hours", Some(ago(200))),
        named("existence", Some(ago(400))),
        named("never", None),
        named("places", Some(ago(0))),
        named("posted", Some(ago(0))),
    ]);
    for (site, days) in [("site-places", 20), ("site-posted", 10)] {
        let as_of = ago(days);
        index.set_places(&site.into(), Some(Places { capacity: 2, used: 2, held: 0, as_of }));
    }
    let lost = |periods: Periods| {
        let hits = index.search(&Query { periods, ..worker("心理咨询") }).unwrap().hits;
        let score = |id: &str| hits.iter().find(|hit| hit.entry.service.as_str() == id).unwrap().score;
        ["hours", "existence", "never", "places", "posted"].map(|id| score("fresh") - score(id))
    };
    let usual = lost(Periods::default());
    let (one, two) = (usual[0], usual[1]);
    assert!(one > 0 && two == 2 * one, "{usual:?}");
    assert_eq!(usual, [one, two, two, one, 0], "what was never confirmed fades like the oldest; places by themselves");
    assert_eq!(lost(Periods { places: 7, hours: 250, existence: 500 }), [0, one, two, one, one]);
}
