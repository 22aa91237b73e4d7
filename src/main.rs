//! The program `lianjie`.

use std::process::ExitCode;

/// The system's allocator keeps what the start used; this one gives it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    lianjie::cli::main()
}
