//! Children: which comparisons speak for or against the same child.
//!
//! Phone, address, guardian and school agree together for all children of a household, so they are
//! one comparison, which counts what agrees best. Name and birthday tell siblings apart, and twins
//! have a row of their own.

use std::sync::LazyLock;

use super::{
    address::{self, Address},
    alike::phone_name,
    birth::Birth,
    code,
    kind::Record,
    organization::code_name,
    person::{self, Person},
    phone::{self, Phone},
    points::{Level, Points},
    record::Child,
    region::Regions,
    said::said,
    whereabouts::{Nearness, Whereabouts},
    word::Word,
};

static POINTS: LazyLock<Points> = LazyLock::new(|| Points::read(include_str!("points/child.csv")));

/// A child as it is compared.
pub struct Read {
    name: Person,
    common: bool,
    male: Option<bool>,
    birth: Birth,
    guardian: Person,
    phones: Vec<Phone>,
    address: Address,
    school: Word,
    id4: String,
    place: Whereabouts,
}

impl Record for Child {
    type Read = Read;

    fn id(&self) -> &str {
        &self.id
    }

    fn read(&self, regions: &Regions) -> Read {
        let mut place = regions.county(&said(&self.county));
        let county = place.clone();
        let address = Address::read(&said(&self.address), regions, &mut place);
        Read {
            name: Person::read(&said(&self.name)),
            common: false,
            male: male(&said(&self.sex)),
            birth: Birth::read(&said(&self.birth)),
            guardian: Person::read(&said(&self.guardian)),
            phones: Phone::all(&said(&self.phone)),
            address,
            school: school(&said(&self.school), regions, &county),
            id4: code::read(&said(&self.id4), 4),
            place,
        }
    }

    fn called(read: &Read) -> Option<(String, String)> {
        let mark = format!("{:?}-{:?}", read.birth.year?, read.birth.month?);
        Some((read.name.whole()?, mark))
    }

    fn is_common(read: &mut Read) {
        read.common = true;
    }

    fn keys(read: &Read) -> Vec<String> {
        super::child_keys::of(read)
    }

    fn levels(one: &Read, other: &Read) -> Vec<Level> {
        let mut levels = Vec::with_capacity(11);
        let given = one.given_level(other);
        let surname = one.surname_level(other);
        let household = one.household_level(other);
        let id4 = code::agreement(&one.id4, &other.id4);
        levels.extend(surname.map(|level| ("surname", level)));
        levels.extend(given.map(|level| ("given", level)));
        one.birthday_levels(other, &mut levels);
        if let (Some(a), Some(b)) = (one.male, other.male) {
            levels.push(("sex", if a == b { "same" } else { "other" }));
        }
        levels.extend(id4.map(|found| ("id4", code_name(found))));
        levels.extend(household.map(|level| ("household", level)));
        levels.extend(one.place.nearness(&other.place).map(|near| ("county", near_name(near))));
        let twins = one.birth.may_be(&other.birth)
            && matches!(given, Some("half" | "other"))
            && matches!(household, Some("phone" | "guardian" | "address" | "partly" | "school"))
            && surname != Some("other")
            && id4 != Some(code::Agreement::Same);
        if twins {
            levels.push(("twins", "likely"));
        }
        levels
    }

    fn points() -> &'static Points {
        &POINTS
    }
}

impl Read {
    fn surname_level(&self, other: &Self) -> Option<&'static str> {
        let (a, b) = (&self.name.surname, &other.name.surname);
        if a.is_empty() || b.is_empty() {
            return None;
        }
        Some(match (a == b, a.taken_for(b)) {
            (true, _) => "same",
            (_, true) => "alike",
            _ => "other",
        })
    }

    fn given_level(&self, other: &Self) -> Option<&'static str> {
        let (a, b) = (&self.name.given, &other.name.given);
        if a.is_empty() || b.is_empty() {
            return None;
        }
        Some(if a == b {
            if self.common && other.common { "same_common" } else { "same" }
        } else if a.sounds_alike(b) {
            "sound"
        } else if a.taken_for(b) {
            "look"
        } else if a.len() == b.len() && a.distance(b) <= 5 {
            "swapped"
        } else if a.chars().iter().all(|c| b.chars().contains(c)) || b.chars().iter().all(|c| a.chars().contains(c)) {
            "part"
        } else if a.chars().iter().any(|c| b.chars().contains(c)) {
            "half"
        } else {
            "other"
        })
    }

    fn birthday_levels(&self, other: &Self, levels: &mut Vec<Level>) {
        let (a, b) = (&self.birth, &other.birth);
        if let (Some(a), Some(b)) = (a.year, b.year) {
            let level = if a == b {
                "same"
            } else if a.abs_diff(b) == 1 {
                "near"
            } else if one_digit(a, b) {
                "digit"
            } else {
                "other"
            };
            levels.push(("year", level));
        }
        if a.swapped(b) {
            levels.push(("month", "swapped"));
            return;
        }
        let part = |a: u32, b: u32| {
            if a == b {
                "same"
            } else if one_digit(a, b) {
                "digit"
            } else {
                "other"
            }
        };
        if let (Some(a), Some(b)) = (a.month, b.month) {
            levels.push(("month", part(a, b)));
        }
        if let (Some(a), Some(b)) = (a.day, b.day) {
            // The first of a month often stands for a day that was not known.
            let first = a != b && (a == 1 || b == 1);
            levels.push(("day", if first { "first" } else { part(a, b) }));
        }
    }

    /// The best agreement within the household, or that nothing agrees.
    fn household_level(&self, other: &Self) -> Option<&'static str> {
        const LEVELS: [&str; 7] = ["guardian", "phone", "address", "partly", "school", "one_apart", "apart"];
        let guardian = self.guardian.agreement(&other.guardian).map(|found| match found {
            person::Agreement::Same => 0,
            person::Agreement::Alike => 3,
            person::Agreement::Surname => 5,
            person::Agreement::Other => 6,
        });
        let phone = phone::agreement(&self.phones, &other.phones).map(|found| match phone_name(found) {
            "same" => 1,
            "masked" | "typo" => 3,
            _ => 6,
        });
        let address = self.address.agreement(&other.address).map(|found| match found {
            address::Agreement::Same => 2,
            address::Agreement::OtherRoom | address::Agreement::Similar | address::Agreement::Road => 3,
            _ => 6,
        });
        let school =
            (!self.school.is_empty() && !other.school.is_empty()).then(|| match super::alike::word_level(&self.school, &other.school) {
                0..=4 => 4,
                _ => 6,
            });
        let known: Vec<usize> = [guardian, phone, address, school].into_iter().flatten().collect();
        let best = *known.iter().min()?;
        Some(if best == 6 && known.len() == 1 { LEVELS[5] } else { LEVELS[best] })
    }
}

impl Read {
    pub(super) const fn name(&self) -> &Person {
        &self.name
    }

    pub(super) const fn birth(&self) -> &Birth {
        &self.birth
    }

    pub(super) const fn guardian(&self) -> &Person {
        &self.guardian
    }

    pub(super) fn phones(&self) -> &[Phone] {
        &self.phones
    }

    pub(super) const fn address(&self) -> &Address {
        &self.address
    }

    pub(super) fn id4(&self) -> &str {
        &self.id4
    }

    pub(super) fn county(&self) -> u32 {
        self.place.county().unwrap_or_default()
    }
}

fn near_name(near: Nearness) -> &'static str {
    match near {
        Nearness::Township => "township",
        Nearness::County => "same",
        Nearness::OtherTownship => "other_township",
        Nearness::OtherCounty => "other",
        Nearness::OtherPrefecture => "far",
    }
}

/// Whether two numbers of one length differ in one digit, or in the order of two.
fn one_digit(a: u32, b: u32) -> bool {
    strsim::osa_distance(&format!("{a:02}"), &format!("{b:02}")) == 1
}

fn male(folded: &str) -> Option<bool> {
    match folded.trim().chars().next()? {
        '男' | 'm' | '1' => Some(true),
        '女' | 'f' | '2' => Some(false),
        _ => None,
    }
}

/// A school's name without its region and what all schools are called.
fn school(folded: &str, regions: &Regions, county: &Whereabouts) -> Word {
    let name = super::brackets::unpack(folded).name;
    let text: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let start = regions.prefix(&text, &mut county.clone());
    let text: String = super::numeral::in_digits(&text[start..], "小中实初高").iter().collect();
    Word::new(&text.replace("小学", "小").replace("中学", "中").replace("学校", "校").replace("幼儿园", "幼"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicate::{compare, region::tests::regions};

    fn ming() -> Child {
        Child {
            id: "1".into(),
            name: "王子轩".into(),
            sex: "男".into(),
            birth: "2015-03-04".into(),
            guardian: "王建国".into(),
            phone: "13900001111".into(),
            address: "六合区长芦街道三元路32号".into(),
            school: "长芦小学".into(),
            id4: "1234".into(),
            county: "六合区".into(),
        }
    }

    fn score(other: Child) -> f64 {
        compare(&ming(), &Child { id: "2".into(), ..other }, &regions()).score
    }

    #[test]
    fn the_same_child_is_found_however_it_is_written() {
        assert!(score(Child { birth: "2015年3月".into(), phone: "139****1111".into(), id4: String::new(), ..ming() }) > 0.9);
        assert!(score(Child { name: "王梓轩".into(), guardian: "李芳".into(), ..ming() }) > 0.9);
        let moved =
            Child {
                address: "秦淮区中山路3号".into(), school: "秦淮小学".into(), phone: String::new(), county: "秦淮区".into(), ..ming()
            };
        assert!(score(moved) > 0.9);
    }

    #[test]
    fn a_sibling_a_twin_and_a_namesake_are_others() {
        let sibling = Child { name: "王子涵".into(), birth: "2017-08-11".into(), id4: "5678".into(), ..ming() };
        assert!(score(sibling) < 0.1);
        let twin = Child { name: "王子豪".into(), id4: "1250".into(), ..ming() };
        assert!(score(twin.clone()) < 0.5);
        assert!(score(Child { id4: String::new(), ..twin }) < 0.5);
        let namesake = Child {
            birth: "2013-11-20".into(),
            guardian: "王军".into(),
            phone: "13800002222".into(),
            address: "六合区新华路5号".into(),
            id4: "8812".into(),
            ..ming()
        };
        assert!(score(namesake) < 0.1);
    }
}
