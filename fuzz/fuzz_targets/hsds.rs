//! A package of HSDS as a zip or JSON: whatever is in it, no row is told of twice, and none that is not there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lianjie::exchange::hsds::import::{self, Options};
use lianjie::locale::Locale;

fuzz_target!(|bytes: &[u8]| {
    let (_, app) = lianjie_fuzz::product();
    let options = Options { source: "fuzz".into(), dry_run: true, ..Options::default() };
    if let Ok(report) = import::examine(app, bytes.to_vec(), &options) {
        let _ = report.text(Locale::Zh);
        for (table, counted) in &report.tables {
            assert!(counted.held_back + counted.not_kept <= counted.read, "{table}: a row is told of twice");
        }
    }
});
