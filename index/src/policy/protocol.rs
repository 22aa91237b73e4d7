//! The lines a simulator and the policy exchange.
//!
//! Keys are whatever the simulator uses, a number or a text, and are given back as they came.
//! Fields that are not known here are passed over, so that a simulator may keep its own notes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A key of the simulator's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<i64> for Key {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// One value or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Several {
    /// One.
    One(Key),
    /// Several.
    Many(Vec<Key>),
}

impl Several {
    /// The values.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        match self {
            Self::One(key) => std::slice::from_ref(key),
            Self::Many(keys) => keys,
        }
    }
}

/// A line of the simulator's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Message {
    /// The directory, once, before everything else.
    Init(Init),
    /// A week: what is open and what has happened.
    Week(Week),
    /// Asks for services for one need, without a referral.
    Rank {
        /// The need.
        need: Box<Need>,
    },
    /// Nothing follows.
    End,
}

/// The directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Init {
    /// The week it is.
    #[serde(default)]
    pub week: i64,
    /// Towns; not read, services and needs have points of their own.
    #[serde(default)]
    pub towns: Vec<Town>,
    /// Services.
    pub directory: Vec<Service>,
}

/// A town.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Town {
    /// Kilometres east.
    pub x: f64,
    /// Kilometres north.
    pub y: f64,
    /// Whether it is the county's seat.
    #[serde(default)]
    pub seat: bool,
}

/// A service as its listing states it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its id.
    pub id: Key,
    /// Its organisation.
    pub org: Key,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What it is about.
    pub category: Key,
    /// What it offers, closer.
    #[serde(default)]
    pub tags: Vec<Key>,
    /// Where it is.
    pub town: Key,
    /// Kilometres east.
    pub x: f64,
    /// Kilometres north.
    pub y: f64,
    /// The years of age it takes, both ends included; absent where not stated.
    #[serde(default)]
    pub age: Option<[f64; 2]>,
    /// The households it takes; absent where not stated.
    #[serde(default)]
    pub households: Option<Several>,
    /// `local`, `any`, or absent where not stated.
    #[serde(default)]
    pub hukou: Option<String>,
    /// `town`, `county`, `region`, or absent where not stated.
    #[serde(default)]
    pub area: Option<String>,
    /// 0 free, 1 low, 2 full.
    #[serde(default)]
    pub fee: u8,
    /// Languages.
    #[serde(default)]
    pub languages: Vec<Key>,
    /// Free places as posted.
    #[serde(default)]
    pub posted_slots: Option<u32>,
    /// The week of that.
    #[serde(default)]
    pub posted_week: Option<i64>,
    /// Whether nobody need travel.
    #[serde(default)]
    pub remote: bool,
}

/// A week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Week {
    /// Its number.
    pub week: i64,
    /// Needs without a service.
    #[serde(default)]
    pub open: Vec<Need>,
    /// What has happened since the week before.
    #[serde(default)]
    pub events: Vec<Event>,
    /// New postings: service, free places, week.
    #[serde(default)]
    pub posted: Vec<(Key, u32, i64)>,
}

/// A need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Need {
    /// Its id.
    pub id: Key,
    /// The child.
    #[serde(default)]
    pub child: Option<Key>,
    /// Where the child lives.
    pub town: Key,
    /// Kilometres east.
    pub x: f64,
    /// Kilometres north.
    pub y: f64,
    /// Years; absent where unknown.
    #[serde(default)]
    pub age: Option<f64>,
    /// The household; absent where unknown.
    #[serde(default)]
    pub households: Option<Several>,
    /// `local`, anything else for not, absent where unknown.
    #[serde(default)]
    pub hukou: Option<String>,
    /// What it is about.
    pub category: Key,
    /// What is needed, closer.
    #[serde(default)]
    pub tags: Vec<Key>,
    /// 1 (most urgent) to 4.
    pub tier: u8,
    /// The longest way the family goes, minutes one way.
    #[serde(default)]
    pub travel_limit: Option<f64>,
    /// Whether the family has a car.
    #[serde(default)]
    pub car: bool,
    /// The family's language.
    #[serde(default)]
    pub language: Option<Key>,
    /// The highest fee it can pay: 0 to 2.
    #[serde(default)]
    pub can_pay: Option<u8>,
    /// The week it arose.
    #[serde(default)]
    pub arrived: i64,
    /// Services it was referred to before.
    #[serde(default)]
    pub tried: Vec<Key>,
}

/// Something that has happened to a referral, or an answer of the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The need.
    pub need: Key,
    /// The service; absent of an answer.
    #[serde(default)]
    pub service: Option<Key>,
    /// When.
    pub week: i64,
    /// What.
    pub outcome: Outcome,
}

/// What becomes of a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The provider takes the child.
    Accepted,
    /// It has no place.
    Full,
    /// Its rules do not let the child in.
    Ineligible,
    /// It does not take the child, for another reason.
    Declined,
    /// It has not answered.
    NoResponse,
    /// The family did not come.
    NoShow,
    /// The family left before the end.
    Dropped,
    /// It was carried to the end.
    Completed,
    /// The family has answered a question; the need carries the answer.
    Answer,
}

/// A question worth its while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Which household the child belongs to.
    Households,
    /// Where the child is registered.
    Hukou,
}

/// What the policy answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Reply {
    /// To a week.
    Week {
        /// Referrals: need and service.
        refer: Vec<(Key, Key)>,
        /// Questions.
        ask: Vec<(Key, Question)>,
    },
    /// To `rank`.
    Rank {
        /// At most five services, best first.
        rank: Vec<Key>,
    },
}
