//! Facts of a case that cannot all be true. Nothing is corrected: both are named, and a person looks.
//!
//! Ages of school stages are taken widely (a late start, a class repeated).
//! Source: `docs/MATCHING.md`, "What is not known, what contradicts".

use super::{Case, answer::Warning, needs::Read};
use crate::{
    language::Language,
    reading::{Person, Reading},
    rule::{Guardian, Paper, Sex, Stage},
};

/// Ages in months between which a child can be at a stage.
const AGES: [(Stage, u16, u16); 4] =
    [(Stage::Preschool, 0, 107), (Stage::Primary, 54, 191), (Stage::Junior, 114, 227), (Stage::Senior, 150, 263)];
/// A told age may be this far from the one given: years are rounded, and by the old count one more.
const APART: u16 = 24;
/// From this age on nobody is left behind or migrant, by their definitions.
const SIXTEEN: u16 = 192;

/// The contradictions of a case.
pub(super) fn found(case: &Case, read: &Read, language: Language) -> Vec<Warning> {
    let reading = &read.reading;
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |zh: String, en: String| found.push((zh, en));

    if let Some((age, told)) = case.age_months.zip(reading.age_months()).filter(|(age, told)| age.abs_diff(*told) > APART) {
        add(
            format!("登记的年龄是{}，文字里写的是{}", zh_age(age), zh_age(told)),
            format!("the age given is {}, the text says {}", en_age(age), en_age(told)),
        );
    }
    let stages = case.school_stage.into_iter().chain(reading.stage().map(|(stage, _)| stage));
    if let Some((stage, age)) = case.age().and_then(|age| stages.into_iter().find(|stage| !possible(*stage, age)).map(|stage| (stage, age)))
    {
        let (zh, en) = stage_name(stage);
        add(format!("{}的孩子不会在{zh}", zh_age(age)), format!("a child of {} is not in {en}", en_age(age)));
    }
    if let Some((sex, told)) = case.sex.zip(reading.sex()).filter(|(sex, told)| sex != told) {
        let zh = |sex| if sex == Sex::Female { "女" } else { "男" };
        let en = |sex| if sex == Sex::Female { "female" } else { "male" };
        add(
            format!("登记的性别是{}，文字里写的是{}", zh(sex), zh(told)),
            format!("the sex given is {}, the text says {}", en(sex), en(told)),
        );
    }
    guardian(case, reading, &mut add);
    papers(case, reading, &mut add);
    categories(case, reading, &mut add);
    if read.reported() && case.tier() == 4 {
        add("风险等级为绿色，但文字显示须强制报告".to_owned(), "the risk is green, but the words call for a mandatory report".to_owned());
    }
    let warning = |(zh, en)| Warning { code: "contradiction", text: if language == Language::Zh { zh } else { en }, terms: Vec::new() };
    found.into_iter().map(warning).collect()
}

fn possible(stage: Stage, age: u16) -> bool {
    AGES.iter().all(|(own, from, to)| *own != stage || (*from..=*to).contains(&age))
}

fn guardian(case: &Case, reading: &Reading, add: &mut impl FnMut(String, String)) {
    let consents = reading.facts.iter().any(|fact| fact.what == "consents" && fact.who.is_carer());
    if case.guardian == Some(Guardian::Absent) && consents {
        add(
            "监护人登记为联系不上，文字里却写监护人同意".to_owned(),
            "the guardian is given as absent, yet the text says that the guardian consents".to_owned(),
        );
    }
    let out_of_reach = |person: Person| ["dead", "lost"].iter().any(|what| reading.fact(person, what).is_some());
    let both = out_of_reach(Person::Parents) || (out_of_reach(Person::Father) && out_of_reach(Person::Mother));
    let nobody = !reading.facts.iter().any(|fact| fact.what == "carer");
    let others = reading.facts.iter().any(|fact| matches!(fact.who, Person::Grandparent | Person::Relative | Person::Step));
    if case.guardian == Some(Guardian::Consents) && both && nobody && !others {
        add(
            "登记为监护人同意，文字里父母都去世或失联：请写明谁是监护人".to_owned(),
            "the guardian is given as consenting, yet both parents are dead or out of contact: say who the guardian is".to_owned(),
        );
    }
}

fn papers(case: &Case, reading: &Reading, add: &mut impl FnMut(String, String)) {
    let told = [
        ("no_certificate", Paper::DisabilityCertificate, true, "残疾证", "a disability certificate"),
        ("certificate", Paper::DisabilityCertificate, false, "残疾证", "a disability certificate"),
        ("no_permit", Paper::ResidencePermit, true, "居住证", "a residence permit"),
        ("unregistered", Paper::HouseholdRegister, true, "户口", "household registration"),
        ("no_dibao", Paper::Dibao, true, "低保", "dibao"),
        ("dibao", Paper::Dibao, false, "低保", "dibao"),
    ];
    for (what, paper, given, zh, en) in told {
        let said = reading.facts.iter().any(|fact| fact.what == what && matches!(fact.who, Person::Child | Person::Family));
        let both = what == "dibao" && reading.fact(Person::Family, "no_dibao").is_some();
        if said && !both && case.holds.get(&paper) == Some(&given) {
            let (zh_given, zh_said) = if given { ("有", "没有") } else { ("没有", "有") };
            let (en_given, en_said) = if given { ("held", "missing") } else { ("missing", "held") };
            add(format!("登记为{zh_given}{zh}，文字里写{zh_said}"), format!("{en} is given as {en_given}, the text says it is {en_said}"));
        }
    }
    if case.hukou.is_some() && reading.fact(Person::Child, "unregistered").is_some() {
        add("登记了户籍地，文字里写没有户口".to_owned(), "a household registration is given, the text says there is none".to_owned());
    }
}

fn categories(case: &Case, reading: &Reading, add: &mut impl FnMut(String, String)) {
    let is = |code: &str| case.categories.iter().any(|category| category.as_str() == code);
    let alive = ["prison", "detox", "away", "remarried", "detained", "hospital", "divorced", "no_support"];
    let living = reading.facts.iter().find(|fact| fact.who.is_parent() && alive.contains(&fact.what));
    if is("ORPHAN") && living.is_some() {
        add("登记为孤儿，文字里父母还在世".to_owned(), "the child is given as an orphan, yet the text tells of a living parent".to_owned());
    }
    let old = case.age().is_some_and(|age| age >= SIXTEEN);
    if old && (is("LEFT") || is("MIGRANT")) {
        add(
            "已满十六周岁，不再属于留守儿童或流动儿童".to_owned(),
            "from sixteen nobody is left behind or migrant by the definitions".to_owned(),
        );
    }
    if is("MIGRANT") && is("LEFT") {
        add("同时登记为留守儿童和流动儿童".to_owned(), "the child is given as left behind and as migrant at once".to_owned());
    }
}

fn stage_name(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Preschool => ("幼儿园", "kindergarten"),
        Stage::Primary => ("小学", "primary school"),
        Stage::Junior => ("初中", "middle school"),
        Stage::Senior => ("高中", "senior school"),
        Stage::None => ("校外", "no school"),
    }
}

fn zh_age(months: u16) -> String {
    if months < 24 { format!("{months}个月") } else { format!("{}岁", months / 12) }
}

fn en_age(months: u16) -> String {
    if months < 24 { format!("{months} months") } else { format!("{} years", months / 12) }
}
