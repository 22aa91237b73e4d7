//! Organisations: which comparisons speak for or against the same body at the same point.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    address::{self, Address},
    alike::{self, core_level},
    code, domain,
    kind::Record,
    name::{self, Name},
    person::{self, Person},
    phone::{self, Phone},
    point,
    points::{Level, Points},
    record::Organization,
    region::Regions,
    said::said,
    whereabouts::Whereabouts,
    word::Word,
};
use crate::place::Wgs84;

static POINTS: LazyLock<Points> = LazyLock::new(|| Points::read(include_str!("points/organization.csv")));

/// An organisation as it is compared.
#[derive(Debug)]
pub struct Read {
    name: Name,
    common: bool,
    /// Where county and name say it is.
    named: Whereabouts,
    /// Where all of the record says it is.
    place: Whereabouts,
    address: Address,
    phones: Vec<Phone>,
    contact: Person,
    uscc: String,
    domain: String,
    points: Vec<Wgs84>,
}

/// Names learnt from one code: one that all of a list have is a default.
const NAMES: usize = 4;
/// A website that more entries have is a platform's or a department's, not one body's.
const SITES: usize = 20;
/// A point that more entries have to the digit is a town's, or what a map gives where it knows nothing.
const SPOTS: usize = 8;

impl Record for Organization {
    type Read = Read;

    fn id(&self) -> &str {
        &self.id
    }

    fn read(&self, regions: &Regions) -> Read {
        let mut place = regions.county(&said(&self.county));
        let name = Name::read(&said(&self.name), regions, &mut place);
        let named = place.clone();
        let address = Address::read(&said(&self.address), regions, &mut place);
        Read {
            name,
            common: false,
            named,
            place,
            address,
            phones: Phone::all(&said(&self.phone)),
            contact: Person::read(&said(&self.contact)),
            uscc: code::read(&said(&self.uscc), 12),
            domain: domain::read(&said(&self.website)),
            points: point::read(&self.point),
        }
    }

    fn called(read: &Read) -> Option<(String, String)> {
        let county = read.place.county()?;
        (!read.name.core.is_empty()).then(|| (read.name.core.text(), county.to_string()))
    }

    fn is_common(read: &mut Read) {
        read.common = true;
    }

    fn in_company(read: &mut [Read]) {
        take_out_crowded(read);
        learn_by_code(read);
        name::learn_former_names(read.iter_mut().map(|one| (&mut one.name, one.place.county())));
    }

    fn keys(read: &Read) -> Vec<String> {
        let mut keys = alike::name_keys(&read.name, &read.place);
        keys.extend(alike::address_keys(&read.address, &read.place));
        keys.extend(alike::phone_keys(&read.phones, &read.place));
        if !read.uscc.is_empty() {
            keys.push(format!("u{}", read.uscc));
        }
        if let Some(contact) = read.contact.whole() {
            let county = read.place.county().unwrap_or_default();
            keys.push(format!("c{county}{contact}"));
        }
        if !read.domain.is_empty() {
            keys.push(format!("h{}", read.domain));
        }
        keys.extend(point::keys(&read.points));
        keys
    }

    fn levels(one: &Read, other: &Read) -> Vec<Level> {
        let mut levels = Vec::with_capacity(11);
        let core = core_level(&one.name, &other.name, one.common && other.common);
        levels.extend(core.map(|level| ("core", level)));
        levels.extend(one.name.form.zip(other.name.form).map(|(a, b)| ("form", if a == b { "same" } else { "other" })));
        // In a longer core there may be a misspelt field.
        let sure =
            matches!(core, Some("same" | "same_common" | "sound" | "typo" | "other") | None) || one.name.generic && other.name.generic;
        let field = alike::field_level(&one.name.fields, &other.name.fields).filter(|level| sure || *level != "other");
        levels.extend(field.map(|level| ("field", level)));
        levels.extend(alike::branch_level(&one.name, &other.name).map(|level| ("branch", level)));
        levels.extend(one.place_level(other).map(|level| ("place", level)));
        levels.extend(phone::agreement(&one.phones, &other.phones).map(|found| ("phone", alike::phone_name(found))));
        levels.extend(one.address.agreement(&other.address).map(|found| ("address", address_name(found))));
        levels.extend(one.contact.agreement(&other.contact).map(|found| ("contact", person_name(found))));
        levels.extend(code::agreement(&one.uscc, &other.uscc).map(|found| ("uscc", code_name(found))));
        let sites = !one.domain.is_empty() && !other.domain.is_empty();
        levels.extend(sites.then_some(("website", if one.domain == other.domain { "same" } else { "other" })));
        levels.extend(point::agreement(&one.points, &other.points).map(|found| ("point", point_name(found))));
        levels
    }

    fn points() -> &'static Points {
        &POINTS
    }
}

impl Read {
    /// Names without a word of their own are told apart by the town they name; where neither names
    /// one, it is the one body of its county, wherever that sits.
    fn place_level(&self, other: &Self) -> Option<&'static str> {
        let generic = self.name.generic && other.name.generic;
        let towns = self.named.township().is_some() || other.named.township().is_some();
        let (one, other) = if generic && !towns { (&self.named, &other.named) } else { (&self.place, &other.place) };
        alike::place_level(one, other, generic)
    }
}

/// Takes out the websites and points that too many have.
fn take_out_crowded(read: &mut [Read]) {
    let mut sites: HashMap<String, usize> = HashMap::new();
    let mut spots: HashMap<String, usize> = HashMap::new();
    for one in read.iter() {
        *sites.entry(one.domain.clone()).or_default() += 1;
        one.points.iter().for_each(|point| *spots.entry(point::spot(*point)).or_default() += 1);
    }
    for one in read {
        if sites[&one.domain] > SITES {
            one.domain.clear();
        }
        one.points.retain(|point| spots[&point::spot(*point)] <= SPOTS);
    }
}

/// Of records with the same code, each learns the names of the others: a body that changed its name.
fn learn_by_code(read: &mut [Read]) {
    let mut called: HashMap<String, Vec<Word>> = HashMap::new();
    for one in read.iter().filter(|one| !one.uscc.is_empty() && !one.name.generic) {
        let known = called.entry(one.uscc.clone()).or_default();
        if !known.contains(&one.name.core) && known.len() < NAMES {
            known.push(one.name.core.clone());
        }
    }
    for one in read.iter_mut().filter(|one| !one.name.generic) {
        called.get(&one.uscc).into_iter().flatten().for_each(|alias| one.name.learn(alias));
    }
}

/// The level of an address.
pub(super) fn address_name(found: address::Agreement) -> &'static str {
    match found {
        address::Agreement::Same => "same",
        address::Agreement::OtherRoom => "other_room",
        address::Agreement::Similar => "similar",
        address::Agreement::Road => "road",
        address::Agreement::OtherNumber => "other_number",
        address::Agreement::Other => "other",
    }
}

/// The level of a point.
fn point_name(found: point::Agreement) -> &'static str {
    match found {
        point::Agreement::Same => "same",
        point::Agreement::Near => "near",
        point::Agreement::Apart => "apart",
        point::Agreement::Far => "far",
    }
}

/// The level of a person.
pub(super) fn person_name(found: person::Agreement) -> &'static str {
    match found {
        person::Agreement::Same => "same",
        person::Agreement::Alike => "alike",
        person::Agreement::Surname => "surname",
        person::Agreement::Other => "other",
    }
}

/// The level of a code.
pub(super) fn code_name(found: code::Agreement) -> &'static str {
    match found {
        code::Agreement::Same => "same",
        code::Agreement::Typo => "typo",
        code::Agreement::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicate::{compare, region::tests::regions};

    fn chunhui() -> Organization {
        Organization {
            id: "1".into(),
            name: "南京市六合区春晖社会工作服务中心".into(),
            address: "南京市六合区长芦街道三元路32号".into(),
            phone: "025-00123456".into(),
            contact: "王芳".into(),
            uscc: String::new(),
            county: "六合区".into(),
            ..Organization::default()
        }
    }

    fn score(other: Organization) -> f64 {
        compare(&chunhui(), &Organization { id: "2".into(), ..other }, &regions()).score
    }

    #[test]
    fn the_same_body_is_found_however_it_is_written() {
        let short = Organization { name: "六合县春暉社工".into(), phone: "00123456".into(), ..Organization::default() };
        assert!(score(short) > 0.9);
        let moved = Organization {
            name: "春晖社会工作服务中心（原阳光社工）".into(), address: "六合区新华路三号".into(), ..chunhui()
        };
        assert!(score(moved) > 0.9);
    }

    #[test]
    fn a_branch_a_namesake_and_a_neighbour_are_others() {
        let branch = Organization {
            name: "春晖社会工作服务中心第二分中心".into(), address: "六合区新华路3号".into(), ..chunhui()
        };
        assert!(score(branch) < 0.5);
        let namesake = Organization {
            name: "南通市通州区春晖社会工作服务中心".into(),
            address: "通州区人民路8号".into(),
            phone: "0513-00778899".into(),
            contact: "李强".into(),
            county: "通州区".into(),
            ..chunhui()
        };
        assert!(score(namesake) < 0.5);
        let neighbour =
            Organization {
                name: "南京市六合区蓝天法律援助中心".into(), phone: "025-00990011".into(), contact: "李强".into(), ..chunhui()
            };
        assert!(score(neighbour) < 0.5);
    }

    /// Bodies with names of their own that have nothing in common but a website or a point.
    fn bodies(count: u32, website: &str, point: &str) -> Vec<Organization> {
        let name = |n: u32| [0x4e00 + n * 97, 0x5000 + n * 131].into_iter().filter_map(char::from_u32).collect::<String>();
        let body = |n| Organization {
            id: format!("{n:03}"),
            name: name(n),
            website: website.into(),
            point: point.into(),
            ..Organization::default()
        };
        (0..count).map(body).collect()
    }

    fn meeting(records: &[Organization], comparison: &str) -> usize {
        let pairs = crate::duplicate::pairs(records, &regions(), 0.0);
        pairs.iter().filter(|pair| pair.evidence.iter().any(|row| row.comparison == comparison && row.level == "same")).count()
    }

    #[test]
    fn a_website_or_a_point_of_few_brings_them_together() {
        assert_eq!(meeting(&bodies(2, "www.chunhui.org.cn", ""), "website"), 1);
        assert_eq!(meeting(&bodies(2, "", "118.72,32.18"), "point"), 1);
        let near = [bodies(1, "", "118.72,32.18").remove(0), bodies(2, "", "118.7201,32.1801").remove(1)];
        assert_eq!(meeting(&near, "point"), 1);
    }

    #[test]
    fn what_many_share_is_no_key() {
        assert_eq!(meeting(&bodies(40, "www.chunhui.org.cn", ""), "website"), 0);
        assert_eq!(meeting(&bodies(2, "https://mp.weixin.qq.com/s/1", ""), "website"), 0);
        assert_eq!(meeting(&bodies(40, "", "118.72,32.18"), "point"), 0);
    }

    #[test]
    fn who_changed_the_name_is_known_by_the_code_or_by_what_others_say() {
        let named = |id: &str, name: &str, uscc: &str| Organization {
            id: id.into(),
            name: name.into(),
            uscc: uscc.into(),
            county: "六合区".into(),
            ..Organization::default()
        };
        let core = |records: &[Organization]| {
            let pairs = crate::duplicate::pairs(records, &regions(), 0.0);
            let pair = pairs.iter().find(|pair| (pair.a.as_str(), pair.b.as_str()) == ("1", "2")).cloned();
            pair.and_then(|pair| pair.evidence.iter().find(|row| row.comparison == "core").map(|row| row.level))
        };
        let code = "52329900MJ0427827A";
        let by_code = [named("1", "春晖社工", ""), named("2", "阳光社工", code), named("3", "春晖社工", code)];
        assert_eq!(core(&by_code[..2]), None);
        assert_eq!(core(&by_code), Some("same"));
        let by_word = [named("1", "春晖社工", ""), named("2", "阳光社工", ""), named("3", "春晖社工（原阳光社工）", "")];
        assert_eq!(core(&by_word), Some("same"));
    }

    #[test]
    fn what_is_missing_adds_no_row() {
        let empty = Organization { id: "2".into(), ..Organization::default() };
        let evidence = compare(&chunhui(), &empty, &regions()).evidence;
        assert_eq!(evidence.iter().map(|row| row.comparison).collect::<Vec<_>>(), ["base"]);
    }
}
