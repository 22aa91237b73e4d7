//! The form, an assessment, and what follows from the answers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::Faults;
use crate::id::{AccountId, AssessmentId, CaseId};
use crate::locale::Locale;

/// One answer that can be given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Code, as stored.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Concern, 0 is none.
    pub points: u32,
    /// Whether it alone makes the result "unable".
    #[serde(default)]
    pub decisive: bool,
}

/// One thing that is asked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Code, as stored.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// The answers, the best first.
    pub options: Vec<Choice>,
}

/// The form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Which edition.
    pub edition: String,
    /// Days an assessment counts.
    pub valid_days: u16,
    /// From how many points a guardian cares in part only.
    pub partly_from: u32,
    /// From how many points a guardian is unable.
    pub unable_from: u32,
    /// What is asked.
    pub items: Vec<Item>,
}

/// The form of this edition.
#[must_use]
pub fn form() -> &'static Form {
    static FORM: LazyLock<Form> = LazyLock::new(|| {
        let text = crate::seed::text("guardianship-assessment.toml").expect("the form is carried in the binary");
        toml::from_str(&text).expect("a test reads the form")
    });
    &FORM
}

impl Item {
    /// What is asked, in a language.
    #[must_use]
    pub fn name(&self, locale: Locale) -> &str {
        locale.pick(&self.zh, &self.en)
    }
}

impl Choice {
    /// What is answered, in a language.
    #[must_use]
    pub fn name(&self, locale: Locale) -> &str {
        locale.pick(&self.zh, &self.en)
    }
}

/// What follows from an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 能履行监护职责.
    Able,
    /// 部分履行.
    Partly,
    /// 不能履行.
    Unable,
}

impl Outcome {
    /// The name, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Able => "able",
            Self::Partly => "partly",
            Self::Unable => "unable",
        }
    }
}

/// An assessment, without its answers.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// Id.
    pub id: AssessmentId,
    /// Whose case.
    pub case: CaseId,
    /// Edition of the form.
    pub form: String,
    /// Sum of the points.
    pub points: u32,
    /// What follows.
    pub outcome: Outcome,
    /// When the family was looked at.
    pub day: Date,
    /// Until when it counts, included.
    pub valid_until: Date,
    /// Who did it.
    pub by: AccountId,
}

impl Form {
    /// The points of the answers and what follows: unable where an answer decides or the points reach so far.
    ///
    /// # Errors
    /// A fault for each item without an answer or with one the form does not have; the field is `item_` and its code.
    pub fn weigh(&self, answers: &BTreeMap<String, String>) -> Result<(u32, Outcome), Faults> {
        let mut faults = Faults::new();
        let (mut points, mut decided) = (0, false);
        for item in &self.items {
            let given = answers.get(&item.code).map(String::as_str).unwrap_or_default();
            match item.options.iter().find(|choice| choice.code == given) {
                Some(choice) => {
                    points += choice.points;
                    decided |= choice.decisive;
                }
                None => faults.require(false, &format!("item_{}", item.code), if given.is_empty() { "required" } else { "choice" }),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let outcome = match points {
            _ if decided => Outcome::Unable,
            sum if sum >= self.unable_from => Outcome::Unable,
            sum if sum >= self.partly_from => Outcome::Partly,
            _ => Outcome::Able,
        };
        Ok((points, outcome))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(change: &[(&str, &str)]) -> BTreeMap<String, String> {
        let mut answers: BTreeMap<_, _> = form().items.iter().map(|item| (item.code.clone(), item.options[0].code.clone())).collect();
        answers.extend(change.iter().map(|(item, option)| ((*item).to_owned(), (*option).to_owned())));
        answers
    }

    #[test]
    fn the_form_reads_and_can_reach_every_result() {
        let form = form();
        assert!(form.partly_from < form.unable_from);
        assert!(form.items.iter().all(|item| item.options[0].points == 0 && item.options.len() > 1));
        let most: u32 = form.items.iter().map(|item| item.options.iter().map(|choice| choice.points).max().unwrap_or(0)).sum();
        assert!(most >= form.unable_from);
    }

    #[test]
    fn points_add_up_and_some_answers_decide_alone() {
        let weigh = |change: &[(&str, &str)]| form().weigh(&answered(change)).unwrap();
        assert_eq!(weigh(&[]), (0, Outcome::Able));
        assert_eq!(weigh(&[("health", "poor"), ("income", "none")]), (5, Outcome::Able));
        assert_eq!(weigh(&[("health", "poor"), ("income", "none"), ("support", "little")]), (6, Outcome::Partly));
        assert_eq!(weigh(&[("violence", "injury")]), (4, Outcome::Unable), "an injury decides, few points or many");
    }

    #[test]
    fn an_item_left_out_is_named() {
        let mut answers = answered(&[("home", "palace")]);
        answers.remove("bond");
        let faults = form().weigh(&answers).unwrap_err().settle().unwrap_err();
        assert!(faults.to_string().contains("item_bond (required)") && faults.to_string().contains("item_home (choice)"), "{faults}");
    }
}
