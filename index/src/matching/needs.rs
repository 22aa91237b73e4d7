//! Which needs a case has, how soon each must be met, and what comes before all of them.
//!
//! Needs that were picked stand as they are; otherwise they are read from the words, and a sign of
//! danger brings its own. The nine situations of the mandatory report make a need tier 1 and put
//! the report first, at once. Source: `docs/MATCHING.md`, "Danger".

use super::{
    Case, Setting,
    answer::{FirstStep, Need, Warning},
    case::CaseNeed,
};
use crate::{
    code::TermCode,
    language::Language,
    search::Index,
    vocabulary::{ReadNeed, Sign, Why, read::MOST},
};

/// Needs whose very name is a situation that must be reported.
const REPORTED: [&str; 4] = ["VIC-01", "VIC-03", "VIC-07", "VIC-08"];
/// Needs that are answered before others, with the hours they may take.
const AT_ONCE: [(&str, u16); 5] = [("EMG-06", 0), ("EMG-04", 0), ("EMG-02", 2), ("EMG-03", 0), ("GUA-04", 24)];
/// Below this a word does not alarm.
const SURE: u16 = 600;
/// Needs taken from one wording of a need.
const EACH: usize = 3;

/// What was read of a case.
pub(super) struct Read {
    pub(super) needs: Vec<Need>,
    pub(super) signs: Vec<Sign>,
}

/// Reads the needs of a case and the signs of danger.
pub(super) fn read(index: &Index, case: &Case) -> Read {
    let vocabulary = index.vocabulary();
    let texts = case.text.iter().chain(case.needs.iter().filter_map(|need| match need {
        CaseNeed::Text(text) => Some(text),
        CaseNeed::Term(_) => None,
    }));
    let mut signs: Vec<Sign> = Vec::new();
    for text in texts {
        for sign in vocabulary.danger(text, Some(case.age_months), case.sex) {
            if !signs.iter().any(|known| known.code == sign.code) {
                signs.push(sign);
            }
        }
    }

    let found = if case.needs.is_empty() { from_text(index, case, &signs) } else { picked(index, case) };
    let tier = |term: &TermCode| {
        let danger = signs.iter().any(|sign| sign.term == *term) || REPORTED.contains(&term.as_str());
        if danger { 1 } else { case.tiers.get(term).copied().unwrap_or_else(|| case.tier()) }
    };
    let needs = found.into_iter().take(MOST).map(|need| Need {
        zh: vocabulary.name(&need.term, Language::Zh),
        en: vocabulary.name(&need.term, Language::En),
        score: need.score,
        tier: tier(&need.term),
        why: need.why,
        term: need.term,
    });
    Read { needs: needs.collect(), signs }
}

fn from_text(index: &Index, case: &Case, signs: &[Sign]) -> Vec<ReadNeed> {
    let mut needs = index.vocabulary().read(case.text.as_deref().unwrap_or_default());
    for sign in signs {
        let why = Why::Rule { rule_id: sign.code.clone(), from: sign.from, to: sign.to };
        match needs.iter_mut().find(|need| need.term == sign.term) {
            Some(need) => {
                need.score = 1000;
                need.why.push(why);
            }
            None => needs.push(ReadNeed { term: sign.term.clone(), score: 1000, why: vec![why] }),
        }
    }
    needs.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.term.cmp(&b.term)));
    needs
}

fn picked(index: &Index, case: &Case) -> Vec<ReadNeed> {
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
    /// Whether something must be reported: no mediation then.
    pub(super) fn reported(&self) -> bool {
        self.signs.iter().any(|sign| sign.situation.is_some()) || self.named().is_some()
    }

    /// Whether a need is about violence, be it witnessed.
    pub(super) fn violent(&self) -> bool {
        self.reported() || self.needs.iter().any(|need| need.term.as_str() == "VIC-02" && need.score >= SURE)
    }

    fn named(&self) -> Option<&Need> {
        self.needs.iter().find(|need| REPORTED.contains(&need.term.as_str()) && need.score >= SURE)
    }

    /// What comes first: the report, else what cannot wait.
    pub(super) fn first_step(&self, language: Language) -> Option<FirstStep> {
        if let Some(sign) = self.signs.iter().find(|sign| sign.first == "report") {
            return Some(FirstStep { term: sign.first.clone(), within_hours: sign.hours, why: alarm(sign, language) });
        }
        if let Some(need) = self.named() {
            let why = match language {
                Language::Zh => format!("“{}”属强制报告范围：立即向公安机关报告，并告知民政部门", need.zh),
                Language::En => format!("\"{}\" must be reported: tell the police at once, and civil affairs", need.en),
            };
            return Some(FirstStep { term: "report".to_owned(), within_hours: 0, why });
        }
        if let Some(sign) = self.signs.iter().min_by_key(|sign| sign.hours) {
            return Some(FirstStep { term: sign.first.clone(), within_hours: sign.hours, why: alarm(sign, language) });
        }
        let sure = |need: &&Need| need.score >= SURE;
        let urgent = self.needs.iter().filter(sure).find_map(|need| {
            let (_, hours) = AT_ONCE.iter().find(|(term, _)| *term == need.term.as_str())?;
            Some((need, *hours))
        });
        urgent.map(|(need, within_hours)| FirstStep {
            term: need.term.to_string(),
            within_hours,
            why: waits_for_nothing(need, within_hours, language),
        })
    }

    /// What the worker must know of danger and of the facts.
    pub(super) fn warnings(&self, case: &Case, index: &Index, setting: &Setting<'_>) -> Vec<Warning> {
        let language = setting.language;
        let mut warnings: Vec<Warning> = Vec::new();
        for sign in &self.signs {
            let code = if sign.situation.is_some() { "mandatory_report" } else { "danger" };
            warnings.push(Warning { code, text: alarm(sign, language), terms: vec![sign.term.clone()] });
        }
        if let Some(need) = self.named().filter(|_| warnings.iter().all(|warning| warning.code != "mandatory_report")) {
            let text = self.first_step(language).map(|step| step.why).unwrap_or_default();
            warnings.push(Warning { code: "mandatory_report", text, terms: vec![need.term.clone()] });
        }
        if self.reported() && case.tier() == 4 {
            let text = language.of("风险等级为绿色，但文字显示须强制报告", "the risk is green, but the words call for a mandatory report");
            warnings.push(Warning { code: "contradiction", text: text.to_owned(), terms: Vec::new() });
        }
        if index.gazetteer().division(&case.place.division).is_none() {
            let text = match language {
                Language::Zh => format!("没有区划 {}", case.place.division),
                Language::En => format!("no division {}", case.place.division),
            };
            warnings.push(Warning { code: "unknown_place", text, terms: Vec::new() });
        }
        for need in self.needs.iter().filter(|need| index.vocabulary().term(&need.term).is_none()) {
            let text = match language {
                Language::Zh => format!("没有分类 {}", need.term),
                Language::En => format!("no taxonomy term {}", need.term),
            };
            warnings.push(Warning { code: "unknown_term", text, terms: vec![need.term.clone()] });
        }
        warnings
    }
}

/// A need that is seen to before anything else, in words.
fn waits_for_nothing(need: &Need, within_hours: u16, language: Language) -> String {
    let Need { zh, en, .. } = need;
    match (language, within_hours) {
        (Language::Zh, 0) => format!("“{zh}”不能等：现在就联系能马上接手的人，再谈其他转介"),
        (Language::En, 0) => format!("\"{en}\" cannot wait: reach somebody now who takes it on, before other referrals"),
        (Language::Zh, _) => format!("“{zh}”不能等：{within_hours} 小时内有人接手，再谈其他转介"),
        (Language::En, _) => format!("\"{en}\" cannot wait: somebody takes it on within {within_hours} hours, before other referrals"),
    }
}

/// A sign in words.
fn alarm(sign: &Sign, language: Language) -> String {
    let Sign { text, zh, en, .. } = sign;
    match (language, sign.situation) {
        (Language::Zh, Some(number)) => {
            format!("“{text}”：强制报告第 {number} 种情形（{zh}）。立即向公安机关报告，并告知民政部门；不等待核实")
        }
        (Language::En, Some(number)) => {
            format!(
                "\"{text}\": situation {number} of the mandatory report ({en}). Tell the police at once, and civil affairs; do not wait to be sure"
            )
        }
        (Language::Zh, None) => format!("“{text}”：{zh}。先处理，再转介"),
        (Language::En, None) => format!("\"{text}\": {en}. See to this first, refer afterwards"),
    }
}
