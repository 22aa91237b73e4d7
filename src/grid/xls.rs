//! Workbooks of Excel 97 to 2003 (BIFF8), record by record.
//!
//! The reader of `calamine` fills the rectangle between the outermost cells before anybody can say no; this one counts each cell
//! as it comes. Older ones than Excel 97 are not read.

use std::collections::BTreeMap;

use super::bounds::{Bounds, MOST_CELLS, MOST_SHEETS, long};
use super::compound::{self, double, long as u32_at, short};
use super::table::Table;
use super::{Cell, Grid, Rows, unreadable};
use crate::error::Result;

/// Days between the two beginnings of time that Excel knows.
const FROM_1904: f64 = 1_462.0;

/// Reads a workbook.
pub fn read(bytes: &[u8], bounds: &mut Bounds) -> Result<Vec<Grid>> {
    let stream = compound::stream(bytes, "Workbook").ok_or_else(unreadable)?;
    let book = Book::of(&stream, bounds)?;
    let mut grids = Vec::new();
    for (name, start) in book.sheets.iter().take(MOST_SHEETS) {
        let rows = book.sheet(stream.get(*start..).ok_or_else(unreadable)?, bounds)?;
        grids.push(Grid { name: name.clone(), rows });
    }
    Ok(grids)
}

/// Records: their kind and what they hold. One that is cut off ends them.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (short(self.0, 0)?, usize::from(short(self.0, 2)?));
        let held = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, held))
    }
}

/// What holds for all sheets.
#[derive(Default)]
struct Book {
    strings: Vec<String>,
    /// Names of the sheets of cells, with where they begin.
    sheets: Vec<(String, usize)>,
    /// Whether a cell of that format is a day.
    days: Vec<bool>,
    from_1904: bool,
}

impl Book {
    fn of(stream: &[u8], bounds: &mut Bounds) -> Result<Self> {
        let mut book = Self::default();
        let mut written: BTreeMap<u16, bool> = BTreeMap::new();
        let mut formats = Vec::new();
        let mut records = Records(stream).peekable();
        while let Some((kind, held)) = records.next() {
            bounds.step()?;
            match kind {
                // Another version, or one with a password.
                0x0809 if short(held, 0) != Some(0x0600) => return Err(unreadable()),
                0x002f => return Err(unreadable()),
                0x0022 => book.from_1904 = short(held, 0) == Some(1),
                0x041e => {
                    let (Some(index), Some(text)) = (short(held, 0), held.get(2..).and_then(whole)) else { continue };
                    written.insert(index, is_day(&text));
                }
                0x00e0 => formats.push(short(held, 2).unwrap_or_default()),
                0x0085 => {
                    let (Some(start), Some(0)) = (u32_at(held, 0), held.get(5)) else { continue };
                    let name =
                        held.get(6..).and_then(|rest| Pieces::of(rest.get(1..)?).text(usize::from(rest[0]))).ok_or_else(unreadable)?;
                    book.sheets.push((name.replace('\0', ""), usize::try_from(start).map_err(|_| unreadable())?));
                }
                0x00fc => {
                    let mut pieces = vec![held];
                    while let Some((_, more)) = records.next_if(|(kind, _)| *kind == 0x003c) {
                        pieces.push(more);
                    }
                    book.strings = shared(Pieces { held: pieces, piece: 0, at: 0 }, bounds)?;
                }
                0x000a => break,
                _ => {}
            }
        }
        let day = |format: &u16| written.get(format).copied().unwrap_or(matches!(format, 14..=22 | 27..=36 | 45 | 47 | 50..=58));
        book.days = formats.iter().map(day).collect();
        Ok(book)
    }

    fn sheet(&self, stream: &[u8], bounds: &mut Bounds) -> Result<Rows> {
        let mut table = Table::default();
        let mut depth = 0_usize;
        // Where the text of a formula belongs, which comes in a record of its own.
        let mut formula = (0, 0);
        for (kind, held) in Records(stream) {
            bounds.step()?;
            match kind {
                0x0809 => depth += 1,
                0x000a if depth <= 1 => break,
                0x000a => depth -= 1,
                // Charts within a sheet have cells of their own.
                _ if depth > 1 => {}
                0x0207 => table.put(bounds, formula.0, formula.1, Cell::text(&whole(held).ok_or_else(unreadable)?))?,
                0x00bd => self.several(held, &mut table, bounds)?,
                0x0203 | 0x027e | 0x00fd | 0x0204 | 0x00d6 | 0x0205 | 0x0006 => {
                    let at = place(held).ok_or_else(unreadable)?;
                    if kind == 0x0006 {
                        formula = at;
                    }
                    table.put(bounds, at.0, at.1, self.cell(kind, held).ok_or_else(unreadable)?)?;
                }
                _ => {}
            }
        }
        table.rows(bounds)
    }

    /// The cell of a record; none if it is cut off.
    fn cell(&self, kind: u16, held: &[u8]) -> Option<Cell> {
        let format = short(held, 4)?;
        Some(match kind {
            0x0203 => self.figure(format, double(held, 6)?),
            0x027e => self.figure(format, packed(u32_at(held, 6)?)),
            0x00fd => Cell::text(self.strings.get(usize::try_from(u32_at(held, 6)?).ok()?)?),
            0x0205 if held.get(7) == Some(&0) => Cell::truth(*held.get(6)? != 0),
            0x0205 => Cell::text(""),
            0x0006 => match held.get(6..14)? {
                [1, _, value, .., 0xff, 0xff] => Cell::truth(*value != 0),
                [.., 0xff, 0xff] => Cell::text(""),
                _ => self.figure(format, double(held, 6)?),
            },
            _ => Cell::text(&whole(held.get(6..)?)?),
        })
    }

    /// Figures of one row, side by side.
    fn several(&self, held: &[u8], table: &mut Table, bounds: &mut Bounds) -> Result<()> {
        let (row, first) = place(held).ok_or_else(unreadable)?;
        let figures = held.get(4..held.len().saturating_sub(2)).ok_or_else(unreadable)?.as_chunks::<6>().0;
        for (column, figure) in (first..).zip(figures) {
            let [low, high, rest @ ..] = figure;
            table.put(bounds, row, column, self.figure(u16::from_le_bytes([*low, *high]), packed(u32::from_le_bytes(*rest))))?;
        }
        Ok(())
    }

    fn figure(&self, format: u16, number: f64) -> Cell {
        if self.days.get(usize::from(format)).copied().unwrap_or(false) {
            Cell::days(if self.from_1904 { number + FROM_1904 } else { number })
        } else {
            Cell::number(number)
        }
    }
}

fn place(held: &[u8]) -> Option<(usize, usize)> {
    Some((usize::from(short(held, 0)?), usize::from(short(held, 2)?)))
}

/// A figure in four bytes: the upper half of one with a point, or a whole one, perhaps a hundred times too large.
fn packed(figure: u32) -> f64 {
    let number = if figure & 2 == 0 { f64::from_bits(u64::from(figure & !3) << 32) } else { f64::from(figure.cast_signed() >> 2) };
    if figure & 1 == 0 { number } else { number / 100.0 }
}

/// Whether a format writes a number as a day: it names a year, a day or an hour outside of quotes and brackets.
fn is_day(format: &str) -> bool {
    let (mut quoted, mut bracketed, mut skip) = (false, false, false);
    for letter in format.chars() {
        match letter {
            _ if std::mem::take(&mut skip) => {}
            '\\' | '_' | '*' => skip = true,
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            ';' if !quoted => return false,
            'y' | 'Y' | 'd' | 'D' | 'h' | 'H' | 'm' | 'M' | 's' | 'S' if !quoted && !bracketed => return true,
            _ => {}
        }
    }
    false
}

/// A text with its length in two bytes before it.
fn whole(held: &[u8]) -> Option<String> {
    Pieces::of(held.get(2..)?).text(usize::from(short(held, 0)?))
}

/// The texts that cells share.
fn shared(mut pieces: Pieces<'_>, bounds: &mut Bounds) -> Result<Vec<String>> {
    let mut strings = Vec::new();
    pieces.skip(8).ok_or_else(unreadable)?;
    while pieces.is_more() {
        bounds.step()?;
        if strings.len() >= MOST_CELLS {
            return Err(long());
        }
        strings.push(pieces.shared().ok_or_else(unreadable)?);
    }
    Ok(strings)
}

/// What a record holds, with the records that continue it.
struct Pieces<'a> {
    held: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Pieces<'a> {
    fn of(held: &'a [u8]) -> Self {
        Self { held: vec![held], piece: 0, at: 0 }
    }

    /// What is left of this piece; the next one where nothing is.
    fn rest(&mut self) -> &'a [u8] {
        while self.piece + 1 < self.held.len() && self.at >= self.held[self.piece].len() {
            (self.piece, self.at) = (self.piece + 1, 0);
        }
        self.held.get(self.piece).and_then(|piece| piece.get(self.at..)).unwrap_or_default()
    }

    fn is_more(&mut self) -> bool {
        !self.rest().is_empty()
    }

    fn skip(&mut self, mut length: usize) -> Option<()> {
        while length > 0 {
            let step = self.rest().len().min(length);
            if step == 0 {
                return None;
            }
            self.at += step;
            length -= step;
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.rest().first()?;
        self.at += 1;
        Some(byte)
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    /// A text of so many letters after the byte that says how wide they are.
    fn text(&mut self, letters: usize) -> Option<String> {
        let wide = self.byte()? & 1 != 0;
        self.letters(letters, wide)
    }

    /// A text with its forms and its readings, which are left away.
    fn shared(&mut self) -> Option<String> {
        let letters = usize::from(self.short()?);
        let flags = self.byte()?;
        let forms = if flags & 8 == 0 { 0 } else { usize::from(self.short()?) };
        let readings = if flags & 4 == 0 { 0 } else { usize::from(self.short()?) | usize::from(self.short()?) << 16 };
        let text = self.letters(letters, flags & 1 != 0)?;
        self.skip(forms * 4)?;
        self.skip(readings)?;
        Some(text)
    }

    /// Where a text goes on in another piece, it says anew how wide its letters are.
    fn letters(&mut self, mut left: usize, mut wide: bool) -> Option<String> {
        let mut units = Vec::new();
        while left > 0 {
            let before = self.piece;
            let mut rest = self.rest();
            if self.piece != before {
                wide = self.byte()? & 1 != 0;
                rest = self.rest();
            }
            let width = if wide { 2 } else { 1 };
            let here = (rest.len() / width).min(left);
            if here == 0 {
                return None;
            }
            let bytes = &rest[..here * width];
            if wide {
                units.extend(bytes.as_chunks::<2>().0.iter().map(|two| u16::from_le_bytes(*two)));
            } else {
                units.extend(bytes.iter().map(|byte| u16::from(*byte)));
            }
            self.at += here * width;
            left -= here;
        }
        Some(String::from_utf16_lossy(&units))
    }
}
