//! Taxonomies as the standard has them: the needs, and our lists of codes. What HSDS has no field for travels as an attribute
//! with a term of the taxonomy `lianjie-fact`, so that a plain client still reads the rest.

use std::collections::BTreeMap;

use lianjie_index::entry::{Delivery, FeeLevel, Payer};
use serde_json::Value;

use super::confirmed;
use super::object::{Object, derived};
use crate::app::App;
use crate::locale::Locale;
use crate::organization::store::name_of;
use crate::search::Words;

/// A taxonomy: its name, what it is.
#[derive(Debug)]
pub struct Taxonomy {
    /// Name.
    pub name: &'static str,
    /// What it is.
    pub description: &'static str,
    /// What stands before the codes of its terms, which are unique over all taxonomies.
    pub prefix: &'static str,
}

/// Needs and the services that meet them.
pub const NEED: Taxonomy =
    Taxonomy { name: "lianjie-need", description: "需求与服务分类 · Needs and the services that meet them", prefix: "" };
/// Kinds of organization.
pub const KIND: Taxonomy = Taxonomy { name: "lianjie-kind", description: "机构类别 · Kinds of organisation", prefix: "kind:" };
/// Whom a fee is for.
pub const AUDIENCE: Taxonomy = Taxonomy { name: "lianjie-audience", description: "收费对象 · Whom a fee is for", prefix: "audience:" };
/// How a service reaches the child.
pub const DELIVERY: Taxonomy =
    Taxonomy { name: "lianjie-delivery", description: "服务方式 · How a service reaches the child", prefix: "delivery:" };
/// Free, low, full.
pub const FEE: Taxonomy = Taxonomy { name: "lianjie-fee", description: "无偿、低偿、有偿 · Free, low, full", prefix: "fee:" };
/// What a fee is for.
pub const UNIT: Taxonomy = Taxonomy { name: "lianjie-unit", description: "计费单位 · What a fee is for", prefix: "unit:" };
/// Who pays.
pub const PAYER: Taxonomy = Taxonomy { name: "lianjie-payer", description: "谁付费 · Who pays", prefix: "payer:" };
/// Facts that HSDS has no field for.
pub const FACT: Taxonomy =
    Taxonomy { name: "lianjie-fact", description: "标准之外的事实 · Facts that HSDS has no field for", prefix: "fact:" };

/// Facts that somebody confirmed.
pub const CONFIRMED: Taxonomy = Taxonomy {
    name: "lianjie-confirmed",
    description: "核实过的事实：谁说的、怎么核实、哪一天、有效到哪一天 · Facts that were confirmed: by whom, how, when, until when",
    prefix: "confirmed:",
};

/// All of them, in order.
pub const TAXONOMIES: [&Taxonomy; 9] = [&NEED, &KIND, &AUDIENCE, &DELIVERY, &FEE, &UNIT, &PAYER, &FACT, &CONFIRMED];

/// The facts: code, what it is in Chinese and in English. What a value looks like stands in `docs/HSDS.md`.
pub const FACTS: [(&str, &str, &str); 17] = [
    ("division", "所在区划", "Division it lies in"),
    ("address", "机构地址", "Address of the organisation"),
    ("verified_until", "核验有效至", "Last day the verification holds"),
    ("village", "村（社区）", "Village"),
    ("precision_m", "坐标误差（米）", "How far off the point may be, in metres"),
    ("crs_given", "坐标原系", "System the point was given in"),
    ("eligibility", "准入条件", "Who may use it, as a rule"),
    ("wait_days", "等待天数", "Days to wait"),
    ("travel_free", "接送或报销路费", "The provider fetches the child or pays the way"),
    ("season", "开放季节", "When in the year it is open"),
    ("open_on_holidays", "节假日开放", "Open on public holidays"),
    ("quota", "次数上限", "Most units that are given"),
    ("licence", "依法须有资质的服务", "A need that only licensed bodies may meet"),
    ("office", "办公用的手机号", "A mobile number of the office"),
    ("site", "服务点", "Service at location that the places are of"),
    ("term", "学期", "Term that the places are of"),
    ("from_to", "项目起止", "First and last day of a programme"),
];

/// All terms, made once for an answer or a package.
pub struct Terms {
    by_code: BTreeMap<String, Object>,
}

impl Terms {
    /// The terms of a running product.
    #[must_use]
    pub fn of(app: &App) -> Self {
        let words = Words::of(app, Locale::Zh);
        let english = Words::of(app, Locale::En);
        let categories = app.categories.get();
        let mut terms = Self { by_code: BTreeMap::new() };
        for term in app.vocabulary.get().terms() {
            let parent = term.code.is_leaf().then(|| term.code.group().to_owned());
            terms.add(&NEED, term.code.as_str(), &term.zh, &term.en, parent.as_deref());
        }
        for kind in &categories.kinds {
            terms.add(&KIND, &kind.named.code, &kind.named.zh, &kind.named.en, None);
        }
        for audience in &categories.audiences {
            terms.add(&AUDIENCE, &audience.named.code, &audience.named.zh, &audience.named.en, None);
        }
        for category in &categories.children {
            terms.add(&AUDIENCE, &category.code, &category.zh, &category.en, None);
        }
        for way in Delivery::ALL {
            terms.add(&DELIVERY, &name_of(&way), &words.delivery(way), &english.delivery(way), None);
        }
        for level in FeeLevel::ALL {
            terms.add(&FEE, &name_of(&level), &words.level(level), &english.level(level), None);
        }
        for unit in ["visit", "hour", "month", "term"] {
            terms.add(&UNIT, unit, &words.word("unit", unit), &english.word("unit", unit), None);
        }
        for payer in [Payer::Family, Payer::Station, Payer::Program, Payer::Body] {
            let code = name_of(&payer);
            terms.add(&PAYER, &code, &words.word("payer", &code), &english.word("payer", &code), None);
        }
        for (code, zh, en) in FACTS {
            terms.add(&FACT, code, zh, en, None);
        }
        for (code, zh, en) in confirmed::FACTS {
            terms.add(&CONFIRMED, code, zh, en, None);
        }
        terms
    }

    fn add(&mut self, taxonomy: &Taxonomy, code: &str, zh: &str, en: &str, parent: Option<&str>) {
        let code = format!("{}{code}", taxonomy.prefix);
        let object = Object::new(term_id(&code))
            .with("code", code.as_str())
            .with("name", zh)
            .with("description", if en.is_empty() { zh } else { en })
            .maybe("parent_id", parent.map(term_id))
            .with("taxonomy", taxonomy.name)
            .with("language", "zh")
            .one("taxonomy_detail", Some(taxonomy_object(taxonomy)))
            .with("taxonomy_id", taxonomy_id(taxonomy));
        self.by_code.insert(code, object);
    }

    /// All terms, by code.
    pub fn all(&self) -> impl Iterator<Item = &Object> {
        self.by_code.values()
    }

    /// An attribute of an object: what a term says of it.
    #[must_use]
    pub fn attribute(&self, parent: &str, taxonomy: &Taxonomy, code: &str, link_type: &str, value: Option<Value>) -> Option<Object> {
        let code = format!("{}{code}", taxonomy.prefix);
        let term = self.by_code.get(&code)?;
        let part = value.as_ref().map(Value::to_string).unwrap_or_default();
        let object = Object::new(derived(parent, &format!("attribute:{link_type}"), &format!("{code}:{part}")))
            .with("link_type", link_type)
            .maybe("value", value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
            .with("label", term.text("name"));
        // What a taxonomy is stands with its terms, not beside each of thousands of attributes.
        let mut term = term.clone();
        term.0.shift_remove("taxonomy_detail");
        Some(object.one("taxonomy_term", Some(term)))
    }

    /// A fact that HSDS has no field for.
    #[must_use]
    pub fn fact(&self, parent: &str, code: &str, value: impl Into<Value>) -> Option<Object> {
        self.attribute(parent, &FACT, code, "fact", Some(value.into()))
    }
}

/// The id of a term.
#[must_use]
pub fn term_id(code: &str) -> String {
    derived("taxonomy", "term", code)
}

/// The id of a taxonomy.
#[must_use]
pub fn taxonomy_id(taxonomy: &Taxonomy) -> String {
    derived("taxonomy", "taxonomy", taxonomy.name)
}

/// A taxonomy as the standard has it.
#[must_use]
pub fn taxonomy_object(taxonomy: &Taxonomy) -> Object {
    Object::new(taxonomy_id(taxonomy)).with("name", taxonomy.name).with("description", taxonomy.description).with("version", "1")
}
