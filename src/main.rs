//! The lianjie program.
fn main() {}
