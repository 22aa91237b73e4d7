//! Who may use a service, as a plain form asks for it; a rule the form cannot say is shown as it is written.

use lianjie_index::rule::{Atom, Diagnosis, Paper, Test};
use lianjie_index::{CategoryCode, DivisionCode, Rule};

use crate::error::Fault;

/// Oldest age of a form, in years.
const OLDEST: u16 = 18;

/// The answers of the form. Everything empty is open to everybody.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Eligible {
    /// Least age in years.
    pub age_from: Option<u16>,
    /// Highest age in years, its whole year included.
    pub age_to: Option<u16>,
    /// Any of these categories.
    pub categories: Vec<CategoryCode>,
    /// Household registration in one of these.
    pub hukou: Vec<DivisionCode>,
    /// Any of these papers.
    pub papers: Vec<Paper>,
    /// Any of these diagnoses.
    pub diagnoses: Vec<Diagnosis>,
}

impl Eligible {
    /// Reads the two ages: whole years from 0 to 18, the least not above the most.
    ///
    /// # Errors
    /// The fault of the field.
    pub fn ages(from: &str, to: &str) -> Result<(Option<u16>, Option<u16>), Fault> {
        let year = |text: &str, field| {
            if text.is_empty() {
                return Ok(None);
            }
            let year = text.parse::<u16>().ok().filter(|year| *year <= OLDEST);
            year.map(Some).ok_or_else(|| Fault::new(field, "age_years"))
        };
        let (from, to) = (year(from, "age_from")?, year(to, "age_to")?);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(Fault::new("age_to", "age_years"));
        }
        Ok((from, to))
    }

    /// The rule of the answers: every one of them must hold.
    #[must_use]
    pub fn to_rule(&self) -> Rule {
        let mut parts = Vec::new();
        if self.age_from.is_some() || self.age_to.is_some() {
            parts.push(Test::AgeMonths(self.age_from.map(|year| year * 12), self.age_to.map(|year| year * 12 + 11)));
        }
        if !self.categories.is_empty() {
            parts.push(Test::Category(self.categories.clone()));
        }
        if !self.hukou.is_empty() {
            parts.push(Test::Hukou(self.hukou.clone()));
        }
        if !self.papers.is_empty() {
            parts.push(Test::Holds(self.papers.clone()));
        }
        if !self.diagnoses.is_empty() {
            parts.push(Test::Diagnosis(self.diagnoses.clone()));
        }
        Rule::All(parts.into_iter().map(Rule::test).collect())
    }

    /// The answers of a rule, if the form can say it in full.
    #[must_use]
    pub fn of_rule(rule: &Rule) -> Option<Self> {
        let parts = match rule {
            Rule::All(parts) => parts.as_slice(),
            atom @ Rule::Atom(_) => std::slice::from_ref(atom),
            _ => return None,
        };
        let mut found = Self::default();
        for part in parts {
            let Rule::Atom(Atom { test, class: None, note: None }) = part else { return None };
            match test {
                Test::AgeMonths(from, to) => {
                    found.age_from = from.map(|months| months / 12);
                    found.age_to = to.map(|months| months / 12);
                }
                Test::Category(codes) => found.categories.clone_from(codes),
                Test::Hukou(codes) => found.hukou.clone_from(codes),
                Test::Holds(papers) => found.papers.clone_from(papers),
                Test::Diagnosis(diagnoses) => found.diagnoses.clone_from(diagnoses),
                _ => return None,
            }
        }
        let said = found.to_rule();
        let same = said == *rule || matches!(&said, Rule::All(parts) if parts.len() == 1 && parts[0] == *rule);
        same.then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        text.parse().unwrap()
    }

    #[test]
    fn what_the_form_says_comes_back_as_it_was_said() {
        let text = r#"{"all":[{"age_months":[72,179]},{"category":["DEFACTO","POOR"]},{"hukou":["320116"]},{"holds":["dibao"]}]}"#;
        let eligible = Eligible::of_rule(&rule(text)).unwrap();
        assert_eq!((eligible.age_from, eligible.age_to), (Some(6), Some(14)));
        assert_eq!(eligible.to_rule(), rule(text));
        assert_eq!(Eligible::of_rule(&rule(r#"{"all":[]}"#)), Some(Eligible::default()));
    }

    #[test]
    fn a_rule_the_form_cannot_say_is_left_to_experts() {
        for text in [
            r#"{"any":[{"age_months":[72,179]},{"category":["POOR"]}]}"#,
            r#"{"all":[{"age_months":[73,179]}]}"#,
            r#"{"all":[{"age_months":[72,179],"class":"negotiate"}]}"#,
            r#"{"all":[{"category":["POOR"]},{"category":["ILL"]}]}"#,
            r#"{"not":{"category":["POOR"]}}"#,
        ] {
            assert_eq!(Eligible::of_rule(&rule(text)), None, "{text}");
        }
    }

    #[test]
    fn ages_are_whole_years_in_order() {
        assert_eq!(Eligible::ages("6", "14").unwrap(), (Some(6), Some(14)));
        assert_eq!(Eligible::ages("", "").unwrap(), (None, None));
        assert_eq!(Eligible::ages("14", "6").unwrap_err().field, "age_to");
        assert_eq!(Eligible::ages("六", "").unwrap_err().field, "age_from");
        assert_eq!(Eligible::ages("6", "19").unwrap_err().field, "age_to");
    }
}
