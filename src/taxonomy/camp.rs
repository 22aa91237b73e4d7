//! Camps that drill and confine children to break them of the network: what nobody may offer, and no directory lists.
//!
//! Source: 未成年人保护法 art. 68 (nobody meets a minor's addiction to the network in a way that harms body or mind); the note of
//! BEH-01 in `seed-data/taxonomy.csv`: such camps must never be listed. Help by talking, in a family or a clinic, is not meant.

use lianjie_index::text::fold;

/// What says by itself that it is such a camp.
const CAMPS: [&str; 9] = ["戒网瘾", "戒除网瘾", "网瘾戒除", "戒网学校", "戒网中心", "戒网营", "网戒中心", "网瘾学校", "行走学校"];
/// Drill and confinement.
const DRILLS: [&str; 9] = ["特训营", "特训学校", "特训班", "特训基地", "军事化", "封闭式训练", "封闭训练", "封闭式管理", "集训营"];
/// What it is used against.
const AGAINST: [&str; 8] = ["网瘾", "网络成瘾", "网络沉迷", "沉迷网络", "沉迷游戏", "游戏成瘾", "手机成瘾", "叛逆"];
/// Who says one of these directly before the word says that it is not so.
const DENIALS: [&str; 15] =
    ["不做", "不是", "不办", "不开", "不搞", "不提供", "不推荐", "不介绍", "不接受", "不属于", "没有", "拒绝", "严禁", "禁止", "远离"];

/// The words by which a name or description offers such a camp; none where it does not.
#[must_use]
pub fn offered(texts: &[&str]) -> Option<&'static str> {
    // Characters alone: 戒 网 瘾 and 戒·网·瘾 are the same word.
    let bare = |clause: &str| -> String { clause.chars().filter(|c| c.is_alphanumeric()).collect() };
    let clauses: Vec<String> =
        texts.iter().flat_map(|text| fold(text).split(|c: char| ",.;:!?。；！？\n".contains(c)).map(bare).collect::<Vec<_>>()).collect();
    let meant = |words: &'static [&'static str]| {
        clauses.iter().flat_map(|clause| words.iter().copied().filter(move |word| says(clause, word))).next()
    };
    let against = || clauses.iter().any(|clause| AGAINST.iter().any(|word| clause.contains(word)));
    meant(&CAMPS).or_else(|| meant(&DRILLS).filter(|_| against()))
}

/// Whether a clause says a word without denying it: 没有体罚的戒网瘾学校 denies the beating, and 远离网瘾特训营 the addiction.
fn says(clause: &str, word: &str) -> bool {
    let denies = |before: &str, denial: &&str| {
        before.rfind(*denial).is_some_and(|at| {
            let between = &before[at + denial.len()..];
            between.chars().count() <= 3 && !between.contains('的') && !AGAINST.iter().any(|word| between.contains(word))
        })
    };
    clause.match_indices(word).any(|(at, _)| !DENIALS.iter().any(|denial| denies(&clause[..at], denial)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camp_is_known_by_its_name_however_it_is_written() {
        assert_eq!(offered(&["青少年戒网瘾学校", ""]), Some("戒网瘾"));
        assert_eq!(offered(&["陽光戒網癮中心"]), Some("戒网瘾"));
        assert_eq!(offered(&["阳光成长特训营", "专治网瘾、厌学。"]), Some("特训营"));
        assert_eq!(offered(&["成长夏令营", "军事化管理，改变叛逆少年"]), Some("军事化"));
        assert_eq!(offered(&["戒 网 瘾 学校"]), Some("戒网瘾"));
    }

    #[test]
    fn a_denial_of_something_else_denies_no_camp() {
        assert_eq!(offered(&["远离网瘾特训营"]), Some("特训营"));
        assert_eq!(offered(&["没有体罚的戒网瘾学校"]), Some("戒网瘾"));
        assert_eq!(offered(&["拒绝沉迷游戏封闭训练营"]), Some("封闭训练"));
        assert_eq!(offered(&["成长营", "专业戒网瘾、没有一例失败"]), Some("戒网瘾"));
    }

    #[test]
    fn help_by_talking_sports_and_who_warns_of_camps_are_not_meant() {
        for texts in [
            ["网瘾干预门诊", "医生和家长一起谈。"],
            ["网络沉迷辅导", "这里不做封闭训练，也不推荐任何封闭式的营地。"],
            ["篮球特训营", "周末训练。"],
            ["手机使用管理小组", "我们不是戒网瘾学校。"],
        ] {
            assert_eq!(offered(&texts), None, "{texts:?}");
        }
    }
}
