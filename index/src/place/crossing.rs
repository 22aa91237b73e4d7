//! Water between places: a river, a lake or an island makes neighbours far, and the great circle does not know.
//!
//! A table names pairs of divisions and the minutes a way between them takes more. Of several pairs that hold both ends the
//! narrowest counts, so that a town on the other bank (高桥镇) may say that no water lies between. Source:
//! `docs/MATCHING.md`, "Travel".

use crate::code::DivisionCode;

/// Water between two divisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// One side; where one lies inside the other, the inner one.
    pub a: DivisionCode,
    /// The other side.
    pub b: DivisionCode,
    /// What a way takes more, one way, in minutes; 0 where none lies between after all.
    pub minutes_more: u16,
    /// What is crossed, in Chinese: 过长江.
    pub what: String,
}

impl Crossing {
    /// The other side, seen from here.
    fn from(&self, here: &DivisionCode) -> Option<Side<'_>> {
        if self.a.contains(here) {
            Some(Side { there: &self.b, not: Some(&self.a), crossing: self })
        } else if self.b.contains(here) {
            Some(Side { there: &self.a, not: None, crossing: self })
        } else {
            None
        }
    }

    /// How narrow the pair is.
    fn width(&self) -> usize {
        self.a.as_str().len() + self.b.as_str().len()
    }
}

#[derive(Debug)]
struct Side<'a> {
    there: &'a DivisionCode,
    /// Where one is still on this side.
    not: Option<&'a DivisionCode>,
    crossing: &'a Crossing,
}

/// The water around one place.
#[derive(Debug, Default)]
pub struct Shores<'a>(Vec<Side<'a>>);

impl<'a> Shores<'a> {
    /// Of all crossings those that begin here, narrowest first.
    pub(super) fn of(all: &'a [Crossing], here: &DivisionCode) -> Self {
        let mut sides: Vec<Side<'a>> = all.iter().filter_map(|crossing| crossing.from(here)).collect();
        sides.sort_by_key(|side| std::cmp::Reverse(side.crossing.width()));
        Self(sides)
    }

    /// What lies between here and there.
    #[must_use]
    pub fn to(&self, there: &DivisionCode) -> Option<&'a Crossing> {
        let across = |side: &&Side<'a>| side.there.contains(there) && !side.not.is_some_and(|own| own.contains(there));
        let crossing = self.0.iter().find(across)?.crossing;
        (crossing.minutes_more > 0).then_some(crossing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crossings() -> Vec<Crossing> {
        let row = |(a, b, minutes_more): (&str, &str, u16)| Crossing {
            a: a.parse().unwrap(),
            b: b.parse().unwrap(),
            minutes_more,
            what: "过长江".to_owned(),
        };
        [
            ("320113009", "320113", 15),
            ("320111", "320113", 20),
            ("321112103", "321102", 35),
            ("321012", "321112", 30),
            ("321112103", "321012", 0),
        ]
        .map(row)
        .to_vec()
    }

    fn more(here: &str, there: &str) -> u16 {
        let all = crossings();
        let (here, there) = (here.parse().unwrap(), there.parse().unwrap());
        let back = Shores::of(&all, &there).to(&here).map_or(0, |crossing| crossing.minutes_more);
        let way = Shores::of(&all, &here).to(&there).map_or(0, |crossing| crossing.minutes_more);
        assert_eq!(way, back, "a way takes as long back");
        way
    }

    #[test]
    fn an_island_is_far_from_its_own_county_and_not_from_itself() {
        assert_eq!(more("320113009", "320113002"), 15);
        assert_eq!(more("320113009", "320113009"), 0);
        assert_eq!(more("320113001", "320113002"), 0);
    }

    #[test]
    fn the_narrowest_pair_counts() {
        assert_eq!(more("321012005", "321112002"), 30);
        assert_eq!(more("321012005", "321112103"), 0, "a town of the other county on this bank");
        assert_eq!(more("321112103", "321102001"), 35);
        assert_eq!(more("320111", "320582"), 0);
    }
}
