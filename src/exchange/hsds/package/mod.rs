//! The tabular form: a file for each table, and the descriptor that says what is in them.

mod descriptor;
mod flatten;

use std::io::{Cursor, Write};
use std::path::Path;

use serde_json::Value;
use zip::write::SimpleFileOptions;

use super::gather::{self, Names, Services};
use super::standard::TABLES;
use super::store;
use super::terms::{TAXONOMIES, taxonomy_object};
use crate::app::App;
use crate::error::{Error, Result};

pub use flatten::{Cell, Tables, neutral, neutralised};

/// A file of a package: its name, what is in it.
pub type File = (String, Vec<u8>);

/// How much was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counted {
    /// Organizations.
    pub organizations: usize,
    /// Services.
    pub services: usize,
    /// Rows of all tables.
    pub rows: usize,
}

/// The public directory as a package: its tables, `datapackage.json`, and the same nested as `organizations.json`.
pub async fn package(app: &App, mut progress: impl FnMut(usize)) -> Result<(Vec<File>, Counted)> {
    let names = Names::of(app);
    let mut tables = Tables::default();
    let mut whole: Vec<Value> = Vec::new();
    let mut counted = Counted::default();
    for taxonomy in TAXONOMIES {
        tables.add("taxonomy", taxonomy_object(taxonomy));
    }
    for term in names.terms().all() {
        tables.add("taxonomy_term", term.clone());
    }
    let mut last = String::new();
    loop {
        let mut db = app.store.read().await?;
        let some = store::organizations_after(&mut db, &last, 100).await?;
        let Some(newest) = some.last() else { break };
        newest.as_str().clone_into(&mut last);
        for id in &some {
            if let Some(organization) = gather::organization(&mut db, id, &names, Services::Full).await? {
                counted.organizations += 1;
                counted.services += organization.0.get("services").and_then(Value::as_array).map_or(0, Vec::len);
                tables.add("organization", organization.clone());
                whole.push(organization.into());
            }
            progress(1);
        }
    }
    counted.rows = tables.rows();
    let mut files = vec![("datapackage.json".to_owned(), pretty(&descriptor::descriptor()))];
    for table in TABLES {
        files.push((table.file.to_owned(), tables.csv(table)?));
    }
    let whole: Vec<String> = whole.iter().map(Value::to_string).collect();
    // A line each: it can be read with ordinary tools, and hundreds of megabytes are not spent on blanks.
    files.push(("organizations.json".to_owned(), format!("[\n{}\n]\n", whole.join(",\n")).into_bytes()));
    Ok((files, counted))
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

/// Writes a package into a folder, or into one file where the name ends in `.zip`.
pub fn write(files: &[File], to: &Path) -> Result<()> {
    let fault = |source| Error::Io { what: format!("cannot write {}", to.display()), source };
    if to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
        return std::fs::write(to, zipped(files)?).map_err(fault);
    }
    std::fs::create_dir_all(to).map_err(fault)?;
    for (name, bytes) in files {
        std::fs::write(to.join(name), bytes).map_err(fault)?;
    }
    Ok(())
}

/// The files as one; the same files make the same bytes.
fn zipped(files: &[File]) -> Result<Vec<u8>> {
    let fault = |error: &dyn std::fmt::Display| Error::Store(format!("the package could not be put together: {error}"));
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, bytes) in files {
        archive.start_file(name.as_str(), options).map_err(|error| fault(&error))?;
        archive.write_all(bytes).map_err(|error| fault(&error))?;
    }
    Ok(archive.finish().map_err(|error| fault(&error))?.into_inner())
}
