//! Stretches of text that hold the words asked for, with the characters to mark.

use super::{
    hits::{Field, Snippet},
    schema::texts_of,
};
use crate::{
    entry::Entry,
    text::Folded,
    vocabulary::{ReadNeed, Why},
};

/// Characters of a stretch around its first mark.
const LENGTH: usize = 60;
/// Characters before the first mark.
const BEFORE: usize = 16;

/// One snippet for each field that holds a phrase or the word of a need.
pub(super) fn of(entry: &Entry, phrases: &[String], needs: &[ReadNeed]) -> Vec<Snippet> {
    let of_needs = needs.iter().flat_map(|need| &need.why).map(|why| match why {
        Why::Word { text, .. } => crate::text::fold(text),
        Why::Rule { .. } => String::new(),
    });
    let mut words: Vec<String> = phrases.iter().cloned().chain(of_needs).filter(|word| !word.is_empty()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    let fields = [Field::Name, Field::Organization, Field::AlternateName, Field::Description];
    let texts = fields.into_iter().flat_map(|field| texts_of(entry, field).into_iter().map(move |text| (field, text)));
    texts.filter_map(|(field, text)| snippet(field, text, &words)).collect()
}

fn snippet(field: Field, text: &str, words: &[String]) -> Option<Snippet> {
    let folded = Folded::new(text);
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for word in words {
        for (at, _) in folded.text.match_indices(word.as_str()) {
            let (from, to) = folded.source(at, at + word.len());
            let apart = marks.iter().all(|(start, end)| to <= *start || *end <= from);
            if apart {
                marks.push((from, to));
            }
        }
    }
    marks.sort_unstable();
    let (first, _) = *marks.first()?;
    let start = if field == Field::Description { first.saturating_sub(BEFORE) } else { 0 };
    let stretch: Vec<char> = text.chars().skip(start).take(LENGTH).collect();
    let marks = marks.into_iter().filter(|(_, to)| *to <= start + stretch.len());
    let marks = marks.map(|(from, to)| (from - start, to - start)).collect();
    Some(Snippet { field, text: stretch.into_iter().collect(), marks })
}
