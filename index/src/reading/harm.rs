//! Who does what to whom: 爸爸打妈妈, 被同学打, 孩子打同学 are three different needs.

use super::{
    Person,
    facts::Clause,
    lexicon::{Meaning, Token},
};
use crate::vocabulary::read::denied;

/// Harm told in a clause, as bytes from and to.
pub(super) struct Harm {
    pub(super) what: &'static str,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The harm a clause tells of; `subject` is whom the sentence spoke of before it.
pub(super) fn of_clause(text: &str, clause: &Clause, tokens: &[Token], subject: &[Person]) -> Vec<Harm> {
    let mut found = Vec::new();
    for (n, token) in tokens.iter().enumerate() {
        let kind = [Meaning::Hit, Meaning::Bully, Meaning::Molest].into_iter().find(|kind| token.is(*kind));
        let Some(kind) = kind.filter(|_| !not_done(text, clause, token)) else { continue };
        let (before, after) = (&tokens[..n], &tokens[n + 1..]);
        let passive = before.iter().rposition(|token| token.is(Meaning::Passive));
        if passive.is_some_and(|at| denied(&text[..tokens[at].from])) {
            continue;
        }
        let named = |tokens: &[Token]| tokens.iter().rev().find_map(who);
        let patient_after = after.iter().find_map(|next| who(next).map(|person| (person, next.to)));
        let (agent, patient, from) = match passive {
            Some(at) => {
                let agent = named(&before[at + 1..]);
                let patient = named(&before[..at]).or(subject.first().copied()).unwrap_or(Person::Child);
                // 奶奶发现孩子被打: the child; 妈妈被爸爸打: the mother.
                (agent, Some(patient), tokens[at].from)
            }
            None => {
                let told = before.iter().rposition(|token| token.is(Meaning::Report)).map_or(0, |at| at + 1);
                let agent = named(&before[told..]).or_else(|| if told > 0 { Some(Person::Child) } else { subject.first().copied() });
                (
                    agent,
                    patient_after.map(|(person, _)| person),
                    before.iter().rev().find(|t| who(t).is_some()).map_or(token.from, |t| t.from),
                )
            }
        };
        let school = ["学校", "班里", "同学", "班上", "校园", "宿舍"].iter().any(|word| text[clause.from..clause.to].contains(word));
        let bare = passive.is_some() && agent.is_none();
        let people = text[token.to..clause.to].starts_with('人');
        let Some(what) = kind_of(kind, agent, patient, bare, school, people) else { continue };
        let to = if passive.is_some() { token.to } else { patient_after.map_or(token.to, |(_, to)| to) };
        found.push(Harm { what, from, to });
    }
    found
}

/// Whom a word names; a pronoun is the child.
fn who(token: &Token) -> Option<Person> {
    token.person().or_else(|| token.is(Meaning::Pronoun).then_some(Person::Child))
}

/// Words that deny what a clause tells after them, whoever stands between.
const NOT_FOUND: [&str; 8] = ["没有发现", "未发现", "没发现", "未见", "不存在", "否认", "排除", "没有出现"];

fn not_done(text: &str, clause: &Clause, token: &Token) -> bool {
    let before = &text[..token.from];
    let own = &text[clause.from..token.from];
    denied(before)
        || before.ends_with(['不', '没', '未', '敢', '会'])
        || NOT_FOUND.iter().any(|word| own.contains(word) && !own.contains("不排除"))
}

fn kind_of(kind: Meaning, agent: Option<Person>, patient: Option<Person>, bare: bool, school: bool, people: bool) -> Option<&'static str> {
    let agent = if bare { if school { Person::Peer } else { Person::Other } } else { agent? };
    let of_home = Person::is_carer;
    Some(match (kind, agent, patient) {
        (Meaning::Molest, agent, Some(Person::Child)) if agent.is_grown() || agent == Person::Peer => "molested",
        (Meaning::Molest, Person::Other, Some(Person::Child)) if bare => "molested",
        (Meaning::Molest, ..) => return None,
        (_, Person::Peer, Some(Person::Child) | None) => "bullied",
        (_, Person::Teacher, Some(Person::Child) | None) => "teacher_harm",
        (Meaning::Bully, agent, Some(Person::Child)) if of_home(agent) => "scolded",
        (Meaning::Bully | Meaning::Hit, Person::Child, Some(Person::Peer)) => "bully",
        (Meaning::Hit, Person::Child, None) if people => "bully",
        (Meaning::Hit, Person::Child, Some(Person::Teacher | Person::Sibling)) => "bully",
        (Meaning::Hit, Person::Child, Some(other)) if other.is_carer() => "hits_family",
        (Meaning::Hit, agent, Some(Person::Child)) if of_home(agent) => "beaten",
        (Meaning::Hit, Person::Parents, None) => "witness",
        (Meaning::Hit, agent, None) if of_home(agent) => {
            if people {
                "witness"
            } else {
                "beaten"
            }
        }
        (Meaning::Hit, agent, Some(other)) if of_home(agent) && other.is_carer() => "witness",
        (Meaning::Hit, agent, Some(Person::Sibling)) if of_home(agent) => "beaten",
        (Meaning::Hit | Meaning::Bully, Person::Adult, Some(Person::Child)) => "assaulted",
        _ => return None,
    })
}
