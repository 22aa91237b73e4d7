//! A package of HSDS as a zip or JSON: whatever is in it, the report accounts for it.
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
            let told = counted.imported + counted.unchanged + counted.differing + counted.held_back + counted.not_kept;
            assert_eq!(told, counted.read, "{table}: every row is accounted for");
        }
    }
});
