//! Rows that read go into the store, in one transaction: organizations and services wait for the registrar, children become
//! leads that are sealed at once. What came into the directory is a batch that can be undone for a day. A row that lacks what an
//! entry must have is refused like a cell that does not read.

use super::alike::alike;
use super::fields::Kind;
use super::prepare::{Fields, prepare, said};
use super::report::{Refused, Report, Taken};
use crate::access::Actor;
use crate::app::App;
use crate::audit::{self, Event};
use crate::case::lead::Sources;
use crate::case::lead::actions::{Told, file_within};
use crate::error::{Fault, Result};
use crate::exchange::list::{Entry, keep};
use crate::locale::Locale;
use crate::secret::{Hidden, digest};
use crate::store::{Answered, Key, Tx, answered, remember};

/// Takes the rows of a report in.
pub async fn take(app: &App, actor: &Actor, kind: Kind, mut report: Report, locale: Locale) -> Result<Report> {
    let at = app.now();
    let mut tx = app.begin().await?;
    alike(app, &mut tx, actor, kind, &mut report, locale).await?;
    let mut taken = Taken::default();
    let mut made: Vec<Entry> = Vec::new();
    for sheet in &mut report.sheets {
        let mut refused = Vec::new();
        for entry in &sheet.rows {
            let put = match kind {
                Kind::Children => child(app, &mut tx, actor, &entry.fields).await?,
                Kind::Organizations | Kind::Services => match prepare(app, &mut tx, kind, &entry.fields).await? {
                    Ok(prepared) => {
                        let entry = prepared.put(&mut tx, None, at).await?;
                        let is_new = entry.is_some();
                        made.extend(entry.map(|(table, id)| (table, id, 1)));
                        Ok(is_new)
                    }
                    Err(fault) => Err(fault),
                },
            };
            match put {
                Ok(true) => taken.new += 1,
                Ok(false) => taken.unchanged += 1,
                Err(fault) => refused.push((entry.row, fault)),
            }
        }
        for (row, fault) in refused {
            let named = sheet.columns.iter().find(|(_, field)| field.as_str() == Some(fault.field.as_str()));
            let column = named.map_or_else(|| fault.field.clone(), |(written, _)| written.clone());
            sheet.rows.retain(|entry| entry.row != row);
            let (reason, remedy) = (fault.reason.to_owned(), fault.text(locale));
            sheet.refused.push(Refused { row, column, index: None, value: String::new(), reason, remedy });
        }
    }
    let event = Event::new("sheet.imported", "directory", kind.name())
        .fields([format!("new={}", taken.new), format!("unchanged={}", taken.unchanged)]);
    audit::record(&mut tx, actor, event, at).await?;
    if !made.is_empty() {
        report.batch = Some(keep(&mut tx, app, actor, kind, &report.name, &made).await?);
    }
    tx.commit(at).await?;
    report.taken = Some(taken);
    Ok(report)
}

/// Files a lead with the station of the township; the same row twice files one.
async fn child(app: &App, tx: &mut Tx, actor: &Actor, fields: &Fields) -> Result<Result<bool, Fault>> {
    let at = app.now();
    let Some(division) = said(fields, "division").parse().ok().filter(|code: &lianjie_index::DivisionCode| code.as_str().len() == 9) else {
        return Ok(Err(Fault::new("division", "township")));
    };
    let whole = Hidden::new(serde_json::to_string(fields).unwrap_or_default());
    let blind = digest(app.keyring.blind(&whole).as_bytes());
    let key: String = blind.chars().filter(char::is_ascii_alphanumeric).take(60).collect();
    let key = Key::parse(&format!("sheet-{key}"))?;
    if answered(tx, &key, &actor.reference()).await?.is_some() {
        return Ok(Ok(false));
    }
    let line = |names: &[&str]| {
        let parts = names.iter().map(|name| fields.get(*name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        parts.flatten().collect::<Vec<_>>().join(" ")
    };
    let told = Told {
        source: Sources::Comparison,
        division,
        village: None,
        danger: false,
        words: Hidden::new(format!("名单导入 {}", line(&["school", "categories"])).trim().to_owned()),
        child: Hidden::new(line(&["name", "sex", "birth_date", "identity_number", "address"])),
        teller: Hidden::new(line(&["guardian", "phone"])),
    };
    let lead = match file_within(app, tx, actor, &told, at).await {
        Ok(lead) => lead,
        Err(crate::error::Error::Invalid(faults)) => {
            return Ok(Err(faults.into_iter().next().unwrap_or_else(|| Fault::new("division", "township"))));
        }
        Err(error) => return Err(error),
    };
    remember(tx, &key, &actor.reference(), &Answered { status: 303, location: format!("/leads/{}", lead.id) }, at).await?;
    Ok(Ok(true))
}
