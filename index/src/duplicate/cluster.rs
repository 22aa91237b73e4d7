//! Groups of records that stand for the same, without chains: where A is like B and B like C, but
//! A is clearly not like C, the three are not one.

use std::collections::{BTreeMap, HashMap};

use super::{
    find::Pair,
    points::{Evidence, score},
};

/// Below this score two records are clearly different.
const DIFFERENT: f64 = 0.05;

/// Groups of two and more ids. Two groups become one, the likeliest first, where their records are
/// the same on the average of all pairs between them, and none of these is clearly different.
///
/// A pair that is not given counts as different: given those from [`SUGGESTED`](super::SUGGESTED)
/// on, every two records of a group are a pair; given weaker ones too, a doubtful pair is settled by
/// the company it keeps. Ids and groups are in the order of texts.
#[must_use]
pub fn clusters(pairs: &[Pair]) -> Vec<Vec<String>> {
    let mut scores: HashMap<(&str, &str), f64> = HashMap::new();
    for pair in pairs {
        scores.insert((&pair.a, &pair.b), pair.score);
    }
    let mut sorted: Vec<&Pair> = pairs.iter().filter(|pair| pair.score >= super::SUGGESTED).collect();
    sorted.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| (&one.a, &one.b).cmp(&(&other.a, &other.b))));
    let mut group_of: HashMap<&str, usize> = HashMap::new();
    let mut groups: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for pair in &sorted {
        for id in [pair.a.as_str(), pair.b.as_str()] {
            let next = group_of.len();
            group_of.entry(id).or_insert_with(|| {
                groups.insert(next, vec![id]);
                next
            });
        }
        let (one, other) = (group_of[pair.a.as_str()], group_of[pair.b.as_str()]);
        if one == other || !belong(&groups[&one], &groups[&other], &scores) {
            continue;
        }
        let moved = groups.remove(&other).unwrap_or_default();
        moved.iter().for_each(|id| _ = group_of.insert(id, one));
        groups.entry(one).or_default().extend(moved);
    }
    let mut clusters: Vec<Vec<String>> = groups.into_values().filter(|group| group.len() > 1).map(sorted_ids).collect();
    clusters.sort();
    clusters
}

/// The pairs within groups: what is held to be the same when every record has to be one thing.
///
/// A doubtful pair that its group settles has a row that says so and lifts it to even odds.
#[must_use]
pub fn settled(pairs: &[Pair]) -> Vec<Pair> {
    let mut group_of: HashMap<String, usize> = HashMap::new();
    for (n, group) in clusters(pairs).into_iter().enumerate() {
        group_of.extend(group.into_iter().map(|id| (id, n)));
    }
    let together = |pair: &&Pair| group_of.get(&pair.a).is_some_and(|group| group_of.get(&pair.b) == Some(group));
    pairs.iter().filter(together).cloned().map(lifted).collect()
}

fn lifted(mut pair: Pair) -> Pair {
    let sum: i32 = pair.evidence.iter().map(|row| row.points).sum();
    if pair.score < super::SUGGESTED && sum < 0 {
        pair.evidence.push(Evidence { comparison: "company", level: "same", points: -sum });
        pair.score = score(0);
    }
    pair
}

fn belong(one: &[&str], other: &[&str], scores: &HashMap<(&str, &str), f64>) -> bool {
    let (mut sum, mut count) = (0.0, 0.0);
    for a in one {
        for b in other {
            let score = scores.get(&(*a.min(b), *a.max(b))).copied().unwrap_or_default();
            if score < DIFFERENT {
                return false;
            }
            sum += score;
            count += 1.0;
        }
    }
    sum >= super::SUGGESTED * count
}

fn sorted_ids(group: Vec<&str>) -> Vec<String> {
    let mut ids: Vec<String> = group.into_iter().map(str::to_owned).collect();
    ids.sort();
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: &str, b: &str, score: f64) -> Pair {
        Pair { a: a.into(), b: b.into(), score, evidence: Vec::new() }
    }

    #[test]
    fn a_chain_is_cut_where_it_is_weakest() {
        let pairs = [pair("a", "b", 0.9), pair("b", "c", 0.8)];
        assert_eq!(clusters(&pairs), [["a", "b"]]);
    }

    #[test]
    fn a_doubtful_pair_is_settled_by_its_company() {
        let doubtful = |score| clusters(&[pair("a", "b", 0.9), pair("b", "c", 0.9), pair("a", "c", score)]);
        assert_eq!(doubtful(0.3), [["a", "b", "c"]]);
        assert_eq!(doubtful(0.01), [["a", "b"]]);
    }

    #[test]
    fn a_settled_pair_says_why() {
        let mut pairs = [pair("a", "b", 0.9), pair("b", "c", 0.9), pair("a", "c", 0.3), pair("c", "d", 0.01)];
        pairs[2].evidence.push(Evidence { comparison: "base", level: "candidate", points: -12 });
        let settled = settled(&pairs);
        assert_eq!(settled.len(), 3);
        assert_eq!(
            settled[2].evidence.iter().map(|row| (row.comparison, row.points)).collect::<Vec<_>>(),
            [("base", -12), ("company", 12)]
        );
        assert!(settled[2].score >= 0.5);
    }

    #[test]
    fn what_agrees_all_round_is_one_group_in_whatever_order() {
        let mut pairs = vec![pair("a", "b", 0.9), pair("b", "c", 0.8), pair("a", "c", 0.6), pair("x", "y", 0.7)];
        let wanted = vec![vec!["a", "b", "c"], vec!["x", "y"]];
        assert_eq!(clusters(&pairs), wanted);
        pairs.reverse();
        assert_eq!(clusters(&pairs), wanted);
    }
}
