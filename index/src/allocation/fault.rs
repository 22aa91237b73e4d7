//! Why an instance is refused or a rule cannot be kept, in sentences for the person who sent it.

use thiserror::Error;

/// What is wrong with an instance, or with what is asked of it.
#[derive(Debug, Error)]
pub enum Fault {
    /// The text is not an instance in JSON.
    #[error("not an instance: {0}")]
    Json(#[from] serde_json::Error),
    /// The file could not be read.
    #[error("the instance could not be read: {0}")]
    Read(#[from] std::io::Error),
    /// The file is not of the binary format.
    #[error("not a binary instance: it begins with {0:#010x}, not 0x4c4a4131")]
    Magic(u32),
    /// The file ends too early.
    #[error("the binary instance ends within `{0}`")]
    Short(&'static str),
    /// The file goes on after its end.
    #[error("the binary instance goes on after its end")]
    Long,
    /// A list of the wrong length.
    #[error("`{field}` of the {list} has {found} entries, not {wanted}")]
    Length {
        /// Which list.
        list: &'static str,
        /// Which field of it.
        field: &'static str,
        /// How many there should be.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// `ptr` does not span the pairs.
    #[error("`ptr` runs from {first} to {last}, not from 0 to the {pairs} pairs there are")]
    Ends {
        /// Its first entry.
        first: i64,
        /// Its last entry.
        last: i64,
        /// How many pairs there are.
        pairs: usize,
    },
    /// `ptr` falls.
    #[error("`ptr` falls after need {need}")]
    Falling {
        /// The need whose pairs would end before they begin.
        need: usize,
    },
    /// A pair names no service.
    #[error("need {need} names service {service}, which there is not")]
    Service {
        /// Whose pair.
        need: usize,
        /// What it names.
        service: i64,
    },
    /// A need names a service twice.
    #[error("need {need} names service {service} twice")]
    Twice {
        /// Whose pairs.
        need: usize,
        /// The service.
        service: usize,
    },
    /// A utility out of range.
    #[error("need {need} has a utility of {utility}; utilities are 1 to 1000")]
    Utility {
        /// Whose pair.
        need: usize,
        /// The utility.
        utility: i64,
    },
    /// A tier out of range.
    #[error("need {need} has tier {tier}; tiers are 1 to 4")]
    Tier {
        /// Whose.
        need: usize,
        /// The tier.
        tier: i64,
    },
    /// A weight out of range.
    #[error("tier {tier} has weight {weight}; weights are 1 to 10000")]
    Weight {
        /// Of which tier.
        tier: u8,
        /// The weight.
        weight: i64,
    },
    /// A capacity out of range.
    #[error("the capacity of {of} {index} is {cap}; capacities are 0 to 4294967295")]
    Capacity {
        /// "service" or "organisation".
        of: &'static str,
        /// Which.
        index: usize,
        /// The capacity.
        cap: i64,
    },
    /// A service of an organisation that has no capacity.
    #[error("service {service} names an organisation that `org_cap` does not know")]
    Organization {
        /// Which.
        service: usize,
    },
    /// More than the engine counts.
    #[error("too many {0} for one instance")]
    TooLarge(&'static str),
    /// A floor that cannot be met.
    #[error("the floors of {} together ask for {asked} places, and at most {possible} can be had", .groups.join(", "))]
    Infeasible {
        /// The groups that bind each other; the first is the one whose floor failed.
        groups: Vec<String>,
        /// What their floors add up to.
        asked: u64,
        /// What they can get together.
        possible: u64,
    },
    /// Floors that do not fit the needs.
    #[error("{0}")]
    Floors(&'static str),
    /// A share that is none.
    #[error("\"{0}\" is no share; write a number from 0 to 1 with at most three decimals")]
    Share(String),
    /// An objective that is none.
    #[error("\"{0}\" is no objective; there are util, lex and maxmin")]
    Objective(String),
}
