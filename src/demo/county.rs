//! Which bodies a county has.

use std::collections::BTreeSet;

use super::body::{Body, Order, body, duplicate};
use super::draw::{Draw, share};
use super::kinds::{Kind, Per};
use super::province::Province;
use super::services::give;
use crate::division::model::Division;

/// Purchased projects of the whole province.
const PROJECTS: usize = 1_864;

/// A county and where it stands among all of them.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    pub county: &'a Division,
    /// Its place among the counties of the province, and how many there are.
    pub nth: (usize, usize),
    /// The first of its prefecture has the prefecture's bodies.
    pub is_seat: bool,
    /// The how-manieth time: more than once only for a larger province than there is.
    pub round: u32,
    /// The township the demo accounts work in.
    pub stage: &'a Division,
}

impl Turn<'_> {
    /// A number that no other body of the prefecture has, for the so-manieth body of the turn.
    fn number(self, province: &Province, counter: usize) -> usize {
        /// More than a prefecture has counties, and a county bodies of one round.
        const COUNTIES: usize = 16;
        const BODIES: usize = 400;
        let code = self.county.code.as_str();
        let before = |county: &&Division| county.code.as_str().get(..4) == code.get(..4) && county.code.as_str() < code;
        let nth = province.divisions.of_level("county").filter(before).count();
        (self.round as usize * BODIES + counter) * COUNTIES + nth
    }
}

/// All bodies of a county with their services.
pub fn bodies(province: &Province, turn: Turn<'_>) -> Vec<Body> {
    let mut draw = province.draw(&format!("{}/{}", turn.county.code, turn.round));
    let words = draw.some(&province.names.words, province.names.words.len());
    let towns: Vec<&Division> = province.divisions.children(&turn.county.code).collect();
    let (mut taken, mut bodies, mut counter) = (BTreeSet::new(), Vec::new(), 0);
    let mut projects = projects(province, turn, &mut draw);
    for (row, kind) in province.kinds.iter().enumerate() {
        for (nth, (town, of_town)) in stands(province, kind, turn, &towns, &mut draw).into_iter().enumerate() {
            let key = format!("{}/{}/{row}/{nth}", turn.county.code, turn.round);
            let (kind, town, sound) = on_stage(kind, town, turn, nth);
            let word = words[counter % words.len()].as_str();
            counter += 1;
            let ground = province.ground(&mut draw, town);
            let number = turn.number(province, counter);
            let order = Order { key: &key, nth: of_town, number, word, sound };
            let mut made = body(province, &kind, &ground, order, &mut taken);
            let shares = if kind.projects { projects.pop().unwrap_or(0) } else { 0 };
            give(province, &kind, &ground, &mut made, word, shares, sound);
            if nth > 0 && kind.uscc.starts_with(['5', '9']) && kind.code != "村居委会" && draw.chance(6) {
                let mut twin = duplicate(province, &made, &format!("{key}/twin"));
                let once = Kind { services: [1, 1], ..kind.clone() };
                give(province, &once, &ground, &mut twin, word, 0, false);
                bodies.push(twin);
            }
            bodies.push(made);
        }
    }
    bodies
}

/// The townships in which the bodies of a kind stand, with their number within the township.
fn stands<'a>(province: &'a Province, kind: &Kind, turn: Turn<'_>, towns: &[&'a Division], draw: &mut Draw) -> Vec<(&'a Division, usize)> {
    let (nth, all) = turn.nth;
    if kind.code == "未保工作站" {
        return stations(province, kind.total, towns);
    }
    let count = match kind.per {
        Per::City if !turn.is_seat => 0,
        Per::Share => share(kind.total, all, nth),
        _ => draw.number(kind.count[0]..=kind.count[1]) as usize,
    };
    if kind.per == Per::Township {
        return draw.some(towns, count).into_iter().map(|town| (town, 0)).collect();
    }
    (0..count).filter_map(|_| draw.maybe_one(towns).map(|town| (*town, 0))).collect()
}

/// One station a township, a second one where their number says so.
fn stations<'a>(province: &Province, total: usize, towns: &[&'a Division]) -> Vec<(&'a Division, usize)> {
    let all: Vec<_> = province.divisions.of_level("township").map(|town| &town.code).collect();
    let mut stands = Vec::new();
    for town in towns {
        let nth = all.iter().position(|code| **code == town.code).unwrap_or(0);
        stands.extend((0..share(total, all.len(), nth)).map(|of_town| (*town, of_town)));
    }
    stands
}

/// The projects of each body of the county that has some: one each, the others by lot.
fn projects(province: &Province, turn: Turn<'_>, draw: &mut Draw) -> Vec<usize> {
    let (nth, all) = turn.nth;
    let bodies: usize = province.kinds.iter().filter(|kind| kind.projects).map(|kind| share(kind.total, all, nth)).sum();
    let mut projects = vec![0; bodies];
    for order in 0..share(PROJECTS, all, nth) {
        let body = if order < bodies { order } else { draw.number(0..=u32::try_from(bodies - 1).unwrap_or(0)) as usize };
        projects[body] += 1;
    }
    projects
}

/// What the demo accounts work with is in good order: a station, a team that fetches children from school, a practice.
fn on_stage<'a>(kind: &Kind, town: &'a Division, turn: Turn<'a>, nth: usize) -> (Kind, &'a Division, bool) {
    let mut kind = kind.clone();
    if !turn.stage.code.as_str().starts_with(turn.county.code.as_str()) || turn.round > 0 {
        return (kind, town, false);
    }
    match kind.code.as_str() {
        "未保工作站" => {
            let sound = town.code == turn.stage.code;
            (kind, town, sound)
        }
        "志愿团队" if nth == 0 => {
            kind.terms = ["EDU-13", "DEV-02", "DEV-11"].map(str::to_owned).into();
            kind.services = [3, 3];
            (kind, turn.stage, true)
        }
        "心理咨询机构" | "教育局" if nth == 0 => (kind, turn.stage, true),
        _ => (kind, town, false),
    }
}
