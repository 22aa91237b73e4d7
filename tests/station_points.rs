//! One station with several points, services that come to the door, and fees by whose child it is.

use lianjie::access::{Role, Scope};
use lianjie_index::entry::{Audience, Delivery, FeeLevel};
use serde_json::json;

use crate::near::villages;
use crate::search::{HERE, found, names};
use crate::support::TestApp;
use crate::support::directory::{Listing, fee};

#[tokio::test]
async fn a_station_has_points_in_two_villages_and_each_is_shown_with_its_own_places() {
    let test = TestApp::start().await;
    villages(&test).await;
    let station = Listing::new(&test, "站点课后照料", &["EDU-04"], HERE).with(|one| {
        one.organization.kind = "未保工作站".into();
        one.organization.name = "长芦未成年人保护工作站".into();
    });
    let station = station.put_alone(&test).await;
    let id = &station.organization.id;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let registrar = test.signed_in("registrar1").await;
    let mut points = Vec::new();
    for (name, village, longitude) in [("玉带点位", "玉带社区村委会", 118.78), ("陆营点位", "陆营社区居委会", 118.86)]
    {
        let body = json!({ "name": name, "location_type": "physical", "division": HERE, "village": village, "address": format!("{name} 8 号"),
                           "longitude": longitude, "latitude": 32.26, "crs": "wgs84" });
        let made = registrar.send("POST", &format!("/api/v1/organizations/{id}/locations"), &body).await.expect(201).json();
        points.push(made["location"]["id"].as_str().unwrap().to_owned());
    }
    let sites: Vec<_> = points.iter().map(|point| json!({ "location": point, "areas": [HERE] })).collect();
    let service = json!({ "name": "站点课后照料", "terms": ["EDU-04"], "delivery": ["site"], "status": "active", "sites": sites });
    let made =
        registrar.send("POST", &format!("/api/v1/organizations/{id}/services"), &service).await.expect(201).json()["service"].clone();
    assert_eq!(made["sites"].as_array().unwrap().len(), 2, "{made}");
    let second = made["sites"].as_array().unwrap().iter().find(|site| site["location"] == json!(points[1])).unwrap();
    let path = format!("/api/v1/service_at_locations/{}/places", second["id"].as_str().unwrap());
    test.account("point2", Some(id), Role::Provider, Scope::Organization(id.clone())).await;
    test.signed_in("point2").await.send("PUT", &path, &json!({ "capacity": 12 })).await.expect(200);
    let service = made["id"].as_str().unwrap();
    registrar.send("POST", &format!("/api/v1/services/{service}/checks"), &json!({ "version": made["version"] })).await.expect(200);
    test.indexed().await;

    test.account("worker1", Some(id), Role::Worker, Scope::Organization(id.clone())).await;
    let worker = test.signed_in("worker1").await;
    let page = worker.get(&format!("/organizations/{id}")).await.expect(200).text;
    assert!(page.contains("玉带点位") && page.contains("陆营点位"), "one station, its points: {page}");
    let page = worker.get(&format!("/services/{service}")).await.expect(200).text;
    let parts: Vec<&str> = page.split("<li id=\"site-").skip(1).collect();
    assert_eq!(parts.len(), 2, "each point by itself: {page}");
    for part in parts {
        let second = part.contains("陆营点位");
        assert!(part.contains(if second { "陆营点位 8 号" } else { "玉带点位 8 号" }), "with its own address: {part}");
        assert_eq!(part.contains("<strong>12</strong> / 12"), second, "and its own places: {part}");
    }
    // Whoever looks from a village is told the way to the point that is nearer.
    for (from, point) in [("118.781,32.26", 118.78), ("118.861,32.26", 118.86)] {
        let answer = found(&test.visitor(), &format!("q=课后照料&near={from}")).await;
        assert_eq!(names(&answer), ["站点课后照料"; 2], "each point is a place to go to");
        let hit = &answer["services"][0];
        assert!(hit["distance_km"].as_f64().unwrap() < 0.5, "{from}: {hit}");
        assert!((hit["longitude"].as_f64().unwrap() - point).abs() < 1e-6, "{from}: {hit}");
    }
    for village in ["长芦街道玉带社区", "陆营"] {
        let answer = found(&test.visitor(), &format!("q=课后照料&near={village}")).await;
        assert_eq!(answer["services"][0]["cover"], "serves", "{village}");
    }
}

#[tokio::test]
async fn a_service_that_comes_to_the_door_is_found_for_a_village_without_a_way_there() {
    let test = TestApp::start().await;
    villages(&test).await;
    let at_home = |name: &str, area: &str| {
        Listing::new(&test, name, &["GUA-11"], HERE).with(|one| {
            one.service.delivery = vec![Delivery::Home];
            one.site.location = None;
            one.site.areas = vec![area.parse().unwrap()];
        })
    };
    at_home("上门生活照料", HERE).put(&test).await;
    at_home("外街道的上门照料", "320116011").put(&test).await;
    Listing::new(&test, "到站照料", &["GUA-11"], HERE).put(&test).await;
    test.indexed().await;
    let visitor = test.visitor();
    let village = "near=长芦街道玉带社区";
    let all = found(&visitor, &format!("q=照料&{village}")).await;
    assert_eq!(all["near"]["village"], "320116005200");
    let hit =
        |name: &str| all["services"].as_array().unwrap().iter().find(|hit| hit["name"] == name).unwrap_or_else(|| panic!("{name}: {all}"));
    assert_eq!((hit("上门生活照料")["cover"].as_str(), hit("外街道的上门照料")["cover"].as_str()), (Some("serves"), Some("elsewhere")));
    assert!(hit("上门生活照料")["distance_km"].is_null(), "it comes, there is no way to go");
    assert!(hit("到站照料")["distance_km"].is_number());
    let only = found(&visitor, &format!("q=照料&{village}&delivery=home")).await;
    assert_eq!(names(&only)[0], "上门生活照料", "what comes to this village is first");
    assert!(!names(&only).contains(&"到站照料"));
    let near = found(&visitor, &format!("q=照料&{village}&delivery=home&within_km=5")).await;
    assert!(names(&near).contains(&"上门生活照料"), "no circle cuts off what comes to the door");
    let page = visitor.get(&format!("/services?q=照料&{village}&delivery=home")).await.expect(200).text;
    assert!(page.contains("上门生活照料") && page.contains("南京市六合区长芦街道玉带社区村委会"), "{page}");
}

#[tokio::test]
async fn free_in_hardship_low_for_the_community_and_paid_by_others_are_said_by_whose_child_it_is() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "爱心暑托班", &["DEV-02"], HERE).with(|one| {
        one.fees = vec![
            fee(Audience::Other, FeeLevel::Full, 3000),
            fee(Audience::Community, FeeLevel::Low, 500),
            fee(Audience::Hardship, FeeLevel::Free, 0),
        ];
    });
    let listing = listing.put(&test).await;
    test.indexed().await;
    let visitor = test.visitor();
    let page = visitor.get(&listing.page()).await.expect(200).text;
    let rows: Vec<&str> = page.split("<tr><th scope=\"row\">").skip(1).map(|row| row.split("</tr>").next().unwrap()).collect();
    for (whom, level, amount) in [("困境儿童", "无偿", None), ("社区儿童", "低偿", Some("5")), ("其他儿童", "有偿", Some("30"))]
    {
        let row = rows.iter().find(|row| row.starts_with(whom)).unwrap_or_else(|| panic!("{whom} has no line: {page}"));
        assert!(row.contains(level), "{whom}: {row}");
        assert!(amount.is_none_or(|amount| row.contains(amount)), "{whom}: {row}");
        assert_eq!(["无偿", "低偿", "有偿"].iter().filter(|other| row.contains(**other)).count(), 1, "{whom} pays one way: {row}");
    }
    for (audience, level) in [("hardship", "free"), ("community", "low"), ("other", "full")] {
        for asked in ["free", "low", "full"] {
            let total = found(&visitor, &format!("fee={asked}&audience={audience}")).await["meta"]["total"].as_u64();
            assert_eq!(total, Some(u64::from(asked == level)), "{asked} for {audience}");
        }
        let hit = found(&visitor, &format!("q=暑托班&audience={audience}")).await["services"][0].clone();
        assert_eq!(hit["fee"]["level"], level, "the list says what this child pays: {hit}");
    }
}
