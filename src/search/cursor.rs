//! Where a page of hits ends, as one opaque word: the last hit, and how many came up to it.
//!
//! A page number counts from the first hit, so that what comes in or goes out meanwhile shows a hit twice or never; a cursor goes
//! on after the hit that was seen last.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lianjie_index::{Hits, SiteId};

/// The end of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The last hit.
    pub after: SiteId,
    /// How many hits came up to it: what counts where it is found no more.
    pub skipped: usize,
}

/// No directory has more entries.
const MOST_SKIPPED: usize = 10_000_000;

/// A word that is no cursor.
#[derive(Debug)]
pub struct NoCursor;

/// The end of the page of these hits; none where it is the last.
#[must_use]
pub fn after(hits: &Hits) -> Option<Cursor> {
    let last = hits.hits.last()?;
    let skipped = hits.before + hits.hits.len();
    (skipped < hits.total).then(|| Cursor { after: last.entry.site.clone(), skipped })
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(format!("{}|{}", self.skipped, self.after)))
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NoCursor)?;
        let text = String::from_utf8(bytes).map_err(|_| NoCursor)?;
        let (skipped, after) = text.split_once('|').ok_or(NoCursor)?;
        let skipped: usize = skipped.parse().map_err(|_| NoCursor)?;
        if skipped > MOST_SKIPPED { Err(NoCursor) } else { Ok(Self { after: after.into(), skipped }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_others_are_refused() {
        let cursor = Cursor { after: "019ac|x".into(), skipped: 40 };
        assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        for text in ["40", "?", "MTIz", &URL_SAFE_NO_PAD.encode("viele|x")] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
