//! A child's case as the matcher may see it: never a name, number, address, alias or case id.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Deserialize;
use thiserror::Error;

use crate::{
    code::{CategoryCode, DivisionCode, OrganizationId, TermCode},
    entry::FeeLevel,
    place::{Gazetteer, Mode, Wgs84},
    reading,
    rule::{Diagnosis, Facts, Guardian, Paper, Referrer, Sex, Stage},
};

/// A case that cannot be read.
#[derive(Debug, Error)]
#[error("case: {0}")]
pub struct CaseError(String);

/// A case. Absent means unknown, never no.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// A key of the asker's, given back.
    #[serde(default)]
    pub id: Option<String>,
    /// A worker's own words.
    #[serde(default)]
    pub text: Option<String>,
    /// Completed months of age; where absent, the age that `text` tells.
    #[serde(default)]
    pub age_months: Option<u16>,
    /// Sex.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// Categories; a list that is not empty is complete.
    #[serde(default)]
    pub categories: Vec<CategoryCode>,
    /// Household registration.
    #[serde(default)]
    pub hukou: Option<DivisionCode>,
    /// Where the child lives; where absent, services of the whole province are looked at.
    #[serde(default)]
    pub place: Option<CasePlace>,
    /// Risk level of the case.
    #[serde(default)]
    pub risk: Option<Risk>,
    /// Needs picked or worded; read from `text` where there are none.
    #[serde(default)]
    pub needs: Vec<CaseNeed>,
    /// Languages the family speaks.
    #[serde(default)]
    pub languages: Vec<String>,
    /// How the family travels.
    #[serde(default)]
    pub travel: Option<Travel>,
    /// The highest fee the family can pay.
    #[serde(default)]
    pub can_pay: Option<FeeLevel>,
    /// Papers held and not held.
    #[serde(default)]
    pub holds: BTreeMap<Paper, bool>,
    /// Diagnoses made and excluded.
    #[serde(default)]
    pub diagnoses: BTreeMap<Diagnosis, bool>,
    /// Stage of school.
    #[serde(default)]
    pub school_stage: Option<Stage>,
    /// The guardian's state.
    #[serde(default)]
    pub guardian: Option<Guardian>,
    /// Who has asked in writing.
    #[serde(default)]
    pub referred_by: Vec<Referrer>,
    /// Organisations the family must not be sent to.
    #[serde(default)]
    pub avoid: BTreeSet<OrganizationId>,
    /// Terms that must not be proposed.
    #[serde(default)]
    pub forbid: BTreeSet<TermCode>,
    /// The day asked for; today where absent.
    #[serde(default)]
    pub at: Option<Date>,
    /// The urgency, 1 to 4, that a person has given a need; of the others it follows from the risk. Set by the program
    /// around this crate, never read from a file.
    #[serde(skip)]
    pub tiers: BTreeMap<TermCode, u8>,
}

/// Where the child lives.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CasePlace {
    /// The division, as narrow as is known.
    pub division: DivisionCode,
    /// Degrees east, rounded by the caller.
    #[serde(default)]
    pub longitude: Option<f64>,
    /// Degrees north, rounded by the caller.
    #[serde(default)]
    pub latitude: Option<f64>,
}

/// A need, picked or in words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum CaseNeed {
    /// A term of the taxonomy.
    Term(TermCode),
    /// Words to read.
    Text(String),
}

/// Risk level of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Rank 1.
    Red,
    /// Rank 2.
    Yellow,
    /// Rank 3.
    Blue,
    /// Rank 4.
    Green,
}

impl Risk {
    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Yellow => "yellow",
            Self::Blue => "blue",
            Self::Green => "green",
        }
    }
}

/// How the family travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Travel {
    /// The best means it has.
    #[serde(default)]
    pub mode: Mode,
    /// The longest way it takes, in minutes.
    #[serde(default)]
    pub limit_minutes: Option<u16>,
}

/// The way a family is taken to go at most, where it has not said.
const USUAL_LIMIT_MINUTES: u16 = 60;

impl Case {
    /// Reads a case from JSON.
    ///
    /// # Errors
    /// [`CaseError`], naming the unknown key or wrong value.
    pub fn read(json: &str) -> Result<Self, CaseError> {
        let case: Self = serde_json::from_str(json).map_err(|fault| CaseError(fault.to_string()))?;
        case.checked()
    }

    fn checked(self) -> Result<Self, CaseError> {
        let point = self.place.as_ref().map_or((None, None), |place| (place.longitude, place.latitude));
        match point {
            (None, None) => Ok(self),
            (Some(longitude), Some(latitude)) if Wgs84::new(longitude, latitude).is_some() => Ok(self),
            (Some(_), Some(_)) => Err(CaseError("longitude and latitude are not degrees".to_owned())),
            _ => Err(CaseError("longitude and latitude go together".to_owned())),
        }
    }

    /// The point given, else the seat of the division.
    #[must_use]
    pub fn point(&self, gazetteer: &Gazetteer) -> Option<Wgs84> {
        let place = self.place.as_ref()?;
        let given = place.longitude.zip(place.latitude);
        let given = given.and_then(|(longitude, latitude)| Wgs84::new(longitude, latitude));
        given.or_else(|| gazetteer.seat(&place.division))
    }

    /// The division where the child lives.
    #[must_use]
    pub fn division(&self) -> Option<&DivisionCode> {
        self.place.as_ref().map(|place| &place.division)
    }

    /// The age given, else the one the text tells.
    #[must_use]
    pub fn age(&self) -> Option<u16> {
        self.age_months.or_else(|| reading::read(self.text.as_deref()?).age_months())
    }

    /// The case with the age that its text tells, so that the text is not gone through for it again and again.
    pub(super) fn with_age(&self) -> Self {
        Self { age_months: self.age(), ..self.clone() }
    }

    /// What rules may read of the case on a day.
    #[must_use]
    pub fn facts(&self, gazetteer: &Gazetteer, today: Date) -> Facts {
        let listed = |list: &[CategoryCode]| list.iter().cloned().collect::<BTreeSet<_>>();
        Facts {
            age_months: self.age(),
            day: self.at.unwrap_or(today),
            categories: (!self.categories.is_empty()).then(|| listed(&self.categories)),
            hukou: self.hukou.clone(),
            residence: self.division().map(|division| gazetteer.residence(division)),
            sex: self.sex,
            holds: self.holds.clone(),
            diagnoses: self.diagnoses.clone(),
            school_stage: self.school_stage,
            guardian: self.guardian,
            referred_by: (!self.referred_by.is_empty()).then(|| self.referred_by.iter().copied().collect()),
            minutes: None,
        }
    }

    /// The best means of travel; a bus where nothing is said.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.travel.map_or(Mode::default(), |travel| travel.mode)
    }

    /// The longest way the family takes, in minutes.
    #[must_use]
    pub fn limit_minutes(&self) -> u16 {
        self.travel.and_then(|travel| travel.limit_minutes).unwrap_or(USUAL_LIMIT_MINUTES)
    }

    /// The tier of a need by the risk of the case: 1 to 4; no risk yet is 3.
    #[must_use]
    pub fn tier(&self) -> u8 {
        self.risk.map_or(3, |risk| risk as u8 + 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LEAST: &str = r#"{"age_months":100,"place":{"division":"320116"}}"#;

    #[test]
    fn a_case_needs_neither_age_nor_place_and_an_age_is_read_from_its_text() {
        let case = Case::read(LEAST).unwrap();
        assert_eq!((case.tier(), case.limit_minutes()), (3, 60));
        let unknown = Case::read("{}").unwrap().facts(&Gazetteer::default(), Date::default());
        assert_eq!((unknown.age_months, unknown.residence), (None, None));
        assert_eq!(Case::read(r#"{"text":"奶奶72岁，孩子9岁"}"#).unwrap().age(), Some(108));
        assert_eq!(Case::read(r#"{"text":"孩子9岁","age_months":100}"#).unwrap().age(), Some(100));
    }

    #[test]
    fn an_unknown_key_is_named() {
        let fault = Case::read(&LEAST.replace("100,", "100,\"name\":\"x\",")).unwrap_err().to_string();
        assert!(fault.starts_with("case: unknown field `name`"), "{fault}");
    }

    #[test]
    fn a_need_is_a_term_or_words() {
        let json = LEAST.replace("100,", r#"100,"needs":[{"term":"PSY-03"},{"text":"厌学"}],"#);
        assert_eq!(Case::read(&json).unwrap().needs.len(), 2);
        let json = LEAST.replace("100,", r#"100,"needs":[{"leaf":"PSY-03"}],"#);
        assert!(Case::read(&json).is_err());
    }

    #[test]
    fn an_empty_list_of_categories_is_unknown() {
        let json = LEAST.replace("100,", r#"100,"categories":[],"#);
        let facts = Case::read(&json).unwrap().facts(&Gazetteer::default(), Date::default());
        assert_eq!(facts.categories, None);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,80}") {
            let _ = Case::read(&text);
        }
    }
}
