//! Builds the province, county by county.

use crate::boot;
use crate::clock::Clock;
use crate::division::model::Division;
use crate::error::{Error, Result};
use crate::secret::Keyring;
use crate::store::{self, Row, Store, Tx};

use super::cases;
use super::county::{Turn, bodies};
use super::facts::Remarks;
use super::offers::Offers;
use super::office;
use super::people::{self, Cast};
use super::province::Province;
use super::referrals::Loop;
use super::write::write;

/// Where the demo accounts work: 长芦街道 in 六合区.
const STAGE: &str = "320116012";

/// What is to be built.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Seed of all lots.
    pub seed: u64,
    /// How many times over; 1 is the province as it is.
    pub scale: u32,
    /// Only divisions that begin so: a test is content with one prefecture.
    pub only: Option<String>,
    /// How many cases.
    pub cases: usize,
    /// Whether every township's station has cases, as a measurement needs it; else those around the stage.
    pub everywhere: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { seed: 1, scale: 1, only: None, cases: 200, everywhere: false }
    }
}

/// How much was built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Organizations.
    pub organizations: u64,
    /// Stations among them.
    pub stations: u64,
    /// Locations.
    pub locations: u64,
    /// Services.
    pub services: u64,
    /// Purchased projects.
    pub programs: u64,
    /// Cases.
    pub cases: u64,
    /// Referrals.
    pub referrals: u64,
}

/// Tells how far it is: steps done, steps in all, and the name of the step.
pub type Progress<'a> = &'a (dyn Fn(u64, u64, &str) + Send + Sync);

/// Builds the whole province.
///
/// # Errors
/// A store that has organizations of its own is refused.
pub async fn build(store: &Store, keyring: &Keyring, clock: &dyn Clock, seed: u64, scale: u32, progress: Progress<'_>) -> Result<Summary> {
    build_plan(store, keyring, clock, &Plan { seed, scale, ..Plan::default() }, progress).await
}

/// Builds what a plan says.
pub async fn build_plan(store: &Store, keyring: &Keyring, clock: &dyn Clock, plan: &Plan, progress: Progress<'_>) -> Result<Summary> {
    refuse_a_real_store(store).await?;
    boot::load_reference(store, clock, true).await?;
    let province = Province::read(&mut *store.read().await?, plan.seed, clock.today()).await?;
    let counties: Vec<&Division> = province.divisions.of_level("county").collect();
    let wanted: Vec<(usize, &Division)> = counties.iter().copied().enumerate().filter(|(_, county)| plan.wants(county)).collect();
    let stage = stage(&province, &wanted)?;
    let rounds = plan.scale.max(1);
    let steps = wanted.len() as u64 * u64::from(rounds);

    mark(store, clock, plan).await?;
    let (mut summary, mut cast, mut offers) = (Summary::default(), Cast::default(), Offers::default());
    let mut done = 0;
    for round in 0..rounds {
        for (nth, county) in &wanted {
            let is_seat = *nth == 0 || counties[nth - 1].code.as_str().get(..4) != county.code.as_str().get(..4);
            let turn = Turn { county, nth: (*nth, counties.len()), is_seat, round, stage };
            let mut tx = store.begin().await?.without_outbox();
            write_county(&mut tx, &province, (turn, plan.everywhere), &mut summary, &mut cast, &mut offers).await?;
            tx.commit(clock.now()).await?;
            done += 1;
            progress(done, steps, &county.name);
        }
    }
    let mut tx = store.begin().await?.without_outbox();
    let staff = people::make(&mut tx, &province, stage, &cast, province.at).await?;
    let opened = cases::open(&mut tx, &province, keyring, &staff, plan).await?;
    summary.cases = opened.len() as u64;
    let mut told = Loop { province: &province, keyring, staff: &staff, offers: &offers, remarks: Remarks::read()?, told: (0, 0) };
    let mut kept = Vec::new();
    for (case, needs) in opened {
        kept.push((case.clone(), needs.clone()));
        summary.referrals += told.refer(&mut tx, &case, needs).await?;
    }
    office::keep(&mut tx, &province, keyring, &staff, &cast, &kept).await?;
    tx.commit(clock.now()).await?;
    Ok(summary)
}

impl Plan {
    fn wants(&self, county: &Division) -> bool {
        self.only.as_ref().is_none_or(|prefix| county.code.as_str().starts_with(prefix.as_str()))
    }
}

async fn write_county(
    tx: &mut Tx,
    province: &Province,
    (turn, everywhere): (Turn<'_>, bool),
    summary: &mut Summary,
    cast: &mut Cast,
    offers: &mut Offers,
) -> Result<()> {
    for body in bodies(province, turn) {
        write(tx, &body, province.at).await?;
        if turn.county.code.contains(&turn.stage.code) {
            cast.note(&body, turn.stage);
        } else if everywhere {
            cast.note_station(&body);
        }
        if everywhere || turn.stage.code.as_str().get(..4) == turn.county.code.as_str().get(..4) {
            offers.note(&body, province.today);
        }
        summary.organizations += 1;
        summary.stations += u64::from(body.organization.kind == "未保工作站");
        summary.locations += body.locations.len() as u64;
        summary.services += body.services.len() as u64;
        summary.programs += body.programs.len() as u64;
    }
    Ok(())
}

/// The township of the demo accounts, or the first there is.
fn stage<'a>(province: &'a Province, wanted: &[(usize, &'a Division)]) -> Result<&'a Division> {
    let mut towns = wanted.iter().flat_map(|(_, county)| province.divisions.children(&county.code));
    let first = towns.next();
    let stage = towns.find(|town| town.code.as_str() == STAGE).or(first);
    stage.ok_or_else(|| Error::Store("no division of the province fits the plan".into()))
}

/// Invented records never go among real ones.
async fn refuse_a_real_store(store: &Store) -> Result<()> {
    let mut db = store.read().await?;
    let row = sqlx::query("SELECT COUNT(*) AS there FROM organization").fetch_one(&mut *db).await?;
    let there = Row::of("organization", &row).count("there")?;
    let is_demo = store::mark(&mut db, "demo").await?.is_some();
    match (there, is_demo) {
        (0, _) => Ok(()),
        (_, true) => Err(Error::Store("the demo province is there already".into())),
        (_, false) => Err(Error::Store("this store has organizations of its own; the demo province needs an empty one".into())),
    }
}

async fn mark(store: &Store, clock: &dyn Clock, plan: &Plan) -> Result<()> {
    let mut tx = store.begin().await?;
    store::set_mark(&mut tx, "demo", "1").await?;
    store::set_mark(&mut tx, "seed", &plan.seed.to_string()).await?;
    store::set_mark(&mut tx, "scale", &plan.scale.to_string()).await?;
    tx.commit(clock.now()).await
}
