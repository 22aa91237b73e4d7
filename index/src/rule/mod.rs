//! The eligibility grammar: who may use a service, said so that it can be evaluated, asked about
//! and put into words. Parsing is in [`json`], three-valued truth in [`evaluate`], what would have
//! to change in [`relax`], the sentences in [`words`]. Whether a rule is right is for the registrar.

pub mod evaluate;
pub mod facts;
pub mod json;
pub mod relax;
pub mod words;

use serde::{Deserialize, Serialize};

use crate::code::{Area, CategoryCode, DivisionCode};

pub use evaluate::{Evaluation, Unresolved, Verdict};
pub use facts::{Facts, Residence};
pub use json::RuleError;
pub use relax::Relaxation;

/// An entry rule: an expression over atoms. `All(vec![])` is open to everybody.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Every part holds.
    All(Vec<Rule>),
    /// Some part holds.
    Any(Vec<Rule>),
    /// The part does not hold.
    Not(Box<Rule>),
    /// At least so many parts hold.
    AtLeast(usize, Vec<Rule>),
    /// One test of one fact.
    Atom(Atom),
}

/// One test of one fact, with what may be said about changing it.
#[derive(Debug, Clone, PartialEq)]
pub struct Atom {
    /// The test.
    pub test: Test,
    /// The class the directory states, where it differs from the usual one of the test.
    pub class: Option<Class>,
    /// A remark of the provider, shown with the question.
    pub note: Option<String>,
}

/// What an atom tests.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Completed months of age, both ends included.
    AgeMonths(Option<u16>, Option<u16>),
    /// Some category of the child is among these.
    Category(Vec<CategoryCode>),
    /// Household registration lies in one of these.
    Hukou(Vec<DivisionCode>),
    /// The child lives in one of these.
    Residence(Vec<Area>),
    /// The child's sex.
    Sex(Sex),
    /// Some of these papers is held.
    Holds(Vec<Paper>),
    /// Some of these diagnoses was made.
    Diagnosis(Vec<Diagnosis>),
    /// The child is in one of these stages of school.
    SchoolStage(Vec<Stage>),
    /// The guardian's state.
    Guardian(Guardian),
    /// One of these has asked in writing.
    ReferredBy(Vec<Referrer>),
    /// Travel takes at most so many minutes one way.
    MaxMinutes(u16),
}

/// How a fact can come to be otherwise; ordered by how much that asks of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// The record is verified.
    Data,
    /// A paper is applied for.
    Obtain,
    /// Somebody agrees to an exception.
    Negotiate,
    /// Time passes.
    Wait,
    /// Nothing changes it.
    Fixed,
}

/// An enumeration of wire codes, read and printed in snake case.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),* }
    )*};
}

codes! {
    /// Sex, as registered.
    Sex {
        /// Female.
        Female,
        /// Male.
        Male,
    }
    /// A paper or status a family can hold.
    Paper {
        /// 残疾人证.
        DisabilityCertificate,
        /// 低保.
        Dibao,
        /// 低保边缘.
        NearPoor,
        /// 居住证.
        ResidencePermit,
        /// 事实无人抚养儿童认定.
        RecognitionDefacto,
        /// 诊断证明.
        DiagnosisReport,
        /// 学籍.
        SchoolRoll,
        /// 户口.
        HouseholdRegister,
    }
    /// A diagnosis; read only where a rule asks and the reader may.
    Diagnosis {
        /// 视力.
        Visual,
        /// 听力.
        Hearing,
        /// 言语.
        Speech,
        /// 肢体.
        Limb,
        /// 智力.
        Intellectual,
        /// 精神.
        Mental,
        /// 孤独症.
        Autism,
        /// 发育迟缓.
        DevelopmentalDelay,
        /// 多动症.
        Adhd,
        /// 重病.
        SeriousIllness,
    }
    /// Stage of school.
    Stage {
        /// 学前.
        Preschool,
        /// 小学.
        Primary,
        /// 初中.
        Junior,
        /// 高中阶段.
        Senior,
        /// 不在学.
        None,
    }
    /// The guardian's state; who consents is also present.
    Guardian {
        /// Can be reached.
        Present,
        /// Agrees to the service.
        Consents,
        /// Cannot be reached.
        Absent,
    }
    /// Who has asked in writing.
    Referrer {
        /// 未保站.
        Station,
        /// 民政.
        CivilAffairs,
        /// 教育.
        Education,
        /// 医院.
        Hospital,
        /// 残联.
        DisabledFederation,
        /// 公安.
        Police,
        /// 法院.
        Court,
    }
}

impl Rule {
    /// A rule of one test.
    #[must_use]
    pub fn test(test: Test) -> Self {
        Self::Atom(Atom { test, class: None, note: None })
    }

    /// Calls `see` with every atom, from left to right.
    pub fn each_atom<'a>(&'a self, see: &mut impl FnMut(&'a Atom)) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                for part in parts {
                    part.each_atom(see);
                }
            }
            Self::Not(part) => part.each_atom(see),
            Self::Atom(atom) => see(atom),
        }
    }
}

impl Atom {
    /// The class stated, else the usual one of the test.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class.unwrap_or(match self.test {
            Test::Category(_) | Test::Diagnosis(_) | Test::SchoolStage(_) => Class::Data,
            Test::Holds(_) | Test::ReferredBy(_) => Class::Obtain,
            Test::Residence(_) | Test::Guardian(_) | Test::MaxMinutes(_) => Class::Negotiate,
            Test::AgeMonths(..) => Class::Wait,
            Test::Hukou(_) | Test::Sex(_) => Class::Fixed,
        })
    }
}

impl Test {
    /// The fact the test reads, as the wire names it.
    #[must_use]
    pub fn fact(&self) -> &'static str {
        match self {
            Self::AgeMonths(..) => "age_months",
            Self::Category(_) => "category",
            Self::Hukou(_) => "hukou",
            Self::Residence(_) => "residence",
            Self::Sex(_) => "sex",
            Self::Holds(_) => "holds",
            Self::Diagnosis(_) => "diagnosis",
            Self::SchoolStage(_) => "school_stage",
            Self::Guardian(_) => "guardian",
            Self::ReferredBy(_) => "referred_by",
            Self::MaxMinutes(_) => "max_minutes",
        }
    }
}
