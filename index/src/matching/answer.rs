//! What the matcher answers, in the shape other programs read.

use jiff::Timestamp;
use serde::Serialize;

pub use super::week::{Choice, Hours, Limits, Plan};
use crate::{
    code::{OrganizationId, ServiceId, SiteId, TermCode},
    rule::{Atom, Relaxation, Verdict},
    vocabulary::Why,
};

/// The answer for one case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The key of the case, where it has one.
    pub id: Option<String>,
    /// Needs, best first, at most 12.
    pub needs: Vec<Need>,
    /// One for each need.
    pub proposals: Vec<Proposal>,
    /// The plan for all needs together; none where nothing is proposed.
    pub plan: Option<Plan>,
    /// What comes before everything else.
    pub first_step: Option<FirstStep>,
    /// What the worker must know.
    pub warnings: Vec<Warning>,
}

/// A need of the case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Need {
    /// Its term.
    pub term: TermCode,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// How sure the words are, 0 to 1000; picked ones 1000.
    pub score: u16,
    /// How soon it must be met, 1 to 4.
    pub tier: u8,
    /// The words or rules that say so; empty where it was picked.
    pub why: Vec<Why>,
    /// Needs of this answer that come before it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<TermCode>,
}

/// Services for one need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// The term of the need.
    pub need: TermCode,
    /// At most 10, best first.
    pub services: Vec<Proposed>,
    /// At most 10 that a gate keeps out, the most useful first if it were open.
    pub excluded: Vec<Excluded>,
    /// How many were looked at.
    pub considered: usize,
}

/// A service proposed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposed {
    /// The service.
    pub id: ServiceId,
    /// The service at a location.
    pub service_at_location: SiteId,
    /// Its name.
    pub name: String,
    /// Its organisation.
    pub organization: OrganizationId,
    /// The name of its organisation.
    pub organization_name: String,
    /// The term of the service that answers the need.
    pub term: TermCode,
    /// `yes` or `ask`.
    pub eligible: Verdict,
    /// Expected utility, 1 to 1000.
    pub utility: u16,
    /// Its factors.
    pub terms: Terms,
    /// Of 100 such referrals: all, pass the rules, are accepted into a place, start, finish.
    pub natural: [u8; 5],
    /// Minutes one way.
    pub minutes: Option<u16>,
    /// Great-circle kilometres; for a hidden address those to its county.
    pub km: Option<f64>,
    /// The fee for this child, in fen.
    pub fee_fen: Option<i64>,
    /// Places.
    pub places: PlacesKnown,
    /// What to ask, the most useful question first.
    pub ask: Vec<Ask>,
    /// Why it stands where it stands.
    pub reasons: Vec<Reason>,
}

/// The factors of the expected utility, each 0 to 1000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "each letter is a file of this folder and a section of docs/MATCHING.md")]
pub struct Terms {
    pub e: u16,
    pub p: u16,
    pub a: u16,
    pub s: u16,
    pub c: u16,
    pub f: u16,
    pub d: u16,
}

/// Places as posted; both absent where nothing is posted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PlacesKnown {
    /// Free places.
    pub free: Option<u32>,
    /// When that was so.
    pub as_of: Option<Timestamp>,
}

/// A question whose answer settles a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// The fact, such as `holds`; `listing` where the provider must say.
    pub fact: String,
    /// The question.
    pub question: String,
    /// By how much the best choice would gain on average, in thousandths.
    pub value_of_information: u16,
}

/// A fact behind a factor.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "criterion", rename_all = "snake_case")]
pub enum Reason {
    /// E.
    Rules {
        /// Whether they are met.
        verdict: Verdict,
        /// Atoms that are open.
        open: usize,
    },
    /// P.
    Place {
        /// Free places posted.
        free: Option<u32>,
        /// Days since.
        age_days: Option<i64>,
    },
    /// A.
    Acceptance {
        /// Weighted answers it rests on.
        answers: f64,
    },
    /// S.
    Start {
        /// Minutes one way.
        minutes: Option<u16>,
        /// Steps of fee above what the family can pay.
        fee_gap: u8,
        /// Whether no language is shared.
        language_gap: bool,
    },
    /// C.
    Completion {
        /// Weighted endings it rests on.
        endings: f64,
    },
    /// F.
    Fit {
        /// `same` or `parent`.
        kin: &'static str,
    },
    /// D.
    Delay {
        /// Expected days to the first service.
        days: u16,
    },
    /// There is water on the way.
    Crossing {
        /// What is crossed, in Chinese.
        what: String,
        /// What the way takes more, in minutes, within those of S.
        minutes_more: u16,
    },
    /// Its verification has run out.
    VerificationExpired,
    /// It serves the place.
    Serves,
    /// It comes to the child.
    Comes,
}

/// A service that a gate keeps out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Excluded {
    /// The service, with the utility it would have.
    #[serde(flatten)]
    pub service: Proposed,
    /// The atom that failed.
    pub gate: Atom,
    /// The fact it reads.
    pub fact: String,
    /// What is wanted of it.
    pub wanted: String,
    /// What would have to change, if anything can.
    pub relaxation: Option<RelaxationGiven>,
}

/// A relaxation in words and data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RelaxationGiven {
    /// The data.
    #[serde(flatten)]
    pub relaxation: Relaxation,
    /// The words.
    pub text: String,
}

/// What comes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirstStep {
    /// `report`, or a leaf.
    pub term: String,
    /// Within how many hours; 0 is at once.
    pub within_hours: u16,
    /// Why.
    pub why: String,
}

/// What the worker must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// `mandatory_report`, `danger`, `forbidden`, `unknown_age`, `unknown_place`, `unknown_term`, `unknown_category`,
    /// `contradiction`.
    pub code: &'static str,
    /// The text.
    pub text: String,
    /// Terms it is about.
    pub terms: Vec<TermCode>,
}

/// Why a service stands where it stands for a need, or does not stand at all.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WhyNot {
    /// No such service is known.
    Missing,
    /// It is not matched at all: draft, closed, not verified, do not refer.
    NotMatched,
    /// It does not offer what is needed.
    OtherTerm {
        /// What it offers.
        terms: Vec<TermCode>,
    },
    /// It is too far to have been looked at.
    TooFar {
        /// Kilometres.
        km: f64,
    },
    /// The term may not be proposed.
    Forbidden,
    /// The family avoids the organisation.
    Avoided,
    /// A gate keeps it out.
    Excluded(Box<Excluded>),
    /// It is proposed, at this rank; what it loses against the first by each factor.
    Ranked {
        /// Rank among all, from 1.
        rank: usize,
        /// The service.
        service: Box<Proposed>,
        /// The factors' losses `EU * (1/term - 1)`, in thousandths, the greatest first.
        losses: Vec<(char, u16)>,
    },
}
