//! The families and their needs: what they have told, and what is so.

use lianjie_index::policy::protocol::{self, Several, Town};

use super::{
    luck::{For, Luck},
    world::{CATEGORIES, HOUSEHOLDS, Size, TOWNS, household, text},
};

/// A need as it is.
#[derive(Debug, Clone)]
pub struct Need {
    /// What has been told; unknown facts are filled in when asked.
    pub told: protocol::Need,
    pub age: f64,
    pub household: usize,
    pub local: bool,
    /// The family's readiness to start, in the logarithm of odds.
    pub ready: f64,
}

/// All needs in the order of their weeks.
pub fn needs(seed: u64, size: Size, towns: &[Town], by_category: &[f64; CATEGORIES]) -> Vec<Need> {
    let mut needs = Vec::new();
    let mut child = 0;
    for week in 0..size.weeks {
        let mut luck = Luck::new(seed, For::Need, usize::try_from(week).unwrap_or(0));
        let families = (size.families + size.families.sqrt() * luck.normal()).round().max(0.0) as usize;
        for _ in 0..families {
            let mut family = family(seed, child, towns);
            family.told.arrived = week;
            let mut luck = Luck::new(seed, For::Need, 1_000 + child);
            let count = 1 + luck.weighted(&[0.6, 0.3, 0.1]);
            for _ in 0..count {
                let mut need = family.clone();
                need.told.id = (needs.len() as i64).into();
                let category = luck.weighted(by_category);
                need.told.category = text(format!("c{category}"));
                let group = luck.below(2);
                need.told.tags = (0..=luck.weighted(&[0.6, 0.4])).map(|_| text(format!("c{category}.{group}.{}", luck.below(3)))).collect();
                need.told.tags.dedup();
                need.told.tier = 1 + luck.weighted(&[0.10, 0.25, 0.40, 0.25]) as u8;
                needs.push(need);
            }
            child += 1;
        }
    }
    needs
}

fn family(seed: u64, child: usize, towns: &[Town]) -> Need {
    let mut luck = Luck::new(seed, For::Family, child);
    let town = if luck.chance(0.15) { 0 } else { luck.below(TOWNS) };
    let age = luck.between(0.0, 18.0);
    let household = luck.weighted(&[0.30, 0.25, 0.20, 0.15, 0.10]).min(HOUSEHOLDS - 1);
    let local = luck.chance(0.78);
    let told = protocol::Need {
        id: 0.into(),
        child: Some((child as i64).into()),
        town: (town as i64).into(),
        x: towns[town].x + luck.between(-3.0, 3.0),
        y: towns[town].y + luck.between(-3.0, 3.0),
        age: Some(age.floor()),
        households: luck.chance(0.80).then(|| Several::One(self::household(household))),
        hukou: luck.chance(0.85).then(|| if local { "local" } else { "other" }.to_owned()),
        category: 0.into(),
        tags: Vec::new(),
        tier: 3,
        travel_limit: Some([20.0, 30.0, 45.0, 60.0, 90.0][luck.weighted(&[0.05, 0.15, 0.30, 0.30, 0.20])]),
        car: luck.chance(0.45),
        language: Some(text(if luck.chance(0.9) { "mandarin" } else { "dialect" }.to_owned())),
        can_pay: Some(luck.weighted(&[0.50, 0.35, 0.15]) as u8),
        arrived: 0,
        tried: Vec::new(),
    };
    Need { told, age: age.floor(), household, local, ready: 0.7 * luck.normal() }
}
