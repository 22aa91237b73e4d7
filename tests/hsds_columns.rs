//! Of a package of another directory every column is accounted for, and what is not ours to read is not guessed.

use lianjie::exchange::hsds::import::Report;

use crate::hsds_import::{options, taken};
use crate::support::TestApp;

async fn read(test: &TestApp, files: &[(&str, &str)]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    taken(test, folder.path(), &options("邻市名录")).await
}

fn why(report: &Report, table: &str, row: usize) -> Vec<String> {
    let remarks = report.remarks.iter().filter(|remark| remark.table == table && remark.row == row);
    remarks.map(|remark| remark.reason.clone()).collect()
}

const ORGANIZATIONS: &str = "id,name,description,email,year_incorporated,legal_status\n\
    1,青藤社会工作服务中心,陪伴孩子,office@example.cn,2010,\n2,新芽康复中心,康复,,2012,\n";
const SERVICES: &str = "id,organization_id,name,description,status,url,email,alternate_name,alert,fees_description\n\
    5,1,周末陪伴,读书,active,http://x.example,,周末班,暑期停办,可减免\n6,2,康复训练,训练,active,,,,,\n";

#[tokio::test]
async fn every_column_that_says_something_is_read_or_told_of() {
    let test = TestApp::start().await;
    let report = read(&test, &[("organizations.csv", ORGANIZATIONS), ("services.csv", SERVICES)]).await;
    let told: Vec<(&str, &str, usize)> = report.columns.iter().map(|one| (one.table.as_str(), one.column.as_str(), one.rows)).collect();
    let expected =
        [("organization", "email", 1), ("organization", "year_incorporated", 2), ("service", "alternate_name", 1), ("service", "url", 1)];
    assert_eq!(told, expected, "an empty column says nothing");
    let written = serde_json::to_value(&report).unwrap();
    assert_eq!(written["columns"][0]["reason"], "hsds_column");
    assert!(!written["columns"].to_string().contains("office@example.cn"), "what stands there may be somebody's own");
    assert!(report.text(lianjie::locale::Locale::Zh).contains("没有读的列 organization.email（1 行有内容）"));
    let words = test.everything("SELECT description FROM service WHERE name = '周末陪伴'").await;
    assert!(words.contains("提示：暑期停办") && words.contains("收费：可减免"), "what has no field stands behind the description: {words}");
}

#[tokio::test]
async fn of_json_each_property_is_told_of_by_its_path_and_what_has_no_id_is_not_lost() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("邻市.json");
    let object = serde_json::json!([{"id": "1", "name": "青藤社会工作服务中心", "description": "陪伴孩子", "legal_status": "民办非企业",
        "phones": [{"number": "025-57501234", "description": "前台"}, {"number": "025-57501235", "type": "fax"}],
        "services": [{"id": "5", "name": "周末陪伴", "status": "active", "phones": [{"id": "9", "number": "12345", "description": "热线"}]}]}]);
    std::fs::write(&path, object.to_string()).unwrap();
    let report = taken(&test, &path, &options("邻市名录")).await;
    let told: Vec<(&str, usize)> =
        report.columns.iter().map(|one| (one.path.as_deref().unwrap_or(one.column.as_str()), one.rows)).collect();
    let expected = [
        ("organization[].legal_status", 1),
        ("organization[].phones[].description", 1),
        ("organization[].services[].phones[].description", 1),
        ("id", 2),
    ];
    assert_eq!(told, expected);
    assert_eq!(test.everything("SELECT phones FROM organization").await, r#"["025-57501234"]"#);
    assert_eq!((report.tables["phone"].read, report.tables["phone"].not_kept), (3, 1), "{:?}", report.tables);
}

#[tokio::test]
async fn a_fax_is_no_phone_and_other_money_is_not_yuan() {
    let test = TestApp::start().await;
    let report = read(
        &test,
        &[
            ("organizations.csv", ORGANIZATIONS),
            ("services.csv", SERVICES),
            (
                "phones.csv",
                "id,organization_id,service_id,number,type,extension\n1,1,,025-57501234,Fax,\n2,1,,025-57501235,voice,801\n\
                 3,2,,13900000000,cell,\n4,,5,13800000000,cell,\n5,,5,025-57501236,voice,\n",
            ),
            ("cost_options.csv", "id,service_id,option,currency,amount\n1,5,成人,USD,20\n2,5,孩子,CNY,10\n3,5,老人,EUR,0\n4,6,,,30\n"),
        ],
    )
    .await;
    assert_eq!(why(&report, "phone", 2), ["hsds_fax"]);
    assert_eq!(
        (why(&report, "phone", 4), why(&report, "phone", 5)),
        (vec!["hsds_private_phone".into()], vec!["hsds_private_phone".into()])
    );
    assert!(report.remarks.iter().all(|one| !one.value.contains("13900000000") && !one.value.contains("13800000000")));
    assert_eq!(test.everything("SELECT phones FROM organization WHERE name LIKE '青藤%'").await, r#"["025-57501235转801"]"#);
    let words = test.everything("SELECT description FROM service WHERE name = '周末陪伴'").await;
    assert!(words.contains("电话：025-57501236") && !words.contains("13800000000"), "{words}");
    assert_eq!(
        (why(&report, "cost_option", 2), why(&report, "cost_option", 5)),
        (vec!["hsds_currency".into()], vec!["hsds_currency_none".into()])
    );
    assert_eq!(report.tables["cost_option"].held_back, 1);
    assert_eq!(test.everything("SELECT level || ' ' || amount_fen FROM fee ORDER BY amount_fen").await, "free 0\nfull 1000\nfull 3000");
    assert_eq!(test.everything("SELECT place FROM quarantine WHERE settled_at IS NULL").await, "cost_option:2");
    assert!(report.columns.iter().any(|one| (one.table.as_str(), one.column.as_str()) == ("cost_option", "option")));
}
