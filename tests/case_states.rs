//! Every cell of the tables of steps: state × step × role, allowed and refused.

use std::collections::BTreeSet;

use lianjie::access::{Action, Actor, Grant, Role, Scope, Who, decide};
use lianjie::case::actions;
use lianjie::case::model::{Case, CaseStep, Need, NeedStep, Outcome, State};
use lianjie::case::store;
use lianjie::error::Error;
use lianjie::id::{AccountId, CaseId, NeedId, OrganizationId};

use crate::support::TestApp;
use crate::support::cases::{body, hand_in_plan, open_json};

/// Somebody, with how they stand to the case.
struct Person {
    name: &'static str,
    actor: Actor,
    writes: bool,
    approves: bool,
    sees: bool,
}

fn person(name: &'static str, id: &AccountId, grants: &[(Role, Scope)], [writes, approves, sees]: [bool; 3]) -> Person {
    let mut actor = Actor::visitor();
    actor.who = Who::Account;
    actor.id = id.clone();
    actor.grants = grants.iter().map(|(role, scope)| Grant { role: *role, scope: scope.clone() }).collect();
    Person { name, actor, writes, approves, sees }
}

struct World {
    test: TestApp,
    case: CaseId,
    people: Vec<Person>,
}

async fn world() -> World {
    let test = TestApp::start().await;
    let station = test.station("长芦未保工作站", "320116012").await;
    let elsewhere = test.station("城东未保工作站", "320106002").await;
    let worker = test.of_station("worker1", Role::Worker, &station).await;
    let case: CaseId = open_json(&test.signed_in("worker1").await, &body("小川", "320116012201")).await.parse().unwrap();
    // The plan that the station head approves is there, so that every cell can be tried.
    test.of_station("head0", Role::Supervisor, &station).await;
    let steps = format!("/api/v1/cases/{case}/steps");
    hand_in_plan(&test.signed_in("worker1").await, case.as_str()).await;
    test.signed_in("worker1").await.send("POST", &steps, &serde_json::json!({ "step": "assess" })).await.expect(200);
    test.signed_in("head0").await.send("POST", &steps, &serde_json::json!({ "step": "approve" })).await.expect(200);
    let at = test.app.now();
    let somebody = || AccountId::new(at);
    let of = |station: &OrganizationId| Scope::Organization(station.clone());
    let (county, province) = (Scope::Division("320116".parse().unwrap()), Scope::All);
    let both = [(Role::Worker, of(&station)), (Role::Supervisor, of(&station))];
    let people = vec![
        person("the worker", &worker, &[(Role::Worker, of(&station))], [true, false, true]),
        person("the worker, also station head", &worker, &both, [true, false, true]),
        person("a colleague", &somebody(), &[(Role::Worker, of(&station))], [false, false, true]),
        person("the station head", &somebody(), &[(Role::Supervisor, of(&station))], [true, true, true]),
        person("another station's head", &somebody(), &[(Role::Supervisor, of(&elsewhere))], [false, false, false]),
        person("the coordinator", &somebody(), &[(Role::Coordinator, county.clone())], [false, true, true]),
        person("the child director", &somebody(), &[(Role::ChildDirector, Scope::Village("320116012201".into()))], [false, false, true]),
        person("a registrar", &somebody(), &[(Role::Registrar, county)], [false, false, false]),
        person("a provider", &somebody(), &[(Role::Provider, of(&elsewhere))], [false, false, false]),
        person("a data manager", &somebody(), &[(Role::DataManager, province.clone())], [false, false, false]),
        person("an administrator", &somebody(), &[(Role::SystemAdmin, province.clone())], [false, false, false]),
        person("an auditor", &somebody(), &[(Role::Auditor, province)], [false, false, false]),
    ];
    World { test, case, people }
}

/// The table of `docs`: where a step leads from a state.
fn leads(state: State, step: CaseStep) -> Option<State> {
    match (state, step) {
        (State::Intake, CaseStep::Assess) => Some(State::Assessed),
        (State::Assessed, CaseStep::Approve) | (State::FollowUp, CaseStep::Resume) | (State::Closed, CaseStep::Reopen) => {
            Some(State::Active)
        }
        (State::Active, CaseStep::FollowUp) => Some(State::FollowUp),
        (State::Intake | State::Assessed | State::Active | State::FollowUp, CaseStep::Close) => Some(State::Closed),
        _ => None,
    }
}

impl World {
    async fn find(&self) -> Case {
        store::find(&mut self.test.app.store.read().await.unwrap(), &self.case).await.unwrap().unwrap()
    }

    async fn put(&self, state: State) {
        let at = self.test.app.now();
        let mut tx = self.test.app.begin().await.unwrap();
        let mut case = store::find(&mut tx, &self.case).await.unwrap().unwrap();
        case.state = state;
        case.closed_at = (state == State::Closed).then_some(at);
        store::update(&mut tx, &mut case, at).await.unwrap();
        tx.commit(at).await.unwrap();
    }

    async fn put_need(&self, state: Outcome) -> NeedId {
        let at = self.test.app.now();
        let mut tx = self.test.app.begin().await.unwrap();
        let mut need = store::needs(&mut tx, &self.case).await.unwrap().remove(0);
        store::settle(&mut tx, &mut need, state, None, at).await.unwrap();
        tx.commit(at).await.unwrap();
        need.id
    }

    async fn need(&self, id: &NeedId) -> Need {
        store::need(&mut self.test.app.store.read().await.unwrap(), id).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn every_cell_of_the_steps_of_a_case() {
    let world = world().await;
    world.put_need(Outcome::Met).await;
    let mut cells = 0;
    for state in State::ALL {
        for step in CaseStep::ALL {
            for person in &world.people {
                cells += 1;
                world.put(state).await;
                let what = format!("{} {} from {}", person.name, step.name(), state.name());
                let done = actions::step(&world.test.app, &person.actor, &world.case, step, Some("说明")).await;
                let may = if step.is_supervisors() { person.approves } else { person.writes };
                match (done, may, leads(state, step)) {
                    (Ok(case), true, Some(to)) => assert_eq!(case.state, to, "{what}"),
                    (Err(Error::Transition(_)), true, None) => {}
                    (Err(Error::Forbidden { .. }), false, _) if person.sees => {}
                    (Err(Error::Missing { .. }), false, _) if !person.sees => {}
                    (done, may, to) => panic!("{what}: may {may}, leads to {to:?}, came to {:?}", done.map(|case| case.state)),
                }
                if !may || leads(state, step).is_none() {
                    assert_eq!(world.find().await.state, state, "{what} left it as it was");
                }
            }
        }
    }
    assert_eq!(cells, 5 * 6 * 12);
}

#[tokio::test]
async fn a_case_is_closed_only_when_every_need_is_settled() {
    let world = world().await;
    let head = &world.people[3].actor;
    for state in Outcome::ALL {
        world.put(State::Active).await;
        world.put_need(state).await;
        let done = actions::step(&world.test.app, head, &world.case, CaseStep::Close, Some("目标达成")).await;
        let unsettled = matches!(state, Outcome::Open | Outcome::InDispatch | Outcome::BeingServed);
        assert_eq!(done.is_ok(), !unsettled, "with a need {}", state.name());
    }
}

#[tokio::test]
async fn a_closed_case_is_opened_again_within_thirty_days() {
    let world = world().await;
    world.put_need(Outcome::Met).await;
    let head = &world.people[3].actor;
    let app = &world.test.app;
    for (days, opens) in [(30, true), (31, false)] {
        world.put(State::Closed).await;
        world.test.pass(jiff::SignedDuration::from_hours(24 * days));
        let done = actions::step(app, head, &world.case, CaseStep::Reopen, Some("情况反复")).await;
        assert_eq!(done.is_ok(), opens, "after {days} days");
    }
}

/// Where a person's step leads a need of which no referral is live but what its state says.
fn leads_need(state: Outcome, step: NeedStep) -> Option<Outcome> {
    use Outcome::{Gap, Met, NoLongerNeeded, NotMet, Open, PartlyMet};
    match (state, step) {
        (Open, NeedStep::MetElsewhere) => Some(Met),
        (Open, NeedStep::DeclareGap) => Some(Gap),
        (Gap, NeedStep::CloseGap) | (Met | PartlyMet | NotMet | NoLongerNeeded, NeedStep::Reopen) => Some(Open),
        (Open | Gap, NeedStep::Drop) => Some(NoLongerNeeded),
        _ => None,
    }
}

#[tokio::test]
async fn every_cell_of_the_steps_of_a_need() {
    let world = world().await;
    let mut cells = 0;
    for state in Outcome::ALL {
        for step in NeedStep::ALL {
            for person in &world.people {
                cells += 1;
                let id = world.put_need(state).await;
                let what = format!("{} {} from {}", person.name, step.name(), state.name());
                let done = actions::step_need(&world.test.app, &person.actor, &id, step, Some("说明")).await;
                match (done, person.writes, leads_need(state, step)) {
                    (Ok(need), true, Some(to)) => assert_eq!(need.state, to, "{what}"),
                    (Err(Error::Transition(_) | Error::Conflict { .. }), true, None) => {}
                    (Err(Error::Forbidden { .. }), false, _) if person.sees => {}
                    (Err(Error::Missing { .. }), false, _) if !person.sees => {}
                    (done, may, to) => panic!("{what}: may {may}, leads to {to:?}, came to {:?}", done.map(|need| need.state)),
                }
                if !person.writes || leads_need(state, step).is_none() {
                    assert_eq!(world.need(&id).await.state, state, "{what} left it as it was");
                }
            }
        }
    }
    assert_eq!(cells, 8 * 8 * 12);
}

#[tokio::test]
async fn a_referral_settles_what_it_serves_in_its_own_transaction() {
    let world = world().await;
    let app = &world.test.app;
    let worker = &world.people[0].actor;
    for (step, to) in
        [(NeedStep::VerifyMet, Outcome::Met), (NeedStep::VerifyPartly, Outcome::PartlyMet), (NeedStep::VerifyNot, Outcome::NotMet)]
    {
        let id = world.put_need(Outcome::BeingServed).await;
        let mut need = world.need(&id).await;
        let mut tx = app.begin().await.unwrap();
        actions::settle_need(&mut tx, worker, &mut need, step, Some("回访"), true, app.now()).await.unwrap();
        tx.commit(app.now()).await.unwrap();
        assert_eq!(world.need(&id).await.state, to);
    }
    let id = world.put_need(Outcome::Open).await;
    for (accepted, live, to) in [(false, true, Outcome::InDispatch), (true, true, Outcome::BeingServed), (false, false, Outcome::Open)] {
        let mut need = world.need(&id).await;
        let mut tx = app.begin().await.unwrap();
        actions::dispatch_need(&mut tx, &mut need, accepted, live, false, app.now()).await.unwrap();
        tx.commit(app.now()).await.unwrap();
        assert_eq!(world.need(&id).await.state, to);
    }
}

#[tokio::test]
async fn a_list_holds_what_may_be_read_and_nothing_else() {
    let world = world().await;
    let test = &world.test;
    let station = test.station("葛塘未保工作站", "320116011").await;
    test.of_station("worker9", Role::Worker, &station).await;
    let worker = test.signed_in("worker9").await;
    for (alias, division, village) in
        [("小星", "320116011", "320116011201"), ("小月", "320106002", ""), ("小云", "320116012", "320116012201")]
    {
        let mut body = body(alias, village);
        body["facts"]["division"] = division.into();
        open_json(&worker, &body).await;
    }
    let ids: Vec<String> = test.dump("SELECT id FROM \"case\"").await.lines().map(str::to_owned).collect();
    assert_eq!(ids.len(), 4);
    for person in &world.people {
        let mut readable = BTreeSet::new();
        for id in &ids {
            let case = store::find(&mut test.app.store.read().await.unwrap(), &id.parse().unwrap()).await.unwrap().unwrap();
            if decide(&person.actor, Action::ReadCase, &case).is_allowed() {
                readable.insert(id.clone());
            }
        }
        let mut listed = BTreeSet::new();
        for list in actions::lists(&person.actor) {
            let page = actions::list(&test.app, &person.actor, &list, false, 1).await.unwrap();
            assert_eq!(page.total, page.lines.len(), "{}: {} counts what it does not show", person.name, list.name);
            listed.extend(page.lines.iter().map(|(line, _)| line.id.to_string()));
        }
        assert_eq!(listed, readable, "{}", person.name);
    }
}
