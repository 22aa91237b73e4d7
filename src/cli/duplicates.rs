//! `duplicates`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::directory::read;
use super::print;
use super::settings::Options;
use crate::duplicate::{self, Kind};

/// Options of `duplicates`.
#[derive(Args)]
pub struct Duplicates {
    /// A list of records, one JSON object a line (docs/DUPLICATES.md); the directory itself when absent. - is standard input
    #[arg(long, value_name = "FILE.jsonl|-", requires = "kind")]
    records: Option<PathBuf>,
    /// What the records are
    #[arg(long, value_enum, requires = "records")]
    kind: Option<Kind>,
}

/// A pair that is held to be the same.
#[derive(Serialize)]
struct Same<'a> {
    a: &'a str,
    b: &'a str,
    score: f64,
}

/// Says what is there twice: clusters of the directory with their evidence, or pairs of a list.
pub async fn duplicates(options: Options, asked: Duplicates) -> anyhow::Result<()> {
    let app = options.reading_store().await?;
    if let Some((records, kind)) = asked.records.as_ref().zip(asked.kind) {
        let divisions = app.divisions.get();
        for pair in duplicate::records(&divisions.regions, kind, &read(records)?)? {
            let same = Same { a: &pair.a, b: &pair.b, score: (pair.score * 10_000.0).round() / 10_000.0 };
            print::line(serde_json::to_string(&same)?)?;
        }
        return Ok(());
    }
    let clusters = duplicate::directory(&app, "").await?;
    if options.json {
        return print::json(&serde_json::json!({ "clusters": clusters }));
    }
    for cluster in &clusters {
        for member in &cluster.members {
            let whose = member.organization.as_deref().map(|name| format!(" · {name}")).unwrap_or_default();
            print::line(format!("{}  {}{whose}", member.id, member.name))?;
        }
        for pair in &cluster.pairs {
            let rows: Vec<String> = pair.evidence.iter().map(|row| format!("{} {} {:+}", row.comparison, row.level, row.points)).collect();
            print::line(format!("    {:.2}  {}", pair.score, rows.join(", ")))?;
        }
    }
    print::line(format!("{} clusters", clusters.len()))
}
