//! The walk over a text: clause by clause, whose state each word tells.
//!
//! A person named in a clause is whom its states are told of; a clause that names nobody goes on
//! about whom the one before spoke of, until the sentence ends, a school word comes, or the text
//! tells with whom the child lives: then it is the child again. Who is named after 说 or 发现 is
//! told of, not who tells.

use super::{
    Fact, Person, Reading, harm,
    lexicon::{Meaning, Of, Token, tokens},
    number, rules,
};
use crate::{
    text::{Folded, bigram::is_chinese},
    vocabulary::read::{LONGEST, denied},
};

/// Words of living together: they name a carer only with somebody to live with.
const TOGETHER: [&str; 13] =
    ["住", "一起", "生活", "共同生活", "一起生活", "一起住", "居住", "住在", "同住", "过日子", "一起过", "长大", "过活"];
/// States of a grown-up that are the carers' where nobody is named.
const OF_CARERS: [&str; 10] =
    ["neglects", "locks", "no_support", "custody_dispute", "parenting", "order", "fights", "money_misused", "consents", "refuses"];
/// Words by which a child is given into somebody's care.
const HANDED: [&str; 15] =
    ["送到", "放在", "丢给", "扔给", "甩给", "留给", "推给", "寄放在", "托付给", "交给", "托给", "寄养在", "寄住在", "由", "送去"];
/// Who comes with these words looks after the child.
const COMES: [&str; 7] = ["求助", "来站", "来访", "来电", "求助称", "来到工作站", "来站求助"];
/// Who means to, has not yet.
const MEANT: [&str; 4] = ["想", "打算", "准备", "扬言"];
/// Words after which a person is an object.
const OBJECT_AFTER: [&str; 20] = [
    "在", "对", "把", "给", "为", "向", "将", "陪", "替", "丢下", "抛下", "扔下", "抛弃", "遗弃", "不管", "不要", "争夺", "生下", "生了",
    "养",
];
/// How many, between a verb and its object.
const COUNTED: [&str; 5] = ["一个", "两个", "三个", "几个", "四个"];
/// States of a grown-up that the next clause may go on about.
const AILMENTS: [&str; 7] = ["severe_disabled", "disabled", "severe_ill", "ill", "depressed", "drinks", "drugs"];

/// Reads what a text says, of its first [`LONGEST`] characters.
#[must_use]
pub fn read(text: &str) -> Reading {
    let source: String = text.chars().take(LONGEST).collect();
    let folded = Folded::new(&source);
    let mut walk = Walk { text: &folded.text, folded: &folded, subject: vec![Person::Child], reading: Reading::default() };
    let (tokens, counts) = (tokens(&folded.text), number::counts(&folded.text));
    for clause in clauses(&folded.text) {
        if clause.opens {
            walk.subject = vec![Person::Child];
        }
        let within = |from: usize, to: usize| clause.from <= from && to <= clause.to;
        let own: Vec<Token> = tokens.iter().copied().filter(|token| within(token.from, token.to)).collect();
        let own_counts: Vec<number::Found> = counts.iter().copied().filter(|count| within(count.from, count.to)).collect();
        walk.clause(&clause, &own, &own_counts);
    }
    walk.reading.said = rules::said(&folded.text)
        .into_iter()
        .map(|found| {
            let (from, to) = folded.source(found.from, found.to);
            super::Said { rule: found.rule, from, to }
        })
        .collect();
    walk.reading
}

/// A clause, as bytes from and to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clause {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether a sentence begins with it.
    opens: bool,
}

fn clauses(text: &str) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let (mut from, mut opens) = (0, true);
    for (at, c) in text.char_indices() {
        let joins = is_chinese(c) || c.is_alphanumeric() || matches!(c, '、' | ' ' | '-' | '“' | '”' | '"' | '%' | '\'' | '《' | '》');
        if joins {
            continue;
        }
        let ends = matches!(c, '。' | '!' | '?' | ';' | '\n' | '.');
        if at > from {
            clauses.push(Clause { from, to: at, opens });
            opens = false;
        }
        opens |= ends;
        from = at + c.len_utf8();
    }
    if from < text.len() {
        clauses.push(Clause { from, to: text.len(), opens });
    }
    clauses
}

pub(super) struct Walk<'a> {
    pub(super) text: &'a str,
    folded: &'a Folded,
    /// Whom the sentence speaks of.
    pub(super) subject: Vec<Person>,
    pub(super) reading: Reading,
}

/// What a clause has said so far.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Whether it names whom it speaks of.
    named: bool,
    /// Whether it names the child anywhere.
    child: bool,
    /// With whom.
    companion: Option<Person>,
    /// The person named last, and the byte after the name.
    last: Option<(Person, usize)>,
    only: bool,
    /// Facts of this clause begin here.
    pub(super) first: usize,
}

impl Walk<'_> {
    fn clause(&mut self, clause: &Clause, tokens: &[Token], counts: &[number::Found]) {
        let mut said =
            Said { first: self.reading.facts.len(), only: tokens.iter().any(|token| token.is(Meaning::Only)), ..Said::default() };
        said.child = tokens.iter().any(|token| token.person() == Some(Person::Child) || token.is(Meaning::Pronoun));
        let started = self.subject.clone();
        for (n, token) in tokens.iter().enumerate() {
            let before = n.checked_sub(1).map(|n| tokens[n]);
            let after = tokens.get(n + 1).copied();
            if let Some(person) = token.person() {
                self.person(clause, person, token, before, after, &mut said);
            }
            if token.is(Meaning::Report)
                && let Some((person, _)) = said.last
            {
                let comes = COMES.contains(&&self.text[token.from..token.to]);
                if comes && matches!(person, Person::Grandparent | Person::Relative) {
                    self.push(person, "carer", token.from, token.to, clause);
                }
                self.subject = vec![Person::Child];
                said.named = false;
            }
            if token.is(Meaning::Pronoun) {
                let object = self.is_object(token, before);
                if said.named && !object {
                    self.subject = vec![Person::Child];
                }
                said.last = Some((Person::Child, token.to));
            }
            self.states(clause, token, after, &said);
            self.care(clause, token, &said);
        }
        if let Some(person) = said.companion.filter(|person| person.is_carer() && self.text[..clause.to].ends_with('过')) {
            self.push(person, "carer", clause.from, clause.to, clause);
        }
        for violence in harm::of_clause(self.text, clause, tokens, &started) {
            self.push(Person::Child, violence.what, violence.from, violence.to, clause);
        }
        self.ages(clause, tokens, counts);
        self.spans(clause, &said, counts);
        self.note_others(clause, &said);
    }

    /// Whether a person stands where something is done to, with or for somebody.
    fn is_object(&self, token: &Token, before: Option<Token>) -> bool {
        let verbs = [Meaning::With, Meaning::Hit, Meaning::Bully, Meaning::Molest, Meaning::Care];
        let after_verb = before.is_some_and(|before| before.to == token.from && verbs.iter().any(|verb| before.is(*verb)));
        let text = &self.text[..token.from];
        let text = COUNTED.iter().find_map(|count| text.strip_suffix(count)).unwrap_or(text);
        after_verb || OBJECT_AFTER.iter().any(|word| text.ends_with(word))
    }

    /// A person is named: whom the clause speaks of, with whom, or at whose hands.
    fn person(&mut self, clause: &Clause, person: Person, token: &Token, before: Option<Token>, after: Option<Token>, said: &mut Said) {
        // Names may overlap: 爸妈妈.
        let gap = said.last.and_then(|(_, end)| self.text.get(end..token.from));
        let previous = said.last;
        said.last = Some((person, token.to));
        if let (Some((other, _)), Some("" | "的")) = (previous, gap) {
            let meant = person.after(other);
            said.last = Some((meant, token.to));
            if let Some(last) = self.subject.last_mut().filter(|_| said.named) {
                *last = meant;
                return;
            }
            self.subject = vec![meant];
            said.named = true;
            return;
        }
        let joined = before.is_some_and(|before| before.is(Meaning::And));
        let listed = gap == Some("、");
        if said.named
            && joined
            && gap.is_some_and(|gap| gap.chars().count() <= 2)
            && previous.is_some_and(|(other, _)| listed || alike(other, person))
        {
            self.subject.push(person);
            return;
        }
        if before.is_some_and(|before| {
            before.is(Meaning::With) && self.text.get(before.to..token.from).is_some_and(|gap| gap.chars().count() <= 8)
        }) {
            said.companion = Some(person);
            if !said.named {
                self.subject = vec![Person::Child];
            }
            let handed = before.is_some_and(|before| HANDED.contains(&&self.text[before.from..before.to]));
            if handed && person.is_carer() && !person.is_parent() {
                self.push(person, "carer", token.from, token.to, clause);
            }
            return;
        }
        let suffers = before.is_some_and(|before| before.is(Meaning::Passive));
        let object = self.is_object(token, before);
        let told = after.is_some_and(|after| after.is(Meaning::Report) && after.from == token.to);
        if suffers || object || (told && person != Person::Child) {
            return;
        }
        self.subject = vec![person];
        said.named = true;
    }

    fn states(&mut self, clause: &Clause, token: &Token, after: Option<Token>, said: &Said) {
        // 服刑的父亲: the person follows.
        let described = after.filter(|after| self.text.get(token.to..after.from) == Some("的")).and_then(|after| after.person());
        for meaning in token.meanings {
            let Meaning::State(code, of) = *meaning else { continue };
            let only_meant =
                matches!(code, "dropout" | "works") && MEANT.iter().any(|word| self.text[clause.from..token.from].contains(word));
            if only_meant || self.denied(token) {
                continue;
            }
            let mut owners = self.owners(code, of, described, said);
            if code == "away" && matches!(&self.text[token.from..token.to], "打工" | "务工") && !self.far(clause) {
                // One parent at work is not away; both are, where the text says no more.
                owners.retain(|owner| *owner == Person::Parents);
            }
            for owner in &owners {
                self.push(*owner, code, token.from, token.to, clause);
            }
            if of == Of::Child && owners == [Person::Child] && !said.named && !matches!(code, "girl" | "boy") {
                self.subject = vec![Person::Child];
            }
        }
    }

    /// Whether a clause names a place far off.
    fn far(&self, clause: &Clause) -> bool {
        const FAR: [&str; 14] = ["外", "省", "广东", "上海", "浙江", "深圳", "北京", "苏南", "南方", "异地", "城里", "苏州", "无锡", "国"];
        FAR.iter().any(|word| self.text[clause.from..clause.to].contains(word))
    }

    /// Whose state a word is.
    fn owners(&self, code: &str, of: Of, described: Option<Person>, said: &Said) -> Vec<Person> {
        if let Some(person) = described {
            let fits = match of {
                Of::Adult => person.is_grown(),
                Of::Child | Of::ChildSpoken => matches!(person, Person::Child | Person::Sibling),
                Of::Any => true,
                Of::Family => false,
            };
            if fits {
                return vec![person];
            }
        }
        let spoken = |wanted: fn(&Person) -> bool| self.subject.iter().copied().filter(wanted).collect::<Vec<_>>();
        match of {
            Of::Family => vec![Person::Family],
            Of::Any => self.subject.clone(),
            Of::Adult => {
                let grown = spoken(|person| person.is_grown());
                match code {
                    _ if !grown.is_empty() => grown,
                    "divorced" => vec![Person::Parents],
                    _ if OF_CARERS.contains(&code) => vec![said.companion.filter(|other| other.is_carer()).unwrap_or(Person::Guardian)],
                    _ => Vec::new(),
                }
            }
            Of::Child => {
                let another = said.named && !self.subject.contains(&Person::Child) && (!said.child || code == "girl" || code == "boy");
                if !another {
                    return vec![Person::Child];
                }
                spoken(|person| *person == Person::Sibling)
            }
            Of::ChildSpoken => spoken(|person| matches!(person, Person::Child | Person::Sibling)),
        }
    }

    /// Who looks after the child, and who cannot.
    fn care(&mut self, clause: &Clause, token: &Token, said: &Said) {
        let word = &self.text[token.from..token.to];
        let grown = self.subject.iter().copied().find(|person| person.is_carer());
        if token.is(Meaning::Frail) {
            if let Some(person) = grown.filter(|_| said.named) {
                self.push(person, "frail", token.from, token.to, clause);
            }
            return;
        }
        if token.is(Meaning::Cannot) {
            let person = grown.or(said.companion).unwrap_or(Person::Guardian);
            self.push(person, "cannot_care", token.from, token.to, clause);
            return;
        }
        let left_alone = token.is(Meaning::Only) && !token.is(Meaning::Care);
        let carer = if token.is(Meaning::Care) && !self.denied(token) {
            let by_subject = grown.filter(|_| !TOGETHER.contains(&word));
            said.companion.filter(|person| person.is_carer()).or(by_subject)
        } else {
            None
        };
        if let Some(person) = carer {
            self.push(person, "carer", token.from, token.to, clause);
            if said.only || word == "相依为命" {
                self.push(person, "only_carer", token.from, token.to, clause);
            }
        } else if left_alone {
            let rest = &self.text[token.to..clause.to];
            let next = tokens(rest).into_iter().next().filter(|next| next.from <= "一个".len());
            if let Some(person) = next.and_then(|next| next.person()).filter(|person| person.is_carer()) {
                self.push(person, "carer", token.from, token.to, clause);
                self.push(person, "only_carer", token.from, token.to, clause);
            }
        }
    }

    /// Remembers a clause that speaks of somebody who is not the child.
    fn note_others(&mut self, clause: &Clause, said: &Said) {
        let another = !self.subject.contains(&Person::Child) && said.companion.is_none();
        let ails = |fact: &&Fact| fact.who.is_grown() && AILMENTS.contains(&fact.what);
        let told = || {
            let own = &self.reading.facts[said.first..];
            own.iter().any(|fact| fact.who.is_grown()) || (own.is_empty() && self.reading.facts.last().as_ref().is_some_and(ails))
        };
        if another && (said.named || told()) {
            let span = self.folded.source(clause.from, clause.to);
            self.reading.of_others.push(span);
        }
    }

    fn denied(&self, token: &Token) -> bool {
        let before = &self.text[..token.from];
        let word = &self.text[token.from..token.to];
        let negates = |c: char| matches!(c, '不' | '没' | '未' | '无');
        denied(before) || (before.ends_with(negates) && !word.starts_with(negates))
    }

    pub(super) fn push(&mut self, who: Person, what: &'static str, from: usize, to: usize, clause: &Clause) {
        if self.reading.facts.iter().any(|fact| fact.who == who && fact.what == what && fact.months.is_none()) && what != "age" {
            return;
        }
        let (from, to) = self.folded.source(from, to);
        let clause = self.folded.source(clause.from, clause.to);
        self.reading.facts.push(Fact { who, what, months: None, from, to, clause });
    }
}

/// Whether two persons joined by 和 are spoken of together.
fn alike(one: Person, other: Person) -> bool {
    let child = |person| matches!(person, Person::Child | Person::Sibling);
    one == other || (one.is_parent() && other.is_parent()) || (child(one) && child(other))
}
