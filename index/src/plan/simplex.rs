//! The nearest point of a simplex, in whole numbers.

/// What the parts of one whole add up to, at most.
pub(super) const WHOLE: i64 = 1 << 20;

/// Moves parts to the nearest ones that are not negative and add up to [`WHOLE`]; rounding only
/// ever takes away, at most one from each.
///
/// Subtracts one figure from all and cuts at zero, the figure found from the largest part down
/// (Held, Wolfe and Crowder 1974).
pub(super) fn project(parts: &mut [i64]) {
    let mut descending = [0; super::check::MOST_NEEDS];
    let descending = &mut descending[..parts.len()];
    descending.copy_from_slice(parts);
    descending.sort_unstable_by(|one, other| other.cmp(one));

    let (mut sum, mut cut) = (0, 0);
    for (count, part) in (1..).zip(descending.iter()) {
        sum += part;
        let higher = ceiling(sum - WHOLE, count);
        if *part <= higher && count > 1 {
            break;
        }
        cut = higher;
    }
    for part in parts {
        *part = (*part - cut).max(0);
    }
}

/// Division rounded up, by a positive number.
fn ceiling(number: i64, by: i64) -> i64 {
    -(-number).div_euclid(by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_parts_stay_equal() {
        let mut parts = [0; 4];
        project(&mut parts);
        assert_eq!(parts, [WHOLE / 4; 4]);
    }

    #[test]
    fn a_part_that_grew_takes_from_the_others() {
        let mut parts = [WHOLE / 2 + 100, WHOLE / 2];
        project(&mut parts);
        assert_eq!(parts, [WHOLE / 2 + 50, WHOLE / 2 - 50]);
        let mut parts = [3 * WHOLE, 0, 0];
        project(&mut parts);
        assert_eq!(parts, [WHOLE, 0, 0]);
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole_and_keep_their_order(given in prop::collection::vec(-2 * WHOLE..2 * WHOLE, 1..=16)) {
            let mut parts = given.clone();
            project(&mut parts);
            let sum: i64 = parts.iter().sum();
            prop_assert!(parts.iter().all(|&part| part >= 0));
            prop_assert!(sum <= WHOLE && sum > WHOLE - 32, "{}", sum);
            for one in 0..given.len() {
                for other in 0..given.len() {
                    prop_assert!(given[one] > given[other] || parts[one] <= parts[other]);
                }
            }
        }
    }
}
