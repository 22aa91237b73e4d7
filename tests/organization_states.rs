//! Every status of an organization × every step × every role: the model's table, and nothing beside it.

use lianjie::access::{Role, Scope};
use lianjie::organization::model::{Status, Step};
use lianjie::organization::store;
use serde_json::json;

use crate::support::TestApp;
use crate::support::directory::Listing;

/// The table of the model: from a status by a step to a status, and whether the provider may take it.
const ALLOWED: [(Status, Step, Status, bool); 11] = [
    (Status::Draft, Step::Submit, Status::Pending, true),
    (Status::Pending, Step::Verify, Status::Verified, false),
    (Status::Verified, Step::Verify, Status::Verified, false),
    (Status::Pending, Step::Return, Status::Draft, false),
    (Status::Verified, Step::Suspend, Status::Suspended, false),
    (Status::Suspended, Step::Resume, Status::Verified, false),
    (Status::Closed, Step::Reopen, Status::Pending, false),
    (Status::Draft, Step::Close, Status::Closed, true),
    (Status::Pending, Step::Close, Status::Closed, true),
    (Status::Verified, Step::Close, Status::Closed, true),
    (Status::Suspended, Step::Close, Status::Closed, true),
];

/// Whether a role may take a step at all, in whatever status.
fn may(role: Role, step: Step) -> bool {
    match role {
        Role::Registrar => true,
        Role::Provider => matches!(step, Step::Submit | Step::Close),
        Role::Worker | Role::Supervisor | Role::Coordinator => step == Step::Submit,
        _ => false,
    }
}

#[tokio::test]
async fn only_the_steps_of_the_table_are_taken_and_only_by_whom_it_names() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let id = listing.organization.id.clone();
    for role in Role::ALL {
        let scope = match role {
            Role::Provider | Role::Worker | Role::Supervisor => Scope::Organization(id.clone()),
            Role::Registrar | Role::Coordinator => Scope::Division("320116".parse().unwrap()),
            _ => Scope::All,
        };
        test.account(&format!("role-{}", role.code().replace('_', "-")), None, role, scope).await;
    }
    for role in Role::ALL {
        let browser = test.signed_in(&format!("role-{}", role.code().replace('_', "-"))).await;
        for status in Status::ALL {
            for step in Step::ALL {
                let version = put_into(&test, &listing, status).await;
                let body = json!({"step": step.name(), "reason": "试一试", "version": version});
                let answer = browser.send("POST", &format!("/api/v1/organizations/{id}/steps"), &body).await;
                let after = store::find(&mut test.app.store.read().await.unwrap(), &id).await.unwrap().unwrap().status;
                let row = ALLOWED.iter().find(|row| row.0 == status && row.1 == step);
                let what = format!("{role} takes {} from {}: {}", step.name(), status.name(), answer.text);
                match row {
                    Some(row) if may(role, step) && is_there(role, status) => {
                        assert_eq!((answer.status, after), (200, row.2), "{what}");
                        assert!(role != Role::Provider || row.3, "{what}");
                    }
                    _ => {
                        assert!([403, 404, 409].contains(&answer.status), "{what}: {}", answer.status);
                        assert_eq!(after, status, "{what}");
                    }
                }
            }
        }
    }
}

/// A draft of somebody else is there for its own people and the registrar.
fn is_there(role: Role, status: Status) -> bool {
    status != Status::Draft || matches!(role, Role::Provider | Role::Registrar)
}

async fn put_into(test: &TestApp, listing: &Listing, status: Status) -> i64 {
    let at = test.app.now();
    let mut tx = test.app.begin().await.unwrap();
    let mut organization = store::find(&mut tx, &listing.organization.id).await.unwrap().unwrap();
    organization.status = status;
    organization.description = "课后照看。".into();
    store::update(&mut tx, &mut organization, at).await.unwrap();
    tx.commit(at).await.unwrap();
    organization.version
}

#[tokio::test]
async fn nobody_verifies_what_they_entered() {
    let test = TestApp::start().await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.account("registrar2", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.account("registrar3", None, Role::Registrar, Scope::Division("320111".parse().unwrap())).await;
    let writer = test.signed_in("registrar1").await;
    let body = json!({"key": "second-person-1", "kind": "社工机构", "name": "青藤社会工作服务中心", "division": "320116010",
        "description": "课后照看。", "phones": ["025-0000 0000"]});
    let made = writer.send("POST", "/api/v1/organizations", &body).await.expect(201).json();
    let steps = format!("/api/v1/organizations/{}/steps", made["organization"]["id"].as_str().unwrap());
    writer.send("POST", &steps, &json!({"step": "submit", "version": 1})).await.expect(200);
    let refused = writer.send("POST", &steps, &json!({"step": "verify", "version": 2})).await.expect(403).json();
    assert!(refused["detail"].as_str().unwrap().contains("另一位"), "{refused}");
    let elsewhere = test.signed_in("registrar3").await;
    elsewhere.send("POST", &steps, &json!({"step": "verify", "version": 2})).await.expect(403);
    let other = test.signed_in("registrar2").await;
    let done = other.send("POST", &steps, &json!({"step": "verify", "version": 2})).await.expect(200).json();
    assert_eq!(done["organization"]["status"], "verified");
    assert_eq!(done["organization"]["verified_until"], "2027-11-25");
}
