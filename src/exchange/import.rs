//! Organizations from a CSV file. A row that does not read is reported and kept aside with the reason, never dropped;
//! the same file twice changes nothing.

use std::collections::BTreeMap;

use lianjie_index::DivisionCode;
use lianjie_index::entry::Level;
use rust_i18n::t;
use serde::Serialize;

use crate::access::Actor;
use crate::app::App;
use crate::audit::{self, Event};
use crate::error::{Error, Fault, Result};
use crate::id::{OrganizationId, QuarantineId};
use crate::locale::Locale;
use crate::organization::model::{Organization, Status, is_phone, read_uscc};
use crate::organization::store as organizations;
use crate::store;

/// What came of an import.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Rows read.
    pub read: usize,
    /// Organizations that now wait for the registrar.
    pub imported: usize,
    /// Rows that were there already.
    pub unchanged: usize,
    /// Rows kept aside.
    pub held_back: Vec<HeldBack>,
}

/// A row kept aside.
#[derive(Debug, Clone, Serialize)]
pub struct HeldBack {
    /// Line of the file.
    pub row: usize,
    /// Column.
    pub column: String,
    /// Name of the reason.
    pub reason: String,
    /// Why, and what would do.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Report {
    /// The report in words.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let head = t!(
            "exchange.report",
            locale = locale.tag(),
            read = self.read,
            imported = self.imported,
            unchanged = self.unchanged,
            held_back = self.held_back.len()
        );
        let rows = self.held_back.iter().map(|row| {
            let why = locale.pick(&row.zh, &row.en);
            t!("exchange.held_back", locale = locale.tag(), row = row.row, column = row.column, why = why).into_owned()
        });
        std::iter::once(head.into_owned()).chain(rows).collect::<Vec<_>>().join("\n")
    }
}

type Cells = BTreeMap<String, String>;

/// Takes organizations in as entries that wait for the registrar.
pub async fn import_organizations(app: &App, source: &str, text: &str) -> Result<Report> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let columns: Vec<String> =
        reader.headers().map_err(|error| Error::Store(format!("{source} is no CSV: {error}")))?.iter().map(str::to_owned).collect();
    if let Some(missing) = ["name", "kind", "division"].into_iter().find(|name| !columns.iter().any(|column| column == name)) {
        return Err(Error::Store(format!(
            "{source} has no column \"{missing}\"; the first line names the columns name, kind, division, and perhaps address, phone, code_uscc, description"
        )));
    }
    let mut report = Report::default();
    let now = app.now();
    let mut tx = app.begin().await?;
    for (line, record) in (2..).zip(reader.records()) {
        report.read += 1;
        let cells: Cells = match record {
            Ok(record) => columns.iter().cloned().zip(record.iter().map(str::to_owned)).collect(),
            Err(error) => {
                hold_back(&mut tx, app, source, line, &Fault::new("*", "row_unreadable").with("detail", error), &Cells::new(), &mut report)
                    .await?;
                continue;
            }
        };
        match read(app, &cells) {
            Err(fault) => hold_back(&mut tx, app, source, line, &fault, &cells, &mut report).await?,
            Ok(organization) if organizations::is_there(&mut tx, &organization.name, &organization.division).await? => {
                report.unchanged += 1;
            }
            Ok(organization) => {
                organizations::insert(&mut tx, &organization, now).await?;
                audit::record(&mut tx, &Actor::system(), Event::new("organization.imported", "organization", &organization.id), now)
                    .await?;
                report.imported += 1;
            }
        }
    }
    tx.commit(now).await?;
    Ok(report)
}

fn read(app: &App, cells: &Cells) -> Result<Organization, Fault> {
    let cell = |name: &str| cells.get(name).map(String::as_str).unwrap_or_default();
    let required = |name: &str| if cell(name).is_empty() { Err(Fault::new(name, "required")) } else { Ok(cell(name).to_owned()) };
    let (name, kind) = (required("name")?, required("kind")?);
    if !app.categories.get().kinds.iter().any(|known| known.named.code == kind) {
        return Err(Fault::new("kind", "kind_unknown").with("kind", kind));
    }
    let division: DivisionCode = required("division")?.parse().map_err(|_| Fault::new("division", "division"))?;
    if !app.divisions.get().has(&division) {
        return Err(Fault::new("division", "division"));
    }
    let phone = cell("phone");
    if !phone.is_empty() && !is_phone(phone) {
        return Err(Fault::new("phone", "phone"));
    }
    let code_uscc = if cell("code_uscc").is_empty() { None } else { Some(read_uscc(cell("code_uscc"))?) };
    Ok(Organization {
        id: OrganizationId::new(app.now()),
        kind,
        name,
        alternate_name: None,
        description: cell("description").to_owned(),
        code_uscc,
        division,
        address: cell("address").to_owned(),
        phones: if phone.is_empty() { Vec::new() } else { vec![phone.to_owned()] },
        website: None,
        parent: None,
        status: Status::Pending,
        status_reason: None,
        entered_by: None,
        verified_at: None,
        verified_until: None,
        confidentiality: Level::Public,
        listed: true,
        do_not_refer: false,
        version: 1,
    })
}

async fn hold_back(
    tx: &mut store::Tx,
    app: &App,
    source: &str,
    line: usize,
    fault: &Fault,
    cells: &Cells,
    report: &mut Report,
) -> Result<()> {
    store::keep_aside(
        tx,
        &QuarantineId::new(app.now()),
        source,
        &format!("organization:{line}"),
        &fault.field,
        fault.reason,
        &store::json(cells),
        app.now(),
    )
    .await?;
    report.held_back.push(HeldBack {
        row: line,
        column: fault.field.clone(),
        reason: fault.reason.into(),
        zh: fault.text(Locale::Zh),
        en: fault.text(Locale::En),
    });
    Ok(())
}
