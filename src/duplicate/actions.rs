//! What is alike, in the directory and in lists.

use std::collections::{BTreeSet, HashMap};

use lianjie_index::duplicate::{Child, DOUBTFUL, Organization, Pair, Record, Regions, SUGGESTED, Service, clusters, pairs, settled};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::store;
use crate::app::App;
use crate::error::{Error, Result};

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Organizations.
    Org,
    /// Services.
    Service,
    /// Children.
    Child,
}

/// A record of a cluster, by what a person knows it by.
#[derive(Debug, Clone, Serialize)]
pub struct Member {
    /// Id of the entry.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whose it is; absent for organizations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
}

/// Entries that may all be one.
#[derive(Debug, Clone, Serialize)]
pub struct Cluster {
    /// `organization` or `service`.
    pub kind: &'static str,
    /// The entries.
    pub members: Vec<Member>,
    /// Each two of them with what speaks for it.
    pub pairs: Vec<Pair>,
}

/// The clusters of the directory below a division (everywhere, if it is empty), organizations before services. Pairs that a
/// person said are not the same are none.
pub async fn directory(app: &App, below: &str) -> Result<Vec<Cluster>> {
    let mut db = app.store.read().await?;
    let organizations = store::organizations(&mut db, below).await?;
    let services = store::services(&mut db, below).await?;
    let (bodies, offerings) = (store::distinct(&mut db, "organization").await?, store::distinct(&mut db, "service").await?);
    drop(db);
    let regions = std::sync::Arc::clone(&app.divisions.get().regions);
    let found = tokio::task::spawn_blocking(move || {
        let member = |record: &Organization| Member { id: record.id.clone(), name: record.name.clone(), organization: None };
        let mut found = clustered("organization", &organizations, &regions, &bodies, member);
        let member = |record: &Service| Member { id: record.id.clone(), name: record.name.clone(), organization: Some(record.org.clone()) };
        found.extend(clustered("service", &services, &regions, &offerings, member));
        found
    });
    found.await.map_err(|error| Error::Store(format!("duplicates were not looked for to the end: {error}")))
}

fn clustered<R: Record>(
    kind: &'static str,
    records: &[R],
    regions: &Regions,
    distinct: &BTreeSet<(String, String)>,
    member: impl Fn(&R) -> Member,
) -> Vec<Cluster> {
    let mut pairs = pairs(records, regions, SUGGESTED);
    pairs.retain(|pair| !distinct.contains(&(pair.a.clone(), pair.b.clone())));
    let by_id: HashMap<&str, &R> = records.iter().map(|record| (record.id(), record)).collect();
    let groups = clusters(&pairs);
    let cluster = |ids: Vec<String>| Cluster {
        kind,
        pairs: pairs.iter().filter(|pair| ids.contains(&pair.a) && ids.contains(&pair.b)).cloned().collect(),
        members: ids.iter().filter_map(|id| by_id.get(id.as_str())).map(|record| member(record)).collect(),
    };
    groups.into_iter().filter(|ids| ids.len() > 1).map(cluster).collect()
}

/// The pairs of a list that are held to be the same: one record a line, `docs/DUPLICATES.md` has the fields.
///
/// # Errors
/// A line that does not read is named with its number; of children nothing else is told.
pub fn records(regions: &Regions, kind: Kind, text: &str) -> Result<Vec<Pair>> {
    Ok(match kind {
        Kind::Org => same::<Organization>(text, regions)?,
        Kind::Service => same::<Service>(text, regions)?,
        Kind::Child => same::<Child>(text, regions)?,
    })
}

fn same<R: Record + DeserializeOwned>(text: &str, regions: &Regions) -> Result<Vec<Pair>> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let records: Result<Vec<R>> = lines
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|error| {
                Error::Store(format!("line {number} is no record: {} at column {}; one JSON object a line", what(&error), error.column()))
            })
        })
        .collect();
    Ok(settled(&pairs(&records?, regions, DOUBTFUL)))
}

/// What kind of fault it is, without the text it was found in.
fn what(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Data => "a field has another kind of value",
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Io | serde_json::error::Category::Syntax => "it is no JSON",
    }
}
