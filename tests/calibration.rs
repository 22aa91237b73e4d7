//! Forecasts beside what came of them: kept when somebody is asked, settled by the answer and the verified end.

use serde_json::json;

use crate::support::TestApp;
use crate::support::referrals::{TOWNSHIP, act, refer};

#[tokio::test]
async fn a_forecast_is_settled_by_the_answer_and_by_the_verified_end() {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", Some(3)).await;
    test.indexed().await;
    let (worker, sun, head) = (test.signed_in("worker1").await, test.signed_in("sun").await, test.signed_in("head1").await);
    let empty = head.get("/numbers/calibration").await.expect(200).text;
    assert!(empty.contains("还没有见分晓的预测"), "{empty}");

    let referral = refer(&worker, &need, &provider, json!({})).await;
    let open = head.get("/api/v1/numbers/calibration").await.expect(200).json();
    assert_eq!((&open["places"]["count"], &open["places"]["error"]), (&json!(0), &json!(null)), "nothing is settled before the answer");

    act(&sun, &referral, "accept", json!({ "promised_day": "2026-11-30" }), 200).await;
    let given = head.get("/api/v1/numbers/calibration").await.expect(200).json();
    assert_eq!((&given["places"]["count"], &given["completions"]["count"]), (&json!(1), &json!(0)), "{given}");
    let tenth = &given["places"]["tenths"][0];
    let foretold = tenth["foretold"].as_f64().unwrap();
    assert!(foretold > 0.0 && foretold < 1.0 && tenth["came"] == json!(1.0), "{tenth}");
    assert!((given["places"]["error"].as_f64().unwrap() - (1.0 - foretold)).abs() < 0.0011, "{given}");
    assert_eq!(given["places"]["places"][0]["about"], TOWNSHIP);

    act(&sun, &referral, "serve", json!({ "record": "service" }), 200).await;
    act(&sun, &referral, "report", json!({ "outcome": "need_met", "units": 2, "next_step": "none" }), 200).await;
    act(&worker, &referral, "close", json!({ "outcome": "need_met", "verified_by": "guardian", "method": "phone" }), 200).await;
    let done = head.get("/api/v1/numbers/calibration").await.expect(200).json();
    assert_eq!((&done["completions"]["count"], &done["completions"]["tenths"][0]["came"]), (&json!(1), &json!(1.0)), "{done}");

    let page = head.get("/numbers/calibration").await.expect(200).text;
    assert!(page.contains("长芦街道") && page.contains("100%"), "{page}");
    assert!(head.get("/numbers").await.expect(200).text.contains("/numbers/calibration?scope="));
    let county = test.signed_in("county1").await.get("/api/v1/numbers/calibration").await.expect(200).json();
    assert_eq!(county["places"]["tenths"][0]["count"], json!(null), "fewer than five are not told outside the station");
    sun.get("/numbers/calibration").await.expect(403);
    head.get("/numbers/calibration?from=gestern").await.expect(422);
}
