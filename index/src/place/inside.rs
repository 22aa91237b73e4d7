//! Names of places inside a text without blanks: 江宁区心理咨询, 家住六合区长芦街道.
//!
//! All names are looked for in one pass, the longest first. Whether a name that stands there is meant as a place is
//! for the search, which knows the other words; what is plainly another word (南京路, 海门市场, 北京市通州区) is
//! left out here.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;

use super::gazetteer::PlaceName;
use crate::code::Area;

/// How much a name says that a place is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sure {
    /// The short name of a township, which is often a common word: 和平, 太平.
    Township,
    /// The short name of a county, a prefecture or a zone: 沭阳.
    Short,
    /// With what it is: 沭阳县, 长芦街道, 江北新区.
    Whole,
}

/// A name of places in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inside {
    /// Byte of the text where it begins.
    pub(crate) from: usize,
    /// Byte of the text after it.
    pub(crate) to: usize,
    pub(crate) sure: Sure,
    /// The places of that name.
    pub(crate) areas: Vec<Area>,
}

/// All names of all places, ready to be found.
#[derive(Debug)]
pub(super) struct Finder {
    automaton: AhoCorasick,
    names: Vec<(Sure, Vec<Area>)>,
    /// Places by how their names sound, without blanks.
    sounds: BTreeMap<String, Vec<Area>>,
}

/// What a place is, at the end of its name.
const KINDS: [&str; 7] = ["省", "市", "区", "县", "镇", "乡", "街道"];
/// After a short name: it is part of the name of a road, a house, a school.
const HOUSES: &str = "路 街 巷 弄 里 道 大道 桥 大桥 站 河 湖 山 港 江 村 小区 花园 新村 苑 园 广场 大厦 大学 学院 师范 中学 小学 高中 初中 幼儿园 医院 银行 中心 公司 东 南 西 北 中路 市场 人民";
/// After the last character of a whole name: it belongs to another word.
const OTHERWISE: [(char, &[&str]); 5] = [
    ('市', &["场", "民", "政", "面", "容"]),
    ('区', &["别", "域", "分"]),
    ('县', &["志"]),
    ('镇', &["定", "静", "痛", "压"]),
    ('乡', &["下", "亲", "愁", "音"]),
];
/// Provinces and great cities whose districts bear the names of ours.
const OUTSIDE: &str = "北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港";
/// Most ways to read one name aloud.
const MOST_SOUNDS: usize = 12;
/// Letters that a place in pinyin has at least.
const FEWEST_LETTERS: usize = 4;

impl Finder {
    /// Takes the names of the gazetteer.
    pub(super) fn new(places: &[PlaceName]) -> Self {
        let mut by_name: BTreeMap<&str, (Sure, Vec<Area>)> = BTreeMap::new();
        let mut sounds: BTreeMap<String, Vec<Area>> = BTreeMap::new();
        for place in places {
            for sound in sounds_of(place) {
                let areas = sounds.entry(sound).or_default();
                if !areas.contains(&place.area) {
                    areas.push(place.area.clone());
                }
            }
            if place.folded.chars().count() < 2 {
                continue;
            }
            let known = by_name.entry(&place.folded).or_insert((Sure::Township, Vec::new()));
            known.0 = known.0.max(sure(place));
            if !known.1.contains(&place.area) {
                known.1.push(place.area.clone());
            }
        }
        let automaton = AhoCorasick::new(by_name.keys()).expect("some thousand short names make an automaton");
        Self { automaton, names: by_name.into_values().collect(), sounds }
    }

    /// The names in a folded text, none inside another or across its end, in the order of the text.
    pub(super) fn find(&self, text: &str) -> Vec<Inside> {
        let inside = |found: aho_corasick::Match| {
            let (sure, areas) = &self.names[found.pattern().as_usize()];
            Inside { from: found.start(), to: found.end(), sure: *sure, areas: areas.clone() }
        };
        let mut all: Vec<Inside> = self.automaton.find_overlapping_iter(text).map(inside).collect();
        all.sort_by_key(|one| (std::cmp::Reverse((one.to - one.from, one.sure)), one.from));
        let mut kept: Vec<Inside> = Vec::new();
        for one in all {
            if kept.iter().all(|other| one.to <= other.from || other.to <= one.from) {
                kept.push(one);
            }
        }
        kept.sort_by_key(|one| one.from);
        let ours: Vec<(usize, usize)> = kept.iter().map(|one| (one.from, one.to)).collect();
        kept.retain(|one| !is_otherwise(one, text) && !lies_elsewhere(one, &ours, text));
        kept
    }

    /// The places whose name sounds so, typed in full syllables without blanks.
    pub(super) fn sounding(&self, typed: &str) -> &[Area] {
        let spelt = typed.len() >= FEWEST_LETTERS && typed.bytes().all(|b| b.is_ascii_lowercase());
        let found = if spelt { self.sounds.get(&typed.replace('v', "u")) } else { None };
        found.map(Vec::as_slice).unwrap_or_default()
    }
}

fn sure(place: &PlaceName) -> Sure {
    let long = place.folded.chars().count() >= 3 || place.full;
    if place.area.zone().is_some() && place.full || long && KINDS.iter().any(|kind| place.folded.ends_with(kind)) {
        Sure::Whole
    } else if place.area.as_str().len() > 6 && place.area.zone().is_none() {
        Sure::Township
    } else {
        Sure::Short
    }
}

/// Every way to read a name, `v` as `u`.
fn sounds_of(place: &PlaceName) -> Vec<String> {
    let mut sounds = vec![String::new()];
    for syllables in place.readings.syllables() {
        // What is no Chinese character is typed as it stands, and seldom; such a name is found by its characters.
        if syllables.is_empty() {
            return Vec::new();
        }
        let longer = sounds.iter().flat_map(|sound| syllables.iter().map(move |syllable| format!("{sound}{}", syllable.replace('v', "u"))));
        sounds = longer.take(MOST_SOUNDS).collect();
    }
    sounds.retain(|sound| sound.len() >= FEWEST_LETTERS);
    sounds.sort_unstable();
    sounds.dedup();
    sounds
}

/// Whether what follows makes another word of the name.
fn is_otherwise(one: &Inside, text: &str) -> bool {
    let after = &text[one.to..];
    let begins = |words: &[&str]| words.iter().any(|word| after.starts_with(word));
    if one.sure != Sure::Whole {
        return HOUSES.split(' ').any(|word| after.starts_with(word));
    }
    let last = text[one.from..one.to].chars().next_back();
    OTHERWISE.iter().any(|(kind, words)| last == Some(*kind) && begins(words))
}

/// Whether a place of another province is named before it.
fn lies_elsewhere(one: &Inside, ours: &[(usize, usize)], text: &str) -> bool {
    if ours.iter().any(|(_, to)| *to == one.from) {
        return false;
    }
    let before = &text[..one.from];
    let named = |end: &str| before.strip_suffix(end).is_some_and(|rest| rest.chars().next_back().is_some_and(|c| c.is_alphanumeric()));
    ["省", "市", "州"].iter().any(|end| named(end)) || OUTSIDE.split(' ').any(|name| before.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::province;

    fn found(text: &str) -> Vec<(String, Sure)> {
        let inside = province::gazetteer().inside(text);
        inside.into_iter().map(|one| (text[one.from..one.to].to_owned(), one.sure)).collect()
    }

    #[test]
    fn a_place_is_found_between_other_words_the_longest_name_first() {
        let whole = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), Sure::Whole)).collect::<Vec<_>>();
        assert_eq!(found("江宁区心理咨询"), whole(&["江宁区"]));
        assert_eq!(found("六合区长芦街道孩子厌学"), whole(&["六合区", "长芦街道"]));
        assert_eq!(found("家在南京江北新区的"), whole(&["南京江北新区"]));
        assert_eq!(found("沭阳没人接送"), [("沭阳".to_owned(), Sure::Short)]);
        assert_eq!(found("太平没人接送"), [("太平".to_owned(), Sure::Township)]);
    }

    #[test]
    fn of_one_name_all_places_are_found() {
        let areas = |text: &str| province::gazetteer().inside(text)[0].areas.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(areas("鼓楼区心理咨询"), ["320106", "320302"]);
    }

    #[test]
    fn what_is_another_word_is_no_place() {
        for text in ["南京路上", "海门市场", "宜兴市场", "北京市通州区", "福建省鼓楼区", "上海鼓楼区", "南京师范大学", "开封市鼓楼区"]
        {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_place_is_known_by_its_sound_in_full_syllables_only() {
        let sounding = |typed: &str| province::gazetteer().sounding(typed).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(sounding("shuyangxian"), ["321322"]);
        assert_eq!((sounding("suqian"), sounding("luhequ")), (vec!["3213".to_owned()], vec!["320116".to_owned()]));
        assert_eq!(sounding("gulouqu"), ["320106", "320302"]);
        assert_eq!(sounding("lvliang"), sounding("luliang"), "v and u are one letter");
        assert!(sounding("syx").is_empty() && sounding("shuyangx").is_empty());
    }
}
