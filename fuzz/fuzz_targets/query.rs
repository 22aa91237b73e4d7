//! An address of the search page, and the words in it.
#![no_main]

use lianjie_fuzz::{product, thrown};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (runtime, app) = product();
    runtime.block_on(thrown::query(app, text));
});
