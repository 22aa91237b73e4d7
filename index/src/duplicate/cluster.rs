//! Groups of records that stand for the same, without chains: where A is like B and B like C, but
//! A is not like C, the three are not one.

use std::collections::{BTreeMap, HashMap};

use super::find::Pair;

/// Groups of two and more ids. Two groups become one, the likeliest first, while every record of
/// one makes a given pair with every record of the other; so each group is complete.
///
/// The pairs are those above the line the caller drew. Ids and groups are in the order of texts.
#[must_use]
pub fn clusters(pairs: &[Pair]) -> Vec<Vec<String>> {
    let mut scores: HashMap<(&str, &str), f64> = HashMap::new();
    for pair in pairs {
        scores.insert((&pair.a, &pair.b), pair.score);
    }
    let mut sorted: Vec<&Pair> = pairs.iter().collect();
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
        if one == other || !complete(&groups[&one], &groups[&other], &scores) {
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

fn complete(one: &[&str], other: &[&str], scores: &HashMap<(&str, &str), f64>) -> bool {
    one.iter().all(|a| other.iter().all(|b| scores.contains_key(&(*a.min(b), *a.max(b)))))
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
    fn what_agrees_all_round_is_one_group_in_whatever_order() {
        let mut pairs = vec![pair("a", "b", 0.9), pair("b", "c", 0.8), pair("a", "c", 0.6), pair("x", "y", 0.7)];
        let wanted = vec![vec!["a", "b", "c"], vec!["x", "y"]];
        assert_eq!(clusters(&pairs), wanted);
        pairs.reverse();
        assert_eq!(clusters(&pairs), wanted);
    }
}
