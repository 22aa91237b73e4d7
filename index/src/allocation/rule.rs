//! What an allocation is to keep besides capacities, and the floors each rule comes to.

use super::{
    fault::Fault,
    floors::Floors,
    instance::Instance,
    lex, maxmin,
    maxmin::{Fraction, Share},
    network::Network,
};

/// The rule of an allocation. Under each, weighted utility is then as large as it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Nothing else.
    Util,
    /// Most needs of tier 1 served, then of tier 2, 3 and 4.
    Lex,
    /// Every county, or town of one county, has at least this share of the max-min level: of the
    /// largest share that all of them can have at once. The whole of it is the rule `maxmin`.
    Level(Share),
    /// Every group has at least its floor.
    Floors(Floors),
}

/// What a rule asks of an instance.
#[derive(Default)]
pub(super) struct Floored {
    pub(super) floors: Option<Floors>,
    pub(super) level: Option<Fraction>,
}

impl Rule {
    /// Reads the rule of a command line: `util`, `lex` or `maxmin`, and perhaps a share of the
    /// max-min level. A share softens `maxmin`, and gives `util` floors; tiers and places of life
    /// cross, so `lex` takes none.
    ///
    /// # Errors
    /// [`Fault`] where there is no such objective or share, or `lex` is given one.
    pub fn parse(objective: &str, floor: Option<&str>) -> Result<Self, Fault> {
        let floor = floor.map(Share::parse).transpose()?;
        match (objective, floor) {
            ("util", None) => Ok(Self::Util),
            ("lex", None) => Ok(Self::Lex),
            ("lex", Some(_)) => Err(Fault::Floors("`lex` takes no floor: tiers and places of life cross, and both cannot be kept at once")),
            ("maxmin", None) => Ok(Self::Level(Share::WHOLE)),
            ("util" | "maxmin", Some(share)) => Ok(Self::Level(share)),
            _ => Err(Fault::Objective(objective.to_owned())),
        }
    }

    /// The floors of this rule. The state is divided into their groups, and stays tight.
    pub(super) fn floors(&self, instance: &Instance, network: &mut Network<'_>) -> Result<Floored, Fault> {
        match self {
            Self::Util => Ok(Floored::default()),
            Self::Lex => {
                network.divide(&lex::groups(instance), 4);
                let floors = lex::floors(instance, &mut network.clone());
                Ok(Floored { floors: Some(floors), level: None })
            }
            Self::Level(share) => {
                let groups = instance.places_of_life();
                network.divide(&groups.of, groups.names.len());
                let level = maxmin::level(&mut network.clone(), groups);
                Ok(Floored { floors: Some(maxmin::floors(groups, level, *share)), level: Some(level) })
            }
            Self::Floors(floors) => {
                floors.check(instance.needs().tier.len())?;
                network.divide(&floors.of, floors.least.len());
                Ok(Floored { floors: Some(floors.clone()), level: None })
            }
        }
    }
}
