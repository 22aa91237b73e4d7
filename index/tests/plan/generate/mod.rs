//! Made-up instances, the same from the same seed on every machine.

use std::collections::BTreeMap;

use lianjie_index::plan::instance::{Costs, Instance, Label, Need, Service, Session};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How large and how strict made-up instances are.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Needs.
    pub needs: usize,
    /// Candidates: for each need where `each`, in all otherwise.
    pub candidates: usize,
    /// Whether every need has so many candidates of its own.
    pub each: bool,
    /// Most sessions of a service.
    pub sessions: usize,
    /// Whether limits bind for nearly every family, not for about one in three.
    pub strict: bool,
}

/// A child in a county: agencies with one to three sites, wait and fee as services have them, about
/// one need in three with a prerequisite, and limits that bind for about every other family.
pub fn generate(seed: u64, needs: usize, candidates: usize) -> Instance {
    shaped(seed, Shape { needs, candidates, each: true, sessions: 3, strict: false })
}

/// See [`generate`].
pub fn shaped(seed: u64, shape: Shape) -> Instance {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let total = if shape.each { shape.needs * shape.candidates * 3 / 4 } else { shape.candidates };
    let agencies = total.div_ceil(4).clamp(1, 40);
    let sites: Vec<(usize, i64)> = (0..agencies * 2).map(|_| (rng.random_range(0..agencies), rng.random_range(1..=16) * 5)).collect();

    let mut services = Vec::new();
    if shape.each {
        for need in 0..shape.needs {
            while count(&services, need) < shape.candidates {
                services.push(service(&mut rng, &sites, need, shape));
            }
        }
    } else {
        for index in 0..total {
            services.push(service(&mut rng, &sites, index % shape.needs, shape));
        }
    }
    let weights = [8, 4, 4, 2, 2, 2, 1, 1];
    let needs = (0..shape.needs).map(|index| Need { w: weights[rng.random_range(0..8)], pred: before(&mut rng, index) }).collect();
    let (trips, travel, fee) = if shape.strict { (2..=5, 4..=16, 0..=20) } else { (4..=6, 12..=24, 5..=30) };
    Instance {
        id: seed.into(),
        needs,
        services,
        max_trips: rng.random_range(trips),
        max_travel: rng.random_range(travel) * 30,
        max_fee: rng.random_range(fee) * 20,
        cost: Costs::default(),
    }
}

fn before(rng: &mut ChaCha8Rng, index: usize) -> Vec<usize> {
    let mut pred = Vec::new();
    if index > 0 && rng.random_bool(0.35) {
        pred.push(rng.random_range(0..index));
        if rng.random_bool(0.2) {
            pred.push(rng.random_range(0..index));
        }
    }
    pred
}

fn count(services: &[Service], need: usize) -> usize {
    services.iter().filter(|service| service.covers.contains_key(&need)).count()
}

fn service(rng: &mut ChaCha8Rng, sites: &[(usize, i64)], need: usize, shape: Shape) -> Service {
    let site = rng.random_range(0..sites.len());
    let (agency, travel) = sites[site];
    let mut covers = BTreeMap::from([(need, utility(rng))]);
    while rng.random_bool(0.25) {
        covers.insert(rng.random_range(0..shape.needs), utility(rng));
    }
    let sessions = (0..rng.random_range(1..=shape.sessions)).map(|_| session(rng)).collect();
    let fee = if rng.random_bool(0.6) { 0 } else { rng.random_range(1..=10) * 10 };
    let (wait, dur) = (rng.random_range(0..=45), rng.random_range(0..=12) * 5);
    Service { agency: number(agency), site: number(site), travel, wait, dur, fee, covers, sessions }
}

fn session(rng: &mut ChaCha8Rng) -> Session {
    let start = 480 + 30 * rng.random_range(0..16);
    Session(rng.random_range(1..=6), start, start + 30 * rng.random_range(2..=4))
}

fn utility(rng: &mut impl Rng) -> i64 {
    rng.random_range(100..=950)
}

fn number(index: usize) -> Label {
    Label::Number(i64::try_from(index).expect("a small index"))
}

/// An instance of one to four needs and few candidates, all of whose plans can be looked at; with
/// prerequisites, clashes, binding limits and services for several needs.
pub fn small(seed: u64) -> Instance {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
    let needs = rng.random_range(1..=4);
    let shape = Shape { needs, candidates: rng.random_range(1..=6), each: rng.random_bool(0.3), sessions: 3, strict: true };
    let mut instance = shaped(seed, shape);
    if shape.each {
        instance.services.truncate(8);
    }
    for service in &mut instance.services {
        for session in &mut service.sessions {
            session.0 = session.0 % 2 + 1;
        }
    }
    instance.max_trips = rng.random_range(0..=4);
    instance
}

/// Mostly [`small`] ones, every fourth of five to eight needs.
pub fn turned(seed: u64) -> Instance {
    if !seed.is_multiple_of(4) {
        return small(seed);
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (needs, candidates) = (rng.random_range(5..=8), rng.random_range(5..=20));
    shaped(seed, Shape { needs, candidates, each: false, sessions: 3, strict: true })
}

/// The same, every other service without sessions.
pub fn without_clock(mut instance: Instance) -> Instance {
    for service in instance.services.iter_mut().step_by(2) {
        service.sessions.clear();
    }
    instance
}

/// The same without a need that none waits for.
pub fn without(instance: &Instance, need: usize) -> Instance {
    let mut rest = instance.clone();
    rest.needs.remove(need);
    let renumber = |index: usize| if index > need { index - 1 } else { index };
    for other in &mut rest.needs {
        other.pred = other.pred.iter().map(|&index| renumber(index)).collect();
    }
    for service in &mut rest.services {
        service.covers = service.covers.iter().filter(|(index, _)| **index != need).map(|(&index, &eu)| (renumber(index), eu)).collect();
    }
    rest
}

/// The same with needs, services and sessions in another order.
pub fn permute(instance: &Instance, seed: u64) -> Instance {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut order: Vec<usize> = (0..instance.needs.len()).collect();
    shuffle(&mut order, &mut rng);
    let place = |need: &usize| order.iter().position(|other| other == need).expect("every need has a place");
    let mut permuted = instance.clone();
    permuted.needs = order.iter().map(|&need| instance.needs[need].clone()).collect();
    for need in &mut permuted.needs {
        need.pred = need.pred.iter().map(place).collect();
    }
    shuffle(&mut permuted.services, &mut rng);
    for service in &mut permuted.services {
        service.covers = service.covers.iter().map(|(need, &eu)| (place(need), eu)).collect();
        shuffle(&mut service.sessions, &mut rng);
    }
    permuted
}

fn shuffle<T>(list: &mut [T], rng: &mut ChaCha8Rng) {
    for last in (1..list.len()).rev() {
        list.swap(last, rng.random_range(0..=last));
    }
}
