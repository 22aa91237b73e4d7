//! The options of the long form.

use lianjie_index::DivisionCode;

use super::super::actions;
use super::super::model::{DIAGNOSES, Flag, GuardianState, LANGUAGES, PAPERS, Relation, SITUATIONS, STAGES, name};
use super::fields::SLOTS;
use super::words::{language, word};
use crate::access::Actor;
use crate::app::App;
use crate::division;
use crate::error::Result;
use crate::locale::Locale;
use crate::organization;
use crate::web::{Choice, FormState};

/// A guardian's part of the form.
pub struct GuardianPart {
    /// What its fields begin with.
    pub slot: &'static str,
    /// What it is called.
    pub legend: String,
    /// Relations, where it is no parent.
    pub relations: Vec<Choice>,
    /// States.
    pub states: Vec<Choice>,
    /// Whether something is written in it.
    pub open: bool,
}

/// A group of needs.
pub struct Group {
    /// Its name.
    pub label: String,
    /// Its leaves.
    pub terms: Vec<Choice>,
    /// How many are ticked.
    pub ticked: usize,
}

/// A thing that is held, not held, or not known.
pub struct ThreeValued {
    /// Its field.
    pub field: String,
    /// What it is.
    pub label: String,
    /// Held, not held.
    pub options: Vec<Choice>,
}

/// All options.
pub struct Choices {
    /// Stations, where the actor has several.
    pub stations: Vec<Choice>,
    /// Counties, for a child that lives in another one.
    pub counties: Vec<Choice>,
    /// Townships of the county.
    pub townships: Vec<Choice>,
    /// Its villages.
    pub villages: Vec<Choice>,
    /// Counties of the province and other provinces.
    pub hukou: Vec<Choice>,
    /// Sexes.
    pub sexes: Vec<Choice>,
    /// Guardians.
    pub guardians: Vec<GuardianPart>,
    /// Flags.
    pub flags: Vec<Choice>,
    /// Papers.
    pub papers: Vec<ThreeValued>,
    /// Diagnoses.
    pub diagnoses: Vec<ThreeValued>,
    /// Stages of school.
    pub stages: Vec<Choice>,
    /// Languages.
    pub languages: Vec<Choice>,
    /// Means of travel.
    pub modes: Vec<Choice>,
    /// Fee levels.
    pub fees: Vec<Choice>,
    /// Guardian there or not.
    pub consents: Vec<Choice>,
    /// Levels of risk.
    pub risks: Vec<Choice>,
    /// The nine situations.
    pub situations: Vec<Choice>,
    /// Needs by group.
    pub groups: Vec<Group>,
    /// Categories of child.
    pub categories: Vec<Choice>,
}

/// Provinces other than ours, by code.
const PROVINCES: [(&str, &str, &str); 30] = [
    ("11", "北京市", "Beijing"),
    ("12", "天津市", "Tianjin"),
    ("13", "河北省", "Hebei"),
    ("14", "山西省", "Shanxi"),
    ("15", "内蒙古自治区", "Inner Mongolia"),
    ("21", "辽宁省", "Liaoning"),
    ("22", "吉林省", "Jilin"),
    ("23", "黑龙江省", "Heilongjiang"),
    ("31", "上海市", "Shanghai"),
    ("33", "浙江省", "Zhejiang"),
    ("34", "安徽省", "Anhui"),
    ("35", "福建省", "Fujian"),
    ("36", "江西省", "Jiangxi"),
    ("37", "山东省", "Shandong"),
    ("41", "河南省", "Henan"),
    ("42", "湖北省", "Hubei"),
    ("43", "湖南省", "Hunan"),
    ("44", "广东省", "Guangdong"),
    ("45", "广西壮族自治区", "Guangxi"),
    ("46", "海南省", "Hainan"),
    ("50", "重庆市", "Chongqing"),
    ("51", "四川省", "Sichuan"),
    ("52", "贵州省", "Guizhou"),
    ("53", "云南省", "Yunnan"),
    ("54", "西藏自治区", "Tibet"),
    ("61", "陕西省", "Shaanxi"),
    ("62", "甘肃省", "Gansu"),
    ("63", "青海省", "Qinghai"),
    ("64", "宁夏回族自治区", "Ningxia"),
    ("65", "新疆维吾尔自治区", "Xinjiang"),
];

/// The options, with those typed marked.
pub async fn of(app: &App, actor: &Actor, locale: Locale, form: &FormState, county: &DivisionCode) -> Result<Choices> {
    let divisions = app.divisions.get();
    let categories = app.categories.get();
    let words = |root: &'static str, codes: Vec<String>| codes.into_iter().map(move |code| (code.clone(), word(root, &code, locale)));
    let county_names = || divisions.of_level("county").map(|row| (row.code.to_string(), divisions.full_name(&row.code)));
    let elsewhere = PROVINCES.iter().map(|(code, zh, en)| ((*code).to_owned(), locale.pick(zh, en).to_owned()));
    let spoken = LANGUAGES.iter().map(|spoken| ((*spoken).to_owned(), word("case.language", spoken, locale)));
    Ok(Choices {
        stations: stations(app, actor, form).await?,
        counties: county_names()
            .map(|(value, label)| Choice { selected: value == county.as_str(), value, label, ..Choice::default() })
            .collect(),
        townships: form.options("division", divisions.children(county).map(|row| (row.code.to_string(), row.name.clone()))),
        villages: villages(app, form, county).await?,
        hukou: form.options("hukou", county_names().chain(elsewhere)),
        sexes: form.options("sex", words("case.sex_of", vec!["female".into(), "male".into()])),
        guardians: SLOTS.iter().map(|slot| guardian_part(slot, locale, form)).collect(),
        flags: form.options("flags", words("case.flag", Flag::ALL.iter().map(name).collect())),
        papers: PAPERS.iter().map(|paper| three_valued("holds", name(paper), paper.words(language(locale)), locale, form)).collect(),
        diagnoses: DIAGNOSES.iter().map(|one| three_valued("diagnoses", name(one), one.words(language(locale)), locale, form)).collect(),
        stages: form.options("school_stage", STAGES.iter().map(|stage| (name(stage), stage.words(language(locale)).to_owned()))),
        languages: form.options("languages", spoken),
        modes: form.options("travel_mode", words("case.mode", ["walk", "ebike", "bus", "car"].map(str::to_owned).to_vec())),
        fees: form.options("can_pay", words("case.fee", ["free", "low", "full"].map(str::to_owned).to_vec())),
        consents: form.options("guardian", words("case.guardian_is", ["present", "consents", "absent"].map(str::to_owned).to_vec())),
        risks: form.options("risk", categories.risks.iter().map(|risk| (risk.named.code.clone(), risk.named.name(locale).to_owned()))),
        situations: form.options(
            "situations",
            (1..=SITUATIONS).map(|number| (number.to_string(), word("case.situation", &format!("s{number}"), locale))),
        ),
        groups: groups(app, locale, form),
        categories: form.options("categories", categories.children.iter().map(|row| (row.code.clone(), row.name(locale).to_owned()))),
    })
}

async fn stations(app: &App, actor: &Actor, form: &FormState) -> Result<Vec<Choice>> {
    let ids = actions::stations(actor);
    if ids.len() < 2 {
        return Ok(Vec::new());
    }
    let mut db = app.store.read().await?;
    let mut named = Vec::new();
    for id in ids {
        if let Some(station) = organization::store::find(&mut db, &id).await? {
            named.push((id.to_string(), station.name));
        }
    }
    Ok(form.options("station", named))
}

async fn villages(app: &App, form: &FormState, county: &DivisionCode) -> Result<Vec<Choice>> {
    let divisions = app.divisions.get();
    let mut db = app.store.read().await?;
    let mut named = Vec::new();
    for township in divisions.children(county) {
        for village in division::store::villages(&mut db, &township.code).await? {
            named.push((village.code, format!("{} · {}", township.name, village.name)));
        }
    }
    Ok(form.options("village", named))
}

fn guardian_part(slot: &'static str, locale: Locale, form: &FormState) -> GuardianPart {
    let labelled = |root: &'static str, codes: Vec<String>| codes.into_iter().map(move |code| (code.clone(), word(root, &code, locale)));
    let others = Relation::ALL.iter().filter(|relation| !relation.is_parent()).map(name).collect();
    let relations = if slot.starts_with("carer") {
        form.options(&format!("{slot}_relation"), labelled("case.relation_of", others))
    } else {
        Vec::new()
    };
    let state = format!("{slot}_state");
    GuardianPart {
        slot,
        legend: word("case.guardian_slot", slot, locale),
        relations,
        open: !form.value(&state).is_empty() || !form.fault(&state).is_empty() || slot == "father" || slot == "mother",
        states: form.options(&state, labelled("case.guardian_state", GuardianState::ALL.iter().map(name).collect())),
    }
}

fn three_valued(prefix: &str, code: String, label: &str, locale: Locale, form: &FormState) -> ThreeValued {
    let field = format!("{prefix}_{code}");
    let options = form.options(&field, ["yes", "no"].map(|value| (value, word("case.held", value, locale))));
    ThreeValued { field, label: label.to_owned(), options }
}

/// The needs of the taxonomy by group.
pub fn groups(app: &App, locale: Locale, form: &FormState) -> Vec<Group> {
    let vocabulary = app.vocabulary.get();
    let mut groups = Vec::new();
    for group in vocabulary.terms().filter(|term| !term.code.is_leaf()) {
        let leaves = vocabulary.terms().filter(|term| term.code.is_leaf() && group.code.covers(&term.code));
        let terms = form.options("terms", leaves.map(|leaf| (leaf.code.to_string(), locale.pick(&leaf.zh, &leaf.en).to_owned())));
        groups.push(Group {
            label: locale.pick(&group.zh, &group.en).to_owned(),
            ticked: terms.iter().filter(|term| term.selected).count(),
            terms,
        });
    }
    groups
}

/// The name of a province other than ours.
pub fn province(code: &str, locale: Locale) -> String {
    PROVINCES.iter().find(|(known, _, _)| *known == code).map_or_else(|| code.to_owned(), |(_, zh, en)| locale.pick(zh, en).to_owned())
}
