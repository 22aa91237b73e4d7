//! How well the offer fits the need: term F of the expected utility.
//!
//! `0.40 + 0.60 * mean over sub-needs of` 1 for the same tag, 0.7 for its parent, 0.35 for a
//! sibling, 0 for none. Range 0.40 to 1. A need of the taxonomy is one leaf, and a service for a
//! sibling leaf is no help for it (a drowning lesson for a suicidal child), so only the same leaf
//! and its group come as candidates. Source: `docs/MATCHING.md`, "Fit".

use crate::code::TermCode;

/// How a service's term is related to a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kin {
    /// The same leaf, or a leaf of the group that is needed.
    Same,
    /// The group of the leaf that is needed.
    Parent,
    /// Another leaf of the same group; the taxonomy never matches it, tags of a simulator may.
    Sibling,
}

impl Kin {
    /// The closest relation of a service's terms to a need, with the term that has it.
    pub(crate) fn of<'a>(need: &TermCode, terms: &'a [TermCode]) -> Option<(Self, &'a TermCode)> {
        let same = terms.iter().find(|term| need.covers(term));
        let parent = || terms.iter().find(|term| term.covers(need));
        same.map(|term| (Self::Same, term)).or_else(|| parent().map(|term| (Self::Parent, term)))
    }

    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Parent => "parent",
            Self::Sibling => "sibling",
        }
    }
}

/// Term F of a need that is one leaf.
pub(crate) fn fits(kin: Kin) -> f64 {
    fits_all(&[Some(kin)])
}

/// Term F of a need of several sub-needs; one for which nothing is offered counts 0, and a need
/// without sub-needs is met by its category alone.
pub(crate) fn fits_all(kins: &[Option<Kin>]) -> f64 {
    let share = |kin: &Option<Kin>| match kin {
        Some(Kin::Same) => 1.0,
        Some(Kin::Parent) => 0.7,
        Some(Kin::Sibling) => 0.35,
        None => 0.0,
    };
    if kins.is_empty() {
        return 1.0;
    }
    let count = f64::from(u32::try_from(kins.len()).unwrap_or(u32::MAX));
    0.40 + 0.60 * kins.iter().map(share).sum::<f64>() / count
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
        assert!((fits_all(&[Some(Kin::Same), Some(Kin::Sibling), None]) - 0.67).abs() < 1e-9);
    }
}
