//! HSDS comes in: our own again, byte for byte; that of others with every row accounted for.

use std::path::Path;

use lianjie::access::{Role, Scope};
use lianjie::exchange::hsds::import::{self, Options, Report};
use lianjie::exchange::hsds::package;
use lianjie::organization::model::Status;
use lianjie::organization::store as organizations;
use lianjie_index::entry::{Delivery, Level};

use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};

/// The package of all that is public.
pub async fn exported(test: &TestApp) -> Vec<package::File> {
    package::package(&test.app, |_| {}).await.unwrap().0
}

/// The report of an import.
pub async fn taken(test: &TestApp, path: &Path, options: &Options) -> Report {
    import::import(&test.app, path, options, |_, _| {}).await.unwrap()
}

/// How a source of this name is taken in.
pub fn options(source: &str) -> Options {
    Options { source: source.into(), ..Options::default() }
}

/// Without the instants that say when a server wrote.
pub fn timeless(files: &[package::File]) -> Vec<(String, String)> {
    let line = |line: &str| {
        line.split(',').map(|cell| if cell.len() > 18 && cell.contains("T0") { "AT" } else { cell }).collect::<Vec<_>>().join(",")
    };
    let text = |bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let mut parts = text.split("\"last_modified\":\"");
        let first = parts.next().unwrap().to_owned();
        let kept = parts.map(|part| part.split_once('"').unwrap().1);
        kept.fold(first, |text, part| text + part).lines().map(line).collect::<Vec<_>>().join("\n")
    };
    files.iter().map(|(name, bytes)| (name.clone(), text(bytes))).collect()
}

#[tokio::test]
async fn what_is_written_comes_in_again_and_is_written_the_same() {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], "320116012").await;
    Listing::new(&test, "入户喘息", &["GUA-10", "GUA-09"], "320115001")
        .with(|one| {
            one.service.delivery = vec![Delivery::Home, Delivery::Phone];
            one.site.location = None;
            one.service.travel_free = true;
            one.service.description = "说明里有逗号,引号\"和\n换行".into();
            one.organization.website = Some("http://www.example.cn".into());
            one.organization.code_uscc = Some("91350100M000100Y43".into());
            one.organization.phones = vec!["025-0000 0009".into(), "13900000000".into(), "110".into(), "13800000000".into()];
            one.organization.office_phones = vec!["13900000000".into()];
            one.service.schedule = serde_json::from_str(
                r#"{"weekly":[{"day":6,"from":"09:00:00","to":"00:00:00"},{"day":1,"from":"08:00:00","to":"12:00:00"}],"season":"term_time","open_on_holidays":true}"#,
            )
            .unwrap();
        })
        .put(&test)
        .await;
    let first = exported(&test).await;
    let text = |name: &str| String::from_utf8(first.iter().find(|(file, _)| file == name).unwrap().1.clone()).unwrap();
    let phones = text("phones.csv");
    assert_eq!(
        (phones.matches("13900000000,,cell").count(), phones.matches("110,,voice").count()),
        (2, 2),
        "its own and its service's: {phones}"
    );
    assert!(first.iter().all(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("13800000000")), "a mobile number is somebody's own");
    for form in ["folder", "package.zip", "organizations.json"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(form);
        if form == "organizations.json" {
            let (_, bytes) = first.iter().find(|(name, _)| name == form).unwrap();
            std::fs::write(&path, bytes).unwrap();
        } else {
            package::write(&first, &path).unwrap();
        }
        let other = TestApp::start().await;
        let report = taken(&other, &path, &Options { vouched: true, ..options("self") }).await;
        assert!(!report.held_back(), "{form}: {}", report.text(lianjie::locale::Locale::En));
        for ((name, before), (_, after)) in timeless(&first).iter().zip(timeless(&exported(&other).await)) {
            let differs = before.lines().zip(after.lines()).find(|(one, other)| one != other);
            assert!(differs.is_none() && before.len() == after.len(), "{form}: {name} differs: {differs:?}");
        }
        let again = taken(&other, &path, &Options { vouched: true, ..options("self") }).await;
        assert!(again.differences.is_empty(), "{:?}", again.differences);
        assert_eq!(again.tables["service"].unchanged, 2, "the same file twice changes nothing");
        assert!(
            again
                .tables
                .iter()
                .filter(|(table, _)| !table.starts_with("taxonomy") && *table != "unit")
                .all(|(_, counted)| counted.imported == 0)
        );
    }
}

/// A package of 1.1 with all that real ones have.
fn old_package(folder: &Path) {
    let files = [
        (
            "organizations.csv",
            "id,name,description,url\n1,Helping Hands Counseling,<p>We help&nbsp;families</p>,http://help.example\n2,六合区向阳花社工服务中心,青少年服务,\n2,重复的编号,,\n3,,没有名称,\n",
        ),
        (
            "services.csv",
            "id,organization_id,name,description,status,application_process\n1,1,Counseling,line one\\nline two,\"Active, but do not refer\",call\n2,2,课后托管,四点半课堂,,\n3,9,没有机构的服务,,active,\n",
        ),
        (
            "locations.csv",
            "id,organization_id,name,latitude,longitude\n1,1,Main Street,0,0\n2,2,长芦站点,32.25,118.75\n3,2,没有坐标,,\n9,,没人用的地点,,\n",
        ),
        ("services_at_location.csv", "id,service_id,location_id\n1,1,1\n2,2,2\n3,2,77\n4,3,2\n"),
        (
            "physical_addresses.csv",
            "id,location_id,address_1,city,state_province,postal_code,country\n1,1,1 Main St,Springfield,IL,62701,US\n2,2,南京市六合区长芦街道1号,南京市,江苏省,210000,CN\n",
        ),
        ("phones.csv", "id,organization_id,service_id,number\n1,1,,(217) 555-0100\n2,2,,025-1234567\n3,,2,call me\n4,88,,110\n"),
        (
            "regular_schedules.csv",
            "id,service_id,weekday,opens_at,closes_at\n1,1,1,7:30 AM,7:30 PM\n2,1,2,0900,1930\n3,2,Monday-Friday,16:00,18:00\n4,2,1,by appointment,\n5,3,1,09:00,10:00\n",
        ),
        ("taxonomy.csv", "id,name,parent_id,vocabulary\n1,Counseling,,x\n2,Unheard of,,x\n"),
        ("services_taxonomy.csv", "id,service_id,taxonomy_id\n1,1,2\n2,2,2\n"),
        ("contacts.csv", "id,name\n1,A Person\n"),
        ("eligibilities.csv", "id,service_id,eligibility\n1,2,小学生\n"),
    ];
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

#[tokio::test]
async fn a_package_of_1_1_comes_in_with_every_row_accounted_for() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    old_package(folder.path());
    let report = taken(&test, folder.path(), &options("springfield")).await;
    assert_eq!(report.form, "1.1");
    for (table, counted) in &report.tables {
        assert_eq!(
            counted.read,
            counted.imported + counted.held_back + counted.not_kept + counted.unchanged + counted.differing,
            "{table}: {counted:?}"
        );
    }
    let why = |table: &str, row: usize| {
        let remarks = report.remarks.iter().filter(|remark| remark.table == table && remark.row == row);
        remarks.map(|remark| remark.reason.as_str()).collect::<Vec<_>>()
    };
    assert!(why("organization", 4).contains(&"hsds_twice") && why("organization", 5).contains(&"hsds_name"));
    assert!(why("service", 4).contains(&"hsds_orphan") && why("service_at_location", 4).contains(&"hsds_orphan"));
    assert!(why("service_at_location", 5).contains(&"hsds_orphan") && why("schedule", 6).contains(&"hsds_orphan"));
    assert!(why("location", 2).contains(&"hsds_point_zero") && why("location", 4).contains(&"hsds_point_none"));
    assert!(why("location", 5).contains(&"hsds_unused") && why("phone", 5).contains(&"hsds_orphan"));
    assert!(why("schedule", 2).contains(&"hsds_time") && why("schedule", 3).contains(&"hsds_time"));
    assert!(why("schedule", 5).contains(&"hsds_time_free") && why("contact", 2).contains(&"hsds_contact"));
    assert!(why("attribute", 2).contains(&"hsds_term"));
    assert!(why("service", 2).contains(&"hsds_status_read") && why("service", 3).contains(&"hsds_status"));
    assert!(why("service", 2).contains(&"hsds_text") && why("organization", 2).contains(&"hsds_text"));

    let mut db = test.app.store.read().await.unwrap();
    let waiting = organizations::of_status(&mut db, Status::Pending, "", 10).await.unwrap();
    assert_eq!(waiting.len(), 2, "they wait for the registrar");
    let ours = waiting.iter().find(|one| one.name.contains("向阳花")).unwrap();
    assert_eq!(ours.division.as_str(), "320116012", "the township is read from the address");
    assert_eq!(ours.phones, ["025-1234567"]);
    let theirs = waiting.iter().find(|one| one.name.starts_with("Helping")).unwrap();
    assert_eq!(theirs.description, "We help families");
    let services = lianjie::service::store::of(&mut db, &theirs.id).await.unwrap();
    assert!(services[0].do_not_refer && services[0].description == "line one\nline two");
    let hours: Vec<_> = services[0].schedule.weekly.iter().map(|one| (one.day, one.from.to_string(), one.to.to_string())).collect();
    assert_eq!(hours, [(1, "07:30:00".into(), "19:30:00".into()), (2, "09:00:00".into(), "19:30:00".into())]);
    let aside = test.everything("SELECT place || ' ' || reason FROM quarantine WHERE settled_at IS NULL").await;
    assert_eq!(aside.lines().count(), report.tables.values().map(|counted| counted.held_back).sum::<usize>(), "{aside}");

    let again = taken(&test, folder.path(), &options("springfield")).await;
    assert_eq!((again.tables["service"].unchanged, again.tables["service"].held_back), (2, 1));
    let aside = test.everything("SELECT place FROM quarantine WHERE settled_at IS NULL").await;
    assert_eq!(aside.lines().count(), again.tables.values().map(|counted| counted.held_back).sum::<usize>());
}

#[tokio::test]
async fn a_newer_release_is_a_difference_to_look_at_and_changes_nothing_by_itself() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    old_package(folder.path());
    taken(&test, folder.path(), &options("springfield")).await;
    let services = folder.path().join("services.csv");
    let text = std::fs::read_to_string(&services).unwrap().replace("四点半课堂", "五点半课堂");
    std::fs::write(&services, text).unwrap();
    let report = taken(&test, folder.path(), &options("springfield")).await;
    assert_eq!(report.differences.len(), 1, "{:?}", report.differences);
    assert!(report.differences[0].field == "description" && report.differences[0].now.contains("五点半"));
    assert!(test.everything("SELECT description FROM service").await.contains("四点半课堂"), "nothing is changed by itself");
    assert_eq!(test.everything("SELECT field FROM change_suggestion WHERE state = 'open'").await.lines().count(), 1);
}

#[tokio::test]
async fn a_newer_release_suggests_for_each_location_and_part_and_one_tap_takes_it() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    old_package(folder.path());
    taken(&test, folder.path(), &options("springfield")).await;
    let rewrite = |file: &str, old: &str, new: &str| {
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file}: {text}");
        std::fs::write(&path, text.replace(old, new)).unwrap();
    };
    let more = "长芦街道9号,南京市,江苏省,210000,CN\n3,10,南京市六合区长芦街道8号,南京市,江苏省,210000,CN";
    rewrite("physical_addresses.csv", "长芦街道1号,南京市,江苏省,210000,CN", more);
    rewrite("locations.csv", "9,,没人用的地点,,", "9,,没人用的地点,,\n10,2,新开的站点,32.26,118.76");
    let report = taken(&test, folder.path(), &options("springfield")).await;
    assert_eq!(report.differences.iter().filter(|one| one.field == "locations").count(), 1);
    let open = test.everything("SELECT field FROM change_suggestion WHERE state = 'open' ORDER BY field").await;
    assert_eq!(open, "address\naddress\nlocations", "of the location and its organization, and a location that is new");

    test.account("registrar1", None, Role::Registrar, Scope::All).await;
    let registrar = test.signed_in("registrar1").await;
    let queue = registrar.get("/verification").await.expect(200).text;
    assert!(queue.contains("长芦街道9号") && queue.contains("新开的站点"), "{queue}");
    for id in test.everything("SELECT id FROM change_suggestion WHERE state = 'open'").await.lines() {
        let back = registrar.post(&format!("/suggestions/{id}"), &[("taken", "1"), ("back", "/verification")]).await.expect(303);
        assert_eq!(back.location.as_deref(), Some("/verification"), "it is put in");
    }
    let stands = test.everything("SELECT name || ' ' || address FROM location").await;
    assert!(stands.contains("长芦街道9号") && stands.contains("新开的站点"), "{stands}");
    let again = taken(&test, folder.path(), &options("springfield")).await;
    assert!(again.differences.is_empty(), "{:?}", again.differences);
}

#[tokio::test]
async fn a_dry_run_leaves_nothing_and_what_is_no_hsds_is_refused_in_a_sentence() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    old_package(folder.path());
    let report = taken(&test, folder.path(), &Options { dry_run: true, ..options("springfield") }).await;
    assert_eq!(report.tables["organization"].imported, 2);
    assert_eq!(test.everything("SELECT id FROM organization UNION ALL SELECT id FROM quarantine").await.lines().count(), 0);
    let odd = folder.path().join("odd.json");
    std::fs::write(&odd, b"\xff\xfe\x00not json").unwrap();
    let refused = import::import(&test.app, &odd, &options("odd"), |_, _| {}).await.unwrap_err().to_string();
    assert!(refused.contains("does not read as HSDS"), "{refused}");
}

#[tokio::test]
async fn what_comes_in_is_nobodys_to_see_before_it_is_verified() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    old_package(folder.path());
    taken(&test, folder.path(), &options("springfield")).await;
    test.indexed().await;
    let page = test.visitor().get("/hsds/services").await.expect(200).json();
    assert_eq!(page["empty"], true);
    let level = test.everything("SELECT confidentiality FROM organization").await;
    assert!(level.lines().all(|level| level == serde_json::to_value(Level::Public).unwrap().as_str().unwrap()), "{level}");
}

#[tokio::test]
async fn a_row_kept_aside_is_mended_on_the_page_and_what_hangs_on_it_comes_in_too() {
    use lianjie::access::{Role, Scope};

    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("organizations.csv", "id,name,description\n1,青藤社会工作服务中心,陪伴孩子\n"),
        ("services.csv", "id,organization_id,name,description,status\n5,9,周末陪伴,读书和运动,active\n6,8,没人要的服务,,active\n"),
        ("locations.csv", "id,organization_id,name,latitude,longitude\n2,1,长芦站点,32.25,118.75\n"),
        ("services_at_location.csv", "id,service_id,location_id\n7,5,2\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let report = taken(&test, folder.path(), &options("邻市名录")).await;
    assert!(report.held_back());
    test.account("data1", None, Role::DataManager, Scope::Division("32".parse().unwrap())).await;
    test.account("data2", None, Role::DataManager, Scope::Division("320116".parse().unwrap())).await;
    test.signed_in("data2").await.get("/quarantine").await.expect(403);
    let data = test.signed_in("data1").await;
    let page = data.get("/quarantine").await.expect(200).text;
    assert!(page.contains("邻市名录") && page.contains("周末陪伴") && page.contains("它所属的那一条不在这份文件里"), "{page}");
    let place = |name: &str| {
        let before = page.split(name).next().unwrap();
        before.rsplit("/quarantine/").next().unwrap().split('"').next().unwrap().to_owned()
    };
    let row = format!("/quarantine/{}", place("周末陪伴"));
    let cells = [("cell-id", "5"), ("cell-name", "周末陪伴"), ("cell-description", "读书和运动"), ("cell-status", "active")];
    let refused = data.post(&row, &[cells.as_slice(), &[("cell-organization_id", "77"), ("do", "mend")]].concat()).await.expect(422);
    assert!(refused.text.contains("value=\"77\"") && refused.text.contains("field--bad"), "{}", refused.text);
    data.post(&row, &[cells.as_slice(), &[("cell-organization_id", "1"), ("do", "mend")]].concat()).await.expect(303);
    let services = "SELECT s.name || ' ' || o.name || ' ' || l.name FROM service s JOIN organization o ON o.id = s.organization_id
                    JOIN service_at_location t ON t.service_id = s.id JOIN location l ON l.id = t.location_id";
    assert_eq!(test.everything(services).await, "周末陪伴 青藤社会工作服务中心 长芦站点", "its site came with it");
    assert_eq!(test.everything("SELECT place FROM quarantine WHERE settled_at IS NULL").await, "service:3");
    let row = format!("/quarantine/{}", test.everything("SELECT id FROM quarantine WHERE settled_at IS NULL").await);
    data.post(&row, &[("do", "put_away")]).await.expect(303);
    assert!(data.get("/quarantine").await.expect(200).text.contains("没有搁置的行"));
    data.get(&row).await.expect(404);
}

#[tokio::test]
async fn what_the_law_forbids_is_kept_aside_with_all_that_belongs_to_it() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("organizations.csv", "id,name,description\n1,青藤社会工作服务中心,陪伴孩子\n2,阳光戒网瘾学校,封闭管理\n"),
        (
            "services.csv",
            "id,organization_id,name,description,status\n5,1,门诊,看病,active\n6,1,少年成长特训营,告别网瘾,active\n7,1,周末陪伴,读书和运动,active\n8,2,课堂,上课,active\n",
        ),
        ("taxonomy.csv", "id,name,parent_id,vocabulary\n1,儿童精神科诊疗,,x\n"),
        ("services_taxonomy.csv", "id,service_id,taxonomy_id\n1,5,1\n"),
        ("phones.csv", "id,service_id,number\n1,5,025-1234567\n2,7,025-1234568\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let report = taken(&test, folder.path(), &options("邻市名录")).await;
    let why = |table: &str, row: usize| {
        let remarks = report.remarks.iter().filter(|remark| remark.table == table && remark.row == row);
        remarks.map(|remark| remark.reason.as_str()).collect::<Vec<_>>()
    };
    assert!(why("service", 2).contains(&"hsds_licence"), "{:?}", report.remarks);
    assert!(why("service", 3).contains(&"hsds_boot_camp"), "{:?}", report.remarks);
    assert!(why("organization", 3).contains(&"hsds_boot_camp") && why("service", 5).contains(&"hsds_orphan"));
    assert!(why("phone", 2).contains(&"hsds_orphan") && why("attribute", 2).contains(&"hsds_orphan"), "{:?}", report.remarks);
    let licence = report.remarks.iter().find(|remark| remark.reason == "hsds_licence").unwrap();
    assert!(licence.value.contains("PSY-05") && licence.zh.contains("依法不能"), "{licence:?}");
    assert_eq!(test.everything("SELECT name FROM service").await, "周末陪伴");
    for (table, counted) in &report.tables {
        let told = counted.imported + counted.held_back + counted.not_kept + counted.unchanged + counted.differing;
        assert_eq!(counted.read, told, "{table}: {counted:?}");
    }
    let aside = test.everything("SELECT place || ' ' || reason FROM quarantine WHERE settled_at IS NULL").await;
    assert!(aside.contains("service:2 hsds_licence") && aside.contains("service:3 hsds_boot_camp"), "{aside}");
}
