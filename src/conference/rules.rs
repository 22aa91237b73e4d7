//! The rules that put a case on the agenda, read from `seed-data/agenda-rules.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::model::Why;

/// One rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it looks for.
    pub code: Why,
    /// Where it stands in the agenda; 1 is first.
    pub rank: u8,
    /// How many, or how many days; 0 where the rule counts nothing.
    #[serde(default)]
    pub after: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rules: Vec<Rule>,
}

/// The rules, by rank.
#[must_use]
pub fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let text = crate::seed::text("agenda-rules.toml").expect("the rules are carried in the binary");
        let mut table: Table = toml::from_str(&text).expect("a test reads the rules");
        table.rules.sort_by_key(|rule| rule.rank);
        table.rules
    });
    &RULES
}

/// The figure of a rule.
#[must_use]
pub fn after(code: Why) -> i64 {
    rules().iter().find(|rule| rule.code == code).map_or(0, |rule| rule.after)
}

/// The rank of a rule; what no rule names comes last.
#[must_use]
pub fn rank(code: Why) -> u8 {
    rules().iter().find(|rule| rule.code == code).map_or(u8::MAX, |rule| rule.rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_but_the_chairs_own_has_one_rule() {
        for why in Why::ALL.into_iter().filter(|why| *why != Why::Chair) {
            assert_eq!(rules().iter().filter(|rule| rule.code == why).count(), 1, "{why:?}");
        }
        assert!(after(Why::Declined) == 2 && after(Why::Overdue) == 14 && rank(Why::Chair) == u8::MAX);
    }
}
