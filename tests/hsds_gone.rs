//! A newer release of a source lacks what was there: it is told and proposed to be closed, unless the file is another part.

use std::fmt::Write;
use std::path::Path;

use lianjie::access::{Role, Scope};

use crate::hsds_import::{options, taken};
use crate::support::TestApp;

/// A package of some organizations, each with one service of its own.
fn package(folder: &Path, some: &[usize], services: &[usize]) {
    let mut organizations = "id,name,description\n".to_owned();
    let mut offered = "id,organization_id,name,description,status\n".to_owned();
    for one in some {
        writeln!(organizations, "{one},第{one}社会工作服务中心,陪伴孩子").unwrap();
    }
    for one in services {
        writeln!(offered, "{one},{one},第{one}周末陪伴,读书,active").unwrap();
    }
    std::fs::write(folder.join("organizations.csv"), organizations).unwrap();
    std::fs::write(folder.join("services.csv"), offered).unwrap();
}

#[tokio::test]
async fn what_a_newer_release_lacks_is_proposed_to_be_closed_once_and_one_tap_closes_it() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), &[1, 2, 3, 4], &[1, 2, 3, 4]);
    taken(&test, folder.path(), &options("邻市名录")).await;
    package(folder.path(), &[1, 2, 3], &[1, 2]);
    let report = taken(&test, folder.path(), &options("邻市名录")).await;
    let told: Vec<(&str, &str, bool)> = report.gone.iter().map(|one| (one.table.as_str(), one.name.as_str(), one.proposed)).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.contains(&("organization", "第4社会工作服务中心", true)) && told.contains(&("service", "第3周末陪伴", true)), "{told:?}");
    assert!(told.contains(&("service", "第4周末陪伴", false)), "it goes with its organization: {told:?}");
    assert!(report.other_part.is_empty() && report.text(lianjie::locale::Locale::Zh).contains("来源里没有了"), "{:?}", report.other_part);
    let again = taken(&test, folder.path(), &options("邻市名录")).await;
    assert!(again.gone.len() == 3 && again.gone.iter().all(|one| !one.proposed), "it is asked once: {:?}", again.gone);
    let open = test.everything("SELECT id FROM change_suggestion WHERE state = 'open' AND field = 'gone'").await;
    assert_eq!(open.lines().count(), 2);
    assert_eq!(test.everything("SELECT status FROM service").await.matches("active").count(), 4, "nothing is closed by itself");

    test.account("registrar1", None, Role::Registrar, Scope::All).await;
    let registrar = test.signed_in("registrar1").await;
    let queue = registrar.get("/verification").await.expect(200).text;
    assert!(queue.contains("来源里没有了，建议关闭") && queue.contains("“邻市名录”新的一版里没有这一条"), "{queue}");
    for id in open.lines() {
        registrar.post(&format!("/suggestions/{id}"), &[("taken", "1"), ("back", "/verification")]).await.expect(303);
    }
    assert_eq!(test.everything("SELECT name FROM service WHERE status = 'defunct'").await, "第3周末陪伴");
    assert_eq!(test.everything("SELECT name FROM organization WHERE status = 'closed'").await, "第4社会工作服务中心");
    let done = taken(&test, folder.path(), &options("邻市名录")).await;
    assert!(done.gone.is_empty(), "what is closed is told no more: {:?}", done.gone);
}

#[tokio::test]
async fn a_file_that_is_another_part_proposes_nothing_and_says_so() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), &[1, 2, 3], &[1, 2, 3]);
    taken(&test, folder.path(), &options("邻市名录")).await;
    package(folder.path(), &[3, 4, 5, 6], &[4, 5, 6]);
    let report = taken(&test, folder.path(), &options("邻市名录")).await;
    assert!(report.gone.is_empty(), "{:?}", report.gone);
    let parts: Vec<(&str, usize, usize)> = report.other_part.iter().map(|one| (one.table.as_str(), one.known, one.found)).collect();
    assert_eq!(parts, [("organization", 3, 1), ("service", 3, 0)]);
    assert!(report.text(lianjie::locale::Locale::Zh).contains("像是来源的另一部分"));
    assert_eq!(test.everything("SELECT id FROM change_suggestion").await.lines().count(), 0);
    // Of another source nothing is missed.
    package(folder.path(), &[7], &[7]);
    let other = taken(&test, folder.path(), &options("另一份名录")).await;
    assert!(other.gone.is_empty() && other.other_part.is_empty());
}
