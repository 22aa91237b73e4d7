//! Search, matching and duplicates over the directory of lianjie.
//!
//! This crate knows organisations, services, places and what is asked of a child; it knows no
//! database, no web and no child: a [`Case`] carries neither name nor number. The program around it
//! builds [`Entry`] values, hands them to [`Index`], and words what comes back. Only [`duplicate`]
//! sees names of children, in the lists it is handed, and keeps none of them.
//!
//! Read in this order: [`entry`] (what is searched), [`rule`] (who may use it), [`vocabulary`]
//! (what words mean), [`search`] (finding), [`matching`] (choosing for one child), [`reach`] (who has
//! help within reach), [`duplicate`] (records that stand for the same).

pub mod allocation;
pub mod code;
pub mod duplicate;
pub mod entry;
mod hash;
pub mod language;
pub mod matching;
pub mod place;
pub mod plan;
pub mod policy;
pub mod reach;
pub mod reading;
pub mod rule;
pub mod search;
pub mod text;
pub mod vocabulary;

pub use code::{Area, CategoryCode, DivisionCode, OrganizationId, ServiceId, SiteId, TermCode};
pub use entry::Entry;
pub use language::Language;
pub use matching::{Answer, Case, Rates, Setting};
pub use place::{Gazetteer, Wgs84};
pub use rule::{Facts, Rule, Verdict};
pub use search::{Change, Hits, Index, Places, Query};
pub use vocabulary::Vocabulary;

// Tests share their made-up directory with the benchmarks, which see this crate from outside.
#[cfg(test)]
extern crate self as lianjie_index;
#[cfg(test)]
#[path = "../benches/province/mod.rs"]
mod province;
