//! Sets of needs, as bits of a number.

/// A set of needs of a board.
pub(super) type NeedSet = u32;

/// The needs of a set, smallest first.
pub(super) fn members(mut set: NeedSet) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let first = set.trailing_zeros();
        set &= set.checked_sub(1)?;
        Some(first as usize)
    })
}

/// Whether a need is in a set.
pub(super) fn has(set: NeedSet, need: usize) -> bool {
    set & (1 << need) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_smallest_first() {
        assert_eq!(members(0b1_0110).collect::<Vec<_>>(), [1, 2, 4]);
        assert_eq!(members(0).count(), 0);
        assert!(has(0b100, 2) && !has(0b100, 1));
    }
}
