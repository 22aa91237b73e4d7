//! `plan`, `allocate`: the engines of the matcher for other programs. They need no store and know no child.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use lianjie_index::allocation::{self, Instance, Rule};
use lianjie_index::plan::{self, Board, Guard, Line};

use super::directory::read;
use super::print;
use crate::error::Error;

/// A fault of what was handed in, as a sentence.
fn refused(fault: &impl std::fmt::Display) -> anyhow::Error {
    Error::Store(fault.to_string()).into()
}

/// Options of `plan`.
#[derive(Args)]
pub struct Plan {
    /// Instances as JSON, one a line (docs/MATCHING.md); - is standard input
    #[arg(default_value = "-", value_name = "FILE|-")]
    instances: PathBuf,
}

/// Plans each instance, and prints one line for each in the same order.
pub fn plan(asked: Plan) -> anyhow::Result<()> {
    let text = read(&asked.instances)?;
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let at = |fault: &dyn std::fmt::Display| refused(&format!("line {number}: {fault}"));
        let instance: plan::Instance = serde_json::from_str(line).map_err(|fault| at(&fault))?;
        let begun = Instant::now();
        let board = Board::new(&instance).map_err(|fault| at(&fault))?;
        let best = plan::best(&board, Guard::default());
        let ms = (begun.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        if !best.proved {
            writeln!(io::stderr(), "lianjie: line {number}: the search was ended by its guard; a better plan may exist")?;
        }
        print::line(serde_json::to_string(&Line { id: instance.id, choice: best.plan.choice, cost: best.plan.cost, ms })?)?;
    }
    Ok(())
}

/// Options of `allocate`.
#[derive(Args)]
pub struct Allocate {
    /// An instance as JSON (docs/MATCHING.md); - is standard input
    #[arg(default_value = "-", value_name = "FILE|-", conflicts_with = "binary")]
    instance: PathBuf,
    /// An instance in the binary form; the answer is then binary too
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Answers JSON to a binary instance
    #[arg(long)]
    list: bool,
    /// What is to be as large as it can be: the sum of utility, first the urgent served, or the worst-off place of life
    #[arg(long, default_value = "util", value_parser = ["util", "lex", "maxmin"])]
    objective: String,
    /// Every place of life has at least this share of what all of them could have: 0 to 1
    #[arg(long, value_name = "SHARE")]
    floor: Option<String>,
    /// Prints utility, bound and the price of each service on standard error
    #[arg(long)]
    certificate: bool,
}

/// Allocates places.
pub fn allocate(asked: Allocate, json: bool) -> anyhow::Result<()> {
    let instance = match &asked.binary {
        Some(path) => {
            let file = File::open(path).map_err(|source| Error::Io { what: format!("cannot read {}", path.display()), source })?;
            let length = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|file| file.len());
            Instance::from_binary(BufReader::new(file), length)
        }
        None => Instance::from_json(&bytes(&asked.instance)?),
    };
    let instance = instance.map_err(|fault| refused(&fault))?;
    let rule = Rule::parse(&asked.objective, asked.floor.as_deref()).map_err(|fault| refused(&fault))?;
    let found = allocation::allocate(&instance, &rule).map_err(|fault| refused(&fault))?;
    if asked.certificate {
        writeln!(io::stderr(), "{}", serde_json::to_string(&found.certificate)?)?;
    }
    let place = found.place.iter().map(|place| place.map_or(-1, i64::from));
    if asked.binary.is_some() && !json && !asked.list {
        let mut out = BufWriter::new(io::stdout().lock());
        for service in place {
            out.write_all(&i32::try_from(service).unwrap_or(-1).to_le_bytes())?;
        }
        return Ok(out.flush()?);
    }
    print::line(serde_json::to_string(&place.collect::<Vec<_>>())?)
}

/// What a file holds, or standard input.
fn bytes(path: &std::path::Path) -> anyhow::Result<Vec<u8>> {
    let mut found = Vec::new();
    if path == std::path::Path::new("-") {
        io::stdin().read_to_end(&mut found)?;
        return Ok(found);
    }
    Ok(std::fs::read(path).map_err(|source| Error::Io { what: format!("cannot read {}", path.display()), source })?)
}
