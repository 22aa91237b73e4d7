//! The policy over lines of text: one message a line, one answer a line where one is due.

use std::io::{BufRead, Write};

use thiserror::Error;

use super::{Fault, Options, Policy, protocol::Message};

/// Why the conversation ends before its time.
#[derive(Debug, Error)]
pub enum LineFault {
    /// A line that is no message.
    #[error("line {line}: not a message: {fault}; a line is one JSON object with a \"type\" of init, week, rank or end")]
    Unread {
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        fault: serde_json::Error,
    },
    /// A message that cannot be answered.
    #[error("line {line}: {fault}")]
    Unanswered {
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        fault: Fault,
    },
    /// A stream that broke.
    #[error("line {line}: {fault}")]
    Stream {
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        fault: std::io::Error,
    },
}

/// Answers lines until `end` or the end of the input; empty lines are passed over. Each answer is
/// flushed, so that a simulator may wait for it.
///
/// # Errors
/// [`LineFault`], naming the line.
pub fn run(input: impl BufRead, mut output: impl Write) -> Result<(), LineFault> {
    let mut policy = Policy::new(Options::default());
    for (at, text) in input.lines().enumerate() {
        let line = at + 1;
        let stream = |fault| LineFault::Stream { line, fault };
        let text = text.map_err(stream)?;
        if text.trim().is_empty() {
            continue;
        }
        let message: Message = serde_json::from_str(&text).map_err(|fault| LineFault::Unread { line, fault })?;
        let last = message == Message::End;
        if let Some(reply) = policy.answer(message).map_err(|fault| LineFault::Unanswered { line, fault })? {
            let reply = serde_json::to_string(&reply).map_err(|fault| LineFault::Unread { line, fault })?;
            writeln!(output, "{reply}").and_then(|()| output.flush()).map_err(stream)?;
        }
        if last {
            break;
        }
    }
    Ok(())
}
