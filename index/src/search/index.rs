//! The index on disk or in memory: opening, changing, and handing out what is committed.
//!
//! A commit carries the number of the last change in its payload, so the text index and the
//! position in the stream of changes can never disagree. Places change with every referral and
//! are kept beside it, in a list by slot.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard},
};

use serde::{Deserialize, Serialize};
use tantivy::{IndexBuilder, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError, directory::MmapDirectory};

use super::{
    Change, IndexError, Places, bodies,
    catalogue::{Catalogue, Slot},
    schema::{Fields, VERSION},
};
use crate::{
    code::{ServiceId, SiteId},
    entry::Entry,
    place::Gazetteer,
    vocabulary::Vocabulary,
};

/// Memory for documents being written; tantivy asks for fifteen megabytes at least.
const WRITER_BYTES: usize = 32 << 20;

/// The search index. Every method takes `&self`; one process writes at a time. A clone is the same index.
#[derive(Clone)]
pub struct Index {
    tantivy: tantivy::Index,
    reader: IndexReader,
    pub(super) fields: Fields,
    vocabulary: Arc<Vocabulary>,
    gazetteer: Arc<Gazetteer>,
    snapshot: Arc<RwLock<Arc<Snapshot>>>,
    posted: Arc<RwLock<Posted>>,
    pub(super) bodies: bodies::Posted,
    /// Held while changes are applied, so that they are applied one after another.
    writing: Arc<Mutex<()>>,
}

/// What is committed, seen as one.
pub(crate) struct Snapshot {
    pub(super) searcher: Searcher,
    pub(crate) catalogue: Catalogue,
    last_number: i64,
}

/// Places as posted.
#[derive(Default)]
pub(crate) struct Posted {
    by_site: HashMap<SiteId, Places>,
    by_slot: Vec<Option<Places>>,
}

impl Posted {
    /// The places of a slot.
    pub(crate) fn at(&self, slot: Slot) -> Option<Places> {
        self.by_slot.get(slot as usize).copied().flatten()
    }

    /// Lays the places by slot anew.
    fn follow(&mut self, catalogue: &Catalogue) {
        self.by_slot = vec![None; catalogue.slots()];
        for (site, places) in &self.by_site {
            if let Some(slot) = catalogue.slot(site) {
                self.by_slot[slot as usize] = Some(*places);
            }
        }
    }
}

/// What a commit says of itself.
#[derive(Serialize, Deserialize)]
struct Payload {
    version: u32,
    last_number: i64,
}

impl Index {
    /// Opens the index in a directory; makes an empty one where there is none.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] and [`IndexError::Version`]: move the directory aside and rebuild.
    pub fn open(directory: &Path, vocabulary: Arc<Vocabulary>, gazetteer: Arc<Gazetteer>) -> Result<Self, IndexError> {
        let damaged = |fault: &dyn std::fmt::Display| IndexError::Damaged { path: directory.display().to_string(), why: fault.to_string() };
        std::fs::create_dir_all(directory).map_err(|fault| IndexError::Failed(fault.to_string()))?;
        let opened = MmapDirectory::open(directory).map_err(|fault| damaged(&fault))?;
        let fields = Fields::new();
        let index = match builder(&fields).open_or_create(opened) {
            Ok(index) => index,
            Err(TantivyError::SchemaError(_)) => return Err(version_of("another schema")),
            Err(fault) => return Err(damaged(&fault)),
        };
        let broken = index.validate_checksum().map_err(|fault| damaged(&fault))?;
        if let Some(file) = broken.iter().min() {
            return Err(damaged(&format!("{} does not match its checksum", file.display())));
        }
        Self::over(index, fields, vocabulary, gazetteer).map_err(|fault| match fault {
            Fault::Version(found) => version_of(&found),
            Fault::Read(why) => damaged(&why),
        })
    }

    /// An empty index in memory.
    ///
    /// # Errors
    /// [`IndexError::Failed`] when memory fails.
    pub fn in_memory(vocabulary: Arc<Vocabulary>, gazetteer: Arc<Gazetteer>) -> Result<Self, IndexError> {
        let fields = Fields::new();
        let index = builder(&fields).create_in_ram()?;
        Self::over(index, fields, vocabulary, gazetteer).map_err(|fault| IndexError::Failed(fault.to_string()))
    }

    fn over(index: tantivy::Index, fields: Fields, vocabulary: Arc<Vocabulary>, gazetteer: Arc<Gazetteer>) -> Result<Self, Fault> {
        let last_number = committed(&index)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        let catalogue = read_catalogue(&searcher, &fields, &gazetteer)?;
        let mut posted = Posted::default();
        posted.follow(&catalogue);
        let snapshot = Arc::new(RwLock::new(Arc::new(Snapshot { searcher, catalogue, last_number })));
        let (posted, writing) = (Arc::new(RwLock::new(posted)), Arc::new(Mutex::new(())));
        let bodies = bodies::Posted::default();
        Ok(Self { tantivy: index, reader, fields, vocabulary, gazetteer, snapshot, posted, bodies, writing })
    }

    /// The same index, asked with other words: what is written through one is found through both. Nothing that is
    /// indexed depends on what words mean.
    #[must_use]
    pub fn reading(&self, vocabulary: Arc<Vocabulary>) -> Self {
        Self { vocabulary, ..self.clone() }
    }

    /// The number of the last change committed; 0 in an empty index.
    #[must_use]
    pub fn last_number(&self) -> i64 {
        self.snapshot().last_number
    }

    /// Applies changes and commits them together with the number of the last one. A service that
    /// changes twice is as the later change says.
    ///
    /// # Errors
    /// [`IndexError::Failed`]; nothing is then changed.
    pub fn apply(&self, changes: Vec<Change>, last_number: i64) -> Result<(), IndexError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let catalogue = self.snapshot().catalogue.clone();
        self.write(catalogue, changes, last_number, false)
    }

    /// Replaces everything by these entries.
    ///
    /// # Errors
    /// [`IndexError::Failed`]; nothing is then changed.
    pub fn rebuild(&self, entries: impl IntoIterator<Item = Entry>, last_number: i64) -> Result<(), IndexError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut by_service: HashMap<ServiceId, Vec<Entry>> = HashMap::new();
        for entry in entries {
            by_service.entry(entry.service.clone()).or_default().push(entry);
        }
        let changes = by_service.into_iter().map(|(service, entries)| Change { service, entries });
        let mut changes: Vec<Change> = changes.collect();
        changes.sort_by(|a, b| a.service.cmp(&b.service));
        self.write(Catalogue::default(), changes, last_number, true)
    }

    fn write(&self, mut catalogue: Catalogue, changes: Vec<Change>, last_number: i64, anew: bool) -> Result<(), IndexError> {
        let mut writer: IndexWriter = self.tantivy.writer_with_num_threads(1, WRITER_BYTES)?;
        if anew {
            writer.delete_all_documents()?;
        }
        for Change { service, entries } in changes {
            writer.delete_term(Fields::raw(self.fields.service, service.as_str()));
            for (slot, item) in catalogue.put(&service, entries, &self.gazetteer) {
                let json = serde_json::to_vec(&*item.entry).map_err(|fault| IndexError::Failed(fault.to_string()))?;
                writer.add_document(self.fields.document(&item.entry, &json, item.point, slot))?;
            }
        }
        let payload = serde_json::to_string(&Payload { version: VERSION, last_number });
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&payload.map_err(|fault| IndexError::Failed(fault.to_string()))?);
        commit.commit()?;
        writer.wait_merging_threads()?;
        self.publish(catalogue, last_number)
    }

    /// Makes what was committed visible, all at once.
    fn publish(&self, catalogue: Catalogue, last_number: i64) -> Result<(), IndexError> {
        self.reader.reload()?;
        let mut posted = self.posted.write().unwrap_or_else(PoisonError::into_inner);
        posted.follow(&catalogue);
        let next = Arc::new(Snapshot { searcher: self.reader.searcher(), catalogue, last_number });
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// Posts the places of a service at a location, at once and without a commit; `None` takes
    /// them away. They are not stored: after opening they are posted anew.
    pub fn set_places(&self, site: &SiteId, places: Option<Places>) {
        let slot = self.snapshot().catalogue.slot(site);
        let mut posted = self.posted.write().unwrap_or_else(PoisonError::into_inner);
        match places {
            Some(places) => posted.by_site.insert(site.clone(), places),
            None => posted.by_site.remove(site),
        };
        if let Some(place) = slot.and_then(|slot| posted.by_slot.get_mut(slot as usize)) {
            *place = places;
        }
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.snapshot().catalogue.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of a service at a location.
    #[must_use]
    pub fn entry(&self, site: &SiteId) -> Option<Arc<Entry>> {
        let snapshot = self.snapshot();
        let slot = snapshot.catalogue.slot(site)?;
        snapshot.catalogue.item(slot).map(|item| Arc::clone(&item.entry))
    }

    /// The entries of a service, one a location.
    #[must_use]
    pub fn entries_of(&self, service: &ServiceId) -> Vec<Arc<Entry>> {
        let snapshot = self.snapshot();
        snapshot.catalogue.of_service(service).map(|(_, item)| Arc::clone(&item.entry)).collect()
    }

    /// The words it reads with.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The places it knows.
    #[must_use]
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn posted(&self) -> RwLockReadGuard<'_, Posted> {
        self.posted.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn builder(fields: &Fields) -> IndexBuilder {
    IndexBuilder::new().schema(fields.schema.clone()).settings(Fields::settings()).tokenizers(Fields::tokenizers())
}

/// What can be wrong with an index that was found.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("version {0}")]
    Version(String),
    #[error("{0}")]
    Read(String),
}

impl From<TantivyError> for Fault {
    fn from(fault: TantivyError) -> Self {
        Self::Read(fault.to_string())
    }
}

fn version_of(found: &str) -> IndexError {
    IndexError::Version { found: found.to_owned(), wanted: VERSION }
}

/// The number in the payload of the last commit; 0 where nothing was committed yet.
fn committed(index: &tantivy::Index) -> Result<i64, Fault> {
    let meta = index.load_metas()?;
    let Some(payload) = meta.payload else {
        return if meta.segments.is_empty() { Ok(0) } else { Err(Fault::Version("none".to_owned())) };
    };
    let payload: Payload = serde_json::from_str(&payload).map_err(|_| Fault::Version(payload))?;
    if payload.version == VERSION { Ok(payload.last_number) } else { Err(Fault::Version(payload.version.to_string())) }
}

/// Fills a catalogue from the stored entries.
fn read_catalogue(searcher: &Searcher, fields: &Fields, gazetteer: &Gazetteer) -> Result<Catalogue, Fault> {
    let mut catalogue = Catalogue::default();
    for segment in searcher.segment_readers() {
        let slots = segment.fast_fields().u64("slot")?;
        let store = segment.get_store_reader(2).map_err(TantivyError::from)?;
        for doc in segment.doc_ids_alive() {
            let entry = fields.entry(&store.get(doc)?);
            let slot = slots.first(doc).and_then(|slot| Slot::try_from(slot).ok());
            let (entry, slot) = entry.zip(slot).ok_or_else(|| Fault::Read(format!("document {doc} holds no entry")))?;
            catalogue.place(entry, slot, gazetteer);
        }
    }
    Ok(catalogue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::province as fixture;

    fn open(directory: &Path) -> Result<Index, IndexError> {
        Index::open(directory, fixture::vocabulary(), fixture::gazetteer())
    }

    fn change(entry: Entry) -> Change {
        Change { service: entry.service.clone(), entries: vec![entry] }
    }

    #[test]
    fn an_index_opened_again_holds_its_entries_and_its_number() {
        let directory = tempfile::tempdir().unwrap();
        let index = open(directory.path()).unwrap();
        assert_eq!((index.last_number(), index.is_empty()), (0, true));
        index.apply(vec![change(fixture::entry("a")), change(fixture::entry("b"))], 7).unwrap();
        index.apply(vec![Change { service: "b".into(), entries: vec![] }], 8).unwrap();
        drop(index);

        let index = open(directory.path()).unwrap();
        assert_eq!((index.last_number(), index.len()), (8, 1));
        assert_eq!(*index.entry(&"site-a".into()).unwrap(), fixture::entry("a"));
        assert!(index.entry(&"site-b".into()).is_none());
    }

    #[test]
    fn a_damaged_index_says_so() {
        let directory = tempfile::tempdir().unwrap();
        open(directory.path()).unwrap().apply(vec![change(fixture::entry("a"))], 1).unwrap();
        let files = std::fs::read_dir(directory.path()).unwrap().map(|file| file.unwrap().path());
        let store = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "store")).unwrap();
        let mut bytes = std::fs::read(&store).unwrap();
        bytes[0] ^= 0xff;
        std::fs::write(&store, bytes).unwrap();
        assert!(matches!(open(directory.path()), Err(IndexError::Damaged { .. })));
    }

    #[test]
    fn an_index_that_is_no_index_says_so() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("meta.json"), "{").unwrap();
        assert!(matches!(open(directory.path()), Err(IndexError::Damaged { .. })));
    }

    #[test]
    fn places_are_posted_without_a_commit_and_stay_with_their_site() {
        let index = fixture::index([fixture::entry("a")]);
        let places = Places { capacity: 5, used: 2, held: 1, as_of: fixture::NOW };
        index.set_places(&"site-a".into(), Some(places));
        index.set_places(&"site-b".into(), Some(places));
        index.apply(vec![change(fixture::entry("b")), change(fixture::entry("a"))], 2).unwrap();
        for site in ["site-a", "site-b"] {
            let slot = index.snapshot().catalogue.slot(&site.into()).unwrap();
            assert_eq!(index.posted().at(slot).map(Places::free), Some(2));
        }
    }

    #[test]
    fn places_are_posted_to_an_index_just_opened() {
        let directory = tempfile::tempdir().unwrap();
        open(directory.path()).unwrap().apply(vec![change(fixture::entry("a"))], 1).unwrap();
        let index = open(directory.path()).unwrap();
        index.set_places(&"site-a".into(), Some(Places { capacity: 5, used: 2, held: 1, as_of: fixture::NOW }));
        let slot = index.snapshot().catalogue.slot(&"site-a".into()).unwrap();
        assert_eq!(index.posted().at(slot).map(Places::free), Some(2));
    }

    #[test]
    fn a_rebuild_leaves_nothing_of_before() {
        let index = fixture::index([fixture::entry("a")]);
        index.rebuild([fixture::entry("b")], 9).unwrap();
        assert_eq!((index.len(), index.last_number()), (1, 9));
    }
}
