//! The bodies of the case side: what is sent, and what is answered of what the actor may see.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::{NewNeed, View};
use super::super::model::{Case, Need, Source, Tier, Travel, Written, WrittenGuardian, name};
use super::super::store::Line;
use crate::access::{Class, Classes};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Fault, Result};
use crate::locale::Locale;
use crate::secret::Hidden;

/// A guardian as sent.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardianIn {
    /// Of one that is there: its sealed name and phone stay where none are given.
    #[serde(default)]
    id: String,
    /// `father`, `mother`, `grandparent`, `relative`, `other`.
    relation: String,
    /// `present`, `away`, `dead`, `missing`, `lost_contact`, `imprisoned`, `compulsory_detox`, `detained`, `disabled`, `ill`,
    /// `deported`, `revoked`.
    #[serde(default)]
    state: String,
    /// Day since when.
    #[serde(default)]
    since: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    carer: bool,
    #[serde(default)]
    suspected: bool,
    #[serde(default)]
    #[schema(value_type = String)]
    name: Hidden,
    #[serde(default)]
    #[schema(value_type = String)]
    phone: Hidden,
}

/// What is known of a child and its case. Absent is unknown when a case is opened, and stays when one is changed; a sealed
/// field that is empty stays too.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactsIn {
    alias: Option<String>,
    #[schema(value_type = Option<String>)]
    name: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    identity_number: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    phone: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    address: Option<Hidden>,
    /// `longitude,latitude` in degrees of WGS-84.
    #[schema(value_type = Option<String>)]
    point: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    school: Option<Hidden>,
    /// `YYYY-MM`; read from the identity number where one is given.
    birth_month: Option<String>,
    /// `female`, `male`.
    sex: Option<String>,
    /// Township of residence.
    division: Option<String>,
    /// Village of residence, a statistical code of twelve digits.
    village: Option<String>,
    hukou: Option<String>,
    guardians: Option<Vec<GuardianIn>>,
    flags: Option<Vec<String>>,
    holds: Option<BTreeMap<String, bool>>,
    diagnoses: Option<BTreeMap<String, bool>>,
    #[schema(value_type = Option<String>)]
    certificates: Option<Hidden>,
    school_stage: Option<String>,
    languages: Option<Vec<String>>,
    #[schema(value_type = Option<Object>)]
    travel: Option<Travel>,
    can_pay: Option<String>,
    guardian: Option<String>,
    #[schema(value_type = Option<String>)]
    narrative: Option<Hidden>,
    #[schema(value_type = Option<String>)]
    care_notes: Option<Hidden>,
    risk: Option<String>,
    /// Categories in the place of those computed; an empty list lets them be computed again.
    categories: Option<Vec<String>>,
    categories_reason: Option<String>,
}

impl FactsIn {
    /// What was sent, over what is written.
    pub fn over(self, mut written: Written) -> Written {
        fn put<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        put(&mut written.alias, self.alias);
        put(&mut written.name, self.name);
        put(&mut written.identity_number, self.identity_number);
        put(&mut written.phone, self.phone);
        put(&mut written.address, self.address);
        put(&mut written.point, self.point);
        put(&mut written.school, self.school);
        put(&mut written.birth_month, self.birth_month);
        put(&mut written.sex, self.sex);
        put(&mut written.division, self.division);
        put(&mut written.village, self.village);
        put(&mut written.hukou, self.hukou);
        put(&mut written.guardians, self.guardians.map(guardians));
        put(&mut written.flags, self.flags);
        put(&mut written.holds, self.holds);
        put(&mut written.diagnoses, self.diagnoses);
        put(&mut written.certificates, self.certificates);
        put(&mut written.school_stage, self.school_stage);
        put(&mut written.languages, self.languages);
        if let Some(Travel { mode, limit_minutes }) = self.travel {
            written.travel_mode = mode.unwrap_or_default();
            written.limit_minutes = limit_minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        }
        put(&mut written.can_pay, self.can_pay);
        put(&mut written.guardian, self.guardian);
        put(&mut written.narrative, self.narrative);
        put(&mut written.care_notes, self.care_notes);
        put(&mut written.risk, self.risk);
        put(&mut written.categories, self.categories);
        put(&mut written.categories_reason, self.categories_reason);
        written
    }
}

fn guardians(sent: Vec<GuardianIn>) -> Vec<WrittenGuardian> {
    let read = |(place, one): (usize, GuardianIn)| WrittenGuardian {
        at: format!("guardians[{place}]."),
        id: one.id,
        relation: one.relation,
        state: one.state,
        since: one.since,
        evidence: one.evidence,
        carer: one.carer,
        suspected: one.suspected,
        name: one.name,
        phone: one.phone,
    };
    sent.into_iter().enumerate().map(read).collect()
}

/// A need as sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedIn {
    /// Taxonomy leaf.
    term: String,
    /// Urgency 1 to 4; the case's own where absent.
    tier: Option<u8>,
    /// Why it is another.
    tier_reason: Option<String>,
    /// By when.
    target_day: Option<String>,
    /// Whether more than one provider may serve at a time.
    #[serde(default)]
    several: bool,
    /// Whether it was read from words rather than picked.
    #[serde(default)]
    read: bool,
}

/// Reads needs; the fault names which.
pub fn needs(sent: Vec<NeedIn>) -> Result<Vec<NewNeed>> {
    let read = |(place, one): (usize, NeedIn)| {
        let fault = |field: &str, reason| Error::Invalid(vec![Fault::new(format!("needs[{place}].{field}"), reason)]);
        let tier = one.tier.map(Tier::new).transpose().map_err(|_| fault("tier", "tier"))?;
        let target_day = one.target_day.map(|day| day.parse()).transpose().map_err(|_| fault("target_day", "day"))?;
        let term = one.term.parse().map_err(|_| fault("term", "term"))?;
        let source = if one.read { Source::Read } else { Source::Picked };
        Ok(NewNeed { term, source, tier, tier_reason: one.tier_reason, target_day, several: one.several })
    };
    sent.into_iter().enumerate().map(read).collect()
}

/// A need.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeedBody {
    id: String,
    term: String,
    name: String,
    tier: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    tier_reason: Option<String>,
    /// `open`, `in_dispatch`, `being_served`, `met`, `partly_met`, `not_met`, `no_longer_needed`, `gap`.
    state: String,
    several: bool,
    unverified: bool,
    target_day: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    opened_at: String,
    closed_at: Option<String>,
    source: String,
    version: i64,
}

/// A need as who sees these classes sees it.
pub fn need(app: &App, locale: Locale, need: &Need, classes: Classes) -> NeedBody {
    let status = classes.has(Class::Status);
    let language = match locale {
        Locale::Zh => lianjie_index::Language::Zh,
        Locale::En => lianjie_index::Language::En,
    };
    NeedBody {
        id: need.id.to_string(),
        term: need.term.to_string(),
        name: app.vocabulary.get().name(&need.term, language),
        tier: need.tier.number(),
        tier_reason: need.tier_reason.clone().filter(|_| status),
        state: need.state.name().to_owned(),
        several: need.several,
        unverified: need.unverified,
        target_day: need.target_day.map(|day| day.to_string()),
        reason: need.reason.clone().filter(|_| status),
        opened_at: clock::stored(need.opened_at),
        closed_at: need.closed_at.map(clock::stored),
        source: name(&need.source),
        version: need.version,
    }
}

/// What of a case is of the class `status`.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusBody {
    risk: Option<String>,
    categories: Vec<String>,
    categories_reason: Option<String>,
    flags: Vec<String>,
    holds: BTreeMap<String, bool>,
    hukou: Option<String>,
    guardian: Option<String>,
    school_stage: Option<String>,
    can_pay: Option<String>,
    closed_reason: Option<String>,
    /// Duties to report that are not made: closing waits for them.
    reports_waiting: usize,
}

/// What of a case is of the class `care`.
#[derive(Debug, Serialize, ToSchema)]
pub struct CareBody {
    sex: Option<String>,
    #[schema(value_type = Object)]
    travel: Travel,
    care_notes: Option<String>,
}

/// A case, masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseBody {
    id: String,
    number: String,
    alias: String,
    age_band: Option<String>,
    division: String,
    /// `intake`, `assessed`, `active`, `follow_up`, `closed`.
    state: String,
    station: String,
    opened_at: String,
    closed_at: Option<String>,
    languages: Vec<String>,
    /// The classes of fields that are shown.
    shown: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    care: Option<CareBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<StatusBody>,
    needs: Vec<NeedBody>,
    version: i64,
}

/// The case of a view.
pub fn case(app: &App, locale: Locale, view: &View) -> CaseBody {
    let Case { id, number, state, station, opened_at, closed_at, languages, version, travel, .. } = &view.case;
    let classes = view.classes;
    let care = || CareBody {
        sex: view.child.sex.as_ref().map(name),
        travel: travel.clone(),
        care_notes: view.care_notes.as_ref().map(|notes| notes.reveal().to_owned()),
    };
    CaseBody {
        id: id.to_string(),
        number: number.clone(),
        alias: view.brief.alias.clone(),
        age_band: view.brief.age_band.map(|band| band.to_string()),
        division: view.brief.division.to_string(),
        state: state.name().to_owned(),
        station: station.to_string(),
        opened_at: clock::stored(*opened_at),
        closed_at: closed_at.map(clock::stored),
        languages: languages.clone(),
        shown: classes.iter().map(|class| name(&class)).collect(),
        care: classes.has(Class::Care).then(care),
        status: classes.has(Class::Status).then(|| status(view)),
        needs: view.needs.iter().map(|one| need(app, locale, one, classes)).collect(),
        version: *version,
    }
}

fn status(view: &View) -> StatusBody {
    let case = view.case.clone();
    StatusBody {
        risk: case.risk.map(|risk| risk.0),
        categories: case.categories.iter().map(ToString::to_string).collect(),
        categories_reason: case.categories_reason,
        flags: case.flags.iter().map(name).collect(),
        holds: case.holds,
        hukou: case.hukou.map(|code| code.to_string()),
        guardian: case.guardian,
        school_stage: case.school_stage,
        can_pay: case.can_pay,
        closed_reason: case.closed_reason,
        reports_waiting: view.duties.iter().filter(|duty| duty.made_at.is_none()).count(),
    }
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineBody {
    id: String,
    number: String,
    alias: String,
    age_band: Option<String>,
    division: String,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<String>,
    /// The most urgent tier of a need that is not settled.
    tier: Option<u32>,
    needs: u32,
    met: u32,
    being_served: u32,
    gaps: u32,
    opened_at: String,
}

/// A line as who sees these classes sees it.
pub fn line(app: &App, line: &Line, classes: Classes) -> LineBody {
    LineBody {
        id: line.id.to_string(),
        number: line.number.clone(),
        alias: line.alias.clone(),
        age_band: line.birth_month.map(|month| month.band(app.today()).to_string()),
        division: line.division.to_string(),
        state: line.state.name().to_owned(),
        risk: line.risk.as_ref().filter(|_| classes.has(Class::Status)).map(|risk| risk.0.clone()),
        tier: line.tier,
        needs: line.needs,
        met: line.met,
        being_served: line.served,
        gaps: line.gaps,
        opened_at: clock::stored(line.opened_at),
    }
}
