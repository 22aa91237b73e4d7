//! What a search answers. Everything is data; the page words it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::query::Dimension;
use crate::{
    code::{Area, OrganizationId, TermCode},
    entry::{Entry, Mark},
    vocabulary::ReadNeed,
};

/// The answer of a search.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Hits {
    /// How many there are in all.
    pub total: usize,
    /// How many come before the page.
    pub before: usize,
    /// The asked-for page of them.
    pub hits: Vec<Hit>,
    /// Needs read from the words, best first; each is a chip that can be taken off.
    pub needs: Vec<ReadNeed>,
    /// Words that need not be found and only help the order, folded.
    pub helping: Vec<String>,
    /// Places that the words name, each phrase by itself.
    pub places: Vec<Mention>,
    /// Counts by filter and value, where wanted: each is what one would get with that value.
    pub facets: Facets,
    /// When nothing was found: filters to drop, with what that would give, the most first; pairs of them where no single one helps.
    pub relief: Vec<Relief>,
}

/// A phrase that is the name of places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// The phrase, folded.
    pub words: String,
    /// The places of that name, by code; one that lies in another is left out. Entries of all of them are found.
    pub areas: Vec<Area>,
}

/// Counts by kind of filter and value.
pub type Facets = BTreeMap<Dimension, Vec<Count>>;

/// What one would get with a value of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The value, as the filter spells it.
    pub value: String,
    /// How many hits there would be.
    pub count: usize,
}

/// What dropping a filter, or two together, would give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Relief {
    /// The filter.
    pub filter: Dimension,
    /// The other one, where only both together stand in the way.
    pub also: Option<Dimension>,
    /// How many hits there would be without.
    pub total: usize,
}

/// One hit.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    /// The entry; a hidden point is not in it.
    pub entry: Arc<Entry>,
    /// How well it fits, 0 to 1000.
    pub score: u16,
    /// Whether it serves the place asked about.
    pub cover: Cover,
    /// Great-circle kilometres from the place; absent where it comes, or has no place.
    pub distance_km: Option<f64>,
    /// Places, where posted.
    pub places: Option<Places>,
    /// Why it is marked.
    pub mark: Option<Mark>,
    /// Days since somebody confirmed it.
    pub age_days: Option<i64>,
    /// Why it is here.
    pub reasons: Vec<Reason>,
    /// Stretches of text that hold the words.
    pub snippets: Vec<Snippet>,
}

/// Whether a service is given to the place asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// Its areas hold the place.
    Serves,
    /// Its areas may hold the place: not stated, or the place is known too coarsely.
    Unknown,
    /// Its areas do not hold the place.
    Elsewhere,
}

/// Places of a service at a location, as posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// All places.
    pub capacity: u32,
    /// Places taken.
    pub used: u32,
    /// Places held for a while.
    pub held: u32,
    /// When that was so.
    pub as_of: Timestamp,
}

impl Places {
    /// Places free.
    #[must_use]
    pub fn free(self) -> u32 {
        self.capacity.saturating_sub(self.used).saturating_sub(self.held)
    }

    /// Whole days since they were posted.
    #[must_use]
    pub fn age_days(self, now: Timestamp) -> i64 {
        now.duration_since(self.as_of).as_hours() / 24
    }

    /// Whether a place may be counted on: free, and posted not longer ago than so many days.
    #[must_use]
    pub fn has_one(self, now: Timestamp, days: i64) -> bool {
        self.free() > 0 && self.age_days(now) <= days
    }
}

/// A field of an entry that words are looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Name of the service.
    Name,
    /// Name of the organisation.
    Organization,
    /// Other names.
    AlternateName,
    /// Description.
    Description,
}

/// Why a hit is here.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// Words stand in a field.
    Words {
        /// The field.
        field: Field,
        /// The words.
        words: Vec<String>,
    },
    /// A name is like the words, by sound or but for a character.
    Alike {
        /// The field.
        field: Field,
        /// How.
        how: How,
    },
    /// It answers a need read from the words or asked for.
    Need {
        /// The need.
        need: TermCode,
        /// The term of the service that answers it.
        term: TermCode,
    },
    /// It serves the place asked about.
    Serves,
    /// It comes to the child, so that distance does not count.
    Comes,
    /// It is near.
    Near {
        /// Kilometres.
        km: f64,
    },
    /// Places are posted free.
    Places {
        /// How many.
        free: u32,
        /// When that was so.
        as_of: Timestamp,
    },
}

/// How a name is like what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It is that.
    Exact,
    /// It begins so.
    Prefix,
    /// It holds that.
    Inside,
    /// It sounds so.
    Pinyin,
    /// It is that but for one character.
    Fuzzy,
}

/// A stretch of text with marked characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The field it is of.
    pub field: Field,
    /// The stretch, as it stands there.
    pub text: String,
    /// Characters to mark, from and to.
    pub marks: Vec<(usize, usize)>,
}

/// Something typed words may be meant to name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Suggestion {
    /// An organisation.
    Organization {
        /// Its id.
        id: OrganizationId,
        /// Its name.
        name: String,
        /// Whether services of it are found.
        gives: bool,
    },
    /// A division or zone.
    Place {
        /// Its code, or `zone:…`.
        area: Area,
        /// Its name with those above it.
        name: String,
    },
    /// A need or service of the taxonomy.
    Need {
        /// Its code.
        term: TermCode,
        /// Its name.
        name: String,
    },
}
