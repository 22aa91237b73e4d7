//! Made-up services: sister offerings of one organisation, the same project in several towns.

use lianjie_index::duplicate::Service;

use super::{
    address::{Home, county_field, number},
    luck::Luck,
    noise,
    organizations::Body,
    places::{County, short},
};

const OFFERINGS: [(&str, &str, &str); 30] = [
    ("儿童心理咨询", "PSY-03", "心理咨询"),
    ("青少年心理辅导", "PSY-02", "心理辅导"),
    ("沙盘游戏治疗", "PSY-05", "心理治疗"),
    ("情绪管理小组", "PSY-10", "情绪管理"),
    ("危机干预热线", "PSY-06", "危机干预"),
    ("四点半课堂", "DEV-02", "课后服务"),
    ("爱心暑托班", "DEV-03", "假期托管"),
    ("阅读陪伴", "DEV-04", "阅读"),
    ("学业辅导", "DEV-01", "学业辅导"),
    ("困境儿童个案服务", "COO-01", "个案管理"),
    ("留守儿童关爱", "SOC-02", "留守关爱"),
    ("流动儿童融入", "SOC-01", "社会融入"),
    ("亲职教育讲座", "FAM-03", "家庭教育"),
    ("家庭监护能力评估", "GUA-01", "监护评估"),
    ("委托照护协议指导", "GUA-03", "委托照护"),
    ("临时监护照料", "EMG-02", "临时照料"),
    ("孤独症康复训练", "REH-02", "康复训练"),
    ("语言康复训练", "REH-03", "康复训练"),
    ("肢体康复训练", "REH-01", "康复训练"),
    ("辅具适配", "REH-06", "辅具"),
    ("法律援助", "LAW-01", "法律援助"),
    ("法律咨询", "LAW-02", "法律咨询"),
    ("司法社工帮教", "LAW-05", "帮教"),
    ("助学金申请代办", "MON-03", "助学"),
    ("生活物资帮扶", "MON-05", "物资"),
    ("健康体检", "HEA-01", "体检"),
    ("青春期性教育课程", "HEA-05", "性教育"),
    ("防性侵安全教育", "SAF-02", "安全教育"),
    ("校园欺凌干预", "VIC-03", "欺凌干预"),
    ("社交技能训练", "SOC-05", "社交训练"),
];
const BRANDS: [&str; 30] = [
    "向日葵",
    "萤火虫",
    "小桔灯",
    "护苗",
    "暖心",
    "七彩",
    "星光",
    "牵手",
    "童行",
    "心灵港湾",
    "彩虹桥",
    "蒲公英",
    "成长树",
    "同伴",
    "微光",
    "青苗",
    "雏鹰",
    "启明星",
    "爱心",
    "阳光伙伴",
    "雨露",
    "小水滴",
    "守护者",
    "大手小手",
    "呵护",
    "温馨",
    "悦成长",
    "向阳花",
    "小脚丫",
    "蓝风筝",
];
const ENDS: [&str; 6] = ["项目", "服务", "计划", "服务项目", "", "活动"];
const MARKS: [(&str, &str); 8] = [
    ("一期", "二期"),
    ("初级班", "高级班"),
    ("小班", "大班"),
    ("周末班", "暑期班"),
    ("男生组", "女生组"),
    ("第一期", "第三期"),
    ("低年级", "高年级"),
    ("线上", "线下"),
];

#[derive(Clone)]
struct Offering<'a> {
    org: Body<'a>,
    brand: Option<String>,
    what: usize,
    end: usize,
    mark: Option<&'static str>,
    county: &'a County,
    home: Home,
    phone: String,
    age: (u32, u32),
    named_town: bool,
}

impl<'a> Offering<'a> {
    fn new(luck: &mut Luck, org: &Body<'a>) -> Self {
        let low = luck.number(0, 12);
        Self {
            org: org.clone(),
            brand: luck.chance(0.5).then(|| luck.pick(&BRANDS).to_owned()),
            what: luck.below(OFFERINGS.len()),
            end: luck.below(ENDS.len()),
            mark: None,
            county: org.county,
            home: Home::office(luck, org.county),
            phone: number(luck, 0.4),
            age: (low, low + luck.number(3, 6)),
            named_town: luck.chance(0.25),
        }
    }

    fn written(&self, luck: &mut Luck) -> String {
        let what = OFFERINGS[self.what].0;
        let what = match luck.weighted(&[92, 8]) {
            0 => what.to_owned(),
            _ => synonym(luck, what),
        };
        let what = if luck.slips(0.12) { noise::slip(luck, &what) } else { what };
        let mut name = match &self.brand {
            Some(brand) => {
                let brand = if luck.slips(0.06) { noise::slip(luck, brand) } else { brand.clone() };
                match luck.weighted(&[44, 32, 14, 4, 6]) {
                    0 => format!("{brand}{what}"),
                    1 => format!("“{brand}”{what}"),
                    2 => format!("{brand}——{what}"),
                    3 => brand,
                    _ => what,
                }
            }
            None => what,
        };
        let end = if luck.chance(0.7) { ENDS[self.end] } else { luck.pick(&ENDS) };
        name += end;
        if let Some(mark) = self.mark.filter(|_| luck.chance(0.9)) {
            name = if luck.chance(0.4) { format!("{name}（{mark}）") } else { format!("{name}{mark}") };
        }
        if self.named_town && luck.chance(0.9) {
            name = match luck.below(3) {
                0 => format!("{name}（{}）", self.home.town),
                1 => format!("{}{name}", short(&self.home.town)),
                _ => format!("{}{name}", self.home.town),
            };
        }
        name = match luck.weighted(&[62, 9, 8, 6, 7, 4, 4]) {
            0 => name,
            5 => format!("{name}{}", luck.pick(&["（免费）", "【招募中】", "(公益)", "（试点）"])),
            6 if !self.named_town => format!("{}{name}", self.home.town),
            1 => format!("2024年{name}"),
            2 => format!("{}{name}", self.county.name),
            3 => format!("{name}（2025年度）"),
            _ => format!("{}{name}", self.org.name()),
        };
        if luck.chance(0.05) { noise::traditional(&name) } else { name }
    }

    fn record(&self, luck: &mut Luck, id: String) -> Service {
        let phone = if luck.chance(0.86) { self.phone.clone() } else { number(luck, 0.5) };
        let (term, label) = (OFFERINGS[self.what].1, OFFERINGS[self.what].2);
        let category = match luck.weighted(&[78, 8, 14]) {
            0 => term.to_owned(),
            1 => OFFERINGS[luck.below(OFFERINGS.len())].1.to_owned(),
            _ => label.to_owned(),
        };
        let (low, high) = self.age;
        let (low, high) = match luck.weighted(&[76, 8, 6, 6, 4]) {
            0 => (low, high),
            4 => (luck.number(0, 6), luck.number(7, 16)),
            1 => (low, high + 1),
            2 => (low + 1, high),
            _ => (0, 18),
        };
        let age = match luck.below(4) {
            0 => format!("{low}-{high}岁"),
            1 => format!("{low}～{high}周岁"),
            2 => format!("{low}至{high}岁"),
            _ => format!("{low}-{high}"),
        };
        let moved = luck.slips(0.06).then(|| Home::office(luck, self.county));
        let address = moved.as_ref().unwrap_or(&self.home).written(luck, self.county);
        let mut blank = |text: String, p: f64| if luck.misses(p) { String::new() } else { text };
        let (address, phone, category, age) = (blank(address, 0.2), blank(phone, 0.25), blank(category, 0.15), blank(age, 0.3));
        let phone = if phone.is_empty() { phone } else { noise::phone(luck, &phone) };
        let org = if luck.misses(0.07) { String::new() } else { self.org.written(luck) };
        Service { id, name: self.written(luck), org, address, phone, category, county: county_field(luck, self.county), age }
    }
}

fn synonym(luck: &mut Luck, what: &str) -> String {
    let pairs = [
        ("咨询", "辅导"),
        ("训练", "服务"),
        ("辅导", "支持"),
        ("关爱", "帮扶"),
        ("课堂", "班"),
        ("儿童", "青少年"),
        ("教育", "课程"),
        ("小组", "团体"),
    ];
    let found: Vec<&(&str, &str)> = pairs.iter().filter(|(one, _)| what.contains(one)).collect();
    if found.is_empty() {
        return what.to_owned();
    }
    let (one, other) = found[luck.below(found.len())];
    what.replace(one, other)
}

/// What is easily taken for one offering.
fn traps<'a>(luck: &mut Luck, one: &Offering<'a>, counties: &'a [County]) -> Vec<Offering<'a>> {
    let mut traps = Vec::new();
    for _ in 0..luck.weighted(&[30, 30, 25, 15]) {
        // A sister of the same organisation, mostly at the same desk.
        let other = Offering::new(luck, &one.org);
        let desk = luck.chance(0.7);
        let phone = if desk { one.phone.clone() } else { other.phone.clone() };
        let home = if luck.chance(0.7) { one.home.clone() } else { other.home.clone() };
        let brand = if luck.chance(0.25) { one.brand.clone() } else { other.brand.clone() };
        if other.what != one.what {
            traps.push(Offering { brand, home, phone, ..other });
        }
    }
    if luck.chance(0.15) {
        // The same project in another town, named or not.
        let mut other = one.clone();
        while other.home.town == one.home.town {
            other.home = Home::office(luck, one.county);
        }
        other.named_town = luck.chance(0.85);
        if luck.chance(0.6) {
            other.phone = number(luck, 0.4);
        }
        traps.push(other);
    }
    if luck.chance(0.08) {
        let county = &counties[luck.below(counties.len())];
        let home = Home::office(luck, county);
        traps.push(Offering { county, home, phone: number(luck, 0.4), ..one.clone() });
    }
    if luck.chance(0.10) {
        let org = Body::new(luck, counties);
        let other = Offering::new(luck, &org);
        traps.push(Offering { what: one.what, brand: one.brand.clone(), ..other });
    }
    traps
}

/// Records with the number of what each stands for, in no order.
pub fn services(luck: &mut Luck, counties: &[County], count: usize) -> Vec<(usize, Service)> {
    let mut offerings = Vec::new();
    while offerings.len() < count {
        let org = Body::new(luck, counties);
        let mut one = Offering::new(luck, &org);
        offerings.extend(traps(luck, &one, counties));
        if luck.chance(0.08) {
            let (this, that) = luck.pick(&MARKS.each_ref());
            one.mark = Some(this);
            offerings.push(Offering { mark: Some(that), ..one.clone() });
        }
        offerings.push(one);
    }
    let mut records = Vec::new();
    for (entity, offering) in offerings.iter().enumerate() {
        for copy in 0..=luck.copies() {
            records.push((entity, offering.record(luck, format!("s{entity}-{copy}"))));
        }
    }
    luck.shuffle(&mut records);
    records
}
