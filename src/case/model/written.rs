//! What a worker writes down of a child, as texts, and how it is read: one way for forms and for JSON.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lianjie_index::entry::FeeLevel;
use lianjie_index::place::Mode;
use lianjie_index::rule::{Diagnosis, Guardian as Consent, Paper, Stage};
use lianjie_index::{CategoryCode, DivisionCode};
use serde::de::DeserializeOwned;

use super::codes::{name, named};
use super::{BirthMonth, Case, Child, Flag, Guardian, GuardianState, Identity, Relation, Risk, Sex, Travel, Writing, read_identity_number};
use crate::division::model::Divisions;
use crate::error::{Error, Fault, Faults};
use crate::id::GuardianId;
use crate::secret::Hidden;
use crate::taxonomy::model::Categories;

/// A guardian as written.
#[derive(Debug, Clone, Default)]
pub struct WrittenGuardian {
    /// What stands before the names of its fields, in faults: `father_`, `guardians[0].`.
    pub at: String,
    /// Id of one that is there, whose sealed name and phone stay where none are given.
    pub id: String,
    /// Relation.
    pub relation: String,
    /// State; a guardian without one is not kept.
    pub state: String,
    /// Since when.
    pub since: String,
    /// What shows it.
    pub evidence: String,
    /// Whether the child lives there.
    pub carer: bool,
    /// Whether suspected of harm.
    pub suspected: bool,
    /// Name; empty leaves what is kept.
    pub name: Hidden,
    /// Phone; empty leaves what is kept.
    pub phone: Hidden,
}

/// What is written of a child and its case. Empty is unknown; an empty hidden text leaves what is kept.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the fields are those of `Child`, `Identity`, `Case` and `Writing`")]
pub struct Written {
    pub alias: String,
    pub name: Hidden,
    pub identity_number: Hidden,
    pub phone: Hidden,
    pub address: Hidden,
    pub point: Hidden,
    pub school: Hidden,
    pub birth_month: String,
    pub sex: String,
    pub division: String,
    pub village: String,
    pub hukou: String,
    pub guardians: Vec<WrittenGuardian>,
    pub flags: Vec<String>,
    pub holds: BTreeMap<String, bool>,
    pub diagnoses: BTreeMap<String, bool>,
    pub certificates: Hidden,
    pub school_stage: String,
    pub languages: Vec<String>,
    pub travel_mode: String,
    pub limit_minutes: String,
    pub can_pay: String,
    pub guardian: String,
    pub narrative: Hidden,
    pub care_notes: Hidden,
    pub risk: String,
    /// The categories a person puts in the place of those computed.
    pub categories: Vec<String>,
    pub categories_reason: String,
}

/// What was written, read and checked.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are those of `Child`, `Identity`, `Case` and `Writing`")]
pub struct Known {
    pub alias: Option<String>,
    pub identity: Identity,
    pub birth_month: Option<BirthMonth>,
    pub sex: Option<Sex>,
    pub division: DivisionCode,
    pub village: Option<String>,
    pub hukou: Option<DivisionCode>,
    pub guardians: Vec<Guardian>,
    pub flags: Vec<Flag>,
    pub holds: BTreeMap<String, bool>,
    pub writing: Writing,
    pub school_stage: Option<String>,
    pub languages: Vec<String>,
    pub travel: Travel,
    pub can_pay: Option<String>,
    pub guardian: Option<String>,
    pub risk: Option<Risk>,
    /// What stands in the place of the computed categories, and why.
    pub overriding: Option<(Vec<CategoryCode>, String)>,
}

/// What reading needs beside the texts.
pub struct Reading<'a> {
    /// Divisions.
    pub divisions: &'a Divisions,
    /// Categories and levels of risk.
    pub categories: &'a Categories,
    /// The day.
    pub today: Date,
    /// Makes the id of a guardian.
    pub fresh: &'a mut dyn FnMut() -> GuardianId,
}

impl Written {
    /// What is plain of a stored case, for a form that changes it. Nothing sealed is in it.
    #[must_use]
    pub fn of(case: &Case, child: &Child, guardians: &[Guardian]) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let overridden = case.categories_reason.is_some();
        Self {
            alias: child.alias.clone(),
            birth_month: child.birth_month.map(|month| month.to_string()).unwrap_or_default(),
            sex: child.sex.as_ref().map(name).unwrap_or_default(),
            division: case.division.to_string(),
            village: text(&case.village),
            hukou: case.hukou.as_ref().map(ToString::to_string).unwrap_or_default(),
            guardians: guardians.iter().map(WrittenGuardian::of).collect(),
            flags: case.flags.iter().map(name).collect(),
            holds: case.holds.clone(),
            school_stage: text(&case.school_stage),
            languages: case.languages.clone(),
            travel_mode: text(&case.travel.mode),
            limit_minutes: case.travel.limit_minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
            can_pay: text(&case.can_pay),
            guardian: text(&case.guardian),
            risk: case.risk.as_ref().map(|risk| risk.0.clone()).unwrap_or_default(),
            categories: if overridden { case.categories.iter().map(ToString::to_string).collect() } else { Vec::new() },
            categories_reason: text(&case.categories_reason),
            ..Self::default()
        }
    }

    /// Reads it all; every fault at once.
    ///
    /// # Errors
    /// [`Error::Invalid`], whose faults never repeat what was hidden.
    pub fn read(&self, reading: &mut Reading<'_>) -> Result<Known, Error> {
        let mut faults = Faults::new();
        let (identity, birth, sex) = self.identity(reading.today, &mut faults);
        let (division, village) = self.residence(reading.divisions, &mut faults);
        let hukou = self.hukou(reading.divisions, &mut faults);
        let guardians: Vec<Guardian> = self.guardians.iter().filter_map(|written| written.read(reading, &mut faults)).collect();
        let of = |relation| guardians.iter().filter(|guardian| guardian.relation == relation).count();
        let parents = of(Relation::Father) + of(Relation::Mother);
        let fits = of(Relation::Father) <= 1 && of(Relation::Mother) <= 1 && guardians.len() - parents <= 2;
        faults.require(fits, "guardians", "guardians_many");
        let flags = self.flags.iter().filter_map(|flag| choice(flag, "flags", &mut faults)).collect();
        let holds = codes::<Paper>(&self.holds, "holds", &mut faults);
        let writing = self.writing(&mut faults);
        let school_stage = checked::<Stage>(&self.school_stage, "school_stage", &mut faults);
        let languages = self.languages(&mut faults);
        let travel = self.travel(&mut faults);
        let can_pay = checked::<FeeLevel>(&self.can_pay, "can_pay", &mut faults);
        let guardian = checked::<Consent>(&self.guardian, "guardian", &mut faults);
        let risk = self.risk(reading.categories, &mut faults);
        let overriding = self.overriding(reading.categories, &mut faults);
        faults.settle()?;
        let division = division.ok_or_else(|| Error::invalid("division", "township"))?;
        let alias = some(&self.alias);
        Ok(Known {
            alias,
            identity,
            birth_month: birth,
            sex,
            division,
            village,
            hukou,
            guardians,
            flags,
            holds,
            writing,
            school_stage,
            languages,
            travel,
            can_pay,
            guardian,
            risk,
            overriding,
        })
    }

    fn identity(&self, today: Date, faults: &mut Faults) -> (Identity, Option<BirthMonth>, Option<Sex>) {
        let mut birth = if self.birth_month.is_empty() { None } else { faults.keep(self.birth_month.parse::<BirthMonth>()) };
        let mut sex: Option<Sex> = if self.sex.is_empty() { None } else { choice(&self.sex, "sex", faults) };
        let mut identity = Identity {
            name: hidden(&self.name),
            phone: hidden(&self.phone),
            address: hidden(&self.address),
            school: hidden(&self.school),
            point: hidden(&self.point),
            ..Identity::default()
        };
        for (field, text, most) in
            [("name", &self.name, 40), ("phone", &self.phone, 40), ("address", &self.address, 200), ("school", &self.school, 80)]
        {
            faults.require(text.reveal().chars().count() <= most, field, "too_long");
        }
        faults.require(self.point.is_empty() || point(&self.point).is_some(), "point", "point");
        if !self.identity_number.is_empty()
            && let Some((number, day, by_number)) = faults.keep(read_identity_number(self.identity_number.reveal(), today))
        {
            let month = BirthMonth::of(day);
            faults.require(birth.is_none_or(|given| given == month), "birth_month", "birth_differs");
            faults.require(sex.is_none_or(|given| given == by_number), "sex", "sex_differs");
            (birth, sex) = (Some(month), Some(by_number));
            identity.birth_date = Some(Hidden::new(day.to_string()));
            identity.identity_number = Some(number);
        }
        if let Some(month) = birth {
            faults.require(BirthMonth::of(today) >= month, "birth_month", "birth_future");
            faults.require(month.age_years(today) < 25, "birth_month", "birth_grown");
        }
        (identity, birth, sex)
    }

    fn residence(&self, divisions: &Divisions, faults: &mut Faults) -> (Option<DivisionCode>, Option<String>) {
        let division = self.division.parse::<DivisionCode>().ok().filter(|code| code.as_str().len() >= 6 && divisions.has(code));
        faults.require(division.is_some(), "division", "township");
        let village = some(&self.village);
        let twelve = |code: &String| code.len() == 12 && code.bytes().all(|byte| byte.is_ascii_digit());
        faults.require(village.as_ref().is_none_or(twelve), "village", "village");
        (division, village)
    }

    /// A province outside ours is known by its two digits alone.
    fn hukou(&self, divisions: &Divisions, faults: &mut Faults) -> Option<DivisionCode> {
        if self.hukou.is_empty() {
            return None;
        }
        let code = self.hukou.parse::<DivisionCode>().ok().filter(|code| code.as_str().len() == 2 || divisions.has(code));
        faults.require(code.is_some(), "hukou", "hukou");
        code
    }

    fn writing(&self, faults: &mut Faults) -> Writing {
        for (field, text) in [("narrative", &self.narrative), ("care_notes", &self.care_notes), ("certificates", &self.certificates)] {
            faults.require(text.reveal().chars().count() <= 4_000, field, "too_long");
        }
        let diagnoses = codes::<Diagnosis>(&self.diagnoses, "diagnoses", faults);
        Writing {
            care_notes: hidden(&self.care_notes),
            narrative: hidden(&self.narrative),
            certificates: hidden(&self.certificates),
            diagnoses: (!diagnoses.is_empty()).then(|| Hidden::new(serde_json::to_string(&diagnoses).expect("codes are text"))),
        }
    }

    fn languages(&self, faults: &mut Faults) -> Vec<String> {
        let languages: Vec<String> = self.languages.iter().filter_map(|language| some(language)).collect();
        let short = |language: &String| language.chars().count() <= 20;
        faults.require(languages.len() <= 12 && languages.iter().all(short), "languages", "too_long");
        languages
    }

    fn travel(&self, faults: &mut Faults) -> Travel {
        let limit = some(&self.limit_minutes).map(|text| text.parse::<u16>().ok().filter(|minutes| (1..=600).contains(minutes)));
        faults.require(limit != Some(None), "limit_minutes", "minutes");
        Travel { mode: checked::<Mode>(&self.travel_mode, "travel_mode", faults), limit_minutes: limit.flatten() }
    }

    fn risk(&self, categories: &Categories, faults: &mut Faults) -> Option<Risk> {
        let risk = some(&self.risk)?;
        faults.require(categories.risk(&risk).is_some(), "risk", "choice");
        Some(Risk(risk))
    }

    fn overriding(&self, categories: &Categories, faults: &mut Faults) -> Option<(Vec<CategoryCode>, String)> {
        if self.categories.is_empty() {
            return None;
        }
        let known = |code: &CategoryCode| categories.children.iter().any(|named| named.code == code.as_str());
        let codes: Vec<CategoryCode> = self.categories.iter().filter_map(|code| code.parse().ok().filter(known)).collect();
        faults.require(codes.len() == self.categories.len(), "categories", "choice");
        let reason = some(&self.categories_reason);
        faults.require(reason.is_some(), "categories_reason", "required");
        Some((codes, reason.unwrap_or_default()))
    }
}

impl WrittenGuardian {
    fn of(guardian: &Guardian) -> Self {
        Self {
            at: String::new(),
            id: guardian.id.to_string(),
            relation: name(&guardian.relation),
            state: name(&guardian.state),
            since: guardian.since.map(|day| day.to_string()).unwrap_or_default(),
            evidence: guardian.evidence.clone(),
            carer: guardian.carer,
            suspected: guardian.suspected,
            name: Hidden::default(),
            phone: Hidden::default(),
        }
    }

    fn read(&self, reading: &mut Reading<'_>, faults: &mut Faults) -> Option<Guardian> {
        if self.state.is_empty() && self.name.is_empty() && self.phone.is_empty() {
            return None;
        }
        let field = |name: &str| format!("{}{name}", self.at);
        let since = some(&self.since).map(|text| text.parse::<Date>().ok().filter(|day| *day <= reading.today));
        faults.require(since != Some(None), &field("since"), "day_past");
        faults.require(self.evidence.chars().count() <= 200, &field("evidence"), "too_long");
        let state: Option<GuardianState> = choice(&self.state, &field("state"), faults);
        let relation: Option<Relation> = choice(&self.relation, &field("relation"), faults);
        Some(Guardian {
            id: GuardianId::parse(&self.id).unwrap_or_else(|_| (reading.fresh)()),
            relation: relation?,
            state: state?,
            since: since.flatten(),
            evidence: self.evidence.clone(),
            carer: self.carer,
            suspected: self.suspected,
            name: hidden(&self.name),
            phone: hidden(&self.phone),
        })
    }
}

/// Reads `longitude,latitude` of WGS-84.
#[must_use]
pub fn point(text: &Hidden) -> Option<lianjie_index::Wgs84> {
    let (longitude, latitude) = text.reveal().split_once([',', '，'])?;
    lianjie_index::Wgs84::new(longitude.trim().parse().ok()?, latitude.trim().parse().ok()?)
}

fn some(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

fn hidden(text: &Hidden) -> Option<Hidden> {
    (!text.is_empty()).then(|| text.clone())
}

fn choice<T: DeserializeOwned>(text: &str, field: &str, faults: &mut Faults) -> Option<T> {
    faults.keep(named(text).ok_or_else(|| Fault::new(field, if text.is_empty() { "required" } else { "choice" })))
}

/// A text that must be the wire name of a `T`, kept as a text.
fn checked<T: DeserializeOwned>(text: &str, field: &str, faults: &mut Faults) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    choice::<T>(text, field, faults).map(|_| text.to_owned())
}

fn codes<T: DeserializeOwned>(given: &BTreeMap<String, bool>, field: &str, faults: &mut Faults) -> BTreeMap<String, bool> {
    for code in given.keys() {
        faults.require(named::<T>(code).is_some(), field, "choice");
    }
    given.clone()
}
