//! Access by township: what is within reach of whom, told without small counts, to who looks at a place.

use serde_json::Value;

use crate::support::TestApp;
use crate::support::referrals::TOWNSHIP;

fn town<'a>(body: &'a Value, code: &str) -> &'a Value {
    body["towns"].as_array().unwrap().iter().find(|town| town["division"] == code).unwrap()
}

#[tokio::test]
async fn a_township_without_anything_within_an_hour_is_a_desert_and_few_needs_are_not_told() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    test.need(&station.case, "EDU-04", 2, false).await;
    test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", Some(4)).await;
    test.indexed().await;
    let county = test.signed_in("county1").await;
    let body = county.get("/api/v1/numbers/access").await.expect(200).json();
    assert_eq!((&body["term"], &body["offers"]), (&Value::from("EDU-04"), &Value::from(1)), "the kind most needed there");
    assert_eq!(town(&body, TOWNSHIP)["needs"], Value::Null, "fewer than five are not told outside the station");
    assert!(body["towns"].as_array().unwrap().len() > 5, "townships without a need are there too");
    let head = test.signed_in("head1").await;
    assert_eq!(town(&head.get("/api/v1/numbers/access?term=EDU-04").await.expect(200).json(), TOWNSHIP)["needs"], 1);

    let nothing = county.get("/api/v1/numbers/access?term=REH-03").await.expect(200).json();
    assert_eq!(nothing["offers"], 0);
    assert!(
        nothing["towns"].as_array().unwrap().iter().all(|town| town["nearest_minutes"].is_null() && town["desert"] == true),
        "{nothing}"
    );
    let page = county.get("/numbers/access").await.expect(200).text;
    assert!(page.contains("EDU-04") && page.contains("长芦街道") && page.contains("&#60;5") | page.contains("&lt;5"), "{page}");
    assert!(county.get("/numbers").await.expect(200).text.contains("/numbers/access?scope="));

    county.get("/api/v1/numbers/access?term=EDU").await.expect(422);
    test.signed_in("sun").await.get("/numbers/access").await.expect(403);
    assert!(test.everything("SELECT action FROM audit_event").await.contains("statistics.read"));
}
