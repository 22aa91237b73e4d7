//! A figure, what it is of, and when it is not shown.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lianjie_index::DivisionCode;
use serde::{Deserialize, Serialize};

use crate::id::OrganizationId;

/// What the figures are over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// A station's own.
    Station(OrganizationId),
    /// A division's.
    Division(DivisionCode),
    /// What was sent to an organization.
    Provider(OrganizationId),
}

/// Days, both included; they are counted in China.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First.
    pub from: Date,
    /// Last.
    pub to: Date,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Figure {
    /// What it counts; its words stand in `locales/statistics.yml`.
    pub code: String,
    /// What its code is about, where it is one of many: a term, a category, a reason, a county.
    pub about: Option<String>,
    /// The count; null where it is too small to be shown.
    pub value: Option<i64>,
    /// Of how many; null where it is of nothing, or that is too small.
    pub of: Option<i64>,
    /// Whether its list can be opened.
    pub opens: bool,
}

impl Figure {
    /// A count.
    #[must_use]
    pub fn count(code: &str, value: usize) -> Self {
        Self { code: code.to_owned(), about: None, value: i64::try_from(value).ok(), of: None, opens: true }
    }

    /// A count of so many.
    #[must_use]
    pub fn share(code: &str, value: usize, of: usize) -> Self {
        Self { of: i64::try_from(of).ok(), ..Self::count(code, value) }
    }

    /// One of many of the same code.
    #[must_use]
    pub fn about(self, about: impl Into<String>) -> Self {
        Self { about: Some(about.into()), ..self }
    }

    /// One that has no list.
    #[must_use]
    pub fn closed(self) -> Self {
        Self { opens: false, ..self }
    }
}

/// Figures that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Block {
    /// What they are.
    pub code: String,
    /// The figures.
    pub figures: Vec<Figure>,
    /// Whether they are children or stand for children, so that small ones are not shown outside the station.
    pub children: bool,
    /// Whether they are the parts of a whole: then what is not shown must not follow from the rest.
    pub parts: bool,
}

/// Counts below this are not shown.
pub const SMALLEST: i64 = 5;

impl Block {
    /// The block as it is shown outside the station: counts from 1 to 4 are left out, and of parts one more, the smallest, so
    /// that nobody works the one out from the sum.
    #[must_use]
    pub fn suppressed(mut self) -> Self {
        if !self.children {
            return self;
        }
        let small = |value: Option<i64>| value.is_some_and(|value| (1..SMALLEST).contains(&value));
        let mut hidden: Vec<bool> = self.figures.iter().map(|figure| small(figure.value)).collect();
        if self.parts {
            let groups = self.groups();
            // What one group hides may leave another with a single one hidden.
            while groups.iter().any(|group| self.hide_one_more(group, &mut hidden)) {}
        }
        for (index, figure) in self.figures.iter_mut().enumerate() {
            // A share that leaves a small rest says how small the rest is.
            let rest = figure.of.zip(figure.value).map(|(of, value)| of - value);
            if hidden[index] || small(rest) {
                (figure.value, figure.opens) = (None, false);
            }
            if small(figure.of) {
                figure.of = None;
                (figure.value, figure.opens) = (None, false);
            }
        }
        self
    }

    /// The figures that make a sum which is told elsewhere: all, or of a table each row and each column.
    fn groups(&self) -> Vec<Vec<usize>> {
        let mut lines: BTreeMap<(u8, &str), Vec<usize>> = BTreeMap::new();
        for (index, figure) in self.figures.iter().enumerate() {
            match figure.about.as_deref().and_then(|about| about.split_once(':')) {
                Some((row, column)) => {
                    lines.entry((1, row)).or_default().push(index);
                    lines.entry((2, column)).or_default().push(index);
                }
                None => lines.entry((0, "")).or_default().push(index),
            }
        }
        lines.into_values().collect()
    }

    /// Hides the smallest of a group of which one alone is hidden; whether it did.
    fn hide_one_more(&self, group: &[usize], hidden: &mut [bool]) -> bool {
        if group.iter().filter(|index| hidden[**index]).count() != 1 {
            return false;
        }
        let open = group.iter().filter(|index| !hidden[**index] && self.figures[**index].value.is_some_and(|value| value > 0));
        let next = open.min_by_key(|index| self.figures[**index].value);
        if let Some(next) = next {
            hidden[*next] = true;
        }
        next.is_some()
    }
}

/// Median and ninetieth percentile of days: the value at that rank of those sorted, rounded up.
#[must_use]
pub fn percentiles(mut days: Vec<i64>) -> Option<(i64, i64)> {
    days.sort_unstable();
    let at = |share: usize| days.get((days.len() * share).div_ceil(100).saturating_sub(1)).copied();
    at(50).zip(at(90))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(values: &[i64], parts: bool) -> Vec<Option<i64>> {
        let figures = values.iter().map(|value| Figure::count("children", usize::try_from(*value).unwrap())).collect();
        let block = Block { code: "test".into(), figures, children: true, parts };
        block.suppressed().figures.into_iter().map(|figure| figure.value).collect()
    }

    #[test]
    fn small_counts_are_not_shown_and_cannot_be_worked_out() {
        assert_eq!(block(&[0, 3, 12], false), [Some(0), None, Some(12)]);
        assert_eq!(block(&[0, 3, 12, 40], true), [Some(0), None, None, Some(40)], "the sum would tell the one that is missing");
        assert_eq!(block(&[2, 3, 40], true), [None, None, Some(40)], "two that are missing hide each other");
        assert_eq!(block(&[5, 6], true), [Some(5), Some(6)]);
    }

    #[test]
    fn of_a_table_neither_rows_nor_columns_tell_what_is_missing() {
        let cell = |about: &str, value: usize| Figure::count("gap_at", value).about(about);
        let figures = vec![cell("T:A", 2), cell("T:B", 10), cell("U:A", 10), cell("U:B", 3), cell("V:B", 7), cell("V:C", 20)];
        let shown = Block { code: "gap_places".into(), figures, children: true, parts: true }.suppressed().figures;
        let shown: Vec<Option<i64>> = shown.into_iter().map(|figure| figure.value).collect();
        assert_eq!(shown, [None, None, None, None, Some(7), Some(20)], "each row and each column lacks two or none");
    }

    #[test]
    fn a_share_does_not_tell_a_small_rest() {
        let block = Block { code: "test".into(), figures: vec![Figure::share("verified", 18, 20)], children: true, parts: false };
        assert_eq!(block.suppressed().figures[0].value, None, "two of twenty are not verified");
    }

    #[test]
    fn percentiles_are_values_that_were_there() {
        assert_eq!(percentiles(vec![]), None);
        assert_eq!(percentiles(vec![9]), Some((9, 9)));
        assert_eq!(percentiles(vec![5, 1, 4, 2, 3, 6, 7, 8, 9, 10]), Some((5, 9)));
    }
}
