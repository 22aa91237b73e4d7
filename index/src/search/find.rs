//! The search itself: words give evidence, filters judge, the order is made, and the page of hits
//! is told why each is there.

use std::{cmp::Ordering, collections::BTreeMap, sync::Arc};

use super::{
    Cover, Dimension, Facets, Hit, Hits, IndexError, Places, Query, Reason, Relief, Sort,
    catalogue::Item,
    evidence::Evidence,
    facets::Counter,
    filter::{Judge, Standing},
    hits::{Field, How},
    index::{Index, Snapshot},
    names::Named,
    schema::texts_of,
    snippet,
    words::Asked,
};
use crate::{
    entry::{Entry, Mark, Shown},
    text::fold,
};

/// What is farther is not called near, in kilometres.
const NEAR_KM: f64 = 10.0;
/// What is farther and does not say whom it serves is not thought to serve the place, in kilometres.
const FAR_KM: f64 = 60.0;
/// Ways out of a search without hits that are told.
const MOST_RELIEF: usize = 6;
/// What an entry loses that is marked, and one that nobody ever confirmed.
const FADED: u16 = 60;

/// A hit before it is told about.
struct Found<'a> {
    item: &'a Item,
    evidence: Evidence,
    score: u16,
    standing: Standing,
    places: Option<Places>,
}

impl Index {
    /// Searches.
    ///
    /// # Errors
    /// [`IndexError::Failed`] when a file of the index cannot be read any more.
    pub fn search(&self, query: &Query) -> Result<Hits, IndexError> {
        let snapshot = self.snapshot();
        let asked = self.asked(&snapshot, query)?;
        let judge = Judge::new(query, self.gazetteer());
        let mut counter = query.facets.then(|| Counter::new(&snapshot.catalogue.values));
        let mut saved: BTreeMap<u16, usize> = BTreeMap::new();
        let found = self.sift(&snapshot, query, &asked, &judge, |found, failed| {
            if let Some(counter) = counter.as_mut().filter(|_| failed.count_ones() <= 1) {
                judge.count(counter, found.item, found.standing, found.places, failed);
            }
            if matches!(failed.count_ones(), 1 | 2) {
                *saved.entry(failed).or_default() += 1;
            }
        });

        let total = found.len();
        if total == 0 && query.filters.within_km.is_some() && !query.facets {
            // The text was looked for around the place only; what lies beyond is still to be said.
            return self.search(&Query { facets: true, ..query.clone() }).map(|hits| Hits { facets: Facets::new(), ..hits });
        }
        let before = skipped(&found, query);
        let hits = page(found, query, before).into_iter().map(|found| hit(found, &asked, query)).collect();
        let facets = counter.map(Counter::finish).unwrap_or_default();
        let relief = if total == 0 { relief(&saved) } else { Vec::new() };
        Ok(Hits { total, before, hits, needs: asked.needs, helping: asked.helping, places: asked.places, facets, relief })
    }

    /// All entries that are found, in order, without what is told about them: for whoever lists the directory.
    ///
    /// # Errors
    /// [`IndexError::Failed`] when a file of the index cannot be read any more.
    pub fn entries(&self, query: &Query) -> Result<Vec<Arc<Entry>>, IndexError> {
        let snapshot = self.snapshot();
        let asked = self.asked(&snapshot, query)?;
        let judge = Judge::new(query, self.gazetteer());
        let mut found = self.sift(&snapshot, query, &asked, &judge, |_, _| {});
        found.sort_unstable_by(|a, b| order(a, b, query.sort));
        Ok(found.into_iter().map(|found| Arc::clone(&found.item.entry)).collect())
    }

    /// The entries that words and filters let through; `see` is told of each that the words found, with the filters it fails.
    fn sift<'a>(
        &self,
        snapshot: &'a Snapshot,
        query: &Query,
        asked: &Asked,
        judge: &Judge<'_>,
        mut see: impl FnMut(&Found<'a>, u16),
    ) -> Vec<Found<'a>> {
        let posted = self.posted();
        let mut all = Vec::new();
        for (slot, item) in snapshot.catalogue.items() {
            let evidence = asked.evidence.as_ref().map(|all| all[slot as usize]);
            if evidence.is_some_and(|evidence| evidence.score == 0) {
                continue;
            }
            if !query.viewer.finds(item.entry.visibility, &item.entry.organization) {
                continue;
            }
            let evidence = evidence.unwrap_or_default();
            let places = posted.at(slot);
            let standing = judge.standing(item);
            let failed = judge.failed(item, standing, places);
            let found = Found { item, evidence, score: score(item, evidence, standing, fading(item, places, query)), standing, places };
            see(&found, failed);
            if failed == 0 {
                all.push(found);
            }
        }
        all
    }
}

/// What stands in the way, by the filters that failed: one alone, else two together.
fn relief(saved: &BTreeMap<u16, usize>) -> Vec<Relief> {
    let of = |many: u32| -> Vec<Relief> {
        let way = |(failed, total): (&u16, &usize)| {
            let mut kinds = Dimension::ALL.into_iter().filter(|kind| kind.bit() & *failed != 0);
            kinds.next().map(|filter| Relief { filter, also: kinds.next(), total: *total })
        };
        saved.iter().filter(|(failed, _)| failed.count_ones() == many).filter_map(way).collect()
    };
    let alone = of(1);
    let mut relief = if alone.is_empty() { of(2) } else { alone };
    relief.sort_by_key(|relief| (std::cmp::Reverse(relief.total), relief.filter, relief.also));
    relief.truncate(MOST_RELIEF);
    relief
}

/// How many hits come before the page: all up to the one after which to go on, so that none comes twice or is missed when the list
/// has changed in between.
fn skipped(found: &[Found<'_>], query: &Query) -> usize {
    let last = query.after.as_ref().and_then(|site| found.iter().find(|found| found.item.entry.site == *site));
    // One that is gone has left its place to the next.
    let offset = query.offset - usize::from(query.after.is_some() && query.offset > 0);
    last.map_or(offset, |last| found.iter().filter(|one| order(one, last, query.sort).is_le()).count())
}

/// The asked-for page, in order. Only as much as is shown is put in full order.
fn page<'a>(mut found: Vec<Found<'a>>, query: &Query, before: usize) -> Vec<Found<'a>> {
    let end = before.saturating_add(query.limit).min(found.len());
    if before >= end {
        return Vec::new();
    }
    let order = |a: &Found, b: &Found| order(a, b, query.sort);
    if end < found.len() {
        found.select_nth_unstable_by(end - 1, order);
        found.truncate(end);
    }
    found.sort_unstable_by(order);
    found.truncate(end);
    found.split_off(before)
}

fn order(a: &Found<'_>, b: &Found<'_>, sort: Sort) -> Ordering {
    let first = match sort {
        Sort::Fit => by_fit(a, b),
        Sort::Distance => by_distance(a, b),
        Sort::Freshness => b.item.entry.assured_at.cmp(&a.item.entry.assured_at),
        Sort::Wait => {
            let wait = |found: &Found| found.item.entry.wait_days.unwrap_or(u16::MAX);
            wait(a).cmp(&wait(b))
        }
        Sort::Name => a.item.sort_key.cmp(&b.item.sort_key),
    };
    first.then_with(|| a.item.hash.cmp(&b.item.hash))
}

/// A name asked for comes first, and what nobody can be referred to last; then area before distance; then fit, then distance.
fn by_fit(a: &Found<'_>, b: &Found<'_>) -> Ordering {
    is_called(b)
        .cmp(&is_called(a))
        .then_with(|| is_closed(a).cmp(&is_closed(b)))
        .then_with(|| cover(a).cmp(&cover(b)))
        .then_with(|| b.score.cmp(&a.score))
        .then_with(|| by_distance(a, b))
}

/// Whether it was asked for by name. A service that is not given here must be called by its whole name: others are called alike.
fn is_called(found: &Found<'_>) -> bool {
    let body = |named: &Named| named.field != Field::Name || named.how == How::Exact;
    found.evidence.called && (found.standing.cover != Cover::Elsewhere || found.evidence.named.as_ref().is_some_and(body))
}

/// Whether nobody can be referred there now.
fn is_closed(found: &Found<'_>) -> bool {
    use Mark::{DoNotRefer, Inactive, LicenceLapsed, ProgramOver};
    matches!(found.item.entry.visibility.search, Shown::Marked(DoNotRefer | Inactive | LicenceLapsed | ProgramOver))
}

/// Whether it serves the place, as far as the order goes: what is far away and says nothing is not thought to.
fn cover(found: &Found<'_>) -> Cover {
    let far = found.standing.distance_km.is_some_and(|km| km > FAR_KM);
    if found.standing.cover == Cover::Unknown && far { Cover::Elsewhere } else { found.standing.cover }
}

fn by_distance(a: &Found<'_>, b: &Found<'_>) -> Ordering {
    let distance = |found: &Found| found.standing.distance_km.unwrap_or(f64::INFINITY);
    distance(a).total_cmp(&distance(b))
}

/// What time has worn off: each kind of fact fades when its own period is over, and one that was never confirmed like the oldest.
fn fading(item: &Item, places: Option<Places>, query: &Query) -> u16 {
    let periods = query.periods;
    let age = item.entry.age_days(query.now).unwrap_or(i64::MAX);
    let posted = places.map_or(0, |places| places.age_days(query.now));
    let kinds = [age > periods.existence, age > periods.hours, posted > periods.places];
    kinds.into_iter().map(|over| FADED / 4 * u16::from(over)).sum()
}

/// Evidence, less the way to it and what has faded.
fn score(item: &Item, evidence: Evidence, standing: Standing, faded: u16) -> u16 {
    let marked = matches!(item.entry.visibility.search, Shown::Marked(_));
    let faded = FADED * u16::from(marked) + faded;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=150")]
    let way = standing.distance_km.unwrap_or(0.0).clamp(0.0, 150.0) as u16;
    evidence.score.saturating_sub(faded + way)
}

fn hit(found: Found<'_>, asked: &Asked, query: &Query) -> Hit {
    let entry = Arc::clone(&found.item.entry);
    Hit {
        score: found.score,
        cover: found.standing.cover,
        distance_km: found.standing.distance_km,
        places: found.places,
        mark: mark(entry.visibility.search),
        age_days: entry.age_days(query.now),
        reasons: reasons(&found, asked, query),
        snippets: snippet::of(&entry, &asked.phrases, &asked.needs),
        entry,
    }
}

fn mark(shown: Shown) -> Option<Mark> {
    match shown {
        Shown::Marked(mark) => Some(mark),
        Shown::Yes | Shown::None => None,
    }
}

fn reasons(found: &Found<'_>, asked: &Asked, query: &Query) -> Vec<Reason> {
    let entry = &found.item.entry;
    let mut reasons = Vec::new();
    if let Some(named) = found.evidence.named {
        reasons.push(Reason::Alike { field: named.field, how: named.how });
    }
    if found.evidence.text {
        for field in [Field::Name, Field::Organization, Field::AlternateName, Field::Description] {
            let texts: Vec<String> = texts_of(entry, field).into_iter().map(fold).collect();
            let held = |phrase: &&String| texts.iter().any(|text| text.contains(phrase.as_str()));
            let words: Vec<String> = asked.phrases.iter().filter(held).cloned().collect();
            if !words.is_empty() {
                reasons.push(Reason::Words { field, words });
            }
        }
    }
    let need = found.evidence.need.and_then(|need| asked.needs.get(usize::from(need)));
    let term = need.and_then(|need| entry.terms.iter().find(|term| need.term.covers(term)));
    if let Some((need, term)) = need.zip(term) {
        reasons.push(Reason::Need { need: need.term.clone(), term: term.clone() });
    }
    if found.standing.cover == Cover::Serves {
        reasons.push(Reason::Serves);
    }
    if entry.comes() && found.standing.cover != Cover::Elsewhere {
        reasons.push(Reason::Comes);
    }
    // What stands near but is not given to this place would only mislead.
    let near = found.standing.distance_km.filter(|km| *km <= NEAR_KM && found.standing.cover != Cover::Elsewhere);
    reasons.extend(near.map(|km| Reason::Near { km }));
    let free = found.places.filter(|places| places.has_one(query.now, query.periods.places));
    reasons.extend(free.map(|places| Reason::Places { free: places.free(), as_of: places.as_of }));
    reasons
}
