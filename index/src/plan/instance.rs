//! What a plan is asked for and how it is answered, in the file format of `lianjie plan`.
//!
//! All figures are whole numbers: days, minutes, yuan, thousandths of expected utility, and points
//! of cost. Reading only looks at the shape; [`super::Board::new`] looks at the figures.
//! Source: `docs/MATCHING.md`, "Plan for one child".

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// One child's needs, the services that may meet them, and what the family can do in a week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// Whatever the asker calls it; comes back with the answer.
    #[serde(default)]
    pub id: Value,
    /// What the child needs; a need is named by its place here.
    pub needs: Vec<Need>,
    /// What may be chosen; a service is named by its place here.
    pub services: Vec<Service>,
    /// Most trips a week; a trip is one site on one day.
    pub max_trips: i64,
    /// Most minutes a week on the way, there and back.
    pub max_travel: i64,
    /// Most yuan a week.
    pub max_fee: i64,
    /// What things cost in points.
    #[serde(default)]
    pub cost: Costs,
}

/// A need of the child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Weight of its tier: 8, 4, 2, 1.
    pub w: i64,
    /// Needs that are met before it: a list, one index, null or nothing.
    #[serde(default, deserialize_with = "one_or_many")]
    pub pred: Vec<usize>,
}

/// A service that meets one need or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Who runs it.
    pub agency: Label,
    /// Where it is.
    pub site: Label,
    /// Minutes one way.
    pub travel: i64,
    /// Days until it starts, once what comes before is finished.
    pub wait: i64,
    /// Days from its start until what comes after may begin.
    pub dur: i64,
    /// Yuan a week.
    pub fee: i64,
    /// Needs it meets, each with its expected utility in thousandths.
    pub covers: BTreeMap<usize, i64>,
    /// Weekly sessions, of which a plan takes one. Without any, the service is one visit on no day
    /// in particular: it clashes with nothing, and still is a trip to its site, with its minutes.
    #[serde(default)]
    pub sessions: Vec<Session>,
}

/// When a service meets: day, first and last minute. Printed as a list of three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Session(pub i64, pub i64, pub i64);

/// What names an agency or a site: a number or a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged, expecting = "a number or a text")]
pub enum Label {
    /// By number.
    Number(i64),
    /// By name.
    Text(String),
}

/// Points of cost; what is not said is as by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Costs {
    /// For a need left open, times its weight.
    pub unmet: i64,
    /// For a day until a need's service starts, times its weight.
    pub day: i64,
    /// For a minute on the way.
    pub minute: i64,
    /// For an agency to deal with.
    pub agency: i64,
    /// For a yuan.
    pub yuan: i64,
}

impl Default for Costs {
    fn default() -> Self {
        Self { unmet: 1500, day: 5, minute: 1, agency: 60, yuan: 2 }
    }
}

/// What a plan takes for a need: a service, and which of its sessions; none where it has none.
/// Printed as a list of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Visit(pub usize, pub Option<usize>);

/// The line that answers an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The instance's id.
    pub id: Value,
    /// For each need what is taken; none where it stays open.
    pub choice: Vec<Option<Visit>>,
    /// Points.
    pub cost: i64,
    /// Milliseconds it took.
    pub ms: f64,
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<usize>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "the index of a need, a list of such, or null")]
    enum Given {
        One(usize),
        Many(Vec<usize>),
    }
    Ok(match Option::deserialize(deserializer)? {
        None => Vec::new(),
        Some(Given::One(need)) => vec![need],
        Some(Given::Many(needs)) => needs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json};

    fn service() -> Value {
        json!({"agency": 3, "site": "hall", "travel": 20, "wait": 7, "dur": 30, "fee": 0, "covers": {"0": 600}})
    }

    #[test]
    fn a_line_of_the_format_is_read() {
        let read: Instance = from_value(json!({
            "id": "a", "needs": [{"w": 8, "pred": []}, {"w": 1, "pred": 0}, {"w": 1, "pred": null}, {"w": 1}],
            "services": [service()], "max_trips": 3, "max_travel": 200, "max_fee": 50, "cost": {"unmet": 900}
        }))
        .unwrap();
        assert_eq!(read.needs[1].pred, [0]);
        assert!(read.needs[2].pred.is_empty() && read.needs[3].pred.is_empty());
        assert_eq!(read.services[0].agency, Label::Number(3));
        assert_eq!(read.services[0].site, Label::Text("hall".into()));
        assert_eq!(read.services[0].covers[&0], 600);
        assert_eq!((read.cost.unmet, read.cost.day), (900, 5));
    }

    #[test]
    fn a_field_nobody_knows_is_refused_by_its_name() {
        let mut unknown = service();
        unknown["price"] = json!(3);
        let fault = from_value::<Service>(unknown).unwrap_err().to_string();
        assert!(fault.contains("price"), "{fault}");
    }

    #[test]
    fn a_figure_that_is_not_whole_is_refused() {
        let mut halved = service();
        halved["travel"] = json!(12.5);
        assert!(from_value::<Service>(halved).is_err());
    }

    #[test]
    fn a_prerequisite_that_is_no_index_says_what_would_be() {
        let fault = from_value::<Need>(json!({"w": 1, "pred": -1})).unwrap_err().to_string();
        assert_eq!(fault, "the index of a need, a list of such, or null");
    }

    #[test]
    fn an_answer_prints_as_the_format_says() {
        let line = Line { id: json!(7), choice: vec![Some(Visit(3, Some(1))), None, Some(Visit(4, None))], cost: 5, ms: 0.5 };
        assert_eq!(serde_json::to_string(&line).unwrap(), r#"{"id":7,"choice":[[3,1],null,[4,null]],"cost":5,"ms":0.5}"#);
    }
}
