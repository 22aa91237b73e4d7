//! The program `lianjie`.

use std::process::ExitCode;

fn main() -> ExitCode {
    lianjie::cli::main()
}
