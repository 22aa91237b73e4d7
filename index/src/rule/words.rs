//! Rules in words, for the people who read them: what is required, what to ask, what would help.
//!
//! Names of codes that an installation may edit (categories, divisions) come from [`Names`]; the
//! rest are the fixed codes of the grammar.

use super::{Atom, Class, Diagnosis, Guardian, Paper, Referrer, Relaxation, Sex, Stage, Test};
use crate::{
    code::{Area, CategoryCode},
    language::Language,
};

/// Names of codes that are data.
pub trait Names {
    /// A category of child.
    fn category(&self, code: &CategoryCode, language: Language) -> String;
    /// A division or zone.
    fn area(&self, area: &Area) -> String;
}

/// Codes shown as they are.
#[derive(Debug, Clone, Copy)]
pub struct Codes;

impl Names for Codes {
    fn category(&self, code: &CategoryCode, _: Language) -> String {
        code.to_string()
    }

    fn area(&self, area: &Area) -> String {
        area.to_string()
    }
}

impl Atom {
    /// What the atom requires: “3 岁至 6 岁 11 个月”, “需残疾人证”.
    #[must_use]
    pub fn requirement(&self, language: Language, names: &impl Names) -> String {
        let zh = language == Language::Zh;
        let text = match &self.test {
            Test::AgeMonths(from, to) => age_range(*from, *to, language),
            Test::Category(codes) => {
                let list = either(codes.iter().map(|code| names.category(code, language)), language);
                if zh { format!("限{list}") } else { format!("for: {list}") }
            }
            Test::Hukou(divisions) => {
                let list = either(divisions.iter().map(|code| names.area(&code.clone().into())), language);
                if zh { format!("需{list}户籍") } else { format!("registered in {list}") }
            }
            Test::Residence(areas) => {
                let list = either(areas.iter().map(|area| names.area(area)), language);
                if zh { format!("需住在{list}") } else { format!("lives in {list}") }
            }
            Test::Sex(sex) => sex.words(language).to_owned(),
            Test::Holds(papers) => {
                let list = either(papers.iter().map(|paper| paper.words(language).to_owned()), language);
                if zh { format!("需{list}") } else { format!("holds {list}") }
            }
            Test::Diagnosis(codes) => {
                let list = either(codes.iter().map(|code| code.words(language).to_owned()), language);
                if zh { format!("需有诊断：{list}") } else { format!("diagnosed: {list}") }
            }
            Test::SchoolStage(stages) => {
                let list = either(stages.iter().map(|stage| stage.words(language).to_owned()), language);
                if zh { format!("限{list}") } else { format!("in: {list}") }
            }
            Test::Guardian(state) => state.words(language).to_owned(),
            Test::ReferredBy(referrers) => {
                let list = either(referrers.iter().map(|body| body.words(language).to_owned()), language);
                if zh { format!("需由{list}书面提出") } else { format!("asked for in writing by {list}") }
            }
            Test::MaxMinutes(limit) if zh => format!("单程不超过 {limit} 分钟"),
            Test::MaxMinutes(limit) => format!("at most {limit} minutes one way"),
        };
        match &self.note {
            Some(note) if zh => format!("{text}（{note}）"),
            Some(note) => format!("{text} ({note})"),
            None => text,
        }
    }

    /// The question that settles the atom.
    #[must_use]
    pub fn question(&self, language: Language, names: &impl Names) -> String {
        let requirement = self.requirement(language, names);
        let (zh, en) = match &self.test {
            Test::AgeMonths(..) => ("孩子多大", "how old is the child"),
            Test::Category(_) => ("孩子属于哪类", "which category is the child in"),
            Test::Hukou(_) => ("孩子户口在哪里", "where is the child registered"),
            Test::Residence(_) => ("孩子现住哪个街道（镇）", "in which township does the child live"),
            Test::Sex(_) => ("孩子的性别", "is the child a girl or a boy"),
            Test::Holds(_) => ("有没有这份材料", "is this paper held"),
            Test::Diagnosis(_) => ("有没有这项诊断", "was this diagnosed"),
            Test::SchoolStage(_) => ("孩子在哪个学段", "in which stage of school is the child"),
            Test::Guardian(_) => ("监护人能否到场并同意", "can the guardian come, and agree"),
            Test::ReferredBy(_) => ("有没有该单位的书面意见", "has that body asked in writing"),
            Test::MaxMinutes(_) => ("家里怎么过去、要多久", "how does the family get there, how long"),
        };
        match language {
            Language::Zh => format!("{zh}？（{requirement}）"),
            Language::En => format!("{en}? ({requirement})"),
        }
    }
}

impl Relaxation {
    /// What would have to change: “差 4 个月：2027-03 起可申请”, “需残疾人证（可先申办）”.
    #[must_use]
    pub fn words(&self, language: Language, names: &impl Names) -> String {
        let mut parts: Vec<String> = Vec::new();
        for part in self.atoms.iter().map(|atom| self.atom_words(atom, language, names)) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts.join(language.of("；", "; "))
    }

    fn atom_words(&self, atom: &Atom, language: Language, names: &impl Names) -> String {
        if let (Class::Wait, Some(months), Some(day)) = (atom.class(), self.months, self.from_day) {
            let month = day.strftime("%Y-%m");
            return match language {
                Language::Zh => format!("差 {months} 个月：{month} 起可申请"),
                Language::En => format!("{months} months too early: from {month}"),
            };
        }
        let what = atom.requirement(language, names);
        let hint = match atom.class() {
            Class::Data => language.of("请核对记录", "check the record"),
            Class::Obtain => language.of("可先申办", "can be applied for first"),
            Class::Negotiate => language.of("可由镇里协商", "the town may negotiate"),
            Class::Wait => language.of("需排队等候", "has to wait"),
            Class::Fixed => return what,
        };
        match language {
            Language::Zh => format!("{what}（{hint}）"),
            Language::En => format!("{what} ({hint})"),
        }
    }
}

fn age_range(from: Option<u16>, to: Option<u16>, language: Language) -> String {
    // Both ends are completed months: up to 83 means until the seventh birthday.
    let until = to.map(|to| to.saturating_add(1));
    match (language, from.filter(|from| *from > 0), until) {
        (Language::Zh, None, None) => "年龄不限".to_owned(),
        (Language::Zh, Some(from), None) => format!("满{}", age(from, language)),
        (Language::Zh, None, Some(until)) => format!("未满{}", age(until, language)),
        (Language::Zh, Some(from), Some(until)) => {
            format!("满{}、未满{}", age(from, language), age(until, language))
        }
        (Language::En, None, None) => "any age".to_owned(),
        (Language::En, Some(from), None) => format!("from {}", age(from, language)),
        (Language::En, None, Some(until)) => format!("under {}", age(until, language)),
        (Language::En, Some(from), Some(until)) => {
            format!("from {} to under {}", age(from, language), age(until, language))
        }
    }
}

fn age(months: u16, language: Language) -> String {
    match (language, months / 12, months % 12) {
        (Language::Zh, 0, months) => format!(" {months} 个月"),
        (Language::Zh, years, 0) => format!(" {years} 岁"),
        (Language::Zh, years, months) => format!(" {years} 岁 {months} 个月"),
        (Language::En, 0, months) => format!("{months} months"),
        (Language::En, years, 0) => format!("{years} years"),
        (Language::En, years, months) => format!("{years} years {months} months"),
    }
}

fn either(items: impl Iterator<Item = String>, language: Language) -> String {
    items.collect::<Vec<_>>().join(language.of("或", " or "))
}

/// Fixed codes in both languages.
macro_rules! words {
    ($($name:ident { $($variant:ident: $zh:literal, $en:literal;)* })*) => {$(
        impl $name {
            /// The code in words.
            #[must_use]
            pub fn words(self, language: Language) -> &'static str {
                match self { $(Self::$variant => language.of($zh, $en)),* }
            }
        }
    )*};
}

words! {
    Sex {
        Female: "限女孩", "girls only";
        Male: "限男孩", "boys only";
    }
    Paper {
        DisabilityCertificate: "残疾人证", "a disability certificate";
        Dibao: "低保", "minimum living allowance";
        NearPoor: "低保边缘认定", "near-poor recognition";
        ResidencePermit: "居住证", "a residence permit";
        RecognitionDefacto: "事实无人抚养儿童认定", "recognition as de facto without carers";
        DiagnosisReport: "诊断证明", "a diagnosis report";
        SchoolRoll: "学籍", "a place on the school roll";
        HouseholdRegister: "户口", "household registration";
    }
    Diagnosis {
        Visual: "视力残疾", "visual impairment";
        Hearing: "听力残疾", "hearing impairment";
        Speech: "言语残疾", "speech impairment";
        Limb: "肢体残疾", "physical impairment";
        Intellectual: "智力残疾", "intellectual impairment";
        Mental: "精神障碍", "mental disorder";
        Autism: "孤独症", "autism";
        DevelopmentalDelay: "发育迟缓", "developmental delay";
        Adhd: "多动症", "ADHD";
        SeriousIllness: "重病", "serious illness";
    }
    Stage {
        Preschool: "学前", "preschool";
        Primary: "小学", "primary school";
        Junior: "初中", "junior secondary school";
        Senior: "高中阶段", "senior secondary school";
        None: "不在学", "not in school";
    }
    Guardian {
        Present: "监护人需到场", "a guardian must come";
        Consents: "需监护人同意", "a guardian must agree";
        Absent: "限监护人不在的孩子", "only where no guardian is there";
    }
    Referrer {
        Station: "未保站", "the station";
        CivilAffairs: "民政部门", "civil affairs";
        Education: "教育部门", "the education office";
        Hospital: "医院", "a hospital";
        DisabledFederation: "残联", "the disabled persons' federation";
        Police: "公安机关", "the police";
        Court: "法院", "a court";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Facts, Rule};

    #[test]
    fn a_relaxation_is_said_in_both_languages() {
        let facts = Facts { age_months: Some(32), day: "2026-11-25".parse().unwrap(), ..Facts::default() };
        let rule: Rule = r#"{"age_months":[36,83]}"#.parse().unwrap();
        let found = rule.relax(&facts).unwrap();
        assert_eq!(found.words(Language::Zh, &Codes), "差 4 个月：2027-03 起可申请");
        assert_eq!(found.words(Language::En, &Codes), "4 months too early: from 2027-03");
    }

    #[test]
    fn a_paper_can_be_applied_for_first() {
        let mut facts = Facts::default();
        facts.holds.insert(Paper::DisabilityCertificate, false);
        let rule: Rule = r#"{"holds":["disability_certificate"]}"#.parse().unwrap();
        let words = rule.relax(&facts).unwrap().words(Language::Zh, &Codes);
        assert_eq!(words, "需残疾人证（可先申办）");
    }

    #[test]
    fn an_upper_age_is_the_birthday_it_ends_at() {
        let rule: Rule = r#"{"age_months":[0,83]}"#.parse().unwrap();
        let Rule::Atom(atom) = rule else { panic!("an atom") };
        assert_eq!(atom.requirement(Language::Zh, &Codes), "未满 7 岁");
        assert_eq!(atom.requirement(Language::En, &Codes), "under 7 years");
    }
}
