//! What a search promises, seen from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod filters;
#[path = "../../benches/province/mod.rs"]
#[expect(dead_code, reason = "shared with the benchmarks")]
mod province;
mod sentence;

use std::sync::LazyLock;

use lianjie_index::{
    Entry, Index, Places, Query, Wgs84,
    entry::{Delivery, FeeLevel, Level, Mark, Moment, Opening, Shown, Viewer},
    search::{Cover, Dimension, Filters, How, Near, Reason, Sort, Stage, Suggestion},
};
use province::{NOW, entry, index, term};

static PROVINCE: LazyLock<Index> = LazyLock::new(|| province::province(2_000));

fn worker(words: &str) -> Query {
    Query { viewer: Viewer::worker(), limit: 5_000, ..Query::new(words, NOW) }
}

fn filtered(filters: Filters) -> Query {
    Query { filters, near: Some(near("320116010")), ..worker("") }
}

fn near(division: &str) -> Near {
    Near { area: division.parse().ok(), point: None }
}

fn sites(index: &Index, query: &Query) -> Vec<String> {
    let hits = index.search(query).unwrap();
    assert_eq!(hits.total, hits.hits.len());
    hits.hits.iter().map(|hit| hit.entry.site.to_string()).collect()
}

#[test]
fn pages_laid_together_are_the_whole() {
    for sort in [Sort::Fit, Sort::Distance, Sort::Freshness, Sort::Wait, Sort::Name] {
        let whole = Query { sort, near: Some(near("320305")), ..worker("康复") };
        let all = sites(&PROVINCE, &whole);
        let pages = (0..all.len()).step_by(7).flat_map(|offset| {
            let hits = PROVINCE.search(&Query { offset, limit: 7, ..whole.clone() }).unwrap().hits;
            hits.into_iter().map(|hit| hit.entry.site.to_string())
        });
        assert_eq!(pages.collect::<Vec<_>>(), all, "{sort:?}");
    }
}

#[test]
fn what_serves_the_place_comes_before_what_is_merely_near() {
    let home = province::gazetteer().seat(&"320116010".parse().unwrap()).unwrap();
    let there = |longitude: f64| Wgs84::new(home.longitude + longitude, home.latitude);
    let city = Entry { areas: vec!["3201".parse().unwrap()], point: there(0.5), ..entry("city") };
    let unstated = Entry { point: there(0.01), ..entry("unstated") };
    let elsewhere = Entry { areas: vec!["320111".parse().unwrap()], point: there(0.005), ..entry("elsewhere") };
    let index = index([city, unstated, elsewhere]);
    let query = Query { near: Some(near("320116010")), ..worker("心理咨询") };
    let hits = index.search(&query).unwrap().hits;
    let found: Vec<&str> = hits.iter().map(|hit| hit.entry.service.as_str()).collect();
    assert_eq!(found, ["city", "unstated", "elsewhere"]);
    let called_near = |n: usize| hits[n].reasons.iter().any(|reason| matches!(reason, Reason::Near { .. }));
    assert_eq!((hits[2].cover, called_near(1), called_near(2)), (Cover::Elsewhere, true, false));

    let within = Query { filters: Filters { within_km: Some(3.0), ..Filters::default() }, ..query };
    assert!(sites(&index, &within).contains(&"site-city".to_owned()), "no radius cuts off what serves the place");
}

#[test]
fn a_zone_is_served_by_what_is_given_to_all_its_parts() {
    let zone = "zone:zone-320100-jiangbei";
    let given = |site: &str, areas: &[&str]| Entry { areas: areas.iter().map(|area| area.parse().unwrap()).collect(), ..entry(site) };
    let index = index([
        given("both-counties", &["320111", "320116"]),
        given("one-county", &["320116"]),
        given("the-zone", &[zone]),
        given("the-city", &["3201"]),
        given("elsewhere", &["320302"]),
    ]);
    let query = Query { near: Some(near(zone)), facets: true, ..worker("") };
    let hits = index.search(&query).unwrap();
    let cover = |site: &str| hits.hits.iter().find(|hit| hit.entry.service.as_str() == site).unwrap().cover;
    assert_eq!(["both-counties", "the-zone", "the-city"].map(cover), [Cover::Serves; 3]);
    assert_eq!((cover("one-county"), cover("elsewhere")), (Cover::Unknown, Cover::Elsewhere));
    let counted = hits.facets[&Dimension::Areas].iter().find(|count| count.value == zone).unwrap().count;
    let only = Filters { areas: vec![zone.parse().unwrap()], ..Filters::default() };
    assert_eq!(index.search(&Query { filters: only, ..query }).unwrap().total, counted);
}

#[test]
fn a_phrase_that_names_several_places_says_so() {
    let index = index([entry("one")]);
    let named = |words: &str| -> Vec<Vec<String>> {
        let places = index.search(&worker(words)).unwrap().places;
        places.into_iter().map(|place| place.areas.iter().map(ToString::to_string).collect()).collect()
    };
    assert_eq!(named("鼓楼区"), [vec!["320106".to_owned(), "320302".to_owned()]]);
    assert_eq!(named("江北新区 接送"), [vec!["zone:zone-320100-jiangbei".to_owned()]]);
    assert!(named("接送").is_empty());
}

#[test]
fn a_name_is_found_exactly_then_by_beginning_then_inside_then_nearly() {
    let named = |id: &str, name: &str| Entry { organization_name: name.to_owned(), name: "服务".to_owned(), terms: vec![], ..entry(id) };
    let index =
        index([named("inside", "江宁区春晖中心"), named("exact", "春晖中心"), named("prefix", "春晖中心分部"), named("other", "秋实之家")]);
    let found = |words: &str| sites(&index, &worker(words));
    assert_eq!(found("春晖中心"), ["site-exact", "site-prefix", "site-inside"]);
    assert_eq!(found("春辉中心")[0], "site-exact");
    assert_eq!(found("chunhui")[0], "site-exact");
    assert_eq!(found("chzx")[0], "site-exact");
    assert_eq!(found("秋s"), ["site-other"]);
    let hits = index.search(&worker("春辉中心")).unwrap().hits;
    assert!(hits[0].reasons.iter().any(|reason| matches!(reason, Reason::Alike { how: How::Fuzzy, .. })));
}

#[test]
fn words_become_needs_that_can_be_taken_off() {
    let index = index([entry("psy"), Entry { terms: vec![term("EDU-13")], name: "校车".to_owned(), ..entry("bus") }]);
    let query = worker("孩子没人接送");
    let hits = index.search(&query).unwrap();
    assert_eq!(hits.needs[0].term, term("EDU-13"));
    assert_eq!(hits.hits[0].entry.service.as_str(), "bus");
    let taken_off = hits.needs.iter().map(|need| need.term.clone()).collect();
    assert_eq!(index.search(&Query { taken_off, ..query }).unwrap().total, 0);
}

#[test]
fn a_place_and_a_need_must_both_fit() {
    let at = |id: &str, area: &str| Entry { areas: vec![area.parse().unwrap()], ..entry(id) };
    let index = index([at("luhe", "320116"), at("xuzhou", "320302"), at("city", "3201")]);
    let mut found = sites(&index, &worker("六合区 心理咨询"));
    found.sort();
    assert_eq!(found, ["site-city", "site-luhe"]);
}

#[test]
fn traditional_and_wide_characters_are_found() {
    let index = index([Entry { description: "ABA 訓練，大𫭢镇".to_owned(), ..entry("a") }]);
    for words in ["ＡＢＡ", "训练", "訓練", "𫭢镇", "大𫭢"] {
        assert_eq!(sites(&index, &worker(words)), ["site-a"], "{words}");
    }
}

#[test]
fn each_viewer_finds_what_the_table_says() {
    let with = |id: &str, search: Shown, level: Level| {
        let mut entry = entry(id);
        entry.visibility.search = search;
        entry.visibility.level = level;
        entry
    };
    let index = index([
        with("plain", Shown::Yes, Level::Public),
        with("expired", Shown::Marked(Mark::Expired), Level::Public),
        with("pending", Shown::Marked(Mark::Pending), Level::Public),
        with("closed", Shown::None, Level::Public),
        with("workers", Shown::Yes, Level::Workers),
        with("refuge", Shown::Yes, Level::Restricted),
    ]);
    let found = |viewer: Viewer| {
        let mut found = sites(&index, &Query { viewer, ..worker("") });
        found.sort();
        found.iter().map(|site| site.trim_start_matches("site-").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(Viewer::public()), ["expired", "plain"]);
    assert_eq!(found(Viewer::worker()), ["expired", "pending", "plain", "workers"]);
    let named = Viewer { level: Level::Workers, restricted: ["org-refuge".into()].into() };
    assert_eq!(found(named), ["expired", "pending", "plain", "refuge", "workers"]);
}

#[test]
fn a_hidden_address_is_placed_at_its_county() {
    let hidden =
        Entry { point: Wgs84::new(118.9, 32.5), point_hidden: true, division: Some("320116010".parse().unwrap()), ..entry("refuge") };
    let index = index([hidden]);
    let hits = index.search(&Query { near: Some(near("320116")), ..worker("") }).unwrap();
    assert_eq!(hits.hits[0].distance_km, Some(0.0));
    assert!(!serde_json::to_string(&hits).unwrap().contains("118.9"));
}

#[test]
fn when_nothing_is_found_the_filter_to_drop_is_named() {
    let index = index([Entry { delivery: vec![Delivery::Site], ..entry("a") }, entry("b")]);
    let filters = Filters { delivery: vec![Delivery::Online], ..Filters::default() };
    let hits = index.search(&Query { filters, ..worker("心理咨询") }).unwrap();
    assert_eq!(hits.total, 0);
    assert_eq!((hits.relief[0].filter, hits.relief[0].total), (Dimension::Delivery, 2));
}

#[test]
fn two_filters_that_block_only_together_are_named_as_a_pair() {
    let index =
        index([Entry { delivery: vec![Delivery::Site], ..entry("a") }, entry("b"), Entry { kind: "医院".to_owned(), ..entry("c") }]);
    let filters = Filters { delivery: vec![Delivery::Online], has_place: true, ..Filters::default() };
    let query = Query { filters, ..worker("心理咨询") };
    let relief = index.search(&query).unwrap().relief;
    assert_eq!(relief.len(), 1, "{relief:?}");
    assert_eq!((relief[0].filter, relief[0].also, relief[0].total), (Dimension::HasPlace, Some(Dimension::Delivery), 3));
    index.set_places(&"site-a".into(), Some(Places { capacity: 2, used: 1, held: 0, as_of: NOW }));
    let relief = index.search(&query).unwrap().relief;
    assert_eq!((relief[0].filter, relief[0].also, relief[0].total), (Dimension::Delivery, None, 1), "one alone is better");
    assert_eq!(relief.len(), 1);
}

#[test]
fn each_stage_adds_to_those_before_it() {
    let named = |id: &str, name: &str| Entry { organization_name: name.to_owned(), name: "服务".to_owned(), terms: vec![], ..entry(id) };
    let text = Entry { description: "陪伴阅读".to_owned(), ..named("text", "甲乙丙丁之家") };
    let leaf = Entry { terms: vec![term("EDU-13")], ..named("leaf", "戊己庚辛之家") };
    let index = index([named("name", "春晖社工中心"), text, leaf]);
    let first = |words: &str| {
        let found = |stage: &&Stage| index.search(&Query { stage: **stage, ..worker(words) }).unwrap().total > 0;
        Stage::ALL.iter().find(found).copied()
    };
    assert_eq!(first("陪伴阅读"), Some(Stage::Pairs));
    assert_eq!(first("上学交通与接送"), Some(Stage::Names), "the name of a leaf");
    assert_eq!(first("上下学没人接"), Some(Stage::Synonyms));
    assert_eq!(first("chunhui"), Some(Stage::Pinyin));
    assert_eq!(first("春辉社工中心"), Some(Stage::Fuzzy));
    assert_eq!(first("春晖中心社工"), Some(Stage::Net), "most pairs of characters");
    assert_eq!(first("毫不相干的话"), None);
}

#[test]
fn open_at_asks_for_hours_that_are_stated() {
    let mut open = entry("open");
    open.schedule.weekly = vec![Opening { day: 3, from: "09:00".parse().unwrap(), to: "17:00".parse().unwrap() }];
    let index = index([open, entry("unstated")]);
    let moment = Moment { at: "2026-11-25T10:00".parse().unwrap(), public_holiday: false, make_up_workday: false, school_break: None };
    let filters = Filters { open_at: Some(moment), ..Filters::default() };
    assert_eq!(sites(&index, &Query { filters, ..worker("") }), ["site-open"]);
}

#[test]
fn fees_are_filtered_for_the_audience() {
    let mut low = entry("low");
    low.fees =
        serde_json::from_str(r#"[{"audience":"hardship","level":"free"},{"audience":"other","level":"full","amount_fen":9000}]"#).unwrap();
    let index = index([low]);
    let with = |audience: &str, level| Filters { audience: audience.parse().ok(), fee: vec![level], ..Filters::default() };
    let total = |filters| index.search(&Query { filters, ..worker("") }).unwrap().total;
    assert_eq!(total(with("hardship", FeeLevel::Free)), 1);
    assert_eq!(total(with("ORPHAN", FeeLevel::Free)), 1);
    assert_eq!(total(with("community", FeeLevel::Free)), 0);
}

#[test]
fn snippets_mark_the_words_as_they_stand() {
    let text = "本中心面向全区儿童，周末提供心理諮詢服务";
    let index = index([Entry { description: text.to_owned(), name: "服务".to_owned(), ..entry("a") }]);
    let hits = index.search(&worker("心理咨询")).unwrap().hits;
    let snippet = hits[0].snippets.iter().find(|snippet| snippet.text.contains('諮')).unwrap();
    let (from, to) = snippet.marks[0];
    assert_eq!(snippet.text.chars().skip(from).take(to - from).collect::<String>(), "心理諮詢");
}

#[test]
fn suggestions_are_needs_places_and_organisations() {
    let index = index([Entry { organization_name: "光福社工站".to_owned(), ..entry("a") }]);
    let suggest = |typed: &str| index.suggest(typed, &Viewer::public(), 5);
    let place =
        |found: &[Suggestion], code: &str| found.iter().any(|one| matches!(one, Suggestion::Place { area, .. } if area.as_str() == code));
    assert!(place(&suggest("gfz"), "320506104"));
    assert!(place(&suggest("江北"), "zone:zone-320100-jiangbei"));
    assert!(place(&suggest("xuyi"), "320830"));
    assert!(place(&suggest("luhe"), "320116"));
    assert!(matches!(&suggest("光福社")[0], Suggestion::Organization { id, .. } if id.as_str() == "org-a"));
    let need =
        |found: &[Suggestion], code: &str| found.iter().any(|one| matches!(one, Suggestion::Need { term, .. } if term.as_str() == code));
    let yanxue = suggest("yanxue");
    assert!(need(&yanxue, "EDU-06") && need(&yanxue, "DEV-07"), "厌学 and 研学 sound alike");
    let gulou = suggest("鼓楼区");
    assert!(place(&gulou, "320106") && place(&gulou, "320302"));
}

#[test]
fn names_sort_by_pinyin() {
    let named = |id: &str, name: &str| Entry { name: name.to_owned(), ..entry(id) };
    let index = index([named("c", "周末陪伴"), named("a", "爱心课堂"), named("b", "六合托管")]);
    assert_eq!(sites(&index, &Query { sort: Sort::Name, ..worker("") }), ["site-a", "site-b", "site-c"]);
}

#[test]
fn a_radius_narrows_the_text_without_losing_a_hit() {
    for (words, km) in [("康复", 5.0), ("社会工作服务", 20.0), ("心理", 80.0), ("阳", 3.0)] {
        let filters = Filters { within_km: Some(km), ..Filters::default() };
        let narrowed = Query { words: words.to_owned(), ..filtered(filters) };
        let whole = Query { facets: true, ..narrowed.clone() };
        assert_eq!(sites(&PROVINCE, &narrowed), sites(&PROVINCE, &whole), "{words} within {km}");
    }
}
