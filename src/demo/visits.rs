//! Visits to the children of the made-up cases: as often as their risk asks for, with some that are overdue.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use super::draw::Draw;
use super::names::read;
use super::province::Province;
use crate::case::model::Case;
use crate::case::visit::{CaseVisit, Kind, store};
use crate::clock;
use crate::error::Result;
use crate::id::VisitId;
use crate::organization::store::province as province_of;
use crate::secret::{ChildKey, Hidden};
use crate::store::Tx;

/// What is written down after a visit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remarks {
    home: Vec<String>,
    school: Vec<String>,
    phone: Vec<String>,
    after_care: Vec<String>,
}

impl Remarks {
    /// Reads them.
    pub fn read() -> Result<Self> {
        read("demo/visits.toml")
    }

    fn of(&self, kind: Kind) -> &[String] {
        match kind {
            Kind::Home => &self.home,
            Kind::School => &self.school,
            Kind::Phone => &self.phone,
            Kind::AfterCare => &self.after_care,
        }
    }
}

/// Days between visits, as the levels of risk have it; a little later than asked for now and then.
fn every(case: &Case) -> u32 {
    match case.risk.as_ref().map(|risk| risk.0.as_str()) {
        Some("red") => 7,
        Some("yellow") => 15,
        Some("green") => 90,
        _ => 30,
    }
}

/// Visits a child from the opening of its case until lately; one of eight families has been waiting too long.
pub async fn visit(tx: &mut Tx, province: &Province, case: &Case, key: &ChildKey, remarks: &Remarks, draw: &mut Draw) -> Result<()> {
    let every = every(case);
    let until = if draw.chance(12) { province.days_ago(every + draw.number(3..=20)) } else { province.today };
    let mut day: Date = clock::day(case.opened_at).saturating_add(i64::from(draw.number(1..=3)).days());
    while day < until {
        let kind = match draw.number(0..=11) {
            0..=6 => Kind::Home,
            7..=9 => Kind::School,
            _ => Kind::Phone,
        };
        let at = clock::start_of(day) + i64::from(draw.number(9 * 60..=17 * 60)).minutes();
        let visit = CaseVisit { id: VisitId::from_parts(at, draw.bytes()), case: case.id.clone(), by: case.worker.clone(), day, kind };
        let note = Hidden::new(draw.one(remarks.of(kind)).clone());
        store::insert(tx, &visit, &province_of(&case.division), (key, &case.child), Some(&note), at).await?;
        // A call is made in between; the visit follows soon after.
        let gap = if kind == Kind::Phone { draw.number(1..=3) } else { every.saturating_sub(draw.number(0..=2)).max(1) };
        day = day.saturating_add(i64::from(gap).days());
    }
    Ok(())
}
