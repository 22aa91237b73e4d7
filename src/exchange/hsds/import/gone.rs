//! What a source said before and says no more: told in the report, and proposed to be closed; but where a file has fewer than half of
//! what was there it is plainly another part of the source, and that is all that is said.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Serialize;

use super::rows::Rows;
use super::store::{self as kept, Before};
use crate::access::Actor;
use crate::error::Result;
use crate::organization::suggestion::{self, GONE, Suggestion};
use crate::store::Tx;

/// An entry that a newer reading of its source no longer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gone {
    /// `organization` or `service`.
    pub table: String,
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is proposed now to be closed; it was before, or its organization is, where not.
    pub proposed: bool,
}

/// A table of which a file has fewer than half of what was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherPart {
    /// `organization` or `service`.
    pub table: String,
    /// How many entries of the source are in the directory.
    pub known: usize,
    /// How many of them the file has.
    pub found: usize,
}

/// Finds what is gone and proposes that it be closed. Asked before anything of the file is written.
pub async fn gone(tx: &mut Tx, rows: &Rows, source: &str, at: Timestamp) -> Result<(Vec<Gone>, Vec<OtherPart>)> {
    let (mut gone, mut parts) = (Vec::new(), Vec::new());
    let mut closing: HashSet<String> = HashSet::new();
    for (table, known) in [("organization", kept::organizations(tx, source).await?), ("service", kept::services(tx, source).await?)] {
        let here = rows.ids(table);
        let (found, missing): (Vec<Before>, Vec<Before>) = known.into_iter().partition(|one| here.contains(&one.id));
        if found.len() < missing.len() {
            let (known, found) = (found.len() + missing.len(), found.len());
            parts.push(OtherPart { table: table.to_owned(), known, found });
            continue;
        }
        for one in missing {
            // What is closed with its organization is not asked for by itself; what was asked since it was last there is not asked again.
            let asks = !closing.contains(&one.organization) && !suggestion::was_made(tx, &one.id, GONE, one.at).await?;
            if table == "organization" {
                closing.insert(one.id.clone());
            }
            if asks {
                let words = format!("“{source}”新的一版里没有这一条");
                suggestion::insert(tx, &Suggestion::new(&one.id, GONE, words, &Actor::system().id, at)).await?;
            }
            gone.push(Gone { table: table.to_owned(), id: one.id, name: one.name, proposed: asks });
        }
    }
    Ok((gone, parts))
}
