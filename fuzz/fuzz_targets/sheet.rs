//! A list as a file of any kind.
#![no_main]

use lianjie_fuzz::{product, thrown};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| thrown::sheet(&product().1, bytes));
