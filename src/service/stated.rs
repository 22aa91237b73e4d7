//! What an entry states, fact by fact, as digests: a check says of which value it was, and says nothing of another.

use lianjie_index::entry::Fee;
use serde::Serialize;

use super::model::Service;
use crate::secret::digest;
use crate::store::json;

/// Begins the digests that are of the fact as it stands here; older ones, and those of other sources, were of more or of something else.
const OF_THE_FACT: &str = "=";

/// A fact with the digest of its value.
pub type Stated = (&'static str, String);

/// The facts of a service that change while the service stays: hours, fees where there are some, days to wait where they are stated.
#[must_use]
pub fn of_service(service: &Service, fees: &[Fee]) -> Vec<Stated> {
    let mut stated = vec![("schedule", of_the_fact(&service.schedule))];
    if !fees.is_empty() {
        // In whatever order they are read.
        let mut rows: Vec<String> = fees.iter().map(json).collect();
        rows.sort_unstable();
        stated.push(("fees", of_the_fact(&rows)));
    }
    if let Some(days) = service.wait_days {
        stated.push(("wait_days", of_the_fact(&days)));
    }
    stated
}

/// The telephones of an organization.
#[must_use]
pub fn of_phones(phones: &[String]) -> Stated {
    ("phones", of_the_fact(&phones))
}

/// Whether a check of a fact is of the value that stands there now. What cannot be told holds.
#[must_use]
pub fn is_of(field: &str, checked: &str, stated: &[Stated]) -> bool {
    let told = checked.starts_with(OF_THE_FACT);
    match stated.iter().find(|(name, _)| *name == field) {
        Some((_, now)) => !told || now == checked,
        // A fee or a wait that was confirmed and has been taken out since.
        None => !(told && ["fees", "wait_days"].contains(&field)),
    }
}

/// The digest of a value.
pub fn of(value: &impl Serialize) -> String {
    digest(json(value).as_bytes())
}

fn of_the_fact(value: &impl Serialize) -> String {
    format!("{OF_THE_FACT}{}", of(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_of_the_value_it_was_made_of() {
        let mut service = Service::blank(
            crate::id::ServiceId::parse("01a22808-e000-7000-8000-000000000001").unwrap(),
            &crate::id::OrganizationId::parse("01a22808-e000-7000-8000-000000000002").unwrap(),
        );
        service.wait_days = Some(7);
        let then = of_service(&service, &[]);
        let checked = then.iter().find(|(field, _)| *field == "wait_days").map(|(_, digest)| digest.clone()).unwrap();
        assert!(is_of("wait_days", &checked, &then));
        service.wait_days = Some(30);
        assert!(!is_of("wait_days", &checked, &of_service(&service, &[])));
        service.wait_days = None;
        assert!(!is_of("wait_days", &checked, &of_service(&service, &[])), "what is not stated any more was not confirmed");
        assert!(is_of("wait_days", "abc", &then), "of an older check nobody can tell");
        assert!(is_of("existence", "abc", &then));
    }
}
