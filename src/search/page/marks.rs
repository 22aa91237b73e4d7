//! Words that were found, marked where they stand.

use lianjie_index::search::{Field, Hit, Snippet};

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The characters.
    pub text: String,
    /// Whether they are what was looked for.
    pub marked: bool,
}

/// The name of a service.
pub fn name(hit: &Hit) -> Vec<Stretch> {
    let name = &hit.entry.name;
    // A name is told from its beginning, so the places of the marks are those of the whole.
    stretches(name, of(hit, Field::Name).map_or(&[][..], |snippet| snippet.marks.as_slice()))
}

/// The stretch of its description that holds the words; empty where none does.
pub fn description(hit: &Hit) -> Vec<Stretch> {
    let Some(snippet) = of(hit, Field::Description) else { return Vec::new() };
    let mut told = stretches(&snippet.text, &snippet.marks);
    let more = || Stretch { text: "…".to_owned(), marked: false };
    if !hit.entry.description.starts_with(&snippet.text) {
        told.insert(0, more());
    }
    if !hit.entry.description.ends_with(&snippet.text) {
        told.push(more());
    }
    told
}

fn of(hit: &Hit, field: Field) -> Option<&Snippet> {
    hit.snippets.iter().find(|snippet| snippet.field == field)
}

/// A text in pieces; `marks` are characters from and to, in order.
fn stretches(text: &str, marks: &[(usize, usize)]) -> Vec<Stretch> {
    let letters: Vec<char> = text.chars().collect();
    let mut pieces = Vec::new();
    let mut push = |from: usize, to: usize, marked: bool| {
        if let Some(piece) = letters.get(from..to.min(letters.len())).filter(|piece| !piece.is_empty()) {
            pieces.push(Stretch { text: piece.iter().collect(), marked });
        }
    };
    let mut at = 0;
    for (from, to) in marks.iter().copied().filter(|(from, to)| from < to) {
        push(at, from, false);
        push(from.max(at), to, true);
        at = to.max(at);
    }
    push(at, letters.len(), false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, marks: &[(usize, usize)]) -> String {
        stretches(text, marks).into_iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text }).collect()
    }

    #[test]
    fn a_text_falls_into_pieces_and_loses_nothing() {
        assert_eq!(written("四点半放学接送", &[(3, 5), (5, 7)]), "四点半[放学][接送]");
        assert_eq!(written("接送", &[(0, 2)]), "[接送]");
        assert_eq!(written("接送", &[]), "接送");
        assert_eq!(written("", &[(0, 2)]), "");
        assert_eq!(written("接送", &[(1, 9)]), "接[送]", "a mark that goes too far");
    }
}
