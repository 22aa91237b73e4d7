//! Staying true: what is old is in the queue of who can ask, confirmed by one tap without a log-in, hidden when nobody answers.

use jiff::SignedDuration;
use serde_json::json;

use crate::support::TestApp;
use crate::support::directory::{Listing, a_service};
use crate::support::post::{self as letters, Post};
use crate::support::referrals::{Provider, TOWNSHIP};
use lianjie::access::{Role, Scope};
use lianjie::freshness::actions::remind;
use lianjie::referral::notice::deliver;
use lianjie_index::entry::Level;

async fn service_of(test: &TestApp, provider: &Provider) -> String {
    let site = lianjie::service::store::site(&mut test.app.store.read().await.unwrap(), &provider.site).await.unwrap().unwrap();
    site.service.to_string()
}

pub async fn token_of(test: &TestApp, login: &str, organization: &str) -> String {
    let made = test.signed_in(login).await.post(&format!("/freshness/{organization}/link"), &[]).await.expect(200).text;
    assert!(!made.contains("打电话说给对方听"), "there is no code to say");
    made.split_once("/c/").unwrap().1.chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[tokio::test]
async fn what_is_old_is_in_the_queue_and_one_tap_without_a_log_in_takes_it_out() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let sun = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", Some(5)).await;
    let queue = async |kind: &str| test.signed_in("worker1").await.get(&format!("/freshness?kind={kind}")).await.expect(200).text;
    assert!(queue("facts").await.contains(&service_of(&test, &sun).await), "never confirmed");
    assert!(!queue("places").await.contains(&service_of(&test, &sun).await), "posted today");

    let token = token_of(&test, "worker1", sun.id.as_str()).await;
    let (path, phone) = (format!("/c/{token}"), test.visitor());
    let before = test.everything("SELECT COALESCE(assured_at, '') FROM service").await;
    let page = phone.get(&path).await.expect(200).text;
    assert!(page.contains("全部仍然有效") && page.contains("现在空几个名额"));
    assert_eq!(test.everything("SELECT COALESCE(assured_at, '') FROM service").await, before, "looking confirms nothing");

    let site = sun.site.to_string();
    assert!(phone.post(&path, &[("do", "free"), ("site", &site), ("free", "很多")]).await.expect(422).text.contains("写一个数字"));
    phone.post(&path, &[("do", "free"), ("site", &site), ("free", "3")]).await.expect(303);
    assert_eq!(test.places(&sun.site).await, (3, 0, 0));
    let service = service_of(&test, &sun).await;
    phone.post(&path, &[("do", "changed"), ("service", &service), ("changed", "")]).await.expect(422);
    phone.post(&path, &[("do", "changed"), ("service", &service), ("changed", "周六不开了")]).await.expect(303);
    assert!(test.everything("SELECT suggested FROM change_suggestion").await.contains("周六不开了"), "for the registrar to settle");
    assert_eq!(phone.post(&path, &[("do", "all")]).await.expect(303).location.as_deref(), Some("/c/done"));
    phone.get("/c/done").await.expect(200);
    phone.get(&path).await.expect(410);
    phone.post(&path, &[("do", "all")]).await.expect(410);
    assert!(!queue("facts").await.contains(&service), "it is fresh again");
    let checks = test.everything("SELECT field || ' ' || source || ' ' || method FROM fact_check ORDER BY field").await;
    assert!(checks.contains("existence organization own") && checks.contains("places organization own"), "{checks}");
    let log = test.everything("SELECT role || ' ' || action FROM audit_event").await;
    assert!(log.contains("link service.confirmed") && log.contains("link place.posted") && log.contains("worker link.made"), "{log}");

    test.pass(SignedDuration::from_hours(24 * 15));
    assert!(queue("places").await.contains(&service) && !queue("facts").await.contains(&service), "places grow old in two weeks");
    test.pass(SignedDuration::from_hours(24 * 170));
    assert!(queue("facts").await.contains(&service), "and the rest in half a year");
}

#[tokio::test]
async fn a_link_opens_its_organization_only_and_others_make_none() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let sun = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", Some(5)).await;
    let moon = test.provider("moon", "社工机构", TOWNSHIP, "EDU-05", Some(5)).await;
    let token = token_of(&test, "worker1", sun.id.as_str()).await;
    let (path, phone) = (format!("/c/{token}"), test.visitor());
    assert!(!phone.get(&path).await.expect(200).text.contains(&service_of(&test, &moon).await));
    phone.post(&path, &[("do", "holds"), ("service", &service_of(&test, &moon).await)]).await.expect(410);
    phone.post(&path, &[("do", "free"), ("site", &moon.site.to_string()), ("free", "0")]).await.expect(410);
    assert_eq!(test.places(&moon.site).await, (5, 0, 0));
    let second = token_of(&test, "worker1", sun.id.as_str()).await;
    phone.get(&path).await.expect(410);
    phone.get(&format!("/c/{second}")).await.expect(200);
    phone.get("/c/nothing").await.expect(410);
    test.pass(SignedDuration::from_hours(24 * 8));
    phone.get(&format!("/c/{second}")).await.expect(410);
    for login in ["moon", "sun"] {
        test.signed_in(login).await.get("/freshness").await.expect(403);
    }
    test.signed_in("moon").await.post(&format!("/freshness/{}/link", sun.id), &[]).await.expect(403);
    test.visitor().get("/freshness").await.expect(303);
}

#[tokio::test]
async fn what_nobody_reaches_on_three_days_is_hidden_and_not_deleted() {
    let test = TestApp::start().await;
    test.station_with_case().await;
    let sun = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let service = service_of(&test, &sun).await;
    let unreached = async || {
        let done = test.signed_in("registrar1").await.post(&format!("/services/{service}/unreached"), &[("back", "/freshness")]).await;
        done.expect(303);
        test.everything("SELECT status FROM service").await.trim().to_owned()
    };
    assert_eq!((unreached().await.as_str(), unreached().await.as_str()), ("active", "active"), "twice on one day is one day");
    test.pass(SignedDuration::from_hours(24));
    assert_eq!(unreached().await, "active");
    // Somebody answers: it counts from the beginning.
    let confirm = format!("/api/v1/services/{service}/confirmations");
    test.signed_in("worker1").await.send("POST", &confirm, &json!({ "method": "phone" })).await.expect(204);
    for day in 0..3 {
        test.pass(SignedDuration::from_hours(24));
        assert_eq!(unreached().await, if day == 2 { "inactive" } else { "active" });
    }
    test.signed_in("sun").await.get(&format!("/services/{service}")).await.expect(200);
    let card = test.signed_in("registrar1").await.get(&format!("/services/{service}")).await.expect(200).text;
    assert!(!card.contains("unreached"), "that somebody tried confirms nothing");
}

#[tokio::test]
async fn an_organization_looks_at_its_entry_as_workers_see_it() {
    let test = TestApp::start().await;
    let sun = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let owner = test.signed_in("sun").await;
    let path = format!("/services/{}", service_of(&test, &sun).await);
    assert!(owner.get(&path).await.expect(200).text.contains("as=worker"));
    let preview = owner.get(&format!("{path}?as=worker")).await.expect(200).text;
    assert!(preview.contains("这是社工看到的样子。"), "{preview}");
    assert!(!preview.contains("社工看到的样子</a>"), "a preview has no preview");
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE organization SET status = 'suspended'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    assert!(owner.get(&format!("{path}?as=worker")).await.expect(200).text.contains("社工搜不到"));
}

/// Writes a service anew with another wait; gives the day of its last confirmation.
async fn rewritten(test: &TestApp, login: &str, service: &str, wait_days: u32, spoke_with: &str) -> String {
    let (browser, path) = (test.signed_in(login).await, format!("/api/v1/services/{service}"));
    let mut content = browser.get(&path).await.expect(200).json()["service"].clone();
    let version = content["version"].clone();
    for beside in ["id", "organization", "checked", "unchecked", "version"] {
        content.as_object_mut().unwrap().remove(beside);
    }
    content["wait_days"] = json!(wait_days);
    if !spoke_with.is_empty() {
        content["spoke_with"] = json!(spoke_with);
    }
    browser.send("PUT", &path, &json!({ "version": version, "service": content })).await.expect(200);
    assured(test).await
}

async fn assured(test: &TestApp) -> String {
    test.everything("SELECT COALESCE(assured_at, '') FROM service").await
}

#[tokio::test]
async fn editing_is_not_confirming_unless_the_organization_itself_writes_or_was_called() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let owner = listing.organization.id.clone();
    test.account("provider1", Some(&owner), Role::Provider, Scope::Organization(owner.clone())).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let (service, old, today) = (listing.service.id.to_string(), "2026-11-20", test.app.today().to_string());
    assert_ne!(old, today);

    assert_eq!(rewritten(&test, "registrar1", &service, 6, "").await, old, "a registrar's correction confirms nothing");
    assert_eq!(rewritten(&test, "registrar1", &service, 7, "王主任").await, old);
    assert_eq!(rewritten(&test, "worker1", &service, 8, "").await, old, "nobody was called");
    assert_eq!(test.everything("SELECT field FROM fact_check").await, "");
    assert_eq!(rewritten(&test, "worker1", &service, 9, "王主任").await, today);
    let checks = "SELECT field || ' ' || source || ' ' || method FROM fact_check ORDER BY field";
    let phoned = ["existence", "fees", "schedule", "wait_days"].map(|field| format!("{field} worker phone · 王主任")).join("\n");
    assert_eq!(test.everything(checks).await, phoned);
    let log = test.everything("SELECT COALESCE(purpose, '') FROM audit_event WHERE action = 'service.edited'").await;
    assert_eq!(log.matches("on behalf of 王主任").count(), 1, "{log}");
    let page = test.signed_in("worker1").await.get(&format!("/services/{service}")).await.expect(200).text;
    assert!(page.contains("社工 · 电话 · 王主任"), "each fact says who said so and how: {page}");
    assert!(!page.contains("确认之后改过"), "{page}");

    test.pass(SignedDuration::from_hours(48));
    let back = [("put_back", "4"), ("field", "wait_days"), ("version", "5")];
    test.signed_in("provider1").await.post(&format!("/services/{service}/versions"), &back).await.expect(303);
    let page = test.signed_in("worker1").await.get(&format!("/services/{service}")).await.expect(200).text;
    assert_eq!(page.matches("确认之后改过").count(), 1, "the wait is another than the one that was confirmed: {page}");
    assert_eq!(assured(&test).await, today, "what was once so is not confirmed by putting it back");
    let later = test.app.today().to_string();
    assert_eq!(rewritten(&test, "provider1", &service, 11, "").await, later);
    assert!(test.everything(checks).await.contains("fees organization own"));
}

#[tokio::test]
async fn the_form_asks_a_worker_with_whom_it_spoke_and_nobody_else() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    let owner = listing.organization.id.clone();
    test.account("provider1", Some(&owner), Role::Provider, Scope::Organization(owner.clone())).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let page = format!("/services/{}/edit", listing.service.id);
    for (login, asked) in [("worker1", true), ("provider1", false), ("registrar1", false)] {
        let text = test.signed_in(login).await.get(&page).await.expect(200).text;
        assert_eq!(text.contains("name=\"spoke_with\""), asked, "{login}");
    }
    let new = format!("/organizations/{owner}/services/new");
    let fields = [("name", "周末陪伴"), ("terms", "DEV-02"), ("delivery", "phone"), ("status", "active"), ("who", "all")];
    let rest = [("sites", "none"), ("hukou", "any"), ("season", "always"), ("confidentiality", "public")];
    let added = async |name: &str, spoke_with: &str| {
        let typed = [&fields[1..], &rest, &[("name", name), ("spoke_with", spoke_with)]].concat();
        test.signed_in("worker1").await.post(&new, &typed).await
    };
    let refused = added("周末陪伴", &"王".repeat(41)).await.expect(422);
    assert!(refused.text.contains("40"), "{}", refused.text);
    added("周末陪伴", "").await.expect(303);
    added("假期陪伴", "王主任").await.expect(303);
    let today = test.app.today().to_string();
    assert_eq!(test.everything("SELECT COALESCE(assured_at, '') FROM service WHERE name = '周末陪伴'").await, "");
    assert_eq!(test.everything("SELECT COALESCE(assured_at, '') FROM service WHERE name = '假期陪伴'").await, today);
}

#[tokio::test]
async fn who_confirms_confirms_the_telephone_the_fee_and_the_wait_too() {
    let test = TestApp::start().await;
    let listing = Listing::new(&test, "四点半课堂", &["DEV-02"], "320116010").put(&test).await;
    test.account("worker1", None, Role::Worker, Scope::All).await;
    let path = format!("/api/v1/services/{}/confirmations", listing.service.id);
    test.signed_in("worker1").await.send("POST", &path, &json!({ "method": "phone" })).await.expect(204);
    let checks = test.everything("SELECT field || ' ' || method FROM fact_check ORDER BY field").await;
    assert_eq!(checks, "existence phone\nfees phone\nphones phone\nschedule phone\nwait_days phone");
}

/// The end of the address in a letter.
fn token_in(letter: &str) -> String {
    let text = letters::body(letter);
    let (_, rest) = text.split_once("https://lianjie.example/c/").unwrap_or_else(|| panic!("no link in {text}"));
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

async fn leaves_an_address(test: &TestApp, login: &str) {
    let mail = format!("{login}@provider.example");
    test.signed_in(login).await.post("/account/notices", &[("mail", &mail)]).await.expect(303);
}

async fn asked(test: &TestApp) -> usize {
    remind(&test.app).await.unwrap();
    test.everything("SELECT id FROM notice WHERE template = 'confirmation'").await.lines().count()
}

#[tokio::test]
async fn the_product_asks_by_itself_once_a_month_and_the_mail_opens_without_a_log_in() {
    let (office, server) = Post::open().await;
    let test = letters::with_mail(&server).await;
    let sun = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", Some(5)).await;
    test.provider("moon", "社工机构", TOWNSHIP, "EDU-04", None).await;
    test.offering("star", "社工机构", TOWNSHIP, "EDU-04", None).await;
    leaves_an_address(&test, "sun").await;
    assert_eq!(asked(&test).await, 2, "sun and moon; nobody answers for star");
    assert_eq!(asked(&test).await, 2, "they are asked once");
    let notice = test.signed_in("moon").await.get("/").await.expect(200).text;
    assert!(notice.contains("信息该确认了") && notice.contains("href=\"/organizations/mine\""), "in the page where there is no address");

    deliver(&test.app).await.unwrap();
    assert_eq!(deliver(&test.app).await.unwrap().sent, 0, "once");
    let sent = office.letters();
    assert!(sent.len() == 1 && sent[0].contains("To: sun@provider.example"), "{sent:#?}");
    let token = token_in(&sent[0]);
    for query in ["SELECT facts FROM notice", "SELECT token_hash || code_hash FROM link", "SELECT object_ref || fields FROM audit_event"] {
        assert!(!test.everything(query).await.contains(&token), "{query} keeps the token");
    }
    let (path, phone) = (format!("/c/{token}"), test.visitor());
    assert!(phone.get(&path).await.expect(200).text.contains("向阳花sun"));
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    token_of(&test, "registrar1", sun.id.as_str()).await;
    phone.get(&path).await.expect(200);
    assert_eq!(phone.post(&path, &[("do", "all")]).await.expect(303).location.as_deref(), Some("/c/done"));
    phone.get(&path).await.expect(410);
    let log = test.everything("SELECT role || ' ' || action FROM audit_event").await;
    assert!(log.contains("timer confirmation.asked") && log.contains("system link.made"), "{log}");

    test.pass(SignedDuration::from_hours(24 * 29));
    assert_eq!(asked(&test).await, 2, "a month is not over");
    test.pass(SignedDuration::from_hours(24 * 2));
    assert_eq!(asked(&test).await, 4, "moon never said anything, and the places of sun are old");
}

#[tokio::test]
async fn a_mail_waits_for_the_morning_and_one_sent_again_holds_the_same_link() {
    let (office, server) = Post::open().await;
    let test = letters::with_mail(&server).await;
    test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    leaves_an_address(&test, "sun").await;
    test.pass(SignedDuration::from_hours(14));
    assert_eq!(asked(&test).await, 1);
    assert_eq!(deliver(&test.app).await.unwrap().sent, 0, "at eleven in the evening");
    test.pass(SignedDuration::from_hours(9));
    *office.shut.lock().unwrap() = true;
    assert_eq!(deliver(&test.app).await.unwrap().failed, 1);
    *office.shut.lock().unwrap() = false;
    test.pass(SignedDuration::from_mins(2));
    assert_eq!(deliver(&test.app).await.unwrap().sent, 1);
    // It went out, and the process died before it was written down.
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE delivery SET state = 'sending', claimed_until = '2026-11-26T00:00:00.000Z'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    assert_eq!(deliver(&test.app).await.unwrap().sent, 1);
    let sent = office.letters();
    assert_eq!(sent.len(), 2);
    assert_eq!(token_in(&sent[0]), token_in(&sent[1]));
    assert_eq!(test.everything("SELECT id FROM link").await.lines().count(), 1);
    test.visitor().get(&format!("/c/{}", token_in(&sent[1]))).await.expect(200);
}

#[tokio::test]
async fn who_no_longer_answers_for_an_organization_gets_no_link_in_the_mail() {
    let (office, server) = Post::open().await;
    let test = letters::with_mail(&server).await;
    test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    leaves_an_address(&test, "sun").await;
    test.pass(SignedDuration::from_hours(14));
    assert_eq!(asked(&test).await, 1);
    deliver(&test.app).await.unwrap();
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE role_grant SET valid_to = '2026-11-25'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    test.pass(SignedDuration::from_hours(9));
    assert_eq!(deliver(&test.app).await.unwrap().sent, 1);
    let text = letters::body(&office.letters()[0]);
    assert!(text.contains("/organizations/mine") && !text.contains("/c/"), "{text}");
    assert_eq!(test.everything("SELECT id FROM link").await, "");
}

#[tokio::test]
async fn a_worker_asks_by_mail_where_there_is_an_address_and_not_twice() {
    let (office, server) = Post::open().await;
    let test = letters::with_mail(&server).await;
    test.station_with_case().await;
    let sun = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let moon = test.provider("moon", "社工机构", TOWNSHIP, "EDU-04", None).await;
    leaves_an_address(&test, "sun").await;
    let worker = test.signed_in("worker1").await;
    let mail = |id: &lianjie::id::OrganizationId| format!("/freshness/{id}/mail");
    let queue = worker.get("/freshness").await.expect(200).text;
    assert!(queue.contains(&mail(&sun.id)) && !queue.contains(&mail(&moon.id)), "only where there is an address");
    worker.post(&mail(&moon.id), &[]).await.expect(409);
    test.signed_in("moon").await.post(&mail(&sun.id), &[]).await.expect(403);
    worker.post(&mail(&sun.id), &[("back", "/freshness?kind=facts&page=1")]).await.expect(303);
    worker.post(&mail(&sun.id), &[]).await.expect(409);
    let queue = worker.get("/freshness").await.expect(200).text;
    assert!(queue.contains("已请机构确认") && !queue.contains(&mail(&sun.id)));
    deliver(&test.app).await.unwrap();
    test.visitor().get(&format!("/c/{}", token_in(&office.letters()[0]))).await.expect(200);
}

#[tokio::test]
async fn the_screen_of_a_link_shows_what_is_confirmed_and_nothing_that_is_kept() {
    let test = TestApp::start().await;
    let one = a_service(&test, "四点半课堂", &["EDU-04"], TOWNSHIP).await;
    let kept = Listing::new(&test, "夜间庇护", &["EDU-04"], TOWNSHIP).with(|kept| {
        kept.service.organization = one.organization.id.clone();
        kept.service.confidentiality = Level::Restricted;
    });
    kept.put(&test).await;
    let refuge = Listing::new(&test, "庇护所", &["EDU-04"], TOWNSHIP).with(|one| one.organization.confidentiality = Level::Restricted);
    let refuge = refuge.put(&test).await;
    test.account("registrar1", None, Role::Registrar, Scope::Division("320116".parse().unwrap())).await;
    let token = token_of(&test, "registrar1", one.organization.id.as_str()).await;
    let page = test.visitor().get(&format!("/c/{token}")).await.expect(200).text;
    for shown in
        ["025-0000 0001", "周三、周四 08:30-18:00", "30 元/次", "梧桐里站点 梧桐里 8 号", "空 3 个，共 20 个名额（2026-11-25 报的）"]
    {
        assert!(page.contains(shown), "{shown} is not on the screen: {page}");
    }
    assert!(!page.contains("夜间庇护"), "what is restricted is confirmed on the phone");
    let path = format!("/freshness/{}/link", refuge.organization.id);
    test.signed_in("registrar1").await.post(&path, &[]).await.expect(403);
    assert_eq!(asked(&test).await, 0, "nobody answers for either");
}
