//! How old somebody is, and for how long something has been so.

use super::{
    Fact, Person,
    facts::{Clause, Said, Walk},
    lexicon::Token,
    number::{self, Count},
};

/// States that a span of time belongs to.
const LASTING: [&str; 10] = ["lost", "left", "prison", "detox", "away", "dropout", "hospital", "detained", "dead", "unattended"];
/// From so many months on who went away is out of contact.
const OUT_OF_CONTACT: u16 = 6;
/// From so many months of age on somebody can be a carer: a child's age is below.
const GROWN: u16 = 16 * 12;
/// Below so many months an age is told in months.
const BABY: u16 = 36;
/// The oldest a child can be, in months; an age above is another's.
const NO_CHILD: u16 = 22 * 12;

impl Walk<'_> {
    /// Ages belong to the person named beside them, else to whom the sentence speaks of.
    pub(super) fn ages(&mut self, clause: &Clause, tokens: &[Token], counts: &[number::Found]) {
        for count in counts {
            let Count::Age(months) = count.count else { continue };
            let follows = tokens.iter().find(|token| token.from >= count.to && token.person().is_some()).filter(|token| {
                let gap = &self.text[count.to..token.from];
                gap.chars().count() <= 1
            });
            let precedes = tokens.iter().rev().find(|token| token.to <= count.from && token.person().is_some());
            let subject = self.subject.first().copied().unwrap_or(Person::Child);
            let mut who = follows.or(precedes).and_then(Token::person).unwrap_or(subject);
            if months < GROWN && who.is_grown() && follows.is_none() {
                who = Person::Child;
            }
            let likely = if who == Person::Child { months < NO_CHILD } else { true };
            if likely && !(who == Person::Child && self.reading.age_months().is_some()) {
                self.push(who, "age", count.from, count.to, clause);
                if let Some(fact) = self.reading.facts.last_mut() {
                    fact.months = Some(months);
                }
            }
        }
    }

    /// Spans of time belong to what lasts: of the clause, else told last in the sentence before.
    pub(super) fn spans(&mut self, clause: &Clause, said: &Said, counts: &[number::Found]) {
        for count in counts {
            let Count::Months(months) = count.count else { continue };
            let facts = &mut self.reading.facts;
            let lasting = |fact: &&mut Fact| LASTING.contains(&fact.what) && fact.months.is_none();
            let mut own = facts[said.first..].iter_mut().filter(lasting).peekable();
            if own.peek().is_some() {
                own.for_each(|fact| fact.months = Some(months));
                continue;
            }
            let earlier = &mut facts[..said.first];
            if let Some(fact) = earlier.last_mut().filter(lasting) {
                fact.months = Some(months);
                continue;
            }
            // 孩子先心病，7个月，等着手术: an age that stands alone.
            let alone = (count.from, count.to) == (clause.from, clause.to) && self.text[count.from..count.to].ends_with('月');
            if alone && months < BABY && self.subject == [Person::Child] && self.reading.age_months().is_none() {
                self.push(Person::Child, "age", count.from, count.to, clause);
                if let Some(fact) = self.reading.facts.last_mut() {
                    fact.months = Some(months);
                }
            }
        }
        let works_away = |person: Person, facts: &[Fact]| facts.iter().any(|fact| fact.who == person && fact.what == "away");
        let gone: Vec<Fact> = self.reading.facts.iter().filter(|fact| fact.what == "left").cloned().collect();
        for fact in gone {
            let long = fact.months.is_some_and(|months| months >= OUT_OF_CONTACT);
            if long && !works_away(fact.who, &self.reading.facts) && self.reading.fact(fact.who, "lost").is_none() {
                self.reading.facts.push(Fact { what: "lost", ..fact });
            }
        }
    }
}
