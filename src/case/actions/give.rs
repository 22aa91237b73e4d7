//! A case is somebody else's now, and who gets it is told.

use jiff::Timestamp;

use super::super::model::Case;
use crate::access::Actor;
use crate::account::notice::{Notice, leave};
use crate::error::Result;
use crate::store::Tx;

/// Tells who has the case now, unless it is the one who gave it.
pub async fn case_given(tx: &mut Tx, case: &Case, actor: &Actor, at: Timestamp) -> Result<()> {
    if case.worker == actor.id {
        return Ok(());
    }
    let facts = serde_json::json!({ "tier": 2, "number": case.number, "link": format!("/cases/{}", case.id) });
    leave(tx, Notice::Account(&case.worker), "case_given", &format!("{}:given:{}", case.id, case.version), &facts, at).await
}
