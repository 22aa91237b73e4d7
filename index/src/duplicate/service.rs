//! Services: which comparisons speak for or against the same offering at the same place.

use std::sync::LazyLock;

use super::{
    address::Address,
    age::Age,
    alike::{self, WORD_LEVELS, word_level},
    kind::Record,
    name::{self, Name},
    offering::{self, Offering},
    organization::address_name,
    phone::{self, Phone},
    points::{Level, Points},
    record::Service,
    region::Regions,
    said::said,
    whereabouts::Whereabouts,
    word::Word,
};

static POINTS: LazyLock<Points> = LazyLock::new(|| Points::read(include_str!("points/service.csv")));

/// A service as it is compared.
#[derive(Debug)]
pub struct Read {
    offering: Offering,
    common: bool,
    org: Name,
    place: Whereabouts,
    address: Address,
    phones: Vec<Phone>,
    category: String,
    age: Option<Age>,
}

impl Record for Service {
    type Read = Read;

    fn id(&self) -> &str {
        &self.id
    }

    fn read(&self, regions: &Regions) -> Read {
        let mut place = regions.county(&said(&self.county));
        let mut org = Name::read(&said(&self.org), regions, &mut place.clone());
        if org.core.is_empty() {
            org = offering::body(&said(&self.name), regions, &place).unwrap_or_default();
        }
        let offering = Offering::read(&said(&self.name), &org, regions, &mut place);
        let address = Address::read(&said(&self.address), regions, &mut place);
        Read {
            offering,
            common: false,
            org,
            place,
            address,
            phones: Phone::all(&said(&self.phone)),
            category: said(&self.category).chars().filter(|c| c.is_alphanumeric() || *c == '-').collect(),
            age: Age::read(&said(&self.age)),
        }
    }

    fn called(read: &Read) -> Option<(String, String)> {
        (!read.org.core.is_empty() && !read.offering.core.is_empty()).then(|| (read.offering.core.text(), read.org.core.text()))
    }

    fn is_common(read: &mut Read) {
        read.common = true;
    }

    fn in_company(read: &mut [Read]) {
        name::learn_former_names(read.iter_mut().map(|one| (&mut one.org, one.place.county())));
    }

    fn keys(read: &Read) -> Vec<String> {
        let county = read.place.county().unwrap_or_default();
        let mut keys = alike::address_keys(&read.address, &read.place);
        keys.extend(alike::phone_keys(&read.phones, &read.place));
        let core = &read.offering.core;
        let org = read.org.core.heard(2).swap_remove(0);
        for heard in core.heard(2) {
            keys.push(format!("n{heard}{county}"));
            keys.push(format!("no{heard}{org}"));
        }
        keys.extend(core.heard(4).iter().map(|heard| format!("f{heard}")));
        keys.extend(core.heard_last(3).iter().flat_map(|heard| [format!("l{heard}{county}"), format!("lo{heard}{org}")]));
        keys.extend(
            core.chars().windows(2).flat_map(|pair| [format!("b{}{}", pair[0], pair[1]), format!("b{}{}{county}", pair[0], pair[1])]),
        );
        keys.push(format!("w{}{county}", core.text()));
        if !read.org.core.is_empty() {
            keys.extend([format!("o{org}{county}"), format!("oc{org}{}", read.category)]);
        }
        keys
    }

    fn levels(one: &Read, other: &Read) -> Vec<Level> {
        let mut levels = Vec::with_capacity(11);
        levels.extend(one.name_level(other).map(|level| ("name", level)));
        levels.extend(alike::field_level(&one.offering.topics, &other.offering.topics).map(|level| ("topic", level)));
        levels.extend(one.offering.mark_level(&other.offering).map(|level| ("mark", level)));
        levels.extend(one.offering.town_level(&other.offering).map(|level| ("town", level)));
        levels.extend(org_level(&one.org, &other.org).map(|level| ("org", level)));
        levels.extend(category_level(&one.category, &other.category).map(|level| ("category", level)));
        levels.extend(one.age.zip(other.age).map(|(one, other)| ("age", one.level(other))));
        levels.extend(alike::place_level(&one.place, &other.place, false).map(|level| ("place", level)));
        levels.extend(phone::agreement(&one.phones, &other.phones).map(|found| ("phone", alike::phone_name(found))));
        levels.extend(one.address.agreement(&other.address).map(|found| ("address", address_name(found))));
        levels
    }

    fn points() -> &'static Points {
        &POINTS
    }
}

impl Read {
    fn name_level(&self, other: &Self) -> Option<&'static str> {
        let level = self.offering.level(&other.offering)?;
        Some(if level == "same" && self.common && other.common { "same_common" } else { level })
    }
}

/// Whether both are of one organisation, or of parts of one.
fn org_level(one: &Name, other: &Name) -> Option<&'static str> {
    let best = one.cores().flat_map(|a| other.cores().map(|b| word_level(a, b))).min()?;
    if one.core.is_empty() || other.core.is_empty() {
        return None;
    }
    if best <= 4 && alike::branch_level(one, other) == Some("other") {
        return Some("branch");
    }
    Some(match WORD_LEVELS[best] {
        "same" => "same",
        "sound" | "typo" => "typo",
        "part" | "abbreviation" => "part",
        "similar" => "similar",
        // A character is shared: a slip in a short name, or a neighbour in the alphabet of names.
        "weak" => "weak",
        _ => "other",
    })
}

/// Whether both are of one term, or of one group of terms.
fn category_level(one: &str, other: &str) -> Option<&'static str> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    if one.is_ascii() != other.is_ascii() {
        return None; // a code and a word cannot be compared without the taxonomy
    }
    let group = |text: &str| text.split('-').next().map(str::to_owned);
    let coded = one.is_ascii();
    Some(if one == other {
        "same"
    } else if coded && group(one) == group(other) || !coded && Word::new(one).common_pairs(&Word::new(other)) >= 300 {
        "group"
    } else {
        "other"
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicate::{compare, region::tests::regions};

    fn sunflower() -> Service {
        Service {
            id: "1".into(),
            name: "向日葵儿童心理辅导项目".into(),
            org: "南京市六合区春晖社会工作服务中心".into(),
            address: "六合区长芦街道三元路32号".into(),
            phone: "025-00123456".into(),
            category: "PSY-03".into(),
            county: "六合区".into(),
            age: "6-12岁".into(),
        }
    }

    fn score(other: Service) -> f64 {
        compare(&sunflower(), &Service { id: "2".into(), ..other }, &regions()).score
    }

    #[test]
    fn the_same_offering_is_found_however_it_is_written() {
        let year = Service {
            name: "2024年“向日葵”儿童心理輔導服务".into(), org: "春晖社工".into(), address: String::new(), ..sunflower()
        };
        assert!(score(year) > 0.9);
    }

    #[test]
    fn a_sister_service_and_one_in_another_town_are_others() {
        let sister = Service { name: "法律援助咨询".into(), category: "LAW-01".into(), ..sunflower() };
        assert!(score(sister) < 0.5);
        let elsewhere =
            Service { address: "秦淮区中山路5号".into(), county: "秦淮区".into(), phone: "025-00887766".into(), ..sunflower() };
        assert!(score(elsewhere) < 0.5);
    }
}
