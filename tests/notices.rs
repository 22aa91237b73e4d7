//! Notices that leave: a real mail server and a real program listen, and each notice comes once.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use jiff::SignedDuration;
use lianjie::access::{Role, Scope};
use lianjie::account::notice::{Notice, leave};
use lianjie::referral::notice::{deliver, signature};
use lianjie::secret::Hidden;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::TestApp;
use crate::support::post::{Post, body, with_mail};
use crate::support::referrals::{NAMES, TOWNSHIP, act, refer};

/// A program that keeps what it is called with.
#[derive(Clone, Default)]
struct Program {
    calls: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    refuse: Arc<Mutex<bool>>,
}

impl Program {
    async fn open() -> (Self, u16) {
        let program = Self::default();
        let router = Router::new().route("/in", post(Self::take)).with_state(program.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        (program, port)
    }

    #[expect(clippy::unused_async, reason = "a handler is asynchronous")]
    async fn take(State(program): State<Self>, headers: HeaderMap, body: String) -> StatusCode {
        if *program.refuse.lock().unwrap() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        program.calls.lock().unwrap().push((headers, body));
        StatusCode::NO_CONTENT
    }

    fn calls(&self) -> Vec<(HeaderMap, String)> {
        self.calls.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_person_is_told_by_mail_once_and_nothing_names_the_child() {
    let (post, server) = Post::open().await;
    let test = with_mail(&server).await;
    let station = test.station_with_case().await;
    let provider = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    sun.post("/account/notices", &[("mail", "不是邮箱")]).await.expect(422);
    sun.post("/account/notices", &[("mail", "sun@provider.example")]).await.expect(303);
    worker.post("/account/notices", &[("mail", "worker@station.example")]).await.expect(303);
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let referral = refer(&worker, &need, &provider, json!({})).await;

    let passed = deliver(&test.app).await.unwrap();
    assert_eq!((passed.sent, passed.failed), (1, 0));
    assert_eq!(deliver(&test.app).await.unwrap().sent, 0, "once");
    act(&sun, &referral, "accept", json!({}), 200).await;
    deliver(&test.app).await.unwrap();
    let letters = post.letters();
    assert_eq!(letters.len(), 2);
    assert!(letters[0].contains("To: sun@provider.example") && letters[1].contains("To: worker@station.example"), "{letters:#?}");
    let text = body(&letters[0]);
    let number = referral["number"].as_str().unwrap();
    assert!(text.contains(number) && text.contains("https://lianjie.example/referrals/"), "{text}");
    for letter in &letters {
        for name in NAMES {
            assert!(!letter.contains(name) && !body(letter).contains(name), "{name} went out by mail");
        }
    }
}

#[tokio::test]
async fn who_does_not_answer_for_an_organization_is_not_told_of_its_referrals() {
    let (post, server) = Post::open().await;
    let test = with_mail(&server).await;
    let station = test.station_with_case().await;
    let provider = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let village = Scope::Village("320116010201".into());
    test.account("director", Some(&provider.id), Role::ChildDirector, village).await;
    let (worker, director) = (test.signed_in("worker1").await, test.signed_in("director").await);
    director.post("/account/notices", &[("mail", "director@provider.example")]).await.expect(303);
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let referral = refer(&worker, &need, &provider, json!({})).await;
    let number = referral["number"].as_str().unwrap();
    assert!(test.signed_in("sun").await.get("/").await.expect(200).text.contains(number));
    assert!(!director.get("/").await.expect(200).text.contains(number), "the director of the same body could not open it");
    let mut tx = test.app.begin().await.unwrap();
    let facts = json!({ "link": "/actions" });
    leave(&mut tx, Notice::Organization(&provider.id), "action_agreed", "agreed", &facts, test.app.now()).await.unwrap();
    tx.commit(test.app.now()).await.unwrap();
    assert!(
        test.signed_in("sun").await.get("/").await.expect(200).text.contains("会商定了一件由您做的事"),
        "who answers for it also does what meetings ask"
    );
    assert!(!director.get("/").await.expect(200).text.contains("会商定了一件由您做的事"));
    deliver(&test.app).await.unwrap();
    assert!(post.letters().iter().all(|letter| !letter.contains("director@provider.example")));
}

#[tokio::test]
async fn a_server_that_is_down_gets_it_later_under_the_same_name() {
    let (post, server) = Post::open().await;
    let test = with_mail(&server).await;
    let station = test.station_with_case().await;
    let provider = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let worker = test.signed_in("worker1").await;
    test.signed_in("sun").await.post("/account/notices", &[("mail", "sun@provider.example")]).await.expect(303);
    for term_tier in [2, 1] {
        let need = test.need(&station.case, "EDU-04", term_tier, true).await;
        refer(&worker, &need, &provider, json!({})).await;
    }
    *post.shut.lock().unwrap() = true;
    assert_eq!(deliver(&test.app).await.unwrap().failed, 1, "both are one mail");
    assert_eq!(deliver(&test.app).await.unwrap().failed, 0, "it is not tried again at once");
    *post.shut.lock().unwrap() = false;
    test.pass(SignedDuration::from_mins(1));
    assert_eq!(deliver(&test.app).await.unwrap().sent, 1);
    let letters = post.letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(body(&letters[0]).matches("/referrals/").count(), 2);

    // A process that died between sending and marking: the claim runs out, and the mail goes again under its name.
    let name = |letter: &str| letter.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    let mut tx = test.app.begin().await.unwrap();
    sqlx::query("UPDATE delivery SET state = 'sending', claimed_until = $1")
        .bind("2026-11-25T01:00:00.000Z")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit(test.app.now()).await.unwrap();
    assert_eq!(deliver(&test.app).await.unwrap().sent, 1);
    let letters = post.letters();
    assert_eq!(name(&letters[0]), name(&letters[1]), "the receiver knows it as the same");
}

#[tokio::test]
async fn a_referral_of_the_third_tier_is_in_the_page_at_once_and_in_the_mail_the_next_morning() {
    let (post, server) = Post::open().await;
    let test = with_mail(&server).await;
    let station = test.station_with_case().await;
    let provider = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    sun.post("/account/notices", &[("mail", "sun@provider.example")]).await.expect(303);
    let need = test.need(&station.case, "EDU-04", 3, true).await;
    // Wednesday, nine in the morning.
    let referral = refer(&worker, &need, &provider, json!({})).await;
    let link = format!("/referrals/{}", referral["id"].as_str().unwrap());
    assert!(sun.get("/").await.expect(200).text.contains(&link), "in the page at once");
    deliver(&test.app).await.unwrap();
    assert_eq!(post.letters().len(), 0);
    test.pass(SignedDuration::from_hours(23));
    deliver(&test.app).await.unwrap();
    let letters = post.letters();
    assert!(letters.len() == 1 && body(&letters[0]).contains(&link), "Thursday at eight, not a day later: {letters:?}");
}

#[tokio::test]
async fn nights_are_quiet_but_for_danger() {
    let (post, server) = Post::open().await;
    let test = with_mail(&server).await;
    let station = test.station_with_case().await;
    let provider = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    test.signed_in("sun").await.post("/account/notices", &[("mail", "sun@provider.example")]).await.expect(303);
    test.pass(SignedDuration::from_hours(14));
    let worker = test.signed_in("worker1").await;
    for (tier, expected) in [(2, 0), (1, 1)] {
        let need = test.need(&station.case, "EDU-04", tier, true).await;
        refer(&worker, &need, &provider, json!({})).await;
        deliver(&test.app).await.unwrap();
        assert_eq!(post.letters().len(), expected, "tier {tier} at eleven at night");
    }
    test.pass(SignedDuration::from_hours(9));
    deliver(&test.app).await.unwrap();
    assert!(post.letters().len() >= 2, "in the morning the rest comes");
}

#[tokio::test]
async fn what_can_wait_goes_out_as_one_digest_a_day_to_each_person() {
    let (post, server) = Post::open().await;
    let test = with_mail(&server).await;
    for (login, mail) in [("sun", "sun@provider.example"), ("moon", "moon@provider.example")] {
        test.provider(login, "社工机构", TOWNSHIP, "EDU-04", None).await;
        test.signed_in(login).await.post("/account/notices", &[("mail", mail)]).await.expect(303);
    }
    let id_of = async |login: &'static str| {
        let all = test.everything("SELECT login || ' ' || id FROM account").await;
        let found = all.lines().find_map(|line| line.strip_prefix(login)?.strip_prefix(' ').map(str::to_owned)).unwrap();
        lianjie::id::AccountId::parse(&found).unwrap()
    };
    let (sun, moon) = (id_of("sun").await, id_of("moon").await);
    let left = async |to: &lianjie::id::AccountId, key: &str, tier: u8| {
        let mut tx = test.app.begin().await.unwrap();
        let facts = json!({ "tier": tier, "day": "2026-12-04", "link": format!("/actions?{key}") });
        leave(&mut tx, Notice::Account(to), "action_due", key, &facts, test.app.now()).await.unwrap();
        tx.commit(test.app.now()).await.unwrap();
        deliver(&test.app).await.unwrap();
    };
    let to = |name: &str| post.letters().into_iter().filter(|letter| letter.contains(&format!("To: {name}@"))).collect::<Vec<_>>();
    // Wednesday, nine in the morning, and through the day.
    left(&sun, "a", 3).await;
    left(&moon, "b", 4).await;
    test.pass(SignedDuration::from_hours(6));
    left(&sun, "c", 4).await;
    assert_eq!(post.letters().len(), 0, "nothing of these goes out at once");
    left(&sun, "d", 2).await;
    assert_eq!(to("sun").len(), 1, "the second tier does not wait");
    assert!(body(&to("sun")[0]).matches("/actions?").count() == 1 && body(&to("sun")[0]).contains("/actions?d"), "and takes nothing along");
    test.pass(SignedDuration::from_hours(16));
    deliver(&test.app).await.unwrap();
    assert_eq!(post.letters().len(), 1, "Thursday, seven");
    test.pass(SignedDuration::from_hours(1));
    assert_eq!(deliver(&test.app).await.unwrap().sent, 2, "at eight, one for each person");
    let digest = body(&to("sun")[1]);
    assert!(digest.contains("/actions?a") && digest.contains("/actions?c") && digest.matches("/actions?").count() == 2, "{digest}");
    assert_eq!(to("moon").len(), 1);
    left(&sun, "e", 3).await;
    for _ in 0..23 {
        test.pass(SignedDuration::from_hours(1));
        deliver(&test.app).await.unwrap();
    }
    assert_eq!((to("sun").len(), to("moon").len()), (2, 1), "one a day");
    test.pass(SignedDuration::from_hours(1));
    deliver(&test.app).await.unwrap();
    assert_eq!((to("sun").len(), to("moon").len()), (3, 1), "who has nothing new gets none");
}

#[tokio::test]
async fn a_program_is_called_with_a_signature_and_only_where_it_is_allowed() {
    let (program, port) = Program::open().await;
    let test = TestApp::start_with(|config| config.webhook_hosts = vec![format!("127.0.0.1:{port}")]).await;
    let station = test.station_with_case().await;
    let provider = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", None).await;
    let (worker, sun) = (test.signed_in("worker1").await, test.signed_in("sun").await);
    let hooks = format!("/api/v1/organizations/{}/webhooks", provider.id);
    for (url, reason) in [("http://10.0.0.1/in", "webhook_host"), ("https://evil.example/in", "webhook_host"), ("nonsense", "webhook_url")]
    {
        let refused = sun.send("POST", &hooks, &json!({ "url": url })).await.expect(422).json();
        assert_eq!(refused["errors"][0]["reason"], reason);
    }
    worker.send("POST", &hooks, &json!({ "url": format!("http://127.0.0.1:{port}/in") })).await.expect(403);
    let made = sun.send("POST", &hooks, &json!({ "url": format!("http://127.0.0.1:{port}/in") })).await.expect(201).json();
    assert!(sun.get("/account/notices").await.expect(200).text.contains(made["secret"].as_str().unwrap()));

    *program.refuse.lock().unwrap() = true;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let referral = refer(&worker, &need, &provider, json!({})).await;
    assert_eq!(deliver(&test.app).await.unwrap().failed, 1);
    *program.refuse.lock().unwrap() = false;
    test.pass(SignedDuration::from_mins(1));
    assert_eq!(deliver(&test.app).await.unwrap().sent, 1);
    assert_eq!(deliver(&test.app).await.unwrap().sent, 0, "once");
    let calls = program.calls();
    assert_eq!(calls.len(), 1);
    let (headers, body) = &calls[0];
    let said: Value = serde_json::from_str(body).unwrap();
    assert_eq!((said["event"].as_str(), &said["number"]), (Some("referral_sent"), &referral["number"]));
    let secret = Hidden::new(made["secret"].as_str().unwrap());
    assert_eq!(headers["lianjie-signature"].to_str().unwrap(), signature(&secret, test.app.now(), body), "the program can tell it is ours");
    assert_eq!(headers["lianjie-delivery"].to_str().unwrap(), said["id"].as_str().unwrap());
    for name in NAMES {
        assert!(!body.contains(name), "{name} went out");
    }

    sun.send("DELETE", &format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap()), &json!({})).await.expect(204);
    let need = test.need(&station.case, "EDU-04", 2, true).await;
    let other = test.provider("two", "社工机构", TOWNSHIP, "EDU-04", None).await;
    refer(&worker, &need, &other, json!({})).await;
    refer(&worker, &need, &provider, json!({})).await;
    deliver(&test.app).await.unwrap();
    assert_eq!(program.calls().len(), 1, "a stopped one is not called");
}
