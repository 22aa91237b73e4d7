//! Which needs a case has, how soon each must be met, and what each waits for.
//!
//! Needs that were picked stand as they are; otherwise they are read from the words, by what the
//! words say of whom ([`crate::reading`]) and by the rules that follow from it; a sign of danger
//! brings its own. The nine situations of the mandatory report make a need tier 1.
//! Source: `docs/MATCHING.md`, "Reading a case" and "Danger".

use super::{
    Case, Setting,
    answer::Need,
    case::{CaseNeed, Risk},
    forbid::Forbidden,
    prerequisite,
};
use crate::{
    code::TermCode,
    language::Language,
    reading::{self, Held, Known, Person, Reading},
    rule::Facts,
    search::Index,
    vocabulary::{
        ReadNeed, Sign, Why,
        read::{MOST, SURE},
    },
};

/// Needs whose very name is a situation that must be reported.
pub(super) const REPORTED: [&str; 4] = ["VIC-01", "VIC-03", "VIC-07", "VIC-08"];
/// From here on a rule's tier is that of the need.
const CERTAIN: u16 = 700;
/// Below this a need is faint: left out where another is sure.
const FAINT: u16 = 400;
/// Needs taken from one wording of a need.
const EACH: usize = 3;
/// Groups whose words are the child's own affair: told of somebody else they are no need of the child.
const OF_THE_CHILD: [&str; 7] = ["MED", "REH", "BEH", "PSY", "EDU", "DEV", "SOC"];
/// Leaves that are so too.
const OF_THE_CHILD_TOO: [&str; 7] = ["EMG-04", "EMG-05", "VIC-06", "LAW-08", "LAW-11", "IDD-01", "IDD-02"];
/// Leaves of those groups that a grown-up's state may well bring about.
const OF_THE_FAMILY: [&str; 9] = ["MED-03", "MED-04", "MED-05", "PSY-07", "PSY-09", "PSY-13", "EDU-12", "EDU-13", "DEV-02"];

/// What was read of a case.
pub(super) struct Read {
    pub(super) needs: Vec<Need>,
    pub(super) signs: Vec<Sign>,
    pub(super) reading: Reading,
    /// Rules of reading that hold, with the characters they rest on.
    pub(super) held: Vec<&'static reading::Inference>,
    /// Whether a person picked the needs.
    pub(super) picked: bool,
}

/// Reads the needs of a case and the signs of danger.
pub(super) fn read(index: &Index, case: &Case, setting: &Setting<'_>, facts: &Facts) -> Read {
    let reading = reading::read(case.text.as_deref().unwrap_or_default());
    let signs = signs(index, case, &reading);
    let picked = !case.needs.is_empty();
    let words = if picked { chosen(index, case) } else { index.vocabulary().read(case.text.as_deref().unwrap_or_default()) };
    let known = known(case, &reading, &words, &signs);
    let held = reading.infer(&known);
    let mut found = if picked { words } else { merged(words, &signs, &held, &reading) };
    found.truncate(MOST);

    let order = prerequisite::Order::new(case, setting, facts, &reading);
    order.complete(&mut found, picked);
    found.truncate(MOST);
    let vocabulary = index.vocabulary();
    let all: Vec<TermCode> = found.iter().map(|need| need.term.clone()).collect();
    let needs = found.into_iter().map(|need| Need {
        zh: vocabulary.name(&need.term, Language::Zh),
        en: vocabulary.name(&need.term, Language::En),
        score: need.score,
        tier: tier(case, &need.term, &signs, &held),
        waits_for: order.before(&need.term, &all),
        why: need.why,
        term: need.term,
    });
    let needs = needs.collect();
    let held = held.into_iter().map(|held| held.rule).collect();
    Read { needs, signs, reading, held, picked }
}

/// The tier of a need: danger is 1; else what a person gave; else by the risk, and at most what a rule says.
fn tier(case: &Case, term: &TermCode, signs: &[Sign], held: &[Held<'_>]) -> u8 {
    if signs.iter().any(|sign| sign.term == *term) || REPORTED.contains(&term.as_str()) {
        return 1;
    }
    if let Some(given) = case.tiers.get(term) {
        return *given;
    }
    let naming = held.iter().filter(|held| held.rule.terms.iter().any(|(own, score)| own == term && *score >= CERTAIN));
    naming.filter_map(|held| held.rule.tier).fold(case.tier(), u8::min)
}

/// The signs of danger in all words of a case, but for those that a text tells of somebody else.
fn signs(index: &Index, case: &Case, reading: &Reading) -> Vec<Sign> {
    let mut signs: Vec<Sign> = Vec::new();
    let (age, sex) = (case.age(), case.sex.or_else(|| reading.sex()));
    let mut add = |text: &str, own: Option<&Reading>| {
        for sign in index.vocabulary().danger(text, age, sex) {
            let another = own.is_some_and(|reading| of_another(&sign, reading));
            if !another && !signs.iter().any(|known| known.code == sign.code) {
                signs.push(sign);
            }
        }
    };
    if let Some(text) = &case.text {
        add(text, Some(reading));
    }
    for need in &case.needs {
        if let CaseNeed::Text(text) = need {
            add(text, None);
        }
    }
    signs
}

/// Whether a sign is plainly not the child's: a mother who left is no child run away, a father who
/// died no danger of today, a mother beaten no injury of the child. All else alarms.
fn of_another(sign: &Sign, reading: &Reading) -> bool {
    let told = |what: &str| {
        let mut facts = reading.facts.iter().filter(|fact| fact.what == what);
        facts.any(|fact| fact.clause.0 <= sign.from && sign.to <= fact.clause.1 && (fact.who.is_grown() || what == "witness"))
    };
    match sign.code.as_str() {
        "runaway" | "unclear_origin" => told("left") || told("lost") || reading.of_another(sign.from, sign.to),
        "girl_abused" | "begging" | "alone_small" | "no_shelter" => reading.of_another(sign.from, sign.to),
        "death" | "suicide" => told("dead"),
        "abandoned" => told("frail"),
        "injury" => told("witness") && reading.fact(Person::Child, "beaten").is_none(),
        _ => false,
    }
}

/// What is known of a case beside its words.
fn known(case: &Case, reading: &Reading, words: &[ReadNeed], signs: &[Sign]) -> Known {
    let meant = words.iter().filter(|need| need.why.is_empty() || need.why.iter().any(|why| !muted(why, &need.term, reading)));
    let mut needs: std::collections::BTreeMap<TermCode, u16> = meant.map(|need| (need.term.clone(), need.score)).collect();
    needs.extend(signs.iter().map(|sign| (sign.term.clone(), 1000)));
    Known {
        age_months: case.age_months,
        sex: case.sex,
        categories: case.categories.clone(),
        hukou: case.hukou.clone(),
        division: case.division().cloned(),
        holds: case.holds.clone(),
        diagnoses: case.diagnoses.clone(),
        school_stage: case.school_stage,
        guardian: case.guardian,
        risk: case.risk.map(Risk::name),
        needs,
        danger: !signs.is_empty(),
    }
}

/// Whether a word is told of somebody else and would be a need only if it were the child's.
fn muted(why: &Why, term: &TermCode, reading: &Reading) -> bool {
    let Why::Word { from, to, .. } = why else { return false };
    let own = OF_THE_CHILD.contains(&term.group()) || OF_THE_CHILD_TOO.contains(&term.as_str());
    own && !OF_THE_FAMILY.contains(&term.as_str()) && reading.of_another(*from, *to)
}

/// Needs of the words and of the rules together, best first: words and a rule are two chances to be right.
fn merged(words: Vec<ReadNeed>, signs: &[Sign], held: &[Held<'_>], reading: &Reading) -> Vec<ReadNeed> {
    let never = |term: &TermCode| held.iter().any(|held| held.rule.silences(term)) && !signs.iter().any(|sign| sign.term == *term);
    let mut needs: Vec<ReadNeed> = Vec::new();
    for mut need in words {
        need.why.retain(|why| !muted(why, &need.term, reading) && !meant_otherwise(why, &need.term, held));
        if !need.why.is_empty() && !never(&need.term) {
            needs.push(need);
        }
    }
    let worded = needs.len();
    let mut add = |term: &TermCode, score: u16, why: Vec<Why>| match needs.iter().position(|need| need.term == *term) {
        Some(at) => {
            let need = &mut needs[at];
            need.score = if at < worded && !need.why.iter().any(|why| matches!(why, Why::Rule { .. })) {
                crate::vocabulary::read::either(need.score, score)
            } else {
                need.score.max(score)
            };
            need.why.extend(why);
        }
        None => needs.push(ReadNeed { term: term.clone(), score, why }),
    };
    for held in held {
        for (term, score) in held.rule.terms.iter().filter(|(term, _)| !never(term)) {
            add(term, *score, held.why());
        }
    }
    for sign in signs {
        add(&sign.term, 1000, vec![Why::Rule { rule_id: sign.code.clone(), from: sign.from, to: sign.to }]);
    }
    for need in &mut needs {
        if signs.iter().any(|sign| sign.term == need.term) {
            need.score = 1000;
        }
    }
    if needs.iter().any(|need| need.score >= SURE) {
        needs.retain(|need| need.score >= FAINT);
    }
    needs.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.term.cmp(&b.term)));
    needs
}

/// Whether a rule says that the word means something else in its clause.
fn meant_otherwise(why: &Why, term: &TermCode, held: &[Held<'_>]) -> bool {
    let Why::Word { from, to, .. } = why else { return false };
    held.iter().filter(|held| held.rule.not_here.contains(term)).any(|held| {
        held.facts.iter().map(|fact| fact.clause).chain(held.said.iter().copied()).any(|(start, end)| start < *to && *from < end)
    })
}

fn chosen(index: &Index, case: &Case) -> Vec<ReadNeed> {
    let mut needs: Vec<ReadNeed> = Vec::new();
    for need in &case.needs {
        let found = match need {
            CaseNeed::Term(term) => vec![ReadNeed { term: term.clone(), score: 1000, why: Vec::new() }],
            CaseNeed::Text(text) => index.vocabulary().read(text).into_iter().take(EACH).collect(),
        };
        for need in found {
            if !needs.iter().any(|known| known.term == need.term) {
                needs.push(need);
            }
        }
    }
    needs
}

impl Read {
    /// Leaves out what was only read and may not be proposed: it is said, not listed.
    pub(super) fn leave_out(&mut self, forbidden: &Forbidden<'_>) {
        if self.picked {
            return;
        }
        self.needs.retain(|need| !forbidden.term(&need.term));
        let left: Vec<TermCode> = self.needs.iter().map(|need| need.term.clone()).collect();
        self.needs.iter_mut().for_each(|need| need.waits_for.retain(|term| left.contains(term)));
    }

    /// Whether something must be reported: no mediation then.
    pub(super) fn reported(&self) -> bool {
        self.signs.iter().any(|sign| sign.situation.is_some()) || self.named().is_some() || self.rule_reports().is_some()
    }

    /// Whether a need is about violence, be it witnessed.
    pub(super) fn violent(&self) -> bool {
        let told = ["beaten", "witness", "molested", "assaulted"].iter().any(|what| self.reading.fact(Person::Child, what).is_some());
        told || self.reported() || self.needs.iter().any(|need| need.term.as_str() == "VIC-02" && need.score >= SURE)
    }

    /// A need whose name must be reported.
    pub(super) fn named(&self) -> Option<&Need> {
        self.needs.iter().find(|need| REPORTED.contains(&need.term.as_str()) && need.score >= SURE)
    }

    /// A rule by which a report comes first.
    pub(super) fn rule_reports(&self) -> Option<&'static reading::Inference> {
        self.held.iter().copied().find(|rule| rule.first.is_some_and(|(term, _)| term == "report"))
    }
}
