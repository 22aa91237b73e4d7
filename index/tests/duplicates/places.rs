//! The province as the generator and the engine see it: counties, their towns, names they had.

use std::{fs, path::Path};

use lianjie_index::{DivisionCode, duplicate::Regions};

use super::luck::Luck;

#[derive(Clone)]
pub struct County {
    pub code: String,
    pub name: String,
    pub prefecture: String,
    pub towns: Vec<String>,
    pub former: Vec<String>,
}

fn rows(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seed-data").join(name);
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// What the engine is told of the province.
pub fn regions() -> Regions {
    let mut named: Vec<(DivisionCode, String)> = Vec::new();
    for row in rows("divisions-jiangsu.csv") {
        let code: DivisionCode = row[0].parse().unwrap();
        named.push((code.clone(), row[3].clone()));
        let aliases = row[12].split('|').filter(|alias| alias.chars().count() > 1);
        named.extend(aliases.map(|alias| (code.clone(), alias.to_owned())));
    }
    for row in rows("county-history-jiangsu.csv") {
        named.extend(row[3].split('|').filter_map(|code| Some((code.parse().ok()?, row[1].clone()))));
    }
    Regions::new(named.iter().map(|(code, name)| (code, name.as_str())))
}

/// The counties of the province.
pub fn counties() -> Vec<County> {
    let divisions = rows("divisions-jiangsu.csv");
    let history = rows("county-history-jiangsu.csv");
    let name = |code: &str| divisions.iter().find(|row| row[0] == code).map(|row| row[3].clone()).unwrap_or_default();
    let county = |row: &Vec<String>| County {
        code: row[0].clone(),
        name: row[3].clone(),
        prefecture: name(&row[1]),
        towns: divisions.iter().filter(|town| town[1] == row[0]).map(|town| town[3].clone()).collect(),
        former: history.iter().filter(|former| former[3] == row[0] && !former[1].contains('(')).map(|former| former[1].clone()).collect(),
    };
    divisions.iter().filter(|row| row[2] == "county").map(county).collect()
}

/// A name without the word of its rank.
pub fn short(name: &str) -> &str {
    let stem = ["街道", "镇", "乡", "区", "县", "市"].iter().find_map(|rank| name.strip_suffix(rank)).unwrap_or(name);
    if stem.chars().count() < 2 { name } else { stem }
}

/// Some of the counties: lists are of one prefecture or of the whole province, and the fewer the
/// counties, the more namesakes there are in one.
#[allow(dead_code, reason = "fitting alone varies them")]
pub fn some(luck: &mut Luck, counties: &[County]) -> Vec<County> {
    let count = [4, 8, 16, 40, counties.len()][luck.below(5)];
    let mut some = counties.to_vec();
    luck.shuffle(&mut some);
    some.truncate(count);
    some
}
