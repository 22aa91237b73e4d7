//! The county: towns, listings, and what the listings hide.

use lianjie_index::policy::protocol::{Init, Key, Service, Several, Town};

use super::{
    luck::{For, Luck},
    people::{self, Need},
};

/// How large a county is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub services: usize,
    pub organizations: usize,
    /// Families a week.
    pub families: f64,
    /// Weeks in which needs arise; they are followed for 20 more.
    pub weeks: i64,
}

impl Size {
    /// The county of the description: 320 services, about 2,350 needs over 40 weeks.
    pub const COUNTY: Self = Self { services: 320, organizations: 90, families: 39.0, weeks: 40 };
    /// A small one for tests.
    pub const SMALL: Self = Self { services: 40, organizations: 12, families: 5.0, weeks: 8 };
}

pub const TOWNS: usize = 20;
pub const CATEGORIES: usize = 10;
pub const HOUSEHOLDS: usize = 5;
/// Weeks a need is followed.
pub const FOLLOWED: i64 = 20;
/// Weeks after which a referral without an answer counts as unanswered.
pub const PATIENCE: i64 = 2;

/// How common services and needs of each category are: some categories are short of places.
const SERVICES_OF: [f64; CATEGORIES] = [1.5, 1.3, 1.2, 1.0, 1.0, 1.0, 0.9, 0.8, 0.7, 0.6];
const NEEDS_OF: [f64; CATEGORIES] = [1.8, 1.1, 1.3, 0.9, 1.1, 0.8, 1.0, 0.7, 0.8, 0.5];
/// Mean weeks of a service.
const LENGTH_OF: [f64; CATEGORIES] = [6.0, 8.0, 8.0, 5.0, 4.0, 7.0, 7.0, 6.0, 5.0, 6.0];

/// What a listing hides.
#[derive(Debug, Clone)]
pub struct Hidden {
    /// Never answers.
    pub dead: bool,
    /// The households it really takes; empty for all.
    pub households: Vec<usize>,
    /// Takes only those registered here.
    pub local: bool,
    /// The years it really takes.
    pub age: [f64; 2],
    /// All its places.
    pub places: u32,
    /// Places that families from elsewhere take, by week.
    pub outside: Vec<u32>,
    /// How ready it is to take a child on.
    pub ready: f64,
    /// The chance of an answer in a week.
    pub speed: f64,
    /// Mean weeks from the answer to the first day.
    pub wait: f64,
    /// Mean weeks of service.
    pub length: f64,
    /// How many it carries to the end.
    pub quality: f64,
    /// Whether it posts its places.
    pub posts: bool,
}

/// The whole.
#[derive(Debug, Clone)]
pub struct World {
    pub seed: u64,
    pub size: Size,
    pub init: Init,
    pub hidden: Vec<Hidden>,
    pub needs: Vec<Need>,
}

struct Organization {
    town: usize,
    categories: [usize; 2],
    ready: f64,
    quality: f64,
}

impl World {
    pub fn new(seed: u64, size: Size) -> Self {
        let towns = towns(seed);
        let organizations: Vec<Organization> = (0..size.organizations).map(|number| organization(seed, number)).collect();
        let (mut directory, mut hidden) = (Vec::new(), Vec::new());
        for number in 0..size.services {
            let mut luck = Luck::new(seed, For::Service, number);
            let at = luck.below(size.organizations);
            let (listing, truth) = service(&mut luck, number, at, &organizations[at], &towns, size);
            directory.push(listing);
            hidden.push(truth);
        }
        let needs = people::needs(seed, size, &towns, &NEEDS_OF);
        Self { seed, size, init: Init { week: 0, towns, directory }, hidden, needs }
    }

    /// The last week.
    pub fn end(&self) -> i64 {
        self.size.weeks + FOLLOWED
    }

    /// Whether a service would really take a child by its rules.
    pub fn takes(&self, service: usize, need: &Need) -> bool {
        let (listing, hidden) = (&self.init.directory[service], &self.hidden[service]);
        let near = listing.area.as_deref() != Some("town") || listing.town == need.told.town;
        near && hidden.age[0] <= need.age
            && need.age < hidden.age[1] + 1.0
            && (hidden.households.is_empty() || hidden.households.contains(&need.household))
            && (need.local || !hidden.local)
    }
}

/// Twenty towns on a grid of 7 km, moved a little; the first is the seat, in the middle.
fn towns(seed: u64) -> Vec<Town> {
    let place = |number: usize| {
        let mut luck = Luck::new(seed, For::Town, number);
        let cell = (number + 7) % TOWNS;
        let (column, row) = ((cell % 5) as f64, (cell / 5) as f64);
        Town { x: 7.0 * column + luck.between(-2.5, 2.5), y: 7.0 * row + luck.between(-2.5, 2.5), seat: number == 0 }
    };
    (0..TOWNS).map(place).collect()
}

fn organization(seed: u64, number: usize) -> Organization {
    let mut luck = Luck::new(seed, For::Organization, number);
    Organization {
        town: if luck.chance(0.4) { 0 } else { luck.below(TOWNS) },
        categories: [luck.weighted(&SERVICES_OF), luck.weighted(&SERVICES_OF)],
        ready: 0.07 * luck.normal(),
        quality: 0.06 * luck.normal(),
    }
}

fn service(luck: &mut Luck, number: usize, at: usize, organization: &Organization, towns: &[Town], size: Size) -> (Service, Hidden) {
    let town = if luck.chance(0.7) { organization.town } else { luck.below(TOWNS) };
    let category = if luck.chance(0.6) { organization.categories[luck.below(2)] } else { luck.weighted(&SERVICES_OF) };
    let age =
        [[0.0, 17.0], [0.0, 6.0], [3.0, 12.0], [6.0, 17.0], [6.0, 15.0], [10.0, 17.0]][luck.weighted(&[8.0, 0.5, 1.0, 1.5, 1.0, 0.5])];
    let households = some_households(luck);
    let states_households = luck.chance(0.50);
    let local = luck.chance(0.20);
    let states_hukou = luck.chance(0.60);
    let dead = luck.chance(0.08);
    let places = 3 + luck.weighted(&[2.0, 3.0, 3.0, 2.0, 1.0, 1.0]) as u32;
    let posts = luck.chance(0.45);
    let hidden = Hidden {
        dead,
        households: if states_households || luck.chance(0.4) { households.clone() } else { Vec::new() },
        local,
        age: unlisted_age(luck, age),
        places,
        outside: outside(luck, places, size.weeks + FOLLOWED + 1),
        ready: (0.66 + organization.ready + 0.10 * luck.normal()).clamp(0.15, 0.97),
        speed: luck.between(0.60, 0.98),
        wait: luck.between(0.0, 1.5),
        length: LENGTH_OF[category],
        quality: (0.70 + organization.quality + 0.10 * luck.normal()).clamp(0.20, 0.97),
        posts,
    };
    let fresh = posts && luck.chance(0.5);
    let stated = luck.below(4) as u32;
    let listing = Service {
        id: (number as i64).into(),
        org: (at as i64).into(),
        name: format!("service {number}"),
        category: text(format!("c{category}")),
        tags: offered_tags(luck, category),
        town: (town as i64).into(),
        x: towns[town].x + luck.between(-1.5, 1.5),
        y: towns[town].y + luck.between(-1.5, 1.5),
        age: Some(age),
        households: states_households.then(|| {
            Several::Many(if households.is_empty() {
                (0..HOUSEHOLDS).map(household).collect()
            } else {
                households.iter().map(|one| household(*one)).collect()
            })
        }),
        hukou: states_hukou.then(|| if local { "local" } else { "any" }.to_owned()),
        area: Some(["town", "county", "region"][luck.weighted(&[0.05, 0.75, 0.20])].to_owned()),
        fee: luck.weighted(&[0.70, 0.20, 0.10]) as u8,
        languages: if luck.chance(0.9) {
            vec![text("mandarin".to_owned()), text("dialect".to_owned())]
        } else {
            vec![text("mandarin".to_owned())]
        },
        posted_slots: (posts && (fresh || dead)).then_some(if dead { stated } else { places.saturating_sub(hidden.outside[0]) }),
        posted_week: (posts && (fresh || dead)).then_some(if dead { -4 - 4 * i64::from(stated) } else { 0 }),
        remote: luck.chance(0.06),
    };
    (listing, hidden)
}

/// All households, or all but one or two of the five.
fn some_households(luck: &mut Luck) -> Vec<usize> {
    if luck.chance(0.6) {
        return Vec::new();
    }
    let (first, second) = (luck.below(HOUSEHOLDS), luck.below(HOUSEHOLDS));
    (0..HOUSEHOLDS).filter(|one| *one != first && *one != second).collect()
}

/// One service in eight takes fewer ages than it lists.
fn unlisted_age(luck: &mut Luck, listed: [f64; 2]) -> [f64; 2] {
    let narrower = luck.chance(0.12);
    let third = ((listed[1] - listed[0]) / 3.0).floor();
    match (narrower, luck.chance(0.5)) {
        (false, _) => listed,
        (true, true) => [listed[0] + third, listed[1]],
        (true, false) => [listed[0], listed[1] - third],
    }
}

/// Each place is taken from elsewhere or not, and changes about every eight weeks.
fn outside(luck: &mut Luck, places: u32, weeks: i64) -> Vec<u32> {
    let usual = luck.between(0.05, 0.55);
    let mut taken: Vec<bool> = (0..places).map(|_| luck.chance(usual)).collect();
    let mut weekly = Vec::new();
    for _ in 0..=weeks {
        weekly.push(taken.iter().filter(|taken| **taken).count() as u32);
        for place in &mut taken {
            if luck.chance(1.0 / 8.0) {
                *place = luck.chance(usual);
            }
        }
    }
    weekly
}

/// One to three tags of the category; three in ten name a whole group of them.
fn offered_tags(luck: &mut Luck, category: usize) -> Vec<Key> {
    let mut tags: Vec<Key> = Vec::new();
    for _ in 0..=luck.below(3) {
        let (group, leaf) = (luck.below(2), luck.below(3));
        let tag = if luck.chance(0.3) { format!("c{category}.{group}") } else { format!("c{category}.{group}.{leaf}") };
        if !tags.contains(&text(tag.clone())) {
            tags.push(text(tag));
        }
    }
    tags
}

pub fn household(number: usize) -> Key {
    text(format!("household {number}"))
}

pub fn text(text: String) -> Key {
    Key::Text(text)
}
