//! Candidates for a match: everything with one of the terms that stands near or may serve the
//! place. A superset of what is eligible; the gates of the matcher decide.
//!
//! Near: for each row of the grid that the circle crosses, a range of documents by binary search
//! in the sort column, then a seek in the posting list of the term; no other document is touched.
//! Serving: one posting list for each division above the place.

use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, TantivyError, Term, columnar::Column, schema::IndexRecordOption};

use super::{
    IndexError,
    catalogue::Slot,
    index::{Index, Snapshot},
    schema::{Fields, reach, row, row_key, serving_terms, unpack},
};
use crate::{place::Wgs84, rule::Residence};

/// Where candidates are looked for.
pub(crate) struct Around<'a> {
    pub(crate) point: Option<Wgs84>,
    pub(crate) residence: &'a Residence,
    pub(crate) radius_km: f64,
}

impl Index {
    /// The slots of entries with one of `terms` that stand within the radius, or whose areas are
    /// or may be around the place, or that come to the child. In order, each once.
    pub(crate) fn candidates(&self, snapshot: &Snapshot, terms: &[String], around: &Around<'_>) -> Result<Vec<Slot>, IndexError> {
        let mut slots = Vec::new();
        let serving = serving_terms(around.residence);
        for segment in snapshot.searcher.segment_readers() {
            let slot = segment.fast_fields().u64("slot")?;
            let mut take = |doc: DocId| slots.extend(slot.first(doc).and_then(|slot| Slot::try_from(slot).ok()));
            for term in terms {
                if let Some(point) = around.point {
                    self.near(segment, term, point, around.radius_km, &mut take)?;
                }
                for area in &serving {
                    listed(segment, &Fields::raw(self.fields.area, &format!("{term}{area}")), &mut take)?;
                }
            }
        }
        slots.sort_unstable();
        slots.dedup();
        Ok(slots)
    }

    /// The slots of all entries with one of `terms`, wherever they are: for a child of whom no place is known.
    pub(crate) fn everywhere(&self, snapshot: &Snapshot, terms: &[String]) -> Result<Vec<Slot>, IndexError> {
        let mut slots = Vec::new();
        for segment in snapshot.searcher.segment_readers() {
            let slot = segment.fast_fields().u64("slot")?;
            let mut take = |doc: DocId| slots.extend(slot.first(doc).and_then(|slot| Slot::try_from(slot).ok()));
            for term in terms {
                listed(segment, &Fields::raw(self.fields.term, term), &mut take)?;
            }
        }
        slots.sort_unstable();
        slots.dedup();
        Ok(slots)
    }

    fn near(
        &self,
        segment: &SegmentReader,
        term: &str,
        point: Wgs84,
        radius_km: f64,
        take: &mut impl FnMut(DocId),
    ) -> Result<(), IndexError> {
        let term = Fields::raw(self.fields.term, term);
        let inverted = segment.inverted_index(self.fields.term)?;
        let read = inverted.read_postings(&term, IndexRecordOption::Basic).map_err(TantivyError::from)?;
        let Some(mut postings) = read else { return Ok(()) };
        let keys = segment.fast_fields().u64("key")?;
        let locs = segment.fast_fields().u64("loc")?;
        let (north, east) = reach(point, radius_km);

        for row in row(point.latitude - north)..=row(point.latitude + north) {
            let from = lower_bound(&keys, row_key(row, (point.longitude - east).max(-180.0)), segment.max_doc());
            let to = lower_bound(&keys, row_key(row, (point.longitude + east).min(180.0)) + 1, segment.max_doc());
            let mut doc = postings.doc();
            if doc < from {
                doc = postings.seek(from);
            }
            while doc < to {
                let at = locs.first(doc).and_then(unpack);
                let within = at.is_some_and(|at| at.distance_km(point) <= radius_km);
                if within && !segment.is_deleted(doc) {
                    take(doc);
                }
                doc = postings.advance();
            }
            if doc == TERMINATED {
                break;
            }
        }
        Ok(())
    }
}

/// The documents of one posting list.
fn listed(segment: &SegmentReader, term: &Term, take: &mut impl FnMut(DocId)) -> Result<(), IndexError> {
    let inverted = segment.inverted_index(term.field())?;
    let read = inverted.read_postings(term, IndexRecordOption::Basic).map_err(TantivyError::from)?;
    let Some(mut postings) = read else { return Ok(()) };
    let mut doc = postings.doc();
    while doc != TERMINATED {
        if !segment.is_deleted(doc) {
            take(doc);
        }
        doc = postings.advance();
    }
    Ok(())
}

/// The first document whose key is at least `wanted`; documents are sorted by key.
fn lower_bound(keys: &Column<u64>, wanted: u64, documents: u32) -> DocId {
    let (mut from, mut to) = (0, documents);
    while from < to {
        let middle = from + (to - from) / 2;
        if keys.values.get_val(middle) < wanted {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Change, Entry, code::TermCode, province as fixture};

    /// Plain reading of what a candidate is.
    fn is_candidate(entry: &Entry, point: Option<Wgs84>, term: &TermCode, around: &Around<'_>) -> bool {
        let near = around.point.zip(point).is_some_and(|(a, b)| a.distance_km(b) <= around.radius_km);
        let may_serve = entry.areas.iter().any(|area| around.residence.lies_in(area) != crate::Verdict::No);
        let anywhere = entry.areas.is_empty() && point.is_none();
        entry.terms.iter().any(|own| term.covers(own)) && (near || may_serve || anywhere || entry.comes())
    }

    fn check(index: &Index) {
        let snapshot = index.snapshot();
        for (n, near) in fixture::places().iter().enumerate() {
            let residence = index.gazetteer().residence(near);
            let around = Around { point: index.gazetteer().seat(near), residence: &residence, radius_km: [5.0, 20.0, 60.0][n % 3] };
            for term in fixture::terms() {
                let found = index.candidates(&snapshot, &[term.to_string()], &around).unwrap();
                let plain = snapshot.catalogue.items().filter(|(_, item)| is_candidate(&item.entry, item.point, &term, &around));
                let plain: Vec<Slot> = plain.map(|(slot, _)| slot).collect();
                assert_eq!(found, plain, "{term} around {near}");
            }
        }
    }

    #[test]
    fn candidates_are_those_of_a_plain_scan() {
        check(&fixture::province(3_000));
    }

    #[test]
    fn everywhere_is_everything_with_the_term() {
        let index = fixture::province(600);
        let snapshot = index.snapshot();
        let found = index.everywhere(&snapshot, &["PSY-03".to_owned()]).unwrap();
        let plain = snapshot.catalogue.items().filter(|(_, item)| item.entry.terms.contains(&fixture::term("PSY-03")));
        assert_eq!(found, plain.map(|(slot, _)| slot).collect::<Vec<_>>());
    }

    #[test]
    fn changes_in_many_segments_lose_and_double_nothing() {
        let index = fixture::province(600);
        for batch in 0..6_u64 {
            let changes = (0..60).map(|n| {
                let number = batch * 97 + n * 7;
                // A third goes, a third is drawn anew under its old id, a third is new.
                let entry =
                    Entry { site: format!("site-{number}").into(), service: number.to_string().into(), ..fixture::draw(number + n % 2) };
                Change { service: entry.service.clone(), entries: if n % 3 == 0 { vec![] } else { vec![entry] } }
            });
            index.apply(changes.collect(), i64::try_from(batch).unwrap()).unwrap();
            check(&index);
        }
    }
}
