//! The main navigation: what the person's roles reach, in the order of a day's work.

use rust_i18n::t;

use super::Visit;
use crate::access::{Action, Role, may_anywhere};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where it goes.
    pub href: &'static str,
    /// What it says.
    pub label: String,
    /// Whether the page is there.
    pub current: bool,
    /// A number beside it.
    pub badge: Option<String>,
}

/// The entries for one visit.
pub fn of(visit: &Visit) -> Vec<Item> {
    let actor = &visit.actor;
    if !actor.is_signed_in() {
        return Vec::new();
    }
    let may = |action| may_anywhere(actor, action);
    let provider = actor.is(Role::Provider);
    let unread = (visit.unread > 0).then(|| visit.unread.to_string());
    let only = |role: Role| actor.grants.iter().all(|grant| grant.role == role);
    let entries = [
        ("/", "today", true, unread),
        ("/services", "services", true, None),
        ("/cases", "cases", may(Action::ReadCase) && !only(Role::Participant), None),
        ("/leads", "leads", may(Action::FileLead), None),
        ("/referrals", "referrals", may(Action::Refer) || may(Action::ApproveReferral), None),
        ("/conferences", "conferences", may(Action::ReadMeeting), None),
        ("/programs", "programs", may(Action::RunProgram), None),
        ("/inbox", "inbox", provider, None),
        ("/places", "places", provider, None),
        ("/organizations/mine", "mine", provider, None),
        ("/numbers", "numbers", may(Action::ReadStatistics) && !only(Role::ChildDirector) && !only(Role::Participant), None),
        ("/lists", "lists", may(Action::ImportDirectory), None),
        ("/schedule", "schedule", may(Action::EditSchedule), None),
        ("/everyday-words", "everyday", actor.is(Role::DataManager), None),
        ("/verification", "verification", may(Action::VerifyDirectory), None),
        ("/accounts", "accounts", actor.is(Role::SystemAdmin), None),
        ("/audit", "audit", may(Action::ReadAudit), None),
    ];
    entries
        .into_iter()
        .filter(|(_, _, shown, _)| *shown)
        .map(|(href, key, _, badge)| Item {
            href,
            label: t!(format!("nav.{key}"), locale = visit.locale.tag()).into_owned(),
            current: is_current(href, &visit.path),
            badge,
        })
        .collect()
}

fn is_current(href: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    if href == "/" { path == "/" } else { path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')) }
}
