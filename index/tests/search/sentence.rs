//! What is read out of a sentence: places, bodies, villages; and what is found though it is not written so.

use super::*;

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
