//! `search`, `match`.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::print;
use super::settings::Options;
use crate::error::Error;
use crate::{matching, search};

/// Options of `search`.
#[derive(Args)]
pub struct Search {
    /// Words, pinyin, initials, or a whole clause
    #[arg(required = true, num_args = 1..)]
    words: Vec<String>,
    /// Where: a division, zone or village by name or code, or longitude,latitude in WGS-84
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    near: Option<String>,
    /// How many
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

/// Searches at the workers' level.
pub async fn search(options: Options, asked: Search) -> anyhow::Result<()> {
    let app = options.reading().await?;
    let words = asked.words.join(" ");
    let found = search::search_text(&app, &words, asked.near.as_deref(), asked.limit, options.language);
    let found = found.await.map_err(|error| options.worded(error))?;
    if options.json { print::json(&found) } else { print::line(found.to_string()) }
}

/// Options of `match`.
#[derive(Args)]
pub struct Match {
    /// A case as JSON (docs/MATCHING.md); - is standard input
    #[arg(long, value_name = "FILE|-")]
    case: PathBuf,
    /// One case a line, one answer a line
    #[arg(long)]
    jsonl: bool,
}

/// Matches a case.
pub async fn match_case(options: Options, asked: Match) -> anyhow::Result<()> {
    let text = read(&asked.case)?;
    let app = options.reading().await?;
    print::line(matching::match_file(&app, &text, asked.jsonl, options.language).map_err(|error| options.worded(error))?.trim_end())
}

/// The text of a file, or of standard input.
pub fn read(path: &Path) -> anyhow::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    let bytes = fs::read(path).map_err(|source| Error::Io { what: format!("cannot read {}", path.display()), source })?;
    Ok(String::from_utf8(bytes).map_err(|_| Error::Store(format!("{} is not UTF-8; save it as UTF-8 and try again", path.display())))?)
}
