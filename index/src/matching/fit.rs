//! How well the offer fits the need: term F of the expected utility.
//!
//! `0.40 + 0.60 * mean over sub-needs of` 1 for the same tag, 0.7 for its parent, 0.35 for a
//! sibling, 0 for none. Range 0.40 to 1. A need of the taxonomy is one leaf, and a service for a
//! sibling leaf is no help for it (a drowning lesson for a suicidal child), so only the same leaf
//! and its group come as candidates. Source: `docs/MATCHING.md`, "Fit".

use crate::code::TermCode;

/// How a service's term is related to a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kin {
    /// The same leaf, or a leaf of the group that is needed.
    Same,
    /// The group of the leaf that is needed.
    Parent,
}

impl Kin {
    /// The closest relation of a service's terms to a need, with the term that has it.
    pub(super) fn of<'a>(need: &TermCode, terms: &'a [TermCode]) -> Option<(Self, &'a TermCode)> {
        let same = terms.iter().find(|term| need.covers(term));
        let parent = || terms.iter().find(|term| term.covers(need));
        same.map(|term| (Self::Same, term)).or_else(|| parent().map(|term| (Self::Parent, term)))
    }

    /// The word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Parent => "parent",
        }
    }
}

/// Term F.
pub(super) fn fits(kin: Kin) -> f64 {
    let tag = match kin {
        Kin::Same => 1.0,
        Kin::Parent => 0.7,
    };
    0.40 + 0.60 * tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_leaf_fits_better_than_its_group_and_a_sibling_not_at_all() {
        let code = |text: &str| text.parse::<TermCode>().unwrap();
        let of = |terms: &[TermCode]| Kin::of(&code("PSY-03"), terms).map(|(kin, _)| kin);
        assert_eq!(of(&[code("PSY"), code("PSY-03")]), Some(Kin::Same));
        assert_eq!(of(&[code("PSY")]), Some(Kin::Parent));
        assert_eq!(of(&[code("PSY-04")]), None);
        assert!((fits(Kin::Parent) - 0.82).abs() < 1e-9);
    }
}
