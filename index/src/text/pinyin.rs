//! Pinyin: finding a name by how it sounds, in full (`xuguan`), by initials (`gfz`) or mixed
//! (`光f`). Every reading of a character with several is tried, the likely one first.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use pinyin::{ToPinyin, ToPinyinMulti};

use super::{bigram::is_chinese, fold};

/// Place names a general dictionary reads wrongly, syllables apart.
const PLACES: [(&str, &str); 12] = [
    ("盱眙", "xu yi"),
    ("六合", "lu he"),
    ("甪直", "lu zhi"),
    ("浒墅关", "xu shu guan"),
    ("浒关", "xu guan"),
    ("栟茶", "ben cha"),
    ("单集", "shan ji"),
    ("氾水", "fan shui"),
    ("睢宁", "sui ning"),
    ("邗江", "han jiang"),
    ("浒浦", "hu pu"),
    ("厦门", "xia men"),
];

/// Surnames read otherwise than the word.
const SURNAMES: [(char, &str); 14] = [
    ('单', "shan"),
    ('解', "xie"),
    ('仇', "qiu"),
    ('曾', "zeng"),
    ('查', "zha"),
    ('区', "ou"),
    ('盖', "ge"),
    ('任', "ren"),
    ('朴', "piao"),
    ('华', "hua"),
    ('纪', "ji"),
    ('乐', "yue"),
    ('翟', "zhai"),
    ('隗', "wei"),
];

/// The readings of a name: for each character, every syllable it may be.
#[derive(Debug, Clone, Default)]
pub struct Readings {
    units: Box<[Unit]>,
    sieve: Sieve,
}

/// Which characters a text holds, roughly: one bit a character, some share one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sieve(u128);

impl Sieve {
    /// The characters of a text.
    pub(crate) fn of(characters: impl IntoIterator<Item = char>) -> Self {
        // Spread by a prime, so that neighbours in the code table do not share a bit.
        Self(characters.into_iter().fold(0, |bits, c| bits | 1 << (u32::from(c).wrapping_mul(0x9E37_79B1) >> 25)))
    }

    /// At least how many different characters of this text the other lacks.
    pub(crate) const fn missing_in(self, other: Self) -> u32 {
        (self.0 & !other.0).count_ones()
    }
}

#[derive(Debug, Clone)]
struct Unit {
    /// The folded character.
    character: char,
    /// First letters of its syllables, one bit each, so that most characters are passed over
    /// without looking at the syllables.
    initials: u32,
    /// Its syllables, likeliest first; for a letter or digit none.
    syllables: Syllables,
}

/// Syllables of a character, shared by all names that hold it: a directory repeats few characters.
type Syllables = Arc<[Box<str>]>;

/// Syllables already looked up.
static KNOWN: LazyLock<Mutex<HashMap<Asked, Syllables>>> = LazyLock::new(Mutex::default);

/// A character, the reading that goes first, and whether it stands where a surname does.
type Asked = (char, Box<str>, bool);

/// How well a typed text fits a name; the better the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// All of the name.
    Whole,
    /// The beginning of the name.
    Prefix,
    /// A stretch inside the name.
    Inside,
}

impl Readings {
    /// The readings of a name, by dictionary and corrections.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::with_pinyin(name, "")
    }

    /// The readings of a name whose pinyin is known; it comes first, the dictionary's after it.
    #[must_use]
    pub fn with_pinyin(name: &str, pinyin: &str) -> Self {
        let folded = fold(name);
        let characters: Vec<char> = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        let mut first: Vec<Option<&str>> = vec![None; characters.len()];
        correct(&characters, &mut first);
        let given: Vec<&str> = pinyin.split_whitespace().collect();
        if given.len() == characters.len() {
            first = given.into_iter().map(Some).collect();
        }
        let units = characters.iter().zip(first).enumerate();
        Self { units: units.map(|(n, (c, first))| unit(*c, first, n == 0)).collect(), sieve: Sieve::of(characters.iter().copied()) }
    }

    /// Which characters the name holds, roughly.
    pub(crate) const fn sieve(&self) -> Sieve {
        self.sieve
    }

    /// The folded letters and characters of the name.
    pub(crate) fn characters(&self) -> impl ExactSizeIterator<Item = char> + Clone + '_ {
        self.units.iter().map(|unit| unit.character)
    }

    /// For each letter or character of the name, every syllable it may be.
    pub(crate) fn syllables(&self) -> impl ExactSizeIterator<Item = &[Box<str>]> {
        self.units.iter().map(|unit| &*unit.syllables)
    }

    /// Whether two names of one length may be said alike, character by character.
    pub(crate) fn sounds_like(&self, other: &Self) -> bool {
        let alike = |(one, other): (&Unit, &Unit)| {
            one.character == other.character || one.syllables.iter().any(|syllable| other.syllables.contains(syllable))
        };
        self.units.len() == other.units.len() && self.units.iter().zip(&other.units).all(alike)
    }

    /// The likeliest reading, syllables apart; letters stand as they are.
    #[must_use]
    pub fn likeliest(&self) -> String {
        let mut text = String::new();
        for unit in &self.units {
            if !text.is_empty() {
                text.push(' ');
            }
            match unit.syllables.first() {
                Some(syllable) => text.push_str(syllable),
                None => text.push(unit.character),
            }
        }
        text
    }

    /// The initials of the likeliest reading.
    #[must_use]
    pub fn initials(&self) -> String {
        let first = |unit: &Unit| unit.syllables.first().and_then(|s| s.chars().next()).unwrap_or(unit.character);
        self.units.iter().map(first).collect()
    }

    /// How a typed text fits: characters, full syllables, initials and beginnings of syllables may
    /// be mixed. The text must be folded. None when it does not.
    #[must_use]
    pub fn fit(&self, typed: &str) -> Option<Fit> {
        let typed: Vec<char> = typed.chars().filter(|c| c.is_alphanumeric()).collect();
        self.fit_characters(&typed)
    }

    /// As [`fit`](Self::fit), of letters and characters alone.
    pub(crate) fn fit_characters(&self, typed: &[char]) -> Option<Fit> {
        if typed.is_empty() {
            return None;
        }
        let ends = |start: usize| self.eat(start, typed);
        match ends(0) {
            Some(end) if end == self.units.len() => Some(Fit::Whole),
            Some(_) => Some(Fit::Prefix),
            // Inside a name a single letter says nothing.
            None if typed.len() < 2 => None,
            None => (1..self.units.len()).find_map(ends).map(|_| Fit::Inside),
        }
    }

    /// The farthest unit reached when all of `typed` is read from `start`.
    fn eat(&self, start: usize, typed: &[char]) -> Option<usize> {
        let Some((first, _)) = typed.split_first() else { return Some(start) };
        let unit = self.units.get(start)?;
        let written = (unit.character == *first).then(|| self.eat(start + 1, &typed[1..])).flatten();
        if written.is_some() {
            return written;
        }
        if unit.initials & letter(*first) == 0 {
            return None;
        }
        let mut best = None;
        for syllable in unit.syllables.iter() {
            let shared = common(syllable, typed);
            // Any beginning of a syllable will do; the longest is tried first.
            for length in (1..=shared).rev() {
                best = best.max(self.eat(start + 1, &typed[length..]));
                if best.is_some() {
                    break;
                }
            }
        }
        best
    }
}

/// How many characters a syllable and the typed text share; `v`, `ü` and `u` are one letter.
fn common(syllable: &str, typed: &[char]) -> usize {
    let alike = |(a, b): &(char, &char)| a == *b || (matches!(a, 'v' | 'u') && matches!(b, 'v' | 'ü' | 'u'));
    syllable.chars().zip(typed).take_while(alike).count()
}

fn unit(character: char, first: Option<&str>, surname: bool) -> Unit {
    let surname = surname && SURNAMES.iter().any(|(c, _)| *c == character);
    let key = (character, first.unwrap_or_default().into(), surname);
    // A thread that panicked here left at worst a syllable less in the table.
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let syllables = known.entry(key).or_insert_with(|| syllables(character, first, surname).into());
    let initials = syllables.iter().filter_map(|syllable| syllable.chars().next()).fold(0, |bits, c| bits | letter(c));
    Unit { character, initials, syllables: Arc::clone(syllables) }
}

/// The bit of a small letter; none for anything else.
fn letter(c: char) -> u32 {
    if c.is_ascii_lowercase() { 1 << (c as u32 - 'a' as u32) } else { 0 }
}

fn syllables(character: char, first: Option<&str>, surname: bool) -> Vec<Box<str>> {
    let mut syllables: Vec<Box<str>> = first.map(plain).into_iter().collect();
    if !is_chinese(character) {
        return syllables;
    }
    let mut add = |syllable: &str| {
        let syllable = plain(syllable);
        if !syllables.contains(&syllable) {
            syllables.push(syllable);
        }
    };
    if let Some(usual) = character.to_pinyin() {
        add(usual.plain());
    }
    if let Some((_, syllable)) = SURNAMES.iter().find(|(c, _)| surname && *c == character) {
        add(syllable);
    }
    for reading in character.to_pinyin_multi().into_iter().flatten() {
        add(reading.plain());
    }
    // The dictionary writes 吕 as lü; people type lv, lu and lyu.
    let umlauts: Vec<String> = syllables.iter().filter(|s| s.contains('v')).map(|s| s.replace('v', "yu")).collect();
    syllables.extend(umlauts.into_iter().map(String::into_boxed_str));
    syllables
}

fn plain(syllable: &str) -> Box<str> {
    syllable.replace('ü', "v").into()
}

fn correct(characters: &[char], first: &mut [Option<&str>]) {
    for (name, pinyin) in PLACES {
        let name: Vec<char> = name.chars().collect();
        let found = characters.windows(name.len()).position(|window| window == name);
        if let Some(at) = found {
            for (slot, syllable) in first[at..].iter_mut().zip(pinyin.split(' ')) {
                *slot = Some(syllable);
            }
        }
    }
}

/// The key names sort by: pinyin of the likeliest reading.
#[must_use]
pub fn sort_key(name: &str) -> String {
    Readings::of(name).likeliest()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(name: &str, typed: &str) -> Option<Fit> {
        Readings::of(name).fit(typed)
    }

    #[test]
    fn a_name_is_found_in_full_by_initials_and_mixed() {
        assert_eq!(fit("光福镇", "guangfuzhen"), Some(Fit::Whole));
        assert_eq!(fit("光福镇", "gfz"), Some(Fit::Whole));
        assert_eq!(fit("光福镇", "光f"), Some(Fit::Prefix));
        assert_eq!(fit("光福镇", "guangf"), Some(Fit::Prefix));
        assert_eq!(fit("光福镇", "fuz"), Some(Fit::Inside));
        assert_eq!(fit("光福镇", "xz"), None);
    }

    #[test]
    fn local_readings_come_first() {
        assert_eq!(Readings::of("浒墅关").likeliest(), "xu shu guan");
        assert_eq!(Readings::of("六合区").likeliest(), "lu he qu");
        assert_eq!(Readings::of("盱眙县").initials(), "xyx");
    }

    #[test]
    fn every_reading_of_a_character_is_tried() {
        assert!(fit("六合区", "liuhe").is_some());
        for typed in ["shan", "dan"] {
            assert!(fit("单集镇", typed).is_some(), "{typed}");
        }
        assert!(fit("曾老师", "zeng").is_some());
        assert!(fit("重庆路", "chongqing").is_some());
    }

    #[test]
    fn lv_lu_and_lü_are_one() {
        for typed in ["lvdi", "ludi", "lüdi", "lyudi"] {
            assert_eq!(fit("绿地", typed), Some(Fit::Whole), "{typed}");
        }
    }
}
