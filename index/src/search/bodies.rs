//! Bodies by name or kind: organisations, stations and their care points, whether they give a service or not.
//!
//! They are kept beside the index like places: posted anew after opening, one by one as they change, and never written
//! with it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use super::{hits::How, index::Index, names::Typed, places, query::Query};
use crate::{
    code::{Area, DivisionCode, OrganizationId},
    entry::Visibility,
    text::{fold, pinyin::Readings},
};

/// A body as it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Other names it is known by, and those of its places that anybody may know.
    pub other_names: Vec<String>,
    /// Code of its kind.
    pub kind: String,
    /// Names of its kind, in every language.
    pub kind_names: Vec<String>,
    /// Where it lies.
    pub division: DivisionCode,
    /// To whom it is there.
    pub visibility: Visibility,
}

/// A body with its names, ready to be compared.
#[derive(Debug)]
struct Kept {
    body: Arc<Body>,
    names: Vec<Readings>,
    kind: Arc<[Readings]>,
}

/// The bodies as posted.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    by_id: BTreeMap<OrganizationId, Kept>,
    /// How the names of kinds read; many bodies are of one kind.
    kinds: HashMap<Vec<String>, Arc<[Readings]>>,
}

impl Bodies {
    fn keep(&mut self, body: Body) {
        let names = std::iter::once(&body.name).chain(&body.other_names).map(|name| Readings::of(name)).collect();
        let kind = self.kinds.entry(body.kind_names.clone());
        let kind = Arc::clone(kind.or_insert_with(|| body.kind_names.iter().map(|name| Readings::of(name)).collect()));
        self.by_id.insert(body.id.clone(), Kept { body: Arc::new(body), names, kind });
    }
}

/// What is asked of the bodies.
struct Wanted {
    typed: Typed,
    /// Where they lie: in one of each; anywhere where empty.
    areas: Vec<Vec<Area>>,
    /// Whether the words are a need: then only what is called so, or begins so, is meant.
    need: bool,
}

/// How well a kind fits, at the best.
const KIND: u16 = 500;
/// What a name loses that is not the first.
const OTHER_NAME: u16 = 20;

impl Index {
    /// Replaces all bodies. They are not stored: after opening they are posted anew.
    pub fn post_bodies(&self, bodies: impl IntoIterator<Item = Body>) {
        let mut next = Bodies::default();
        bodies.into_iter().for_each(|body| next.keep(body));
        *self.bodies.write().unwrap_or_else(PoisonError::into_inner) = next;
    }

    /// Posts one body; `None` takes it away.
    pub fn set_body(&self, id: &OrganizationId, body: Option<Body>) {
        let mut bodies = self.bodies.write().unwrap_or_else(PoisonError::into_inner);
        bodies.by_id.remove(id);
        if let Some(body) = body {
            bodies.keep(body);
        }
    }

    /// The bodies whose name or kind the words name, of those that `sees` lets through, the likeliest first; of equals those near
    /// `home`. A place in the words says where they lie.
    pub fn bodies(&self, words: &str, home: Option<&DivisionCode>, limit: usize, sees: impl Fn(&Body) -> bool) -> Vec<Arc<Body>> {
        let wanted = self.wanted(words);
        let bodies = self.bodies.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<(u16, bool, &Arc<Body>)> = Vec::new();
        for kept in bodies.by_id.values().filter(|kept| sees(&kept.body)) {
            let best = wanted.iter().filter_map(|wanted| self.fits(kept, wanted)).max_by_key(|(score, _)| *score);
            found.extend(best.map(|(score, how)| (score, how == How::Fuzzy, &kept.body)));
        }
        // As with services: what looks alike is of no use beside what is written so.
        if found.iter().any(|(_, fuzzy, _)| !fuzzy) {
            found.retain(|(_, fuzzy, _)| !fuzzy);
        }
        let home = home.map_or("", DivisionCode::as_str);
        let far = |body: &Body| Reverse(body.division.as_str().bytes().zip(home.bytes()).take_while(|(a, b)| a == b).count());
        found.sort_by(|(score, _, body), (other_score, _, other)| {
            other_score
                .cmp(score)
                .then_with(|| far(body).cmp(&far(other)))
                .then_with(|| (&body.name, &body.id).cmp(&(&other.name, &other.id)))
        });
        found.into_iter().take(limit).map(|(_, _, body)| Arc::clone(body)).collect()
    }

    /// How well the bodies fit that are called so, for suggestions.
    pub(super) fn bodies_like(&self, typed: &Typed, mut take: impl FnMut(u16, &Body)) {
        let bodies = self.bodies.read().unwrap_or_else(PoisonError::into_inner);
        for kept in bodies.by_id.values() {
            if let Some((score, _)) = kept.names.iter().filter_map(|name| typed.fit(name)).max_by_key(|(score, _)| *score) {
                take(score, &kept.body);
            }
        }
    }

    /// The words as a whole, and without the places in them.
    fn wanted(&self, words: &str) -> Vec<Wanted> {
        let folded = fold(words);
        let query = Query::new(words, jiff::Timestamp::UNIX_EPOCH);
        let wanted = |text: &str, areas: Vec<Vec<Area>>| {
            let typed = Typed::new(&fold(text))?;
            let need = self.covered(text.trim(), &query).1;
            Some(Wanted { typed, areas, need })
        };
        let cuts = self.place_cuts(&self.snapshot(), &query);
        let rest = places::without(words, &cuts);
        let mut areas: Vec<Vec<Area>> = cuts.into_iter().map(|cut| cut.areas).collect();
        self.narrowed(&mut areas);
        let only_place = rest.trim().is_empty();
        // A place alone asks for no body: every second one is called after where it lies.
        let whole = if only_place { None } else { wanted(&folded, Vec::new()) };
        let inner = if areas.is_empty() || only_place { None } else { wanted(&rest, areas) };
        whole.into_iter().chain(inner).collect()
    }

    fn fits(&self, kept: &Kept, wanted: &Wanted) -> Option<(u16, How)> {
        let lies = |area: &Area| self.gazetteer().members(area).iter().any(|member| member.contains(&kept.body.division));
        if !wanted.areas.iter().all(|areas| areas.iter().any(lies)) {
            return None;
        }
        let meant = |how: &How| !wanted.need || matches!(how, How::Exact | How::Prefix);
        let names = kept.names.iter().enumerate().filter_map(|(at, name)| {
            let (score, how) = wanted.typed.fit(name).filter(|(_, how)| meant(how))?;
            Some((score - if at == 0 { 0 } else { OTHER_NAME }, how))
        });
        let kinds = kept.kind.iter().filter_map(|kind| {
            let (score, how) = wanted.typed.fit(kind)?;
            // A kind is named, or it is not: one wrong character, or a letter of it, names none.
            let named = matches!(how, How::Exact | How::Prefix) || how == How::Pinyin && score >= 880;
            (named && wanted.typed.letters() >= 2).then(|| (KIND - (1000 - score) / 4, How::Exact))
        });
        names.chain(kinds).max_by_key(|(score, _)| *score)
    }
}

/// The bodies of an index, shared by its clones.
pub(super) type Posted = Arc<RwLock<Bodies>>;
