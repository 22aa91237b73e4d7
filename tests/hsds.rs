//! `/hsds`: the directory in the words of the standard, for anybody, and never what is not the public's.

use jiff::SignedDuration;
use lianjie::exchange::hsds;
use lianjie::organization::model::LocationType;
use lianjie_index::entry::{Delivery, Level};
use serde_json::Value;

use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};

pub const HERE: &str = "320116012";

const COLLECTIONS: [(&str, &str); 5] = [
    ("services", "service"),
    ("organizations", "organization"),
    ("service_at_locations", "service_at_location"),
    ("taxonomies", "taxonomy"),
    ("taxonomy_terms", "taxonomy_term"),
];

pub async fn get(test: &TestApp, path: &str) -> Value {
    test.visitor().get(&format!("/hsds{path}")).await.expect(200).json()
}

pub fn contents(page: &Value) -> Vec<&Value> {
    page["contents"].as_array().unwrap().iter().collect()
}

fn names(page: &Value) -> Vec<&str> {
    contents(page).into_iter().map(|one| one["name"].as_str().unwrap()).collect()
}

/// A directory in which every field is filled somewhere.
pub async fn directory(test: &TestApp) -> Listing {
    a_service(test, "沙盘游戏辅导", &["PSY-03"], "320111001").await;
    Listing::new(test, "入户喘息", &["GUA-10"], "320115001")
        .with(|one| {
            one.service.delivery = vec![Delivery::Home];
            one.site.location = None;
            one.service.travel_free = true;
            one.organization.website = Some("www.example.cn".into());
            one.organization.code_uscc = Some("91350100M000100Y43".into());
        })
        .put(test)
        .await;
    let listing = a_service(test, "四点半放学护送", &["EDU-13"], HERE).await;
    test.indexed().await;
    listing
}

#[tokio::test]
async fn every_object_of_every_collection_is_as_the_standard_asks() {
    let test = TestApp::start().await;
    directory(&test).await;
    let root = get(&test, "").await;
    assert!(root["profile"].as_str().unwrap().ends_with("/hsds/profile") && root["version"] == "3.1");
    for (collection, table) in COLLECTIONS {
        for full in ["false", "true"] {
            let page = get(&test, &format!("/{collection}?full={full}&full_service={full}")).await;
            assert_eq!(page["size"], contents(&page).len());
            assert!(!contents(&page).is_empty(), "{collection} is empty");
            for object in contents(&page) {
                assert_eq!(hsds::faults(table, object), [""; 0], "{collection} full={full}");
                let one = get(&test, &format!("/{collection}/{}", object["id"].as_str().unwrap())).await;
                assert_eq!(hsds::faults(table, &one), [""; 0]);
                assert_eq!(one["id"], object["id"]);
            }
        }
    }
    test.visitor().get("/hsds/services/00000000-0000-4000-8000-000000000000").await.expect(404);
    test.visitor().get("/hsds/services/abc").await.expect(404);
}

#[tokio::test]
async fn what_is_confidential_hidden_or_not_to_be_referred_to_never_leaves() {
    let test = TestApp::start().await;
    directory(&test).await;
    let hidden: [fn(&mut Listing); 6] = [
        |one| one.organization.confidentiality = Level::Restricted,
        |one| one.service.confidentiality = Level::Workers,
        |one| one.organization.listed = false,
        |one| one.organization.do_not_refer = true,
        |one| one.service.do_not_refer = true,
        |one| one.location.location_type = LocationType::Redacted,
    ];
    let mut secret = Vec::new();
    for change in hidden {
        let listing = Listing::new(&test, "绝密服务", &["EMG-02"], HERE).with(|one| {
            one.organization.name = "绝密机构".into();
            one.location.name = "绝密小楼".into();
            change(one);
        });
        secret.push(listing.put(&test).await);
    }
    test.indexed().await;
    for (collection, _) in COLLECTIONS {
        for query in
            ["per_page=500&full=true&full_service=true", "format=ndjson&full=true&full_service=true", "search=绝密", "minimal=true"]
        {
            let text = test.visitor().get(&format!("/hsds/{collection}?{query}")).await.expect(200).text;
            assert!(!text.contains("绝密"), "{collection}?{query}");
        }
    }
    for listing in &secret {
        for path in [
            format!("services/{}", listing.service.id),
            format!("organizations/{}", listing.organization.id),
            format!("service_at_locations/{}", listing.site.id),
        ] {
            test.visitor().get(&format!("/hsds/{path}")).await.expect(404);
        }
    }
    let (files, _) = hsds::package::package(&test.app, |_| {}).await.unwrap();
    for (name, bytes) in files {
        assert!(!String::from_utf8_lossy(&bytes).contains("绝密"), "{name}");
    }
    let changes = get(&test, "/changes?after=0").await;
    let gone = |id: &str| changes["changes"].as_array().unwrap().iter().any(|one| one["resource_id"] == id && one["deleted"] == true);
    assert!(secret.iter().all(|listing| gone(listing.service.id.as_str())), "{changes}");
}

#[tokio::test]
async fn parameters_narrow_together_and_what_does_not_read_is_named() {
    let test = TestApp::start().await;
    let listing = directory(&test).await;
    let found = async |query: &str| {
        let page = get(&test, &format!("/services?{query}")).await;
        let mut names: Vec<String> = names(&page).into_iter().map(str::to_owned).collect();
        names.sort_unstable();
        names
    };
    let all = ["入户喘息", "四点半放学护送", "沙盘游戏辅导"];
    assert_eq!(found("").await, all);
    assert_eq!(found("division=320116").await, ["四点半放学护送"]);
    assert_eq!(found(&format!("organization_id={}", listing.organization.id)).await, ["四点半放学护送"]);
    assert_eq!(found("organization_id=nobody").await, [""; 0]);
    assert_eq!(found("day=SU").await, [""; 0]);
    assert_eq!(found("day=WE&start_time=17:00&end_time=19:00").await, all);
    assert_eq!(found("day=WE&start_time=18:00").await, [""; 0]);
    assert_eq!(found("minimum_age=15").await, [""; 0]);
    assert_eq!(found("minimum_age=10&maximum_age=12").await, all);
    assert_eq!(found("category=LEFT&fee=free&open_places=true").await, all);
    let mut paged: Vec<String> = Vec::new();
    for page in 1..=3 {
        paged.extend(found(&format!("per_page=1&page={page}")).await);
    }
    paged.sort_unstable();
    assert_eq!(paged, all, "each once over the pages");
    let terms = get(&test, "/taxonomy_terms?search=上学交通").await;
    let term = contents(&terms)[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(found(&format!("taxonomy_term_id={term}")).await, ["四点半放学护送"]);
    assert_eq!(found("taxonomy_term_id=00000000-0000-4000-8000-000000000000").await, [""; 0]);
    for (query, field) in [
        ("page=x", "page"),
        ("full=perhaps", "full"),
        ("division=99", "division"),
        ("day=today", "day"),
        ("format=xml", "format"),
        ("category=NOSUCH", "category"),
        ("minimum_age=12&maximum_age=10", "minimum_age"),
    ] {
        let problem = test.visitor().get(&format!("/hsds/services?{query}")).await.expect(422).json();
        assert_eq!(problem["errors"][0]["field"], field, "{query}");
    }
    let top = get(&test, "/taxonomy_terms?top_only=true&per_page=500").await;
    assert!(contents(&top).iter().all(|term| term.get("parent_id").is_none()));
}

#[tokio::test]
async fn a_query_may_be_posted_and_pages_are_read_from_anywhere() {
    let test = TestApp::start().await;
    directory(&test).await;
    let posted =
        test.visitor().send("POST", "/hsds/services", &serde_json::json!({ "division": "320116", "full": true })).await.expect(200).json();
    assert_eq!(names(&posted), ["四点半放学护送"]);
    let lines = test.visitor().get("/hsds/services?format=ndjson").await.expect(200).text;
    assert_eq!(lines.lines().filter(|line| serde_json::from_str::<Value>(line).unwrap()["id"].is_string()).count(), 3);
    let client = reqwest::Client::new();
    let url = format!("http://{}/hsds/services", test.address);
    let answer = client.get(&url).header("origin", "https://other.example").send().await.unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert_eq!(answer.headers()["cross-origin-resource-policy"], "cross-origin");
    let page = client.get(format!("http://{}/services", test.address)).header("origin", "https://other.example").send().await.unwrap();
    assert!(page.headers().get("access-control-allow-origin").is_none(), "pages of people are not read from elsewhere");
}

#[tokio::test]
async fn what_changed_is_found_by_time_and_by_number() {
    let test = TestApp::start().await;
    let listing = directory(&test).await;
    let before = test.app.now().to_string();
    let last = get(&test, "/changes?after=0").await["meta"]["last"].as_i64().unwrap();
    test.pass(SignedDuration::from_hours(1));
    let mut service = listing.service.clone();
    service.wait_days = Some(9);
    let mut tx = test.app.begin().await.unwrap();
    lianjie::service::store::update(&mut tx, &mut service, test.app.now()).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    test.indexed().await;
    let changed = get(&test, &format!("/services?minimal=true&modified_after={before}")).await;
    assert_eq!(names(&changed), ["四点半放学护送"]);
    let feed = get(&test, &format!("/changes?after={last}")).await;
    let mut expected = [(listing.organization.id.to_string(), false), (listing.service.id.to_string(), false)];
    expected.sort_unstable();
    assert_eq!(told(&feed), expected, "the organization is told with its service");
}

/// What a change feed tells, and whether it is gone.
fn told(feed: &Value) -> Vec<(String, bool)> {
    let of = |one: &Value| (one["resource_id"].as_str().unwrap().to_owned(), one["deleted"].as_bool().unwrap());
    let mut told: Vec<_> = feed["changes"].as_array().unwrap().iter().map(of).collect();
    told.sort_unstable();
    told
}

#[tokio::test]
async fn what_goes_with_a_thing_that_is_hidden_has_a_tombstone_too() {
    let test = TestApp::start().await;
    let hidden = a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    let blocked = a_service(&test, "沙盘游戏辅导", &["PSY-03"], HERE).await;
    let after = get(&test, "/changes?after=0").await["meta"]["last"].as_i64().unwrap();
    let (mut organization, mut service) = (hidden.organization.clone(), blocked.service.clone());
    organization.listed = false;
    service.do_not_refer = true;
    let at = test.app.now();
    let mut tx = test.app.begin().await.unwrap();
    lianjie::organization::store::update(&mut tx, &mut organization, at).await.unwrap();
    tx.changed(lianjie::store::DIRECTORY, "organization", &organization.id);
    lianjie::service::store::update(&mut tx, &mut service, at).await.unwrap();
    tx.commit(at).await.unwrap();
    let mut gone = [&hidden, &blocked].map(|one| [one.organization.id.to_string(), one.service.id.to_string()]).concat();
    gone.sort_unstable();
    let expected: Vec<(String, bool)> = gone.into_iter().map(|id| (id, true)).collect();
    assert_eq!(told(&get(&test, &format!("/changes?after={after}")).await), expected);
}

#[tokio::test]
async fn an_organization_without_a_service_is_served_unless_anything_of_it_is_kept_back() {
    use lianjie::organization::model::Status;

    let test = TestApp::start().await;
    let open = Listing::new(&test, "", &[], HERE)
        .with(|one| {
            one.organization.name = "青松儿童基金会".into();
            one.organization.kind = "基金会".into();
        })
        .put_alone(&test)
        .await;
    let kept_back: [fn(&mut Listing); 9] = [
        |one| one.organization.confidentiality = Level::Restricted,
        |one| one.organization.confidentiality = Level::Workers,
        |one| one.organization.listed = false,
        |one| one.organization.do_not_refer = true,
        |one| one.organization.status = Status::Draft,
        |one| one.organization.status = Status::Pending,
        |one| one.organization.status = Status::Suspended,
        |one| one.organization.status = Status::Closed,
        |one| one.location.location_type = LocationType::Redacted,
    ];
    let mut secret = Vec::new();
    for change in kept_back {
        let listing = Listing::new(&test, "", &[], HERE).with(|one| {
            one.organization.name = "绝密机构".into();
            change(one);
        });
        secret.push(listing.put_alone(&test).await);
    }
    // One whose only service rests has none to read; one whose only service is secret is not told of.
    let resting = Listing::new(&test, "暂停的服务", &["EDU-13"], HERE).with(|one| {
        one.organization.name = "青云社工".into();
        one.service.status = lianjie::service::model::Status::Inactive;
    });
    let resting = resting.put(&test).await;
    test.indexed().await;

    let found = async |query: &str| names(&get(&test, &format!("/organizations?{query}")).await).join(" ");
    assert_eq!(found("").await.split(' ').count(), 2);
    assert_eq!(found("search=青松").await, "青松儿童基金会");
    assert_eq!(found("division=320116&search=青松").await, "青松儿童基金会");
    assert_eq!(found("division=320115").await, "");
    assert_eq!(found(&format!("organization_id={}", open.organization.id)).await, "青松儿童基金会");
    let terms = get(&test, "/taxonomy_terms?search=kind:基金会").await;
    assert_eq!(found(&format!("taxonomy_term_id={}", contents(&terms)[0]["id"].as_str().unwrap())).await, "青松儿童基金会");
    for of_services in ["fee=free", "open_places=true", "day=WE", "minimum_age=3", "category=LEFT", "postcode=320116"] {
        assert_eq!(found(of_services).await, "", "{of_services}");
    }
    assert_eq!(found(&format!("modified_after={}", test.app.now())).await, "");
    let whole = get(&test, &format!("/organizations/{}", open.organization.id)).await;
    assert_eq!(hsds::faults("organization", &whole), [""; 0]);
    assert!(whole["locations"][0]["name"] == "梧桐里站点" && whole.get("services").is_none(), "{whole}");
    let rests = get(&test, &format!("/organizations/{}", resting.organization.id)).await;
    assert!(!rests.to_string().contains("暂停的服务"), "{rests}");

    let every = test.visitor().get("/hsds/organizations?format=ndjson&full_service=true").await.expect(200).text;
    assert!(every.contains("青松") && !every.contains("绝密"), "{every}");
    for listing in &secret {
        test.visitor().get(&format!("/hsds/organizations/{}", listing.organization.id)).await.expect(404);
    }
    let changes = told(&get(&test, "/changes?after=0").await);
    assert!(changes.contains(&(open.organization.id.to_string(), false)));
    assert!(secret.iter().all(|listing| changes.contains(&(listing.organization.id.to_string(), true))), "{changes:?}");
    let (files, counted) = hsds::package::package(&test.app, |_| {}).await.unwrap();
    assert_eq!((counted.organizations, counted.services), (2, 0));
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("绝密"), "{name}");
        assert!(text.contains("青松儿童基金会") || !name.starts_with("organizations."), "{name}");
    }
}

#[tokio::test]
async fn an_address_that_a_location_does_not_say_its_organization_does_not_say_either() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半放学护送", &["EDU-13"], HERE).with(|one| one.organization.address = "绝密路 7 号".into());
    let listing = listing.put(&test).await;
    let mut refuge = listing.location.clone();
    refuge.id = lianjie::id::LocationId::new(test.app.now());
    refuge.location_type = LocationType::Redacted;
    refuge.address = "绝密路 7 号".into();
    let mut tx = test.app.begin().await.unwrap();
    lianjie::organization::store::put_location(&mut tx, &refuge, test.app.now()).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    test.indexed().await;
    let whole = get(&test, &format!("/organizations/{}?full_service=true", listing.organization.id)).await.to_string();
    assert!(whole.contains("四点半放学护送") && !whole.contains("绝密路"), "{whole}");
}

#[tokio::test]
async fn holidays_and_make_up_workdays_are_rows_where_the_hours_depend_on_them() {
    let test = TestApp::start_at("2026-01-05T09:00:00+08:00").await;
    let of = |days: &[u8], on_holidays: bool| {
        let weekly: Vec<Value> = days.iter().map(|day| serde_json::json!({ "day": day, "from": "09:00:00", "to": "17:00:00" })).collect();
        serde_json::from_value(serde_json::json!({ "weekly": weekly, "open_on_holidays": on_holidays })).unwrap()
    };
    let mut rows = Vec::new();
    for schedule in [of(&[1, 2, 3, 4, 5], false), of(&[2, 3, 4, 5, 6, 7], false), of(&[1, 2, 3, 4, 5, 6, 7], true), of(&[], false)] {
        let listing = Listing::new(&test, "四点半放学护送", &["EDU-13"], HERE).with(|one| one.service.schedule = schedule);
        let service = get(&test, &format!("/services/{}", listing.put(&test).await.service.id)).await;
        assert_eq!(hsds::faults("service", &service), [""; 0]);
        rows.push(service["schedules"].as_array().cloned().unwrap_or_default());
    }
    let bounded = |rows: &[Value], notes: &str| -> Vec<(String, String)> {
        let day = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
        rows.iter().filter(|row| row["notes"] == notes).map(|row| (day(row, "valid_from"), day(row, "valid_to"))).collect()
    };
    let closed = bounded(&rows[0], "closed");
    assert!(closed.contains(&("2026-02-16".into(), "2026-02-23".into())), "the weekend within is no opening: {closed:?}");
    assert!(closed.contains(&("2026-10-01".into(), "2026-10-07".into())) && closed.len() <= 8, "{closed:?}");
    let worked = bounded(&rows[0], "make-up workday");
    assert!(worked.contains(&("2026-02-14".into(), "2026-02-14".into())) && worked.len() == 5, "{worked:?}");
    let saturday = rows[0].iter().find(|row| row["valid_from"] == "2026-02-14").unwrap();
    assert_eq!((&saturday["byday"], &saturday["opens_at"]), (&Value::from("SA"), &Value::from("09:00:00")));
    assert!(bounded(&rows[1], "closed").contains(&("2026-02-17".into(), "2026-02-20".into())), "closed on Mondays anyway");
    assert!(bounded(&rows[1], "make-up workday").is_empty(), "it goes by no working days");
    assert_eq!((rows[2].len(), rows[3].len()), (1, 0));
}

#[tokio::test]
async fn the_profile_and_the_document_describe_what_is_served() {
    let test = TestApp::start().await;
    let profile = get(&test, "/profile").await;
    for url in profile["merge_patches"].as_array().unwrap() {
        let path = url.as_str().unwrap().split("/hsds").nth(1).unwrap();
        assert!(get(&test, path).await.is_object());
    }
    let document = get(&test, "/openapi.json").await;
    for (collection, table) in COLLECTIONS {
        assert!(document["paths"][format!("/{collection}/{{id}}")]["get"].is_object());
        assert!(document["components"]["schemas"][table]["properties"]["id"].is_object());
    }
}
