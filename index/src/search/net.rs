//! The last net: texts that hold most pairs of characters of a phrase, in whatever order. It is cast only where nothing
//! else found anything.

use tantivy::{
    Term,
    query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, Query as TextQuery, TermQuery},
    schema::IndexRecordOption,
};

use super::{
    IndexError, Query,
    evidence::{Evidence, Spoken},
    index::{Index, Snapshot},
    words::{HALF, Slots, share},
};
use crate::text::bigram;

/// Fewer pairs say nothing of what a text is about: of two, both would have to be there.
const FEWEST_PAIRS: usize = 3;
/// Pairs of one phrase that are looked for.
const MOST_PAIRS: usize = 40;
/// Of so many pairs ...
const OF: usize = 5;
/// ... so many must be there, as with clauses of everyday words.
const HELD: usize = 3;
/// The least and the most that is caught is worth, less than anything else.
const WORTH: (u16, u16) = (100, 150);

impl Index {
    /// The entries whose text holds most pairs of a phrase.
    pub(super) fn net(&self, snapshot: &Snapshot, phrase: &str) -> Result<Spoken, IndexError> {
        let mut found = vec![Evidence::default(); snapshot.catalogue.slots()];
        let mut pairs: Vec<String> =
            bigram::runs(phrase).filter(|(_, chinese)| *chinese).flat_map(|(range, _)| bigram::tokens(&phrase[range])).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs.truncate(MOST_PAIRS);
        if pairs.len() < FEWEST_PAIRS {
            return Ok(found);
        }
        let least = (pairs.len() * HELD).div_ceil(OF);
        let pairs = pairs.iter().map(|pair| (Occur::Should, self.somewhere(pair))).collect();
        let query = BooleanQuery::with_minimum_required_clauses(pairs, least);
        for (slot, score) in snapshot.searcher.search(&query, &Slots)? {
            found[slot as usize] = Evidence { text: true, score: WORTH.0 + share(score / (score + HALF), WORTH.1), ..Evidence::default() };
        }
        Ok(found)
    }

    /// A pair in any field.
    fn somewhere(&self, pair: &str) -> Box<dyn TextQuery> {
        let fields = self.fields.texts.iter().map(|(field, _, weight)| -> Box<dyn TextQuery> {
            let query = TermQuery::new(Term::from_field_text(*field, pair), IndexRecordOption::WithFreqs);
            Box::new(BoostQuery::new(Box::new(query), *weight))
        });
        Box::new(DisjunctionMaxQuery::new(fields.collect()))
    }
}

/// Whether something that speaks for the words is there for who asks.
pub(super) fn shows(snapshot: &Snapshot, found: &Spoken, query: &Query) -> bool {
    snapshot.catalogue.items().any(|(slot, item)| {
        found.get(slot as usize).is_some_and(|evidence| evidence.score > 0)
            && query.viewer.finds(item.entry.visibility, &item.entry.organization)
    })
}
