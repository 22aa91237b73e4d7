//! Addresses of the generator: a house on a road, an estate or a village, written in many ways.

use super::{
    luck::Luck,
    noise,
    places::{County, short},
};

const ROADS: [&str; 40] = [
    "人民路",
    "解放路",
    "中山路",
    "新华路",
    "建设路",
    "文化路",
    "健康路",
    "和平路",
    "迎宾大道",
    "长江路",
    "黄河路",
    "淮海路",
    "太湖路",
    "青年路",
    "学府路",
    "花园路",
    "朝阳路",
    "东风路",
    "光明路",
    "幸福路",
    "振兴路",
    "工农路",
    "友谊路",
    "滨河路",
    "金山路",
    "银杏路",
    "玉带路",
    "翠屏路",
    "将军大道",
    "紫金路",
    "龙池街",
    "凤凰街",
    "西门大街",
    "南京路",
    "徐州路",
    "梅园路",
    "竹山路",
    "宁六路",
    "三元巷",
    "石鼓路",
];
const ESTATES: [&str; 20] = [
    "阳光花园",
    "幸福小区",
    "金陵新村",
    "东方名城",
    "翠竹园",
    "江岸水城",
    "荷花苑",
    "中央花园",
    "桂花园",
    "锦绣家园",
    "水韵名苑",
    "新城花园",
    "怡景苑",
    "丽景华庭",
    "安居苑",
    "绿洲小区",
    "龙湖新村",
    "和润家园",
    "书香名邸",
    "梧桐苑",
];
const VILLAGES: [&str; 20] = [
    "大李村",
    "小营村",
    "东王村",
    "前进村",
    "胜利村",
    "红旗村",
    "新塘村",
    "双桥村",
    "石桥村",
    "沙河村",
    "河东村",
    "周家村",
    "马庄村",
    "赵庄村",
    "三星村",
    "永丰村",
    "合心村",
    "民主村",
    "高桥村",
    "竹墩村",
];
pub const PARKS: [&str; 6] = ["社会组织孵化基地", "公益创投中心", "大学生创业园", "科创大厦", "社会组织服务中心", "便民服务大楼"];

/// Where something is.
#[derive(Clone, PartialEq)]
pub struct Home {
    pub town: String,
    pub road: Option<(String, u32)>,
    pub estate: Option<String>,
    pub rooms: Option<(u32, u32)>,
    pub village_group: Option<u32>,
}

impl Home {
    /// A house or flat.
    pub fn new(luck: &mut Luck, county: &County) -> Self {
        let town = county.towns[luck.below(county.towns.len())].clone();
        let mut home = Self { town, road: None, estate: None, rooms: None, village_group: None };
        match luck.weighted(&[50, 25, 25]) {
            0 => {
                home.road = Some((luck.pick(&ROADS).to_owned(), luck.number(1, 300)));
                if luck.chance(0.5) {
                    home.estate = Some(luck.pick(&ESTATES).to_owned());
                    home.rooms = Some((luck.number(1, 30), luck.number(101, 1804)));
                }
            }
            1 => {
                home.estate = Some(luck.pick(&ESTATES).to_owned());
                home.rooms = Some((luck.number(1, 30), luck.number(101, 1804)));
            }
            _ => {
                home.estate = Some(luck.pick(&VILLAGES).to_owned());
                home.village_group = Some(luck.number(1, 15));
            }
        }
        home
    }

    /// An office: on a road, perhaps in a house of many.
    pub fn office(luck: &mut Luck, county: &County) -> Self {
        let town = county.towns[luck.below(county.towns.len())].clone();
        let road = Some((luck.pick(&ROADS).to_owned(), luck.number(1, 400)));
        let mut home = Self { town, road, estate: None, rooms: None, village_group: None };
        if luck.chance(0.4) {
            home.estate = Some(luck.pick(&PARKS).to_owned());
            home.rooms = Some((luck.number(1, 9), luck.number(101, 909)));
        } else if luck.chance(0.3) {
            home.rooms = Some((luck.number(1, 9), luck.number(101, 909)));
        }
        home
    }

    /// The address as somebody writes it.
    pub fn written(&self, luck: &mut Luck, county: &County) -> String {
        let mut parts: Vec<String> = Vec::new();
        let former = county.former.first().filter(|_| luck.chance(0.3));
        let name = former.unwrap_or(&county.name);
        match luck.weighted(&[20, 30, 25, 15, 10]) {
            0 => parts.push(format!("江苏省{}{name}", county.prefecture)),
            1 => parts.push(format!("{}{name}", county.prefecture)),
            2 => parts.push(name.clone()),
            3 => parts.push(format!("{}{}", short(&county.prefecture), short(name))),
            _ => {}
        }
        if luck.chance(0.6) {
            parts.push(self.town.clone());
        }
        let number = |luck: &mut Luck, number: u32| if luck.chance(0.15) { noise::numeral(number) } else { number.to_string() };
        if let Some((road, house)) = &self.road {
            let road = if luck.slips(0.04) { noise::slip(luck, road) } else { road.clone() };
            let house = number(luck, *house);
            parts.push(match luck.weighted(&[85, 8, 7]) {
                0 => format!("{road}{house}号"),
                1 => format!("{road}{house}"),
                _ => road,
            });
        }
        let full = luck.chance(0.75);
        if let Some(estate) = self.estate.as_ref().filter(|_| full || self.road.is_none()) {
            parts.push(estate.clone());
        }
        if let Some((house, room)) = self.rooms.filter(|_| full) {
            parts.push(match luck.weighted(&[40, 25, 15, 20]) {
                0 => format!("{house}栋{room}室"),
                1 => format!("{house}幢{room}"),
                2 => format!("{}号楼{room}室", number(luck, house)),
                _ => format!("{house}-{room}"),
            });
        }
        if let Some(group) = self.village_group.filter(|_| full) {
            parts.push(format!("{}组", number(luck, group)));
        }
        if luck.chance(0.08) {
            parts.push(luck.pick(&["（地铁站旁）", "(菜场对面)", "附近", "（临时）"]).to_owned());
        }
        let text = parts.concat();
        if luck.chance(0.06) { noise::traditional(&text) } else { text }
    }
}

/// A mobile number or a landline of a prefecture; none that anybody has.
pub fn number(luck: &mut Luck, mobile: f64) -> String {
    if luck.chance(mobile) {
        let head = luck.pick(&["139", "138", "137", "158", "186", "177", "189"]);
        format!("{head}{:08}", luck.number(0, 99_999_999))
    } else {
        let head = luck.pick(&["025", "0512", "0516", "0513", "0519"]);
        format!("{head}{}{:07}", luck.number(5, 8), luck.number(0, 9_999_999))
    }
}

/// A county field as lists have it.
pub fn county_field(luck: &mut Luck, county: &County) -> String {
    match luck.weighted(&[55, 10, 12, 10, 13]) {
        0 => county.name.clone(),
        1 => short(&county.name).to_owned(),
        2 => format!("{}{}", county.prefecture, county.name),
        3 => county.former.first().unwrap_or(&county.name).clone(),
        _ if luck.misses(0.5) => String::new(),
        _ => county.code.clone(),
    }
}
