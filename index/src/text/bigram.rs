//! The tokenizer of the index: runs of Chinese characters become overlapping pairs, runs of
//! letters and digits become words, and a gap between runs keeps pairs from matching across them.
//! A Chinese run of one character is kept. Text is expected folded (see `fold`).

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The bigram tokenizer.
#[derive(Debug, Clone, Default)]
pub struct Bigrams;

/// What one character is to the tokenizer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Chinese,
    Word,
    Gap,
}

fn kind(c: char) -> Kind {
    match c {
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' => Kind::Chinese,
        c if c.is_alphanumeric() => Kind::Word,
        _ => Kind::Gap,
    }
}

/// Whether this is a Chinese character.
#[must_use]
pub fn is_chinese(c: char) -> bool {
    kind(c) == Kind::Chinese
}

/// The maximal runs of one kind, as byte ranges, gaps left out; with whether each is Chinese.
pub fn runs(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, bool)> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, first) = rest.next()?;
            let of = kind(first);
            let mut end = start + first.len_utf8();
            while let Some((at, next)) = rest.next_if(|(_, next)| kind(*next) == of) {
                end = at + next.len_utf8();
            }
            if of != Kind::Gap {
                return Some((start..end, of == Kind::Chinese));
            }
        }
    })
}

/// The tokens of a text, without their places.
#[must_use]
pub fn tokens(text: &str) -> Vec<String> {
    let mut stream = Bigrams.token_stream(text);
    let mut tokens = Vec::new();
    while let Some(token) = stream.next() {
        tokens.push(token.text.clone());
    }
    tokens
}

impl Tokenizer for Bigrams {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        let mut tokens = Vec::with_capacity(text.len() / 3 + 1);
        let mut position = 0;
        for (range, chinese) in runs(text) {
            if chinese {
                let ends: Vec<usize> = text[range.clone()].char_indices().map(|(at, c)| range.start + at + c.len_utf8()).collect();
                let mut start = range.start;
                for n in 0..ends.len().saturating_sub(1).max(1) {
                    let end = ends[(n + 1).min(ends.len() - 1)];
                    tokens.push(token(text, start, end, position));
                    position += 1;
                    start = ends[n];
                }
            } else {
                tokens.push(token(text, range.start, range.end, position));
                position += 1;
            }
            position += 1;
        }
        tokens.reverse();
        Stream { left: tokens, now: Token::default() }
    }
}

fn token(text: &str, offset_from: usize, offset_to: usize, position: usize) -> Token {
    // A "word" beyond tantivy's limit is no word anybody looks for.
    let text: String = text[offset_from..offset_to].chars().take(64).collect();
    Token { offset_from, offset_to, position, text, position_length: 1 }
}

/// The tokens of one text.
pub struct Stream {
    left: Vec<Token>,
    now: Token,
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        match self.left.pop() {
            Some(token) => {
                self.now = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.now
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_characters_becomes_pairs() {
        assert_eq!(tokens("厌学"), ["厌学"]);
        assert_eq!(tokens("心理咨询"), ["心理", "理咨", "咨询"]);
        assert_eq!(tokens("语 aba训练,4点"), ["语", "aba", "训练", "4", "点"]);
    }

    #[test]
    fn a_character_beyond_the_basic_plane_is_one_character() {
        assert_eq!(tokens("大𫭢镇"), ["大𫭢", "𫭢镇"]);
        assert_eq!(tokens("𫭢"), ["𫭢"]);
    }

    #[test]
    fn runs_are_kept_apart_by_a_position() {
        let mut stream = Bigrams.token_stream("厌学,厌食");
        let mut positions = Vec::new();
        while let Some(token) = stream.next() {
            positions.push(token.position);
        }
        assert_eq!(positions, [0, 2]);
    }
}
