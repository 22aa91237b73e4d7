//! What comes in by the command line and looks like an entry that is there is told in the report, and comes in all the same.

use lianjie::access::Actor;
use lianjie::exchange::hsds::import::Options;
use lianjie::exchange::sheet::{self, Kind};
use lianjie::locale::Locale;

use crate::hsds_import::{options, taken};
use crate::support::TestApp;
use crate::support::directory::a_service;

#[tokio::test]
async fn rows_of_a_list_that_look_like_entries_are_told_and_come_in() {
    let test = TestApp::start().await;
    a_service(&test, "四点半课堂", &["EDU-04"], "320116012").await;
    let list = "机构名称,机构类型,所在街道,电话\n向阳花（青少年）社工服务中心,社工机构,长芦街道,\n新芽康复中心,康复机构,长芦街道,025-00000001\n\
                晨光图书馆,图书馆,长芦街道,025-7654321\n";
    let read = || sheet::read(&test.app, Kind::Organizations, "list.csv", list.as_bytes(), Locale::Zh).unwrap();
    let mut dry = read();
    {
        let mut db = test.app.store.read().await.unwrap();
        sheet::alike(&test.app, &mut db, &Actor::system(), Kind::Organizations, &mut dry, Locale::Zh).await.unwrap();
    }
    let told = |report: &sheet::Report| -> Vec<(usize, String)> {
        report.sheets[0].alike.iter().map(|one| (one.row, one.reason.clone())).collect()
    };
    assert_eq!(told(&dry), [(2, "alike_name".to_owned()), (3, "alike_phone".to_owned())]);
    let report = sheet::take(&test.app, &Actor::system(), Kind::Organizations, read(), Locale::Zh).await.unwrap();
    assert_eq!((report.taken.unwrap().new, told(&report).len()), (3, 2), "nothing is held back");
    assert!(report.text(Locale::Zh).contains("第 2 行可能已经登记过，本县同名：向阳花青少年社工服务中心"), "{}", report.text(Locale::Zh));

    let list = "服务名称,服务机构,服务类别\n“四点半”课堂,向阳花青少年社工服务中心,EDU-04\n";
    let report = sheet::read(&test.app, Kind::Services, "list.csv", list.as_bytes(), Locale::Zh).unwrap();
    let report = sheet::take(&test.app, &Actor::system(), Kind::Services, report, Locale::Zh).await.unwrap();
    assert_eq!(told(&report), [(2, "alike_service_name".to_owned())]);
}

#[tokio::test]
async fn an_imported_directory_tells_what_looks_like_another_of_it_or_of_ours() {
    let test = TestApp::start().await;
    let ours = a_service(&test, "四点半课堂", &["EDU-04"], "320116012").await;
    let folder = tempfile::tempdir().unwrap();
    let own = ours.organization.id.as_str();
    for (name, text) in [
        (
            "organizations.csv",
            "id,name,description\n1,向阳花 青少年社工服务中心,陪伴\n2,新芽康复中心,康复\n3,新芽（康复）中心,康复\n4,晨光图书馆,阅读\n"
                .to_owned(),
        ),
        (
            "services.csv",
            format!(
                "id,organization_id,name,description,status\n5,{own},四点半 课堂,作业,active\n6,4,周末陪伴,读书,active\n7,4,“周末”陪伴,读书,active\n"
            ),
        ),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let how = Options { division: Some("320116012".parse().unwrap()), ..options("邻市名录") };
    let dry = taken(&test, folder.path(), &Options { dry_run: true, ..how.clone() }).await;
    let report = taken(&test, folder.path(), &how).await;
    assert_eq!(dry.alike, report.alike, "a dry run tells the same");
    let told: Vec<(&str, &str)> = report.alike.iter().map(|one| (one.name.as_str(), one.other_name.as_str())).collect();
    assert!(told.contains(&("向阳花 青少年社工服务中心", "向阳花青少年社工服务中心")), "{told:?}");
    let twice = told.iter().filter(|(one, other)| one.contains("新芽") && other.contains("新芽")).count();
    assert_eq!(twice, 1, "a pair is told once: {told:?}");
    assert!(told.contains(&("四点半 课堂", "四点半课堂")) && told.contains(&("“周末”陪伴", "周末陪伴")), "{told:?}");
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!((report.tables["organization"].imported, report.tables["service"].imported), (4, 3), "nothing is held back");
    assert!(report.text(Locale::Zh).contains("可能重复"));
}
