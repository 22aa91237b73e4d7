//! Places: posted, reserved by one conditional update, released. The last place is never given twice.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use super::model::Place;
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{PlaceId, ReferralId, ReservationId, ServiceAtLocationId};
use crate::store::{Connection, DIRECTORY, Row, Tx};

/// What came of a try to reserve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reserved {
    /// A place is taken.
    Taken(ReservationId),
    /// No places are posted: acceptance is possible, nothing is reserved.
    NotPosted,
    /// All posted places are taken or held.
    Full,
}

fn read(row: &AnyRow) -> Result<Place> {
    let row = Row::of("place", row);
    Ok(Place {
        id: row.parse("id")?,
        service_at_location: row.parse("service_at_location_id")?,
        term_from: row.maybe_parse("term_from")?,
        term_to: row.maybe_parse("term_to")?,
        capacity: row.count("capacity")?,
        used: row.count("used")?,
        held: row.count("held")?,
        source: row.text("source")?,
        as_of: row.parse("as_of")?,
        version: row.int("version")?,
    })
}

/// The rows of a service at a location, the one without a term first.
pub async fn of(db: &mut Connection, site: &ServiceAtLocationId) -> Result<Vec<Place>> {
    let rows = sqlx::query(
        "SELECT id, service_at_location_id, term_from, term_to, capacity, used, held, source, as_of, version
         FROM place WHERE service_at_location_id = $1 ORDER BY COALESCE(term_from, '')",
    )
    .bind(site.as_str())
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// Every row after one, in order: for the index.
pub async fn all_after(db: &mut Connection, last: &str, limit: i64) -> Result<Vec<Place>> {
    let rows = sqlx::query(
        "SELECT id, service_at_location_id, term_from, term_to, capacity, used, held, source, as_of, version
         FROM place WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(last)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

/// The row of an id.
pub async fn find(db: &mut Connection, id: &PlaceId) -> Result<Option<Place>> {
    let row = sqlx::query(
        "SELECT id, service_at_location_id, term_from, term_to, capacity, used, held, source, as_of, version FROM place WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The row that counts on a day: the one whose term holds it, else the one without a term.
#[must_use]
pub fn row_for(rows: &[Place], day: Date) -> Option<&Place> {
    let in_term = |row: &&Place| row.term_from.is_some_and(|from| from <= day) && row.term_to.is_none_or(|to| day <= to);
    rows.iter().find(in_term).or_else(|| rows.iter().find(|row| row.term_from.is_none()))
}

/// Posts places, new or changed; what is taken stays taken, so the capacity cannot go below it.
pub async fn post(tx: &mut Tx, place: &Place, province: &str, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "INSERT INTO place (id, province, service_at_location_id, term_from, term_to, capacity, used, held, source, as_of, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO UPDATE SET capacity = excluded.capacity, source = excluded.source, as_of = excluded.as_of,
                version = place.version + 1, changed_at = excluded.changed_at
         WHERE place.used + place.held <= excluded.capacity",
    )
    .bind(place.id.as_str())
    .bind(province)
    .bind(place.service_at_location.as_str())
    .bind(place.term_from.map(|day| day.to_string()))
    .bind(place.term_to.map(|day| day.to_string()))
    .bind(i64::from(place.capacity))
    .bind(i64::from(place.used))
    .bind(i64::from(place.held))
    .bind(&place.source)
    .bind(clock::stored(place.as_of))
    .bind(clock::stored(at))
    .execute(&mut **tx)
    .await
    .map_err(|error| match &error {
        // Somebody else posted the first row a moment before.
        sqlx::Error::Database(cause) if cause.is_unique_violation() => Error::Conflict { why: "changed" },
        _ => Error::from(error),
    })?;
    if done.rows_affected() == 0 {
        return Err(Error::invalid("capacity", "capacity_below_used"));
    }
    tx.changed(DIRECTORY, "place", &place.service_at_location);
    Ok(())
}

/// Changes the capacity of a row in one statement, so that two who add at once both count.
///
/// `base` is what `add` is added to: the posted `capacity`, what is `taken`, or `nothing`. What is taken stays taken.
pub async fn change(tx: &mut Tx, place: &Place, base: &str, add: i64, source: &str, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "UPDATE place SET capacity = $3 + CASE $2 WHEN 'capacity' THEN capacity WHEN 'taken' THEN used + held ELSE 0 END,
                source = $4, as_of = $5, changed_at = $5, version = version + 1
         WHERE id = $1 AND used + held <= $3 + CASE $2 WHEN 'capacity' THEN capacity WHEN 'taken' THEN used + held ELSE 0 END",
    )
    .bind(place.id.as_str())
    .bind(base)
    .bind(add)
    .bind(source)
    .bind(clock::stored(at))
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::invalid("capacity", "capacity_below_used"));
    }
    tx.changed(DIRECTORY, "place", &place.service_at_location);
    Ok(())
}

/// Takes a place for a referral that is accepted, on the row of the promised first day.
///
/// With `override_full` the provider takes one more than it posted: the capacity grows in the same transaction.
pub async fn reserve(
    tx: &mut Tx,
    site: &ServiceAtLocationId,
    referral: &ReferralId,
    day: Date,
    override_full: bool,
    at: Timestamp,
) -> Result<Reserved> {
    let rows = of(tx, site).await?;
    let Some(row) = row_for(&rows, day) else { return Ok(Reserved::NotPosted) };
    let held: Option<String> =
        sqlx::query_scalar("SELECT id FROM reservation WHERE referral_id = $1 AND place_id = $2 AND kind = 'held' AND released_at IS NULL")
            .bind(referral.as_str())
            .bind(row.id.as_str())
            .fetch_optional(&mut **tx)
            .await?;
    if let Some(held) = held {
        release_one(tx, &held, at).await?;
    }
    if override_full {
        sqlx::query("UPDATE place SET capacity = capacity + 1, version = version + 1 WHERE id = $1 AND used + held >= capacity")
            .bind(row.id.as_str())
            .execute(&mut **tx)
            .await?;
    }
    let done =
        sqlx::query("UPDATE place SET used = used + 1, version = version + 1, changed_at = $2 WHERE id = $1 AND used + held < capacity")
            .bind(row.id.as_str())
            .bind(clock::stored(at))
            .execute(&mut **tx)
            .await?;
    if done.rows_affected() == 0 {
        return Ok(Reserved::Full);
    }
    let id = insert_reservation(tx, &row.id, referral, "used", None, at).await?;
    tx.changed(DIRECTORY, "place", site);
    Ok(Reserved::Taken(id))
}

/// Holds a place for a referral until an instant; a draft may hold one too.
pub async fn hold(
    tx: &mut Tx,
    site: &ServiceAtLocationId,
    referral: &ReferralId,
    day: Date,
    until: Timestamp,
    at: Timestamp,
) -> Result<Reserved> {
    let rows = of(tx, site).await?;
    let Some(row) = row_for(&rows, day) else { return Ok(Reserved::NotPosted) };
    let done =
        sqlx::query("UPDATE place SET held = held + 1, version = version + 1, changed_at = $2 WHERE id = $1 AND used + held < capacity")
            .bind(row.id.as_str())
            .bind(clock::stored(at))
            .execute(&mut **tx)
            .await?;
    if done.rows_affected() == 0 {
        return Ok(Reserved::Full);
    }
    let id = insert_reservation(tx, &row.id, referral, "held", Some(until), at).await?;
    tx.changed(DIRECTORY, "place", site);
    Ok(Reserved::Taken(id))
}

async fn insert_reservation(
    tx: &mut Tx,
    place: &PlaceId,
    referral: &ReferralId,
    kind: &str,
    until: Option<Timestamp>,
    at: Timestamp,
) -> Result<ReservationId> {
    let id = ReservationId::new(at);
    sqlx::query("INSERT INTO reservation (id, place_id, referral_id, kind, until, key) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id.as_str())
        .bind(place.as_str())
        .bind(referral.as_str())
        .bind(kind)
        .bind(until.map(clock::stored))
        .bind(format!("{referral}:{kind}:{id}"))
        .execute(&mut **tx)
        .await?;
    Ok(id)
}

/// Gives back whatever a referral has taken or held.
pub async fn release(tx: &mut Tx, referral: &ReferralId, at: Timestamp) -> Result<()> {
    let rows = sqlx::query("SELECT id FROM reservation WHERE referral_id = $1 AND released_at IS NULL ORDER BY id")
        .bind(referral.as_str())
        .fetch_all(&mut **tx)
        .await?;
    for row in rows {
        release_one(tx, &Row::of("reservation", &row).text("id")?, at).await?;
    }
    Ok(())
}

/// Gives back the holds that have lapsed; how many.
pub async fn release_lapsed(tx: &mut Tx, now: Timestamp) -> Result<usize> {
    let rows = sqlx::query("SELECT id FROM reservation WHERE kind = 'held' AND released_at IS NULL AND until < $1 ORDER BY id")
        .bind(clock::stored(now))
        .fetch_all(&mut **tx)
        .await?;
    for row in &rows {
        release_one(tx, &Row::of("reservation", row).text("id")?, now).await?;
    }
    Ok(rows.len())
}

async fn release_one(tx: &mut Tx, reservation: &str, at: Timestamp) -> Result<()> {
    let row = sqlx::query("UPDATE reservation SET released_at = $2 WHERE id = $1 AND released_at IS NULL RETURNING id, place_id, kind")
        .bind(reservation)
        .bind(clock::stored(at))
        .fetch_optional(&mut **tx)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let row = Row::of("reservation", &row);
    let (place, kind) = (row.text("place_id")?, row.text("kind")?);
    sqlx::query(
        "UPDATE place SET used = used - CASE WHEN $2 = 'used' THEN 1 ELSE 0 END, held = held - CASE WHEN $2 = 'held' THEN 1 ELSE 0 END,
                version = version + 1, changed_at = $3 WHERE id = $1",
    )
    .bind(&place)
    .bind(kind)
    .bind(clock::stored(at))
    .execute(&mut **tx)
    .await?;
    let site: String =
        sqlx::query_scalar("SELECT service_at_location_id FROM place WHERE id = $1").bind(&place).fetch_one(&mut **tx).await?;
    tx.changed(DIRECTORY, "place", site);
    Ok(())
}

/// After two refusals for lack of places in a row: nothing is free until somebody confirms.
pub async fn post_full(tx: &mut Tx, site: &ServiceAtLocationId, province: &str, at: Timestamp) -> Result<()> {
    let rows = of(tx, site).await?;
    let row = rows.iter().find(|row| row.term_from.is_none());
    if let Some(row) = row {
        sqlx::query(
            "UPDATE place SET capacity = used + held, source = 'decline', as_of = $2, version = version + 1, changed_at = $2 WHERE id = $1",
        )
        .bind(row.id.as_str())
        .bind(clock::stored(at))
        .execute(&mut **tx)
        .await?;
        tx.changed(DIRECTORY, "place", site);
        Ok(())
    } else {
        let place = Place {
            id: PlaceId::new(at),
            service_at_location: site.clone(),
            term_from: None,
            term_to: None,
            capacity: 0,
            used: 0,
            held: 0,
            source: "decline".into(),
            as_of: at,
            version: 1,
        };
        post(tx, &place, province, at).await
    }
}
