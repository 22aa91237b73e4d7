//! The document lists every JSON route, and every route it lists answers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use lianjie::server;

use crate::support::TestApp;

/// The JSON routes that the folders' `mod.rs` declare.
fn declared() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap().map(Result::unwrap) {
        let text = fs::read_to_string(entry.path().join("mod.rs")).unwrap_or_default();
        for part in text.split("route(").skip(1) {
            let path = part.trim_start().trim_start_matches('"').split('"').next().unwrap_or_default();
            if path.starts_with("/api/v1/") {
                found.insert(path.to_owned());
            }
        }
    }
    found
}

#[test]
fn the_document_lists_every_json_route_and_no_other() {
    let listed: BTreeSet<String> = server::openapi().paths.paths.keys().cloned().collect();
    let declared = declared();
    let missing: Vec<_> = declared.difference(&listed).collect();
    let invented: Vec<_> = listed.difference(&declared).collect();
    assert!(missing.is_empty() && invented.is_empty(), "not in the document: {missing:?}; only in the document: {invented:?}");
}

#[tokio::test]
async fn the_document_is_served_and_a_visitor_gets_no_child_out_of_any_route() {
    let test = TestApp::start().await;
    let visitor = test.visitor();
    let document = visitor.get("/api/openapi.json").await.expect(200).json();
    for path in document["paths"].as_object().unwrap().keys() {
        let id = "0199aaaa-0000-7000-8000-000000000001";
        let concrete = path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/");
        let page = visitor.get(&concrete).await;
        assert!([200, 401, 404, 405, 422].contains(&page.status), "{concrete} answered {} to a visitor", page.status);
        assert!(!page.text.contains("alias"), "{concrete} shows a child to a visitor");
    }
}
