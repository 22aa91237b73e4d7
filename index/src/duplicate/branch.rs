//! Branches: which part of a body a name means, so that parts of one body are kept apart.

use super::{
    generic::{Class, Piece},
    numeral,
    region::Regions,
    whereabouts::Whereabouts,
};

/// A text without 第二, 第2分 and the like, and the number as a branch.
pub(super) fn without_ordinal(text: &[char]) -> (Vec<char>, Option<String>) {
    let found = text.iter().position(|c| *c == '第').and_then(|at| {
        let run = text[at + 1..].iter().take_while(|c| numeral::is_numeral(**c)).count();
        Some((at, at + 1 + run, numeral::value(&text[at + 1..at + 1 + run])?))
    });
    let Some((start, mut end, value)) = found else { return numbered(text) };
    if text.get(end) == Some(&'分') {
        end += 1;
    }
    ([&text[..start], &text[end..]].concat(), Some(value.to_string()))
}

/// A number before the last word: 春晖社工二部, 春晖社工2号店.
fn numbered(text: &[char]) -> (Vec<char>, Option<String>) {
    let Some((last, rest)) = text.split_last() else { return (Vec::new(), None) };
    if !"部店站点队园院".contains(*last) {
        return (text.to_vec(), None);
    }
    let rest = rest.strip_suffix(&['号']).unwrap_or(rest);
    let rest = rest.strip_suffix(&['分']).unwrap_or(rest);
    let run = rest.iter().rev().take_while(|c| numeral::is_numeral(**c)).count();
    let Some(value) = numeral::value(&rest[rest.len() - run..]).filter(|_| rest.len() > run + 1) else { return (text.to_vec(), None) };
    (rest[..rest.len() - run].to_vec(), Some(value.to_string()))
}

/// Cuts the branch off: what follows the form of the body, or stands before 分中心 and its like.
pub(super) fn cut(pieces: &mut Vec<Piece>, regions: &Regions) -> Option<String> {
    if pieces.last().is_some_and(|piece| piece.generic.is_some_and(|generic| generic.class == Class::Head)) {
        pieces.pop();
        return None;
    }
    let is = |piece: &Piece, class: Class| piece.generic.is_some_and(|generic| generic.class == class);
    let own = |piece: &Piece| piece.generic.is_none();
    let first = pieces.iter().position(own)?;
    let form = pieces.iter().position(|piece| is(piece, Class::Form)).filter(|form| *form > first);
    if let Some(form) = form {
        let tail = pieces[form + 1..].iter().any(|piece| own(piece) || is(piece, Class::Branch));
        if tail {
            return Some(words(&pieces.split_off(form + 1), regions));
        }
    }
    let last = pieces.len() - 1;
    let marked = is(&pieces[last], Class::Branch)
        || is(&pieces[last], Class::End)
        || pieces[last].generic.is_some_and(|last| last.means == "station");
    // 春晖社工江宁站: a word of its own after a generic one, and before the last.
    if marked && last >= 3 && own(&pieces[last - 1]) && !own(&pieces[last - 2]) && first < last - 1 {
        return Some(words(&pieces.split_off(last - 1), regions));
    }
    if !is(&pieces[last], Class::Branch) {
        return None;
    }
    // 春晖江宁分中心: the region at the end of the word before is the branch.
    pieces.pop();
    let before = pieces.last_mut().filter(|piece| piece.generic.is_none());
    let Some(before) = before else { return Some(String::new()) };
    let length = before.text.len();
    for start in 2..length.saturating_sub(1) {
        if regions.whole(&before.text[start..]).is_some() {
            let region: String = before.text.drain(start..).collect();
            return Some(region);
        }
    }
    Some(String::new())
}

/// The words that name a branch, without the word for a branch and the rank of its region.
pub(super) fn words(pieces: &[Piece], regions: &Regions) -> String {
    let ends = |piece: &&Piece| piece.generic.is_none_or(|generic| !matches!(generic.class, Class::Branch | Class::End | Class::Form));
    let words: Vec<char> = pieces.iter().filter(ends).flat_map(|piece| piece.text.iter().copied()).collect();
    let (words, number) = without_ordinal(&words);
    if let Some(number) = number {
        return number;
    }
    let mut place = Whereabouts::default();
    let start = regions.prefix(&words, &mut place);
    let words: String = words[start..].iter().collect();
    let short = ["街道", "社区", "镇", "区", "县", "市", "村", "路"].iter().find_map(|rank| words.strip_suffix(rank));
    short.filter(|short| short.chars().count() >= 2).unwrap_or(&words).to_owned()
}
