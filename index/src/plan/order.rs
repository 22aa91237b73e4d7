//! An order of needs and services that does not depend on how they were listed.
//!
//! Where two plans cost the same, the search takes the one it meets first; so that this is the same
//! one however the instance is written, it looks at needs and services in the order given here: by
//! a hash of all that is said of them, their neighbours included. Only what is alike in every
//! respect keeps the order it came in, and there one may stand for the other.

use std::hash::{Hash, Hasher};

use super::instance::{Instance, Need, Service, Session};

/// Rounds in which needs and services take in what is said of their neighbours.
const ROUNDS: usize = 3;

/// Needs and services by their indices in the instance, in the order of the search.
pub(super) struct Order {
    /// A need comes after all its prerequisites.
    pub(super) needs: Vec<usize>,
    pub(super) services: Vec<usize>,
}

/// The order for an instance without circles.
pub(super) fn order(instance: &Instance) -> Order {
    let own: Vec<u64> = instance.services.iter().map(said_of_service).collect();
    let mut needs: Vec<u64> = instance.needs.iter().map(|need| hash_of(need.w)).collect();
    let mut services = take_in_needs(instance, &own, &needs);
    for _ in 0..ROUNDS {
        needs = take_in_neighbours(instance, &needs, &services);
        services = take_in_needs(instance, &own, &needs);
    }
    Order { needs: after_prerequisites(&instance.needs, &needs), services: sorted(&services) }
}

/// Sessions of a service by their indices, earliest first.
pub(super) fn by_time(sessions: &[Session]) -> Vec<usize> {
    sorted(sessions)
}

fn sorted<T: Ord>(keys: &[T]) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..keys.len()).collect();
    indices.sort_by_key(|&index| &keys[index]);
    indices
}

fn after_prerequisites(needs: &[Need], hashes: &[u64]) -> Vec<usize> {
    let mut ordered = Vec::with_capacity(needs.len());
    while ordered.len() < needs.len() {
        let may_follow = |&index: &usize| !ordered.contains(&index) && needs[index].pred.iter().all(|pred| ordered.contains(pred));
        let next = (0..needs.len()).filter(may_follow).min_by_key(|&index| hashes[index]);
        ordered.push(next.expect("the instance was checked for circles"));
    }
    ordered
}

fn said_of_service(service: &Service) -> u64 {
    let sessions = sum(service.sessions.iter().map(|session| hash_of((session.0, session.1, session.2))));
    hash_of((&service.agency, &service.site, service.travel, service.wait, service.dur, service.fee, sessions))
}

fn take_in_needs(instance: &Instance, own: &[u64], needs: &[u64]) -> Vec<u64> {
    let of = |(service, own): (&Service, &u64)| {
        hash_of((own, sum(service.covers.iter().map(|(&need, utility)| hash_of((needs[need], utility))))))
    };
    instance.services.iter().zip(own).map(of).collect()
}

fn take_in_neighbours(instance: &Instance, needs: &[u64], services: &[u64]) -> Vec<u64> {
    let mut before = vec![0_u64; needs.len()];
    let mut after = before.clone();
    let mut covered = before.clone();
    for (index, need) in instance.needs.iter().enumerate() {
        for &pred in &need.pred {
            before[index] = before[index].wrapping_add(hash_of(needs[pred]));
            after[pred] = after[pred].wrapping_add(hash_of(needs[index]));
        }
    }
    for (service, hash) in instance.services.iter().zip(services) {
        for (&need, utility) in &service.covers {
            covered[need] = covered[need].wrapping_add(hash_of((hash, utility)));
        }
    }
    (0..needs.len()).map(|index| hash_of((needs[index], before[index], after[index], covered[index]))).collect()
}

/// A sum knows no order.
fn sum(hashes: impl Iterator<Item = u64>) -> u64 {
    hashes.fold(0, u64::wrapping_add)
}

fn hash_of(what: impl Hash) -> u64 {
    let mut mixer = Mixer(0);
    what.hash(&mut mixer);
    mixer.finish()
}

/// FNV-1a over whole numbers, stirred at the end.
struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 29;
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn write_isize(&mut self, number: isize) {
        self.write_i64(i64::try_from(number).expect("64 bits hold an index"));
    }

    fn finish(&self) -> u64 {
        crate::hash::stirred(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json};

    fn instance() -> Instance {
        let service = |agency: &str, need: &str| json!({"agency": agency, "site": agency, "travel": 5, "wait": 1, "dur": 1, "fee": 0, "covers": {need: 500}});
        from_value(json!({
            "needs": [{"w": 1}, {"w": 1, "pred": 0}, {"w": 1}],
            "services": [service("a", "0"), service("b", "1"), service("c", "2")],
            "max_trips": 3, "max_travel": 200, "max_fee": 50
        }))
        .unwrap()
    }

    #[test]
    fn a_need_comes_after_its_prerequisites() {
        let needs = order(&instance()).needs;
        let place = |of: usize| needs.iter().position(|&need| need == of);
        assert!(place(0) < place(1));
    }

    #[test]
    fn the_order_of_the_list_does_not_show() {
        let straight = order(&instance());
        let mut turned = instance();
        turned.services.reverse();
        let names = |instance: &Instance, order: &Order| -> Vec<_> {
            order.services.iter().map(|&index| instance.services[index].agency.clone()).collect()
        };
        assert_eq!(names(&instance(), &straight), names(&turned, &order(&turned)));
    }
}
