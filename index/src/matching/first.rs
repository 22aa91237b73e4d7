//! What comes before everything else, with its deadline, and what the worker must know of danger.
//!
//! A report stands before all; then whatever is due soonest: a sign of danger, a need that cannot
//! wait, a rule that puts a hospital, a shelter or a paper first. Of equals the sign comes first.
//! Source: `docs/MATCHING.md`, "The first step".

use super::{
    Case, Setting,
    answer::{FirstStep, Need, Warning},
    contradiction,
    needs::Read,
};
use crate::{
    language::Language,
    reading::Inference,
    search::Index,
    vocabulary::{Sign, read::SURE},
};

/// Needs that are answered before others, with the hours they may take.
const AT_ONCE: [(&str, u16); 5] = [("EMG-06", 0), ("EMG-04", 0), ("EMG-02", 2), ("EMG-03", 0), ("GUA-04", 24)];

impl Read {
    /// What comes first: the report, else what cannot wait.
    pub(super) fn first_step(&self, language: Language) -> Option<FirstStep> {
        self.report(language).or_else(|| self.soonest(language))
    }

    fn report(&self, language: Language) -> Option<FirstStep> {
        let report = |within_hours: u16, why: String| FirstStep { term: "report".to_owned(), within_hours, why };
        if let Some(sign) = self.signs.iter().find(|sign| sign.first == "report") {
            return Some(report(sign.hours, alarm(sign, language)));
        }
        if let Some(rule) = self.rule_reports() {
            return Some(report(0, said(rule, language)));
        }
        let need = self.named()?;
        let why = match language {
            Language::Zh => format!("“{}”属强制报告范围：立即向公安机关报告，并告知民政部门", need.zh),
            Language::En => format!("\"{}\" must be reported: tell the police at once, and civil affairs", need.en),
        };
        Some(report(0, why))
    }

    fn soonest(&self, language: Language) -> Option<FirstStep> {
        let signs =
            self.signs.iter().map(|sign| FirstStep { term: sign.first.clone(), within_hours: sign.hours, why: alarm(sign, language) });
        let needs = self.needs.iter().filter(|need| need.score >= SURE).filter_map(|need| {
            let (_, hours) = AT_ONCE.iter().find(|(term, _)| *term == need.term.as_str())?;
            Some(FirstStep { term: need.term.to_string(), within_hours: *hours, why: waits_for_nothing(need, *hours, language) })
        });
        let rules = self.held.iter().filter_map(|rule| {
            let (term, within_hours) = rule.first?;
            Some(FirstStep { term: term.to_owned(), within_hours, why: said(rule, language) })
        });
        let mut steps: Vec<FirstStep> = signs.chain(rules).chain(needs).collect();
        steps.sort_by_key(|step| step.within_hours);
        steps.into_iter().next()
    }

    /// What the worker must know of danger and of the facts.
    pub(super) fn warnings(&self, case: &Case, index: &Index, setting: &Setting<'_>) -> Vec<Warning> {
        let language = setting.language;
        let mut warnings: Vec<Warning> = Vec::new();
        for sign in &self.signs {
            let code = if sign.situation.is_some() { "mandatory_report" } else { "danger" };
            warnings.push(Warning { code, text: alarm(sign, language), terms: vec![sign.term.clone()] });
        }
        let told = warnings.iter().any(|warning| warning.code == "mandatory_report");
        if !told && let Some(step) = self.report(language) {
            let terms = match (self.rule_reports(), self.named()) {
                (Some(rule), _) => rule.terms.iter().take(1).map(|(term, _)| term.clone()).collect(),
                (None, named) => named.map(|need| need.term.clone()).into_iter().collect(),
            };
            warnings.push(Warning { code: "mandatory_report", text: step.why, terms });
        }
        warnings.extend(contradiction::found(case, self, language));
        warnings.extend(unknown(case, self, index, language));
        warnings
    }
}

/// What is not known of a case, or not known at all.
fn unknown(case: &Case, read: &Read, index: &Index, language: Language) -> Vec<Warning> {
    let warning = |code: &'static str, text: String| Warning { code, text, terms: Vec::new() };
    let mut warnings = Vec::new();
    if let Some(rule) = read.held.iter().find(|rule| rule.is_quiet()) {
        let why = language.of(rule.zh, rule.en);
        let text = match language {
            Language::Zh => format!("{why}：没有读出需要；要找服务，请写清楚孩子的情况，或者自己选需要"),
            Language::En => format!("{why}: no need was read; tell of the child, or pick the needs yourself"),
        };
        warnings.push(warning("no_case", text));
    }
    if case.age().is_none() {
        let text = language.of("没有写年龄：凡要看年龄的条件都要再问", "no age is given: whatever depends on it must be asked");
        warnings.push(warning("unknown_age", text.to_owned()));
    }
    match case.division() {
        None => {
            let text = language.of(
                "没有写住在哪里：列出全省的服务，不计距离",
                "no place is given: services of the whole province are listed, without distance",
            );
            warnings.push(warning("unknown_place", text.to_owned()));
        }
        Some(division) if index.gazetteer().division(division).is_none() => {
            let text = match language {
                Language::Zh => format!("没有区划 {division}"),
                Language::En => format!("no division {division}"),
            };
            warnings.push(warning("unknown_place", text));
        }
        Some(_) => {}
    }
    for need in read.needs.iter().filter(|need| index.vocabulary().term(&need.term).is_none()) {
        let text = match language {
            Language::Zh => format!("没有分类 {}", need.term),
            Language::En => format!("no taxonomy term {}", need.term),
        };
        warnings.push(Warning { code: "unknown_term", text, terms: vec![need.term.clone()] });
    }
    for category in case.categories.iter().filter(|category| !index.gazetteer().knows_category(category)) {
        let text = match language {
            Language::Zh => format!("没有儿童类别 {category}"),
            Language::En => format!("no category of child {category}"),
        };
        warnings.push(warning("unknown_category", text));
    }
    warnings
}

/// A rule of reading in words.
fn said(rule: &Inference, language: Language) -> String {
    match language {
        Language::Zh => format!("{}（{}）", rule.zh, rule.source),
        Language::En => format!("{} ({})", rule.en, rule.source),
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
