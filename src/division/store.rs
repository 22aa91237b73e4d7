//! The tables `division`, `division_history`, `zone` and `village`.

use std::collections::BTreeSet;

use lianjie_index::place::Crossing;
use lianjie_index::place::gazetteer::Zone;
use lianjie_index::{CategoryCode, DivisionCode, Wgs84};
use serde::Deserialize;

use super::meaning::listed_names;
use super::model::{Division, Divisions, Former, Village};
use crate::error::Result;
use crate::seed;
use crate::store::{Connection, Row, json};

#[derive(Deserialize)]
struct DivisionRow {
    code: String,
    parent: Option<String>,
    level: String,
    name: String,
    lon: Option<f64>,
    lat: Option<f64>,
    coord_quality: String,
    pinyin: String,
    initials: String,
    kind: String,
    nbs2023_code: Option<String>,
    aliases: String,
}

#[derive(Deserialize)]
struct HistoryRow {
    old_code: String,
    old_name: String,
    last_year: i64,
    successor: String,
    note: String,
}

#[derive(Deserialize)]
struct ZoneRow {
    zone_id: String,
    name: String,
    aliases: String,
    kind: String,
    prefecture: String,
    member_townships: String,
    host_counties: String,
    equivalent: String,
    note: String,
}

#[derive(Deserialize)]
struct CrossingRow {
    a: DivisionCode,
    b: DivisionCode,
    minutes_more: u16,
    what: String,
}

/// Water between divisions: of the seed alone.
fn crossings() -> Result<Vec<Crossing>> {
    let rows = seed::rows::<CrossingRow>("crossings-jiangsu.csv")?.into_iter();
    Ok(rows.map(|CrossingRow { a, b, minutes_more, what }| Crossing { a, b, minutes_more, what }).collect())
}

#[derive(Deserialize)]
struct VillageRow {
    nbs2023_code: String,
    township: Option<String>,
    name: String,
}

/// Fills the tables from `seed-data`; rows that are there stay as they are.
pub async fn load(db: &mut Connection) -> Result<()> {
    for row in seed::rows::<DivisionRow>("divisions-jiangsu.csv")? {
        sqlx::query(
            "INSERT INTO division (code, parent, level, name, longitude, latitude, coord_quality, pinyin, initials, kind, nbs_code, aliases)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
        )
        .bind(row.code)
        .bind(row.parent)
        .bind(row.level)
        .bind(row.name)
        .bind(row.lon)
        .bind(row.lat)
        .bind(row.coord_quality)
        .bind(row.pinyin)
        .bind(row.initials)
        .bind(row.kind)
        .bind(row.nbs2023_code)
        .bind(json(&seed::values(&row.aliases)))
        .execute(&mut *db)
        .await?;
    }
    for row in seed::rows::<HistoryRow>("county-history-jiangsu.csv")? {
        for successor in seed::values(&row.successor) {
            sqlx::query("INSERT INTO division_history (old_code, old_name, last_year, successor, note) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
                .bind(&row.old_code)
                .bind(&row.old_name)
                .bind(row.last_year)
                .bind(successor)
                .bind(&row.note)
                .execute(&mut *db)
                .await?;
        }
    }
    for row in seed::rows::<ZoneRow>("zones-jiangsu.csv")? {
        let members = if row.member_townships.is_empty() && row.equivalent == "same area as a county" {
            seed::values(&row.host_counties)
        } else {
            seed::values(&row.member_townships)
        };
        sqlx::query("INSERT INTO zone (id, name, aliases, kind, prefecture, townships, note) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING")
            .bind(row.zone_id)
            .bind(row.name)
            .bind(json(&seed::values(&row.aliases)))
            .bind(row.kind)
            .bind(row.prefecture)
            .bind(json(&members))
            .bind(row.note)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// Fills the villages: 21,958 rows, which only forms and scopes of child directors need.
pub async fn load_villages(db: &mut Connection) -> Result<()> {
    for row in seed::rows::<VillageRow>("villages-jiangsu.csv")? {
        sqlx::query("INSERT INTO village (code, township, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(row.nbs2023_code)
            .bind(row.township)
            .bind(row.name)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// All divisions and zones.
pub async fn read(db: &mut Connection) -> Result<Divisions> {
    let rows = sqlx::query(
        "SELECT code AS id, code, level, name, longitude, latitude, coord_quality, pinyin, aliases FROM division ORDER BY code",
    )
    .fetch_all(&mut *db)
    .await?;
    let mut divisions = Vec::with_capacity(rows.len());
    for row in &rows {
        let row = Row::of("division", row);
        let point = row.maybe_real("longitude")?.zip(row.maybe_real("latitude")?);
        divisions.push(Division {
            code: row.parse("code")?,
            level: row.text("level")?,
            name: row.text("name")?,
            point: point.map(|(longitude, latitude)| Wgs84 { longitude, latitude }),
            exact: row.text("coord_quality")? == "exact",
            pinyin: row.text("pinyin")?,
            aliases: row.json("aliases")?,
        });
    }
    let former = former(db).await?;
    let borne: BTreeSet<String> = divisions.iter().map(|division| division.name.clone()).collect();
    for division in &mut divisions {
        let names = former.iter().filter(|old| old.successors.contains(&division.code) && !borne.contains(&old.name));
        division.aliases.extend(names.map(|old| old.name.clone()));
    }
    let zones = sqlx::query("SELECT id, name, aliases, townships FROM zone ORDER BY id").fetch_all(&mut *db).await?;
    let zones = zones.iter().map(|row| {
        let row = Row::of("zone", row);
        Ok(Zone {
            id: row.text("id")?.trim_start_matches("zone:").to_owned(),
            name: row.text("name")?,
            aliases: row.json("aliases")?,
            members: row.json("townships")?,
        })
    });
    let zones = zones.collect::<Result<Vec<_>>>()?;
    let categories = sqlx::query("SELECT code AS id, code, zh, en FROM child_category ORDER BY position").fetch_all(&mut *db).await?;
    let categories = categories.iter().map(|row| {
        let row = Row::of("child_category", row);
        Ok((row.parse::<CategoryCode>("code")?, row.text("zh")?, row.text("en")?))
    });
    Ok(Divisions::new(divisions, zones, categories.collect::<Result<_>>()?, crossings()?).with_former(former))
}

/// The counties that are no more. A note in brackets tells namesakes apart in the list; nobody types it.
async fn former(db: &mut Connection) -> Result<Vec<Former>> {
    let rows = sqlx::query("SELECT old_code AS id, old_code, old_name, successor FROM division_history ORDER BY old_code, successor")
        .fetch_all(db)
        .await?;
    let mut former: Vec<Former> = Vec::new();
    for row in &rows {
        let row = Row::of("division_history", row);
        let (code, successor): (DivisionCode, DivisionCode) = (row.parse("old_code")?, row.parse("successor")?);
        match former.last_mut().filter(|last| last.code == code) {
            Some(last) => last.successors.push(successor),
            None => {
                let name = row.text("old_name")?.split('(').next().unwrap_or_default().to_owned();
                former.push(Former { code, name, successors: vec![successor] });
            }
        }
    }
    Ok(former)
}

/// The villages of a township, by code.
pub async fn villages(db: &mut Connection, township: &DivisionCode) -> Result<Vec<Village>> {
    let rows = sqlx::query("SELECT code AS id, code, name, township FROM village WHERE township = $1 ORDER BY code")
        .bind(township.as_str())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| read_village(&Row::of("village", row))).collect()
}

fn read_village(row: &Row<'_>) -> Result<Village> {
    Ok(Village { code: row.text("code")?, name: row.text("name")?, township: row.maybe_parse("township")? })
}

/// The village of a code.
pub async fn village(db: &mut Connection, code: &str) -> Result<Option<Village>> {
    let row = sqlx::query("SELECT code AS id, code, name, township FROM village WHERE code = $1").bind(code).fetch_optional(db).await?;
    row.map(|row| read_village(&Row::of("village", &row))).transpose()
}

/// The villages of a name, as it is in the list or without its usual end, by code.
pub async fn villages_called(db: &mut Connection, name: &str) -> Result<Vec<Village>> {
    let mut query = sqlx::query(
        "SELECT code AS id, code, name, township FROM village
         WHERE name IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ORDER BY code LIMIT 200",
    );
    for name in listed_names(name) {
        query = query.bind(name);
    }
    let rows = query.fetch_all(db).await?;
    rows.iter().map(|row| read_village(&Row::of("village", row))).collect()
}

/// The township a village lies in.
pub async fn township_of_village(db: &mut Connection, village: &str) -> Result<Option<DivisionCode>> {
    let row = sqlx::query("SELECT code AS id, township FROM village WHERE code = $1").bind(village).fetch_optional(db).await?;
    row.map_or(Ok(None), |row| Row::of("village", &row).maybe_parse("township"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crossing_is_between_two_divisions_that_there_are() {
        let known: Vec<String> = seed::rows::<DivisionRow>("divisions-jiangsu.csv").unwrap().into_iter().map(|row| row.code).collect();
        let crossings = crossings().unwrap();
        for crossing in &crossings {
            assert!([&crossing.a, &crossing.b].iter().all(|code| known.iter().any(|own| own == code.as_str())), "{crossing:?}");
            assert!(!crossing.a.contains(&crossing.b), "of two of which one lies in the other, the inner one comes first: {crossing:?}");
            let twice = crossings
                .iter()
                .filter(|other| (&other.a, &other.b) == (&crossing.a, &crossing.b) || (&other.a, &other.b) == (&crossing.b, &crossing.a));
            assert_eq!(twice.count(), 1, "{crossing:?}");
        }
    }
}
