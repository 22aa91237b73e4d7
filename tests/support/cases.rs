//! A station with its people, and cases opened over HTTP.

use lianjie::access::{Role, Scope};
use lianjie::id::{AccountId, CaseId, OrganizationId};
use lianjie::organization::model::{Organization, Status};
use lianjie::organization::store as organizations;
use lianjie_index::entry::Level;
use serde_json::{Value, json};

use super::{Browser, TestApp};

/// Texts that name a child; none may stand where it was not asked for.
pub const PLANTED: [&str; 7] =
    ["欧阳测试", "320000201503170024", "测试路十九号之三", "13900009999", "欧阳大测试", "测试第一小学", "爸爸喝酒以后摔东西"];

impl TestApp {
    /// A station in a township.
    pub async fn station(&self, name: &str, township: &str) -> OrganizationId {
        let at = self.app.clock.now();
        let station = Organization {
            id: OrganizationId::new(at),
            kind: "未保工作站".into(),
            name: name.into(),
            alternate_name: None,
            description: String::new(),
            code_uscc: None,
            division: township.parse().unwrap(),
            address: String::new(),
            phones: Vec::new(),
            office_phones: Vec::new(),
            website: None,
            parent: None,
            status: Status::Verified,
            status_reason: None,
            entered_by: None,
            verified_at: Some(at),
            verified_until: None,
            confidentiality: Level::Workers,
            listed: false,
            do_not_refer: false,
            version: 1,
        };
        let mut tx = self.app.begin().await.unwrap();
        organizations::insert(&mut tx, &station, at).await.unwrap();
        tx.commit(at).await.unwrap();
        station.id
    }

    /// Somebody of a station.
    pub async fn of_station(&self, login: &str, role: Role, station: &OrganizationId) -> AccountId {
        self.account(login, Some(station), role, Scope::Organization(station.clone())).await
    }

    /// The first columns of every row of a query, as one text.
    pub async fn dump(&self, query: &'static str) -> String {
        let mut db = self.app.store.read().await.unwrap();
        let rows: Vec<String> = sqlx::query_scalar(query).fetch_all(&mut *db).await.unwrap();
        rows.join("\n")
    }
}

/// What the form of a new case is filled with: a girl of eleven with a name, a number, an address.
pub fn form(key: &str) -> Vec<(&'static str, String)> {
    [
        ("key", key),
        ("alias", "小禾"),
        ("name", PLANTED[0]),
        ("identity_number", PLANTED[1]),
        ("address", PLANTED[2]),
        ("phone", PLANTED[3]),
        ("school", PLANTED[5]),
        ("point", "118.78743,32.26241"),
        ("division", "320116012"),
        ("village", "320116012201"),
        ("hukou", "320116"),
        ("father_state", "imprisoned"),
        ("father_since", "2025-01-10"),
        ("father_name", PLANTED[4]),
        ("mother_state", "lost_contact"),
        ("mother_since", "2026-01-10"),
        ("guardian", "consents"),
        ("flags", "poor"),
        ("holds_dibao", "yes"),
        ("holds_disability_certificate", "no"),
        ("diagnoses_adhd", "yes"),
        ("languages", "普通话"),
        ("travel_mode", "ebike"),
        ("limit_minutes", "40"),
        ("can_pay", "free"),
        ("school_stage", "primary"),
        ("risk", "yellow"),
        ("narrative", PLANTED[6]),
        ("terms", "EDU-04"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// Sends the form of a new case with some fields changed, or taken out where they are empty.
pub async fn send_form(browser: &Browser, key: &str, changed: &[(&'static str, &str)]) -> super::browser::Page {
    let mut fields = form(key);
    for (name, _) in changed {
        fields.retain(|(field, _)| field != name);
    }
    fields.extend(changed.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (*name, (*value).to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post("/cases", &fields).await
}

/// Opens the planted case with some fields changed; gives its id.
pub async fn open_case(browser: &Browser, key: &str, changed: &[(&'static str, &str)]) -> CaseId {
    let changed: Vec<_> = changed.iter().copied().chain([("step", "open")]).collect();
    let page = send_form(browser, key, &changed).await.expect(303);
    page.location.unwrap().trim_start_matches("/cases/").parse().unwrap()
}

/// A case in JSON without identity.
pub fn body(alias: &str, village: &str) -> Value {
    json!({
        "facts": { "alias": alias, "birth_month": "2015-03", "sex": "female", "division": "320116012", "village": village, "risk": "blue" },
        "needs": [{ "term": "EDU-04" }]
    })
}

/// Opens a case in JSON; gives its id.
pub async fn open_json(browser: &Browser, body: &Value) -> String {
    let answer = browser.send("POST", "/api/v1/cases", body).await.expect(201).json();
    answer["case"]["id"].as_str().unwrap().to_owned()
}

/// A plan of one goal, as JSON.
pub fn plan(goal: &str, submit: bool) -> Value {
    serde_json::json!({
        "review_day": "2027-02-26", "child_opinion": "我想放学有人陪", "guardian_opinion": "同意", "fallback": "换一家", "reason": "情况变了",
        "submit": submit,
        "goals": [{ "goal": goal, "measure": "每周两次陪读", "responsible": "长芦站 王社工", "fee_source": "none",
                    "from_day": "2026-11-26", "review_day": "2026-12-28" }]
    })
}

/// Writes a plan and hands it in.
pub async fn hand_in_plan(worker: &Browser, case: &str) {
    worker.send("PUT", &format!("/api/v1/cases/{case}/plan"), &plan("放学以后有人照看", true)).await.expect(204);
}
