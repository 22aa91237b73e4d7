//! Which rows of a long list are read.

/// So many rows, after so many others: what a statement binds to LIMIT and OFFSET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How many rows.
    pub limit: i64,
    /// How many come before them.
    pub offset: i64,
}

impl Part {
    /// The rows of page `number`, from 1, with `size` rows a page.
    #[must_use]
    pub fn numbered(number: usize, size: usize) -> Self {
        let rows = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        Self { limit: rows(size), offset: rows(number.saturating_sub(1).saturating_mul(size)) }
    }

    /// The first `count` rows.
    #[must_use]
    pub fn first(count: usize) -> Self {
        Self::numbered(1, count)
    }
}
