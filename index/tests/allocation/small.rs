//! Small instances of every shape, drawn from a seed or by a property test.

use lianjie_index::allocation::{
    Instance,
    instance::{Candidates, NONE, Needs, Services, WEIGHTS},
    label::{Id, Labels},
};
use proptest::prelude::*;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// An instance as lists that a test may bend.
#[derive(Debug, Clone)]
pub struct Small {
    /// Of each need its tier, county, town and pairs.
    pub needs: Vec<(u8, u32, u32, Vec<(u32, u16)>)>,
    /// Of each service its capacity and organisation.
    pub services: Vec<(u32, Option<u32>)>,
    pub org_cap: Vec<u32>,
}

impl Small {
    /// Draws one of so many needs and up to `services` services.
    pub fn draw(rng: &mut impl Rng, needs: std::ops::RangeInclusive<u32>, services: u32, orgs: bool) -> Self {
        let services = rng.random_range(1..=services);
        let org_cap: Vec<u32> = if orgs { (0..rng.random_range(1..=3)).map(|_| rng.random_range(0..=4)).collect() } else { Vec::new() };
        // Few different utilities make ties, many make none; both are wanted.
        let most = [3, 20, 1000][rng.random_range(0..3)];
        let (counties, chance) = (rng.random_range(1..=3), rng.random_range(0.1..0.9));
        let count = rng.random_range(needs);
        let needs = (0..count).map(|_| {
            let pairs =
                (0..services).filter_map(|service| rng.random_bool(chance).then(|| (service, rng.random_range(1..=most)))).collect();
            (rng.random_range(1..=4), rng.random_range(0..counties), rng.random_range(0..3), pairs)
        });
        let needs: Vec<_> = needs.collect();
        let org = |rng: &mut dyn Rng| (!org_cap.is_empty() && rng.random_bool(0.8)).then(|| rng.random_range(0..org_cap.len() as u32));
        let services = (0..services).map(|_| (rng.random_range(0..=3), org(rng))).collect();
        Self { needs, services, org_cap }
    }

    /// Any small instance.
    pub fn any(orgs: bool) -> impl Strategy<Value = Self> {
        any::<u64>().prop_map(move |seed| Self::draw(&mut ChaCha8Rng::seed_from_u64(seed), 0..=10, 5, orgs))
    }

    /// Any small instance with two needs or more.
    pub fn some(orgs: bool) -> impl Strategy<Value = Self> {
        any::<u64>().prop_map(move |seed| Self::draw(&mut ChaCha8Rng::seed_from_u64(seed), 2..=10, 5, orgs))
    }

    pub fn instance(&self) -> Instance {
        self.weighing(WEIGHTS)
    }

    pub fn weighing(&self, weight: [u32; 4]) -> Instance {
        let mut candidates = Candidates { ptr: vec![0], ..Candidates::default() };
        for (_, _, _, pairs) in &self.needs {
            candidates.svc.extend(pairs.iter().map(|(service, _)| service));
            candidates.u.extend(pairs.iter().map(|(_, u)| u));
            candidates.ptr.push(candidates.svc.len() as u32);
        }
        let numbers = |list: Vec<u32>| list.into_iter().map(|number| Id::Number(number.into())).collect::<Labels>();
        let needs = Needs {
            child: Labels::own(self.needs.len()),
            county: numbers(self.needs.iter().map(|need| need.1).collect()),
            town: numbers(self.needs.iter().map(|need| need.2).collect()),
            category: Labels::same(self.needs.len()),
            tier: self.needs.iter().map(|need| need.0).collect(),
        };
        let services = Services {
            town: Labels::same(self.services.len()),
            category: Labels::same(self.services.len()),
            cap: self.services.iter().map(|service| service.0).collect(),
            org: self.services.iter().map(|service| service.1.unwrap_or(NONE)).collect(),
            org_cap: self.org_cap.clone(),
        };
        Instance::new(needs, services, candidates, weight).unwrap()
    }
}
