//! The command line: reads the words, opens the store, calls the folders' actions, prints.
//!
//! A fault is a sentence on standard error and exit status 2; nobody sees a stack trace.

mod choosing;
mod directory;
mod duplicates;
mod exchange;
mod people;
mod policy;
mod print;
mod serve;
mod settings;
mod upkeep;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use settings::Options;

/// 链接: finds help for a child, links the bodies that give it, and follows each referral until the need is met.
#[derive(Parser)]
#[command(name = "lianjie", version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts the demo province: makes the store at the first start, goes on with it afterwards
    Demo(serve::Demo),
    /// Serves a store
    Serve,
    /// Makes a store, or brings it to this version's schema, and loads what the field agrees on
    Migrate,
    /// Takes entries in from files; what does not read is reported and kept aside
    Import {
        #[command(subcommand)]
        what: exchange::Import,
    },
    /// Writes the public directory for others
    Export {
        #[command(subcommand)]
        what: exchange::Export,
    },
    /// Says what the directory, or a list, holds twice, with what speaks for it
    Duplicates(duplicates::Duplicates),
    /// Rebuilds the search index from the store
    Reindex,
    /// Searches the directory
    Search(directory::Search),
    /// Matches a case with the directory: needs, services with reasons, questions, what would have to change
    Match(directory::Match),
    /// Plans the needs of one child together: which service for each, and when, at the least cost (docs/MATCHING.md)
    Plan(choosing::Plan),
    /// Allocates places between children: exact, with a certificate (docs/MATCHING.md)
    Allocate(choosing::Allocate),
    /// Answers a simulator line by line: who is referred where, and what is asked
    Policy,
    /// Makes accounts, sets passwords, grants and ends roles
    User {
        #[command(subcommand)]
        deed: people::User,
    },
    /// Reads and verifies the log
    Audit {
        #[command(subcommand)]
        deed: people::Audit,
    },
    /// Looks at the installation and says what is missing; begins small: store, schema, key, index, time, disk
    Doctor(upkeep::Doctor),
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("LIANJIE_LOG").unwrap_or_else(|_| "lianjie=info,warn".into()))
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return print::fault(&anyhow::anyhow!("the runtime did not start: {error}")),
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => print::fault(&error),
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let options = cli.options;
    match cli.command {
        Command::Demo(demo) => serve::demo(options, demo).await?,
        Command::Serve => serve::serve(options).await?,
        Command::Migrate => upkeep::migrate(options).await?,
        Command::Import { what } => return exchange::import(options, what).await,
        Command::Export { what } => exchange::export(options, what).await?,
        Command::Duplicates(asked) => duplicates::duplicates(options, asked).await?,
        Command::Reindex => upkeep::reindex(options).await?,
        Command::Search(search) => directory::search(options, search).await?,
        Command::Match(case) => directory::match_case(options, case).await?,
        Command::Plan(asked) => choosing::plan(asked)?,
        Command::Allocate(asked) => choosing::allocate(asked, options.json)?,
        Command::Policy => policy::policy()?,
        Command::User { deed } => people::user(options, deed).await?,
        Command::Audit { deed } => return people::audit(options, deed).await,
        Command::Doctor(doctor) => return upkeep::doctor(options, doctor).await,
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_commands_fit_together() {
        super::Cli::command().debug_assert();
    }
}
