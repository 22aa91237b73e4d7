//! What a place that somebody typed means: a code, a name, a name or code of former days, a zone, a village.
//!
//! Divisions and zones are in memory. Of villages only the ways to read their names are here; the villages are in the store.

use lianjie_index::place::gazetteer::Zone;
use lianjie_index::text::fold;
use lianjie_index::{Area, DivisionCode};

use super::model::{Divisions, Village};

/// A place that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// The division or zone.
    pub area: Area,
    /// The name it had, where that or its withdrawn code was typed.
    pub former: Option<String>,
    /// The village within, where one was typed.
    pub village: Option<Village>,
}

impl Meant {
    /// The code that means this place and no other.
    #[must_use]
    pub fn code(&self) -> String {
        self.village.as_ref().map_or_else(|| self.area.to_string(), |village| village.code.clone())
    }

    /// The name with those above it.
    #[must_use]
    pub fn full_name(&self, divisions: &Divisions) -> String {
        let village = self.village.as_ref().map_or("", |village| village.name.as_str());
        format!("{}{village}", divisions.area_name(&self.area))
    }

    /// The name by itself.
    #[must_use]
    pub fn name(&self, divisions: &Divisions) -> String {
        match (&self.village, self.area.division()) {
            (Some(village), _) => village.name.clone(),
            (None, Some(code)) => divisions.name(&code),
            (None, None) => divisions.area_name(&self.area),
        }
    }
}

impl From<Area> for Meant {
    fn from(area: Area) -> Self {
        Self { area, former: None, village: None }
    }
}

/// How the names of villages and communities end in the list; people leave the end away.
const ENDS: [&str; 10] = ["", "居委会", "村委会", "委会", "民委员会", "居民委员会", "村民委员会", "社区居委会", "社区村委会", "社区"];

/// The names in the list that a village's typed name may stand for.
#[must_use]
pub fn listed_names(typed: &str) -> [String; 10] {
    ENDS.map(|end| format!("{typed}{end}"))
}

impl Divisions {
    /// The divisions and zones that a code or a name means, also in pinyin; none where it is not known.
    #[must_use]
    pub fn meant(&self, text: &str) -> Vec<Meant> {
        let text: String = fold(text).split_whitespace().collect();
        if text.is_empty() {
            return Vec::new();
        }
        // A zone may be given by its id, or by the code that statistics have for it.
        let zone = format!("zone:zone-{text}");
        let mut codes = [text.as_str(), zone.as_str()].into_iter().filter_map(|code| code.parse::<Area>().ok());
        if let Some(area) = codes.find(|area| self.has_area(area)) {
            return vec![area.into()];
        }
        let former = self.formerly(&text);
        if !former.is_empty() {
            return former;
        }
        let named = self.named(&text).into_iter().map(Area::from);
        let found: Vec<Meant> = self.zones_named(&text).chain(named).map(Meant::from).collect();
        if found.is_empty() { self.gazetteer.sounding(&text).iter().cloned().map(Meant::from).collect() } else { found }
    }

    /// What a withdrawn code, or a name that no division bears any more, is now.
    fn formerly(&self, text: &str) -> Vec<Meant> {
        let borne = self.all().any(|row| row.name == text);
        let former = self.former().iter().filter(|old| old.code.as_str() == text || (!borne && old.name == text));
        let mut found: Vec<Meant> = Vec::new();
        for old in former {
            for successor in &old.successors {
                let area = Area::from(successor.clone());
                if found.iter().all(|known| known.area != area) {
                    // Of one whose code alone was withdrawn there is nothing to say.
                    let former = Some(old.name.clone()).filter(|name| *name != self.name(successor));
                    found.push(Meant { former, ..Meant::from(area) });
                }
            }
        }
        found
    }

    /// The zone of that name.
    #[must_use]
    pub fn zone_named(&self, name: &str) -> Option<Area> {
        let name: String = fold(name).split_whitespace().collect();
        self.zones_named(&name).next()
    }

    fn zones_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Area> + 'a {
        let bears = move |zone: &&Zone| std::iter::once(&zone.name).chain(&zone.aliases).any(|own| self.is_zone(zone, &fold(own), name));
        self.zones().iter().filter(bears).filter_map(|zone| format!("zone:{}", zone.id).parse().ok())
    }

    /// Whether a zone's own name was typed, by itself or after that of a division around it.
    fn is_zone(&self, zone: &Zone, own: &str, typed: &str) -> bool {
        let around = |before: &str| {
            let above = zone.members.first().into_iter().flat_map(DivisionCode::upwards);
            let mut rows = above.filter_map(|code| self.find(&code.parse().ok()?));
            rows.any(|row| row.name == before || self.full_name(&row.code) == before || row.aliases.iter().any(|alias| alias == before))
        };
        typed.strip_suffix(own).is_some_and(|before| before.is_empty() || around(before))
    }

    /// The ways to read a text as a village: the division named before it, if any, and the village's own name.
    #[must_use]
    pub fn village_readings(&self, text: &str) -> Vec<(Option<DivisionCode>, String)> {
        let text: String = fold(text).split_whitespace().collect();
        let text = text.strip_prefix("江苏省").unwrap_or(&text);
        let mut readings = vec![(None, text.to_owned())];
        for row in self.all().filter(|row| row.code.as_str().len() >= 6) {
            let Some(at) = text.find(row.name.as_str()) else { continue };
            let (before, village) = text.split_at(at + row.name.len());
            if !village.is_empty() && self.full_name(&row.code).ends_with(before) {
                readings.push((Some(row.code.clone()), village.to_owned()));
            }
        }
        readings
    }

    /// A village with where it lies: its township, else its county where the two lists have the same.
    #[must_use]
    pub fn with_village(&self, village: Village) -> Option<Meant> {
        let county = || village.code.get(..6)?.parse::<DivisionCode>().ok();
        let division = village.township.clone().or_else(county).filter(|code| self.has(code))?;
        Some(Meant { village: Some(village), ..Meant::from(Area::from(division)) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{Division, Former};
    use super::*;

    fn divisions() -> Divisions {
        let row = |code: &str, level: &str, name: &str, alias: &str| Division {
            code: code.parse().unwrap(),
            level: level.into(),
            name: name.into(),
            point: None,
            exact: false,
            pinyin: String::new(),
            aliases: vec![alias.into()],
        };
        let rows = vec![
            row("32", "province", "江苏省", "江苏"),
            row("3201", "prefecture", "南京市", "南京"),
            row("320104", "county", "秦淮区", "白下区"),
            row("320106", "county", "鼓楼区", "鼓楼"),
            row("320116", "county", "六合区", "六合"),
            row("320116012", "township", "长芦街道", "长芦"),
            row("3203", "prefecture", "徐州市", "徐州"),
            row("320302", "county", "鼓楼区", "鼓楼"),
            row("3206", "prefecture", "南通市", "南通"),
            row("320612", "county", "通州区", "通州市"),
        ];
        let zone = Zone {
            id: "zone-320100-jiangbei".into(),
            name: "江北新区".into(),
            aliases: vec!["南京江北新区".into()],
            members: vec!["320116012".parse().unwrap()],
        };
        let former = |code: &str, name: &str, successor: &str| Former {
            code: code.parse().unwrap(),
            name: name.into(),
            successors: vec![successor.parse().unwrap()],
        };
        let former = vec![former("320103", "白下区", "320104"), former("320683", "通州市", "320612"), former("320107", "鼓楼区", "320106")];
        Divisions::new(rows, vec![zone], Vec::new(), Vec::new()).with_former(former)
    }

    fn codes(text: &str) -> Vec<String> {
        divisions().meant(text).iter().map(Meant::code).collect()
    }

    #[test]
    fn a_code_and_a_name_mean_the_place() {
        assert_eq!(codes("320116012"), ["320116012"]);
        assert_eq!(codes("六合区 长芦街道"), ["320116012"]);
        assert_eq!(codes("鼓楼区"), ["320106", "320302"]);
        assert!(codes("不存在的地方").is_empty());
        assert_eq!((codes("changlujiedao"), codes("luhequ")), (vec!["320116012".to_owned()], vec!["320116".to_owned()]));
        assert_eq!(codes("gulou qu"), ["320106", "320302"], "whoever sounds so is offered");
    }

    #[test]
    fn a_zone_is_known_by_its_names_and_its_code() {
        for text in ["江北新区", "南京江北新区", "南京市江北新区", "zone:zone-320100-jiangbei"] {
            assert_eq!(codes(text), ["zone:zone-320100-jiangbei"], "{text}");
        }
        assert!(codes("徐州市江北新区").is_empty());
    }

    #[test]
    fn a_withdrawn_code_and_a_former_name_lead_to_what_it_is_now() {
        for (text, now, before) in [("320103", "320104", "白下区"), ("白下区", "320104", "白下区"), ("通州市", "320612", "通州市")]
        {
            let meant = divisions().meant(text);
            assert_eq!((meant.len(), meant[0].code().as_str(), meant[0].former.as_deref()), (1, now, Some(before)), "{text}");
        }
        assert_eq!(codes("鼓楼区").len(), 2, "a name that is still borne means those who bear it");
    }

    #[test]
    fn a_village_may_stand_after_its_township_or_county() {
        let readings = divisions().village_readings("南京市六合区长芦街道玉带社区");
        assert!(readings.contains(&(Some("320116012".parse().unwrap()), "玉带社区".into())), "{readings:?}");
        assert_eq!(divisions().village_readings("玉带社区"), [(None, "玉带社区".into())]);
        assert!(divisions().village_readings("徐州市长芦街道玉带社区").len() == 1, "a township of another city is no such place");
        assert!(
            listed_names("玉带社区").contains(&"玉带社区村委会".to_owned()) && listed_names("张庄村").contains(&"张庄村委会".to_owned())
        );
    }
}
