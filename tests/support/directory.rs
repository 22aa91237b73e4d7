//! A directory for a test: organizations with services, verified and checked unless said otherwise.

use jiff::Timestamp;
use lianjie::id::{LocationId, OrganizationId, PlaceId, ServiceAtLocationId, ServiceId};
use lianjie::organization::model::{Location, LocationType, Organization, Program, Status};
use lianjie::organization::store as organizations;
use lianjie::service::model::{Place, Service, ServiceAtLocation, Status as Given};
use lianjie::service::{places, store as services};
use lianjie::store::DIRECTORY;
use lianjie_index::Wgs84;
use lianjie_index::entry::{Audience, Delivery, Fee, FeeLevel, Level};

use super::TestApp;

/// An organization with one service at one location, not yet stored: every field may be changed before [`Listing::put`].
pub struct Listing {
    /// The organization.
    pub organization: Organization,
    /// Its location.
    pub location: Location,
    /// Its service; checked as it is when put, unless `unchecked` or `checked` is set.
    pub service: Service,
    /// The service at the location.
    pub site: ServiceAtLocation,
    /// Its fees.
    pub fees: Vec<Fee>,
    /// Places: all, and taken.
    pub places: Option<(u32, u32)>,
    /// A project the service is part of.
    pub program: Option<Program>,
}

/// A service that is verified, checked, free for children in hardship, with three of twenty places free, in a township.
pub async fn a_service(test: &TestApp, name: &str, terms: &[&str], division: &str) -> Listing {
    Listing::new(test, name, terms, division).put(test).await
}

impl Listing {
    /// One that is as [`a_service`] puts it.
    pub fn new(test: &TestApp, name: &str, terms: &[&str], division: &str) -> Self {
        let at = test.app.now();
        let division = division.parse().unwrap();
        let point = test.app.divisions.get().gazetteer.seat(&division);
        let organization = Organization {
            id: OrganizationId::new(at),
            kind: "社工机构".into(),
            name: "向阳花青少年社工服务中心".into(),
            alternate_name: None,
            description: String::new(),
            code_uscc: None,
            division,
            address: "测试路 1 号".into(),
            phones: vec!["025-0000 0001".into()],
            office_phones: Vec::new(),
            website: None,
            parent: None,
            status: Status::Verified,
            status_reason: None,
            entered_by: None,
            verified_at: Some(at),
            verified_until: Some("2027-06-30".parse().unwrap()),
            confidentiality: Level::Public,
            listed: true,
            do_not_refer: false,
            version: 1,
        };
        let location = Location {
            id: LocationId::new(at),
            organization: organization.id.clone(),
            location_type: LocationType::Physical,
            name: "梧桐里站点".into(),
            address: "梧桐里 8 号".into(),
            division: organization.division.clone(),
            village: None,
            point: point.map(|point| Wgs84 { longitude: point.longitude + 0.01, latitude: point.latitude }),
            crs_given: None,
            precision_m: None,
            accessibility: vec!["wheelchair".into()],
            transportation: None,
        };
        let service = Service {
            id: ServiceId::new(at),
            organization: organization.id.clone(),
            program: None,
            practitioner: None,
            name: name.into(),
            description: "周一到周五，由老师和志愿者提供。".into(),
            terms: terms.iter().map(|term| term.parse().unwrap()).collect(),
            delivery: vec![Delivery::Site],
            status: Given::Active,
            eligibility: Some(r#"{"all":[{"age_months":[72,179]}]}"#.parse().unwrap()),
            languages: vec!["普通话".into()],
            application: "打电话报名".into(),
            documents: vec!["户口簿".into()],
            schedule: serde_json::from_str(
                r#"{"weekly":[{"day":3,"from":"08:30:00","to":"18:00:00"},{"day":4,"from":"08:30:00","to":"18:00:00"}]}"#,
            )
            .unwrap(),
            travel_free: false,
            wait_days: Some(5),
            assured_at: Some("2026-11-20".parse().unwrap()),
            confidentiality: Level::Public,
            do_not_refer: false,
            checked: None,
            unchecked: false,
            version: 1,
        };
        let site = ServiceAtLocation {
            id: ServiceAtLocationId::new(at),
            service: service.id.clone(),
            location: Some(location.id.clone()),
            areas: vec![organization.division.county().into()],
        };
        let fees = vec![fee(Audience::Hardship, FeeLevel::Free, 0), fee(Audience::Other, FeeLevel::Full, 3000)];
        Self { organization, location, service, site, fees, places: Some((20, 17)), program: None }
    }

    /// Changes it before it is put.
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Stores all of it in one transaction.
    pub async fn put(mut self, test: &TestApp) -> Self {
        let at = test.app.now();
        let province = organizations::province(&self.organization.division);
        if self.service.checked.is_none() && !self.service.unchecked {
            self.service.checked = Some(self.service.to_checked());
        }
        let mut tx = test.app.begin().await.unwrap();
        organizations::insert(&mut tx, &self.organization, at).await.unwrap();
        organizations::put_location(&mut tx, &self.location, at).await.unwrap();
        if let Some(program) = &self.program {
            organizations::put_program(&mut tx, program, &province, at).await.unwrap();
            self.service.program = Some(program.id.clone());
        }
        services::insert(&mut tx, &self.service, &province, at).await.unwrap();
        services::put_site(&mut tx, &self.site, &province, at).await.unwrap();
        services::replace_fees(&mut tx, &self.service.id, &self.fees, at).await.unwrap();
        if let Some((capacity, used)) = self.places {
            places::post(&mut tx, &posted(&self.site.id, capacity, used, at), &province, at).await.unwrap();
        }
        tx.commit(at).await.unwrap();
        self
    }

    /// Stores the organization and its location, and no service.
    pub async fn put_alone(self, test: &TestApp) -> Self {
        let at = test.app.now();
        let mut tx = test.app.begin().await.unwrap();
        organizations::insert(&mut tx, &self.organization, at).await.unwrap();
        organizations::put_location(&mut tx, &self.location, at).await.unwrap();
        tx.changed(DIRECTORY, "organization", &self.organization.id);
        tx.commit(at).await.unwrap();
        self
    }

    /// The path of its page.
    pub fn page(&self) -> String {
        format!("/services/{}", self.service.id)
    }
}

/// A fee by the visit.
pub fn fee(audience: Audience, level: FeeLevel, amount_fen: i64) -> Fee {
    Fee {
        audience,
        level,
        amount_fen: Some(amount_fen),
        unit: Some("visit".into()),
        quota: None,
        payer: None,
        valid_from: None,
        valid_to: None,
    }
}

fn posted(site: &ServiceAtLocationId, capacity: u32, used: u32, at: Timestamp) -> Place {
    Place {
        id: PlaceId::new(at),
        service_at_location: site.clone(),
        term_from: None,
        term_to: None,
        capacity,
        used,
        held: 0,
        source: "organization".into(),
        as_of: at,
        version: 1,
    }
}
