//! Scenes of `cases.toml`: in what trouble a child may be. Every one is invented.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

use super::draw::Draw;
use super::names::{Names, read};
use crate::case::model::{Flag, Guardian, GuardianState, Relation};
use crate::clock;
use crate::error::Result;
use crate::id::GuardianId;
use crate::secret::Hidden;

/// One scene.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// The worker's words.
    pub words: String,
    /// Age in years, from and to.
    pub age: [u16; 2],
    /// `female`, `male` or `any`.
    pub sex: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds the scene to it"))]
    categories: Vec<String>,
    guardians: Vec<Person>,
    /// Flags.
    pub flags: Vec<Flag>,
    /// Papers: 1 held, 0 not held.
    pub holds: BTreeMap<String, u8>,
    /// Risk.
    pub risk: String,
    /// Leaves, the pressing one first.
    pub needs: Vec<String>,
    /// Which of the nine situations; 0: none.
    pub report: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    relation: Relation,
    state: GuardianState,
    since_months: Option<u32>,
    #[serde(default)]
    carer: bool,
}

#[derive(Deserialize)]
struct File {
    case: Vec<Scene>,
}

/// Reads the scenes.
pub fn scenes() -> Result<Vec<Scene>> {
    Ok(read::<File>("demo/cases.toml")?.case)
}

impl Scene {
    /// The guardians on a day.
    pub fn guardians(&self, names: &Names, today: Date, draw: &mut Draw) -> Vec<Guardian> {
        self.guardians.iter().map(|person| guardian(person, names, today, draw)).collect()
    }

    /// Whether somebody the child lives with is there to be asked.
    pub fn has_carer(&self) -> bool {
        self.guardians.iter().any(|person| person.carer && matches!(person.state, GuardianState::Present))
    }
}

fn guardian(person: &Person, names: &Names, today: Date, draw: &mut Draw) -> Guardian {
    use GuardianState::{CompulsoryDetox, Dead, Detained, Disabled, Ill, Imprisoned, LostContact, Missing, Revoked};
    let evidence = match person.state {
        Dead => "死亡证明",
        Missing => "法院宣告失踪判决书",
        LostContact => "公安查找情况说明",
        Imprisoned => "刑事判决书",
        CompulsoryDetox => "强制隔离戒毒决定书",
        Detained => "拘留通知书",
        Disabled => "残疾人证",
        Ill => "诊断证明",
        Revoked => "撤销监护人资格判决书",
        _ => "",
    };
    Guardian {
        id: GuardianId::from_parts(clock::start_of(today), draw.bytes()),
        relation: person.relation,
        state: person.state,
        since: person.since_months.map(|months| today.saturating_sub(i64::from(months).months())),
        evidence: if draw.chance(70) { evidence.to_owned() } else { String::new() },
        carer: person.carer,
        suspected: false,
        name: Some(Hidden::new(names.person(draw))),
        phone: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::model::{BirthMonth, categories};

    #[test]
    fn the_categories_of_every_scene_follow_from_its_guardians_and_flags() {
        let (today, names) = (jiff::civil::date(2026, 11, 25), Names::read().unwrap());
        for scene in scenes().unwrap() {
            let born = BirthMonth::of(jiff::civil::date(2026 - i16::try_from(scene.age[0]).unwrap(), 10, 1));
            let guardians = scene.guardians(&names, today, &mut Draw::of(1, &scene.words));
            let found: Vec<_> = categories(&guardians, &scene.flags, Some(born), today).iter().map(ToString::to_string).collect();
            assert_eq!(found, scene.categories, "{}", scene.words);
        }
    }
}
