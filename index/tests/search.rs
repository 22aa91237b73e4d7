//! What a search promises, seen from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

#[path = "../benches/province/mod.rs"]
#[expect(dead_code, reason = "shared with the benchmarks")]
mod province;

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
fn a_place_is_read_out_of_a_sentence_and_can_be_taken_off() {
    let at = |id: &str, area: &str| Entry { areas: vec![area.parse().unwrap()], ..entry(id) };
    let index = index([at("luhe", "320116"), at("changlu", "320116012"), at("xuzhou", "320302"), at("shuyang", "321322")]);
    let read = |words: &str| index.search(&worker(words)).unwrap().places;
    let named = |words: &str| -> Vec<(String, Vec<String>)> {
        let places = read(words).into_iter();
        places.map(|place| (place.words, place.areas.iter().map(ToString::to_string).collect())).collect()
    };
    let one = |words: &str, area: &str| vec![(words.to_owned(), vec![area.to_owned()])];
    assert_eq!(named("六合区心理咨询"), one("六合区", "320116"));
    assert_eq!(named("六合区长芦街道心理咨询"), one("六合区长芦街道", "320116012"), "one inside the other is one place");
    assert_eq!(named("六合心理咨询"), one("六合", "320116"));
    assert_eq!(named("孩子在沭阳县想做心理咨询"), one("沭阳县", "321322"));
    assert_eq!(named("心理咨询沭阳"), one("沭阳", "321322"));
    assert_eq!(named("江北新区心理咨询"), one("江北新区", "zone:zone-320100-jiangbei"));
    assert_eq!(named("南京鼓楼区心理咨询"), one("南京鼓楼区", "320106"), "the city says which");
    assert_eq!(named("鼓楼区心理咨询")[0].1, ["320106", "320302"], "without it the page asks");
    let city = named("南京 鼓楼区 心理咨询");
    assert_eq!(city[1].1, ["320106"]);
    assert_eq!(named("shuyangxian 心理咨询"), one("shuyangxian", "321322"));
    assert_eq!(named("shuyangxianxinlizixun"), one("shuyangxian", "321322"));
    assert_eq!(named("321322 心理咨询"), one("321322", "321322"));
    for words in ["南京路心理咨询", "北京市通州区心理咨询", "没钱上兴趣班", "和平相处", "xinlizixun", "心理咨询"]
    {
        assert_eq!(named(words), [], "{words}");
    }
    assert_eq!(sites(&index, &worker("沭阳县心理咨询")), ["site-shuyang"]);
    assert_eq!(sites(&index, &worker("六合区长芦街道没劲想找心理咨询")).len(), 2, "what is given to the county reaches the township");
    let off = Query { places_off: vec!["六合区".to_owned()], ..worker("六合区心理咨询") };
    let hits = index.search(&off).unwrap();
    assert_eq!((hits.places.len(), hits.total), (0, 4));
}

#[test]
fn a_name_with_a_place_in_it_stays_whole_and_a_body_is_known_inside_a_sentence() {
    let named = |id: &str, name: &str| Entry { organization_name: name.to_owned(), terms: vec![], name: "服务".to_owned(), ..entry(id) };
    let counselling = Entry { areas: vec!["321322".parse().unwrap()], ..entry("psy") };
    let index = index([named("club", "沭阳县启明星成长中心"), named("bureau", "沭阳县民政局"), counselling]);
    for words in ["沭阳县启明星成长中心", "沭阳县启明星", "沭阳县启名星成长中心"] {
        let hits = index.search(&worker(words)).unwrap();
        assert_eq!((hits.places.len(), hits.hits[0].entry.service.as_str()), (0, "club"), "{words}");
    }
    let hits = index.search(&worker("沭阳县民政局心理咨询")).unwrap();
    let found: Vec<&str> = hits.hits.iter().map(|hit| hit.entry.service.as_str()).collect();
    assert_eq!((hits.places.len(), found), (0, vec!["bureau", "psy"]), "the body first, then what answers the need");
}

#[test]
fn a_village_that_the_caller_knows_is_read_like_a_place() {
    use lianjie_index::search::Mention;
    let at = |id: &str, area: &str| Entry { areas: vec![area.parse().unwrap()], ..entry(id) };
    let index = index([at("changlu", "320116012"), at("xuzhou", "320302")]);
    let told = Mention { words: "玉带社区".to_owned(), areas: vec!["320116012".parse().unwrap()] };
    for words in ["玉带社区 心理咨询", "玉带社区心理咨询", "六合区玉带社区心理咨询", "家住玉带社区想找心理咨询"]
    {
        let hits = index.search(&Query { places_told: vec![told.clone()], ..worker(words) }).unwrap();
        assert_eq!((hits.total, hits.hits[0].entry.service.as_str()), (1, "changlu"), "{words}");
    }
}

#[test]
fn a_name_of_three_characters_is_found_with_one_wrong_behind_what_is_written_so() {
    let named = |id: &str, name: &str| Entry { organization_name: name.to_owned(), name: "服务".to_owned(), terms: vec![], ..entry(id) };
    let index = index([named("short", "启明星"), named("long", "泗洪县启明星之家"), named("other", "启东县之家")]);
    let found = |words: &str| sites(&index, &worker(words));
    assert_eq!(found("启明星"), ["site-short", "site-long"]);
    assert_eq!(found("启名星"), ["site-short", "site-long"], "inside a name it must sound right");
    assert_eq!(found("启天星"), ["site-short"]);
    assert!(found("天天星").is_empty());
}

#[test]
fn the_net_catches_only_where_nothing_else_is_found() {
    let text = |id: &str, text: &str| Entry { description: text.to_owned(), name: "服务".to_owned(), terms: vec![], ..entry(id) };
    let index = index([text("a", "为乡村孩子修缮房屋并添置书桌"), text("b", "修缮房屋")]);
    assert_eq!(sites(&index, &worker("修缮房屋")).len(), 2);
    assert_eq!(sites(&index, &worker("房屋修缮并添置")), ["site-a"]);
    assert!(sites(&index, &worker("毫不相干的话")).is_empty());
}

#[test]
fn bodies_are_found_by_name_and_kind_without_a_service() {
    use lianjie_index::{entry::Visibility, search::Body};
    let body = |id: &str, name: &str, division: &str, search: Shown, level: Level| Body {
        id: id.into(),
        name: name.to_owned(),
        other_names: Vec::new(),
        kind: "station".to_owned(),
        kind_names: vec!["未保工作站".to_owned(), "station".to_owned()],
        division: division.parse().unwrap(),
        visibility: Visibility { search, matching: false, level, verification_expired: false, verified: true },
    };
    let index = index([entry("psy")]);
    index.post_bodies([
        body("changlu", "长芦街道工作站", "320116012", Shown::Yes, Level::Public),
        body("gulou", "徐州鼓楼工作站", "320302", Shown::Yes, Level::Public),
        body("inner", "内部工作站", "320116", Shown::Yes, Level::Workers),
        body("pending", "待核工作站", "320116", Shown::Marked(Mark::Pending), Level::Public),
    ]);
    let found = |words: &str, viewer: Viewer| -> Vec<String> {
        let home = "320302".parse().unwrap();
        let bodies = index.bodies(words, Some(&home), 5, |body| viewer.finds(body.visibility, &body.id));
        bodies.iter().map(|body| body.id.to_string()).collect()
    };
    for words in ["长芦街道工作站", "changlujiedaogongzuozhan", "cljdgzz", "长芦街道工做站", "六合区未保工作站", "六合区 未保工作站"]
    {
        assert_eq!(found(words, Viewer::public()), ["changlu"], "{words}");
    }
    assert_eq!(found("未保工作站", Viewer::public()), ["gulou", "changlu"], "the nearer first");
    assert_eq!(found("内部工作站", Viewer::public()), Vec::<String>::new());
    assert_eq!(found("内部工作站", Viewer::worker()), ["inner"]);
    assert_eq!(found("待核", Viewer::worker()), ["pending"]);
    assert!(found("六合区", Viewer::worker()).is_empty() && found("心理咨询", Viewer::worker()).is_empty());
    let suggested = index.suggest("长芦街道工作", &Viewer::public(), 5);
    assert!(suggested.iter().any(|one| matches!(one, Suggestion::Organization { id, gives: false, .. } if id.as_str() == "changlu")));
    index.set_body(&"changlu".into(), None);
    assert!(found("长芦街道工作站", Viewer::public()).is_empty());
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
