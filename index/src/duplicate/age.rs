//! Ages a service is for, in years.

use super::numeral::numbers;

/// From and to, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Age {
    from: u32,
    to: u32,
}

/// The oldest a child is.
const OLDEST: u32 = 18;

impl Age {
    /// Reads 6-12岁, 6岁以上, 12岁以下, 6; none where nothing is said.
    pub(super) fn read(text: &str) -> Option<Self> {
        let numbers: Vec<u32> = numbers(text).into_iter().filter(|age| *age <= 99).collect();
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        match numbers[..] {
            [from, to, ..] => Some(Self { from: from.min(to), to: from.max(to).min(OLDEST) }),
            [from] if says(&["以上", "及以上", "起", "+", "≥"]) => Some(Self { from, to: OLDEST }),
            [to] if says(&["以下", "以内", "未满", "≤", "不满"]) => Some(Self { from: 0, to: to.min(OLDEST) }),
            [age] => Some(Self { from: age, to: age }),
            [] if says(&["不限", "未成年", "全年龄"]) => Some(Self { from: 0, to: OLDEST }),
            [] => None,
        }
    }

    /// How two agree.
    pub(super) fn level(self, other: Self) -> &'static str {
        if self == other {
            return "same";
        }
        let both = (self.to.min(other.to) + 1).saturating_sub(self.from.max(other.from));
        let either = self.to.max(other.to) + 1 - self.from.min(other.from);
        match both * 2 >= either {
            true => "most",
            false if both > 0 => "some",
            false => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_and_compared() {
        let level = |one: &str, other: &str| Some(Age::read(one)?.level(Age::read(other)?));
        assert_eq!(level("6-12岁", "六至十二周岁"), Some("same"));
        assert_eq!(level("6-12岁", "6-14"), Some("most"));
        assert_eq!(level("12岁以上", "6-12"), Some("some"));
        assert_eq!(level("0-3岁", "6-12"), Some("other"));
        assert_eq!(level("", "6-12"), None);
    }
}
