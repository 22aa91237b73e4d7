//! The envelope of a page, and the same rows as lines.

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::super::object::Object;
use crate::error::Result;

/// Rows of a page unless it is said.
const USUAL: usize = 50;
/// Most rows of a page.
const MOST: usize = 500;

/// Which page.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// Its number, from 1.
    pub page: usize,
    /// Rows of a page.
    pub per_page: usize,
}

impl Paging {
    /// A page as it was asked for; 0 is 1, and more than the most is the most.
    #[must_use]
    pub fn of(page: Option<u32>, per_page: Option<u32>) -> Self {
        let number = |asked: Option<u32>| asked.and_then(|number| usize::try_from(number).ok());
        Self { page: number(page).unwrap_or(1).max(1), per_page: number(per_page).unwrap_or(USUAL).clamp(1, MOST) }
    }

    /// The rows of this page.
    #[must_use]
    pub fn of_rows<'a, T>(&self, rows: &'a [T]) -> &'a [T] {
        let from = (self.page - 1).saturating_mul(self.per_page).min(rows.len());
        &rows[from..from.saturating_add(self.per_page).min(rows.len())]
    }

    /// The page around its rows.
    #[must_use]
    pub fn envelope(&self, total: usize, contents: Vec<Object>) -> Value {
        let pages = total.div_ceil(self.per_page).max(1);
        json!({
            "total_items": total,
            "total_pages": pages,
            "page_number": self.page,
            "size": contents.len(),
            "first_page": self.page == 1,
            "last_page": self.page >= pages,
            "empty": contents.is_empty(),
            "contents": contents.into_iter().map(Value::from).collect::<Vec<_>>(),
        })
    }
}

/// Lines that are written while they are read; the answer ends early where the reader goes away.
pub struct Lines(mpsc::Sender<Result<Bytes, std::io::Error>>);

impl Lines {
    /// An answer of lines, and where they are put.
    #[must_use]
    pub fn new() -> (Self, Response) {
        let (sender, receiver) = mpsc::channel(32);
        let lines = futures_util::stream::unfold(receiver, async |mut receiver: mpsc::Receiver<_>| {
            receiver.recv().await.map(|line| (line, receiver))
        });
        // Who compresses an answer asks once more after its end.
        let body = Body::from_stream(lines.fuse());
        (Self(sender), ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
    }

    /// Writes one; whether somebody still reads.
    pub async fn put(&self, object: Object) -> bool {
        let mut line = Value::from(object).to_string();
        line.push('\n');
        self.0.send(Ok(Bytes::from(line))).await.is_ok()
    }

    /// Breaks the answer off, so that the reader does not take a part for the whole.
    pub async fn break_off(&self) {
        // Who does not read any more needs no word of it.
        let _ = self.0.send(Err(std::io::Error::other("the directory could not be read to its end"))).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_behind_the_last_is_empty_and_says_so() {
        let rows = [1, 2, 3];
        let paging = Paging::of(Some(2), Some(2));
        assert_eq!(paging.of_rows(&rows), [3]);
        assert_eq!(Paging::of(Some(9), Some(2)).of_rows(&rows), [0; 0]);
        let page = Paging::of(Some(9), Some(2)).envelope(3, Vec::new());
        assert_eq!((page["empty"].as_bool(), page["last_page"].as_bool(), page["total_pages"].as_u64()), (Some(true), Some(true), Some(2)));
        assert_eq!(Paging::of(Some(u32::MAX), Some(u32::MAX)).of_rows(&rows), [0; 0]);
    }
}
