//! What the commands print: text or JSON on standard output, faults and progress on standard error.

use std::io::{self, Write};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// Prints a line.
pub fn line(text: impl AsRef<str>) -> anyhow::Result<()> {
    match writeln!(io::stdout(), "{}", text.as_ref()) {
        // Whoever read has gone, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}

/// Prints a value as JSON.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(serde_json::to_string_pretty(value)?)
}

/// Prints a fault as one sentence with its causes; exit status 2.
pub fn fault(error: &anyhow::Error) -> ExitCode {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    let _ = writeln!(io::stderr(), "lianjie: {text}");
    ExitCode::from(2)
}

/// A progress bar on standard error; silent where nobody looks.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar with a name.
    pub fn new(name: &'static str) -> Self {
        let style = ProgressStyle::with_template("{msg:14} {wide_bar} {pos}/{len} {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(0).with_style(style);
        bar.set_message(name);
        Self(bar)
    }

    /// Shows how far it is.
    pub fn show(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }

    /// Names what is being done.
    pub fn name(&self, name: String) {
        self.0.set_message(name);
    }

    /// Ends it.
    pub fn end(self) {
        self.0.finish_and_clear();
    }
}
