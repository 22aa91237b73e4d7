//! `child`, `child_key`, `guardian`.

use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::super::model::{Child, Guardian, Identity};
use crate::clock;
use crate::error::{Error, Result};
use crate::id::{CaseId, ChildId, OrganizationId};
use crate::organization::store::name_of;
use crate::secret::{ChildKey, Hidden, Keyring, Place};
use crate::store::{Connection, Row, flag};

fn read(row: &AnyRow) -> Result<Child> {
    let row = Row::of("child", row);
    Ok(Child {
        id: row.parse("id")?,
        alias: row.text("alias")?,
        birth_month: row.maybe_parse("birth_month")?,
        sex: row.maybe_name("sex")?,
        key_id: row.text("key_id")?,
        version: row.int("version")?,
    })
}

/// The child of an id, without identity.
pub async fn child(db: &mut Connection, id: &ChildId) -> Result<Option<Child>> {
    let row = sqlx::query("SELECT id, alias, birth_month, sex, key_id, version FROM child WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The children of a blind index: exact by identity number.
pub async fn children_by_blind(db: &mut Connection, blind: &str) -> Result<Vec<Child>> {
    let rows = sqlx::query("SELECT id, alias, birth_month, sex, key_id, version FROM child WHERE blind_identity = $1")
        .bind(blind)
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// Writes a child without identity.
pub async fn insert_child(db: &mut Connection, child: &Child, province: &str, at: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO child (id, province, alias, birth_month, sex, key_id, version, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(child.id.as_str())
    .bind(province)
    .bind(&child.alias)
    .bind(child.birth_month.map(|month| month.to_string()))
    .bind(child.sex.map(|sex| name_of(&sex)))
    .bind(&child.key_id)
    .bind(child.version)
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what is plain of a child that nobody changed since `child.version`.
pub async fn update_child(db: &mut Connection, child: &mut Child, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "UPDATE child SET alias = $3, birth_month = $4, sex = $5, version = version + 1, changed_at = $6 WHERE id = $1 AND version = $2",
    )
    .bind(child.id.as_str())
    .bind(child.version)
    .bind(&child.alias)
    .bind(child.birth_month.map(|month| month.to_string()))
    .bind(child.sex.map(|sex| name_of(&sex)))
    .bind(clock::stored(at))
    .execute(db)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict { why: "changed" });
    }
    child.version += 1;
    Ok(())
}

/// Writes a child's wrapped key.
pub async fn insert_key(db: &mut Connection, id: &str, child: &ChildId, wrapped: &str, keyring: &Keyring) -> Result<()> {
    sqlx::query("INSERT INTO child_key (id, child_id, wrapped, kek_id) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(child.as_str())
        .bind(wrapped)
        .bind(keyring.id())
        .execute(db)
        .await?;
    Ok(())
}

/// The key of a child.
pub async fn child_key(db: &mut Connection, keyring: &Keyring, child: &ChildId) -> Result<ChildKey> {
    let row = sqlx::query("SELECT id, wrapped FROM child_key WHERE child_id = $1").bind(child.as_str()).fetch_optional(db).await?;
    let row = row.ok_or_else(|| Error::missing("child_key", child))?;
    let row = Row::of("child_key", &row);
    Ok(keyring.unwrap(&row.text("id")?, child.as_str(), &row.text("wrapped")?)?)
}

fn place<'a>(child: &'a ChildId, field: &'static str) -> Place<'a> {
    Place { table: "child", child: child.as_str(), field }
}

/// Opens the identity of a child: the caller has asked `decide` and records the view in the same transaction.
pub async fn identity(db: &mut Connection, key: &ChildKey, child: &ChildId) -> Result<Identity> {
    let row = sqlx::query("SELECT id, name, identity_number, birth_date, phone, address, point, school FROM child WHERE id = $1")
        .bind(child.as_str())
        .fetch_one(db)
        .await?;
    let row = Row::of("child", &row);
    let open = |field: &'static str| -> Result<Option<Hidden>> {
        Ok(row.maybe_text(field)?.map(|cell| key.open(place(child, field), &cell)).transpose()?)
    };
    Ok(Identity {
        name: open("name")?,
        identity_number: open("identity_number")?,
        birth_date: open("birth_date")?,
        phone: open("phone")?,
        address: open("address")?,
        point: open("point")?,
        school: open("school")?,
    })
}

/// Seals and writes the identity of a child, with its blind index.
pub async fn put_identity(
    db: &mut Connection,
    keyring: &Keyring,
    key: &ChildKey,
    child: &ChildId,
    identity: &Identity,
    at: Timestamp,
) -> Result<()> {
    let seal = |field: &'static str, text: &Option<Hidden>| {
        text.as_ref().filter(|text| !text.is_empty()).map(|text| key.seal(place(child, field), text))
    };
    sqlx::query(
        "UPDATE child SET name = $2, identity_number = $3, birth_date = $4, phone = $5, address = $6, point = $7, school = $8, blind_identity = $9,
                version = version + 1, changed_at = $10 WHERE id = $1",
    )
    .bind(child.as_str())
    .bind(seal("name", &identity.name))
    .bind(seal("identity_number", &identity.identity_number))
    .bind(seal("birth_date", &identity.birth_date))
    .bind(seal("phone", &identity.phone))
    .bind(seal("address", &identity.address))
    .bind(seal("point", &identity.point))
    .bind(seal("school", &identity.school))
    .bind(identity.identity_number.as_ref().map(|number| keyring.blind(number)))
    .bind(clock::stored(at))
    .execute(db)
    .await
    .map_err(|error| match &error {
        sqlx::Error::Database(cause) if cause.is_unique_violation() => Error::invalid("identity_number", "identity_taken"),
        _ => Error::from(error),
    })?;
    Ok(())
}

/// Which sealed fields of a child and its case hold something: a page says so without opening them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one flag a column")]
pub struct Filled {
    /// Name.
    pub name: bool,
    /// Identity number.
    pub number: bool,
    /// Address.
    pub address: bool,
    /// A guardian's name or phone.
    pub contact: bool,
    /// The worker's account.
    pub narrative: bool,
    /// Diagnoses.
    pub diagnoses: bool,
}

/// What of a case is filled; opens nothing.
pub async fn filled(db: &mut Connection, child: &ChildId, case: &CaseId) -> Result<Filled> {
    let row = sqlx::query(
        "SELECT h.id, CAST(CASE WHEN h.name IS NULL THEN 0 ELSE 1 END AS BIGINT) AS name, CAST(CASE WHEN h.identity_number IS NULL THEN 0 ELSE 1 END AS BIGINT) AS number,
                CAST(CASE WHEN h.address IS NULL THEN 0 ELSE 1 END AS BIGINT) AS address, CAST(CASE WHEN c.narrative IS NULL THEN 0 ELSE 1 END AS BIGINT) AS narrative,
                CAST(CASE WHEN c.diagnoses IS NULL THEN 0 ELSE 1 END AS BIGINT) AS diagnoses,
                (SELECT COUNT(*) FROM guardian g WHERE g.child_id = h.id AND (g.name IS NOT NULL OR g.phone IS NOT NULL)) AS contact
         FROM child h JOIN \"case\" c ON c.child_id = h.id WHERE h.id = $1 AND c.id = $2",
    )
    .bind(child.as_str())
    .bind(case.as_str())
    .fetch_one(db)
    .await?;
    let row = Row::of("child", &row);
    let flag = |column| -> Result<bool> { Ok(row.count(column)? > 0) };
    Ok(Filled {
        name: flag("name")?,
        number: flag("number")?,
        address: flag("address")?,
        contact: flag("contact")?,
        narrative: flag("narrative")?,
        diagnoses: flag("diagnoses")?,
    })
}

/// The aliases in use at a station: a new child gets another.
pub async fn take_aliases(db: &mut Connection, station: &OrganizationId) -> Result<Vec<String>> {
    let rows = sqlx::query("SELECT c.id, c.alias FROM child c JOIN \"case\" k ON k.child_id = c.id WHERE k.station_id = $1")
        .bind(station.as_str())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Row::of("child", row).text("alias")).collect()
}

/// The guardians of a child, without names.
pub async fn guardians(db: &mut Connection, child: &ChildId) -> Result<Vec<Guardian>> {
    let rows = sqlx::query(
        "SELECT id, relation, state, since, evidence, carer, suspected FROM guardian WHERE child_id = $1 ORDER BY relation, id",
    )
    .bind(child.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("guardian", row);
            Ok(Guardian {
                id: row.parse("id")?,
                relation: row.name("relation")?,
                state: row.name("state")?,
                since: row.maybe_parse("since")?,
                evidence: row.text("evidence")?,
                carer: row.flag("carer")?,
                suspected: row.flag("suspected")?,
                name: None,
                phone: None,
            })
        })
        .collect()
}

/// Opens the names and phones of guardians: the caller has asked `decide` and records the view.
pub async fn names_of_guardians(db: &mut Connection, key: &ChildKey, child: &ChildId, guardians: &mut [Guardian]) -> Result<()> {
    for guardian in guardians {
        let row = sqlx::query("SELECT id, name, phone FROM guardian WHERE id = $1").bind(guardian.id.as_str()).fetch_one(&mut *db).await?;
        let row = Row::of("guardian", &row);
        let open = |field: &'static str, cell: Option<String>| -> Result<Option<Hidden>> {
            Ok(cell.map(|cell| key.open(Place { table: "guardian", child: child.as_str(), field }, &cell)).transpose()?)
        };
        guardian.name = open("name", row.maybe_text("name")?)?;
        guardian.phone = open("phone", row.maybe_text("phone")?)?;
    }
    Ok(())
}

/// Puts the guardians of a child in the place of those it had.
pub async fn replace_guardians(db: &mut Connection, key: &ChildKey, child: &ChildId, guardians: &[Guardian]) -> Result<()> {
    sqlx::query("DELETE FROM guardian WHERE child_id = $1").bind(child.as_str()).execute(&mut *db).await?;
    let seal = |field: &'static str, text: &Option<Hidden>| {
        text.as_ref().filter(|text| !text.is_empty()).map(|text| key.seal(Place { table: "guardian", child: child.as_str(), field }, text))
    };
    for guardian in guardians {
        sqlx::query("INSERT INTO guardian (id, child_id, relation, name, phone, state, since, evidence, carer, suspected) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind(guardian.id.as_str())
            .bind(child.as_str())
            .bind(name_of(&guardian.relation))
            .bind(seal("name", &guardian.name))
            .bind(seal("phone", &guardian.phone))
            .bind(name_of(&guardian.state))
            .bind(guardian.since.map(|day| day.to_string()))
            .bind(&guardian.evidence)
            .bind(flag(guardian.carer))
            .bind(flag(guardian.suspected))
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}
