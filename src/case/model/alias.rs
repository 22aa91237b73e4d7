//! Aliases: 小 and a character, what a child is called wherever the name is not.

use std::collections::BTreeSet;

use crate::error::Fault;
use crate::secret::Hidden;

/// Characters that make a friendly alias; none says anything of a child.
const CHARACTERS: &str = "雨川禾林星月云晨安乐宁和春夏秋冬雪梅兰竹菊松柏桐枫荷莲杏桃梨枣麦谷稻豆米果叶苗芽草花树木石山河溪泉湖海江波浪帆舟桥亭风雷虹霞露霜冰晶玉珠贝鹿马羊兔燕雀鹤鸽蝶蜂鱼虾蓝青绿紫橙白墨笔书琴棋画诗歌";

/// An alias that nobody at the station has and that has no character of the real name, counting from `start`.
#[must_use]
pub fn propose(name: Option<&Hidden>, taken: &BTreeSet<String>, start: usize) -> String {
    let letters: Vec<char> = CHARACTERS.chars().collect();
    let of_name = |letter: &char| name.is_some_and(|name| name.reveal().contains(*letter));
    let free = |alias: &String| !taken.contains(alias);
    let turned = |offset: usize| letters.iter().cycle().skip(offset % letters.len()).take(letters.len()).filter(|letter| !of_name(letter));
    let one = turned(start).map(|letter| format!("小{letter}")).find(free);
    one.or_else(|| turned(start).flat_map(|first| turned(start + 7).map(move |second| format!("小{first}{second}"))).find(free))
        .unwrap_or_else(|| "小满".into())
}

/// Checks an alias a person chose.
///
/// # Errors
/// The fault: of another form, with a character of the real name, or in use at the station.
pub fn check(alias: &str, name: Option<&Hidden>, taken: &BTreeSet<String>) -> Result<(), Fault> {
    let letters: Vec<char> = alias.chars().collect();
    let fault = |reason| Err(Fault::new("alias", reason));
    let chinese = |letter: &char| ('\u{4E00}'..='\u{9FFF}').contains(letter);
    if letters.first() != Some(&'小') || !(2..=3).contains(&letters.len()) || !letters.iter().all(chinese) {
        return fault("alias_form");
    }
    if name.is_some_and(|name| letters[1..].iter().any(|letter| name.reveal().contains(*letter))) {
        return fault("alias_name");
    }
    if taken.contains(alias) { fault("alias_taken") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_shares_no_character_with_the_name_and_none_with_the_station() {
        let name = Hidden::new("江雨川");
        let taken = BTreeSet::from(["小禾".to_owned()]);
        let alias = propose(Some(&name), &taken, 0);
        assert_eq!(alias, "小林");
        assert!(check(&alias, Some(&name), &taken).is_ok());
        assert_eq!(check("小雨", Some(&name), &taken).unwrap_err().reason, "alias_name");
        assert_eq!(check("小禾", Some(&name), &taken).unwrap_err().reason, "alias_taken");
        assert_eq!(check("雨雨", None, &taken).unwrap_err().reason, "alias_form");
    }

    #[test]
    fn when_every_character_is_taken_there_are_two() {
        let taken = CHARACTERS.chars().map(|letter| format!("小{letter}")).collect();
        let alias = propose(None, &taken, 3);
        assert_eq!(alias.chars().count(), 3);
        assert!(check(&alias, None, &taken).is_ok());
    }

    #[test]
    fn no_character_is_listed_twice() {
        let letters: BTreeSet<char> = CHARACTERS.chars().collect();
        assert_eq!(letters.len(), CHARACTERS.chars().count());
    }
}
