//! What the sheet of one case shows: previous actions first, needs and whom was asked, what was tried, decisions, actions.
//!
//! A sheet holds codes and the words of the meeting, so that it can be shown in either language, frozen as minutes, and
//! projected without identity.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::model::{ActionState, Code, Why};
use super::veil::Veil;

/// An action as a sheet shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct ActLine {
    /// Id, for its form.
    pub id: String,
    /// From 1, within its meeting.
    pub number: u32,
    /// What is to be done.
    pub what: String,
    /// What shows that it is.
    pub evidence: String,
    /// What was done, or why it could not be.
    pub said: String,
    /// Which body.
    pub body: String,
    /// Who of it.
    pub person: String,
    /// Who else.
    pub backup: String,
    /// By when.
    pub due_day: Date,
    /// Where it stands.
    pub state: ActionState,
    /// Whether somebody else has checked it.
    pub checked: bool,
    /// Who is named to check it; empty where nobody is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub checker: String,
}

/// A referral as a sheet shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct AskedLine {
    /// Number.
    pub number: String,
    /// Id, for its link.
    pub id: String,
    /// Who was asked.
    pub provider: String,
    /// Where it stands.
    pub state: String,
    /// For how many days.
    pub days: i32,
    /// The day something is due.
    pub due: Option<Date>,
    /// Whether that is over.
    pub late: bool,
    /// The last reason that was given.
    pub reason: Option<String>,
}

/// A need as a sheet shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct NeedLine {
    /// Id.
    pub id: String,
    /// What is needed.
    pub term: String,
    /// How urgent.
    pub tier: u8,
    /// Where it stands.
    pub state: String,
    /// By when.
    pub target: Option<Date>,
    /// Who was asked.
    pub asked: Vec<AskedLine>,
}

/// A dissent as a sheet shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct DissentLine {
    /// Which body.
    pub body: String,
    /// Why.
    pub reason: String,
    /// What comes next.
    pub next_step: String,
    /// By when.
    pub due_day: Date,
}

/// A decision as a sheet shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct DecisionLine {
    /// Id, for a dissent.
    pub id: String,
    /// From 1.
    pub number: u32,
    /// What was decided.
    pub code: Code,
    /// About which need: its term.
    pub need: Option<String>,
    /// Why.
    pub note: String,
    /// Whether it was carried out.
    pub executed: bool,
    /// What it made.
    pub created: Option<String>,
    /// Why it was not carried out: a key of a sentence.
    pub why_failed: Option<String>,
    /// Bodies that were there and do not dissent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<String>,
    /// Who dissents.
    pub dissents: Vec<DissentLine>,
}

/// A paper on file.
#[derive(Clone, Serialize, Deserialize)]
pub struct Paper {
    /// `plan`, `assessment`, `agreement`, `report`, `visit`.
    pub what: String,
    /// The day it was made; of a plan when it is reviewed, of an agreement the last one. None: it is not there.
    pub day: Option<Date>,
}

/// The sheet.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sheet {
    /// Number of the case.
    pub number: String,
    /// Alias of the child.
    pub alias: String,
    /// Age band.
    pub band: String,
    /// Risk.
    pub risk: Option<String>,
    /// What the risk was before it changed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_before: Option<String>,
    /// Days since the case was opened.
    pub days: i32,
    /// Who works on it.
    pub worker: String,
    /// Station.
    pub station: String,
    /// Township.
    pub division: String,
    /// Why it is on the agenda.
    pub why: Vec<Why>,
    /// What earlier meetings agreed on.
    pub last_actions: Vec<ActLine>,
    /// Needs and whom was asked.
    pub needs: Vec<NeedLine>,
    /// How it ended before: state, reason, how often.
    pub tried: Vec<(String, Option<String>, u32)>,
    /// The texts of [`super::model::TEXTS`].
    pub words: BTreeMap<String, String>,
    /// What is decided.
    pub decisions: Vec<DecisionLine>,
    /// What is agreed on.
    pub actions: Vec<ActLine>,
    /// When it is reviewed.
    pub next_review: Option<Date>,
    /// Papers on file that the meeting may ask for: what, and the day it was made or runs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<Paper>,
    /// Who gets the minutes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receivers: Vec<String>,
    /// Bodies, and whether they were there.
    pub attendance: Vec<(String, Option<bool>)>,
}

impl Sheet {
    /// What a body that is invited sees: alias, age band, needs and how they stand, decisions, and its own actions.
    #[must_use]
    pub fn pack(self, own: &[String]) -> Sheet {
        let mine = |actions: Vec<ActLine>| actions.into_iter().filter(|action| own.contains(&action.body)).collect();
        let needs = self.needs.into_iter().map(|need| NeedLine { asked: Vec::new(), ..need }).collect();
        // What a decision says of the risk is not for bodies.
        let decisions = self.decisions.into_iter().filter(|decision| !matches!(decision.code, Code::RaiseRisk | Code::LowerRisk));
        let decisions = decisions.map(|decision| DecisionLine {
            note: String::new(),
            created: None,
            dissents: decision.dissents.into_iter().filter(|dissent| own.contains(&dissent.body)).collect(),
            ..decision
        });
        let question = self.words.get("question").cloned().unwrap_or_default();
        Sheet {
            risk: None,
            risk_before: None,
            papers: Vec::new(),
            why: Vec::new(),
            tried: Vec::new(),
            words: BTreeMap::from([("question".to_owned(), question)]),
            last_actions: mine(self.last_actions),
            actions: mine(self.actions),
            decisions: decisions.collect(),
            needs,
            number: String::new(),
            ..self
        }
    }

    /// Veils everything that somebody typed.
    pub fn veil(&mut self, veil: &Veil) {
        let over = |text: &mut String| *text = veil.over(text);
        self.words.values_mut().for_each(over);
        for action in self.actions.iter_mut().chain(&mut self.last_actions) {
            over(&mut action.what);
            over(&mut action.evidence);
            over(&mut action.said);
        }
        for decision in &mut self.decisions {
            over(&mut decision.note);
            for dissent in &mut decision.dissents {
                over(&mut dissent.reason);
                over(&mut dissent.next_step);
            }
        }
    }
}
