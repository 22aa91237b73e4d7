//! The contender that knows what is hidden: dead listings, real rules, free places, readiness of
//! services and families, quality, speed. It knows rates, not draws, and assigns as the policy does.

use lianjie_index::policy::{
    Instance,
    protocol::{Reply, Week},
};

use super::{
    world::PATIENCE,
    year::{Year, number},
};

pub fn refer(year: &Year<'_>, week: &Week) -> Reply {
    let services = year.world.hidden.len();
    let mut instance = Instance { start: vec![0], ..Instance::default() };
    for service in 0..services {
        let left = year.free(service).saturating_sub(year.waiting(service));
        instance.places.extend([left, 1]);
    }
    for need in &week.open {
        let weight = [8.0, 4.0, 2.0, 1.0][usize::from(need.tier - 1)] * (1.0 + (week.week - need.arrived) as f64 / 26.0).min(2.0);
        for service in (0..services).filter(|service| year.world.init.directory[*service].category == need.category) {
            let value = worth(year, number(&need.id), service) * weight;
            for (level, place) in [0.90, 0.10].into_iter().enumerate() {
                instance.offers.push(2 * service + level);
                instance.values.push((value * place * 1e6).round() as i64);
            }
        }
        instance.start.push(instance.offers.len());
    }
    let choice = instance.assign().choice;
    let referred =
        week.open.iter().zip(choice).filter_map(|(need, offer)| Some((need.id.clone(), year.world.init.directory[offer? / 2].id.clone())));
    Reply::Week { refer: referred.collect(), ask: Vec::new() }
}

/// The chance of completion through a service with a free place, less what the delay costs.
fn worth(year: &Year<'_>, need: usize, service: usize) -> f64 {
    let hidden = &year.world.hidden[service];
    if hidden.dead || !year.world.takes(service, &year.needs[need]) {
        return 0.0;
    }
    let answers = 1.0 - (1.0 - hidden.speed).powi(PATIENCE as i32);
    let days = 7.0 * (1.0 / hidden.speed + hidden.wait);
    let patience = [14.0, 30.0, 60.0, 90.0][usize::from(year.needs[need].told.tier - 1)];
    answers * hidden.ready * year.starts(need, service) * year.completes(need, service) * f64::exp(-days / patience)
}
