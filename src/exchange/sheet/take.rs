//! Rows that read go into the store, in one transaction: organizations and services wait for the registrar, children become
//! leads that are sealed at once. A row that lacks what an entry must have is refused like a cell that does not read.

use lianjie_index::entry::{Audience, Delivery, Fee, FeeLevel};
use lianjie_index::rule::Test;
use lianjie_index::{Rule, TermCode};
use serde_json::{Map, Value};

use super::fields::Kind;
use super::report::{Refused, Report, Taken};
use crate::access::Actor;
use crate::app::App;
use crate::audit::{self, Event};
use crate::case::lead::Sources;
use crate::case::lead::actions::{Told, file_within};
use crate::error::{Fault, Result};
use crate::id::{ServiceAtLocationId, ServiceId};
use crate::locale::Locale;
use crate::organization::model::{Organization, Status};
use crate::organization::store as organizations;
use crate::secret::{Hidden, digest};
use crate::service::model::{Service, ServiceAtLocation};
use crate::service::store as services;
use crate::store::{Answered, DIRECTORY, Key, Tx, answered, remember};

type Fields = Map<String, Value>;

fn said<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list(fields: &Fields, name: &str) -> Vec<String> {
    let values = fields.get(name).and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Takes the rows of a report in.
pub async fn take(app: &App, actor: &Actor, kind: Kind, mut report: Report, locale: Locale) -> Result<Report> {
    let at = app.now();
    let mut tx = app.begin().await?;
    let mut taken = Taken::default();
    for sheet in &mut report.sheets {
        let mut refused = Vec::new();
        for entry in &sheet.rows {
            let put = match kind {
                Kind::Organizations => organization(app, &mut tx, &entry.fields).await?,
                Kind::Services => service(app, &mut tx, &entry.fields).await?,
                Kind::Children => child(app, &mut tx, actor, &entry.fields).await?,
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
            sheet.refused.push(Refused { row, column, value: String::new(), reason, remedy });
        }
    }
    let what = match kind {
        Kind::Organizations => "organizations",
        Kind::Services => "services",
        Kind::Children => "children",
    };
    let event =
        Event::new("sheet.imported", "directory", what).fields([format!("new={}", taken.new), format!("unchanged={}", taken.unchanged)]);
    audit::record(&mut tx, actor, event, at).await?;
    tx.commit(at).await?;
    report.taken = Some(taken);
    Ok(report)
}

/// Whether it is new; an organization of that name in that division is there already.
async fn organization(app: &App, tx: &mut Tx, fields: &Fields) -> Result<Result<bool, Fault>> {
    let at = app.now();
    let address = said(fields, "address");
    let divisions = app.divisions.get();
    // An address that names a county is as good as its own column.
    let division = said(fields, "division").parse().ok().or_else(|| super::super::hsds::place_named(address, &divisions));
    let Some(division) = division else { return Ok(Err(Fault::new("division", "required"))) };
    if said(fields, "kind").is_empty() {
        return Ok(Err(Fault::new("kind", "required")));
    }
    let name = said(fields, "name");
    if organizations::is_there(tx, name, &division).await? {
        return Ok(Ok(false));
    }
    let organization = Organization {
        kind: said(fields, "kind").to_owned(),
        name: name.to_owned(),
        code_uscc: Some(said(fields, "code").to_owned()).filter(|code| !code.is_empty()),
        division,
        address: address.to_owned(),
        phones: said(fields, "phone").split('、').filter(|phone| !phone.is_empty()).map(str::to_owned).collect(),
        website: Some(said(fields, "website").to_owned()).filter(|website| !website.is_empty()),
        status: Status::Pending,
        ..Organization::blank(at)
    };
    organizations::insert(tx, &organization, at).await?;
    tx.changed(DIRECTORY, "organization", &organization.id);
    Ok(Ok(true))
}

/// Whether it is new; its organization must be in the directory under that very name.
async fn service(app: &App, tx: &mut Tx, fields: &Fields) -> Result<Result<bool, Fault>> {
    let at = app.now();
    let found = organizations::named(tx, said(fields, "organization")).await?;
    let organization = match found.as_slice() {
        [only] => only,
        [] => return Ok(Err(Fault::new("organization", "sheet_no_organization"))),
        _ => return Ok(Err(Fault::new("organization", "sheet_several_organizations"))),
    };
    let name = said(fields, "name");
    if services::of(tx, &organization.id).await?.iter().any(|one| one.name == name) {
        return Ok(Ok(false));
    }
    let Ok(term) = said(fields, "term").parse::<TermCode>() else { return Ok(Err(Fault::new("term", "terms_required"))) };
    let Some(location) = organizations::locations(tx, &organization.id).await?.into_iter().next() else {
        return Ok(Err(Fault::new("organization", "sheet_no_location")));
    };
    let mut description = said(fields, "description").to_owned();
    for (name, words) in [("hours", "开放时间"), ("phone", "电话")] {
        if !said(fields, name).is_empty() {
            let end = if description.is_empty() { "" } else { "\n" };
            description = [&description, end, words, "：", said(fields, name)].concat();
        }
    }
    let service = Service {
        name: name.to_owned(),
        description,
        terms: vec![term],
        delivery: vec![Delivery::Site],
        eligibility: rule(fields),
        unchecked: true,
        ..Service::blank(ServiceId::new(at), &organization.id)
    };
    let province = organizations::province(&organization.division);
    services::insert(tx, &service, &province, at).await?;
    let areas = list(fields, "area").iter().filter_map(|area| area.parse().ok()).collect();
    let site = ServiceAtLocation { id: ServiceAtLocationId::new(at), service: service.id.clone(), location: Some(location.id), areas };
    services::put_site(tx, &site, &province, at).await?;
    // What is neither free nor has an amount is for the organization to say.
    if said(fields, "fee") == "free" {
        let fee = Fee {
            audience: Audience::Other,
            level: FeeLevel::Free,
            amount_fen: Some(0),
            unit: Some("visit".into()),
            quota: None,
            payer: None,
            valid_from: None,
            valid_to: None,
        };
        services::replace_fees(tx, &service.id, &[fee], at).await?;
    }
    if let Some(capacity) = fields.get("places").and_then(Value::as_u64).and_then(|places| u32::try_from(places).ok()) {
        let place = crate::service::model::Place {
            id: crate::id::PlaceId::new(at),
            service_at_location: site.id.clone(),
            term_from: None,
            term_to: None,
            capacity,
            used: 0,
            held: 0,
            source: "import".into(),
            as_of: at,
            version: 1,
        };
        crate::service::places::post(tx, &place, &province, at).await?;
    }
    Ok(Ok(true))
}

/// Ages and categories as a rule.
fn rule(fields: &Fields) -> Option<Rule> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "years of age")]
    let months = |name: &str| fields.get(name).and_then(Value::as_f64).map(|years| (years * 12.0).round() as u16);
    let (from, to) = (months("minimum_age"), months("maximum_age"));
    let mut parts = Vec::new();
    if from.is_some() || to.is_some() {
        // A child of six is six until its seventh birthday.
        parts.push(Rule::test(Test::AgeMonths(from, to.map(|to| to + 11))));
    }
    let categories: Vec<_> = list(fields, "categories").iter().filter_map(|code| code.parse().ok()).collect();
    if !categories.is_empty() && !list(fields, "categories").iter().any(|code| code == "GENERAL") {
        parts.push(Rule::test(Test::Category(categories)));
    }
    (!parts.is_empty()).then_some(Rule::All(parts))
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
