//! An instance as JSON: `needs`, `services`, `ptr`, `svc`, `u`, and perhaps `org_cap` and `weight`.
//!
//! Numbers are read with their sign, so that a negative one is refused by name and not as a fault
//! of syntax. Unknown keys are refused: a misspelt `org_cap` would else lift every bound.

use serde::Deserialize;

use super::{
    fault::Fault,
    instance::{Candidates, Instance, NONE, Needs, Services, WEIGHTS},
    label::{Id, Labels},
    lists::index,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    needs: Vec<Need>,
    services: Vec<Service>,
    #[serde(default)]
    org_cap: Option<Vec<Option<i64>>>,
    ptr: Vec<i64>,
    svc: Vec<i64>,
    u: Vec<i64>,
    #[serde(default)]
    weight: Option<[i64; 4]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Need {
    child: Id,
    county: Id,
    town: Id,
    category: Id,
    tier: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    town: Id,
    category: Id,
    cap: i64,
    #[serde(default)]
    org: Option<Id>,
}

impl Instance {
    /// Reads an instance from JSON.
    ///
    /// # Errors
    /// [`Fault`] says what is wrong with the text or the instance.
    pub fn from_json(text: &[u8]) -> Result<Self, Fault> {
        let document: Document = serde_json::from_slice(text)?;
        let candidates = candidates(document.ptr, document.svc, document.u)?;
        let services = services(document.services, document.org_cap)?;
        let weight = match document.weight {
            Some(weight) => weights(weight)?,
            None => WEIGHTS,
        };
        Self::new(needs(document.needs)?, services, candidates, weight)
    }
}

fn needs(list: Vec<Need>) -> Result<Needs, Fault> {
    let mut tier = Vec::with_capacity(list.len());
    for (need, row) in list.iter().enumerate() {
        let read = u8::try_from(row.tier).ok().filter(|tier| (1..=4).contains(tier));
        tier.push(read.ok_or(Fault::Tier { need, tier: row.tier })?);
    }
    // One field after the other: each is interned apart.
    Ok(Needs {
        child: list.iter().map(|row| row.child.clone()).collect(),
        county: list.iter().map(|row| row.county.clone()).collect(),
        town: list.iter().map(|row| row.town.clone()).collect(),
        category: list.into_iter().map(|row| row.category).collect(),
        tier,
    })
}

fn services(list: Vec<Service>, org_cap: Option<Vec<Option<i64>>>) -> Result<Services, Fault> {
    let bounds = org_cap.unwrap_or_default();
    let mut services = Services { town: Labels::default(), category: Labels::default(), ..Services::default() };
    for (service, row) in list.iter().enumerate() {
        services.cap.push(capacity("service", service, row.cap)?);
        services.org.push(organization(service, row.org.as_ref(), &bounds)?);
    }
    for (organization, bound) in bounds.into_iter().enumerate() {
        // An organisation without a bound keeps its number; nothing fills so many places.
        services.org_cap.push(bound.map_or(Ok(u32::MAX), |cap| capacity("organisation", organization, cap))?);
    }
    services.town = list.iter().map(|row| row.town.clone()).collect();
    services.category = list.into_iter().map(|row| row.category).collect();
    Ok(services)
}

/// Which entry of `org_cap` bounds a service. Without the list an organisation is only a name;
/// with it, it is a position in the list.
fn organization(service: usize, org: Option<&Id>, bounds: &[Option<i64>]) -> Result<u32, Fault> {
    match org {
        Some(Id::Number(number)) if !bounds.is_empty() => {
            let known = usize::try_from(*number).ok().filter(|&org| org < bounds.len());
            known.map(index).ok_or(Fault::Organization { service })
        }
        Some(Id::Text(_)) if !bounds.is_empty() => Err(Fault::Organization { service }),
        _ => Ok(NONE),
    }
}

fn candidates(ptr: Vec<i64>, svc: Vec<i64>, u: Vec<i64>) -> Result<Candidates, Fault> {
    let need_of = |pair: usize| ptr.partition_point(|&begin| usize::try_from(begin).is_ok_and(|begin| begin <= pair)).saturating_sub(1);
    let mut read = Candidates::default();
    for (pair, &service) in svc.iter().enumerate() {
        read.svc.push(u32::try_from(service).map_err(|_| Fault::Service { need: need_of(pair), service })?);
    }
    for (pair, &utility) in u.iter().enumerate() {
        read.u.push(u16::try_from(utility).map_err(|_| Fault::Utility { need: need_of(pair), utility })?);
    }
    let ends = Fault::Ends { first: ptr.first().copied().unwrap_or(0), last: ptr.last().copied().unwrap_or(0), pairs: svc.len() };
    match ptr.iter().map(|&begin| u32::try_from(begin).ok()).collect() {
        Some(ptr) => Ok(Candidates { ptr, ..read }),
        None => Err(ends),
    }
}

fn weights(weight: [i64; 4]) -> Result<[u32; 4], Fault> {
    let mut read = WEIGHTS;
    for (tier, (to, from)) in (1_u8..).zip(read.iter_mut().zip(weight)) {
        *to = u32::try_from(from).map_err(|_| Fault::Weight { tier, weight: from })?;
    }
    Ok(read)
}

fn capacity(of: &'static str, index: usize, cap: i64) -> Result<u32, Fault> {
    u32::try_from(cap).map_err(|_| Fault::Capacity { of, index, cap })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"{
        "needs": [{"child": 4, "county": "320102", "town": "a", "category": "poor", "tier": 1}],
        "services": [{"town": "a", "category": "PSY", "cap": 2, "org": 0}],
        "org_cap": [1], "ptr": [0, 1], "svc": [0], "u": [700], "weight": [8, 4, 2, 1]}"#;

    fn says(from: &str, to: &str) -> String {
        assert!(SMALL.contains(from), "{from}");
        Instance::from_json(SMALL.replace(from, to).as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_format_is_read_with_ids_as_numbers_or_texts() {
        let instance = Instance::from_json(SMALL.as_bytes()).unwrap();
        assert_eq!(instance.needs().child.name(0), &Id::Number(4));
        assert_eq!(instance.needs().county.name(0), &Id::Text("320102".to_owned()));
        assert_eq!((instance.services().cap[0], instance.services().org_cap[0], instance.weight()[0]), (2, 1, 8));
    }

    #[test]
    fn bounds_and_weights_may_be_left_out() {
        let text =
            SMALL.replace(r#""org_cap": [1], "#, "").replace(r#", "weight": [8, 4, 2, 1]"#, "").replace("\"org\": 0", "\"org\": \"x\"");
        let instance = Instance::from_json(text.as_bytes()).unwrap();
        assert_eq!((instance.services().org[0], instance.tier_weight()), (NONE, WEIGHTS));
    }

    #[test]
    fn what_is_wrong_is_said_in_a_sentence() {
        assert_eq!(says("\"cap\": 2", "\"cap\": -2"), "the capacity of service 0 is -2; capacities are 0 to 4294967295");
        assert_eq!(says("\"org_cap\": [1]", "\"org_cap\": [-1]"), "the capacity of organisation 0 is -1; capacities are 0 to 4294967295");
        assert_eq!(says("\"org\": 0", "\"org\": 1"), "service 0 names an organisation that `org_cap` does not know");
        assert_eq!(says("\"u\": [700]", "\"u\": [-7]"), "need 0 has a utility of -7; utilities are 1 to 1000");
        assert_eq!(says("\"svc\": [0]", "\"svc\": [-1]"), "need 0 names service -1, which there is not");
        assert_eq!(says("\"ptr\": [0, 1]", "\"ptr\": [-1, 1]"), "`ptr` runs from -1 to 1, not from 0 to the 1 pairs there are");
        assert_eq!(says("\"ptr\": [0, 1]", "\"ptr\": []"), "`ptr` of the candidates has 0 entries, not 2");
        assert_eq!(says("[8, 4, 2, 1]", "[8, 4, 2, -1]"), "tier 4 has weight -1; weights are 1 to 10000");
        assert!(says("\"org_cap\"", "\"org_caps\"").contains("unknown field `org_caps`"));
        assert!(says("\"tier\": 1", "\"tier\": 1.5").starts_with("not an instance: "));
    }
}
