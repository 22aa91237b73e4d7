//! What reading a file may cost: time, parts, cells, text. What a file says of itself is not believed.

use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};

use super::unreadable;
use crate::error::{Error, Result};

/// Largest file.
pub const LARGEST: usize = 16 << 20;
/// Most parts of a workbook.
pub const MOST_PARTS: usize = 200;
/// Most bytes of a workbook, unpacked.
pub const LARGEST_UNPACKED: u64 = 64 << 20;
/// Most bytes of the part in which a workbook keeps its texts: the reader holds all of them at once.
const LARGEST_TEXTS: u64 = 32 << 20;
/// A part may be so many times larger than it is packed, if it is large at all.
const LARGEST_RATIO: u64 = 100;
/// Most bytes between two tags.
const LONGEST_STRETCH: usize = 1 << 20;
/// A part up to this size may be packed as it likes.
const SMALL: u64 = 1 << 20;
/// Says how many texts there are.
const COUNT: &[u8] = b"uniqueCount";
/// Most sheets.
pub const MOST_SHEETS: usize = 50;
/// Most rows of a sheet.
pub const MOST_ROWS: usize = 50_000;
/// Most columns.
pub const MOST_COLUMNS: usize = 200;
/// Most cells of a file, with the blank ones between them: half of what `security.md` allows, for the memory it names.
pub const MOST_CELLS: usize = 1_000_000;
/// Most bytes of text in the cells of a file: one long text may be told in many cells.
const MOST_TEXT: usize = 32 << 20;
/// Longest time for a file.
const LONGEST_TIME: Duration = Duration::from_secs(10);
/// The clock is looked at after so many steps.
const STEPS: u32 = 256;

/// What is left of what a file may cost.
#[derive(Debug)]
pub struct Bounds {
    end: Instant,
    cells: usize,
    text: usize,
    steps: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self::lasting(LONGEST_TIME)
    }
}

impl Bounds {
    /// Bounds that end after so long.
    #[must_use]
    pub fn lasting(time: Duration) -> Self {
        Self { end: Instant::now() + time, cells: MOST_CELLS, text: MOST_TEXT, steps: 0 }
    }

    /// One step of a loop.
    ///
    /// # Errors
    /// When the time is over.
    pub fn step(&mut self) -> Result<()> {
        self.steps = (self.steps + 1) % STEPS;
        if self.steps == 1 { self.in_time() } else { Ok(()) }
    }

    /// Looks at the clock.
    ///
    /// # Errors
    /// When the time is over.
    pub fn in_time(&self) -> Result<()> {
        if Instant::now() < self.end { Ok(()) } else { Err(Error::invalid("file", "sheet_slow")) }
    }

    /// So many cells more, with so many bytes of text.
    ///
    /// # Errors
    /// When there are too many.
    pub fn spend(&mut self, cells: usize, text: usize) -> Result<()> {
        match (self.cells.checked_sub(cells), self.text.checked_sub(text)) {
            (Some(cells), Some(text)) => {
                (self.cells, self.text) = (cells, text);
                Ok(())
            }
            _ => Err(long()),
        }
    }
}

/// There is too much of it.
pub fn long() -> Error {
    Error::invalid("file", "sheet_long")
}

fn large() -> Error {
    Error::invalid("file", "sheet_large")
}

/// Whether an archive may be opened: first its directory, before a reader makes a list of it, then what is declared, then what
/// comes out when it is unpacked to nowhere.
///
/// # Errors
/// An archive with too many parts, or that is too large or too tightly packed, is refused.
pub fn archive(bytes: &[u8], bounds: &Bounds) -> Result<()> {
    // Each entry of the directory has this mark; a part that holds one by chance is counted with them.
    let entries = bytes.windows(4).filter(|window| *window == b"PK\x01\x02").take(MOST_PARTS + 1).count();
    if entries > MOST_PARTS {
        return Err(large());
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let mut declared = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|_| unreadable())?;
        declared = declared.saturating_add(part.size());
        tight(part.size(), part.compressed_size())?;
    }
    if archive.len() > MOST_PARTS || declared > LARGEST_UNPACKED {
        return Err(large());
    }
    let mut left = LARGEST_UNPACKED;
    for index in 0..archive.len() {
        bounds.in_time()?;
        let part = archive.by_index(index).map_err(|_| unreadable())?;
        let packed = part.compressed_size();
        let xml = part.name().map_err(|_| unreadable())?.to_ascii_lowercase().ends_with(".xml");
        let read = if part.name().map_err(|_| unreadable())?.to_ascii_lowercase().contains("sharedstrings") {
            texts(part, left)?
        } else {
            let mut stretches = Stretches::default();
            let read = std::io::copy(&mut part.take(left + 1), &mut stretches).map_err(|_| unreadable())?;
            if xml && stretches.longest > LONGEST_STRETCH {
                return Err(large());
            }
            read
        };
        if read > left {
            return Err(large());
        }
        tight(read, packed)?;
        left -= read;
    }
    Ok(())
}

/// How far apart the tags of a part are: a reader holds what is between two of them at once.
#[derive(Debug, Default)]
struct Stretches {
    now: usize,
    longest: usize,
}

impl Write for Stretches {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for byte in bytes {
            self.now = if *byte == b'<' { 0 } else { self.now + 1 };
            self.longest = self.longest.max(self.now);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The part with the texts: how many there are is declared at its head, and the reader makes room for so many at once.
fn texts(part: impl Read, left: u64) -> Result<u64> {
    let most = left.min(LARGEST_TEXTS);
    let mut bytes = Vec::new();
    part.take(most + 1).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    if bytes.len() as u64 > most {
        return Err(large());
    }
    // In UTF-16 the count would not be seen below.
    if bytes.contains(&0) {
        return Err(unreadable());
    }
    let told = bytes.windows(COUNT.len()).enumerate().filter(|(_, window)| *window == COUNT).map(|(at, _)| &bytes[at + COUNT.len()..]);
    for rest in told {
        let digits = rest.iter().skip_while(|byte| matches!(byte, b'=' | b'"' | b'\'' | b'+' | b'0') || byte.is_ascii_whitespace());
        let digits: String = digits.take_while(|byte| byte.is_ascii_digit()).take(20).map(|byte| char::from(*byte)).collect();
        if !digits.is_empty() && digits.parse().map_or(true, |count: usize| count > MOST_CELLS) {
            return Err(long());
        }
    }
    Ok(bytes.len() as u64)
}

fn tight(unpacked: u64, packed: u64) -> Result<()> {
    if unpacked > SMALL && unpacked / LARGEST_RATIO > packed { Err(large()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_is_over_ends_the_reading() {
        let mut over = Bounds::lasting(Duration::ZERO);
        assert!(over.in_time().is_err() && over.step().is_err());
        let mut bounds = Bounds::default();
        assert!((0..1_000).all(|_| bounds.step().is_ok()));
    }

    #[test]
    fn cells_and_text_are_spent_once() {
        let mut bounds = Bounds::default();
        bounds.spend(MOST_CELLS, 0).unwrap();
        assert!(bounds.spend(1, 0).is_err() && bounds.spend(0, MOST_TEXT).is_ok() && bounds.spend(0, 1).is_err());
    }
}
