//! Signs of danger: the nine situations of the mandatory report, and words that must not wait.
//!
//! A sign is read generously and only an outright denial passes it over, for a false alarm costs a
//! look and a missed one a child. The list is data (`danger.csv`); an installation adds words to its rows and takes
//! none away. Deciding is for people.
//! Source: opinion of nine ministries on mandatory reporting (2020); `docs/MATCHING.md`, "Danger".

use serde::Serialize;

use super::{OwnSign, Vocabulary, read::denied};
use crate::{
    code::TermCode,
    rule::Sex,
    text::{Folded, bigram::is_chinese, fold},
};

/// The table compiled in.
const TABLE: &str = include_str!("danger.csv");

/// All danger signs.
#[derive(Debug)]
pub struct Signs {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    code: String,
    situation: Option<u8>,
    term: TermCode,
    first: String,
    hours: u16,
    /// Only below so many months of age.
    below: Option<u16>,
    /// Only of this sex.
    sex: Option<Sex>,
    zh: String,
    en: String,
    words: Vec<String>,
}

/// A danger sign found in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sign {
    /// The row's code.
    pub code: String,
    /// Which of the nine situations, where it is one.
    pub situation: Option<u8>,
    /// The leaf that answers it.
    pub term: TermCode,
    /// What comes first: `report`, or a leaf.
    pub first: String,
    /// Within how many hours; 0 is at once.
    pub hours: u16,
    /// What it is a sign of, in Chinese.
    pub zh: String,
    /// What it is a sign of, in English.
    pub en: String,
    /// The word as it stands in the text.
    pub text: String,
    /// Index of its first character.
    pub from: usize,
    /// Index after its last character.
    pub to: usize,
}

/// A sign that is looked for, with its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed<'a> {
    /// Its code.
    pub code: &'a str,
    /// What it is a sign of, in Chinese.
    pub zh: &'a str,
    /// What it is a sign of, in English.
    pub en: &'a str,
    /// The words that are it, folded; those of the installation last.
    pub words: &'a [String],
}

impl Signs {
    /// Reads the compiled table, and adds words of the installation to its rows.
    pub(super) fn with(own: &[OwnSign]) -> Self {
        let rows = TABLE.lines().skip(1).filter(|line| !line.is_empty());
        let mut rows: Vec<Row> = rows.map(|line| Row::read(line).expect("danger.csv is checked by a test")).collect();
        for OwnSign { sign, phrase } in own {
            let word = pattern(phrase.trim());
            // What begins with nothing would stand everywhere.
            let says = word.split('…').all(|part| !part.is_empty());
            if let Some(row) = rows.iter_mut().find(|row| says && row.code == *sign && !row.words.contains(&word)) {
                row.words.push(word);
            }
        }
        Self { rows }
    }

    /// The signs, in the order of the table.
    pub fn listed(&self) -> impl Iterator<Item = Listed<'_>> {
        self.rows.iter().map(|row| Listed { code: &row.code, zh: &row.zh, en: &row.en, words: &row.words })
    }
}

impl Row {
    fn read(line: &str) -> Option<Self> {
        let mut cells = line.splitn(10, ',');
        let mut next = || cells.next();
        Some(Self {
            code: next()?.to_owned(),
            situation: next()?.parse().ok(),
            term: next()?.parse().ok()?,
            first: next()?.to_owned(),
            hours: next()?.parse().ok()?,
            below: next()?.parse().ok(),
            sex: match next()? {
                "female" => Some(Sex::Female),
                "male" => Some(Sex::Male),
                _ => None,
            },
            zh: next()?.to_owned(),
            en: next()?.to_owned(),
            words: next()?.split('|').map(pattern).collect(),
        })
    }

    /// Whether the row is about such a child. Its words mean nothing of other children, so what is
    /// unknown does not count as such.
    fn concerns(&self, age_months: Option<u16>, sex: Option<Sex>) -> bool {
        let young = self.below.is_none_or(|below| age_months.is_some_and(|age| age < below));
        young && (self.sex.is_none() || self.sex == sex)
    }
}

impl Vocabulary {
    /// The danger signs of a text, one a row, in the order of the table: situations first.
    #[must_use]
    pub fn danger(&self, text: &str, age_months: Option<u16>, sex: Option<Sex>) -> Vec<Sign> {
        let folded = Folded::new(text);
        let source: Vec<char> = text.chars().collect();
        let rows = self.signs.rows.iter().filter(|row| row.concerns(age_months, sex));
        rows.filter_map(|row| sign(row, &folded, &source)).collect()
    }
}

/// A word of the table, folded but for its `…`.
#[must_use]
pub fn pattern(word: &str) -> String {
    word.split('…').map(fold).collect::<Vec<_>>().join("…")
}

/// Characters that may stand where a word of the table has `…`.
const ROOM: usize = 5;

fn sign(row: &Row, folded: &Folded, source: &[char]) -> Option<Sign> {
    let places = row.words.iter().flat_map(|word| find(&folded.text, word));
    let (at, end) = places.filter(|(at, _)| !denied(&folded.text[..*at])).min()?;
    let (from, to) = folded.source(at, end);
    Some(Sign {
        code: row.code.clone(),
        situation: row.situation,
        term: row.term.clone(),
        first: row.first.clone(),
        hours: row.hours,
        zh: row.zh.clone(),
        en: row.en.clone(),
        text: source[from..to].iter().collect(),
        from,
        to,
    })
}

/// Where a word of the table stands in a text, as bytes from and to; `…` is a few characters of
/// the same clause.
fn find<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    let (head, tail) = word.split_once('…').unwrap_or((word, ""));
    text.match_indices(head).filter_map(move |(at, head)| {
        let after = at + head.len();
        if tail.is_empty() {
            return Some((at, after));
        }
        let clause = text[after..].char_indices().take_while(|(_, c)| is_chinese(*c)).take(ROOM + tail.chars().count());
        let end = clause.last().map_or(after, |(n, c)| after + n + c.len_utf8());
        let found = text[after..end].find(tail)?;
        Some((at, after + found + tail.len()))
    })
}

#[cfg(test)]
mod tests {
    use crate::{province, rule::Sex};

    fn codes(text: &str, age_months: u16, sex: Sex) -> Vec<String> {
        let signs = province::vocabulary().danger(text, Some(age_months), Some(sex));
        signs.into_iter().map(|sign| sign.code).collect()
    }

    #[test]
    fn every_row_of_the_table_is_read() {
        assert_eq!(province::vocabulary().signs().rows.len(), super::TABLE.lines().count() - 1);
    }

    #[test]
    fn abuse_is_seen_though_others_stand_between() {
        assert_eq!(codes("她说被继父摸了", 130, Sex::Female), ["sexual_abuse"]);
        assert_eq!(codes("被爸爸用棍子打", 100, Sex::Male), ["injury"]);
        assert!(codes("被同学打了", 100, Sex::Male).is_empty());
    }

    #[test]
    fn pregnancy_is_a_situation_only_of_a_girl_under_fourteen() {
        assert_eq!(codes("怀孕了", 150, Sex::Female), ["girl_abused"]);
        assert!(codes("怀孕了", 200, Sex::Female).is_empty());
        assert!(codes("妈妈怀孕了", 150, Sex::Male).is_empty());
    }

    #[test]
    fn what_is_denied_does_not_alarm_and_a_denied_denial_does() {
        assert!(codes("没有自杀想法", 150, Sex::Male).is_empty());
        assert!(codes("没有明显自伤", 150, Sex::Male).is_empty());
        assert_eq!(codes("没有钱想死", 150, Sex::Male), ["suicide"]);
        assert_eq!(codes("不排除自杀可能", 150, Sex::Male), ["suicide"]);
        assert_eq!(codes("他说不想活了", 150, Sex::Male), ["suicide"]);
        assert_eq!(codes("He says he wants to die", 150, Sex::Male), ["suicide"]);
    }
}
