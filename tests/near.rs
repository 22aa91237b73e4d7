//! The place of a search: zones, former names and codes, villages, namesakes, points of other systems.

use lianjie::access::{Role, Scope};
use lianjie::exchange::sheet::{self, Kind};
use lianjie::locale::Locale;
use serde_json::{Value, json};

use crate::search::{HERE, found, names};
use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};

const ZONE: &str = "zone:zone-320100-jiangbei";

async fn given_to(test: &TestApp, name: &str, areas: &[&str]) {
    let areas = areas.iter().map(|area| area.parse().unwrap()).collect();
    Listing::new(test, name, &["EDU-13"], HERE).with(|one| one.site.areas = areas).put(test).await;
}

/// Villages of the list; those of one name lie in two townships.
pub async fn villages(test: &TestApp) {
    let mut tx = test.app.begin().await.unwrap();
    for (code, township, name) in [
        ("320116005200", "320116012", "玉带社区村委会"),
        ("320116004200", "320116011", "玉带社区居委会"),
        ("320116005004", "320116012", "陆营社区居委会"),
    ] {
        let row = sqlx::query("INSERT INTO village (code, township, name) VALUES ($1, $2, $3)").bind(code).bind(township).bind(name);
        row.execute(&mut *tx).await.unwrap();
    }
    tx.commit(test.app.now()).await.unwrap();
}

fn places(choices: &Value, key: &str) -> Vec<String> {
    choices.as_array().unwrap().iter().map(|choice| choice[key].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_zone_is_a_place_and_serving_it_is_serving_its_members() {
    let test = TestApp::start().await;
    given_to(&test, "六合区的接送", &["320116"]).await;
    given_to(&test, "新区的接送", &[ZONE]).await;
    given_to(&test, "徐州的接送", &["320302"]).await;
    test.indexed().await;
    let visitor = test.visitor();
    let answer = found(&visitor, "q=接送&near=江北新区").await;
    assert_eq!((answer["near"]["zone"].as_str(), answer["near"]["name"].as_str()), (Some(ZONE), Some("江北新区")));
    let cover = |name: &str| {
        let services = answer["services"].as_array().unwrap();
        services.iter().find(|service| service["name"] == name).unwrap()["cover"].as_str().unwrap().to_owned()
    };
    assert_eq!(["新区的接送", "六合区的接送", "徐州的接送"].map(cover), ["serves", "unknown", "elsewhere"]);
    assert_eq!(names(&answer)[0], "新区的接送");
    assert!(answer["services"][0]["distance_km"].is_number(), "the way is counted from the middle of the zone");
    assert_eq!(found(&visitor, &format!("q=接送&near={ZONE}")).await["near"]["zone"], ZONE);
    let page = visitor.get("/services?near=江北新区").await.expect(200).text;
    assert!(page.contains(r#"value="江北新区""#) && page.contains("服务江北新区的排在前面"), "{page}");
}

#[tokio::test]
async fn a_zone_stands_among_the_areas_with_its_count() {
    let test = TestApp::start().await;
    a_service(&test, "长芦的接送", &["EDU-13"], HERE).await;
    a_service(&test, "徐州的接送", &["EDU-13"], "320302").await;
    test.indexed().await;
    let visitor = test.visitor();
    let answer = found(&visitor, "near=320116012").await;
    let zone = answer["facets"]["areas"].as_array().unwrap().iter().find(|one| one["value"] == ZONE).unwrap().clone();
    assert_eq!((zone["count"].as_u64(), zone["label"].as_str()), (Some(1), Some("江北新区")));
    assert_eq!(names(&found(&visitor, &format!("areas={ZONE}")).await), ["长芦的接送"]);
    let page = visitor.get("/services?near=320116012").await.expect(200).text;
    assert!(page.contains(&format!(r#"name="areas" value="{ZONE}""#)), "{page}");
}

#[tokio::test]
async fn a_name_of_former_days_leads_to_what_it_is_now_and_the_page_says_so() {
    let test = TestApp::start().await;
    a_service(&test, "秦淮的接送", &["EDU-13"], "320104").await;
    test.indexed().await;
    let visitor = test.visitor();
    for (typed, code, said) in
        [("320103", "320104", "原白下区，现秦淮区"), ("白下区", "320104", "原白下区，现秦淮区"), ("通州市", "320612", "原通州市，现通州区")]
    {
        assert_eq!(found(&visitor, &format!("near={typed}")).await["near"]["division"], code, "{typed}");
        let page = visitor.get(&format!("/services?near={typed}")).await.expect(200).text;
        assert!(page.contains(said), "{typed}: {page}");
    }
    assert_eq!(found(&visitor, "near=通州市").await["near"]["former_name"], "通州市");
    assert!(found(&visitor, "near=通州区").await["near"]["former_name"].is_null());
    let several = visitor.get("/api/v1/services/search?near=无锡县").await.expect(422).json();
    assert_eq!(places(&several["errors"][0]["choices"], "value"), ["320205", "320206"]);
}

#[tokio::test]
async fn a_village_is_found_by_its_name_after_its_township_or_by_itself() {
    let test = TestApp::start().await;
    villages(&test).await;
    given_to(&test, "长芦的接送", &[HERE]).await;
    test.indexed().await;
    let visitor = test.visitor();
    let whole = "南京市六合区长芦街道玉带社区村委会";
    for typed in ["长芦街道玉带社区", "六合区长芦街道玉带社区村委会", whole, "320116005200"] {
        let answer = found(&visitor, &format!("q=接送&near={typed}")).await;
        let near = &answer["near"];
        assert_eq!((near["division"].as_str(), near["village"].as_str()), (Some(HERE), Some("320116005200")), "{typed}");
        assert_eq!((near["name"].as_str(), answer["services"][0]["cover"].as_str()), (Some(whole), Some("serves")), "{typed}");
    }
    assert_eq!(found(&visitor, "near=陆营").await["near"]["village"], "320116005004");
    let several = visitor.get("/api/v1/services/search?near=玉带社区").await.expect(422).json();
    assert_eq!(places(&several["errors"][0]["choices"], "value"), ["320116004200", "320116005200"]);
    visitor.get("/api/v1/services/search?near=长芦街道没有的村").await.expect(422);
    visitor.get("/api/v1/services/search?near=320116999999").await.expect(422);
    let page = visitor.get("/services?near=玉带社区").await.expect(200).text;
    assert!(page.contains("您说的是哪个玉带社区？") && page.contains("near=320116005200"), "{page}");
}

#[tokio::test]
async fn a_place_is_read_in_pinyin_and_one_wrong_character_is_asked_about() {
    let test = TestApp::start().await;
    given_to(&test, "长芦的接送", &[HERE]).await;
    test.indexed().await;
    let visitor = test.visitor();
    for typed in ["luhequ", "luhe", "LuHeQu", "lu he qu"] {
        assert_eq!(found(&visitor, &format!("near={typed}")).await["near"]["division"], "320116", "{typed}");
    }
    let several = visitor.get("/api/v1/services/search?near=gulouqu").await.expect(422).json();
    assert_eq!(places(&several["errors"][0]["choices"], "value"), ["320106", "320302"]);
    let wrong = visitor.get("/api/v1/services/search?near=六何区").await.expect(422).json();
    assert_eq!(places(&wrong["errors"][0]["choices"], "value"), ["320116"]);
    let page = visitor.get("/services?q=接送&near=六何区").await.expect(200).text;
    assert!(page.contains("没有“六何区”这个地方，您是不是要找：") && page.contains("near=320116"), "{page}");
    let page = visitor.get("/services?q=六何区").await.expect(200).text;
    assert!(page.contains("南京市六合区"), "the box suggests it: {page}");
    for words in ["六何区 没人接送", "六何区没人接送"] {
        let page = visitor.get(&format!("/services?q={words}&near=")).await.expect(200).text;
        assert!(page.contains("是不是找：") && page.contains("南京市六合区</a>"), "{words}: {page}");
    }
}

#[tokio::test]
async fn a_place_inside_the_words_is_a_chip_that_can_be_taken_off() {
    let test = TestApp::start().await;
    villages(&test).await;
    given_to(&test, "长芦的接送", &[HERE]).await;
    a_service(&test, "秦淮的接送", &["EDU-13"], "320104").await;
    test.indexed().await;
    let visitor = test.visitor();
    let here = [
        "六合区没人接送",
        "六合没人接送",
        "luhequ 没人接送",
        "六合区长芦街道没人接送",
        "320116 没人接送",
        "长芦街道玉带社区没人接送",
        "陆营社区没人接送",
    ];
    for words in here {
        let answer = found(&visitor, &format!("q={words}&near=")).await;
        assert_eq!(names(&answer), ["长芦的接送"], "{words}");
        assert_eq!(answer["needs"][0]["term"], "EDU-13", "{words}");
    }
    for words in ["白下区没人接送", "320103 没人接送"] {
        assert_eq!(names(&found(&visitor, &format!("q={words}&near=")).await), ["秦淮的接送"], "{words}");
    }
    let page = visitor.get("/services?q=六合区没人接送&near=").await.expect(200).text;
    assert!(page.contains("南京市六合区<span class=\"chip__off\""), "{page}");
    let answer = found(&visitor, "q=六合区没人接送&near=&taken_off=六合区").await;
    assert_eq!((answer["meta"]["total"].as_u64(), answer["mentions"].as_array().unwrap().len()), (Some(2), 0));
    visitor.get("/api/v1/services/search?q=没人接送&taken_off=六合区").await.expect(422);
    let page = visitor.get("/services?q=六合区没人接送&near=&taken_off=六合区").await.expect(200).text;
    assert!(page.contains("已去掉："), "{page}");
    let asks = found(&visitor, "q=鼓楼区没人接送&near=").await;
    assert_eq!(places(&asks["places"][0]["choices"], "code"), ["320106", "320302"]);
    let page = visitor.get("/services?q=没人接送&near=320116").await.expect(200).text;
    assert_eq!(page.matches("直线距离").count(), 1, "that kilometres are a straight line is said once");
}

#[tokio::test]
async fn of_places_of_one_name_the_page_asks_which_with_a_link_for_each() {
    let test = TestApp::start().await;
    a_service(&test, "南京的接送", &["EDU-13"], "320106").await;
    a_service(&test, "徐州的接送", &["EDU-13"], "320302").await;
    test.indexed().await;
    let visitor = test.visitor();
    let refused = visitor.get("/api/v1/services/search?near=鼓楼区").await.expect(422).json();
    let choices = &refused["errors"][0]["choices"];
    assert_eq!(
        (places(choices, "value"), places(choices, "name")),
        (vec!["320106".to_owned(), "320302".to_owned()], vec!["南京市鼓楼区".to_owned(), "徐州市鼓楼区".to_owned()],)
    );
    let towns = visitor.get("/api/v1/services/search?near=周庄镇").await.expect(422).json();
    assert_eq!(towns["errors"][0]["choices"].as_array().unwrap().len(), 3);
    let page = visitor.get("/services?q=接送&near=鼓楼区").await.expect(200).text;
    for text in ["您说的是哪个鼓楼区？", "near=320106", "near=320302", r#"value="鼓楼区""#, "南京的接送"] {
        assert!(page.contains(text), "the page says {text}: {page}");
    }
}

#[tokio::test]
async fn a_place_word_in_the_box_that_names_several_places_is_asked_about_and_all_are_found() {
    let test = TestApp::start().await;
    a_service(&test, "南京的接送", &["EDU-13"], "320106").await;
    a_service(&test, "徐州的接送", &["EDU-13"], "320302").await;
    test.indexed().await;
    let visitor = test.visitor();
    let answer = found(&visitor, "q=鼓楼区").await;
    assert_eq!(answer["meta"]["total"], 2);
    assert_eq!(places(&answer["places"][0]["choices"], "code"), ["320106", "320302"]);
    let page = visitor.get("/services?q=鼓楼区").await.expect(200).text;
    assert!(page.contains("您说的是哪个鼓楼区？") && page.contains("near=320106") && page.contains("near=320302"), "{page}");
    let chosen = found(&visitor, "q=鼓楼区&near=320302").await;
    assert_eq!((names(&chosen)[0], chosen["places"].as_array().unwrap().len()), ("徐州的接送", 0));
    assert!(!visitor.get("/services?q=鼓楼区&near=320302").await.expect(200).text.contains("您说的是哪个"));
    assert!(found(&visitor, "q=江北新区").await["places"].as_array().unwrap().is_empty(), "a name of one place is no question");
}

#[tokio::test]
async fn a_point_is_taken_in_the_system_of_the_map_it_comes_from() {
    let test = TestApp::start().await;
    a_service(&test, "秦淮的接送", &["EDU-13"], "320104").await;
    test.indexed().await;
    let visitor = test.visitor();
    for (point, crs) in [("118.79149,32.06164", "wgs84"), ("118.796683,32.059572", "gcj02"), ("118.803104,32.065927", "bd09")] {
        let answer = found(&visitor, &format!("near={point}&crs={crs}")).await;
        let near = &answer["near"];
        let off = |key: &str, degrees: f64| (near[key].as_f64().unwrap() - degrees).abs();
        assert!(off("longitude", 118.791_49) < 1e-5 && off("latitude", 32.061_64) < 1e-5, "{crs}: {near}");
        assert_eq!(near["crs_given"], crs);
        let page = visitor.get(&format!("/services?near={point}&crs={crs}")).await.expect(200).text;
        assert!(page.contains(&format!(r#"name="crs" value="{crs}""#)), "the form keeps the system");
    }
    let plain = found(&visitor, "near=118.79149,32.06164").await;
    assert_eq!((plain["near"]["crs_given"].as_str(), plain["near"]["longitude"].as_f64()), (Some("wgs84"), Some(118.791_49)));
    let refused = visitor.get("/api/v1/services/search?near=118.79149,32.06164&crs=utm").await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "crs");
}

#[tokio::test]
async fn the_standard_takes_zones_and_points_of_other_systems() {
    let test = TestApp::start().await;
    let here = a_service(&test, "长芦的接送", &["EDU-13"], HERE).await;
    a_service(&test, "徐州的接送", &["EDU-13"], "320302").await;
    test.indexed().await;
    let visitor = test.visitor();
    let total = async |query: String| {
        let page = visitor.get(&format!("/hsds/services?{query}")).await.expect(200).json();
        page["total_items"].as_u64().unwrap()
    };
    assert_eq!(total(format!("division={ZONE}")).await, 1);
    assert_eq!(total("division=江北新区".into()).await, 1);
    visitor.get("/hsds/services?division=zone:nowhere").await.expect(422);
    // The map of 高德 shows the place some 500 metres away: taken for GPS, the point is outside the circle.
    let point = here.location.point.unwrap();
    let shown = format!("longitude={}&latitude={}&radius_km=0.3", point.longitude + 0.0053, point.latitude - 0.0021);
    assert_eq!((total(format!("{shown}&crs=gcj02")).await, total(shown.clone()).await), (1, 0));
    visitor.get(&format!("/hsds/services?{shown}&crs=utm")).await.expect(422);
}

#[tokio::test]
async fn a_list_names_a_zone_as_the_area_of_a_service() {
    let test = TestApp::start().await;
    let list = "服务名称,服务机构,服务类别,服务区域\n周末陪伴,向阳花青少年社工服务中心,PSY-03,六合区、江北新区\n";
    let report = sheet::read(&test.app, Kind::Services, "list.csv", list.as_bytes(), Locale::Zh).unwrap();
    let areas = report.entries().next().unwrap().fields["area"].clone();
    assert_eq!(areas, json!(["320116", ZONE]));
}

#[tokio::test]
async fn a_location_says_its_village_by_name_or_code() {
    let test = TestApp::start().await;
    villages(&test).await;
    let listing = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let registrar = test.signed_in("registrar1").await;
    let path = format!("/api/v1/organizations/{}/locations", listing.organization.id);
    let body = |village: &str| json!({"name": "玉带站点", "location_type": "physical", "division": HERE, "village": village});
    for village in ["玉带社区", "320116005200"] {
        let made = registrar.send("POST", &path, &body(village)).await.expect(201).json();
        assert_eq!(made["location"]["village"], "320116005200", "{village}");
    }
    let refused = registrar.send("POST", &path, &body("没有的村")).await.expect(422).json();
    assert_eq!(
        (refused["errors"][0]["field"].as_str(), refused["errors"][0]["reason"].as_str()),
        (Some("village"), Some("unknown_village"))
    );

    let edit = format!("/locations/{}/edit", listing.location.id);
    let fields = |village: &'static str| {
        [("name", "梧桐里站点"), ("location_type", "physical"), ("division", "320116"), ("township", "长芦街道"), ("village", village)]
    };
    let again = registrar.post(&edit, &fields("没有的村")).await.expect(422).text;
    assert!(again.contains("没有“没有的村”"), "{again}");
    registrar.post(&edit, &fields("陆营")).await.expect(303);
    assert!(
        registrar.get(&edit).await.expect(200).text.contains(r#"value="陆营社区居委会""#),
        "the form gives the village back by its name"
    );
}
