//! Plans and allocations over HTTP: exact, refused in a sentence, and for those who may match.

use lianjie::access::{Role, Scope};
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_plan_is_made_of_figures_and_its_limits_have_prices() {
    let test = TestApp::start().await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let worker = test.signed_in("worker1").await;
    let service = |site: &str, need: &str, eu: u32, session: [u32; 3]| json!({ "agency": site, "site": site, "travel": 20, "wait": 7, "dur": 30, "fee": 0, "covers": { need: eu }, "sessions": [session] });
    // Two sessions at one time clash; the second choice of the second need is worth less and fits.
    let instance = json!({
        "id": "a", "needs": [{ "w": 8 }, { "w": 2 }], "max_trips": 2, "max_travel": 200, "max_fee": 0,
        "services": [service("a", "0", 600, [1, 540, 600]), service("b", "1", 600, [1, 560, 620]), service("c", "1", 500, [2, 540, 600])],
    });
    let planned = worker.send("POST", "/api/v1/plans", &instance).await.expect(200).json();
    assert_eq!(planned["choice"], json!([[0, 0], [2, 0]]), "{planned}");
    assert_eq!((planned["trips"].as_u64(), planned["proved"].as_bool()), (Some(2), Some(true)));
    assert!(planned["alternatives"].as_array().is_some_and(|others| !others.is_empty()), "{planned}");
    let mut ring = instance.clone();
    ring["needs"] = json!([{ "w": 8, "pred": [1] }, { "w": 2, "pred": [0] }]);
    worker.send("POST", "/api/v1/plans", &ring).await.expect(422);
    test.visitor().send("POST", "/api/v1/plans", &instance).await.expect(401);
}

#[tokio::test]
async fn the_last_place_goes_where_it_counts_most() {
    let test = TestApp::start().await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    test.account("auditor1", None, Role::Auditor, Scope::All).await;
    let worker = test.signed_in("worker1").await;
    let need = |tier: u32| json!({ "child": tier, "county": 0, "town": 0, "category": 0, "tier": tier });
    let instance = json!({
        "needs": [need(3), need(1)], "services": [{ "town": 0, "category": 0, "cap": 1, "org": 0 }],
        "ptr": [0, 1, 2], "svc": [0, 0], "u": [900, 400], "weight": [8, 4, 2, 1],
    });
    let given = worker.send("POST", "/api/v1/allocations", &json!({ "instance": instance })).await.expect(200).json();
    assert_eq!(given["places"], json!([-1, 0]), "8 × 400 is more than 2 × 900: {given}");
    assert_eq!(given["certificate"]["gap"], 0);
    let wrong = json!({ "instance": instance, "objective": "fastest" });
    worker.send("POST", "/api/v1/allocations", &wrong).await.expect(422);
    test.signed_in("auditor1").await.send("POST", "/api/v1/allocations", &json!({ "instance": instance })).await.expect(403);
}
