//! The tables `taxonomy_term`, `child_category`, `organization_kind`, `hotline`, `audience`, `risk_level`,
//! and what `everyday_word` says to a reader of words.

use lianjie_index::Vocabulary;
use lianjie_index::vocabulary::{Own, OwnSign, OwnWord, Term};
use serde::Deserialize;

use super::model::{Audience, Categories, Kind, Named, RiskLevel};
use crate::error::Result;
use crate::seed;
use crate::store::{Connection, Row, json};

#[derive(Deserialize)]
struct TermRow {
    code: String,
    parent: Option<String>,
    zh: String,
    en: String,
    synonyms: String,
    policy_note: String,
    open_eligibility: String,
    providers: String,
    eligibility: String,
}

#[derive(Deserialize)]
struct CategoryRow {
    code: String,
    zh: String,
    en: String,
    definition: String,
    age_limit: String,
    basis: String,
}

#[derive(Deserialize)]
struct KindRow {
    code: String,
    zh: String,
    en: String,
    sector: String,
    typical_services: String,
    ages: String,
    fee: String,
    hours_hint: String,
    area: String,
    referral_way: String,
}

#[derive(Deserialize)]
struct HotlineRow {
    number: String,
    zh: String,
    en: String,
    #[serde(rename = "use")]
    purpose: String,
    hours: String,
    source: String,
}

/// Code, Chinese, English, categories: the audiences of fees.
const AUDIENCES: [(&str, &str, &str, &[&str]); 3] = [
    (
        "hardship",
        "困境儿童",
        "children in hardship",
        &["ORPHAN", "DEFACTO", "NOGUARD", "UNABLE", "DISABLED", "ILL", "STREET", "POOR", "HARM", "LEFT"],
    ),
    ("community", "社区儿童", "children of the community", &["MIGRANT", "GENERAL"]),
    ("other", "其他儿童", "other children", &[]),
];

/// Code, rank, Chinese, English, first contact, first measures, report, days between visits and reviews.
/// The project's own defaults, after local practice; an installation edits them.
type RiskRow = (&'static str, i64, &'static str, &'static str, &'static str, &'static str, &'static str, i64, i64);
const RISKS: [RiskRow; 4] = [
    ("red", 1, "红色·高风险", "red: high risk", "at once", "2 h", "24 h", 7, 7),
    ("yellow", 2, "黄色·较高风险", "yellow: raised risk", "24 h", "7 d", "", 15, 30),
    ("blue", 3, "蓝色·较低风险", "blue: lower risk", "3 working days", "14 d", "", 30, 90),
    ("green", 4, "绿色·低风险", "green: low risk", "", "", "", 90, 180),
];

/// Fills the tables from `seed-data`; rows that are there stay as they are.
pub async fn load(db: &mut Connection) -> Result<()> {
    for (position, row) in (0i64..).zip(seed::rows::<TermRow>("taxonomy.csv")?) {
        sqlx::query(
            "INSERT INTO taxonomy_term (code, parent, zh, en, synonyms, policy_note, open_eligibility, providers, eligibility, position)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        )
        .bind(row.code)
        .bind(row.parent)
        .bind(row.zh)
        .bind(row.en)
        .bind(json(&seed::values(&row.synonyms)))
        .bind(row.policy_note)
        .bind(row.open_eligibility)
        .bind(json(&seed::values(&row.providers)))
        .bind(row.eligibility)
        .bind(position)
        .execute(&mut *db)
        .await?;
    }
    for (position, row) in (0i64..).zip(seed::rows::<CategoryRow>("child-categories.csv")?) {
        sqlx::query("INSERT INTO child_category (code, zh, en, definition, age_limit, basis, position) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING")
            .bind(row.code)
            .bind(row.zh)
            .bind(row.en)
            .bind(row.definition)
            .bind(row.age_limit)
            .bind(row.basis)
            .bind(position)
            .execute(&mut *db)
            .await?;
    }
    for (position, row) in (0i64..).zip(seed::rows::<KindRow>("org-types.csv")?) {
        sqlx::query(
            "INSERT INTO organization_kind (code, zh, en, sector, typical_services, ages, fee, hours_hint, area, referral_way, position)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        )
        .bind(row.code)
        .bind(row.zh)
        .bind(row.en)
        .bind(row.sector)
        .bind(json(&seed::values(&row.typical_services)))
        .bind(row.ages)
        .bind(row.fee)
        .bind(row.hours_hint)
        .bind(row.area)
        .bind(row.referral_way)
        .bind(position)
        .execute(&mut *db)
        .await?;
    }
    for (position, row) in (0i64..).zip(seed::rows::<HotlineRow>("hotlines.csv")?) {
        sqlx::query("INSERT INTO hotline (number, zh, en, purpose, hours, source, position) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING")
            .bind(row.number)
            .bind(row.zh)
            .bind(row.en)
            .bind(row.purpose)
            .bind(row.hours)
            .bind(row.source)
            .bind(position)
            .execute(&mut *db)
            .await?;
    }
    load_own(db).await
}

/// What the project sets itself.
async fn load_own(db: &mut Connection) -> Result<()> {
    for (position, (code, zh, en, categories)) in (0i64..).zip(AUDIENCES) {
        sqlx::query("INSERT INTO audience (code, zh, en, categories, position) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
            .bind(code)
            .bind(zh)
            .bind(en)
            .bind(json(categories))
            .bind(position)
            .execute(&mut *db)
            .await?;
    }
    for (code, rank, zh, en, first_contact, measures, report, visit_every, review_every) in RISKS {
        sqlx::query(
            "INSERT INTO risk_level (code, rank, zh, en, colour, first_contact, measures, report, visit_every, review_every)
             VALUES ($1, $2, $3, $4, $1, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(code)
        .bind(rank)
        .bind(zh)
        .bind(en)
        .bind(first_contact)
        .bind(measures)
        .bind(report)
        .bind(visit_every)
        .bind(review_every)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The taxonomy, ready to read words as the installation says them.
pub async fn vocabulary(db: &mut Connection) -> Result<Vocabulary> {
    let rows = sqlx::query("SELECT code AS id, code, zh, en, synonyms FROM taxonomy_term ORDER BY position").fetch_all(&mut *db).await?;
    let terms = rows.iter().map(|row| {
        let row = Row::of("taxonomy_term", row);
        Ok(Term { code: row.parse("code")?, zh: row.text("zh")?, en: row.text("en")?, synonyms: row.json("synonyms")? })
    });
    let terms = terms.collect::<Result<Vec<_>>>()?;
    Ok(Vocabulary::with(terms, own_words(db).await?))
}

/// What the installation says otherwise than the lists (`everyday_word`).
pub async fn own_words(db: &mut Connection) -> Result<Own> {
    let rows =
        sqlx::query("SELECT id, phrase, terms, replaces, sign FROM everyday_word WHERE withdrawn_at IS NULL ORDER BY folded, sign, id")
            .fetch_all(db)
            .await?;
    let mut own = Own::default();
    for row in &rows {
        let row = Row::of("everyday_word", row);
        let (phrase, sign) = (row.text("phrase")?, row.text("sign")?);
        if sign.is_empty() {
            own.words.push(OwnWord { phrase, terms: row.json("terms")?, replaces: row.flag("replaces")? });
        } else {
            own.signs.push(OwnSign { sign, phrase });
        }
    }
    Ok(own)
}

/// The kinds of organization that may offer a term; empty where the taxonomy names none.
pub async fn providers(db: &mut Connection, term: &lianjie_index::TermCode) -> Result<Vec<String>> {
    let row = sqlx::query("SELECT code AS id, providers FROM taxonomy_term WHERE code = $1").bind(term.as_str()).fetch_optional(db).await?;
    row.map_or_else(|| Ok(Vec::new()), |row| Row::of("taxonomy_term", &row).json("providers"))
}

/// The kinds of organization that may offer each term, for who asks of many.
pub async fn all_providers(db: &mut Connection) -> Result<std::collections::HashMap<lianjie_index::TermCode, Vec<String>>> {
    let rows = sqlx::query("SELECT code AS id, code, providers FROM taxonomy_term").fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Row::of("taxonomy_term", row);
            Ok((row.parse("code")?, row.json("providers")?))
        })
        .collect()
}

/// Categories, audiences, kinds, levels of risk, hotlines.
pub async fn categories(db: &mut Connection) -> Result<Categories> {
    let children = sqlx::query("SELECT code AS id, code, zh, en FROM child_category ORDER BY position").fetch_all(&mut *db).await?;
    let audiences = sqlx::query("SELECT code AS id, code, zh, en, categories FROM audience ORDER BY position").fetch_all(&mut *db).await?;
    let kinds = sqlx::query("SELECT code AS id, code, zh, en, sector, typical_services FROM organization_kind ORDER BY position")
        .fetch_all(&mut *db)
        .await?;
    let risks =
        sqlx::query("SELECT code AS id, code, zh, en, rank, first_contact, visit_every, review_every FROM risk_level ORDER BY rank")
            .fetch_all(&mut *db)
            .await?;
    let hotlines = sqlx::query("SELECT number AS id, number AS code, zh, en FROM hotline ORDER BY position").fetch_all(&mut *db).await?;
    let named = |row: &Row<'_>| Ok(Named { code: row.text("code")?, zh: row.text("zh")?, en: row.text("en")? });
    Ok(Categories {
        children: children.iter().map(|row| named(&Row::of("child_category", row))).collect::<Result<_>>()?,
        audiences: audiences
            .iter()
            .map(|row| {
                let row = Row::of("audience", row);
                Ok(Audience { named: named(&row)?, categories: row.json("categories")? })
            })
            .collect::<Result<_>>()?,
        kinds: kinds
            .iter()
            .map(|row| {
                let row = Row::of("organization_kind", row);
                Ok(Kind { named: named(&row)?, sector: row.text("sector")?, typical_services: row.json("typical_services")? })
            })
            .collect::<Result<_>>()?,
        risks: risks
            .iter()
            .map(|row| {
                let row = Row::of("risk_level", row);
                let small = |column| row.count(column).map(|value| u16::try_from(value).unwrap_or(u16::MAX));
                Ok(RiskLevel {
                    named: named(&row)?,
                    rank: u8::try_from(row.count("rank")?).unwrap_or(u8::MAX),
                    first_contact: row.text("first_contact")?,
                    visit_every: small("visit_every")?,
                    review_every: small("review_every")?,
                })
            })
            .collect::<Result<_>>()?,
        hotlines: hotlines.iter().map(|row| named(&Row::of("hotline", row))).collect::<Result<_>>()?,
    })
}
