//! A search that gave nothing, without its words.

use jiff::civil::Date;
use lianjie_index::DivisionCode;
use lianjie_index::search::{Dimension, Hits};

use super::super::address::parameter;
use super::super::ask::Asked;

/// Stands for the need where the words were not read as one.
pub const UNREAD: &str = "unread";
/// The surest needs that are counted; the later ones are guesses.
const MOST: usize = 3;
/// Fewer characters are somebody still typing.
const FEWEST: usize = 2;

/// A search that gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The day.
    pub day: Date,
    /// The county searched for, or from.
    pub division: DivisionCode,
    /// Leaves or groups of the taxonomy, or [`UNREAD`] alone.
    pub terms: Vec<String>,
    /// The filters that were set, by their parameters.
    pub filters: Vec<&'static str>,
}

impl Gap {
    /// What is to be counted of a search for a place, or from where one works; none where something was found, or nothing was
    /// looked for.
    #[must_use]
    pub fn of(asked: &Asked, hits: &Hits, place: Option<&DivisionCode>, day: Date) -> Option<Self> {
        let terms = terms(asked, hits);
        if hits.total > 0 || asked.page > 1 || asked.cursor.is_some() || terms.is_empty() {
            return None;
        }
        let division = place.map_or_else(|| "32".parse().ok(), |place| Some(place.county()))?;
        let filters = Dimension::ALL.into_iter().filter(|filter| asked.filters.sets(*filter)).map(parameter).collect();
        Some(Self { day, division, terms, filters })
    }
}

/// The need that was chosen, else what was read, else that nothing was.
fn terms(asked: &Asked, hits: &Hits) -> Vec<String> {
    let chosen = asked.filters.terms.iter();
    let read = hits.needs.iter().map(|need| &need.term);
    let named: Vec<String> = chosen.chain(read).take(MOST).map(ToString::to_string).collect();
    let typed = asked.words.trim().chars().count() >= FEWEST;
    if named.is_empty() && typed { vec![UNREAD.to_owned()] } else { named }
}

#[cfg(test)]
mod tests {
    use lianjie_index::search::{Filters, Sort};

    use super::*;

    fn asked(words: &str) -> Asked {
        Asked {
            words: words.to_owned(),
            taken_off: Vec::new(),
            places_off: Vec::new(),
            told: Vec::new(),
            filters: Filters { has_place: true, ..Filters::default() },
            place: None,
            sort: Sort::Fit,
            page: 1,
            cursor: None,
            per_page: 20,
        }
    }

    fn of(asked: &Asked) -> Option<Gap> {
        Gap::of(asked, &Hits::default(), Some(&"320116012".parse().unwrap()), "2026-11-25".parse().unwrap())
    }

    #[test]
    fn words_that_were_not_read_are_counted_without_them() {
        let gap = of(&asked("王小明的妈妈")).unwrap();
        assert_eq!(
            (gap.division.as_str(), gap.terms.as_slice(), gap.filters.as_slice()),
            ("320116", &[UNREAD.to_owned()][..], &["has_place"][..])
        );
        assert!(!format!("{gap:?}").contains('王'));
        let nowhere = Gap::of(&asked("王小明的妈妈"), &Hits::default(), None, "2026-11-25".parse().unwrap());
        assert_eq!(nowhere.unwrap().division.as_str(), "32", "without a place it is the province's");
    }

    #[test]
    fn what_was_found_and_what_asks_for_nothing_is_no_gap() {
        let hits = Hits { total: 1, ..Hits::default() };
        assert_eq!(Gap::of(&asked("接送"), &hits, None, "2026-11-25".parse().unwrap()), None);
        assert_eq!(of(&asked("接")), None, "somebody is still typing");
        assert_eq!(of(&Asked { page: 2, ..asked("王小明") }), None);
    }
}
