//! An answer without an account: a link, a code said on the phone, one screen, one answer.

use jiff::SignedDuration;
use lianjie::case::model::Outcome;
use lianjie::consent::model::Item;
use serde_json::{Value, json};

use crate::support::referrals::{NAMES, Provider, Station, TOWNSHIP, refer};
use crate::support::{Browser, TestApp};

struct Sent {
    test: TestApp,
    station: Station,
    need: lianjie::id::NeedId,
    provider: Provider,
    referral: Value,
    worker: Browser,
}

async fn sent() -> Sent {
    let test = TestApp::start().await;
    let station = test.station_with_case().await;
    let need = test.need(&station.case, "EDU-04", 2, false).await;
    let provider = test.provider("sun", "社工机构", TOWNSHIP, "EDU-04", Some(1)).await;
    test.consent(&station, &provider.id, &[Item::Name, Item::GuardianPhone]).await;
    let worker = test.signed_in("worker1").await;
    let referral = refer(&worker, &need, &provider, json!({ "items": ["name", "guardian_phone"] })).await;
    Sent { test, station, need, provider, referral, worker }
}

impl Sent {
    fn page(&self) -> String {
        format!("/referrals/{}", self.referral["id"].as_str().unwrap())
    }

    /// Makes a link; gives its path and its code.
    async fn link(&self) -> (String, String) {
        let made = self.worker.post(&format!("{}/links", self.page()), &[]).await.expect(200).text;
        let path = made.split_once("/l/").unwrap().1.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
        let code = made.split_once("class=\"number\">").unwrap().1.chars().take(7).collect::<String>();
        assert!(made.contains("<svg"), "there is a square to scan");
        (format!("/l/{path}"), code)
    }

    async fn state(&self) -> String {
        let worker = self.test.signed_in("worker1").await;
        let found = worker.get(&format!("/api/v1{}", self.page())).await.expect(200).json();
        found["referral"]["state"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_provider_without_an_account_accepts_on_one_screen() {
    let sent = sent().await;
    assert!(sent.worker.get(&sent.page()).await.text.contains("发一次性链接"));
    let (link, code) = sent.link().await;
    let phone = sent.test.visitor();

    let closed = phone.get(&link).await.expect(200);
    assert!(closed.text.contains("验证码") && !closed.text.contains("小"), "before the code nothing is said of the child");
    assert_eq!(sent.state().await, "sent");
    phone.post(&format!("{link}/answers/accept"), &[]).await.expect(303);
    assert_eq!(sent.state().await, "sent", "without the code nothing is answered");

    phone.post(&format!("{link}/code"), &[("code", &code)]).await.expect(303);
    assert_eq!(sent.state().await, "acknowledged", "opened is seen, not accepted");
    let open = phone.get(&link).await.expect(200);
    assert!(open.text.contains("能接，我们受理"), "{}", open.text);
    let form = phone.get(&format!("{link}?act=accept")).await.expect(200);
    for name in NAMES {
        assert!(!open.text.contains(name) && !form.text.contains(name), "{name} stands behind the link");
    }
    let done = phone.post(&format!("{link}/answers/accept"), &[("promised_day", "2026-11-30")]).await.expect(303);
    let thanks = phone.get(&done.location.unwrap()).await.expect(200);
    assert!(thanks.text.contains("已经受理"));

    assert_eq!(sent.state().await, "accepted");
    assert_eq!(sent.test.need_state(&sent.need).await.state, Outcome::BeingServed);
    assert_eq!(sent.test.places(&sent.provider.site).await, (1, 1, 0), "a place is taken");
    let events = sent.test.everything("SELECT channel || ' ' || kind FROM referral_event").await;
    assert!(events.contains("link accept"), "{events}");
    let log = sent.test.everything("SELECT role || ' ' || action FROM audit_event").await;
    assert!(log.contains("link referral.accept") && log.contains("worker link.made"), "{log}");
    for name in NAMES {
        assert!(!log.contains(name));
    }
    phone.get(&link).await.expect(410);
}

#[tokio::test]
async fn a_spent_link_does_not_say_whose_it_was() {
    let sent = sent().await;
    let (first, _) = sent.link().await;
    let (second, code) = sent.link().await;
    let phone = sent.test.visitor();
    let replaced = phone.get(&first).await.expect(410).text;
    phone.post(&format!("{second}/code"), &[("code", &code)]).await.expect(303);
    phone.post(&format!("{second}/answers/decline"), &[("reason", "no_capacity")]).await.expect(303);
    let used = phone.get(&second).await.expect(410).text;
    let never = phone.get("/l/00000000000000000000000000000000").await.expect(410).text;
    let plain = |page: &str| page.split_once("<main").unwrap().1.to_owned();
    assert_eq!(plain(&used), plain(&never), "one that was used and one that never was look alike");
    assert_eq!(plain(&replaced), plain(&never));
    assert!(!used.contains("长芦") && !used.contains(sent.referral["number"].as_str().unwrap()));
    assert_eq!(sent.state().await, "declined");
    sent.worker.post(&format!("{}/links", sent.page()), &[]).await.expect(409);
}

#[tokio::test]
async fn codes_are_not_guessed_and_time_runs_out() {
    let sent = sent().await;
    let (link, code) = sent.link().await;
    let phone = sent.test.visitor();
    let wrong = if code.starts_with('0') { "111 111" } else { "000 000" };
    for _ in 0..5 {
        let refused = phone.post(&format!("{link}/code"), &[("code", wrong)]).await;
        assert!(matches!(refused.status, 422), "{}", refused.text);
        assert!(!refused.text.contains(wrong), "what was typed is not given back");
    }
    phone.post(&format!("{link}/code"), &[("code", &code)]).await.expect(410);
    assert_eq!(sent.state().await, "sent");
    let log = sent.test.everything("SELECT action || ' ' || outcome FROM audit_event").await;
    assert_eq!(log.matches("link.opened refused").count(), 5, "{log}");

    let (link, code) = sent.link().await;
    phone.post(&format!("{link}/code"), &[("code", &code)]).await.expect(303);
    sent.test.pass(SignedDuration::from_mins(31));
    let later = phone.get(&link).await.expect(200);
    assert!(later.text.contains("请先输入"), "half an hour later the code is asked again");
    sent.test.pass(SignedDuration::from_hours(24 * 7));
    phone.get(&link).await.expect(410);
}

#[tokio::test]
async fn only_the_sender_makes_links_and_a_question_leaves_it_open() {
    let sent = sent().await;
    let provider = sent.test.signed_in("sun").await;
    provider.post(&format!("{}/links", sent.page()), &[]).await.expect(403);
    sent.test.visitor().post(&format!("{}/links", sent.page()), &[]).await.expect(303);
    let made = sent.worker.send("POST", &format!("/api/v1{}/links", sent.page()), &json!({})).await.expect(201).json();
    let (address, code) = (made["address"].as_str().unwrap(), made["code"].as_str().unwrap());
    let link = &address[address.find("/l/").unwrap()..];
    let phone = sent.test.visitor();
    phone.post(&format!("{link}/code"), &[("code", code)]).await.expect(303);
    phone.post(&format!("{link}/answers/ask"), &[("note", "")]).await.expect(422);
    phone.post(&format!("{link}/answers/ask"), &[("note", "孩子周末能来吗？")]).await.expect(303);
    assert_eq!(sent.state().await, "needs_info");
    assert!(phone.get(link).await.expect(200).text.contains("已经转给社工"));
    phone.post(&format!("{link}/answers/report"), &[]).await.expect(403);
    let stored = sent.test.everything("SELECT token_hash || code_hash FROM link").await;
    assert!(!stored.contains(link.trim_start_matches("/l/")), "the token is not stored");
    assert!(!sent.station.case.to_string().is_empty());
}
