//! Every parameter of `/hsds`, on every endpoint it belongs to: it is described, it narrows, and what does not read is named.

use jiff::{SignedDuration, Timestamp};
use lianjie_index::entry::{Audience, FeeLevel};
use serde_json::Value;

use crate::support::TestApp;
use crate::support::directory::{Listing, fee};

/// Which of the two services is found.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Found {
    Escort,
    Respite,
}
use Found::{Escort, Respite};

const OFFERS: [&str; 3] = ["services", "organizations", "service_at_locations"];
const PAGED: [&str; 4] = ["search", "page", "per_page", "format"];

/// Two services that have nothing in common.
struct Two {
    test: TestApp,
    escort: Listing,
    respite: Listing,
    /// After the one and before the other.
    between: Timestamp,
}

impl Two {
    async fn start() -> Self {
        let test = TestApp::start().await;
        let respite = Listing::new(&test, "入户喘息", &["GUA-10"], "320115001")
            .with(|one| {
                one.organization.name = "青藤康复中心".into();
                one.organization.kind = "康复机构".into();
                one.service.eligibility = Some(r#"{"all":[{"age_months":[180,215]},{"category":["DISABLED"]}]}"#.parse().unwrap());
                one.service.schedule = serde_json::from_str(r#"{"weekly":[{"day":6,"from":"09:00:00","to":"12:00:00"}]}"#).unwrap();
                one.fees = Vec::new();
                one.places = None;
            })
            .put(&test)
            .await;
        test.pass(SignedDuration::from_hours(2));
        let between = test.app.now() - SignedDuration::from_hours(1);
        let escort = Listing::new(&test, "四点半放学护送", &["EDU-13"], "320116012")
            .with(|one| one.fees = vec![fee(Audience::Hardship, FeeLevel::Free, 0)])
            .put(&test)
            .await;
        test.indexed().await;
        Self { test, escort, respite, between }
    }

    fn id(&self, found: Found, endpoint: &str) -> String {
        let listing = if found == Escort { &self.escort } else { &self.respite };
        match endpoint {
            "services" => listing.service.id.to_string(),
            "organizations" => listing.organization.id.to_string(),
            _ => listing.site.id.to_string(),
        }
    }

    async fn get(&self, path: &str) -> Value {
        self.test.visitor().get(&format!("/hsds/{path}")).await.expect(200).json()
    }

    async fn found(&self, endpoint: &str, query: &str) -> Vec<String> {
        ids(&self.get(&format!("{endpoint}?{query}")).await)
    }

    /// The id of the taxonomy or the term of a name.
    async fn named(&self, collection: &str, field: &str, name: &str) -> String {
        let page = self.get(&format!("{collection}?per_page=500")).await;
        let found = page["contents"].as_array().unwrap().iter().find(|one| one[field] == name);
        found.unwrap_or_else(|| panic!("no {name} in {collection}"))["id"].as_str().unwrap().to_owned()
    }
}

fn ids(page: &Value) -> Vec<String> {
    page["contents"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_parameter_narrows_on_every_endpoint_it_belongs_to() {
    let two = Two::start().await;
    let point = two.escort.location.point.unwrap();
    let at = format!("longitude={}&latitude={}", point.longitude, point.latitude);
    let need = two.named("taxonomy_terms", "code", "EDU-13").await;
    let group = two.named("taxonomy_terms", "code", "EDU").await;
    let kind = two.named("taxonomy_terms", "code", "kind:康复机构").await;
    let free = two.named("taxonomy_terms", "code", "fee:free").await;
    let fees = two.named("taxonomies", "name", "lianjie-fee").await;
    let table: Vec<(&str, String, Found)> = vec![
        ("search", "search=放学护送".into(), Escort),
        ("taxonomy_term_id", format!("taxonomy_term_id={need}"), Escort),
        ("taxonomy_term_id", format!("taxonomy_term_id={group}"), Escort),
        ("taxonomy_term_id", format!("taxonomy_term_id={kind}"), Respite),
        ("taxonomy_term_id", format!("taxonomy_term_id={free}"), Escort),
        ("taxonomy_id", format!("taxonomy_id={fees}"), Escort),
        ("organization_id", format!("organization_id={}", two.respite.organization.id), Respite),
        ("modified_after", format!("modified_after={}", two.between), Escort),
        ("minimum_age", "minimum_age=16".into(), Respite),
        ("maximum_age", "maximum_age=10".into(), Escort),
        ("day", "day=WE".into(), Escort),
        ("day", "day=SA".into(), Respite),
        ("start_time", "start_time=13:00".into(), Escort),
        ("end_time", "end_time=09:00".into(), Escort),
        ("division", "division=320116".into(), Escort),
        ("fee", "fee=free".into(), Escort),
        ("category", "category=LEFT".into(), Escort),
        ("open_places", "open_places=true".into(), Escort),
        ("radius_km", format!("{at}&radius_km=5"), Escort),
        ("crs", format!("{at}&crs=gcj02&radius_km=5"), Escort),
        ("proximity", format!("{at}&proximity=5000"), Escort),
        ("postcode", "postcode=320116&proximity=5000".into(), Escort),
    ];
    for endpoint in OFFERS {
        assert_eq!(two.found(endpoint, "").await.len(), 2, "{endpoint}");
        for (parameter, query, expected) in &table {
            assert_eq!(two.found(endpoint, query).await, [two.id(*expected, endpoint)], "{endpoint}: {parameter}: {query}");
        }
        let first = two.found(endpoint, "per_page=1").await;
        let second = two.get(&format!("{endpoint}?per_page=1&page=2")).await;
        assert_eq!((second["page_number"].as_u64(), second["size"].as_u64()), (Some(2), Some(1)), "{endpoint}");
        assert_ne!(first, ids(&second), "{endpoint}");
        let lines = two.test.visitor().get(&format!("/hsds/{endpoint}?format=ndjson&per_page=1")).await.expect(200).text;
        assert_eq!(lines.lines().count(), 2, "{endpoint}: all, whatever a page holds");
    }
    // Filters combine with AND, a term and a parameter of one kind too.
    let low = two.named("taxonomy_terms", "code", "fee:low").await;
    assert_eq!(two.found("services", &format!("fee=free&taxonomy_term_id={low}")).await, [""; 0]);
}

#[tokio::test]
async fn how_much_is_told_is_asked_for_on_each_endpoint() {
    let two = Two::start().await;
    let first = async |path: String| -> Value { two.get(&path).await["contents"][0].clone() };
    for (endpoint, parameter, pointer) in [
        ("services", "full", "/schedules"),
        ("organizations", "full", "/services"),
        ("organizations", "full_service", "/services/0/schedules"),
        ("service_at_locations", "full", "/service/schedules"),
    ] {
        assert!(first(format!("{endpoint}?{parameter}=false")).await.pointer(pointer).is_none(), "{endpoint} {parameter}");
        assert!(first(format!("{endpoint}?{parameter}=true")).await.pointer(pointer).is_some(), "{endpoint} {parameter}");
    }
    let minimal = first("services?minimal=true".into()).await;
    assert!(minimal.get("organization").is_none() && minimal["last_modified"].is_string(), "{minimal}");
    let one = format!("organizations/{}", two.escort.organization.id);
    assert!(two.get(&one).await["services"][0].get("schedules").is_none());
    assert!(two.get(&format!("{one}?full_service=true")).await["services"][0]["schedules"].is_array());
    two.test.visitor().get(&format!("/hsds/{one}?full_service=perhaps")).await.expect(422);
}

#[tokio::test]
async fn taxonomies_and_terms_have_the_parameters_of_the_standard() {
    let two = Two::start().await;
    let taxonomies = two.get("taxonomies").await;
    assert_eq!(two.get("taxonomies?search=lianjie-fee").await["total_items"], 1);
    let paged = two.get("taxonomies?per_page=2&page=2").await;
    assert_eq!(ids(&paged), ids(&taxonomies)[2..4]);
    // Nothing in lines is an empty answer, compressed or not.
    for endpoint in ["services", "organizations", "service_at_locations"] {
        let empty = format!("{endpoint}?format=ndjson&category=LEFT&minimum_age=17&maximum_age=17&search=nothing");
        let visitor = two.test.visitor();
        assert_eq!(visitor.get(&format!("/hsds/{empty}")).await.expect(200).text, "");
        let answer = visitor.send_with("GET", &format!("/hsds/{empty}"), &serde_json::json!({}), &[("accept-encoding", "gzip")]).await;
        answer.expect(200);
    }
    let lines = two.test.visitor().get("/hsds/taxonomies?format=ndjson").await.expect(200).text;
    assert_eq!(lines.lines().count(), ids(&taxonomies).len());

    let fees = two.named("taxonomies", "name", "lianjie-fee").await;
    let group = two.named("taxonomy_terms", "code", "EDU").await;
    let all = |page: &Value, holds: &dyn Fn(&Value) -> bool| {
        let terms = page["contents"].as_array().unwrap();
        assert!(!terms.is_empty() && terms.iter().all(holds), "{page}");
    };
    all(&two.get("taxonomy_terms?search=上学交通&per_page=500").await, &|term| term.to_string().contains("上学交通"));
    all(&two.get(&format!("taxonomy_terms?taxonomy_id={fees}")).await, &|term| term["taxonomy"] == "lianjie-fee");
    all(&two.get(&format!("taxonomy_terms?parent_id={group}")).await, &|term| term["code"].as_str().unwrap().starts_with("EDU-"));
    all(&two.get("taxonomy_terms?top_only=true&per_page=500").await, &|term| term.get("parent_id").is_none());
    assert_eq!(ids(&two.get("taxonomy_terms?per_page=3&page=2").await).len(), 3);
    let lines = two.test.visitor().get("/hsds/taxonomy_terms?format=ndjson&top_only=true").await.expect(200).text;
    assert!(lines.lines().count() > 3);
}

#[tokio::test]
async fn every_parameter_is_described_on_the_endpoints_it_belongs_to() {
    let test = TestApp::start().await;
    let document = test.visitor().get("/hsds/openapi.json").await.expect(200).json();
    let offers = [
        "taxonomy_term_id",
        "taxonomy_id",
        "organization_id",
        "modified_after",
        "full",
        "postcode",
        "proximity",
        "minimum_age",
        "maximum_age",
        "day",
        "start_time",
        "end_time",
        "division",
        "fee",
        "category",
        "open_places",
        "longitude",
        "latitude",
        "crs",
        "radius_km",
    ];
    let of_offers = [&PAGED[..], &offers[..]].concat();
    for (path, expected) in [
        ("/services", [&of_offers[..], &["minimal"]].concat()),
        ("/organizations", [&of_offers[..], &["full_service"]].concat()),
        ("/organizations/{id}", vec!["id", "full_service"]),
        ("/service_at_locations", of_offers.clone()),
        ("/taxonomies", PAGED.to_vec()),
        ("/taxonomy_terms", [&PAGED[..], &["taxonomy_id", "top_only", "parent_id"]].concat()),
    ] {
        let names = |method: &str| -> Vec<String> {
            let parameters = document["paths"][path][method]["parameters"].as_array().unwrap().iter();
            let mut names: Vec<String> = parameters.map(|one| one["name"].as_str().unwrap().to_owned()).collect();
            names.sort_unstable();
            names
        };
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        expected.sort_unstable();
        assert_eq!(names("get"), expected, "{path}");
        if !path.contains('{') {
            assert_eq!(names("post"), expected, "{path}");
        }
    }
}

#[tokio::test]
async fn what_does_not_read_is_named_on_every_endpoint() {
    let test = TestApp::start().await;
    for (query, field) in [
        ("page=x", "page"),
        ("per_page=x", "per_page"),
        ("format=xml", "format"),
        ("full=perhaps", "full"),
        ("minimal=perhaps", "minimal"),
        ("full_service=perhaps", "full_service"),
        ("top_only=perhaps", "top_only"),
        ("open_places=perhaps", "open_places"),
        ("modified_after=yesterday", "modified_after"),
        ("minimum_age=NaN", "minimum_age"),
        ("maximum_age=x", "maximum_age"),
        ("day=today", "day"),
        ("start_time=25:00", "start_time"),
        ("end_time=x", "end_time"),
        ("division=99", "division"),
        ("fee=cheap", "fee"),
        ("longitude=999&latitude=32", "longitude"),
        ("longitude=118.8", "latitude"),
        ("latitude=32", "longitude"),
        ("longitude=118.8&latitude=32&crs=mars", "crs"),
        ("postcode=320116&proximity=-1", "proximity"),
        ("postcode=320116&radius_km=far", "radius_km"),
        ("proximity=500", "proximity"),
        ("proximity=500&division=320116", "proximity"),
        ("radius_km=5", "radius_km"),
    ] {
        for endpoint in OFFERS {
            let problem = test.visitor().get(&format!("/hsds/{endpoint}?{query}")).await.expect(422).json();
            assert_eq!(problem["errors"][0]["field"], field, "{endpoint}?{query}: {problem}");
        }
    }
    let problem = test.visitor().get("/hsds/service_at_locations?proximity=500").await.expect(422).text;
    assert!(problem.contains("postcode") && problem.contains("longitude"), "it says what would do: {problem}");
    let posted = serde_json::json!({ "proximity": 500, "postcode": null });
    test.visitor().send("POST", "/hsds/service_at_locations", &posted).await.expect(422);
}
