//! `import`, `export`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use lianjie_index::DivisionCode;
use rust_i18n::t;
use serde_json::json;

use super::print::{self, Bar};
use super::settings::Options;
use crate::access::Actor;
use crate::error::Error;
use crate::exchange::{hsds, list, sheet};

/// What is imported.
#[derive(Subcommand)]
pub enum Import {
    /// A list: xlsx, xls, ods or CSV, as people keep it; what is not understood is reported cell by cell
    Sheet(FromSheet),
    /// A directory in HSDS: a folder or zip of tables (1.1, 2.x, 3.x), or JSON (3.x)
    Hsds(FromHsds),
    /// Takes out again what a list or a directory brought in, within a day; what somebody has changed since stays
    Undo(Undo),
}

/// Options of `import undo`.
#[derive(Args)]
pub struct Undo {
    /// What `import sheet` or `import hsds` called the batch
    batch: String,
}

/// Options of `import hsds`.
#[derive(Args)]
pub struct FromHsds {
    /// A folder, a zip, or a JSON file
    file: PathBuf,
    /// Name of the source; the file's name without its ending when absent. A newer file of the same source is compared with it
    #[arg(long)]
    source: Option<String>,
    /// Where entries lie that do not say so: a division code; the province when absent
    #[arg(long, value_name = "CODE")]
    division: Option<String>,
    /// The entries count as verified: for a directory of this very program, or one that was checked
    #[arg(long)]
    vouched: bool,
    /// Only reports what would come in
    #[arg(long)]
    dry_run: bool,
}

/// Options of `import sheet`.
#[derive(Args)]
pub struct FromSheet {
    /// The file
    file: PathBuf,
    /// What it lists
    #[arg(long, value_enum)]
    kind: sheet::Kind,
    /// Only reports what would come in; of children it then shows what the cells hold
    #[arg(long)]
    dry_run: bool,
}

/// Imports; exit status 1 where something was held back, or stayed.
pub async fn import(options: Options, what: Import) -> anyhow::Result<ExitCode> {
    match what {
        Import::Sheet(asked) => from_sheet(options, asked).await,
        Import::Hsds(asked) => from_hsds(options, asked).await,
        Import::Undo(asked) => undo(options, asked).await,
    }
}

async fn from_sheet(options: Options, asked: FromSheet) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(&asked.file).map_err(|source| Error::Io { what: format!("cannot read {}", asked.file.display()), source })?;
    let name = asked.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let app = if asked.dry_run { options.reading_store().await? } else { options.writing().await? };
    let worded = |error| options.worded(error);
    let mut report = sheet::read(&app, asked.kind, &name, &bytes, options.language).map_err(worded)?;
    if asked.dry_run {
        let mut db = app.store.read().await?;
        sheet::alike(&app, &mut db, &Actor::system(), asked.kind, &mut report, options.language).await.map_err(worded)?;
    } else {
        report = sheet::take(&app, &Actor::system(), asked.kind, report, options.language).await.map_err(worded)?;
        if asked.kind == sheet::Kind::Children {
            report = report.without_content();
        }
    }
    if options.json {
        print::json(&report)?;
    } else {
        print::line(report.text(options.language))?;
    }
    Ok(if report.has_refused() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

async fn undo(options: Options, asked: Undo) -> anyhow::Result<ExitCode> {
    let app = options.writing().await?;
    let (gone, stayed) = list::undo_batch(&app, &Actor::system(), &asked.batch).await.map_err(|error| options.worded(error))?;
    if options.json {
        print::json(&json!({ "gone": gone, "stayed": stayed }))?;
    } else {
        print::line(&t!("exchange.sheet.undone", locale = options.language.tag(), gone = gone, stayed = stayed))?;
    }
    Ok(if stayed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

async fn from_hsds(options: Options, asked: FromHsds) -> anyhow::Result<ExitCode> {
    let stem = || asked.file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let app = options.writing().await?;
    let division = match asked.division.as_deref() {
        None => None,
        Some(code) => match code.parse::<DivisionCode>().ok().filter(|code| app.divisions.get().has(code)) {
            Some(code) => Some(code),
            None => return Err(options.worded(Error::invalid("division", "division"))),
        },
    };
    let how = hsds::import::Options {
        source: asked.source.clone().unwrap_or_else(stem),
        division,
        vouched: asked.vouched,
        dry_run: asked.dry_run,
    };
    let bar = Bar::new("entries");
    let report = hsds::import::import(&app, &asked.file, &how, |done, total| bar.show(done, total)).await?;
    bar.end();
    if options.json {
        print::json(&report)?;
    } else {
        print::line(report.text(options.language))?;
    }
    Ok(if report.held_back() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What is exported.
#[derive(Subcommand)]
pub enum Export {
    /// The public directory as HSDS 3.1: its tables with their descriptor, and the same nested as JSON
    Hsds(Hsds),
    /// An empty list to fill in, as xlsx with drop-down lists and a sheet that says how
    Template(Template),
}

/// Options of `export template`.
#[derive(Args)]
pub struct Template {
    /// What it will list
    #[arg(long, value_enum)]
    kind: sheet::Kind,
    /// A file
    #[arg(long, value_name = "FILE.xlsx")]
    to: PathBuf,
}

/// Options of `export hsds`.
#[derive(Args)]
pub struct Hsds {
    /// A folder, or a file that ends in .zip
    #[arg(long, value_name = "DIR|FILE.zip")]
    to: PathBuf,
}

/// Exports.
pub async fn export(options: Options, what: Export) -> anyhow::Result<()> {
    match what {
        Export::Hsds(asked) => to_hsds(options, asked).await,
        Export::Template(asked) => {
            let app = options.reading_store().await?;
            let bytes = sheet::template(&app, asked.kind).map_err(|error| options.worded(error))?;
            std::fs::write(&asked.to, bytes)
                .map_err(|source| Error::Io { what: format!("cannot write {}", asked.to.display()), source })?;
            print::line(asked.to.display().to_string())
        }
    }
}

async fn to_hsds(options: Options, asked: Hsds) -> anyhow::Result<()> {
    let app = options.reading_store().await?;
    let bar = Bar::new("organizations");
    let mut done = 0;
    let (files, counted) = hsds::package::package(&app, |more| {
        done += more;
        bar.show(done as u64, done as u64);
    })
    .await?;
    bar.end();
    hsds::package::write(&files, &asked.to)?;
    if options.json {
        return print::json(&counted);
    }
    print::line(format!(
        "{} organizations, {} services, {} rows in {}",
        counted.organizations,
        counted.services,
        counted.rows,
        asked.to.display()
    ))
}
