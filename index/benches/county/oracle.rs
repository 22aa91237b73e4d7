//! The contender that knows what is hidden: dead listings, real rules, free places, readiness of
//! services and families, quality, speed. It knows rates, not draws, and assigns as the policy does.

use lianjie_index::policy::{
    Round,
    protocol::{Reply, Week},
};

use super::{
    world::PATIENCE,
    year::{Year, number},
};

pub fn refer(year: &Year<'_>, week: &Week) -> Reply {
    let services = year.world.hidden.len();
    let mut places = Vec::with_capacity(2 * services);
    for service in 0..services {
        let left = year.free(service).saturating_sub(year.waiting(service));
        places.extend([left, 1]);
    }
    let mut round = Round::new(places);
    for need in &week.open {
        let weeks = (week.week - need.arrived).max(0) as u32;
        let usable = (0..services).filter(|service| year.world.init.directory[*service].category == need.category);
        let offers = usable.flat_map(|service| {
            let value = worth(year, number(&need.id), service);
            [0.90, 0.10].into_iter().enumerate().map(move |(level, place)| ((2 * service + level) as u32, value * place))
        });
        round.add(need.tier, weeks, offers.filter(|(_, value)| *value > 0.0));
    }
    let choice = round.assign().expect("a world's own week is whole");
    let referred = week
        .open
        .iter()
        .zip(choice)
        .filter_map(|(need, offer)| Some((need.id.clone(), year.world.init.directory[offer? as usize / 2].id.clone())));
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
