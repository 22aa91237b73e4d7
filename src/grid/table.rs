//! A sheet while its cells come in, in any order: two in opposite corners do not make a table of seventeen billion.

use super::bounds::{Bounds, MOST_COLUMNS, MOST_ROWS, long};
use super::{Cell, Rows};
use crate::error::Result;

/// The rows that were filled so far.
#[derive(Debug, Default)]
pub struct Table(Rows);

impl Table {
    /// Puts a cell in its place, counted from 0; a blank one is none.
    ///
    /// # Errors
    /// A table that grows too large is refused.
    pub fn put(&mut self, bounds: &mut Bounds, row: usize, column: usize, cell: Cell) -> Result<()> {
        if cell.text.is_empty() {
            return Ok(());
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(long());
        }
        // A row costs as much as a cell, and no more room is taken than cells are paid for.
        bounds.spend((row + 1).saturating_sub(self.0.len()), 0)?;
        while self.0.len() <= row {
            self.0.push((self.0.len() + 1, Vec::new()));
        }
        let cells = &mut self.0[row].1;
        bounds.spend((column + 1).saturating_sub(cells.len()), cell.text.len())?;
        widen(cells, column + 1);
        cells[column] = cell;
        Ok(())
    }

    /// The rows from the first that is filled, all of one width.
    ///
    /// # Errors
    /// A table that grows too large is refused.
    pub fn rows(self, bounds: &mut Bounds) -> Result<Rows> {
        let mut rows = self.0;
        let blank = rows.iter().take_while(|(_, cells)| cells.is_empty()).count();
        let mut rows = rows.split_off(blank);
        let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        for (_, cells) in &mut rows {
            bounds.spend(width - cells.len(), 0)?;
            widen(cells, width);
        }
        Ok(rows)
    }
}

/// Makes a row at least so wide.
fn widen(cells: &mut Vec<Cell>, width: usize) {
    if cells.len() < width {
        cells.reserve_exact(width - cells.len());
        cells.resize(width, Cell::text(""));
    }
}
