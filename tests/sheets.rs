//! Lists come in as people keep them: merged heads, notes, cut numbers, GB18030; every cell that does not read is named.

use lianjie::access::{Actor, Role, Scope};
use lianjie::error::Error;
use lianjie::exchange::list::undo_batch;
use lianjie::exchange::sheet::{self, Kind, Report};
use lianjie::locale::Locale;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::directory::a_service;

fn read(test: &TestApp, kind: Kind, name: &str, bytes: &[u8]) -> Value {
    serde_json::to_value(sheet::read(&test.app, kind, name, bytes, Locale::Zh).unwrap()).unwrap()
}

/// A workbook of organizations: a title, a head of two rows, a blank row, notes, and what goes wrong in each cell.
fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("机构").unwrap();
    let bold = rust_xlsxwriter::Format::new();
    sheet.merge_range(0, 0, 0, 7, "六合区未成年人保护服务机构登记表", &bold).unwrap();
    for (column, head) in ["序号", "机构名称", "统一社会信用代码", "机构类型", "地址"].into_iter().enumerate() {
        let column = u16::try_from(column).unwrap();
        sheet.merge_range(1, column, 2, column, head, &bold).unwrap();
    }
    sheet.merge_range(1, 5, 1, 6, "联系方式", &bold).unwrap();
    sheet.write(2, 5, "联系人").unwrap();
    sheet.write(2, 6, "电话").unwrap();
    sheet.merge_range(1, 7, 2, 7, "星级", &bold).unwrap();
    let rows: [[&str; 7]; 4] = [
        ["1", "青藤社工服务中心", "91350100M000100Y43", "社工机构", "南京市六合区长芦街道1号", "王某", "０２５－５７５０ １２３４"],
        ["2", "向阳花托管班", "91350100M000100Y44", "托管班", "六合区葛塘街道2号", "", "找王老师"],
        ["3", "", "", "社工机构", "六合区3号", "", ""],
        ["4", "新芽康复中心", "", "康复机构", "六合区大厂街道4号", "/", "13900000000"],
    ];
    for (index, row) in rows.into_iter().enumerate() {
        let at = u32::try_from(index).unwrap() + 3 + u32::from(index == 3);
        for (column, text) in row.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write(at, u16::try_from(column).unwrap(), text).unwrap();
        }
    }
    sheet.write(8, 0, "注：本表由各街道填写").unwrap();
    sheet.write(9, 0, "合计").unwrap();
    sheet.write(9, 1, 4).unwrap();
    book.add_worksheet().set_name("填写说明").unwrap().write(0, 0, "请在第一张表填写").unwrap();
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn a_workbook_with_merged_heads_and_notes_is_read_cell_by_cell() {
    let test = TestApp::start().await;
    let report = read(&test, Kind::Organizations, "list.xlsx", &workbook());
    let sheet = &report["sheets"][0];
    assert_eq!((&sheet["name"], &sheet["header_row"]), (&json!("机构"), &json!(3)));
    let columns = &sheet["columns"];
    assert_eq!(columns["机构名称"], "name");
    assert_eq!(columns["联系方式电话"], "phone");
    assert_eq!((&columns["序号"], &columns["星级"]), (&Value::Null, &Value::Null));
    let rows = sheet["rows"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["row"].as_u64().unwrap()).collect::<Vec<_>>(), [4, 5, 8]);
    assert_eq!(
        rows[0]["fields"],
        json!({ "name": "青藤社工服务中心", "code": "91350100M000100Y43", "kind": "社工机构", "address": "南京市六合区长芦街道1号", "contact": "王某", "phone": "025-57501234" })
    );
    let refused: Vec<(u64, &str, &str)> = sheet["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["row"].as_u64().unwrap(), one["column"].as_str().unwrap(), one["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(
        refused,
        [(5, "统一社会信用代码", "uscc_check"), (5, "机构类型", "kind_unknown"), (5, "联系方式电话", "phone"), (6, "机构名称", "required")]
    );
    let ignored: Vec<(u64, &str)> =
        sheet["ignored"].as_array().unwrap().iter().map(|one| (one["row"].as_u64().unwrap(), one["why"].as_str().unwrap())).collect();
    assert_eq!(ignored, [(1, "title"), (2, "head"), (7, "blank"), (9, "note"), (10, "total")]);
    assert_eq!(report["sheets"][1]["header_row"], Value::Null, "a sheet of instructions has no head");
}

#[tokio::test]
async fn lists_of_children_name_cells_and_keep_no_content() {
    let test = TestApp::start().await;
    let text = "儿童姓名,身份证号,性别,出生年月,监护人姓名,监护人电话,所属街道,现住址,就读学校,困境类别\n\
                陈某某,11010519491231002X,女,1949-12-31,陈建,13900001111,长芦街道,某路1号,某小学,留守、重残\n\
                李某某,3.20116E+17,男,2015.3,李强,13900002222,长芦街道,某路2号,,事实无人抚养\n\
                王某某,11010519491231002X,男,2015-02-30,,,鼓楼区,,,未知类\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let report = sheet::read(&test.app, Kind::Children, "名单.csv", &bytes, Locale::Zh).unwrap();
    let value = serde_json::to_value(&report).unwrap();
    let sheet = &value["sheets"][0];
    let first = &sheet["rows"][0]["fields"];
    assert_eq!((&first["division"], &first["sex"], &first["birth_date"]), (&json!("320116012"), &json!("female"), &json!("1949-12-31")));
    assert_eq!(first["categories"], json!(["LEFT", "DISABLED"]));
    let reasons: Vec<&str> = sheet["refused"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["sheet_scientific", "sheet_day", "near_several", "sheet_category", "sheet_sex_differs"]);
    let told = serde_json::to_string(&report.clone().without_content()).unwrap();
    for content in ["陈某某", "11010519491231002X", "13900001111", "3.20116E+17", "某路"] {
        assert!(!told.contains(content), "{content} is told");
    }
    test.station_with_case().await;
    let taken = sheet::take(&test.app, &Actor::system(), Kind::Children, report.clone(), Locale::Zh).await.unwrap();
    assert_eq!(taken.taken.map(|taken| (taken.new, taken.unchanged)), Some((2, 0)));
    let again = sheet::take(&test.app, &Actor::system(), Kind::Children, report, Locale::Zh).await.unwrap();
    assert_eq!(again.taken.map(|taken| (taken.new, taken.unchanged)), Some((0, 2)), "the same row twice files one lead");
    let stored = test.everything("SELECT COALESCE(words, '') || source FROM lead").await;
    assert!(!stored.contains("陈某某") && stored.contains("comparison"), "what a lead says is sealed");
    let log = test.everything("SELECT action || object_ref || fields FROM audit_event").await;
    assert!(!log.contains("陈某某"));
}

async fn taken(test: &TestApp, kind: Kind, text: &str) -> Report {
    let report = sheet::read(&test.app, kind, "list.csv", text.as_bytes(), Locale::Zh).unwrap();
    sheet::take(&test.app, &Actor::system(), kind, report, Locale::Zh).await.unwrap()
}

#[tokio::test]
async fn organizations_and_services_wait_for_the_registrar_and_come_in_once() {
    let test = TestApp::start().await;
    let list = "机构名称,机构类型,所在街道,电话\n青藤社工服务中心,社工机构,长芦街道,025-1234567\n没有类型的机构,,长芦街道,\n";
    let report = taken(&test, Kind::Organizations, list).await;
    assert_eq!(report.taken.map(|taken| taken.new), Some(1));
    assert_eq!(report.sheets[0].refused[0].column, "机构类型", "what an entry must have is refused by its column");
    assert_eq!(taken(&test, Kind::Organizations, list).await.taken.map(|taken| (taken.new, taken.unchanged)), Some((0, 1)));
    assert_eq!(test.everything("SELECT status FROM organization").await.trim(), "pending");

    a_service(&test, "四点半课堂", &["EDU-04"], "320116012").await;
    let list = "服务名称,服务机构,服务类别,年龄范围,收费标准,名额,服务区域\n\
                周末陪伴,向阳花青少年社工服务中心,PSY-03,6-12岁,免费,20,六合区\n\
                没有机构,查无此家,PSY-03,,,,\n\
                没有地点,青藤社工服务中心,PSY-03,,,,\n";
    let report = taken(&test, Kind::Services, list).await;
    assert_eq!(report.taken.map(|taken| taken.new), Some(1));
    let reasons: Vec<&str> = report.sheets[0].refused.iter().map(|one| one.reason.as_str()).collect();
    assert_eq!(reasons, ["sheet_no_organization", "sheet_no_location"]);
    let stored = test.everything("SELECT eligibility || unchecked FROM service WHERE name = '周末陪伴'").await;
    assert_eq!(stored.trim(), r#"{"all":[{"age_months":[72,155]}]}1"#);
}

#[tokio::test]
async fn fees_and_hours_of_a_list_are_facts_and_what_is_not_understood_is_told() {
    let test = TestApp::start().await;
    a_service(&test, "四点半课堂", &["EDU-04"], "320116012").await;
    let list = "服务名称,服务机构,服务类别,收费标准,服务时间,服务内容\n\
                周末陪伴,向阳花青少年社工服务中心,PSY-03,低偿 5元/次,周一至周五 16:30-18:30；周六 9:00-12:00,陪伴\n\
                假期陪伴,向阳花青少年社工服务中心,PSY-03,有偿,寒暑假开放、请先预约,陪伴\n";
    let report = taken(&test, Kind::Services, list).await;
    assert_eq!((report.taken.map(|taken| taken.new), report.has_refused()), (Some(2), false));
    let noted: Vec<(usize, &str, &str)> =
        report.sheets[0].noted.iter().map(|one| (one.row, one.column.as_str(), one.reason.as_str())).collect();
    assert_eq!(noted, [(3, "收费标准", "sheet_fee_amount"), (3, "服务时间", "sheet_hours")]);
    assert!(report.text(Locale::Zh).contains("（已收）"));
    let fees = "SELECT s.name || ' ' || f.level || ' ' || CAST(f.amount_fen AS TEXT) || ' ' || f.unit
                FROM fee f JOIN service s ON s.id = f.service_id WHERE s.name LIKE '%陪伴' ORDER BY s.name";
    assert_eq!(test.everything(fees).await.trim(), "周末陪伴 low 500 visit", "a level without an amount is no fee of nothing");
    let weekend = test.everything("SELECT schedule || description FROM service WHERE name = '周末陪伴'").await;
    assert!(weekend.contains("16:30:00") && weekend.matches("\"day\"").count() == 6 && !weekend.contains("开放时间"), "{weekend}");
    let holidays = test.everything("SELECT description FROM service WHERE name = '假期陪伴'").await;
    assert!(holidays.contains("开放时间：寒暑假开放、请先预约") && holidays.contains("收费：有偿"), "{holidays}");
}

#[tokio::test]
async fn what_is_no_list_is_refused_in_a_sentence() {
    let test = TestApp::start().await;
    for bytes in [&b"PK\x03\x04"[..], b"\x00\x01", b"\xd0\xcf\x11\xe0rubbish"] {
        let refused = sheet::read(&test.app, Kind::Organizations, "x.xlsx", bytes, Locale::Zh).unwrap_err();
        assert_eq!(refused.status(), 422);
    }
    let empty = sheet::read(&test.app, Kind::Organizations, "x.csv", b"", Locale::Zh).unwrap();
    assert!(empty.sheets[0].rows.is_empty() && empty.sheets[0].header_row.is_none());
}

#[tokio::test]
async fn the_empty_list_is_understood_when_it_comes_back_filled() {
    let test = TestApp::start().await;
    for kind in [Kind::Organizations, Kind::Services] {
        let bytes = sheet::template(&test.app, kind).unwrap();
        let report = sheet::read(&test.app, kind, "template.xlsx", &bytes, Locale::Zh).unwrap();
        let first = &report.sheets[0];
        let unknown: Vec<_> = first.columns.iter().filter(|(_, field)| field.is_null()).collect();
        assert!(first.header_row == Some(1) && unknown.is_empty(), "{unknown:?}");
        assert!(report.entries().next().is_none() && !report.has_refused(), "an empty list holds nothing");
    }
    assert!(sheet::template(&test.app, Kind::Children).is_err());
}

#[tokio::test]
async fn a_list_brings_in_nothing_that_the_law_forbids() {
    let test = TestApp::start().await;
    let named = |one: &mut crate::support::directory::Listing| "青藤社工服务中心".clone_into(&mut one.organization.name);
    crate::support::directory::Listing::new(&test, "作业辅导", &["DEV-02"], "320116012").with(named).put(&test).await;
    let list = "服务名称,服务机构,服务类别,服务内容\n\
                儿童精神科门诊,青藤社工服务中心,PSY-05,看病\n\
                少年特训营,青藤社工服务中心,BEH-01,封闭式管理，戒网瘾\n\
                周末陪伴,青藤社工服务中心,DEV-02,读书\n";
    let report = taken(&test, Kind::Services, list).await;
    let refused: Vec<(usize, &str, &str)> =
        report.sheets[0].refused.iter().map(|one| (one.row, one.column.as_str(), one.reason.as_str())).collect();
    assert_eq!(
        refused.iter().map(|(row, _, reason)| (*row, *reason)).collect::<Vec<_>>(),
        [(2, "licence"), (3, "boot_camp")],
        "{refused:?}"
    );
    assert_eq!(refused[0].1, "服务类别", "the cell is named");
    assert!(report.sheets[0].refused[0].remedy.contains("依法只能由"), "{}", report.sheets[0].refused[0].remedy);
    let names = test.everything("SELECT name FROM service").await;
    assert!(names.lines().count() == 2 && names.contains("周末陪伴"), "{names}");
    let list = "机构名称,机构类型,所在街道\n阳光戒网瘾学校,社工机构,长芦街道\n";
    let report = taken(&test, Kind::Organizations, list).await;
    assert_eq!(report.sheets[0].refused[0].reason, "boot_camp");
}

const TWO: &str =
    "机构名称,机构类型,所在街道,电话\n青藤社工服务中心,社工机构,长芦街道,025-1234567\n新芽康复中心,康复机构,长芦街道,025-7654321\n";

#[tokio::test]
async fn what_the_command_line_takes_in_is_a_batch_that_is_undone_within_a_day() {
    let test = TestApp::start().await;
    test.account("data1", None, Role::DataManager, Scope::All).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let report = taken(&test, Kind::Organizations, TWO).await;
    let batch = report.batch.clone().unwrap().to_string();
    assert!(report.text(Locale::Zh).contains(&format!("lianjie import undo {batch}")));
    assert_eq!(serde_json::to_value(&report).unwrap()["batch"], json!(batch));
    assert_eq!(taken(&test, Kind::Organizations, TWO).await.batch, None, "what was there already is no batch");
    let data = test.signed_in("data1").await;
    assert!(data.get("/lists").await.expect(200).text.contains("list.csv"));
    let page = data.get(&format!("/lists/{batch}")).await.expect(200).text;
    assert!(page.contains("青藤社工服务中心") && page.contains(&format!("/lists/{batch}/undo")), "{page}");

    // What a registrar has looked at since stays.
    let id = test.everything("SELECT id FROM organization WHERE name = '新芽康复中心'").await.trim().to_owned();
    let step = [("step", "return"), ("reason", "请补充简介"), ("version", "1"), ("back", "/verification")];
    test.signed_in("registrar1").await.post(&format!("/organizations/{id}/steps"), &step).await.expect(303);
    assert_eq!(undo_batch(&test.app, &Actor::system(), &batch).await.unwrap(), (1, 1));
    let names = test.everything("SELECT name || ' ' || status FROM organization ORDER BY name").await;
    assert!(names.contains("青藤社工服务中心 closed") && names.contains("新芽康复中心 draft"), "{names}");
    assert!(undo_batch(&test.app, &Actor::system(), &batch).await.is_err(), "it is undone once");
    assert!(undo_batch(&test.app, &Actor::system(), "no batch").await.is_err());
    let log = test.everything("SELECT action || ' ' || fields FROM audit_event WHERE action LIKE 'list.%' ORDER BY action").await;
    assert_eq!(log, "list.taken [\"new=2\",\"left=0\"]\nlist.undone [\"gone=1\",\"stayed=1\"]");
}

#[tokio::test]
async fn after_a_day_a_batch_of_the_command_line_stays() {
    let test = TestApp::start().await;
    let batch = taken(&test, Kind::Organizations, TWO).await.batch.unwrap();
    test.pass(jiff::SignedDuration::from_hours(25));
    let late = undo_batch(&test.app, &Actor::system(), batch.as_str()).await.unwrap_err();
    assert!(matches!(late, Error::Conflict { why: "list_late" }), "{late}");
    assert_eq!(test.everything("SELECT status FROM organization").await.matches("pending").count(), 2);
}

#[test]
fn the_command_prints_the_batch_and_another_undoes_it() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("机构.csv");
    std::fs::write(&list, TWO).unwrap();
    let run = |words: &[&str]| {
        let program = env!("CARGO_BIN_EXE_lianjie");
        let done = std::process::Command::new(program).args(words).arg("--data").arg(folder.path().join("store")).output().unwrap();
        (done.status.code(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let (code, _, told) = run(&["migrate"]);
    assert_eq!(code, Some(0), "{told}");
    let (code, report, told) = run(&["import", "sheet", list.to_str().unwrap(), "--kind", "organizations", "--json"]);
    assert_eq!(code, Some(0), "{told}");
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["taken"], json!({ "new": 2, "unchanged": 0 }));
    let batch = report["batch"].as_str().unwrap();
    let (code, undone, told) = run(&["import", "undo", batch, "--json"]);
    assert_eq!((code, serde_json::from_str::<Value>(&undone).unwrap()), (Some(0), json!({ "gone": 2, "stayed": 0 })), "{told}");
    let (code, ..) = run(&["import", "undo", batch]);
    assert_eq!(code, Some(2), "a batch is undone once");
}

#[tokio::test]
async fn fees_by_audience_in_one_cell_become_a_row_each() {
    let test = TestApp::start().await;
    a_service(&test, "四点半课堂", &["EDU-04"], "320116012").await;
    let list = "服务名称,服务机构,服务类别,收费标准\n\
                周末陪伴,向阳花青少年社工服务中心,PSY-03,困境无偿、社区低偿5元/次、其他20元/次\n\
                假期陪伴,向阳花青少年社工服务中心,PSY-03,困境儿童免费，其他有偿\n\
                夜间陪伴,向阳花青少年社工服务中心,PSY-03,困境儿童半价，其他50元\n";
    let report = taken(&test, Kind::Services, list).await;
    let refused: Vec<(usize, &str)> = report.sheets[0].refused.iter().map(|one| (one.row, one.reason.as_str())).collect();
    assert_eq!(refused, [(4, "sheet_fee")]);
    let noted: Vec<(usize, &str)> = report.sheets[0].noted.iter().map(|one| (one.row, one.reason.as_str())).collect();
    assert_eq!(noted, [(3, "sheet_fee_amount")], "what the others pay is not known");
    let fees = "SELECT s.name || ' ' || f.audience || ' ' || f.level || ' ' || CAST(f.amount_fen AS TEXT)
                FROM fee f JOIN service s ON s.id = f.service_id WHERE s.name LIKE '%陪伴' ORDER BY s.name DESC, f.amount_fen";
    let expected = "周末陪伴 hardship free 0\n周末陪伴 community low 500\n周末陪伴 other full 2000\n假期陪伴 hardship free 0";
    assert_eq!(test.everything(fees).await.trim(), expected);
    let words = test.everything("SELECT description FROM service WHERE name = '假期陪伴'").await;
    assert!(words.contains("收费：困境儿童免费，其他有偿"), "{words}");
}
