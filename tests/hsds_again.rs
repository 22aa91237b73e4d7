//! HSDS comes back: what is of our own layer (the calendar, confirmations) is known again, and the rest is not taken for more than it is.

use lianjie::exchange::hsds::import::Options;
use lianjie::exchange::hsds::package;

use crate::hsds_import::{exported, options, taken, timeless};
use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};

#[tokio::test]
async fn holidays_confirmations_and_organizations_by_themselves_come_in_again_and_are_written_the_same() {
    use lianjie::access::Actor;
    use lianjie::id::FactCheckId;

    let start = "2026-01-05T09:00:00+08:00";
    let test = TestApp::start_at(start).await;
    let at = test.app.now();
    let listing = Listing::new(&test, "课后托管", &[], "320116012")
        .with(|one| {
            one.service.assured_at = Some("2026-01-02".parse().unwrap());
            // What is not stated stays so.
            one.service.delivery = Vec::new();
            let day = |day| format!(r#"{{"day":{day},"from":"14:00:00","to":"18:00:00"}}"#);
            let weekly = (1..=5).map(day).collect::<Vec<_>>().join(",");
            one.service.schedule = serde_json::from_str(&format!(r#"{{"weekly":[{weekly}],"season":"term_time"}}"#)).unwrap();
        })
        .put(&test)
        .await;
    let parent = Listing::new(&test, "", &[], "320116012").with(|one| one.organization.name = "青松儿童基金会".into());
    let parent = parent.put_alone(&test).await.organization.id;
    let branch = |one: &mut Listing| {
        one.organization.name = "青松儿童基金会六合分会".into();
        one.organization.parent = Some(parent.clone());
    };
    Listing::new(&test, "", &[], "320116012").with(branch).put_alone(&test).await;
    let mut tx = test.app.begin().await.unwrap();
    for (subject, fact) in [
        (listing.service.id.as_str(), ["existence", "x", "worker", "phone · 王主任"]),
        (listing.service.id.as_str(), ["fees", "x", "registrar", "document"]),
        (listing.organization.id.as_str(), ["phones", "x", "organization", "own"]),
    ] {
        let until = at + jiff::SignedDuration::from_hours(24 * 180);
        lianjie::service::store::insert_fact_check(&mut tx, &FactCheckId::new(at), subject, fact, &Actor::system().id, at, until)
            .await
            .unwrap();
    }
    tx.commit(at).await.unwrap();
    let first = exported(&test).await;
    let text = |name: &str| String::from_utf8(first.iter().find(|(file, _)| file == name).unwrap().1.clone()).unwrap();
    let attributes = text("attributes.csv");
    assert!(attributes.contains("confirmed") && attributes.contains("2026-01-05") && attributes.contains("registrar"), "{attributes}");
    assert!(first.iter().all(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("王主任")), "who spoke stays here");
    let schedules = text("schedules.csv");
    assert!(schedules.contains("closed") && schedules.contains("make-up workday"), "{schedules}");
    for form in ["folder", "organizations.json"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(form);
        if form == "folder" {
            package::write(&first, &path).unwrap();
        } else {
            std::fs::write(&path, text(form)).unwrap();
        }
        let other = TestApp::start_at(start).await;
        let vouched = Options { vouched: true, ..options("self") };
        let report = taken(&other, &path, &vouched).await;
        assert!(!report.held_back() && report.remarks.is_empty(), "{form}: {:?}", report.remarks);
        assert!(report.columns.is_empty(), "{form}: {:?}", report.columns);
        for ((name, before), (_, after)) in timeless(&first).iter().zip(timeless(&exported(&other).await)) {
            let differs = before.lines().zip(after.lines()).find(|(one, other)| one != other);
            assert!(differs.is_none() && before.len() == after.len(), "{form}: {name} differs: {differs:?}");
        }
        let weekly = other.everything("SELECT schedule FROM service").await;
        assert_eq!(weekly.matches("\"day\"").count(), 5, "a make-up workday is no opening of the week: {weekly}");
        let checks =
            "SELECT field || ' ' || source || ' ' || method || ' ' || said_source || ' ' || said_method FROM fact_check ORDER BY field";
        let expected = "existence import import worker phone\nfees import import registrar document\nphones import import organization own";
        assert_eq!(other.everything(checks).await, expected, "it is the source's word, not ours");
        let again = taken(&other, &path, &vouched).await;
        assert!(again.differences.is_empty() && again.tables["schedule"].imported == 0, "{:?}", again.tables);
        assert_eq!(other.everything(checks).await, expected, "the same word twice is one");
    }
}

#[tokio::test]
async fn a_confirmation_that_cannot_be_is_remarked_and_a_parent_may_be_in_the_directory_already() {
    let test = TestApp::start().await;
    let parent = a_service(&test, "四点半放学护送", &["EDU-13"], "320116012").await.organization.id;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "organizations.csv",
            format!("id,name,description,parent_organization_id\n1,青藤分会,分会,{parent}\n2,青藤支会,支会,1\n3,没有上级,走失,99\n"),
        ),
        ("taxonomy_terms.csv", "id,code,name,description,taxonomy\n7,confirmed:phones,电话,电话,lianjie-confirmed\n".to_owned()),
        (
            "attributes.csv",
            concat!(
                "id,link_id,link_entity,taxonomy_term_id,value\n",
                r#"1,1,organization,7,"{""source"":""worker"",""method"":""phone"",""on"":""2026-11-20"",""until"":""2027-05-20""}""#,
                "\n",
                r#"2,2,organization,7,"{""source"":""worker"",""method"":""phone"",""on"":""2027-11-20"",""until"":""2028-05-20""}""#,
                "\n"
            )
            .to_owned(),
        ),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let report = taken(&test, folder.path(), &options("邻市名录")).await;
    let why = |table: &str, row: usize| {
        let remarks = report.remarks.iter().filter(|remark| remark.table == table && remark.row == row);
        remarks.map(|remark| remark.reason.as_str()).collect::<Vec<_>>()
    };
    assert!(why("attribute", 2).is_empty() && why("attribute", 3) == ["hsds_confirmed"], "{:?}", report.remarks);
    assert!(why("organization", 4).contains(&"hsds_parent"), "{:?}", report.remarks);
    let branches = "SELECT o.name || ' ' || p.name FROM organization o JOIN organization p ON p.id = o.parent_id ORDER BY o.name";
    let branches = test.everything(branches).await;
    assert!(branches.contains("青藤支会 青藤分会") && branches.lines().count() == 2, "{branches}");
    assert_eq!(test.everything("SELECT said_method FROM fact_check").await, "phone");
}

#[tokio::test]
async fn hours_that_change_in_the_year_are_not_taken_for_hours_of_every_week() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("organizations.csv", "id,name,description\n1,青藤社会工作服务中心,陪伴孩子\n"),
        ("services.csv", "id,organization_id,name,description,status\n5,1,周末陪伴,读书,active\n6,1,暑期课堂,上课,active\n"),
        (
            "schedules.csv",
            "id,service_id,byday,opens_at,closes_at,valid_from,valid_to\n\
             1,5,MO,09:00,17:00,,\n2,5,MO,09:00,12:00,2026-07-01,2026-08-31\n\
             3,6,MO,08:00,12:00,2027-07-01,2027-08-31\n4,6,TU,08:00,12:00,2027-07-01,2027-08-31\n",
        ),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let report = taken(&test, folder.path(), &options("邻市名录")).await;
    let bounded: Vec<_> = report.remarks.iter().filter(|remark| remark.table == "schedule").map(|one| (one.row, &*one.reason)).collect();
    assert_eq!(bounded, [(3, "hsds_schedule_kind")]);
    let services = test.everything("SELECT name || ' ' || schedule || ' ' || description FROM service ORDER BY name DESC").await;
    assert!(services.contains("2026-07-01 2026-08-31 MO 09:00 12:00"), "it stands behind the description: {services}");
    assert!(services.contains(r#""dated":["2027-07-01","2027-08-31"]"#), "one stretch for all rows is the season: {services}");
}

#[tokio::test]
async fn every_row_of_two_files_that_are_one_table_is_accounted_for_and_persons_do_not_stay() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("organizations.csv", "id,name,description\n1,青藤社会工作服务中心,陪伴孩子\n"),
        ("locations.csv", "id,organization_id,name,latitude,longitude\n2,1,长芦站点,32.25,118.75\n"),
        ("physical_addresses.csv", "id,location_id,address_1,city\n1,2,长芦街道1号,南京市\n2,77,没有地点,南京市\n"),
        ("postal_addresses.csv", "id,location_id,address_1,city\n1,2,长芦街道2号,南京市\n2,78,没有地点,南京市\n"),
        ("contacts.csv", "id,name\n1,王某某\n"),
        ("phones.csv", "id,location_id,contact_id,number\n1,2,,025-1234567\n2,,1,13900000000\n"),
        ("languages.csv", "id,location_id,language\n1,2,英语\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let report = taken(&test, folder.path(), &options("邻市名录")).await;
    for (table, counted) in &report.tables {
        let told = counted.imported + counted.held_back + counted.not_kept + counted.unchanged + counted.differing;
        assert_eq!(counted.read, told, "{table}: {counted:?}");
    }
    assert_eq!((report.tables["address"].read, report.tables["address"].held_back), (4, 2), "{:?}", report.tables);
    assert_eq!((report.tables["phone"].imported, report.tables["phone"].not_kept), (1, 1), "{:?}", report.tables);
    assert_eq!(report.tables["language"].not_kept, 1);
    assert_eq!(test.everything("SELECT phones FROM organization").await, r#"["025-1234567"]"#, "the phone of the location is kept");
    let aside = test.everything("SELECT place || ' ' || raw FROM quarantine WHERE settled_at IS NULL").await;
    assert!(aside.lines().count() == 2 && aside.contains("77") && aside.contains("78"), "each with its own cells: {aside}");
    assert!(!aside.contains("13900000000"), "the phone of a person is not kept aside either: {aside}");
}

#[tokio::test]
async fn a_row_without_an_id_or_with_that_of_another_is_kept_aside_and_stops_nothing() {
    let test = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("organizations.csv", "id,name,description\n1,青藤社会工作服务中心,陪伴孩子\n"),
        ("services.csv", "id,organization_id,name,description,status\n5,1,周末陪伴,读书,active\n"),
        ("cost_options.csv", "id,service_id,amount,currency\n1,5,10,CNY\n1,5,20,CNY\n,5,30,CNY\n,5,40,CNY\n"),
        ("services_at_location.csv", "id,service_id,location_id\n7,5,2\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let report = taken(&test, folder.path(), &options("邻市名录")).await;
    let why: Vec<_> = report.remarks.iter().filter(|one| one.table == "cost_option").map(|one| (one.row, &*one.reason)).collect();
    assert_eq!(why, [(3, "hsds_twice"), (4, "hsds_id"), (5, "hsds_id")]);
    assert_eq!(test.everything("SELECT CAST(amount_fen AS TEXT) FROM fee").await, "1000");
    let again = taken(&test, folder.path(), &options("邻市名录")).await;
    for (table, counted) in again.tables.iter().chain(&report.tables) {
        let told = counted.imported + counted.held_back + counted.not_kept + counted.unchanged + counted.differing;
        assert_eq!(counted.read, told, "{table}: {counted:?}");
    }
    assert_eq!((again.tables["cost_option"].unchanged, again.tables["cost_option"].held_back), (1, 3), "{:?}", again.tables);
    assert_eq!((again.tables["service_at_location"].unchanged, again.tables["service_at_location"].held_back), (0, 1));
}
