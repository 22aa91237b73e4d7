//! Made-up organisations with the bodies that are easily taken for them.

use std::hash::{DefaultHasher, Hash, Hasher};

use lianjie_index::duplicate::Organization;

use super::{
    address::{Home, county_field, number},
    luck::Luck,
    noise,
    places::{County, short},
    words::{ADULTS, FANCY, FIELDS, FORMS, PUBLIC, SURNAMES},
};

/// A grown-up's name.
pub fn adult(luck: &mut Luck) -> String {
    format!("{}{}", luck.favour(&SURNAMES), luck.pick(&ADULTS))
}

pub fn surname(luck: &mut Luck) -> &'static str {
    luck.favour(&SURNAMES)
}

#[derive(Clone)]
pub struct Body<'a> {
    pub county: &'a County,
    fancy: String,
    field: usize,
    form: usize,
    public: Option<usize>,
    branch: Option<String>,
    former: Option<String>,
    home: Home,
    phone: String,
    contact: String,
    uscc: String,
}

impl<'a> Body<'a> {
    pub fn new(luck: &mut Luck, counties: &'a [County]) -> Self {
        let county = &counties[luck.below(counties.len())];
        let field = luck.below(FIELDS.len());
        let fancy = luck.pick(&FANCY).to_owned();
        let public = luck.chance(0.1).then(|| luck.weighted(&[70, 12, 9, 9]));
        let former = luck.chance(0.12).then(|| luck.pick(&FANCY).to_owned());
        Self {
            county,
            fancy,
            field,
            form: luck.weighted(&[45, 12, 15, 8, 6, 4, 5, 5]),
            public,
            branch: None,
            former,
            home: Home::office(luck, county),
            phone: number(luck, 0.4),
            contact: adult(luck),
            uscc: code(luck),
        }
    }

    /// The full name, without region.
    pub fn name(&self) -> String {
        if let Some(public) = self.public {
            return PUBLIC[public][0].to_owned();
        }
        format!("{}{}{}", self.fancy, FIELDS[self.field].0, FORMS[self.form].0)
    }

    /// The name as somebody writes it.
    pub fn written(&self, luck: &mut Luck) -> String {
        let former_name = self.former.as_ref().filter(|_| luck.chance(0.4));
        let mut name = match former_name {
            Some(former) if luck.chance(0.2) => Self { fancy: former.clone(), ..self.clone() }.core(luck),
            Some(former) => {
                let former = Self { fancy: former.clone(), ..self.clone() }.core(luck);
                format!("{}{}{former}）", self.core(luck), luck.pick(&["（原", "（原名：", "（曾用名:", "（原名"]))
            }
            None => self.core(luck),
        };
        if let Some(branch) = &self.branch {
            name = match luck.below(3) {
                0 => format!("{name}（{branch}）"),
                _ => format!("{name}{branch}"),
            };
        }
        name = format!("{}{name}", self.prefix(luck));
        if luck.chance(0.1) {
            name = match luck.below(5) {
                0 => format!("【已认证】{name}"),
                1 => format!("{name}(示范点)"),
                2 => format!("{name}（2024年度）"),
                3 => format!("{name}[民办非企业]"),
                _ => format!("{name} "),
            };
        }
        if luck.chance(0.07) { noise::traditional(&name) } else { name }
    }

    fn core(&self, luck: &mut Luck) -> String {
        if let Some(public) = self.public {
            return luck.pick(PUBLIC[public]).to_owned();
        }
        let fancy = if luck.slips(0.14) { noise::slip(luck, &self.fancy) } else { self.fancy.clone() };
        let field = match luck.weighted(&[60, 28, 12]) {
            0 if luck.slips(0.03) => noise::slip(luck, FIELDS[self.field].0),
            0 => FIELDS[self.field].0.to_owned(),
            1 => FIELDS[self.field].1.to_owned(),
            _ if luck.slips(0.15) => FIELDS[luck.below(FIELDS.len())].1.to_owned(),
            _ => String::new(),
        };
        let forms = FORMS[self.form].1;
        let form = match luck.weighted(&[65, 20, 15]) {
            0 => forms[0],
            1 => luck.pick(forms),
            _ if luck.slips(0.2) => luck.pick(&["有限公司", "中心", "协会", "机构", "服务站"]),
            _ => "",
        };
        format!("{fancy}{field}{form}")
    }

    fn prefix(&self, luck: &mut Luck) -> String {
        let county = self.county;
        if let Some(public) = self.public {
            if public > 0 {
                let former = county.former.first().unwrap_or(&county.name);
                let full = format!("{}{}", county.prefecture, county.name);
                return luck.pick(&[county.name.as_str(), county.name.as_str(), short(&county.name), &full, former]).to_owned();
            }
            let before = luck.pick(&["", county.name.as_str(), short(&county.name)]);
            return format!("{before}{}", if luck.chance(0.8) { &self.home.town } else { short(&self.home.town) });
        }
        match luck.weighted(&[10, 22, 18, 14, 8, 20, 8]) {
            0 => format!("江苏省{}{}", county.prefecture, county.name),
            1 => format!("{}{}", county.prefecture, county.name),
            2 => county.name.clone(),
            3 => format!("{}{}", short(&county.prefecture), short(&county.name)),
            4 => county.former.first().map_or_else(|| short(&county.name).to_owned(), Clone::clone),
            5 => String::new(),
            _ => format!("{}{}", county.name, self.home.town),
        }
    }

    fn record(&self, luck: &mut Luck, id: String) -> Organization {
        let moved = luck.slips(0.07).then(|| Home::office(luck, self.county));
        let home = moved.as_ref().unwrap_or(&self.home);
        let phone = match luck.weighted(&[84, 4, 12]) {
            0 => self.phone.clone(),
            1 => noise::misdialled(luck, &self.phone),
            _ => number(luck, 0.5),
        };
        let mut phone = noise::phone(luck, &phone);
        if luck.chance(0.06) {
            phone = format!("{phone}、{}", number(luck, 0.8));
        }
        let contact = match luck.weighted(&[70, 8, 12, 10]) {
            0 => self.contact.clone(),
            1 => noise::slip(luck, &self.contact),
            2 => format!("{}{}", self.contact.chars().next().unwrap_or('王'), luck.pick(&["主任", "老师", "经理", "社工"])),
            _ => adult(luck),
        };
        let uscc = if luck.slips(0.05) { noise::misdialled(luck, &self.uscc) } else { self.uscc.clone() };
        let mut blank = |text: String, p: f64| if luck.misses(p) { String::new() } else { text };
        let (phone, contact, uscc) = (blank(phone, 0.2), blank(contact, 0.3), blank(uscc, 0.55));
        let address = if luck.misses(0.18) { String::new() } else { home.written(luck, self.county) };
        Organization {
            id,
            name: self.written(luck),
            address,
            phone,
            contact,
            uscc,
            county: county_field(luck, self.county),
            ..Organization::default()
        }
    }
}

impl Body<'_> {
    /// Its website: branches have that of their body, and some have but a page on a platform.
    fn website(&self, luck: &mut Luck) -> String {
        let own = hash(&self.uscc);
        match own % 10 {
            0..4 if luck.chance(0.65) => {
                let host = format!("{:x}.org.cn", own % 0xff_ffff);
                let other = format!("{:x}.com", luck.number(0, 0xff_ffff));
                let host = if luck.chance(0.04) { other } else { host };
                match luck.below(4) {
                    0 => host,
                    1 => format!("http://{host}"),
                    2 => format!("https://www.{host}/"),
                    _ => format!("www.{host}/about.html"),
                }
            }
            4 | 5 if luck.chance(0.5) => format!("https://mp.weixin.qq.com/s/{:x}", luck.number(0, 0xffff)),
            6 if luck.chance(0.5) => format!("http://www.{:x}.gov.cn/", hash(&self.county.code) % 0xffff),
            _ => String::new(),
        }
    }

    /// Its point: of the house, near it, somewhere else, or of the town alone.
    fn point(&self, luck: &mut Luck) -> String {
        let spread = |text: &str, width: f64| {
            let (east, north) = (hash(text) % 10_000, hash(text) / 10_000 % 10_000);
            (width * f64::from(u32::try_from(east).unwrap()) / 1e4, width * f64::from(u32::try_from(north).unwrap()) / 1e4)
        };
        let (county, town) = (spread(&self.county.code, 3.0), spread(&format!("{}{}", self.county.code, self.home.town), 0.4));
        let house = spread(
            &format!("{}{:?}{:?}", self.home.town, self.home.road, self.home.estate.as_ref().filter(|_| self.home.road.is_none())),
            0.08,
        );
        let around = |luck: &mut Luck, width: f64| {
            let step = |luck: &mut Luck| width * (f64::from(luck.number(0, 2000)) / 1000.0 - 1.0);
            (step(luck), step(luck))
        };
        let (house, off) = match luck.weighted(&[35, 30, 15, 6, 5, 9]) {
            0 => return String::new(),
            1 => (house, (0.0, 0.0)),
            2 => (house, around(luck, 0.0003)),
            3 => (house, around(luck, 0.002)),
            4 => ((0.0, 0.0), around(luck, 0.08)),
            _ => ((0.0, 0.0), (0.0, 0.0)),
        };
        format!("{:.6},{:.6}", 117.0 + county.0 + town.0 + house.0 + off.0, 31.0 + county.1 + town.1 + house.1 + off.1)
    }
}

/// A number of a text, the same on every run.
fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn code(luck: &mut Luck) -> String {
    format!("52329900MJ{:07}{}", luck.number(0, 9_999_999), luck.pick(&["A", "X", "3", "7", "Q"]))
}

/// Bodies that are easily taken for one.
fn traps<'a>(luck: &mut Luck, body: &Body<'a>, counties: &'a [County]) -> Vec<Body<'a>> {
    let mut traps = Vec::new();
    if body.public.is_none() && luck.chance(0.10) {
        let words = [short(&body.home.town), "第二", "城东", "新区", "第三"];
        let branch = format!("{}{}", luck.pick(&words), luck.pick(&["分中心", "站", "服务点", "分部"]));
        let phone = if luck.chance(0.3) { body.phone.clone() } else { number(luck, 0.4) };
        let contact = if luck.chance(0.3) { body.contact.clone() } else { adult(luck) };
        traps.push(Body { branch: Some(branch), home: Home::office(luck, body.county), phone, contact, ..body.clone() });
    }
    if body.public.is_none() && luck.chance(0.08) {
        // Another body of the county whose name shares a character, or has one more.
        let near: Vec<&str> =
            FANCY.iter().copied().filter(|fancy| *fancy != body.fancy && fancy.chars().any(|c| body.fancy.contains(c))).collect();
        let fancy = match near.is_empty() || luck.chance(0.4) {
            true if luck.chance(0.2) => format!("新{}", body.fancy),
            true => format!("{}{}", body.fancy, luck.pick(&["家园", "之家", "桥", "园", "里", "坊", "星", "苑"])),
            false => luck.pick(&near).to_owned(),
        };
        let other = Body::new(luck, counties);
        let home = Home::office(luck, body.county);
        traps.push(Body { fancy, county: body.county, field: body.field, form: body.form, public: None, home, ..other });
    }
    if body.public.is_none() && luck.chance(0.12) {
        let other = Body::new(luck, counties);
        traps.push(Body { fancy: body.fancy.clone(), field: body.field, form: body.form, public: None, ..other });
    }
    if luck.chance(0.15) {
        let other = Body::new(luck, counties);
        let rooms = Some((luck.number(1, 9), luck.number(101, 909))).filter(|_| luck.chance(0.7));
        let phone = if luck.chance(0.15) { body.phone.clone() } else { other.phone.clone() };
        traps.push(Body { county: body.county, home: Home { rooms, ..body.home.clone() }, phone, public: None, ..other });
    }
    if body.public.is_none() && luck.chance(0.02) {
        // A sister body of the same people, for another field.
        let field = (body.field + 1 + luck.below(FIELDS.len() - 1)) % FIELDS.len();
        traps.push(Body { field, uscc: code(luck), former: None, form: luck.below(4), ..body.clone() });
    }
    if body.public == Some(0) {
        for town in body.county.towns.iter().filter(|town| **town != body.home.town).take(3) {
            let home = Home { town: town.clone(), ..Home::office(luck, body.county) };
            traps.push(Body { home, phone: number(luck, 0.3), contact: adult(luck), uscc: code(luck), ..body.clone() });
        }
    }
    traps
}

/// Records with the number of what each stands for, in no order.
pub fn organizations(luck: &mut Luck, counties: &[County], count: usize) -> Vec<(usize, Organization)> {
    let bodies = bodies(luck, counties, count);
    records(luck, &bodies)
}

/// The same as entries of a directory have it: some with a website, most with a point on the map.
pub fn entries(luck: &mut Luck, counties: &[County], count: usize) -> Vec<(usize, Organization)> {
    let bodies = bodies(luck, counties, count);
    let mut records = records(luck, &bodies);
    for (entity, record) in &mut records {
        let body = &bodies[*entity];
        record.website = body.website(luck);
        record.point = body.point(luck);
    }
    records
}

fn bodies<'a>(luck: &mut Luck, counties: &'a [County], count: usize) -> Vec<Body<'a>> {
    let mut bodies: Vec<Body> = Vec::new();
    while bodies.len() < count {
        let body = Body::new(luck, counties);
        let traps = traps(luck, &body, counties);
        for body in traps.into_iter().chain([body]) {
            // A town has one station, a county one federation.
            let same_county = |other: &Body| other.county.code == body.county.code;
            let same_town = |other: &Body| body.public != Some(0) || other.home.town == body.home.town;
            let known = |other: &Body| body.public.is_some() && other.public == body.public && same_county(other) && same_town(other);
            if !bodies.iter().any(known) {
                bodies.push(body);
            }
        }
    }
    bodies
}

fn records(luck: &mut Luck, bodies: &[Body]) -> Vec<(usize, Organization)> {
    let mut records = Vec::new();
    for (entity, body) in bodies.iter().enumerate() {
        for copy in 0..=luck.copies() {
            records.push((entity, body.record(luck, format!("o{entity}-{copy}"))));
        }
    }
    luck.shuffle(&mut records);
    records
}
