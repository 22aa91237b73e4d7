//! Rows of one list that look like one another: a department may have an organization twice, under two names.

use lianjie_index::duplicate::{self, Regions, SUGGESTED, pairs};

use super::assess::{Assessed, Standing};
use super::model::{Decision, List};
use crate::exchange::sheet::Prepared;
use crate::organization::model::Organization;

/// Marks rows that would come in but look like one further up, until a person says that they are another.
pub fn mark(regions: &Regions, list: &List, assessed: &mut [Assessed]) {
    let mut records = Vec::new();
    for (sheet, one) in assessed.iter().enumerate() {
        for row in &one.rows {
            if let Standing::Good(Prepared::Organization(organization, _)) = &row.standing {
                records.push(record(sheet, row.number, organization));
            }
        }
    }
    // Ids are places in the list, and the first of a pair stands further up.
    for pair in pairs(&records, regions, SUGGESTED) {
        let (Some(first), Some((sheet, number))) = (place(&pair.a), place(&pair.b)) else { continue };
        let decision = list.sheets.get(sheet).and_then(|draft| draft.decisions.get(&number));
        let row = assessed.get_mut(sheet).and_then(|one| one.rows.iter_mut().find(|row| row.number == number));
        if let Some(row) = row.filter(|row| decision != Some(&Decision::Distinct) && matches!(row.standing, Standing::Good(_))) {
            row.standing = Standing::Twice(first.1);
        }
    }
}

fn record(sheet: usize, number: usize, organization: &Organization) -> duplicate::Organization {
    duplicate::Organization {
        id: format!("{sheet:03} {number:08}"),
        name: organization.name.clone(),
        address: organization.address.clone(),
        phone: organization.phones.join("、"),
        contact: String::new(),
        uscc: organization.code_uscc.clone().unwrap_or_default(),
        county: organization.division.county().to_string(),
        website: organization.website.clone().unwrap_or_default(),
        point: String::new(),
    }
}

fn place(id: &str) -> Option<(usize, usize)> {
    let (sheet, number) = id.split_once(' ')?;
    Some((sheet.parse().ok()?, number.parse().ok()?))
}
