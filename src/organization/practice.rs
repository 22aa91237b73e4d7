//! What somebody writes about a licensed person or a purchased project, and what must be right about it.

use jiff::civil::Date;
use lianjie_index::text::fold;
use lianjie_index::{TermCode, Vocabulary};

use super::model::{LANGUAGES, Practitioner, Program};
use super::written::some;
use crate::error::{Fault, Faults};

/// Professions that are listed.
pub const PROFESSIONS: [&str; 7] = ["psychologist", "counsellor", "psychiatrist", "therapist", "social_worker", "lawyer", "teacher"];
/// Those nobody exercises without a licence in the law's sense (医师法, 律师法).
const LICENSED: [&str; 2] = ["psychiatrist", "lawyer"];

/// A licensed person as typed.
#[derive(Debug, Clone, Default)]
pub struct WrittenPractitioner {
    /// Name at work.
    pub name: String,
    /// One of [`PROFESSIONS`].
    pub profession: String,
    /// What licence.
    pub licence_kind: String,
    /// Last day it holds; empty where it has no end.
    pub licence_until: String,
    /// Taxonomy leaves.
    pub terms: Vec<String>,
    /// Languages and dialects: of [`LANGUAGES`], or as they stand already.
    pub languages: Vec<String>,
    /// Whether the name is shown.
    pub listed: bool,
}

impl WrittenPractitioner {
    /// The fields of a person, to be changed one by one.
    #[must_use]
    pub fn of(person: &Practitioner) -> Self {
        Self {
            name: person.name.clone(),
            profession: person.profession.clone(),
            licence_kind: person.licence_kind.clone().unwrap_or_default(),
            licence_until: person.licence_until.map(|day| day.to_string()).unwrap_or_default(),
            terms: person.terms.iter().map(ToString::to_string).collect(),
            languages: person.languages.clone(),
            listed: person.listed,
        }
    }

    /// Puts the fields into a person; every fault at once.
    #[must_use]
    pub fn read_into(&self, person: &mut Practitioner, vocabulary: &Vocabulary) -> Faults {
        let mut faults = Faults::new();
        line(&mut faults, "name", &self.name, 40, true);
        line(&mut faults, "licence_kind", &self.licence_kind, 80, LICENSED.contains(&self.profession.as_str()));
        faults.require(PROFESSIONS.contains(&self.profession.as_str()), "profession", "profession");
        let until = some(&self.licence_until).map(|text| day("licence_until", &text));
        person.licence_until = faults.keep(until.transpose()).flatten();
        let mut terms = Vec::new();
        for text in &self.terms {
            match text.parse::<TermCode>().ok().filter(|code| code.is_leaf() && vocabulary.term(code).is_some()) {
                Some(code) => terms.push(code),
                None => faults.add(Fault::new("terms", "unknown_term").with("term", text.chars().take(20).collect::<String>())),
            }
        }
        if terms.len() > 12 {
            faults.add(Fault::new("terms", "too_many").with("most", 12));
        }
        if self.languages.len() > 20 {
            faults.add(Fault::new("languages", "too_many").with("most", 20));
        }
        // What was written before there was a choice stays, and nothing like it is added.
        for language in self.languages.iter().filter(|one| !LANGUAGES.contains(&one.as_str()) && !person.languages.contains(one)) {
            faults.add(Fault::new("languages", "unknown_language").with("name", language.chars().take(20).collect::<String>()));
        }
        self.name.trim().clone_into(&mut person.name);
        person.profession.clone_from(&self.profession);
        person.licence_kind = some(&self.licence_kind);
        person.terms = terms;
        person.languages.clone_from(&self.languages);
        person.listed = self.listed;
        faults
    }
}

/// A purchased project as typed.
#[derive(Debug, Clone, Default)]
pub struct WrittenProgram {
    /// Name.
    pub name: String,
    /// Who pays.
    pub funder: String,
    /// Code of the division that buys it; empty is where the organization sits.
    pub division: String,
    /// First day.
    pub from: String,
    /// Last day, included.
    pub to: String,
    /// Budget in yuan, at most two decimals; empty is 0.
    pub budget_yuan: String,
    /// Children to be reached; empty is not stated.
    pub target_children: String,
    /// Sessions to be held; empty is not stated.
    pub target_sessions: String,
}

impl WrittenProgram {
    /// The fields of a project, to be changed one by one.
    #[must_use]
    pub fn of(program: &Program) -> Self {
        let number = |count: Option<i64>| count.map(|count| count.to_string()).unwrap_or_default();
        Self {
            name: program.name.clone(),
            funder: program.funder.clone(),
            division: program.division.as_ref().map(ToString::to_string).unwrap_or_default(),
            from: program.from.to_string(),
            to: program.to.to_string(),
            budget_yuan: yuan(program.budget_fen),
            target_children: number(program.target_children),
            target_sessions: number(program.target_sessions),
        }
    }

    /// Puts the fields into a project; every fault at once.
    #[must_use]
    pub fn read_into(&self, program: &mut Program) -> Faults {
        let mut faults = Faults::new();
        line(&mut faults, "name", &self.name, 80, true);
        line(&mut faults, "funder", &self.funder, 80, true);
        let (from, to) = (faults.keep(day("from", &self.from)), faults.keep(day("to", &self.to)));
        if let (Some(from), Some(to)) = (from, to) {
            faults.require(from <= to, "to", "day_backwards");
            (program.from, program.to) = (from, to);
        }
        let division = some(&self.division).map(|code| code.parse().map_err(|_| Fault::new("division", "unknown_division")));
        program.division = faults.keep(division.transpose()).flatten();
        program.budget_fen = faults.keep(fen("budget_yuan", &self.budget_yuan)).unwrap_or_default();
        program.target_children = faults.keep(count("target_children", &self.target_children)).flatten();
        program.target_sessions = faults.keep(count("target_sessions", &self.target_sessions)).flatten();
        self.name.trim().clone_into(&mut program.name);
        self.funder.trim().clone_into(&mut program.funder);
        faults
    }
}

fn line(faults: &mut Faults, field: &str, text: &str, most: usize, required: bool) {
    faults.require(!required || !text.trim().is_empty(), field, "required");
    if text.chars().count() > most {
        faults.add(Fault::new(field, "longer_than").with("most", most));
    }
}

/// A day, `2026-11-25`; full width, slashes and dots are forgiven.
fn day(field: &str, text: &str) -> Result<Date, Fault> {
    let text = fold(text).trim().replace(['/', '.'], "-");
    text.parse().map_err(|_| Fault::new(field, if text.is_empty() { "required" } else { "day" }))
}

/// Yuan with at most two decimals, as fen; nothing is 0.
fn fen(field: &str, text: &str) -> Result<i64, Fault> {
    let text = fold(text).trim().replace(',', "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if text.is_empty() {
        return Ok(0);
    }
    if !digits(whole) || !digits(part) || !(1..=9).contains(&whole.len()) || part.len() > 2 {
        return Err(Fault::new(field, "budget"));
    }
    format!("{whole}{part:0<2}").parse().map_err(|_| Fault::new(field, "budget"))
}

/// Fen as yuan.
#[must_use]
pub fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}

fn count(field: &str, text: &str) -> Result<Option<i64>, Fault> {
    let Some(text) = some(&fold(text)) else { return Ok(None) };
    let count = text.parse::<i64>().ok().filter(|count| (0..=10_000_000).contains(count));
    count.map(Some).ok_or_else(|| Fault::new(field, "whole_number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::id::{OrganizationId, PractitionerId, ProgramId};

    fn reasons(faults: Faults) -> Vec<(String, &'static str)> {
        match faults.settle() {
            Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| (fault.field, fault.reason)).collect(),
            _ => Vec::new(),
        }
    }

    fn program() -> Program {
        let at = "2026-11-25T01:00:00Z".parse().unwrap();
        Program {
            id: ProgramId::new(at),
            organization: OrganizationId::new(at),
            name: String::new(),
            funder: String::new(),
            division: None,
            from: Date::default(),
            to: Date::default(),
            budget_fen: 0,
            target_children: None,
            target_sessions: None,
        }
    }

    fn person() -> Practitioner {
        let at = "2026-11-25T01:00:00Z".parse().unwrap();
        Practitioner {
            id: PractitionerId::new(at),
            organization: OrganizationId::new(at),
            name: String::new(),
            profession: String::new(),
            licence_kind: None,
            licence_until: None,
            terms: Vec::new(),
            languages: Vec::new(),
            listed: false,
        }
    }

    #[test]
    fn a_project_reads_as_people_write_it_and_comes_back() {
        let typed = WrittenProgram {
            name: "护苗暖心".into(),
            funder: "六合区民政局".into(),
            division: String::new(),
            from: "２０２６/01/01".into(),
            to: "2026-12-31".into(),
            budget_yuan: "120,000.50".into(),
            target_children: "６０".into(),
            target_sessions: String::new(),
        };
        let mut read = program();
        assert_eq!(reasons(typed.read_into(&mut read)), vec![]);
        assert_eq!((read.budget_fen, read.target_children, read.from.to_string()), (12_000_050, Some(60), "2026-01-01".into()));
        let again = WrittenProgram::of(&read);
        assert_eq!((again.budget_yuan.as_str(), again.to.as_str(), again.target_sessions.as_str()), ("120000.50", "2026-12-31", ""));
    }

    #[test]
    fn every_fault_of_a_project_is_told_at_once() {
        let typed = WrittenProgram {
            from: "2026-12-31".into(),
            to: "2026-01-01".into(),
            budget_yuan: "十二万".into(),
            target_children: "-3".into(),
            ..WrittenProgram::default()
        };
        let found = reasons(typed.read_into(&mut program()));
        let fields: Vec<_> = found.iter().map(|(field, reason)| (field.as_str(), *reason)).collect();
        assert_eq!(
            fields,
            [
                ("name", "required"),
                ("funder", "required"),
                ("to", "day_backwards"),
                ("budget_yuan", "budget"),
                ("target_children", "whole_number")
            ]
        );
    }

    #[test]
    fn nobody_is_a_psychiatrist_without_a_licence() {
        let mut person = person();
        let vocabulary = Vocabulary::new([]);
        let typed =
            |profession: &str| WrittenPractitioner {
                name: "孟岚".into(), profession: profession.into(), ..WrittenPractitioner::default()
            };
        assert_eq!(reasons(typed("psychiatrist").read_into(&mut person, &vocabulary)), [("licence_kind".into(), "required")]);
        assert_eq!(reasons(typed("counsellor").read_into(&mut person, &vocabulary)), vec![]);
        assert_eq!(reasons(typed("magician").read_into(&mut person, &vocabulary)), [("profession".into(), "profession")]);
    }

    #[test]
    fn a_language_is_of_the_list_unless_it_stands_there_already() {
        let mut person = person();
        person.languages = vec!["苏北话".into()];
        let typed = |languages: &[&str]| WrittenPractitioner {
            name: "孟岚".into(),
            profession: "counsellor".into(),
            languages: languages.iter().map(|one| (*one).to_owned()).collect(),
            ..WrittenPractitioner::default()
        };
        let vocabulary = Vocabulary::new([]);
        assert_eq!(reasons(typed(&["手语", "苏北话"]).read_into(&mut person, &vocabulary)), vec![]);
        assert_eq!(reasons(typed(&["普通话、手语"]).read_into(&mut person, &vocabulary)), [("languages".into(), "unknown_language")]);
    }
}
