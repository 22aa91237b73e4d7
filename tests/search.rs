//! Finding services: what is found by whom, why, and that the index follows the directory.

use lianjie::access::{Role, Scope};
use lianjie::locale::Locale;
use lianjie::search;
use serde_json::Value;

use crate::support::directory::{Listing, a_service};
use crate::support::{Browser, TestApp};

/// 长芦街道 of 六合区.
pub const HERE: &str = "320116012";
/// 六合区.
pub const COUNTY: &str = "320116";

pub async fn found(browser: &Browser, query: &str) -> Value {
    browser.get(&format!("/api/v1/services/search?{query}")).await.expect(200).json()
}

pub fn names(answer: &Value) -> Vec<&str> {
    answer["services"].as_array().unwrap().iter().map(|service| service["name"].as_str().unwrap()).collect()
}

fn count(answer: &Value, filter: &str, value: &str) -> u64 {
    let counts = answer["facets"][filter].as_array().into_iter().flatten();
    counts.filter(|one| one["value"] == value).filter_map(|one| one["count"].as_u64()).sum()
}

pub async fn worker(test: &TestApp) -> Browser {
    let station = Listing::new(test, "站点日间照料", &["COO-01"], HERE).with(|one| {
        one.organization.kind = "未保工作站".into();
        one.organization.name = "长芦未成年人保护工作站".into();
    });
    let station = station.put(test).await;
    let id = &station.organization.id;
    test.account("worker1", Some(id), Role::Worker, Scope::Organization(id.clone())).await;
    test.signed_in("worker1").await
}

#[tokio::test]
async fn a_clause_finds_what_meets_the_need_and_says_why() {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    a_service(&test, "沙盘游戏辅导", &["PSY-03"], HERE).await;
    test.indexed().await;
    let answer = found(&test.visitor(), "q=没人接送").await;
    assert_eq!(names(&answer), ["四点半放学护送"]);
    assert_eq!(answer["needs"][0]["term"], "EDU-13");
    let reasons = answer["services"][0]["reasons"].as_array().unwrap();
    assert!(reasons.iter().any(|reason| reason["kind"] == "need" && reason["text"] == "对应需求：上学交通与接送"), "{reasons:?}");
    let without = found(&test.visitor(), "q=没人接送&taken_off=EDU-13").await;
    assert!(without["needs"].as_array().unwrap().iter().all(|need| need["term"] != "EDU-13"));
}

#[tokio::test]
async fn words_pinyin_initials_and_one_wrong_character_find_a_name() {
    let test = TestApp::start().await;
    a_service(&test, "周末绘本馆", &["DEV-02"], HERE).await;
    test.indexed().await;
    for words in ["绘本馆", "zhoumohuibenguan", "zmhbg", "周末绘本", "向阳花青少年社工服务中新", "向陽花青少年"] {
        let answer = found(&test.visitor(), &format!("q={words}")).await;
        assert_eq!(names(&answer), ["周末绘本馆"], "{words}");
    }
    let suggested = test.visitor().get("/api/v1/services/suggest?q=xiangyanghua").await.expect(200).json();
    assert_eq!(suggested["suggestions"][0]["kind"], "organization");
}

#[tokio::test]
async fn a_suggestion_leads_where_it_belongs() {
    let test = TestApp::start().await;
    let listing = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.indexed().await;
    let visitor = test.visitor();
    let organization = format!("/services?organization={}", listing.organization.id);
    for (typed, kind, label, href) in [
        ("上学交通", "need", "需要", "/services?terms=EDU-13"),
        ("xiangyanghua", "organization", "机构", organization.as_str()),
        ("六合区", "place", "地方", "/services?near=320116"),
    ] {
        let answer = visitor.get(&format!("/api/v1/services/suggest?q={typed}")).await.expect(200).json();
        let suggestions = answer["suggestions"].as_array().unwrap();
        let found = suggestions.iter().find(|one| one["href"] == href).unwrap_or_else(|| panic!("{typed}: {suggestions:?}"));
        assert_eq!((found["kind"].as_str(), found["label"].as_str()), (Some(kind), Some(label)), "{typed}");
        assert!(visitor.get(href).await.expect(200).text.contains("四点半放学护送"), "{href} shows what is there");
    }
    assert!(visitor.get("/services").await.expect(200).text.contains("data-search"), "the box that app.js opens the list below");
}

#[tokio::test]
async fn a_printed_page_of_results_says_what_was_asked_and_when() {
    let test = TestApp::start().await;
    let listing = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.indexed().await;
    let query = format!("q=没人接送&near=320116&fee=free&fee=low&has_place=true&age_months=96&organization={}", listing.organization.id);
    let page = test.visitor().get(&format!("/services?{query}")).await.expect(200).text;
    let print = page.split_once("class=\"onpaper\"").unwrap().1.split_once("</div>").unwrap().0;
    let said = [
        "找：没人接送",
        "地方：南京市六合区",
        "收费：无偿、低偿",
        "有空位",
        "年龄：8 岁",
        "只看：向阳花青少年社工服务中心",
        "打印于 2026-11-25",
    ];
    for text in said {
        assert!(print.contains(text), "the print says {text}: {print}");
    }
    assert!(page.contains("打印这一页") && page.contains("data-print hidden"), "the button shows itself by script");
    let bare = test.visitor().get("/services?near=").await.expect(200).text;
    let print = bare.split_once("class=\"onpaper\"").unwrap().1.split_once("</div>").unwrap().0;
    assert!(!print.contains("找：") && !print.contains("地方：") && print.contains("打印于"), "{print}");
}

#[tokio::test]
async fn a_count_beside_a_filter_is_what_one_gets_with_it() {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    a_service(&test, "沙盘游戏辅导", &["PSY-03"], "320116011").await;
    let low = Listing::new(&test, "暑期夏令营", &["DEV-02"], "320111").with(|one| {
        one.fees.remove(0);
        one.places = Some((10, 10));
    });
    low.put(&test).await;
    test.indexed().await;
    let visitor = test.visitor();
    let all = found(&visitor, "near=320116012").await;
    assert_eq!(all["meta"]["total"], 3);
    for filter in [
        "terms",
        "kinds",
        "age_months",
        "categories",
        "fee",
        "has_place",
        "delivery",
        "areas",
        "within_km",
        "fresh_days",
        "languages",
        "accessibility",
    ] {
        let counts = all["facets"][filter].as_array().unwrap_or_else(|| panic!("{filter} is not counted: {}", all["facets"]));
        for one in counts {
            let answer = found(&visitor, &format!("near=320116012&{filter}={}", one["value"].as_str().unwrap())).await;
            assert_eq!(answer["meta"]["total"], one["count"], "{filter} {one}");
        }
    }
    let open = found(&visitor, "open_at=now").await;
    assert_eq!(open["meta"]["total"].as_u64().unwrap(), count(&all, "open_at", "true"));
}

#[tokio::test]
async fn nothing_found_says_which_filter_to_drop_and_what_that_gives() {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.indexed().await;
    let answer = found(&test.visitor(), "q=接送&fee=low").await;
    assert_eq!((answer["meta"]["total"].as_u64(), answer["relief"][0]["filter"].as_str()), (Some(0), Some("fee")));
    assert_eq!(answer["relief"][0]["total"], 1);
    let page = test.visitor().get("/services?q=接送&fee=low").await.expect(200).text;
    assert!(page.contains("去掉“收费”：1 条") && page.contains(r#"href="/services?q=%E6%8E%A5%E9%80%81""#), "{page}");
}

#[tokio::test]
async fn two_filters_that_block_together_are_dropped_together() {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.indexed().await;
    let answer = found(&test.visitor(), "q=接送&fee=low&delivery=online").await;
    let relief = &answer["relief"][0];
    assert_eq!((relief["filter"].as_str(), relief["also"].as_str(), relief["total"].as_u64()), (Some("fee"), Some("delivery"), Some(1)));
    let page = test.visitor().get("/services?q=接送&fee=low&delivery=online").await.expect(200).text;
    assert!(page.contains("去掉“收费”和“服务方式”：1 条") && page.contains(r#"href="/services?q=%E6%8E%A5%E9%80%81""#), "{page}");
}

#[tokio::test]
async fn words_are_marked_where_they_stand_and_nothing_of_a_text_becomes_markup() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半<b>接送</b>", &["EDU-13"], HERE).with(|one| {
        one.service.description =
            "由老师和志愿者提供<script>alert(1)</script>，先在学校门口集合点名，再由固定的志愿者护送，遇到下雨天改用校车接送到家。".into();
    });
    listing.put(&test).await;
    test.indexed().await;
    let page = test.visitor().get("/services?q=接送").await.expect(200).text;
    assert!(page.contains("<mark>接送</mark>&#60;/b&#62;</a>"), "the name is marked and escaped: {page}");
    assert!(page.contains("改用校车<mark>接送</mark>到家。</p>"), "the description is marked: {page}");
    assert!(page.contains("<p class=\"small\">…"), "a stretch from the middle says so");
    assert!(!page.contains("<b>接送") && !page.contains("<script>alert"), "a text is no markup");
    let plain = test.visitor().get("/services?near=").await.expect(200).text;
    assert!(!plain.contains("<mark>"), "nothing was looked for");
}

#[tokio::test]
async fn a_time_to_be_open_and_whose_fee_stay_in_the_filters() {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.indexed().await;
    let visitor = test.visitor();
    // A Thursday at which it is open, and a Saturday.
    for (at, total) in [("2026-11-26T10:00", 1), ("2026-11-28T10:00", 0)] {
        let path = format!("/services?open_at=&open_at={at}");
        let page = visitor.get(&path).await.expect(200).text;
        assert!(page.contains(&format!(r#"name="open_at" value="{at}""#)), "{at} stays in its box");
        assert!(!page.contains(r#"name="open_at" value="now" checked"#), "a time is not now");
        assert_eq!(found(&visitor, &format!("open_at={at}")).await["meta"]["total"], total, "{at}");
    }
    let page = visitor.get("/services?open_at=now").await.expect(200).text;
    assert!(page.contains(r#"name="open_at" value="now" checked"#));
    // Free in hardship, 30 yuan for others.
    assert_eq!(found(&visitor, "fee=free").await["meta"]["total"], 1);
    assert_eq!(found(&visitor, "fee=free&audience=other").await["meta"]["total"], 0);
    let page = visitor.get("/services?fee=full&audience=other").await.expect(200).text;
    assert!(page.contains(r#"<option value="other" selected>"#) && page.contains("四点半放学护送"), "{page}");
}

#[tokio::test]
async fn what_is_not_understood_is_refused_by_name_and_the_page_goes_on_without_it() {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.indexed().await;
    let visitor = test.visitor();
    let refused = visitor.get("/api/v1/services/search?near=鼓楼区&fee=gratis").await.expect(422).json();
    let fields: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["near", "fee"], "{refused}");
    assert!(refused["errors"][0]["text"].as_str().unwrap().contains("南京市鼓楼区、徐州市鼓楼区"), "{refused}");
    let page = visitor.get("/services?near=鼓楼区").await.expect(200).text;
    assert!(page.contains("您说的是哪个鼓楼区？") && page.contains("四点半放学护送"));
}

#[tokio::test]
async fn area_comes_before_distance_and_distance_is_told() {
    let test = TestApp::start().await;
    let near = Listing::new(&test, "隔壁区的接送", &["EDU-13"], HERE).with(|one| one.site.areas = vec!["320111".parse().unwrap()]);
    near.put(&test).await;
    a_service(&test, "本区的接送", &["EDU-13"], "320116011").await;
    test.indexed().await;
    let answer = found(&test.visitor(), "q=接送&near=320116012").await;
    assert_eq!(names(&answer), ["本区的接送", "隔壁区的接送"]);
    assert_eq!((answer["services"][0]["cover"].as_str(), answer["services"][1]["cover"].as_str()), (Some("serves"), Some("elsewhere")));
    assert!(answer["services"][1]["distance_km"].as_f64().unwrap() < 2.0);
    let point = found(&test.visitor(), "q=接送&near=118.8,32.3").await;
    assert!(point["services"][0]["distance_km"].is_number());
}

#[tokio::test]
async fn a_worker_searches_from_the_station_unless_told_otherwise() {
    let test = TestApp::start().await;
    let worker = worker(&test).await;
    test.indexed().await;
    assert_eq!(found(&worker, "q=").await["near"]["division"], HERE);
    assert!(found(&worker, "near=").await["near"].is_null());
    let page = worker.get("/services").await.expect(200).text;
    assert!(page.contains(r#"value="南京市六合区长芦街道""#), "the place is in its field");
    assert!(page.contains("GS(2024)0650号"), "the approval number stands beside the map");
}

#[tokio::test]
async fn a_page_behind_the_last_is_the_last() {
    let test = TestApp::start().await;
    for name in ["四点半放学护送", "家长轮值接送", "校车补助"] {
        a_service(&test, name, &["EDU-13"], HERE).await;
    }
    test.indexed().await;
    let first = found(&test.visitor(), "per_page=2").await;
    let last = found(&test.visitor(), "per_page=2&page=9").await;
    assert_eq!((names(&first).len(), names(&last).len(), last["meta"]["total"].as_u64()), (2, 1, Some(3)));
    assert!(!names(&first).contains(&names(&last)[0]));
    let page = test.visitor().get("/services?per_page=2&page=2").await.expect(200).text;
    assert!(page.contains(r#"<ol class="results" start="3">"#) && page.contains("rel=\"prev\""), "{page}");
}

#[tokio::test]
async fn a_cursor_goes_on_after_the_last_hit_whatever_came_in_meanwhile() {
    let test = TestApp::start().await;
    for name in ["乙的接送", "丁的接送", "戊的接送", "己的接送"] {
        a_service(&test, name, &["EDU-13"], HERE).await;
    }
    test.indexed().await;
    let visitor = test.visitor();
    let first = found(&visitor, "sort=name&per_page=2").await;
    let next = first["next"].as_str().unwrap();
    // Sorts before all that was seen: by its number the second page would begin with a hit of the first.
    a_service(&test, "阿姨的接送", &["EDU-13"], HERE).await;
    test.indexed().await;
    let second = found(&visitor, &format!("sort=name&per_page=2&cursor={next}")).await;
    let mut seen: Vec<&str> = names(&first).into_iter().chain(names(&second)).collect();
    assert_eq!(seen.len(), 4);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 4, "none comes twice: {seen:?}");
    assert!(!seen.contains(&"阿姨的接送") && second["next"].is_null(), "the last page says so: {second}");
    visitor.get("/api/v1/services/search?cursor=unsinn").await.expect(422);
}

#[tokio::test]
async fn a_terminal_gets_the_same_answer() {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    let answer = search::search_text(&test.app, "没人接送", Some(COUNTY), 5, Locale::Zh).await.unwrap();
    assert_eq!(answer.meta.total, 1);
    let text = answer.to_string();
    assert!(text.contains("四点半放学护送") && text.contains("对应需求"), "{text}");
    assert!(search::search_text(&test.app, "没人接送", Some("不存在的地方"), 5, Locale::Zh).await.is_err());
}
