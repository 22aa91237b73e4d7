//! A word as it is compared: its characters, how each may sound, and how far it is from another.
//!
//! A slip of the hand or ear costs less than another character: one that sounds alike, one that
//! sounds alike to an ear that does not part `zh` from `z`, `ing` from `in` or `n` from `l`, and
//! one that looks alike. Costs are tenths of a character.

use std::cmp::Ordering;

use crate::text::pinyin::Readings;

/// Characters taken for each other by their look; each group is alike within itself.
const SHAPES: &str = include_str!("shapes.txt");

const SAME: u32 = 0;
const SOUND: u32 = 3;
const SHAPE: u32 = 4;
const NEAR: u32 = 5;
const OTHER: u32 = 10;
const SWAP: u32 = 5;

/// At most this many readings of a character are compared.
const READINGS: usize = 3;

/// The readings of one character: exactly, and as a dull ear hears them; zero where there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sound {
    exact: [u32; READINGS],
    dull: [u32; READINGS],
}

/// Some characters with their sounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Word {
    chars: Box<[char]>,
    sounds: Box<[Sound]>,
}

impl Word {
    /// The letters and characters of a text, folded.
    pub(super) fn new(text: &str) -> Self {
        let readings = Readings::of(text);
        let sounds = readings.syllables().map(Sound::of).collect();
        Self { chars: readings.characters().collect(), sounds }
    }

    pub(super) fn chars(&self) -> &[char] {
        &self.chars
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    pub(super) fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// How the first `length` characters sound, in every way two readings of each allow; dull, so
    /// that what is heard alike shares a key.
    pub(super) fn heard(&self, length: usize) -> Vec<String> {
        self.heard_from(0, length)
    }

    /// As [`heard`](Self::heard), of the last characters.
    pub(super) fn heard_last(&self, length: usize) -> Vec<String> {
        self.heard_from(self.len().saturating_sub(length), length)
    }

    fn heard_from(&self, start: usize, length: usize) -> Vec<String> {
        let mut keys = vec![String::new()];
        for (c, sound) in self.chars.iter().zip(&self.sounds).skip(start).take(length) {
            let mut syllables: Vec<String> = sound.dull.iter().filter(|s| **s != 0).map(|s| format!("{s:x}.")).take(2).collect();
            syllables.dedup();
            if syllables.is_empty() {
                syllables.push(c.to_string());
            }
            // Names with many readings would else have dozens of keys.
            syllables.truncate(if keys.len() > 3 { 1 } else { 2 });
            keys = keys.iter().flat_map(|key| syllables.iter().map(move |syllable| format!("{key}{syllable}"))).collect();
        }
        keys
    }

    fn cost(&self, n: usize, other: &Self, m: usize) -> u32 {
        let (a, b) = (self.chars[n], other.chars[m]);
        if a == b {
            return SAME;
        }
        let (one, two) = (&self.sounds[n], &other.sounds[m]);
        if shares(&one.exact, &two.exact) {
            SOUND
        } else if look_alike(a, b) {
            SHAPE
        } else if shares(&one.dull, &two.dull) {
            NEAR
        } else {
            OTHER
        }
    }

    /// Whether both are as long and each character is the other's or taken for it.
    pub(super) fn taken_for(&self, other: &Self) -> bool {
        self.len() == other.len() && (0..self.len()).all(|n| self.cost(n, other, n) < OTHER)
    }

    /// Whether both are as long and each character sounds as the other's, to a dull ear.
    pub(super) fn sounds_alike(&self, other: &Self) -> bool {
        self.len() == other.len() && (0..self.len()).all(|n| matches!(self.cost(n, other, n), SAME | SOUND | NEAR))
    }

    /// Whether one character was taken for another, or two were exchanged, and that is all.
    pub(super) fn is_slip_of(&self, other: &Self) -> bool {
        let differing = self.chars.iter().zip(&other.chars).filter(|(a, b)| a != b).count();
        self.len() == other.len() && differing <= 2 && self.distance(other) <= SWAP
    }

    /// The distance in tenths of a character: replaced, left out, put in, or two exchanged.
    pub(super) fn distance(&self, other: &Self) -> u32 {
        let width = other.len() + 1;
        let whole = |n: usize| u32::try_from(n).unwrap_or(u32::MAX / 100) * OTHER;
        let mut before: Vec<u32> = Vec::new();
        let mut last: Vec<u32> = (0..width).map(whole).collect();
        for n in 1..=self.len() {
            let mut row = Vec::with_capacity(width);
            row.push(whole(n));
            for m in 1..width {
                let mut best = (last[m] + OTHER).min(row[m - 1] + OTHER).min(last[m - 1] + self.cost(n - 1, other, m - 1));
                if n > 1 && m > 1 && self.chars[n - 1] == other.chars[m - 2] && self.chars[n - 2] == other.chars[m - 1] {
                    best = best.min(before[m - 2] + SWAP);
                }
                row.push(best);
            }
            before = std::mem::replace(&mut last, row);
        }
        last[width - 1]
    }

    /// How far the shorter is from the nearest stretch of the longer, in tenths of a character; of two that are as long, the nearer
    /// of either from the other.
    pub(super) fn nearest_part(&self, other: &Self) -> u32 {
        match self.len().cmp(&other.len()) {
            Ordering::Less => self.nearest_stretch(other),
            Ordering::Greater => other.nearest_stretch(self),
            Ordering::Equal => self.nearest_stretch(other).min(other.nearest_stretch(self)),
        }
    }

    fn nearest_stretch(&self, long: &Self) -> u32 {
        let short = self;
        let mut last: Vec<u32> = vec![0; long.len() + 1];
        for n in 0..short.len() {
            let mut row = Vec::with_capacity(last.len());
            row.push(last[0] + OTHER);
            for m in 0..long.len() {
                row.push((last[m + 1] + OTHER).min(row[m] + OTHER).min(last[m] + short.cost(n, long, m)));
            }
            last = row;
        }
        last.into_iter().min().unwrap_or_default()
    }

    /// Whether the shorter is the end of the longer.
    pub(super) fn is_end(&self, other: &Self) -> bool {
        let (short, long) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        short.len() >= 2 && long.chars.ends_with(&short.chars)
    }

    /// Whether the shorter is made of characters of the longer, in order: what an abbreviation is.
    pub(super) fn abbreviates(&self, other: &Self) -> bool {
        let (short, long) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        let mut rest = long.chars.iter();
        short.len() >= 2 && short.chars.iter().all(|c| rest.any(|other| other == c))
    }

    /// Whether the shorter stands whole in the longer.
    pub(super) fn is_part(&self, other: &Self) -> bool {
        let (short, long) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        short.len() >= 2 && long.chars.windows(short.len()).any(|window| window == &*short.chars)
    }

    /// The share of character pairs the two have in common (Dice), in thousandths.
    pub(super) fn common_pairs(&self, other: &Self) -> u32 {
        if self.len() < 2 || other.len() < 2 {
            return if self.chars == other.chars && !self.is_empty() { 1000 } else { 0 };
        }
        let mut left: Vec<&[char]> = other.chars.windows(2).collect();
        let mut common = 0;
        for pair in self.chars.windows(2) {
            if let Some(found) = left.iter().position(|other| *other == pair) {
                left.swap_remove(found);
                common += 1;
            }
        }
        u32::try_from(2000 * common / (self.len() + other.len() - 2)).unwrap_or(1000)
    }
}

impl Sound {
    fn of(syllables: &[Box<str>]) -> Self {
        let mut sound = Self::default();
        for (n, syllable) in syllables.iter().take(READINGS).enumerate() {
            sound.exact[n] = packed(syllable);
            sound.dull[n] = packed(&dull(syllable));
        }
        sound
    }
}

/// A syllable as a dull ear hears it.
fn dull(syllable: &str) -> String {
    let mut heard = String::with_capacity(syllable.len());
    let mut rest = syllable;
    for (written, same) in [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l")] {
        if let Some(after) = rest.strip_prefix(written) {
            heard.push_str(same);
            rest = after;
            break;
        }
    }
    heard.push_str(rest.strip_suffix('g').filter(|short| short.ends_with('n')).unwrap_or(rest));
    heard
}

/// Letters of a syllable, five bits each.
fn packed(syllable: &str) -> u32 {
    syllable.bytes().take(6).fold(0, |sum, letter| (sum << 5) | (u32::from(letter.wrapping_sub(b'a') & 31) + 1))
}

fn shares(one: &[u32], other: &[u32]) -> bool {
    one.iter().any(|sound| *sound != 0 && other.contains(sound))
}

fn look_alike(a: char, b: char) -> bool {
    use std::{collections::HashMap, sync::LazyLock};
    static GROUPS: LazyLock<HashMap<char, Vec<usize>>> = LazyLock::new(|| {
        let mut groups: HashMap<char, Vec<usize>> = HashMap::new();
        for (n, group) in SHAPES.split_whitespace().enumerate() {
            group.chars().for_each(|c| groups.entry(c).or_default().push(n));
        }
        groups
    });
    GROUPS.get(&a).zip(GROUPS.get(&b)).is_some_and(|(a, b)| a.iter().any(|group| b.contains(group)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(one: &str, other: &str) -> u32 {
        Word::new(one).distance(&Word::new(other))
    }

    #[test]
    fn a_slip_costs_less_than_another_character() {
        assert_eq!(distance("春晖", "春晖"), 0);
        assert_eq!(distance("春晖", "春辉"), SOUND);
        assert_eq!(distance("未来", "末来"), SHAPE);
        assert_eq!(distance("新兰", "心南"), SOUND + NEAR);
        assert_eq!(distance("春晖", "阳晖"), OTHER);
        assert_eq!(distance("向日葵", "向葵"), OTHER);
        assert_eq!(distance("向日葵", "日向葵"), SWAP);
    }

    #[test]
    fn every_reading_counts() {
        assert!(Word::new("单明").taken_for(&Word::new("丹明")));
        assert!(Word::new("单明").taken_for(&Word::new("善明")));
        assert!(!Word::new("王芳").taken_for(&Word::new("王方圆")));
    }

    #[test]
    fn an_abbreviation_takes_characters_in_order() {
        assert!(Word::new("社工中心").abbreviates(&Word::new("社会工作服务中心")));
        assert!(!Word::new("工社中心").abbreviates(&Word::new("社会工作服务中心")));
        assert!(Word::new("向日葵").is_part(&Word::new("小小向日葵")));
    }

    #[test]
    fn a_part_may_have_a_slip_in_it() {
        let near = |one: &str, other: &str| Word::new(one).nearest_part(&Word::new(other));
        assert_eq!(near("心理辅导", "向日葵心理辅导"), 0);
        assert_eq!(near("向日葵心理辅导班", "心里辅导"), SOUND);
        assert!(Word::new("心理辅导").is_end(&Word::new("向日葵心理辅导")));
    }

    #[test]
    fn what_sounds_alike_shares_a_key() {
        let keys = |text: &str| Word::new(text).heard(2);
        assert!(keys("春晖").iter().any(|key| keys("纯辉").contains(key)));
        assert!(keys("单明").iter().any(|key| keys("善铭").contains(key)));
    }
}
