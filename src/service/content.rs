//! What somebody writes about a service, and what must be right about it.

use lianjie_index::entry::{Delivery, Fee, FeeLevel, Level, Schedule};
use lianjie_index::rule::Test;
use lianjie_index::{Area, Rule, TermCode, Vocabulary};

use super::model::{FeeRow, Service, ServiceAtLocation, Status};
use crate::division::model::Divisions;
use crate::error::{Fault, Faults};
use crate::id::{LocationId, PractitionerId, ProgramId, ServiceAtLocationId};

/// Most days to wait that can be meant.
pub const LONGEST_WAIT: u16 = 730;

/// A service as it is written.
#[derive(Debug, Clone)]
pub struct Content {
    /// The purchased project it is part of.
    pub program: Option<ProgramId>,
    /// The licensed person who gives it.
    pub practitioner: Option<PractitionerId>,
    /// Name.
    pub name: String,
    /// What it is, in the provider's words.
    pub description: String,
    /// Taxonomy leaves.
    pub terms: Vec<TermCode>,
    /// How it reaches the child.
    pub delivery: Vec<Delivery>,
    /// Whether it is given.
    pub status: Status,
    /// Who may use it; absent = not stated.
    pub eligibility: Option<Rule>,
    /// Languages and dialects.
    pub languages: Vec<String>,
    /// How to apply.
    pub application: String,
    /// Papers to bring.
    pub documents: Vec<String>,
    /// Openings.
    pub schedule: Schedule,
    /// Whether the provider fetches the child or pays the way.
    pub travel_free: bool,
    /// Days to wait.
    pub wait_days: Option<u16>,
    /// Who may see it.
    pub confidentiality: Level,
    /// Fees.
    pub fees: Vec<Fee>,
    /// Where it is given.
    pub sites: Vec<Site>,
}

/// Where a service is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The one that is changed; absent for a new one.
    pub id: Option<ServiceAtLocationId>,
    /// Location; absent = at home, online, by phone.
    pub location: Option<LocationId>,
    /// Where it is given to; empty = not stated.
    pub areas: Vec<Area>,
}

impl Content {
    /// A service as it stands, to be changed part by part.
    #[must_use]
    pub fn of(service: &Service, sites: &[ServiceAtLocation], fees: &[FeeRow]) -> Self {
        let site =
            |site: &ServiceAtLocation| Site { id: Some(site.id.clone()), location: site.location.clone(), areas: site.areas.clone() };
        Self {
            program: service.program.clone(),
            practitioner: service.practitioner.clone(),
            name: service.name.clone(),
            description: service.description.clone(),
            terms: service.terms.clone(),
            delivery: service.delivery.clone(),
            status: service.status,
            eligibility: service.eligibility.clone(),
            languages: service.languages.clone(),
            application: service.application.clone(),
            documents: service.documents.clone(),
            schedule: service.schedule.clone(),
            travel_free: service.travel_free,
            wait_days: service.wait_days,
            confidentiality: service.confidentiality,
            fees: fees.iter().map(|row| row.fee.clone()).collect(),
            sites: sites.iter().map(site).collect(),
        }
    }

    /// Everything that is wrong by itself; what the law says against it is asked beside it.
    #[must_use]
    pub fn faults(&self, vocabulary: &Vocabulary, divisions: &Divisions) -> Faults {
        let mut faults = Faults::new();
        faults.require(self.name.chars().count() >= 2, "name", "required");
        for (field, text, most) in
            [("name", &self.name, 80), ("description", &self.description, 2000), ("application", &self.application, 1000)]
        {
            too_long(&mut faults, field, text, most);
        }
        faults.require(!self.terms.is_empty(), "terms", "terms_required");
        if self.terms.len() > 12 {
            faults.add(Fault::new("terms", "too_many").with("most", 12));
        }
        for term in &self.terms {
            if !term.is_leaf() || vocabulary.term(term).is_none() {
                faults.add(Fault::new("terms", "unknown_term").with("term", term));
            }
        }
        faults.require(!self.delivery.is_empty(), "delivery", "required");
        faults.require(self.wait_days.is_none_or(|days| days <= LONGEST_WAIT), "wait_days", "wait_days");
        for (field, list) in [("languages", &self.languages), ("documents", &self.documents)] {
            if list.len() > 20 {
                faults.add(Fault::new(field, "too_many").with("most", 20));
            }
            for text in list {
                too_long(&mut faults, field, text, 100);
            }
        }
        let daily = self
            .schedule
            .weekly
            .iter()
            .all(|one| (1..=7).contains(&one.day) && (one.from < one.to || one.to == jiff::civil::Time::midnight()));
        faults.require(daily, "schedule", "schedule");
        self.fee_faults(&mut faults);
        self.site_faults(divisions, &mut faults);
        if let Some(rule) = &self.eligibility {
            rule_faults(rule, divisions, &mut faults);
        }
        faults
    }

    fn fee_faults(&self, faults: &mut Faults) {
        for fee in &self.fees {
            let amount = fee.amount_fen.unwrap_or(0);
            faults.require((0..=10_000_000).contains(&amount), "fees", "fee_amount");
            faults.require(fee.level == FeeLevel::Free || amount > 0 || fee.payer.is_some(), "fees", "fee_required");
            let unit = fee.unit.as_deref().unwrap_or("visit");
            faults.require(["visit", "hour", "month", "term"].contains(&unit), "fees", "fee_unit");
        }
    }

    fn site_faults(&self, divisions: &Divisions, faults: &mut Faults) {
        let goes = self.delivery.contains(&Delivery::Site);
        faults.require(!goes || self.sites.iter().any(|site| site.location.is_some()), "sites", "site_required");
        for area in self.sites.iter().flat_map(|site| &site.areas) {
            if !divisions.has_area(area) {
                faults.add(Fault::new("areas", "unknown_area").with("name", area));
            }
        }
    }

    /// Puts it into a service; sites and fees have tables of their own.
    pub fn put_into(&self, service: &mut Service) {
        service.program.clone_from(&self.program);
        service.practitioner.clone_from(&self.practitioner);
        service.name.clone_from(&self.name);
        service.description.clone_from(&self.description);
        service.terms.clone_from(&self.terms);
        service.delivery.clone_from(&self.delivery);
        service.status = self.status;
        service.eligibility.clone_from(&self.eligibility);
        service.languages.clone_from(&self.languages);
        service.application.clone_from(&self.application);
        service.documents.clone_from(&self.documents);
        service.schedule.clone_from(&self.schedule);
        service.travel_free = self.travel_free;
        service.wait_days = self.wait_days;
        service.confidentiality = self.confidentiality;
    }
}

fn too_long(faults: &mut Faults, field: &str, text: &str, most: usize) {
    if text.chars().count() > most {
        faults.add(Fault::new(field, "longer_than").with("most", most));
    }
}

/// A rule may name only places there are.
fn rule_faults(rule: &Rule, divisions: &Divisions, faults: &mut Faults) {
    let mut unknown = None;
    rule.each_atom(&mut |atom| match &atom.test {
        // Household registration may lie in another province, of which only the two digits are known here.
        Test::Hukou(codes) => {
            unknown = codes
                .iter()
                .find(|code| code.as_str().starts_with("32") && !divisions.has(code))
                .map(ToString::to_string)
                .or(unknown.take());
        }
        Test::Residence(areas) => unknown = areas.iter().find(|area| !divisions.has_area(area)).map(ToString::to_string).or(unknown.take()),
        _ => {}
    });
    if let Some(name) = unknown {
        faults.add(Fault::new("eligibility", "unknown_area").with("name", name));
    }
}
