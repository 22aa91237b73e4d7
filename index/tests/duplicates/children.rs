//! Made-up children: households with siblings and twins, namesakes, homophones of one birthday.

use lianjie_index::duplicate::Child;

use super::{
    address::{Home, county_field, number},
    luck::Luck,
    noise,
    organizations::{adult, surname},
    places::{County, short},
};

const GIVEN: [&str; 90] = [
    "子轩", "梓涵", "浩然", "欣怡", "雨桐", "宇轩", "梓萱", "一诺", "子涵", "诗涵", "佳怡", "浩宇", "思远", "俊杰", "梦瑶", "雨欣", "嘉怡",
    "晨曦", "博文", "子豪", "诗琪", "佳琪", "天佑", "志远", "语嫣", "欣妍", "家豪", "睿", "静怡", "明轩", "可欣", "紫涵", "雅婷", "文博",
    "思琪", "婷", "伟", "磊", "鑫", "梓晨", "依诺", "梓豪", "思涵", "宇航", "雨萱", "奕辰", "若曦", "沐宸", "皓轩", "乐怡", "芷若", "承宇",
    "悦", "航", "萌", "涛", "玉洁", "春燕", "小龙", "海洋", "建明", "文轩", "慧敏", "雪", "婉清", "泽宇", "铭泽", "依依", "圆圆", "欢欢",
    "艺馨", "昕怡", "煜城", "景行", "安琪", "晓彤", "晓雯", "柏霖", "楚涵", "云帆", "立诚", "明哲", "若涵", "语桐", "君昊", "嘉树", "知夏",
    "星辰", "乐天", "念慈",
];
const SCHOOLS: [&str; 14] = [
    "实验小学",
    "中心小学",
    "第一小学",
    "第二小学",
    "第三小学",
    "育才小学",
    "新华小学",
    "实验学校",
    "第一中学",
    "第二中学",
    "初级中学",
    "外国语学校",
    "中心幼儿园",
    "希望小学",
];

#[derive(Clone)]
struct Person<'a> {
    household: usize,
    county: &'a County,
    surname: String,
    given: String,
    boy: bool,
    birth: (u32, u32, u32),
    guardians: [String; 2],
    phones: [String; 2],
    home: Home,
    school: String,
    id4: String,
}

impl<'a> Person<'a> {
    fn new(luck: &mut Luck, counties: &'a [County], household: usize) -> Self {
        let county = &counties[luck.below(counties.len())];
        let surname = surname(luck).to_owned();
        let home = Home::new(luck, county);
        let father = format!("{surname}{}", luck.pick(&["建国", "军", "强", "志明", "伟", "国强", "海涛", "勇", "永红", "磊"]));
        Self {
            household,
            county,
            surname,
            given: luck.favour(&GIVEN).to_owned(),
            boy: luck.chance(0.5),
            birth: birthday(luck),
            guardians: [father, adult(luck)],
            phones: [number(luck, 1.0), number(luck, 0.9)],
            school: format!("{}{}", short(&home.town), luck.pick(&SCHOOLS)),
            home,
            id4: id4(luck),
        }
    }

    fn record(&self, luck: &mut Luck, id: String, counties: &[County]) -> Child {
        let far = luck.slips(0.03).then(|| &counties[luck.below(counties.len())]);
        let county = far.unwrap_or(self.county);
        let moved = (far.is_some() || luck.slips(0.08)).then(|| Home::new(luck, county));
        let home = moved.as_ref().unwrap_or(&self.home);
        let other = usize::from(luck.chance(0.2));
        let phone = if luck.chance(0.08) { number(luck, 1.0) } else { self.phones[other].clone() };
        let phone = if luck.slips(0.03) { noise::misdialled(luck, &phone) } else { phone };
        let guardian = if luck.slips(0.05) { noise::slip(luck, &self.guardians[other]) } else { self.guardians[other].clone() };
        let guardian = match luck.weighted(&[85, 8, 7]) {
            0 => guardian,
            1 => format!("{guardian}（{}）", luck.pick(&["父亲", "母亲", "奶奶", "监护人"])),
            _ => format!("{} {guardian}", luck.pick(&["父亲", "爷爷", "外婆"])),
        };
        let school = match moved {
            Some(_) if luck.chance(0.7) => format!("{}{}", short(&home.town), luck.pick(&SCHOOLS)),
            _ => self.written_school(luck),
        };
        let id4 = if luck.slips(0.03) { noise::misdialled(luck, &format!("0000{}", self.id4))[4..].to_owned() } else { self.id4.clone() };
        let boy = self.boy != luck.slips(0.015);
        let sex = match luck.below(3) {
            0 => {
                if boy {
                    "男孩"
                } else {
                    "女孩"
                }
            }
            _ => {
                if boy {
                    "男"
                } else {
                    "女"
                }
            }
        };
        let address = home.written(luck, county);
        let mut blank = |text: String, p: f64| if luck.misses(p) { String::new() } else { text };
        let (sex, guardian, phone) = (blank(sex.to_owned(), 0.08), blank(guardian, 0.2), blank(phone, 0.25));
        let (address, school, id4) = (blank(address, 0.2), blank(school, 0.3), blank(id4, 0.5));
        let phone = if phone.is_empty() { phone } else { noise::phone(luck, &phone) };
        let birth = if luck.misses(0.04) { String::new() } else { written_birthday(luck, self.birth) };
        Child { id, name: self.written_name(luck), sex, birth, guardian, phone, address, school, id4, county: county_field(luck, county) }
    }

    fn written_name(&self, luck: &mut Luck) -> String {
        let given = if luck.slips(0.10) { noise::slip(luck, &self.given) } else { self.given.clone() };
        let surname = if luck.slips(0.02) { noise::homophone(luck, &self.surname) } else { self.surname.clone() };
        let name = format!("{surname}{given}");
        match luck.weighted(&[88, 5, 4, 3]) {
            0 => name,
            1 => noise::traditional(&name),
            2 => format!("{surname} {given}"),
            _ => format!("{name}（{}）", luck.pick(&["小名乐乐", "留守", "孤儿", "2024"])),
        }
    }

    fn written_school(&self, luck: &mut Luck) -> String {
        match luck.weighted(&[55, 20, 15, 10]) {
            0 => self.school.clone(),
            1 => format!("{}{}", self.county.name, self.school),
            2 => self.school.replace("小学", "小").replace("第一", "一"),
            _ => noise::slip(luck, &self.school),
        }
    }
}

fn birthday(luck: &mut Luck) -> (u32, u32, u32) {
    (luck.number(2008, 2022), luck.number(1, 12), luck.number(1, 28))
}

fn id4(luck: &mut Luck) -> String {
    let last = luck.pick(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "X"]);
    format!("{:03}{last}", luck.number(1, 499))
}

fn written_birthday(luck: &mut Luck, (year, month, day): (u32, u32, u32)) -> String {
    let (mut year, mut month, mut day) = (year, month, day);
    if luck.slips(0.06) {
        match luck.below(5) {
            0 => year += 1,
            1 => month = month % 12 + 1,
            2 => day = day % 28 + 1,
            3 => std::mem::swap(&mut month, &mut day),
            _ => day = (day + 10) % 28 + 1,
        }
    }
    match luck.weighted(&[35, 12, 12, 10, 14, 6, 4, 3, 4]) {
        0 => format!("{year}-{month:02}-{day:02}"),
        1 => format!("{year}年{month}月{day}日"),
        2 => format!("{year}{month:02}{day:02}"),
        3 => format!("{year}/{month}/{day}"),
        4 => format!("{year}-{month:02}"),
        5 => format!("{year}年{month}月"),
        6 => format!("{year}.{month}.{day}"),
        7 => format!("{year}年农历{}月{}", noise::numeral(luck.number(1, 12)), luck.pick(&["初三", "十五", "廿二"])),
        _ => year.to_string(),
    }
}

/// Pairs of children who are twins.
pub type Twins = Vec<(usize, usize)>;

/// Siblings, twins and namesakes of one.
fn traps<'a>(luck: &mut Luck, one: &Person<'a>, counties: &'a [County]) -> Vec<Person<'a>> {
    let mut traps = Vec::new();
    let given = |luck: &mut Luck| -> String {
        // Siblings often share a character.
        let other = luck.pick(&GIVEN);
        let (own, new): (Vec<char>, Vec<char>) = (one.given.chars().collect(), other.chars().collect());
        match (&own[..], &new[..]) {
            ([first, second], [a, b]) if luck.chance(0.45) => {
                let first_shared = luck.chance(0.6);
                if first_shared {
                    format!("{first}{}", if b == second { a } else { b })
                } else {
                    format!("{}{second}", if a == first { b } else { a })
                }
            }
            _ => other.to_owned(),
        }
    };
    for _ in 0..luck.weighted(&[60, 30, 10]) {
        let school = if luck.chance(0.6) { one.school.clone() } else { format!("{}{}", short(&one.home.town), luck.pick(&SCHOOLS)) };
        let (given, boy) = (given(luck), luck.chance(0.5));
        if given != one.given {
            traps.push(Person { given, boy, birth: birthday(luck), school, id4: id4(luck), ..one.clone() });
        }
    }
    if luck.chance(0.06) {
        let (given, boy) = (given(luck), if luck.chance(0.7) { one.boy } else { !one.boy });
        if given != one.given {
            traps.push(Person { given, boy, id4: id4(luck), ..one.clone() });
        }
    }
    let other = Person::new(luck, counties, usize::MAX);
    if luck.chance(0.12) {
        // A namesake, often in the same county.
        let (county, home) = if luck.chance(0.5) { (one.county, Home::new(luck, one.county)) } else { (other.county, other.home.clone()) };
        let guardians = [format!("{}{}", one.surname, luck.pick(&["军", "强", "伟", "勇"])), adult(luck)];
        traps.push(Person { surname: one.surname.clone(), given: one.given.clone(), county, home, guardians, ..other.clone() });
    }
    if luck.chance(0.05) {
        let given = noise::homophone(luck, &one.given);
        let home = Home::new(luck, one.county);
        if given == one.given {
            return traps;
        }
        traps.push(Person { surname: one.surname.clone(), given, birth: one.birth, county: one.county, home, ..other });
    }
    traps
}

/// Records with the number of the child each stands for, in no order; and the pairs of twins.
pub fn children(luck: &mut Luck, counties: &[County], count: usize) -> (Vec<(usize, Child)>, Twins) {
    let mut people: Vec<Person> = Vec::new();
    while people.len() < count {
        let one = Person::new(luck, counties, people.len());
        let traps = traps(luck, &one, counties);
        people.push(one);
        people.extend(traps);
    }
    let twin = |a: &Person, b: &Person| a.household == b.household && a.birth == b.birth && a.household != usize::MAX;
    let near = |a: usize| (a + 1..people.len().min(a + 8)).map(move |b| (a, b));
    let twins = (0..people.len()).flat_map(near).filter(|(a, b)| twin(&people[*a], &people[*b])).collect();
    let mut records = Vec::new();
    for (entity, person) in people.iter().enumerate() {
        for copy in 0..=luck.copies() {
            records.push((entity, person.record(luck, format!("c{entity}-{copy}"), counties)));
        }
    }
    luck.shuffle(&mut records);
    (records, twins)
}
