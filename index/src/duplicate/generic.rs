//! Generic words of organisation names: what kind of body it is, not which one.
//!
//! The table is `generic.csv`: the word, what it means, and its class. Words that mean the same
//! are one when two names are compared.

use std::{collections::HashMap, sync::LazyLock};

use super::word::Word;

/// What a generic word is in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// The legal form or kind of house: 有限公司, 服务中心.
    Form,
    /// The field of work: 心理咨询.
    Field,
    /// What many names have and few are told by: 服务, 儿童.
    Filler,
    /// A part of a body: 分中心, 校区.
    Branch,
    /// The seat of a body, as against its parts.
    Head,
    /// A last character that ends a form or a branch: 站, 点, 店.
    End,
}

/// A generic word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Generic {
    /// What it means; empty where it tells nothing.
    pub means: &'static str,
    /// What it is in a name.
    pub class: Class,
}

/// A piece of a name.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Its characters.
    pub text: Vec<char>,
    /// The generic word it is; none for a word of its own.
    pub generic: Option<Generic>,
}

/// The longest word of the table.
const LONGEST: usize = 10;

static WORDS: LazyLock<HashMap<&'static str, Generic>> = LazyLock::new(|| {
    let rows = include_str!("generic.csv").lines().skip(1);
    rows.filter_map(|row| {
        let mut cells = row.split(',');
        let (word, means, class) = (cells.next()?, cells.next()?, cells.next()?);
        let class = match class {
            "form" => Class::Form,
            "field" => Class::Field,
            "branch" => Class::Branch,
            "head" => Class::Head,
            "end" => Class::End,
            _ => Class::Filler,
        };
        Some((word, Generic { means, class }))
    })
    .collect()
});

/// Cuts a name into generic words, the longest first, and what is between them. A single last
/// character is generic only at the end of the name.
pub(super) fn pieces(name: &[char]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = 0;
    while at < name.len() {
        let found = (1..=LONGEST.min(name.len() - at)).rev().find_map(|length| {
            let text = &name[at..at + length];
            let generic = WORDS.get(text.iter().collect::<String>().as_str())?;
            (generic.class != Class::End || at + length == name.len()).then_some((length, *generic))
        });
        match (found, pieces.last_mut()) {
            (Some((length, generic)), _) => {
                pieces.push(Piece { text: name[at..at + length].to_vec(), generic: Some(generic) });
                at += length;
            }
            (None, Some(piece)) if piece.generic.is_none() => {
                piece.text.push(name[at]);
                at += 1;
            }
            (None, _) => {
                pieces.push(Piece { text: vec![name[at]], generic: None });
                at += 1;
            }
        }
    }
    pieces
}

/// The words for fields that a slip is looked for in: two characters are enough to be told by sound.
static FIELDS: LazyLock<Vec<(Word, Generic)>> = LazyLock::new(|| {
    let telling = |generic: &Generic| match generic.class {
        Class::Field => true,
        Class::Filler => matches!(generic.means, "community" | "charity" | "youth" | "family"),
        _ => false,
    };
    let fields = WORDS.iter().filter(|(word, generic)| telling(generic) && word.chars().count() >= 2);
    let mut fields: Vec<(Word, Generic)> = fields.map(|(word, generic)| (Word::new(word), *generic)).collect();
    fields.sort_by_key(|(word, _)| (std::cmp::Reverse(word.len()), word.text()));
    fields
});

/// A word of its own whose end is a field with a slip in it (心岸朱残, 心岸志者), cut in two; two
/// characters at least are left of it.
pub(super) fn mended(piece: Piece) -> Vec<Piece> {
    let length = piece.text.len();
    if piece.generic.is_some() || length < 4 {
        return vec![piece];
    }
    let found = (2..=(length - 2).min(LONGEST)).rev().find_map(|end| {
        let text = Word::new(&piece.text[length - end..].iter().collect::<String>());
        let lost = |field: &Word| end + 1 == field.len() && text.chars().first() == field.chars().first() && text.abbreviates(field);
        let field =
            FIELDS.iter().find(|(field, _)| text.taken_for(field) || text.len() == field.len() && text.distance(field) <= 5 || lost(field));
        field.map(|(_, generic)| (end, *generic))
    });
    let Some((end, generic)) = found else { return vec![piece] };
    let (own, field) = piece.text.split_at(length - end);
    vec![Piece { text: own.to_vec(), generic: None }, Piece { text: field.to_vec(), generic: Some(generic) }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_into_generic_words_and_its_own() {
        let name: Vec<char> = "春晖社会工作服务中心江宁站".chars().collect();
        let cut: Vec<(String, bool)> = pieces(&name).iter().map(|piece| (piece.text.iter().collect(), piece.generic.is_some())).collect();
        let wanted = [("春晖", false), ("社会工作", true), ("服务中心", true), ("江宁", false), ("站", true)];
        assert_eq!(cut, wanted.map(|(text, generic)| (text.to_owned(), generic)));
    }

    #[test]
    fn a_field_with_a_slip_is_a_field() {
        let cut = |text: &str| {
            mended(Piece { text: text.chars().collect(), generic: None })
                .iter()
                .map(|piece| piece.text.iter().collect())
                .collect::<Vec<String>>()
        };
        assert_eq!(cut("天使朱残"), ["天使", "朱残"]);
        assert_eq!(cut("心岸志者"), ["心岸", "志者"]);
        assert_eq!(cut("暖流益公"), ["暖流", "益公"]);
        assert_eq!(cut("大手牵小手"), ["大手牵小手"]);
        assert_eq!(cut("朱残"), ["朱残"]);
    }

    #[test]
    fn no_word_is_longer_than_what_is_looked_for() {
        assert!(WORDS.keys().all(|word| word.chars().count() <= LONGEST));
    }
}
