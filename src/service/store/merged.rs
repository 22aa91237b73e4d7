//! Where a service went that was merged.

use crate::error::Result;
use crate::id::ServiceId;
use crate::store::{Connection, Row};

/// Into which service a merged one went; as far as that goes. One that is given again went nowhere.
pub async fn went_into(db: &mut Connection, id: &ServiceId) -> Result<Option<ServiceId>> {
    let mut at = id.clone();
    // A chain ends at what is given: who takes another in goes nowhere itself. The bound is for a store that was written by hand.
    for _ in 0..16 {
        let row = sqlx::query("SELECT went_into FROM service WHERE id = $1 AND status = 'defunct'")
            .bind(at.as_str())
            .fetch_optional(&mut *db)
            .await?;
        match row.as_ref().map(|row| Row::of("service", row).maybe_parse("went_into")).transpose()?.flatten() {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(Some(at).filter(|end| end != id))
}

/// Writes into which service one went; absent = it is its own again.
pub async fn set_went_into(db: &mut Connection, id: &ServiceId, into: Option<&ServiceId>) -> Result<()> {
    let query = sqlx::query("UPDATE service SET went_into = $2 WHERE id = $1").bind(id.as_str()).bind(into.map(ServiceId::as_str));
    query.execute(db).await?;
    Ok(())
}
