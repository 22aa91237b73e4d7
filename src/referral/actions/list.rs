//! The lists of referrals a person has, and one part of one.

use super::super::model::Referral;
use super::super::store::{self, Asked, Listed, Tally, Whose};
use crate::access::{Action, Actor, Role, decide};
use crate::app::App;
use crate::case::actions::lists as case_lists;
use crate::case::store::Within;
use crate::error::{Error, Result};
use crate::id::CaseId;

/// How many referrals a page of a list holds.
pub const PAGE: usize = 100;

/// A list a person may open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its name in addresses: `station`, `county`, `mine`, `inbox`, with a number from the second of a kind on.
    pub name: String,
    /// What it holds.
    pub whose: Whose,
}

/// The lists of a person: the stations' and divisions' it works for, what it chases itself, then what came to its organizations.
#[must_use]
pub fn lists(actor: &Actor) -> Vec<List> {
    let of_cases = case_lists(actor).into_iter().filter_map(|list| {
        let whose = match list.within {
            Within::Station(id) => Whose::Station(id),
            Within::Division(code) => Whose::Division(code),
            Within::Worker(_) | Within::Village(_) => return None,
        };
        Some(List { name: list.name, whose })
    });
    let mut found: Vec<List> = of_cases.collect();
    if !found.is_empty() {
        found.push(List { name: "mine".into(), whose: Whose::Owner(actor.id.clone()) });
    }
    for (number, organization) in (1..).zip(actor.organizations(Role::Provider)) {
        let name = if number == 1 { "inbox".to_owned() } else { format!("inbox{number}") };
        found.push(List { name, whose: Whose::Provider(organization.clone()) });
    }
    found
}

/// The list of a name, or the first there is.
pub fn list_of<'a>(lists: &'a [List], name: &str) -> Result<&'a List> {
    lists.iter().find(|list| list.name == name).or_else(|| lists.first()).ok_or(Error::Forbidden { why: "role" })
}

/// The list that reaches a case, or the first there is.
pub async fn list_of_case<'a>(app: &App, lists: &'a [List], case: &CaseId) -> Result<&'a List> {
    let (mut db, now) = (app.store.read().await?, app.now());
    for list in lists {
        if store::tally(&mut db, &list.whose, Some(case), now).await? != Tally::default() {
            return Ok(list);
        }
    }
    list_of(lists, "")
}

/// A part of one of the person's lists as far as it may read it, and how many the list holds.
pub async fn list(app: &App, actor: &Actor, list: &List, asked: &Asked) -> Result<(Vec<Listed>, Tally)> {
    let (mut db, now) = (app.store.read().await?, app.now());
    let tally = store::tally(&mut db, &list.whose, asked.case.as_ref(), now).await?;
    let mut found = store::lines(&mut db, &list.whose, asked, now).await?;
    found.retain(|line| decide(actor, Action::ReadReferral, &line.facts).is_allowed());
    Ok((found, tally))
}

/// The same with what the briefs say, while the provider may see it.
pub async fn list_with_briefs(app: &App, actor: &Actor, of: &List, asked: &Asked) -> Result<(Vec<(Listed, Option<Referral>)>, Tally)> {
    let (lines, tally) = list(app, actor, of, asked).await?;
    let mut db = app.store.read().await?;
    let mut found = Vec::new();
    for listed in lines {
        let referral = if listed.shows_brief() { store::find(&mut db, &listed.id).await? } else { None };
        found.push((listed, referral.filter(Referral::shows_brief)));
    }
    Ok((found, tally))
}
