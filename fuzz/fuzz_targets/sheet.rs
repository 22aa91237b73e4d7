//! A list as a file of any kind: the first byte says what it lists, the rest is the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lianjie::exchange::sheet::{self, Kind};
use lianjie::locale::Locale;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let (_, app) = lianjie_fuzz::product();
    let kind = [Kind::Organizations, Kind::Services, Kind::Children][usize::from(first % 3)];
    if let Ok(report) = sheet::read(app, kind, "list.csv", bytes, Locale::Zh) {
        let _ = report.text(Locale::Zh);
    }
});
