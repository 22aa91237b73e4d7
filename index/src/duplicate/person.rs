//! Names of people: surname and given name apart, titles and relations left out.

use super::{brackets, word::Word};

/// Surnames of two characters.
const COMPOUND: [&str; 28] = [
    "欧阳", "上官", "司马", "诸葛", "司徒", "尉迟", "皇甫", "夏侯", "公孙", "令狐", "慕容", "东方", "西门", "南宫", "长孙", "宇文", "轩辕",
    "端木", "独孤", "呼延", "申屠", "太史", "澹台", "濮阳", "淳于", "闻人", "钟离", "万俟",
];

/// Words for what somebody is, at the end of a name or before it; the longest first.
const TITLES: [&str; 40] = [
    "法定监护人",
    "负责人",
    "联系人",
    "监护人",
    "工作人员",
    "老师",
    "主任",
    "经理",
    "校长",
    "园长",
    "院长",
    "医生",
    "律师",
    "社工",
    "督导",
    "理事长",
    "会长",
    "站长",
    "书记",
    "女士",
    "先生",
    "同志",
    "小姐",
    "父亲",
    "母亲",
    "爸爸",
    "妈妈",
    "爷爷",
    "奶奶",
    "外公",
    "外婆",
    "祖父",
    "祖母",
    "外祖父",
    "外祖母",
    "姑姑",
    "叔叔",
    "伯父",
    "舅舅",
    "阿姨",
];

/// A person's name as it is compared.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    /// The surname.
    pub surname: Word,
    /// The given name; empty where only a title or a mask stands in its place.
    pub given: Word,
}

/// How two names agree, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// The same characters.
    Same,
    /// Characters that sound or look like the other's.
    Alike,
    /// The same surname, no given name on one side.
    Surname,
    /// Somebody else.
    Other,
}

impl Person {
    /// Reads a folded name.
    pub(super) fn read(folded: &str) -> Self {
        let name = brackets::unpack(folded).name;
        // Several people in one field: the first is meant.
        let first = name.split([',', ';', '/', '、', '|', ':']).map(str::trim).filter(|part| !bare(part).is_empty());
        let name: String = first.map(bare).next().unwrap_or_default();
        let chars: Vec<char> = name.chars().collect();
        let two: String = chars.iter().take(2).collect();
        let length = if COMPOUND.contains(&two.as_str()) { 2 } else { 1 };
        let (surname, given) = chars.split_at(length.min(chars.len()));
        let masked = given.iter().any(|c| "*x×某●○".contains(*c));
        let given: String = if masked { String::new() } else { given.iter().collect() };
        Self { surname: Word::new(&surname.iter().collect::<String>()), given: Word::new(&given) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.surname.is_empty()
    }

    /// Surname and given name, where there is one.
    pub(super) fn whole(&self) -> Option<String> {
        (!self.given.is_empty()).then(|| self.surname.text() + &self.given.text())
    }

    /// How two agree; none where one is missing.
    pub(super) fn agreement(&self, other: &Self) -> Option<Agreement> {
        if self.is_empty() || other.is_empty() {
            return None;
        }
        let surname = self.surname == other.surname;
        let known = !self.given.is_empty() && !other.given.is_empty();
        Some(match (surname, known) {
            (true, true) if self.given == other.given => Agreement::Same,
            (_, true) if self.surname.taken_for(&other.surname) && alike(&self.given, &other.given) => Agreement::Alike,
            (_, true) if self.is_swapped(other) => Agreement::Alike,
            (true, false) => Agreement::Surname,
            _ => Agreement::Other,
        })
    }
}

impl Person {
    /// Whether surname and given name changed places: 静宋 for 宋静, 红王梅 for 王红梅.
    fn is_swapped(&self, other: &Self) -> bool {
        let letters = |person: &Self| [person.surname.chars(), person.given.chars()].concat();
        let (one, two) = (letters(self), letters(other));
        let differing: Vec<usize> = (0..one.len().min(two.len())).filter(|n| one[*n] != two[*n]).collect();
        one.len() == two.len() && matches!(differing[..], [a, b] if b == a + 1 && one[a] == two[b] && one[b] == two[a])
    }
}

/// Whether two given names may be one: sounding alike, or exchanged.
fn alike(one: &Word, other: &Word) -> bool {
    one.taken_for(other) || (one.len() == other.len() && one.distance(other) <= 5)
}

/// A name without spaces, titles and relations.
fn bare(name: &str) -> String {
    let mut name: String = name.chars().filter(|c| c.is_alphanumeric() || "*×●○".contains(*c)).collect();
    while let Some(rest) = TITLES.iter().find_map(|title| name.strip_suffix(title).or_else(|| name.strip_prefix(title))) {
        name = rest.to_owned();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn read(name: &str) -> (String, String) {
        let person = Person::read(&fold(name));
        (person.surname.text(), person.given.text())
    }

    #[test]
    fn surname_and_given_name_are_told_apart() {
        let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(read("王小明"), both("王", "小明"));
        assert_eq!(read("歐陽 靜"), both("欧阳", "静"));
        assert_eq!(read("王芳（母亲）"), both("王", "芳"));
        assert_eq!(read("母亲：王芳"), both("王", "芳"));
        assert_eq!(read("王主任"), both("王", ""));
        assert_eq!(read("王**"), both("王", ""));
    }

    #[test]
    fn names_that_sound_alike_are_alike() {
        let agree = |a: &str, b: &str| Person::read(a).agreement(&Person::read(b));
        assert_eq!(agree("王芳", "王芳"), Some(Agreement::Same));
        assert_eq!(agree("章静", "张静"), Some(Agreement::Alike));
        assert_eq!(agree("王子轩", "王轩子"), Some(Agreement::Alike));
        assert_eq!(agree("静宋", "宋静"), Some(Agreement::Alike));
        assert_eq!(agree("红王梅", "王红梅"), Some(Agreement::Alike));
        assert_eq!(agree("王芳", "王老师"), Some(Agreement::Surname));
        assert_eq!(agree("王芳", "王丽"), Some(Agreement::Other));
        assert_eq!(agree("王芳", ""), None);
    }
}
