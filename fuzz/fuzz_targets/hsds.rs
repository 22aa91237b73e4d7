//! A package of HSDS as a zip or JSON.
#![no_main]

use lianjie_fuzz::{product, thrown};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| thrown::hsds(&product().1, bytes));
