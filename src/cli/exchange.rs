//! `import`, `export`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use lianjie_index::DivisionCode;

use super::directory::read;
use super::print::{self, Bar};
use super::settings::Options;
use crate::error::Error;
use crate::exchange::{self, hsds};

/// What is imported.
#[derive(Subcommand)]
pub enum Import {
    /// Organizations from a CSV file; rows that do not read are reported and kept aside
    Organizations(Organizations),
    /// A directory in HSDS: a folder or zip of tables (1.1, 2.x, 3.x), or JSON (3.x)
    Hsds(FromHsds),
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

/// Options of `import organizations`.
#[derive(Args)]
pub struct Organizations {
    /// A CSV file with the columns name, kind, division, and perhaps address, phone, `code_uscc`, description
    file: PathBuf,
}

/// Imports; exit status 1 where something was held back.
pub async fn import(options: Options, what: Import) -> anyhow::Result<ExitCode> {
    match what {
        Import::Organizations(asked) => organizations(options, asked).await,
        Import::Hsds(asked) => from_hsds(options, asked).await,
    }
}

async fn organizations(options: Options, asked: Organizations) -> anyhow::Result<ExitCode> {
    let text = read(&asked.file)?;
    let app = options.writing().await?;
    let report = exchange::import_organizations(&app, &asked.file.display().to_string(), &text).await?;
    if options.json {
        print::json(&report)?;
    } else {
        print::line(report.text(options.language))?;
    }
    Ok(if report.held_back.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
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
}

/// Options of `export hsds`.
#[derive(Args)]
pub struct Hsds {
    /// A folder, or a file that ends in .zip
    #[arg(long, value_name = "DIR|FILE.zip")]
    to: PathBuf,
}

/// Exports what the public may see.
pub async fn export(options: Options, what: Export) -> anyhow::Result<()> {
    let Export::Hsds(asked) = what;
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
