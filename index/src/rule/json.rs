//! The JSON form of a rule: read strictly, printed back the same.
//!
//! An unknown key is refused rather than ignored: an ignored condition would open a service to
//! children it is closed to. Errors say where in the rule they stand.

use std::{fmt, str::FromStr};

use serde::{
    Deserialize, Serialize,
    de::{self, DeserializeOwned},
    ser,
};
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::{Atom, Class, Rule, Test};

/// How deeply parts may nest; real rules stay under five.
const DEEPEST: usize = 16;
/// How many parts one rule may have in all.
const LARGEST: usize = 400;

/// A rule that cannot be read: where, and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("eligibility rule{at}: {why}")]
pub struct RuleError {
    at: String,
    why: String,
}

impl RuleError {
    fn new(at: &str, why: impl Into<String>) -> Self {
        Self { at: if at.is_empty() { String::new() } else { format!(" at {at}") }, why: why.into() }
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let value = serde_json::from_str(text).map_err(|fault| RuleError::new("", fault.to_string()))?;
        Self::read(&value)
    }
}

impl Rule {
    /// Reads a rule.
    ///
    /// # Errors
    /// [`RuleError`] for an unknown key, a wrong value, or a rule too deep or too large.
    pub fn read(value: &Value) -> Result<Self, RuleError> {
        Reader { left: LARGEST }.rule(value, "", DEEPEST)
    }
}

/// Counts the parts read, so that a hostile rule ends early.
struct Reader {
    left: usize,
}

impl Reader {
    fn rule(&mut self, value: &Value, at: &str, depth: usize) -> Result<Rule, RuleError> {
        self.left = self.left.checked_sub(1).ok_or_else(|| RuleError::new(at, "too many parts"))?;
        let depth = depth.checked_sub(1).ok_or_else(|| RuleError::new(at, "nested too deeply"))?;
        let object = value.as_object().ok_or_else(|| RuleError::new(at, "an object is wanted"))?;

        let Some((key, inner)) = only_operator(object) else { return atom(object, at) };
        if object.len() > 1 {
            return Err(RuleError::new(at, format!("\"{key}\" stands alone")));
        }
        let at = &join(at, key);
        match key {
            "all" => Ok(Rule::All(self.parts(inner, at, depth)?)),
            "any" => Ok(Rule::Any(self.parts(inner, at, depth)?)),
            "not" => Ok(Rule::Not(Box::new(self.rule(inner, at, depth)?))),
            _ => self.at_least(inner, at, depth),
        }
    }

    fn parts(&mut self, value: &Value, at: &str, depth: usize) -> Result<Vec<Rule>, RuleError> {
        let list = value.as_array().ok_or_else(|| RuleError::new(at, "a list is wanted"))?;
        let parts = list.iter().enumerate();
        parts.map(|(n, part)| self.rule(part, &format!("{at}[{n}]"), depth)).collect()
    }

    fn at_least(&mut self, value: &Value, at: &str, depth: usize) -> Result<Rule, RuleError> {
        let wrong = || RuleError::new(at, "a number and a list are wanted");
        let [count, parts] = value.as_array().ok_or_else(wrong)?.as_slice() else { return Err(wrong()) };
        let count = count.as_u64().and_then(|count| usize::try_from(count).ok()).ok_or_else(wrong)?;
        let parts = self.parts(parts, at, depth)?;
        if count > parts.len() {
            return Err(RuleError::new(at, "more parts are wanted than there are"));
        }
        Ok(Rule::AtLeast(count, parts))
    }
}

fn only_operator(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    let operators = ["all", "any", "not", "at_least"];
    operators.into_iter().find_map(|key| object.get(key).map(|value| (key, value)))
}

fn atom(object: &Map<String, Value>, at: &str) -> Result<Rule, RuleError> {
    let (mut test, mut class, mut note) = (None, None, None);
    for (key, value) in object {
        let at = &join(at, key);
        match key.as_str() {
            "class" => class = Some(read::<Class>(value, at)?),
            "note" => note = Some(read::<String>(value, at)?),
            _ if test.is_some() => return Err(RuleError::new(at, "an atom has one test")),
            _ => test = Some(read_test(key, value, at)?),
        }
    }
    let test = test.ok_or_else(|| RuleError::new(at, "no test"))?;
    Ok(Rule::Atom(Atom { test, class, note }))
}

fn read_test(key: &str, value: &Value, at: &str) -> Result<Test, RuleError> {
    let test = match key {
        "age_months" => {
            let (from, to): (Option<u16>, Option<u16>) = read(value, at)?;
            if from.zip(to).is_some_and(|(from, to)| from > to) {
                return Err(RuleError::new(at, "the lower age is above the upper"));
            }
            Test::AgeMonths(from, to)
        }
        "category" => Test::Category(some(value, at)?),
        "hukou" => Test::Hukou(some(value, at)?),
        "residence" => Test::Residence(some(value, at)?),
        "sex" => Test::Sex(read(value, at)?),
        "holds" => Test::Holds(some(value, at)?),
        "diagnosis" => Test::Diagnosis(some(value, at)?),
        "school_stage" => Test::SchoolStage(some(value, at)?),
        "guardian" => Test::Guardian(read(value, at)?),
        "referred_by" => Test::ReferredBy(some(value, at)?),
        "max_minutes" => Test::MaxMinutes(read(value, at)?),
        _ => return Err(RuleError::new(at, format!("no such key \"{}\"", clip(key)))),
    };
    Ok(test)
}

/// A list with something in it: an empty one would close the service to everybody by accident.
fn some<T: DeserializeOwned>(value: &Value, at: &str) -> Result<Vec<T>, RuleError> {
    let list: Vec<T> = read(value, at)?;
    if list.is_empty() {
        return Err(RuleError::new(at, "the list is empty"));
    }
    Ok(list)
}

fn read<T: DeserializeOwned>(value: &Value, at: &str) -> Result<T, RuleError> {
    T::deserialize(value).map_err(|fault| RuleError::new(at, fault.to_string()))
}

fn join(at: &str, key: &str) -> String {
    let key = clip(key);
    if at.is_empty() { key } else { format!("{at}.{key}") }
}

fn clip(key: &str) -> String {
    key.chars().take(40).collect()
}

impl From<&Rule> for Value {
    fn from(rule: &Rule) -> Self {
        match rule {
            Rule::All(parts) => json!({ "all": parts }),
            Rule::Any(parts) => json!({ "any": parts }),
            Rule::Not(part) => json!({ "not": part }),
            Rule::AtLeast(count, parts) => json!({ "at_least": [count, parts] }),
            Rule::Atom(atom) => atom.into(),
        }
    }
}

impl From<&Atom> for Value {
    fn from(atom: &Atom) -> Self {
        let test = match &atom.test {
            Test::AgeMonths(from, to) => json!([from, to]),
            Test::Category(codes) => json!(codes),
            Test::Hukou(divisions) => json!(divisions),
            Test::Residence(areas) => json!(areas),
            Test::Sex(sex) => json!(sex),
            Test::Holds(papers) => json!(papers),
            Test::Diagnosis(codes) => json!(codes),
            Test::SchoolStage(stages) => json!(stages),
            Test::Guardian(state) => json!(state),
            Test::ReferredBy(referrers) => json!(referrers),
            Test::MaxMinutes(limit) => json!(limit),
        };
        let mut object = json!({ atom.test.fact(): test });
        if let Some(class) = atom.class {
            object["class"] = json!(class);
        }
        if let Some(note) = &atom.note {
            object["note"] = json!(note);
        }
        object
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Value::from(self))
    }
}

impl Serialize for Rule {
    fn serialize<S: ser::Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        Value::from(self).serialize(into)
    }
}

impl Serialize for Atom {
    fn serialize<S: ser::Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        Value::from(self).serialize(into)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: de::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::read(&Value::deserialize(from)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fault(json: &str) -> String {
        json.parse::<Rule>().unwrap_err().to_string()
    }

    #[test]
    fn a_rule_prints_as_it_was_read() {
        let text = r#"{"all":[{"age_months":[null,83]},{"any":[{"hukou":["32"]},{"not":{"sex":"male"}}]},{"at_least":[1,[{"holds":["dibao","near_poor"],"class":"data","note":"近一年"},{"residence":["320116","zone:zone-320100-jiangbei"]}]]},{"guardian":"consents"},{"max_minutes":40}]}"#;
        assert_eq!(text.parse::<Rule>().unwrap().to_string(), text);
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        assert_eq!(fault(r#"{"all":[{"age":[0,3]}]}"#), "eligibility rule at all[0].age: no such key \"age\"");
        assert_eq!(fault(r#"{"sex":"female","colour":"x"}"#), "eligibility rule at colour: an atom has one test");
        assert!(fault(r#"{"all":[],"note":"x"}"#).contains("stands alone"));
    }

    #[test]
    fn a_wrong_value_is_refused_with_its_place() {
        assert!(fault(r#"{"holds":["passport"]}"#).starts_with("eligibility rule at holds: unknown variant `passport`"));
        assert!(fault(r#"{"hukou":["3"]}"#).contains("2, 4, 6, 9 or 12 digits"));
        assert!(fault(r#"{"age_months":[84,3]}"#).contains("above the upper"));
        assert!(fault(r#"{"category":[]}"#).contains("empty"));
        assert!(fault(r#"{"at_least":[3,[]]}"#).contains("more parts"));
    }

    #[test]
    fn a_rule_nested_without_end_is_refused() {
        let deep = format!("{}{{\"all\":[]}}{}", "{\"not\":".repeat(60), "}".repeat(60));
        assert!(fault(&deep).contains("too deeply"));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,60}") {
            let _ = text.parse::<Rule>();
        }

        #[test]
        fn no_object_makes_the_reader_panic(key in "[a-z_]{0,12}", number: i64) {
            let _ = json!({ key.clone(): [number, [{ key: number }]] }).to_string().parse::<Rule>();
        }
    }
}
