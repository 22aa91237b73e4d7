//! An imported directory is taken out again within a day, but for what somebody has changed since; and may come in anew.

use lianjie::access::{Actor, Role, Scope};
use lianjie::error::Error;
use lianjie::exchange::hsds::import::Options;
use lianjie::exchange::list::undo_batch;
use lianjie::exchange::sheet::{self, Kind};
use lianjie::locale::Locale;

use crate::hsds_import::{options, taken};
use crate::support::TestApp;

const ORGANIZATIONS: &str = "id,name,description\n1,青藤社会工作服务中心,陪伴孩子\n2,新芽康复中心,康复训练\n";
const SERVICES: &str = "id,organization_id,name,description,status\n5,1,周末陪伴,读书,active\n6,2,康复训练,训练,inactive\n";
const FEES: &str = "id,service_id,currency,amount\n1,5,CNY,20\n";

fn write(folder: &std::path::Path, services: &str) {
    for (name, text) in [("organizations.csv", ORGANIZATIONS), ("services.csv", services), ("cost_options.csv", FEES)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

async fn stands(test: &TestApp) -> String {
    test.everything("SELECT name || ' ' || status FROM organization UNION ALL SELECT name || ' ' || status FROM service ORDER BY 1").await
}

#[tokio::test]
async fn an_imported_directory_is_undone_within_a_day_but_for_what_somebody_changed() {
    let test = TestApp::start().await;
    test.account("registrar1", None, Role::Registrar, Scope::All).await;
    test.account("data1", None, Role::DataManager, Scope::All).await;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), SERVICES);
    let dry = taken(&test, folder.path(), &Options { dry_run: true, ..options("邻市名录") }).await;
    assert_eq!(dry.batch, None);
    let report = taken(&test, folder.path(), &options("邻市名录")).await;
    let batch = report.batch.clone().unwrap().to_string();
    assert!(report.text(Locale::Zh).contains(&format!("lianjie import undo {batch}")));
    assert_eq!(taken(&test, folder.path(), &options("邻市名录")).await.batch, None, "what was there is no batch");
    let page = test.signed_in("data1").await.get(&format!("/lists/{batch}")).await.expect(200).text;
    assert!(page.contains("青藤社会工作服务中心") && page.contains("周末陪伴") && page.contains(&format!("/lists/{batch}/undo")), "{page}");

    let id = test.everything("SELECT id FROM organization WHERE name = '新芽康复中心'").await;
    let step = [("step", "return"), ("reason", "请补充简介"), ("version", "1"), ("back", "/verification")];
    test.signed_in("registrar1").await.post(&format!("/organizations/{id}/steps"), &step).await.expect(303);
    assert_eq!(undo_batch(&test.app, &Actor::system(), &batch).await.unwrap(), (3, 1));
    assert_eq!(stands(&test).await, "周末陪伴 defunct\n康复训练 defunct\n新芽康复中心 draft\n青藤社会工作服务中心 closed");
}

#[tokio::test]
async fn what_was_undone_comes_in_anew_as_a_mended_file_says_it_and_can_be_undone_again() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), SERVICES);
    let vouched = Options { vouched: true, ..options("邻市名录") };
    let first = taken(&test, folder.path(), &vouched).await.batch.unwrap().to_string();
    assert_eq!(undo_batch(&test.app, &Actor::system(), &first).await.unwrap(), (4, 0));
    write(folder.path(), &SERVICES.replace("读书", "读书和运动"));
    let report = taken(&test, folder.path(), &vouched).await;
    assert!(report.differences.is_empty() && report.gone.is_empty(), "{:?}", report.differences);
    assert_eq!((report.tables["organization"].imported, report.tables["service"].imported), (2, 2));
    assert_eq!(stands(&test).await, "周末陪伴 active\n康复训练 inactive\n新芽康复中心 verified\n青藤社会工作服务中心 verified");
    assert_eq!(test.everything("SELECT description FROM service WHERE name = '周末陪伴'").await, "读书和运动");
    assert_eq!(test.everything("SELECT CAST(amount_fen AS TEXT) FROM fee").await, "2000");
    let second = report.batch.unwrap().to_string();
    assert!(undo_batch(&test.app, &Actor::system(), &first).await.is_err(), "a batch is undone once");
    test.pass(jiff::SignedDuration::from_hours(25));
    let late = undo_batch(&test.app, &Actor::system(), &second).await.unwrap_err();
    assert!(matches!(late, Error::Conflict { why: "list_late" }), "{late}");
}

#[tokio::test]
async fn children_of_a_list_become_leads_that_no_batch_takes_back() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let list = "姓名,街道,学校\n测试甲,长芦街道,第一小学\n";
    let report = sheet::read(&test.app, Kind::Children, "list.csv", list.as_bytes(), Locale::Zh).unwrap();
    let report = sheet::take(&test.app, &Actor::system(), Kind::Children, report, Locale::Zh).await.unwrap();
    assert_eq!((report.taken.unwrap().new, report.batch), (1, None));
}
