//! Which rows look like entries that are there: told in the report of the command line and nothing more. On a page a person decides.

use rust_i18n::t;
use serde::Serialize;

use super::fields::Kind;
use super::prepare::prepare;
use super::report::Report;
use crate::access::Actor;
use crate::app::App;
use crate::error::Result;
use crate::exchange::list::{Near, Twin};
use crate::locale::Locale;
use crate::store::Connection;

/// A row that looks like an entry of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alike {
    /// Row, as Excel shows it.
    pub row: usize,
    /// The entry it looks like.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Name of what speaks for it.
    pub reason: String,
    /// What speaks for it, in words.
    pub why: String,
}

/// Looks at the rows of a report that would come in, and tells those that look like an entry.
pub async fn alike(app: &App, db: &mut Connection, actor: &Actor, kind: Kind, report: &mut Report, locale: Locale) -> Result<()> {
    if kind == Kind::Children {
        return Ok(());
    }
    let mut near = Near::default();
    for sheet in &mut report.sheets {
        for entry in &sheet.rows {
            let Ok(prepared) = prepare(app, db, kind, &entry.fields).await? else { continue };
            let Some(twin) = near.twin(app, db, actor, &prepared).await? else { continue };
            let (id, name, reason) = match twin {
                Twin::Organization(like) => (like.id.to_string(), like.name, like.why.reason()),
                Twin::Service(like) => (like.id.to_string(), like.name, like.why.reason()),
            };
            let why = t!(format!("list.alike.{reason}"), locale = locale.tag()).into_owned();
            sheet.alike.push(Alike { row: entry.row, id, name, reason: reason.to_owned(), why });
        }
    }
    Ok(())
}
