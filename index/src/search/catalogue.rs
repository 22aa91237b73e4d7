//! The entries in memory, each at a slot, with the facts that filters and the matcher read.
//!
//! A catalogue is never changed, only followed by the next one, so that a search in progress
//! sees one state. Entries are shared between them.

use std::{collections::HashMap, sync::Arc};

use super::{
    facets::{ValueId, Values},
    hits::Field,
    schema,
};
use crate::{
    code::{ServiceId, SiteId},
    entry::Entry,
    hash,
    place::{Gazetteer, Wgs84},
    text::pinyin::Readings,
};

/// A slot of the catalogue.
pub(crate) type Slot = u32;

/// An entry with what is derived from it.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) entry: Arc<Entry>,
    /// Where it is held to be.
    pub(crate) point: Option<Wgs84>,
    /// The values of filters it has, without those that depend on the query.
    pub(super) values: Box<[ValueId]>,
    /// Pinyin of its name, which names sort by.
    pub(super) sort_key: Box<str>,
    /// A hash of its id, for ties.
    pub(crate) hash: u64,
}

/// A name with the entries that bear it: an organisation's name is that of many.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) readings: Arc<Readings>,
    pub(super) bearers: Vec<(Slot, Field)>,
}

/// All entries.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalogue {
    slots: Vec<Option<Arc<Item>>>,
    by_service: HashMap<ServiceId, Vec<Slot>>,
    by_site: HashMap<SiteId, Slot>,
    names: HashMap<Box<str>, Name>,
    pub(super) values: Values,
}

impl Catalogue {
    /// Replaces the entries of a service; gives each entry with its slot. A site keeps its slot.
    pub(super) fn put(&mut self, service: &ServiceId, entries: Vec<Entry>, gazetteer: &Gazetteer) -> Vec<(Slot, Arc<Item>)> {
        let mut kept: HashMap<SiteId, Slot> = HashMap::new();
        for slot in self.by_service.remove(service).unwrap_or_default() {
            if let Some(item) = self.slots[slot as usize].take() {
                self.by_site.remove(&item.entry.site);
                self.forget_names(&item.entry, slot);
                kept.insert(item.entry.site.clone(), slot);
            }
        }
        let mut put = Vec::with_capacity(entries.len());
        for entry in entries {
            let slot = kept.get(&entry.site).copied().unwrap_or_else(|| self.next_slot());
            put.push((slot, self.place(entry, slot, gazetteer)));
        }
        put
    }

    /// Puts an entry at a slot it is known to have. A hidden point is forgotten here, so that nothing
    /// made from the index can give it away.
    pub(super) fn place(&mut self, mut entry: Entry, slot: Slot, gazetteer: &Gazetteer) -> Arc<Item> {
        if self.slots.len() <= slot as usize {
            self.slots.resize(slot as usize + 1, None);
        }
        self.by_service.entry(entry.service.clone()).or_default().push(slot);
        self.by_site.insert(entry.site.clone(), slot);
        for (field, name) in names_of(&entry) {
            let new = || Name { readings: Arc::new(Readings::of(name)), bearers: Vec::new() };
            self.names.entry(name.into()).or_insert_with(new).bearers.push((slot, field));
        }
        let point = schema::shown_point(&entry, gazetteer);
        entry.point = entry.point.filter(|_| !entry.point_hidden);
        let sort_key = self.names.get(entry.name.as_str()).map(|name| name.readings.likeliest());
        let item = Arc::new(Item {
            point,
            sort_key: sort_key.unwrap_or_default().into(),
            values: self.values.of(&entry, gazetteer),
            hash: hash::of_texts(&[entry.site.as_str()]),
            entry: Arc::new(entry),
        });
        self.slots[slot as usize] = Some(Arc::clone(&item));
        item
    }

    fn next_slot(&mut self) -> Slot {
        self.slots.push(None);
        Slot::try_from(self.slots.len() - 1).expect("a directory has fewer than four thousand million entries")
    }

    fn forget_names(&mut self, entry: &Entry, slot: Slot) {
        for (_, name) in names_of(entry) {
            if let Some(known) = self.names.get_mut(name) {
                known.bearers.retain(|(bearer, _)| *bearer != slot);
                if known.bearers.is_empty() {
                    self.names.remove(name);
                }
            }
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        self.names.values()
    }

    pub(crate) fn item(&self, slot: Slot) -> Option<&Arc<Item>> {
        self.slots.get(slot as usize)?.as_ref()
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = (Slot, &Arc<Item>)> {
        (0..).zip(&self.slots).filter_map(|(slot, item)| Some((slot, item.as_ref()?)))
    }

    pub(crate) fn of_service(&self, service: &ServiceId) -> impl Iterator<Item = (Slot, &Arc<Item>)> {
        let slots = self.by_service.get(service).into_iter().flatten();
        slots.filter_map(|slot| Some((*slot, self.item(*slot)?)))
    }

    pub(crate) fn slot(&self, site: &SiteId) -> Option<Slot> {
        self.by_site.get(site).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.by_site.len()
    }

    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }
}

/// The names of an entry: the service's, the organisation's, others.
fn names_of(entry: &Entry) -> impl Iterator<Item = (Field, &str)> {
    let fields = [Field::Name, Field::Organization, Field::AlternateName];
    fields.into_iter().flat_map(|field| schema::texts_of(entry, field).into_iter().map(move |text| (field, text)))
}
