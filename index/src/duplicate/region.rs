//! Regions: which division a name or an address begins with, however the division was written.
//!
//! A division is known by its full name, by the name without its last word, by names it had
//! before, and by its name with the word of another rank, as it was or will be called: 通州市,
//! 通州区 and 通州 are one. A region no list knows is taken off too where its last word betrays it.

use std::collections::HashMap;

use super::whereabouts::{Division, Whereabouts};
use crate::code::DivisionCode;

/// Names of divisions, as they stand at the beginning of names and addresses.
#[derive(Debug, Default)]
pub struct Regions {
    names: HashMap<Box<[char]>, Vec<Named>>,
    longest: usize,
}

/// One division a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Named {
    division: Division,
    /// Whether the name has its last word (市, 区, 镇), which no other word would have.
    full: bool,
}

const RANKS: [&str; 12] = ["特别行政区", "自治区", "自治县", "街道办事处", "街道办", "街道", "省", "市", "区", "县", "镇", "乡"];
/// Last words a county or a township may have had or will have.
const COUNTY: [&str; 3] = ["区", "市", "县"];
const TOWNSHIP: [&str; 4] = ["街道", "镇", "乡", "街道办事处"];

impl Regions {
    /// Builds from codes and names. The first name of a code is its present one; former and common
    /// names follow, beside the code of what became of them. A zone stands with its county's code.
    #[must_use]
    pub fn new<'a>(rows: impl IntoIterator<Item = (&'a DivisionCode, &'a str)>) -> Self {
        let mut regions = Self::default();
        let rows = rows.into_iter().filter_map(|(code, name)| Some((Division::of(code)?, crate::text::fold(name.split('(').next()?))));
        let rows: Vec<(Division, String)> = rows.collect();
        let mut present: HashMap<Division, &str> = HashMap::new();
        for (division, name) in &rows {
            present.entry(*division).or_insert(name);
            regions.add(name, *division, stem(name).is_some());
        }
        let mut named: HashMap<&str, Vec<Division>> = HashMap::new();
        for (division, name) in &present {
            named.entry(name).or_default().push(*division);
            stem(name).into_iter().for_each(|stem| named.entry(stem).or_default().push(*division));
        }
        for (division, name) in &rows {
            let Some(stem) = stem(name) else { continue };
            // 锡山市 became 锡山区 and 惠山区; 锡山 now means the former only.
            let another = |other: &Division| other != division && (other.digits < division.digits || other.above(4) == division.above(4));
            let taken = |name: &str| named.get(name).is_some_and(|others| others.iter().any(another));
            if taken(stem) && present.get(division) != Some(&name.as_str()) {
                continue;
            }
            let others: &[&str] = match division.digits {
                6 => &COUNTY,
                9 => &TOWNSHIP,
                _ => &[],
            };
            for other in others {
                let renamed = format!("{stem}{other}");
                // 淮安市 is a prefecture, although its district 淮安区 once was called so.
                if !taken(&renamed) {
                    regions.add(&renamed, *division, true);
                }
            }
            regions.add(stem, *division, false);
        }
        regions
    }

    fn add(&mut self, name: &str, division: Division, full: bool) {
        let name: Box<[char]> = name.chars().collect();
        if name.len() < 2 {
            return;
        }
        self.longest = self.longest.max(name.len());
        let named = self.names.entry(name).or_default();
        if !named.iter().any(|other| other.division == division) {
            named.push(Named { division, full });
        }
    }

    /// What a county field says: a code or a name.
    pub(super) fn county(&self, folded: &str) -> Whereabouts {
        if let Ok(code) = folded.trim().parse::<DivisionCode>() {
            return Whereabouts(Division::of(&code).into_iter().collect());
        }
        let text: Vec<char> = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        let mut place = Whereabouts::default();
        let mut rest = &text[..];
        while let Some((length, named)) = self.known(rest, &place, true) {
            place.narrow(&named);
            rest = &rest[length..];
        }
        place
    }

    /// How many characters at the beginning of a text name regions; `place` learns which.
    ///
    /// At least two characters are left over: a name does not consist of regions alone.
    pub(super) fn prefix(&self, text: &[char], place: &mut Whereabouts) -> usize {
        self.leading(text, place, true)
    }

    /// As [`prefix`](Self::prefix), but a township must have its last word: the short names of some
    /// are words that bodies call themselves.
    pub(super) fn full_prefix(&self, text: &[char], place: &mut Whereabouts) -> usize {
        self.leading(text, place, false)
    }

    fn leading(&self, text: &[char], place: &mut Whereabouts, short_towns: bool) -> usize {
        let mut at = 0;
        let mut in_county = short_towns && place.county().is_some();
        loop {
            let rest = &text[at..];
            if let Some((length, named)) = self.known(rest, place, in_county) {
                if rest.len() - length < 2 {
                    return at;
                }
                in_county = short_towns && (in_county || named.iter().any(|division| division.digits == 6));
                place.narrow(&named);
                at += length;
            } else if let Some(length) = unknown(rest) {
                at += length;
            } else {
                return at;
            }
        }
    }

    /// The longest known name at the beginning, with what it may mean in this place. The short
    /// name of a township counts only where its county is known.
    fn known(&self, text: &[char], place: &Whereabouts, in_county: bool) -> Option<(usize, Vec<Division>)> {
        (2..=self.longest.min(text.len())).rev().find_map(|length| {
            let named = self.names.get(&text[..length])?;
            let road = is_road(&text[length..]);
            let fitting = |named: &&Named| named.full || (!road && place.fits(named.division) && (named.division.digits < 9 || in_county));
            let found: Vec<Division> = named.iter().filter(fitting).map(|named| named.division).collect();
            (!found.is_empty()).then_some((length, found))
        })
    }

    /// The region a text consists of, if it is one and nothing else.
    pub(super) fn whole(&self, text: &[char]) -> Option<Whereabouts> {
        let named = self.names.get(text)?;
        Some(Whereabouts(named.iter().map(|named| named.division).collect()))
    }
}

impl Regions {
    /// Whether a text is a region that may lie in this place; the place learns of it.
    pub(super) fn is_in(&self, text: &[char], place: &mut Whereabouts) -> bool {
        let Some(named) = self.names.get(text) else { return false };
        let inside: Vec<Division> =
            named.iter().map(|named| named.division).filter(|division| !place.0.is_empty() && place.fits(*division)).collect();
        place.narrow(&inside);
        !inside.is_empty()
    }
}

/// Whether the word before is the name of a road: 南京路 is in any town.
fn is_road(rest: &[char]) -> bool {
    let begins = |word: &str| rest.iter().copied().take(word.chars().count()).eq(word.chars());
    !begins("街道") && ["路", "街", "巷", "大道", "大街"].iter().any(|word| begins(word))
}

/// The length of a region at the beginning that no list knows, told by its last word.
fn unknown(text: &[char]) -> Option<usize> {
    let ends = |length: usize, word: &str| {
        let end = length + word.chars().count();
        (text.len() > end + 2 && text[length..end].iter().copied().eq(word.chars())).then_some(end)
    };
    if text[..2.min(text.len())].iter().any(|c| !crate::text::bigram::is_chinese(*c)) {
        return None;
    }
    for length in 2..=4 {
        for word in ["省", "自治区", "市", "县", "街道", "区"] {
            let Some(end) = ends(length, word) else { continue };
            let before = text[length - 1];
            let no_region = "社园校小片地城辖院景库厂超门夜集学".contains(before) || text.get(end) == Some(&'场');
            if !no_region && !text[..length].contains(&'路') {
                return Some(end);
            }
        }
    }
    None
}

/// A name without the word of its rank.
fn stem(name: &str) -> Option<&str> {
    let stem = RANKS.iter().find_map(|rank| name.strip_suffix(rank))?;
    (stem.chars().count() >= 2).then_some(stem)
}

#[cfg(test)]
pub(super) mod tests {
    use super::{super::whereabouts::Nearness, *};

    /// A few divisions of the province, with names they had.
    pub(in super::super) fn regions() -> Regions {
        let rows = [
            ("32", "江苏省"),
            ("3201", "南京市"),
            ("320104", "秦淮区"),
            ("320104", "白下区"),
            ("320106", "鼓楼区"),
            ("320302", "鼓楼区"),
            ("3203", "徐州市"),
            ("320116", "六合区"),
            ("320116", "江北新区"),
            ("320111", "江北新区"),
            ("320116010", "长芦街道"),
            ("3206", "南通市"),
            ("320612", "通州区"),
            ("3208", "淮安市"),
            ("320803", "淮安区"),
            ("3202", "无锡市"),
            ("320205", "锡山区"),
            ("320206", "惠山区"),
            ("320205", "锡山市"),
            ("320206", "锡山市"),
        ];
        let rows: Vec<(DivisionCode, &str)> = rows.iter().map(|(code, name)| (code.parse().unwrap(), *name)).collect();
        Regions::new(rows.iter().map(|(code, name)| (code, *name)))
    }

    fn prefix(text: &str) -> (String, Whereabouts) {
        let text: Vec<char> = text.chars().collect();
        let mut place = Whereabouts::default();
        let length = regions().prefix(&text, &mut place);
        (text[length..].iter().collect(), place)
    }

    #[test]
    fn a_region_is_taken_off_in_every_form() {
        for name in ["江苏省南京市六合区春晖社工", "南京六合春晖社工", "六合县春晖社工", "六合春晖社工", "江苏六合区长芦街道春晖社工"]
        {
            let (rest, place) = prefix(name);
            assert_eq!((rest.as_str(), place.county()), ("春晖社工", Some(320_116)), "{name}");
        }
        assert_eq!(prefix("通州市春晖社工").1.county(), Some(320_612));
        assert_eq!(prefix("白下区春晖社工").1.county(), Some(320_104));
        assert_eq!(prefix("徐州市鼓楼区春晖社工").1.county(), Some(320_302));
    }

    #[test]
    fn a_region_no_list_knows_is_taken_off_and_a_community_is_not() {
        assert_eq!(prefix("浙江省杭州市西湖区春晖社工").0, "春晖社工");
        assert_eq!(prefix("阳光社区服务中心").0, "阳光社区服务中心");
        assert_eq!(prefix("南京路2号").0, "南京路2号");
        assert_eq!(prefix("南京市").0, "南京市");
    }

    #[test]
    fn nearness_is_told_as_far_as_both_are_known() {
        let near = |a: &str, b: &str| regions().county(a).nearness(&regions().county(b));
        assert_eq!(near("六合区", "南京市六合县"), Some(Nearness::County));
        assert_eq!(near("320116", "六合"), Some(Nearness::County));
        assert_eq!(near("六合区", "秦淮区"), Some(Nearness::OtherCounty));
        assert_eq!(near("六合区", "通州区"), Some(Nearness::OtherPrefecture));
        assert_eq!(near("六合区", "南京市"), None);
        assert_eq!(near("六合区", "江北新区"), Some(Nearness::County));
        assert_eq!(near("长芦街道", "长芦"), Some(Nearness::Township));
        assert_eq!(near("锡山区", "惠山区"), Some(Nearness::OtherCounty));
        assert_eq!(near("锡山市", "惠山区"), Some(Nearness::County));
    }
}
