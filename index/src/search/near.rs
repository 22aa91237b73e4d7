//! Narrowing a text query to a radius: the cells of the circle, and whatever serves the place or
//! comes to it wherever it stands. A superset; the filter judges exactly.

use tantivy::query::{BooleanQuery, Occur, Query as TextQuery, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::{
    Query,
    index::Index,
    schema::{CELL_DEGREES, Fields, cell, cell_term, reach, serving_terms},
};
use crate::place::Wgs84;

/// Most cells of one level that are worth asking for.
const MOST_CELLS: u32 = 150;

impl Index {
    /// The part of the country that a query with a radius is about; none without a radius, or where
    /// counts of other radii are wanted too.
    pub(super) fn around(&self, query: &Query) -> Option<BooleanQuery> {
        let radius_km = query.filters.within_km.filter(|_| !query.facets)?;
        let near = query.near.as_ref()?;
        let area = near.area.as_ref()?;
        let point = near.point.or_else(|| self.gazetteer().middle(area))?;
        let point = Wgs84::new(point.longitude, point.latitude)?;
        let cells = cells(point, radius_km)?;
        let members = self.gazetteer().members(area);
        let mut serving: Vec<String> = members.iter().flat_map(|member| serving_terms(&self.gazetteer().residence(member))).collect();
        serving.sort_unstable();
        serving.dedup();
        let cells = cells.into_iter().map(|text| Fields::raw(self.fields.cell, &text));
        let serving = serving.into_iter().map(|text| Fields::raw(self.fields.area, &text));
        let parts = cells
            .chain(serving)
            .map(|term| -> (Occur, Box<dyn TextQuery>) { (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::Basic))) });
        Some(BooleanQuery::new(parts.collect()))
    }
}

/// The cells around a circle, of the finest level that needs few of them.
fn cells(point: Wgs84, radius_km: f64) -> Option<Vec<String>> {
    let (north, east) = reach(point, radius_km);
    let corner = |by: f64| Wgs84::new(point.longitude + by * east, point.latitude + by * north);
    let (low, high) = (corner(-1.0)?, corner(1.0)?);
    let levels = CELL_DEGREES.into_iter().enumerate().find_map(|(level, edge)| {
        let ((bottom, left), (top, right)) = (cell(low, edge), cell(high, edge));
        let few = (top - bottom + 1).saturating_mul(right - left + 1) <= MOST_CELLS;
        few.then_some((level, bottom..=top, left..=right))
    });
    let (level, rows, columns) = levels?;
    let all = rows.flat_map(|row| columns.clone().map(move |column| cell_term(level, (row, column))));
    Some(all.collect())
}
