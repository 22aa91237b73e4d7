//! Made-up crowds of needs and services, the same on every machine, for tests and benchmarks:
//! towns with coordinates, needs that cluster in them, utilities that fall with distance, and
//! places for 60 to 80 of 100 needs.
#![allow(dead_code, reason = "not everyone who includes this draws every size")]

use lianjie_index::allocation::{
    Instance,
    instance::{Candidates, NONE, Needs, Services, WEIGHTS},
    label::{Id, Labels},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Kinds of help; a need asks for one.
const KINDS: u32 = 8;

/// The measures of a crowd.
#[derive(Debug, Clone, Copy)]
pub struct Crowd {
    pub counties: u32,
    pub towns_per_county: u32,
    pub needs: u32,
    pub services: u32,
    /// Candidates of a need on average.
    pub pairs_per_need: u32,
    /// Whether organisations bound the places of their services.
    pub organizations: bool,
    pub seed: u64,
}

/// One county in a year.
pub const COUNTY: Crowd =
    Crowd { counties: 1, towns_per_county: 20, needs: 5_000, services: 2_000, pairs_per_need: 26, organizations: false, seed: 1 };
/// A city of ten counties.
pub const CITY: Crowd = Crowd { counties: 10, towns_per_county: 16, needs: 57_000, services: 3_000, ..COUNTY };
/// All of Jiangsu.
pub const PROVINCE: Crowd = Crowd { counties: 95, towns_per_county: 13, needs: 570_000, services: 30_000, ..COUNTY };

struct Town {
    county: u32,
    x: f64,
    y: f64,
}

impl Crowd {
    /// Draws the crowd.
    pub fn instance(&self) -> Instance {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let towns = self.towns(&mut rng);
        let services: Vec<Service> = (0..self.services).map(|_| Service::draw(&mut rng, &towns)).collect();
        let by_kind_and_county = Self::index(&services, &towns, self.counties);

        let mut tier = Vec::new();
        let (mut town_of, mut kind_of) = (Vec::new(), Vec::new());
        for _ in 0..self.needs {
            tier.push([1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4][rng.random_range(0..20)]);
            // Towns are of unequal size: the square of a uniform number falls on the first more often.
            let county = rng.random_range(0..self.counties);
            let skew: f64 = rng.random_range(0.0..1.0_f64).powi(2);
            town_of.push(county * self.towns_per_county + whole(skew * f64::from(self.towns_per_county)));
            kind_of.push(rng.random_range(0..KINDS));
        }

        let mut candidates = Candidates { ptr: vec![0], ..Candidates::default() };
        for (&town, &kind) in town_of.iter().zip(&kind_of) {
            self.candidates(&mut rng, &towns, &services, &by_kind_and_county, town, kind, &mut candidates);
            candidates.ptr.push(u32::try_from(candidates.svc.len()).unwrap());
        }
        let needs = Needs {
            child: Labels::own(tier.len()),
            county: numbers(town_of.iter().map(|&town| towns[town as usize].county)),
            town: numbers(town_of.iter().copied()),
            category: numbers((0..self.needs).map(|_| rng.random_range(0..5))),
            tier,
        };
        let services = self.services(&mut rng, &services);
        Instance::new(needs, services, candidates, WEIGHTS).unwrap()
    }

    fn towns(&self, rng: &mut ChaCha8Rng) -> Vec<Town> {
        let across = f64::from(self.counties).sqrt().ceil();
        let mut towns = Vec::new();
        for county in 0..self.counties {
            let (column, row) = (f64::from(county) % across, (f64::from(county) / across).floor());
            for _ in 0..self.towns_per_county {
                let (x, y) = (rng.random_range(0.0..40.0), rng.random_range(0.0..40.0));
                towns.push(Town { county, x: 40.0 * column + x, y: 40.0 * row + y });
            }
        }
        towns
    }

    fn index(services: &[Service], towns: &[Town], counties: u32) -> Vec<Vec<u32>> {
        let mut index = vec![Vec::new(); (counties * KINDS) as usize];
        for (number, service) in (0..).zip(services) {
            index[(towns[service.town as usize].county * KINDS + service.kind) as usize].push(number);
        }
        index
    }

    #[expect(clippy::too_many_arguments, reason = "the pieces of a crowd half drawn")]
    fn candidates(
        &self,
        rng: &mut ChaCha8Rng,
        towns: &[Town],
        services: &[Service],
        index: &[Vec<u32>],
        town: u32,
        kind: u32,
        into: &mut Candidates,
    ) {
        let home = &towns[town as usize];
        let own = &index[(home.county * KINDS + kind) as usize];
        let beside = &index[((home.county + 1) % self.counties * KINDS + kind) as usize];
        let wanted = f64::from(self.pairs_per_need);
        let near = (0.8 * wanted / f64::from(u32::try_from(own.len().max(1)).unwrap())).min(1.0);
        let far = (0.2 * wanted / f64::from(u32::try_from(beside.len().max(1)).unwrap())).min(1.0);
        let lists = [(own, near), (beside, if self.counties > 1 { far } else { 0.0 })];
        for (list, chance) in lists {
            for &number in list {
                if rng.random_range(0.0..1.0) < chance {
                    let service = &services[number as usize];
                    let there = &towns[service.town as usize];
                    let minutes = 5.0 + 2.0 * (home.x - there.x).hypot(home.y - there.y);
                    let share = service.quality * (-minutes / 60.0).exp() * rng.random_range(0.7..1.0);
                    into.svc.push(number);
                    into.u.push(u16::try_from(whole(1000.0 * share).clamp(1, 1000)).unwrap());
                }
            }
        }
    }

    fn services(&self, rng: &mut ChaCha8Rng, services: &[Service]) -> Services {
        let count = services.len();
        let mean = 0.7 * f64::from(self.needs) / f64::from(self.services);
        let orgs = u32::try_from(count.div_ceil(4)).unwrap();
        let cap: Vec<u32> = services.iter().map(|_| whole(rng.random_range(0.3..1.8) * mean + 0.5)).collect();
        let (mut org, mut org_cap) = (vec![NONE; count], Vec::new());
        if self.organizations {
            org = services.iter().map(|_| rng.random_range(0..orgs)).collect();
            let mut sums = vec![0; orgs as usize];
            for (&org, &cap) in org.iter().zip(&cap) {
                sums[org as usize] += cap;
            }
            org_cap = sums.into_iter().map(|sum: u32| sum * 4 / 5).collect();
        }
        Services {
            town: numbers(services.iter().map(|service| service.town)),
            category: numbers(services.iter().map(|service| service.kind)),
            cap,
            org,
            org_cap,
        }
    }
}

struct Service {
    town: u32,
    kind: u32,
    quality: f64,
}

impl Service {
    fn draw(rng: &mut ChaCha8Rng, towns: &[Town]) -> Self {
        let town = rng.random_range(0..u32::try_from(towns.len()).unwrap());
        Self { town, kind: rng.random_range(0..KINDS), quality: rng.random_range(0.3..1.0) }
    }
}

fn numbers(labels: impl Iterator<Item = u32>) -> Labels {
    labels.map(|label| Id::Number(label.into())).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and not negative")]
fn whole(number: f64) -> u32 {
    number as u32
}
