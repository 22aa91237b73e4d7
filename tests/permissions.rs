//! The permission table, cell by cell: role × action × scope, allowed and refused.

use std::fs;
use std::path::Path;

use lianjie::access::{Action, Actor, Decision, Facts, Grant, Reach, Role, Scope, Who, cell, decide, markdown};
use lianjie::id::{AccountId, OrganizationId};

fn id(byte: u8) -> [u8; 10] {
    [byte; 10]
}

fn account(byte: u8) -> AccountId {
    AccountId::from_parts("2026-01-01T00:00:00Z".parse().unwrap(), id(byte))
}

fn organization(byte: u8) -> OrganizationId {
    OrganizationId::from_parts("2026-01-01T00:00:00Z".parse().unwrap(), id(byte))
}

/// The scope a role is granted: its own station, county, village, organization, or everything.
fn own_scope(role: Role) -> Scope {
    match role {
        Role::ChildDirector => Scope::Village("320116010201".into()),
        Role::Worker | Role::Supervisor => Scope::Organization(organization(1)),
        Role::Coordinator | Role::Registrar | Role::DataManager => Scope::Division("320116".parse().unwrap()),
        Role::Provider | Role::Participant => Scope::Organization(organization(2)),
        Role::SystemAdmin | Role::Auditor => Scope::All,
    }
}

fn actor(role: Role) -> Actor {
    let mut actor = Actor::visitor();
    actor.who = Who::Account;
    actor.id = account(1);
    actor.grants = vec![Grant { role, scope: own_scope(role) }];
    if role == Role::Participant {
        // A body's figures are those of its county: its person is granted both.
        actor.grants.push(Grant { role, scope: Scope::Division("320116".parse().unwrap()) });
    }
    actor
}

/// A thing that lies in every scope of ours: our village, station, county, organization, and is ours.
fn ours() -> Facts {
    Facts {
        thing: "case",
        id: "x".into(),
        division: Some("320116010".parse().unwrap()),
        village: Some("320116010201".into()),
        station: Some(organization(1)),
        organization: Some(organization(2)),
        worker: Some(account(1)),
        author: Some(account(9)),
        draft: false,
        red: true,
        invited: vec![organization(2)],
        ..Facts::default()
    }
}

/// A thing that lies in none of them.
fn elsewhere() -> Facts {
    Facts {
        division: Some("320583101".parse().unwrap()),
        village: Some("320583101201".into()),
        station: Some(organization(7)),
        organization: Some(organization(8)),
        worker: Some(account(7)),
        author: Some(account(8)),
        invited: vec![organization(8)],
        ..ours()
    }
}

#[test]
fn every_cell_allows_what_it_says_and_nothing_else() {
    let mut cells = 0;
    for action in Action::ALL.iter().copied() {
        for role in Role::ALL {
            cells += 1;
            let reaches = cell(action, role);
            let own = decide(&actor(role), action, &ours());
            let draft = decide(&actor(role), action, &Facts { draft: true, author: Some(account(1)), ..ours() });
            let foreign = decide(&actor(role), action, &elsewhere());
            let needs_draft = reaches == [Reach::OwnDraft];
            assert_eq!(own.is_allowed(), !reaches.is_empty() && !needs_draft, "{role} × {} on one's own", action.code());
            if needs_draft {
                assert!(draft.is_allowed(), "{role} × {} on one's own draft", action.code());
            }
            let everywhere = reaches.iter().any(|reach| matches!(reach, Reach::Anywhere | Reach::OnBehalf))
                || (own_scope(role) == Scope::All && !reaches.is_empty());
            assert_eq!(foreign.is_allowed(), everywhere, "{role} × {} elsewhere: {foreign:?}", action.code());
        }
    }
    assert_eq!(cells, Action::ALL.len() * 10);
}

#[test]
fn a_visitor_may_nothing_that_is_decided() {
    for action in Action::ALL.iter().copied() {
        assert!(!decide(&Actor::visitor(), action, &ours()).is_allowed(), "a visitor × {}", action.code());
    }
}

#[test]
fn what_is_not_yours_is_not_there_and_what_is_yours_says_why() {
    let worker = actor(Role::Worker);
    assert!(matches!(decide(&worker, Action::ReadCase, &elsewhere()), Decision::NotYours { .. }));
    assert!(matches!(decide(&worker, Action::ApproveCase, &ours()), Decision::NotThis { why: "role" }));
}

#[test]
fn nobody_approves_what_they_wrote() {
    for (role, action) in [
        (Role::Supervisor, Action::ApproveCase),
        (Role::Supervisor, Action::ApproveReferral),
        (Role::Coordinator, Action::ApproveCase),
        (Role::Registrar, Action::VerifyDirectory),
    ] {
        let mine = Facts { author: Some(account(1)), ..ours() };
        assert!(matches!(decide(&actor(role), action, &mine), Decision::NotThis { why: "second_person" }));
        assert!(decide(&actor(role), action, &ours()).is_allowed());
    }
}

#[test]
fn docs_permissions_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/PERMISSIONS.md");
    let shown = fs::read_to_string(&path).unwrap_or_default();
    let table = markdown();
    if !shown.contains(&table) {
        let head = "# Who may do what\n\nOne function, `access::decide`, reads this table; `tests/permissions.rs` walks every cell. A own-assignment is a, a village v, a station s, a county or prefecture subtree c, an organization o, a meeting m, everywhere A, never –.\n\n";
        fs::write(&path, format!("{head}{table}")).unwrap();
        panic!("docs/PERMISSIONS.md was out of step with the table; it is written anew, look at it and commit it");
    }
}
