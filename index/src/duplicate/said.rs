//! What a field says, folded; a word for nothing says nothing.

use crate::text::fold;

/// What people write where they know nothing.
const NOTHING: [&str; 22] = [
    "无",
    "不详",
    "未知",
    "暂无",
    "没有",
    "未填",
    "未填写",
    "待补",
    "待补充",
    "待核实",
    "待定",
    "空",
    "不清楚",
    "不知道",
    "缺",
    "na",
    "nan",
    "null",
    "none",
    "nil",
    "unknown",
    "tbd",
];

/// The folded text of a field; empty where it is a word for nothing, or one sign over and over.
pub(super) fn said(field: &str) -> String {
    let folded = fold(field.trim());
    let signs: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut letters = signs.chars();
    let first = letters.next();
    let one_sign = signs.len() > 3 && first.is_some_and(|first| first.is_ascii_digit() && letters.all(|c| c == first));
    if first.is_none() || one_sign || NOTHING.contains(&signs.as_str()) { String::new() } else { folded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_nothing_says_nothing() {
        for nothing in ["无", "（不详）", "N/A", "--", "00000000", "0000", " 暂无 "] {
            assert_eq!(said(nothing), "", "{nothing}");
        }
        assert_eq!(said("无锡市"), "无锡市");
        assert_eq!(said("１１０"), "110");
    }
}
