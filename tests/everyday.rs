//! Everyday words: a data manager edits them, they are tried before they are saved, and every process understands them at once.

use std::sync::Arc;

use lianjie::access::{Role, Scope};
use lianjie::app::App;
use lianjie::boot::{self, Indexed};
use lianjie::locale::Locale;
use lianjie::secret::Keyring;
use lianjie::store::{Access, Store};
use lianjie::{search, taxonomy};
use serde_json::{Value, json};

use crate::search::{HERE, found, names};
use crate::support::directory::a_service;
use crate::support::{Browser, TestApp};

const WORDS: &str = "/api/v1/everyday-words";
/// A clause that no list has.
const CLAUSE: &str = "蹲门口等天黑";
/// A clause of the lists, and of no other word there.
const KNOWN: &str = "奶奶接不动";

/// Two services, and a data manager of the province.
async fn managed() -> (TestApp, Browser) {
    let test = TestApp::start().await;
    a_service(&test, "四点半放学护送", &["EDU-13"], HERE).await;
    a_service(&test, "沙盘游戏辅导", &["PSY-03"], HERE).await;
    test.indexed().await;
    test.account("data1", None, Role::DataManager, Scope::Division("32".parse().unwrap())).await;
    let data = test.signed_in("data1").await;
    (test, data)
}

async fn total(browser: &Browser, words: &str) -> u64 {
    found(browser, &format!("q={words}")).await["meta"]["total"].as_u64().unwrap()
}

fn needs(answer: &Value) -> Vec<&str> {
    answer["needs"].as_array().unwrap().iter().map(|need| need["term"].as_str().unwrap()).collect()
}

async fn add(data: &Browser, body: Value) -> String {
    data.send("POST", WORDS, &body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_clause_that_was_added_is_found_at_once_and_withdrawn_it_is_not() {
    let (test, data) = managed().await;
    let visitor = test.visitor();
    assert_eq!(total(&visitor, CLAUSE).await, 0);
    let id = add(&data, json!({ "phrase": CLAUSE, "terms": ["EDU-13"], "note": "长芦街道的说法" })).await;
    let answer = found(&visitor, &format!("q={CLAUSE}")).await;
    assert_eq!((names(&answer), needs(&answer)), (vec!["四点半放学护送"], vec!["EDU-13"]));
    let read = test.app.vocabulary.get().read("他天天蹲门口等天黑。");
    assert_eq!(read.iter().map(|need| need.term.as_str()).collect::<Vec<_>>(), ["EDU-13"], "a worker's notes are read the same way");

    let changed = json!({ "phrase": CLAUSE, "terms": ["PSY-03"], "version": 1 });
    data.send("PUT", &format!("{WORDS}/{id}"), &changed).await.expect(204);
    assert_eq!(names(&found(&visitor, &format!("q={CLAUSE}")).await), ["沙盘游戏辅导"]);
    let stale = json!({ "phrase": CLAUSE, "terms": ["EDU-13"], "version": 1 });
    data.send("PUT", &format!("{WORDS}/{id}"), &stale).await.expect(409);
    data.send("POST", WORDS, &json!({ "phrase": CLAUSE, "terms": ["EDU-13"] })).await.expect(422);

    data.send("DELETE", &format!("{WORDS}/{id}"), &json!({})).await.expect(204);
    assert_eq!(total(&visitor, CLAUSE).await, 0);
    data.send("DELETE", &format!("{WORDS}/{id}"), &json!({})).await.expect(404);
    let withdrawn = data.get(&format!("{WORDS}?which=withdrawn")).await.expect(200).json();
    assert_eq!((&withdrawn["meta"]["total"], &withdrawn["everyday_words"][0]["written_by"]), (&json!(1), &json!("测试·data1")));
    let again = add(&data, json!({ "phrase": CLAUSE, "terms": ["EDU-13"] })).await;
    assert!(again != id && total(&visitor, CLAUSE).await == 1, "what was withdrawn stands in nobody's way");
    let log = test
        .everything("SELECT action || ' ' || fields FROM audit_event WHERE object_type = 'everyday_word' ORDER BY action, fields")
        .await;
    let told = ["added [\"EDU-13\"]", "added [\"EDU-13\"]", "changed [\"PSY-03\"]", "withdrawn [\"PSY-03\"]"];
    assert_eq!(log, told.map(|verb| format!("everyday_word.{verb}")).join("\n"), "and never the phrase");
}

#[tokio::test]
async fn a_phrase_of_the_lists_is_taken_out_of_use_and_comes_back() {
    let (test, data) = managed().await;
    let visitor = test.visitor();
    assert_eq!(total(&visitor, KNOWN).await, 1);
    data.send("POST", WORDS, &json!({ "phrase": CLAUSE, "replaces": true })).await.expect(422);
    let id = add(&data, json!({ "phrase": KNOWN, "replaces": true })).await;
    assert_eq!(total(&visitor, KNOWN).await, 0);
    let listed = data.get(&format!("{WORDS}?which=lists&q={KNOWN}")).await.expect(200).json();
    let word = &listed["everyday_words"][0];
    assert_eq!((&word["id"], &word["replaces"], &word["terms"][0]["code"]), (&json!(id), &json!(true), &json!("EDU-13")));
    let page = data.get(&format!("/everyday-words?which=lists&q={KNOWN}")).await.expect(200).text;
    assert!(page.contains("已停用") && page.contains("恢复"), "{page}");
    data.post(&format!("/everyday-words/{id}/withdraw"), &[]).await.expect(303);
    assert_eq!(total(&visitor, KNOWN).await, 1);
}

#[tokio::test]
async fn signs_of_danger_are_added_and_never_taken_away() {
    let (test, data) = managed().await;
    let signs =
        || test.app.vocabulary.get().danger("他说想从楼顶上直接下去", None, None).into_iter().map(|sign| sign.code).collect::<Vec<_>>();
    assert!(signs().is_empty());
    let id = add(&data, json!({ "phrase": "从楼顶…下去", "sign": "suicide" })).await;
    assert_eq!(signs(), ["suicide"]);
    data.send("DELETE", &format!("{WORDS}/{id}"), &json!({})).await.expect(409);
    let other = json!({ "phrase": "别的", "terms": ["EDU-13"], "version": 1 });
    data.send("PUT", &format!("{WORDS}/{id}"), &other).await.expect(409);
    assert_eq!(signs(), ["suicide"]);
    for (phrase, sign) in [("死", "suicide"), ("不想活了", "no_such_sign"), ("自杀", "suicide")] {
        data.send("POST", WORDS, &json!({ "phrase": phrase, "sign": sign })).await.expect(422);
    }
    let listed = async |text: &str| data.get(&format!("{WORDS}?which=danger&q={text}")).await.expect(200).json()["everyday_words"].clone();
    let (own, table) = (listed("从楼顶").await, listed("自杀").await);
    assert_eq!((&own[0]["id"], &own[0]["sign"]), (&json!(id), &json!("suicide")));
    assert!(table.as_array().unwrap().iter().all(|word| word["id"].is_null()) && !table[0]["sign"].is_null(), "{table}");
}

/// A second process on the same store, which only reads it.
async fn beside(test: &TestApp) -> App {
    let store = Store::open(&test.app.config.database, Access::Read).await.unwrap();
    let keyring = Keyring::from_root(&[7; 32]);
    let app = boot::put_together(store, test.app.config.clone(), test.clock.clone(), keyring, Indexed::Memory).await.unwrap();
    search::catch_up(&app).await.unwrap();
    app
}

async fn total_of(app: &App, words: &str) -> Value {
    let answer = search::search_text(app, words, Some(HERE), 20, Locale::Zh).await.unwrap();
    serde_json::to_value(&answer).unwrap()["meta"]["total"].clone()
}

#[tokio::test]
async fn another_process_on_the_same_store_follows_without_a_restart() {
    let (test, data) = managed().await;
    let other = beside(&test).await;
    assert_eq!(total_of(&other, CLAUSE).await, 0);
    let id = add(&data, json!({ "phrase": CLAUSE, "terms": ["EDU-13"] })).await;
    assert_eq!(total_of(&other, CLAUSE).await, 0, "it has not looked yet");
    search::catch_up(&other).await.unwrap();
    assert_eq!(total_of(&other, CLAUSE).await, 1, "the follower of the index reads the words anew");
    assert_eq!(other.vocabulary.get().own(), test.app.vocabulary.get().own());
    a_service(&test, "晚间陪读", &["EDU-13"], HERE).await;
    search::catch_up(&other).await.unwrap();
    assert_eq!(total_of(&other, CLAUSE).await, 2, "and the index goes on following");

    data.send("DELETE", &format!("{WORDS}/{id}"), &json!({})).await.expect(204);
    taxonomy::follow(&other).await.unwrap();
    assert_eq!(total_of(&other, CLAUSE).await, 0, "the round of each minute would, too");
    let before = other.vocabulary.get();
    taxonomy::follow(&other).await.unwrap();
    assert!(Arc::ptr_eq(&before, &other.vocabulary.get()), "what did not change is not built anew");
    add(&data, json!({ "phrase": CLAUSE, "terms": ["EDU-13"] })).await;
    assert_eq!(total_of(&beside(&test).await, CLAUSE).await, 2, "a process that starts knows them");
}

#[tokio::test]
async fn only_who_keeps_the_reference_data_of_the_whole_province_edits() {
    let (test, data) = managed().await;
    test.station_with_case().await;
    test.account("data2", None, Role::DataManager, Scope::Division("320116".parse().unwrap())).await;
    let id = add(&data, json!({ "phrase": CLAUSE, "terms": ["EDU-13"] })).await;
    let (word, change) = (json!({ "phrase": "新说法", "terms": ["EDU-13"] }), json!({ "phrase": "新", "terms": ["EDU-13"], "version": 1 }));
    let refused = async |browser: &Browser, login: &str| {
        for (method, path, body) in [
            ("POST", WORDS.to_owned(), word.clone()),
            ("POST", format!("{WORDS}/preview"), word.clone()),
            ("POST", format!("{WORDS}/{id}/preview"), word.clone()),
            ("POST", format!("{WORDS}/paste"), json!({ "text": "新说法\tEDU-13" })),
            ("PUT", format!("{WORDS}/{id}"), change.clone()),
            ("DELETE", format!("{WORDS}/{id}"), json!({})),
        ] {
            let page = browser.send(method, &path, &body).await;
            assert_eq!(page.status, 403, "{login}: {method} {path}");
        }
        let form = [("phrase", "新说法"), ("terms", "EDU-13"), ("step", "save")];
        browser.post("/everyday-words", &form).await.expect(403);
        browser.post(&format!("/everyday-words/{id}"), &form).await.expect(403);
        browser.post(&format!("/everyday-words/{id}/withdraw"), &[]).await.expect(403);
        browser.post("/everyday-words/paste", &[("text", "新说法\tEDU-13"), ("step", "save")]).await.expect(403);
        browser.get("/everyday-words/new").await.expect(403);
        browser.get(&format!("/everyday-words/{id}")).await.expect(403);
    };
    for login in ["worker1", "head1", "county1"] {
        let browser = test.signed_in(login).await;
        browser.get("/everyday-words").await.expect(403);
        browser.get(WORDS).await.expect(403);
        refused(&browser, login).await;
    }
    let county = test.signed_in("data2").await;
    let page = county.get("/everyday-words").await.expect(200).text;
    assert!(page.contains(CLAUSE) && !page.contains("/withdraw") && !page.contains("/everyday-words/new"), "a county reads");
    refused(&county, "data2").await;
    test.visitor().get("/everyday-words").await.expect(303);
    test.visitor().get(WORDS).await.expect(401);
    assert_eq!(test.everything("SELECT phrase FROM everyday_word").await, CLAUSE);
}

#[tokio::test]
async fn of_a_paste_every_row_is_accounted_for_and_one_bad_row_keeps_all_out() {
    let (test, data) = managed().await;
    add(&data, json!({ "phrase": CLAUSE, "terms": ["EDU-13"] })).await;
    let bad = format!("{CLAUSE}\tEDU-13\n娃娃不肯进校门\tEDU-06\n药费发愁\tMED-99\n没有两列");
    let page = data.post("/everyday-words/paste", &[("text", &bad), ("step", "save")]).await.expect(422).text;
    for told in ["新说法 1", "已有 1", "不能收 2", "没有分类“MED-99”", "没有读到两列", "药费发愁"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM everyday_word").await, "1", "half of it is not taken");
    let refused = data.send("POST", &format!("{WORDS}/paste"), &json!({ "text": bad })).await.expect(422).json();
    let lines: Vec<&str> = refused["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(lines, ["line 3", "line 4"]);

    let good = bad.replace("MED-99", "MED-04、ECO-04").replace("没有两列", "娃娃不肯进校门\tPSY-02");
    let checked = data.send("POST", &format!("{WORDS}/paste"), &json!({ "text": good, "check": true })).await.expect(200).json();
    let outcomes: Vec<&str> = checked["rows"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!((outcomes, &checked["taken"]), (vec!["same", "added", "added", "joined"], &json!(false)));
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM everyday_word").await, "1", "it was only looked through");
    data.post("/everyday-words/paste", &[("text", &good), ("step", "save")]).await.expect(303);
    let stored = test.everything("SELECT phrase || ' ' || terms FROM everyday_word WHERE phrase <> '蹲门口等天黑' ORDER BY terms").await;
    assert_eq!(stored, "娃娃不肯进校门 [\"EDU-06\",\"PSY-02\"]\n药费发愁 [\"MED-04\",\"ECO-04\"]");
    assert_eq!(needs(&found(&test.visitor(), "q=药费发愁").await)[..2], ["MED-04", "ECO-04"]);
    let again = data.send("POST", &format!("{WORDS}/paste"), &json!({ "text": good })).await.expect(200).json();
    assert!(again["rows"].as_array().unwrap().iter().all(|row| row["outcome"] == "same"), "the same rows again change nothing: {again}");
}

/// What a search says of words, as a preview does.
async fn understood(data: &Browser, words: &str) -> (Vec<String>, u64) {
    let answer = found(data, &format!("q={words}")).await;
    (needs(&answer).into_iter().map(str::to_owned).collect(), answer["meta"]["total"].as_u64().unwrap())
}

fn previewed(side: &Value) -> (Vec<String>, u64) {
    let needs = side["needs"].as_array().unwrap().iter().map(|need| need["code"].as_str().unwrap().to_owned());
    (needs.collect(), side["total"].as_u64().unwrap())
}

#[tokio::test]
async fn a_preview_equals_what_comes_after_and_saves_nothing() {
    let (_test, data) = managed().await;
    let sample = "奶奶接不动，天天蹲门口等天黑";
    for body in [
        json!({ "phrase": CLAUSE, "terms": ["PSY-03", "EDU-13"] }),
        json!({ "phrase": KNOWN, "terms": ["PSY-03"], "replaces": true }),
        json!({ "phrase": "接", "terms": ["EDU-13"] }),
    ] {
        let mut tried = body.clone();
        tried["sample"] = json!(sample);
        let before = understood(&data, sample).await;
        let preview = data.send("POST", &format!("{WORDS}/preview"), &tried).await.expect(200).json();
        assert_eq!(previewed(&preview["before"]), before, "{preview}");
        assert_eq!(understood(&data, sample).await, before, "nothing was saved");
        add(&data, body).await;
        assert_eq!(previewed(&preview["after"]), understood(&data, sample).await, "{preview}");
    }
}

#[tokio::test]
async fn a_preview_warns_and_counts_what_comes_and_goes() {
    let (test, data) = managed().await;
    let preview = async |body: Value| data.send("POST", &format!("{WORDS}/preview"), &body).await.expect(200).json();
    let kinds = |preview: &Value| -> Vec<String> {
        preview["warnings"].as_array().unwrap().iter().map(|warning| warning["kind"].as_str().unwrap().to_owned()).collect()
    };
    let short = preview(json!({ "phrase": "蹲", "terms": ["EDU-13"], "sample": CLAUSE })).await;
    assert_eq!((kinds(&short), &short["come"], &short["go"]), (vec!["short".to_owned()], &json!(1), &json!(0)));
    let known = preview(json!({ "phrase": KNOWN, "terms": ["PSY-03"] })).await;
    assert_eq!((kinds(&known), &known["come"]), (vec!["known".to_owned()], &json!(1)));
    let instead = preview(json!({ "phrase": KNOWN, "terms": ["PSY-03"], "replaces": true })).await;
    assert_eq!((kinds(&instead), &instead["come"], &instead["go"]), (vec![], &json!(1), &json!(1)));
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM search_gap").await, "0", "what is tried is counted nowhere");

    // A term that went from the taxonomy stays in the word, is passed over, and is told.
    let id = add(&data, json!({ "phrase": CLAUSE, "terms": ["EDU-13"] })).await;
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE everyday_word SET terms = '[\"ZZZ-01\",\"EDU-13\"]'").execute(&mut *tx).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    taxonomy::follow(&test.app).await.unwrap();
    assert_eq!(total(&data, CLAUSE).await, 1);
    let listed = data.get(WORDS).await.expect(200).json();
    assert_eq!(listed["everyday_words"][0]["terms"][0]["retired"], true);
    let body = json!({ "phrase": CLAUSE, "terms": ["ZZZ-01", "EDU-13"] });
    let retired = data.send("POST", &format!("{WORDS}/{id}/preview"), &body).await.expect(200).json();
    assert_eq!(kinds(&retired), ["retired"]);
    data.send("POST", &format!("{WORDS}/preview"), &json!({ "phrase": "别的说法", "terms": ["ZZZ-01"] })).await.expect(422);
}

#[tokio::test]
async fn the_page_shows_what_a_word_would_do_before_it_is_saved() {
    let (test, data) = managed().await;
    let mut form = vec![("phrase", CLAUSE), ("terms", "EDU-13"), ("note", "长芦街道"), ("sample", "孩子蹲门口等天黑"), ("step", "preview")];
    let page = data.post("/everyday-words", &form).await.expect(200).text;
    assert!(page.contains("孩子蹲门口等天黑") && page.contains("没有读出需求") && page.contains("上学交通与接送"), "{page}");
    assert!(page.contains("value=\"save\"") && page.contains("value=\"长芦街道\""), "and may then be saved as it was typed");
    assert_eq!(test.everything("SELECT COUNT(*) || '' FROM everyday_word").await, "0");
    form[4].1 = "save";
    data.post("/everyday-words", &form).await.expect(303);
    assert_eq!(total(&test.visitor(), CLAUSE).await, 1);
    let list = data.get("/everyday-words").await.expect(200).text;
    assert!(list.contains(CLAUSE) && list.contains("长芦街道") && list.contains("测试·data1"), "{list}");
    let id = test.everything("SELECT id FROM everyday_word").await;
    let shown = data.get(&format!("/everyday-words/{id}")).await.expect(200).text;
    assert!(shown.contains("value=\"EDU-13\" selected") && !shown.contains("危险信号"), "a word that is there does not become a sign");
    let refused = data.post("/everyday-words", &[("phrase", CLAUSE), ("terms", "EDU-13"), ("step", "save")]).await.expect(422).text;
    assert!(refused.contains("本地已经有这个说法了"), "{refused}");
    assert_eq!(test.everything("SELECT note FROM everyday_word").await, "长芦街道", "the sentence it was tried on is kept nowhere");
}
