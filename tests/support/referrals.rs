//! A station with a case, and providers with services to refer to, written by the stores.

use jiff::Timestamp;
use lianjie::access::{Actor, Grant, Role, Scope, Who};
use lianjie::account::{self, model::Account, model::StoredGrant};
use lianjie::case::model::{
    Case, Child, Guardian, GuardianState, Identity, Need, Outcome, Relation, Risk, Sex, Source, State, Tier, Travel, Writing,
};
use lianjie::case::store as cases;
use lianjie::consent::model::{Consent, Giver, Ground, Item, Purpose};
use lianjie::consent::store as consents;
use lianjie::id::{
    AccountId, CaseId, ChildId, ConsentId, GrantId, GuardianId, NeedId, OrganizationId, PlaceId, ServiceAtLocationId, ServiceId,
};
use lianjie::organization::model::{Organization, Status};
use lianjie::organization::store as organizations;
use lianjie::secret::Hidden;
use lianjie::service::model::{Place, Service, ServiceAtLocation, Status as Given};
use lianjie::service::{places, store as services};
use lianjie_index::entry::{Delivery, Level, Schedule};
use serde_json::{Value, json};

use super::{Browser, TestApp};

/// Texts that name the child; none may stand where nobody asked for it.
pub const NAMES: [&str; 8] =
    ["欧阳晓禾", "320000201503170024", "滨江花园3栋502室", "13900001111", "欧阳建国", "13900002222", "长芦中心小学", "夜里常听见打砸声"];

/// Township of the case.
pub const TOWNSHIP: &str = "320116012";

/// A station, its people and one case.
pub struct Station {
    /// `worker1`, whose case it is.
    pub worker: AccountId,
    /// `head1`.
    pub head: AccountId,
    /// The case.
    pub case: CaseId,
}

/// A provider with one service.
pub struct Provider {
    /// Id.
    pub id: OrganizationId,
    /// Where it is given.
    pub site: ServiceAtLocationId,
}

/// A verified organization, not yet stored.
pub fn organization(kind: &str, name: &str, division: &str, level: Level, at: Timestamp) -> Organization {
    Organization {
        id: OrganizationId::new(at),
        kind: kind.into(),
        name: name.into(),
        alternate_name: None,
        description: String::new(),
        code_uscc: None,
        division: division.parse().unwrap(),
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
        confidentiality: level,
        listed: true,
        do_not_refer: false,
        version: 1,
    }
}

impl TestApp {
    /// A station with a worker, a head, a coordinator above it, and a case of a girl of eleven.
    pub async fn station_with_case(&self) -> Station {
        let at = self.app.now();
        let station = organization("未保工作站", "长芦街道未成年人保护工作站", TOWNSHIP, Level::Workers, at);
        let mut tx = self.app.begin().await.unwrap();
        organizations::insert(&mut tx, &station, at).await.unwrap();
        tx.commit(at).await.unwrap();
        let scope = || Scope::Organization(station.id.clone());
        let worker = self.account("worker1", Some(&station.id), Role::Worker, scope()).await;
        self.account("worker2", Some(&station.id), Role::Worker, scope()).await;
        let head = self.account("head1", Some(&station.id), Role::Supervisor, scope()).await;
        self.account("county1", None, Role::Coordinator, Scope::Division("320116".parse().unwrap())).await;
        let case = self.case_of(&station.id, &worker).await;
        Station { worker, head, case }
    }

    async fn case_of(&self, station: &OrganizationId, worker: &AccountId) -> CaseId {
        self.case_of_number(station, worker, 0).await
    }

    /// A case of a girl of eleven, of a station's worker; another number is another girl.
    pub async fn case_of_number(&self, station: &OrganizationId, worker: &AccountId, number: usize) -> CaseId {
        let at = self.app.now();
        let child = ChildId::new(at);
        let (key_id, key, wrapped) = self.app.keyring.make(child.as_str());
        let row = Child {
            id: child.clone(),
            alias: "小川".into(),
            birth_month: "2015-03".parse().ok(),
            sex: Some(Sex::Female),
            key_id: key_id.clone(),
            version: 1,
        };
        let hidden = |text: &str| Some(Hidden::new(text));
        let identity = Identity {
            name: hidden(NAMES[0]),
            identity_number: hidden(NAMES[1]).filter(|_| number == 0),
            birth_date: hidden("2015-03-17"),
            phone: hidden(NAMES[3]),
            address: hidden(&format!("南京市六合区长芦街道{}", NAMES[2])),
            point: hidden("118.78743,32.26241"),
            school: hidden(NAMES[6]),
        };
        let guardian = |relation, suspected: bool, name: &str, phone: &str| Guardian {
            id: GuardianId::new(at),
            relation,
            state: GuardianState::Present,
            since: None,
            evidence: String::new(),
            carer: !suspected,
            suspected,
            name: hidden(name),
            phone: hidden(phone),
        };
        let guardians =
            [guardian(Relation::Grandparent, false, NAMES[4], NAMES[5]), guardian(Relation::Father, true, "欧阳强", "13900003333")];
        let case = Case {
            id: CaseId::new(at),
            number: lianjie::id::number(&mut rand::rng()),
            child: child.clone(),
            station: station.clone(),
            division: TOWNSHIP.parse().unwrap(),
            village: None,
            hukou: "320116".parse().ok(),
            worker: worker.clone(),
            opened_by: worker.clone(),
            state: State::Active,
            risk: Some(Risk("yellow".into())),
            opened_at: at,
            closed_at: None,
            closed_reason: None,
            flags: Vec::new(),
            categories: vec!["LEFT".parse().unwrap()],
            categories_reason: None,
            holds: [("dibao".to_owned(), true)].into(),
            school_stage: Some("primary".into()),
            languages: vec!["普通话".into()],
            travel: Travel { mode: Some("bus".into()), limit_minutes: Some(40) },
            can_pay: Some("free".into()),
            guardian: Some("consents".into()),
            version: 1,
        };
        let writing = Writing { narrative: hidden(NAMES[7]), diagnoses: hidden("{\"adhd\":1}"), ..Writing::default() };
        let mut tx = self.app.begin().await.unwrap();
        cases::insert_child(&mut tx, &row, "32", at).await.unwrap();
        cases::insert_key(&mut tx, &key_id, &child, &wrapped, &self.app.keyring).await.unwrap();
        cases::put_identity(&mut tx, &self.app.keyring, &key, &child, &identity, at).await.unwrap();
        cases::replace_guardians(&mut tx, &key, &child, &guardians).await.unwrap();
        cases::insert(&mut tx, &case, at).await.unwrap();
        cases::put_writing(&mut tx, &key, &case, &writing).await.unwrap();
        tx.commit(at).await.unwrap();
        case.id
    }

    /// A need of a case.
    pub async fn need(&self, case: &CaseId, term: &str, tier: u8, several: bool) -> NeedId {
        let at = self.app.now();
        let need = Need {
            id: NeedId::new(at),
            case: case.clone(),
            term: term.parse().unwrap(),
            tier: Tier::new(tier).unwrap(),
            tier_reason: None,
            state: Outcome::Open,
            several,
            unverified: false,
            target_day: None,
            reason: None,
            opened_at: at,
            closed_at: None,
            source: Source::Picked,
            version: 1,
        };
        let mut tx = self.app.begin().await.unwrap();
        let case = cases::find(&mut tx, case).await.unwrap().unwrap();
        cases::insert_need(&mut tx, &need, &case, at).await.unwrap();
        tx.commit(at).await.unwrap();
        need.id
    }

    /// Where a need stands.
    pub async fn need_state(&self, need: &NeedId) -> Need {
        cases::need(&mut self.app.store.read().await.unwrap(), need).await.unwrap().unwrap()
    }

    /// A provider with a service that is open to matching, perhaps with places, and an account `login`.
    pub async fn provider(&self, login: &str, kind: &str, division: &str, term: &str, capacity: Option<u32>) -> Provider {
        let provider = self.offering(login, kind, division, term, capacity).await;
        self.account(login, Some(&provider.id), Role::Provider, Scope::Organization(provider.id.clone())).await;
        provider
    }

    /// Somebody who never signs in, as an actor.
    pub async fn hand(&self, login: &str, role: Role, organization: &OrganizationId) -> Actor {
        let at = self.app.now();
        let id = AccountId::new(at);
        let account = Account {
            id: id.clone(),
            login: login.into(),
            name: format!("测试·{login}"),
            organization: Some(organization.clone()),
            locale: "zh-CN".into(),
            theme: "system".into(),
            text_size: "standard".into(),
            status: account::model::Status::Active,
            must_change: false,
        };
        let scope = Scope::Organization(organization.clone());
        let grant = StoredGrant {
            id: GrantId::new(at),
            account: id.clone(),
            role,
            scope: scope.clone(),
            valid_from: self.app.today(),
            valid_to: None,
        };
        let mut tx = self.app.begin().await.unwrap();
        account::store::insert(&mut tx, &account, None, at).await.unwrap();
        account::store::insert_grant(&mut tx, &grant, None).await.unwrap();
        tx.commit(at).await.unwrap();
        let organization = Some(organization.clone());
        Actor { who: Who::Account, id, name: account.name, organization, grants: vec![Grant { role, scope }], ..Actor::visitor() }
    }

    /// A provider with a service that is open to matching, perhaps with places; nobody of it has an account.
    pub async fn offering(&self, login: &str, kind: &str, division: &str, term: &str, capacity: Option<u32>) -> Provider {
        let at = self.app.now();
        let provider = organization(kind, &format!("向阳花{login}"), division, Level::Public, at);
        let service = Service {
            id: ServiceId::new(at),
            organization: provider.id.clone(),
            program: None,
            practitioner: None,
            name: "四点半课堂".into(),
            description: String::new(),
            terms: vec![term.parse().unwrap()],
            delivery: vec![Delivery::Site],
            status: Given::Active,
            eligibility: None,
            languages: Vec::new(),
            application: String::new(),
            documents: Vec::new(),
            schedule: Schedule::default(),
            travel_free: false,
            wait_days: None,
            assured_at: None,
            confidentiality: Level::Public,
            do_not_refer: false,
            checked: None,
            unchecked: false,
            version: 1,
        };
        let service = Service { checked: Some(service.to_checked()), ..service };
        let site = ServiceAtLocation { id: ServiceAtLocationId::new(at), service: service.id.clone(), location: None, areas: Vec::new() };
        let mut tx = self.app.begin().await.unwrap();
        organizations::insert(&mut tx, &provider, at).await.unwrap();
        services::insert(&mut tx, &service, "32", at).await.unwrap();
        services::put_site(&mut tx, &site, "32", at).await.unwrap();
        if let Some(capacity) = capacity {
            let place = Place {
                id: PlaceId::new(at),
                service_at_location: site.id.clone(),
                term_from: None,
                term_to: None,
                capacity,
                used: 0,
                held: 0,
                source: "organization".into(),
                as_of: at,
                version: 1,
            };
            places::post(&mut tx, &place, "32", at).await.unwrap();
        }
        tx.commit(at).await.unwrap();
        Provider { id: provider.id, site: site.id }
    }

    /// The places of a service: capacity, used, held.
    pub async fn places(&self, site: &ServiceAtLocationId) -> (u32, u32, u32) {
        let rows = places::of(&mut self.app.store.read().await.unwrap(), site).await.unwrap();
        rows.first().map_or((0, 0, 0), |row| (row.capacity, row.used, row.held))
    }

    /// A consent of the grandmother for a provider, valid for half a year.
    pub async fn consent(&self, station: &Station, recipient: &OrganizationId, items: &[Item]) -> ConsentId {
        let (at, today) = (self.app.now(), self.app.today());
        let consent = Consent {
            id: ConsentId::new(at),
            case: station.case.clone(),
            recipient: recipient.clone(),
            items: items.to_vec(),
            purpose: Purpose::Serve,
            ground: Ground::Consent,
            article: None,
            given_by: vec![Giver::Grandparent],
            evidence: "纸质同意书，存站".into(),
            from: today,
            to: today.checked_add(jiff::ToSpan::days(180)).unwrap(),
            revoked_at: None,
            recorded_by: station.worker.clone(),
            at,
        };
        let mut tx = self.app.begin().await.unwrap();
        consents::insert(&mut tx, &consent).await.unwrap();
        tx.commit(at).await.unwrap();
        consent.id
    }

    /// Every row of some tables as one text: for looking for what must not be there.
    pub async fn everything(&self, query: &'static str) -> String {
        let rows: Vec<String> = sqlx::query_scalar(query).fetch_all(&mut *self.app.store.read().await.unwrap()).await.unwrap();
        rows.join("\n")
    }
}

/// Writes and sends a referral; gives its body.
pub async fn refer(worker: &Browser, need: &NeedId, provider: &Provider, more: Value) -> Value {
    let mut body = json!({ "need": need, "service_at_location": provider.site, "purpose": "serve", "send": true });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    worker.send("POST", "/api/v1/referrals", &body).await.expect(201).json()["referral"].clone()
}

/// Does something to a referral, and asserts the status; gives the body.
pub async fn act(browser: &Browser, referral: &Value, action: &str, body: Value, status: u16) -> Value {
    let path = format!("/api/v1/referrals/{}/actions/{action}", referral["id"].as_str().unwrap());
    let page = browser.send("POST", &path, &body).await;
    assert_eq!(page.status, status, "{action}: {}", page.text);
    if status == 200 { page.json()["referral"].clone() } else { page.json() }
}
