//! `policy`.

use std::io;

use lianjie_index::policy::{LineFault, run};

/// Answers a simulator on standard input until it ends; the format is in `docs/MATCHING.md`.
pub fn policy() -> anyhow::Result<()> {
    match run(io::stdin().lock(), io::stdout().lock()) {
        // Whoever read has gone, as `head` does.
        Err(LineFault::Stream { fault, .. }) if fault.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}
