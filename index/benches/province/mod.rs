//! A made-up directory of Jiangsu, the same on every machine, for tests and benchmarks: the real
//! taxonomy and divisions of `seed-data`, and entries drawn by a seeded generator.

use std::{
    fs,
    path::Path,
    sync::{Arc, LazyLock},
};

use jiff::Timestamp;
use lianjie_index::{
    Area, DivisionCode, Entry, Gazetteer, Index, Places, TermCode, Vocabulary, Wgs84,
    entry::{Delivery, Fee, FeeLevel, Level, Mark, Schedule, Shown, Visibility},
    place::{Crossing, Division, Zone},
    vocabulary::Term,
};

/// 25 November 2026, ten in the morning in Nanjing.
pub const NOW: Timestamp = Timestamp::constant(1_795_572_000, 0);

static VOCABULARY: LazyLock<Arc<Vocabulary>> = LazyLock::new(|| Arc::new(read_vocabulary()));
static GAZETTEER: LazyLock<Arc<Gazetteer>> = LazyLock::new(|| Arc::new(read_gazetteer()));

/// The taxonomy of `seed-data`.
pub fn vocabulary() -> Arc<Vocabulary> {
    Arc::clone(&VOCABULARY)
}

/// The divisions and zones of `seed-data`.
pub fn gazetteer() -> Arc<Gazetteer> {
    Arc::clone(&GAZETTEER)
}

/// An entry of which nothing is stated but that it offers counselling.
pub fn entry(id: &str) -> Entry {
    Entry {
        site: format!("site-{id}").into(),
        service: id.into(),
        organization: format!("org-{id}").into(),
        name: "青少年心理咨询".to_owned(),
        organization_name: "春晖社会工作服务中心".to_owned(),
        alternate_names: Vec::new(),
        kind: "社工机构".to_owned(),
        description: String::new(),
        terms: vec![term("PSY-03")],
        delivery: vec![Delivery::Site],
        languages: Vec::new(),
        eligibility: None,
        areas: Vec::new(),
        division: None,
        point: None,
        precision_m: 0,
        point_hidden: false,
        fees: Vec::new(),
        wait_days: None,
        schedule: Schedule::default(),
        accessibility: Vec::new(),
        travel_free: false,
        assured_at: Some(NOW),
        visibility: Visibility { search: Shown::Yes, matching: true, level: Level::Public, verification_expired: false, verified: true },
    }
}

/// A term.
pub fn term(code: &str) -> TermCode {
    code.parse().unwrap()
}

/// An index of these entries, in memory.
pub fn index(entries: impl IntoIterator<Item = Entry>) -> Index {
    let index = Index::in_memory(vocabulary(), gazetteer()).unwrap();
    index.rebuild(entries, 1).unwrap();
    index
}

/// An index of so many drawn entries, with places posted for half of them.
pub fn province(entries: u64) -> Index {
    let drawn: Vec<Entry> = (0..entries).map(draw).collect();
    let sites: Vec<_> = drawn.iter().map(|entry| entry.site.clone()).collect();
    let index = index(drawn);
    for (n, site) in sites.iter().enumerate().filter(|(n, _)| n % 2 == 0) {
        let used = u32::try_from(n % 12).unwrap();
        index.set_places(site, Some(Places { capacity: 10, used: used.min(10), held: 0, as_of: NOW }));
    }
    index
}

/// Townships to look from.
pub fn places() -> Vec<DivisionCode> {
    ["320116010", "320583104", "320305", "3201", "320981100", "321371"].iter().filter_map(|code| code.parse().ok()).collect()
}

/// Terms to look for.
pub fn terms() -> Vec<TermCode> {
    ["PSY-03", "DEV-02", "REH-04", "PSY"].map(term).to_vec()
}

/// Numbers that only look random.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    fn in_hundred(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// In 0 to 1.
    fn part(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap()) / f64::from(u32::MAX)
    }
}

const SYLLABLES: [&str; 24] = [
    "春", "晖", "阳", "光", "青", "禾", "向", "日", "葵", "同", "心", "爱", "护", "苗", "启", "明", "星", "雨", "润", "和", "德", "蓝",
    "天", "童",
];
const RULES: [&str; 8] = [
    r#"{"all":[]}"#,
    r#"{"age_months":[36,83]}"#,
    r#"{"age_months":[72,215]}"#,
    r#"{"all":[{"age_months":[0,191]},{"hukou":["32"]}]}"#,
    r#"{"any":[{"category":["ORPHAN","DEFACTO","LEFT","POOR"]},{"holds":["dibao","near_poor"]}]}"#,
    r#"{"all":[{"age_months":[0,203]},{"holds":["disability_certificate"]}]}"#,
    r#"{"all":[{"guardian":"consents"},{"school_stage":["primary","junior"]}]}"#,
    r#"{"at_least":[1,[{"diagnosis":["autism"]},{"diagnosis":["developmental_delay"]}]]}"#,
];

/// The entry of that number.
pub fn draw(number: u64) -> Entry {
    let mut draw = Draw(number.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x0011_9a4e);
    let vocabulary = vocabulary();
    let leaves: Vec<&Term> = vocabulary.terms().filter(|term| term.code.is_leaf()).collect();
    let townships: &[Division] = &TOWNSHIPS;
    let township = draw.of(townships).clone();
    let first = leaves[draw.below(leaves.len()).min(draw.below(leaves.len()))];
    let mut terms = vec![first.code.clone()];
    if draw.in_hundred(40) {
        terms.push(draw.of(&leaves).code.clone());
        terms.dedup();
    }
    let organization = number / 3;
    let mut letters = Draw(organization);
    let house = [*letters.of(&SYLLABLES), *letters.of(&SYLLABLES)].concat();
    let county = township.code.county();
    let anywhere = draw.in_hundred(8);
    let point = township
        .point
        .filter(|_| !anywhere)
        .map(|seat| Wgs84 { longitude: seat.longitude + (draw.part() - 0.5) / 10.0, latitude: seat.latitude + (draw.part() - 0.5) / 10.0 });
    let area = |code: &str| code.parse::<Area>().unwrap();
    let areas = match draw.below(100) {
        0..50 => vec![area(county.as_str())],
        50..70 => vec![area(township.code.as_str())],
        70..80 => vec![area(&township.code.as_str()[..4])],
        80..83 => vec![area("32")],
        83..86 => vec![area("zone:zone-320100-jiangbei")],
        _ => vec![],
    };
    let fee = |audience: &str, level, amount_fen| Fee {
        audience: audience.parse().unwrap(),
        level,
        amount_fen: Some(amount_fen),
        unit: None,
        quota: None,
        payer: None,
        valid_from: None,
        valid_to: None,
    };
    let fees = match draw.below(4) {
        0 => vec![],
        1 => vec![fee("other", FeeLevel::Free, 0)],
        2 => vec![fee("hardship", FeeLevel::Free, 0), fee("other", FeeLevel::Full, 20_000)],
        _ => vec![fee("community", FeeLevel::Low, 2_000), fee("other", FeeLevel::Full, 10_000)],
    };
    let synonym = first.synonyms.first().map_or("", String::as_str);
    Entry {
        name: format!("{}（{}）", first.zh, synonym),
        organization: format!("org-{organization}").into(),
        organization_name: format!("{}{house}社会工作服务中心", township.name),
        description: format!("面向{}的儿童，提供{}、{}等服务，可先电话联系。", township.name, first.zh, draw.of(&leaves).zh),
        terms,
        delivery: if anywhere { vec![Delivery::Online] } else { vec![Delivery::Site] },
        languages: if draw.in_hundred(20) { vec!["zh".to_owned()] } else { vec![] },
        eligibility: if draw.in_hundred(70) { Some(draw.of(&RULES).parse().unwrap()) } else { None },
        areas,
        division: Some(township.code.clone()),
        point,
        point_hidden: draw.in_hundred(2),
        fees,
        wait_days: if draw.in_hundred(30) { Some(u16::try_from(draw.below(60)).unwrap()) } else { None },
        assured_at: if draw.in_hundred(80) {
            Some(NOW - jiff::SignedDuration::from_hours(i64::try_from(draw.below(9_000)).unwrap()))
        } else {
            None
        },
        visibility: Visibility {
            search: if draw.in_hundred(5) { Shown::Marked(Mark::Pending) } else { Shown::Yes },
            matching: draw.in_hundred(95),
            level: if draw.in_hundred(5) { Level::Workers } else { Level::Public },
            verification_expired: draw.in_hundred(5),
            verified: true,
        },
        ..entry(&number.to_string())
    }
}

static TOWNSHIPS: LazyLock<Vec<Division>> = LazyLock::new(|| divisions().into_iter().filter(|row| row.code.as_str().len() == 9).collect());

fn read_vocabulary() -> Vocabulary {
    let rows = table("taxonomy.csv").into_iter().map(|row| Term {
        code: row[0].parse().unwrap(),
        zh: row[2].clone(),
        en: row[3].clone(),
        synonyms: list(&row[4]),
    });
    Vocabulary::new(rows)
}

fn divisions() -> Vec<Division> {
    let rows = table("divisions-jiangsu.csv").into_iter().map(|row| Division {
        code: row[0].parse().unwrap(),
        name: row[3].clone(),
        aliases: list(&row[12]),
        pinyin: row[8].clone(),
        point: row[4].parse().ok().zip(row[5].parse().ok()).and_then(|(lon, lat)| Wgs84::new(lon, lat)),
        exact: row[6] == "exact",
    });
    rows.collect()
}

fn read_gazetteer() -> Gazetteer {
    let zones = table("zones-jiangsu.csv").into_iter().map(|row| {
        let members = if row[7].is_empty() { &row[6] } else { &row[7] };
        Zone {
            id: row[0].clone(),
            name: row[1].clone(),
            aliases: list(&row[2]),
            members: list(members).iter().map(|code| code.parse().unwrap()).collect(),
        }
    });
    let categories = table("child-categories.csv").into_iter().map(|row| (row[0].parse().unwrap(), row[1].clone(), row[2].clone()));
    let crossings = table("crossings-jiangsu.csv").into_iter().map(|row| Crossing {
        a: row[0].parse().unwrap(),
        b: row[1].parse().unwrap(),
        minutes_more: row[2].parse().unwrap(),
        what: row[3].clone(),
    });
    Gazetteer::new(divisions(), zones).with_categories(categories).with_crossings(crossings)
}

fn list(cell: &str) -> Vec<String> {
    cell.split('|').filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// The rows of a table of `seed-data` without its head.
fn table(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seed-data").join(name);
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(cells).collect()
}

/// The cells of a line; quotes may hold commas, and no cell holds a line end.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}
