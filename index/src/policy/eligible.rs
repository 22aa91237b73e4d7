//! Whether a listing lets a child in, three-valued, by the few fields a simulator has.
//!
//! A stated rule that the facts break is `no`; one that meets an unknown fact, or that is not
//! stated at all, is open. Source: `docs/MATCHING.md`, "Rules".

use super::protocol::{Need, Question, Service};

/// What is open between a need and a listing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Open {
    /// Whether the child's household decides and is not known.
    pub(super) households: bool,
    /// Whether the registration decides and is not known.
    pub(super) hukou: bool,
    /// How many rules are open that no question to the family settles.
    pub(super) listing: usize,
}

impl Open {
    /// How many rules are open.
    #[cfg(test)]
    pub(super) fn count(self) -> usize {
        self.listing + usize::from(self.households) + usize::from(self.hukou)
    }

    /// Whether an answer settles one of them.
    pub(super) fn depends_on(self, question: Question) -> bool {
        match question {
            Question::Households => self.households,
            Question::Hukou => self.hukou,
        }
    }
}

/// What is open; none where a stated rule keeps the child out.
pub(super) fn open(need: &Need, service: &Service) -> Option<Open> {
    let mut open = Open::default();
    match (service.age, need.age) {
        (Some([least, most]), Some(age)) if age < least || age.floor() > most => return None,
        (Some(_), Some(_)) => {}
        _ => open.listing += 1,
    }
    match service.area.as_deref() {
        Some("town") if need.town != service.town => return None,
        Some(_) => {}
        None => open.listing += 1,
    }
    match (&service.households, &need.households) {
        (None, _) => open.listing += 1,
        (Some(_), None) => open.households = true,
        (Some(taken), Some(own)) if !own.keys().iter().any(|own| taken.keys().contains(own)) => return None,
        _ => {}
    }
    match (service.hukou.as_deref(), need.hukou.as_deref()) {
        (None, _) => open.listing += 1,
        (Some("local"), None) => open.hukou = true,
        (Some("local"), Some(own)) if own != "local" => return None,
        _ => {}
    }
    Some(open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::sample::{need, service};

    #[test]
    fn what_is_stated_and_known_decides_and_the_rest_stays_open() {
        let (mut need, mut service) = (need(1), service(1));
        assert_eq!(open(&need, &service).unwrap().count(), 0);
        need.hukou = None;
        service.hukou = Some("local".to_owned());
        assert!(open(&need, &service).unwrap().hukou);
        need.hukou = Some("other".to_owned());
        assert_eq!(open(&need, &service), None);
        service.hukou = None;
        assert_eq!(open(&need, &service).unwrap().listing, 1);
    }

    #[test]
    fn both_ends_of_an_age_are_inside() {
        let (mut need, mut service) = (need(1), service(1));
        service.age = Some([6.0, 12.0]);
        for (age, inside) in [(5.9, false), (6.0, true), (12.9, true), (13.0, false)] {
            need.age = Some(age);
            assert_eq!(open(&need, &service).is_some(), inside, "{age}");
        }
    }

    #[test]
    fn a_service_of_another_town_is_closed_and_one_household_of_several_opens() {
        let (mut need, mut service) = (need(1), service(1));
        service.area = Some("town".to_owned());
        service.town = 9.into();
        assert_eq!(open(&need, &service), None);
        service.town = need.town.clone();
        service.households = Some(crate::policy::protocol::Several::Many(vec![1.into(), 2.into()]));
        need.households = Some(crate::policy::protocol::Several::One(2.into()));
        assert!(open(&need, &service).is_some());
    }
}
