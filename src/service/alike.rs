//! Whether two entries are likely one service: the same name, or much the same by name and need; of one organization, or of two at
//! one place. How names are compared is `lianjie_index::duplicate`'s.

use lianjie_index::duplicate::{self, Regions, SUGGESTED};
use lianjie_index::text::fold;

use super::model::Service;
use crate::organization::model::{Location, Organization};

/// What speaks for two services being one, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// The same name, but for blanks, brackets and width, of the same organization.
    Name,
    /// Much the same name and a need in common, given at the same place by the same organization.
    Site,
    /// Much the same name and a need in common, of the same organization.
    Need,
    /// The same or much the same name and a need in common, given at the same place by another organization.
    Beside,
}

impl Alike {
    /// The key of the fault that says so.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Name => "alike_service_name",
            Self::Site => "alike_service_site",
            Self::Need => "alike_service_need",
            Self::Beside => "alike_service_beside",
        }
    }
}

/// A service with whose it is and where it is given.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    /// It.
    pub service: &'a Service,
    /// Whose it is.
    pub organization: &'a Organization,
    /// Where it is given.
    pub locations: &'a [Location],
}

/// What is alike about two services, if they may be one. One that is no longer given is none.
#[must_use]
pub fn alike(one: Placed<'_>, other: Placed<'_>, regions: &Regions) -> Option<Alike> {
    let gone = other.service.status == super::model::Status::Defunct;
    if gone || one.service.id == other.service.id {
        return None;
    }
    let own = one.organization.id == other.organization.id;
    if own && plain(&one.service.name) == plain(&other.service.name) {
        return Some(Alike::Name);
    }
    let need = one.service.terms.iter().any(|term| other.service.terms.contains(term));
    let here = one.locations.iter().any(|place| other.locations.iter().any(|known| same_place(place, known)));
    let named = || {
        plain(&one.service.name) == plain(&other.service.name)
            || duplicate::compare(&record(one), &record(other), regions).score >= SUGGESTED
    };
    if !need || !own && !here || !named() {
        return None;
    }
    Some(match (own, here) {
        (true, true) => Alike::Site,
        (true, false) => Alike::Need,
        (false, _) => Alike::Beside,
    })
}

fn same_place(one: &Location, other: &Location) -> bool {
    one.id == other.id || !one.address.is_empty() && one.division == other.division && plain(&one.address) == plain(&other.address)
}

/// A service as it is compared.
fn record(one: Placed<'_>) -> duplicate::Service {
    let place = one.locations.first();
    duplicate::Service {
        id: one.service.id.to_string(),
        name: one.service.name.clone(),
        org: one.organization.name.clone(),
        address: place.map(|place| place.address.clone()).unwrap_or_default(),
        phone: one.organization.phones.join("、"),
        category: one.service.terms.first().map(ToString::to_string).unwrap_or_default(),
        county: one.organization.division.county().to_string(),
        age: String::new(),
    }
}

/// A name without what people write one way or another.
fn plain(name: &str) -> String {
    fold(name).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ServiceId;

    fn organization(name: &str) -> Organization {
        let at = "2026-11-25T01:00:00Z".parse().unwrap();
        let phones = vec!["025-11112222".to_owned()];
        Organization { name: name.into(), division: "320116".parse().unwrap(), phones, ..Organization::blank(at) }
    }

    fn service(of: &Organization, name: &str, term: &str) -> Service {
        let at = "2026-11-25T01:00:00Z".parse().unwrap();
        Service { name: name.into(), terms: vec![term.parse().unwrap()], ..Service::blank(ServiceId::new(at), &of.id) }
    }

    fn between(one: (&Organization, &Service), other: (&Organization, &Service)) -> Option<Alike> {
        let county: lianjie_index::DivisionCode = "320116".parse().unwrap();
        let regions = Regions::new([(&county, "六合区")]);
        let placed = |(organization, service)| Placed { service, organization, locations: &[] };
        alike(placed(one), placed(other), &regions)
    }

    #[test]
    fn a_name_written_another_way_is_the_same_and_another_need_is_another_service() {
        let own = organization("南京市六合区春晖社会工作服务中心");
        let one = service(&own, "向日葵（儿童）心理辅导项目", "PSY-03");
        assert_eq!(between((&own, &one), (&own, &service(&own, "向日葵儿童心理辅导项目", "LAW-01"))), Some(Alike::Name));
        let other = service(&own, "2024年“向日葵”儿童心理輔導服务", "PSY-03");
        assert_eq!(between((&own, &one), (&own, &other)), Some(Alike::Need));
        assert_eq!(between((&own, &one), (&own, &service(&own, "法律援助咨询", "PSY-03"))), None);
        assert_eq!(between((&own, &one), (&own, &one)), None, "a service is not like itself");
    }

    #[test]
    fn what_another_organization_gives_elsewhere_is_another_service() {
        let (own, theirs) = (organization("春晖社会工作服务中心"), organization("秋实社会工作服务中心"));
        let one = service(&own, "向日葵儿童心理辅导", "PSY-03");
        let other = service(&theirs, "向日葵儿童心理辅导", "PSY-03");
        assert_eq!(between((&own, &one), (&theirs, &other)), None);
    }
}
