//! How long a directory of another county takes to come in: 5,000 services with 11,000 schedules, into an empty store; the same file
//! again, which changes nothing; and out again.
//!
//!     cargo bench --bench import
//!
//! `cargo bench --profile dev --bench import` measures the debug build. Seconds.

#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::sync::Arc;
use std::time::Instant;

use lianjie::access::Actor;
use lianjie::boot::{self, Indexed};
use lianjie::clock;
use lianjie::config::Settings;
use lianjie::exchange::hsds::import::{Options, import};
use lianjie::exchange::list::undo_batch;
use lianjie::store::Access;

use crate::package::Size;

#[path = "support/package.rs"]
mod package;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZE: Size = Size { organizations: 1_500, services: 5_000, schedules: 11_000 };

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let from = folder.path().join("package");
    std::fs::create_dir(&from).expect("the folder can be written");
    package::write(&from, SIZE);
    let config = Settings { data: Some(folder.path().join("store")), ..Settings::default() }.settle();
    let store = boot::create(&config).await.expect("the store can be made");
    boot::load_reference(&store, &clock::System, false).await.expect("the tables are loaded");
    store.close().await;
    let app = boot::open(config, Arc::new(clock::System), Access::Write, Indexed::Folder).await.expect("the store opens");
    let options = Options { source: "邻市名录".to_owned(), division: "320116".parse().ok(), ..Options::default() };
    println!("{SIZE:?}, {} build", if cfg!(debug_assertions) { "debug" } else { "release" });
    let mut batch = None;
    for what in ["comes in", "the same again"] {
        let started = Instant::now();
        let report = import(&app, &from, &options, |_, _| {}).await.expect("it comes in");
        let services = &report.tables["service"];
        println!(
            "{what:<20} {:>8.2} s  {} imported, {} unchanged, {} held back, {} alike",
            started.elapsed().as_secs_f64(),
            services.imported,
            services.unchanged,
            services.held_back,
            report.alike.len()
        );
        batch = batch.or(report.batch);
    }
    let Some(batch) = batch else { return };
    let started = Instant::now();
    let (gone, stayed) = undo_batch(&app, &Actor::system(), batch.as_str()).await.expect("it is undone");
    println!("{:<20} {:>8.2} s  {gone} gone, {stayed} stayed", "undone", started.elapsed().as_secs_f64());
}
