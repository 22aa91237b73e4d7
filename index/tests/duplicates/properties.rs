//! What always holds, whatever a list has in its fields.

use lianjie_index::duplicate::{Child, Organization, Pair, Record, Service, compare, like};
use proptest::{prelude::*, test_runner::RngSeed};

use super::{COUNTIES, REGIONS, luck::Luck, noise, organizations};

/// Fields as nobody should write them: pieces of names, addresses, numbers and dates in any order.
fn field() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "南京市",
        "六合区",
        "六合县",
        "春晖",
        "社会工作",
        "服务中心",
        "有限公司",
        "第",
        "二",
        "十",
        "百",
        "分中心",
        "站",
        "（",
        "）",
        "原",
        "原名：",
        "【",
        "2024",
        "年",
        "路",
        "号",
        "栋",
        "室",
        "32",
        "-",
        "*",
        "x",
        "139",
        "00001111",
        " ",
        "、",
        "，",
        "农历",
        "岁",
        "王",
        "欧阳",
        "子轩",
        "女士",
        "A",
        "ß",
        "𫭢",
        "“",
        "”",
        "·",
        "期",
        "项目",
        "街道",
    ]);
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

fn organization(id: &'static str) -> impl Strategy<Value = Organization> {
    let fields = (field(), field(), field(), field(), field(), field());
    fields.prop_map(move |(name, address, phone, contact, uscc, county)| Organization {
        id: id.into(),
        name,
        address,
        phone,
        contact,
        uscc,
        county,
        ..Organization::default()
    })
}

fn service(id: &'static str) -> impl Strategy<Value = Service> {
    let fields = (field(), field(), field(), field(), field(), field(), field());
    fields.prop_map(move |(name, org, address, phone, category, county, age)| Service {
        id: id.into(),
        name,
        org,
        address,
        phone,
        category,
        county,
        age,
    })
}

fn child(id: &'static str) -> impl Strategy<Value = Child> {
    let fields = (field(), field(), field(), field(), field(), field(), field(), field(), field());
    fields.prop_map(move |(name, sex, birth, guardian, phone, address, school, id4, county)| Child {
        id: id.into(),
        name,
        sex,
        birth,
        guardian,
        phone,
        address,
        school,
        id4,
        county,
    })
}

/// Comparing is symmetric, within 0 and 1, and its rows add up.
fn sound<R: Record>(one: &R, other: &R) {
    let pair = compare(one, other, &REGIONS);
    assert_eq!(pair, compare(other, one, &REGIONS));
    assert!((0.0..=1.0).contains(&pair.score));
    let sum: i32 = pair.evidence.iter().map(|row| row.points).sum();
    assert!((lianjie_index::duplicate::points::score(sum) - pair.score).abs() < 1e-12);
}

/// The same 10,000 cases on every machine; others each time where `LIANJIE_PROPERTY_CASES` says how many.
fn config() -> ProptestConfig {
    let asked = std::env::var("LIANJIE_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok());
    let rng_seed = if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(20_261_201) };
    ProptestConfig { cases: asked.unwrap_or(10_000), failure_persistence: None, rng_seed, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn organisations_compare_the_same_both_ways(one in organization("a"), other in organization("b")) {
        sound(&one, &other);
    }

    #[test]
    fn services_compare_the_same_both_ways(one in service("a"), other in service("b")) {
        sound(&one, &other);
    }

    #[test]
    fn children_compare_the_same_both_ways(one in child("a"), other in child("b")) {
        sound(&one, &other);
    }

    #[test]
    fn any_text_can_be_read(text in "\\PC{0,30}") {
        let organization = Organization { id: "a".into(), name: text.clone(), address: text.clone(), phone: text.clone(), ..Organization::default() };
        sound(&organization, &Organization { id: "b".into(), contact: text.clone(), uscc: text.clone(), county: text.clone(), ..organization.clone() });
        let service = Service { id: "a".into(), name: text.clone(), org: text.clone(), age: text.clone(), category: text.clone(), ..Service::default() };
        sound(&service, &Service { id: "b".into(), ..service.clone() });
        let child = Child { id: "a".into(), name: text.clone(), birth: text.clone(), school: text, ..Child::default() };
        sound(&child, &Child { id: "b".into(), ..child.clone() });
    }
}

/// The rows of a pair, without what is told only by a whole list.
fn rows(pair: &Pair) -> Vec<(&str, &str)> {
    pair.evidence.iter().map(|row| (row.comparison, row.level)).collect()
}

#[test]
fn how_a_text_is_typed_changes_nothing() {
    let records = organizations::organizations(&mut Luck::new(5), &COUNTIES, 60);
    let wide = |text: &str| {
        text.chars().map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c }).collect::<String>()
    };
    for pair in records.windows(2) {
        let (one, other) = (&pair[0].1, &pair[1].1);
        let typed = Organization {
            name: noise::traditional(&one.name),
            address: wide(&one.address),
            phone: wide(&one.phone),
            contact: noise::traditional(&one.contact),
            ..one.clone()
        };
        assert_eq!(rows(&compare(one, other, &REGIONS)), rows(&compare(&typed, other, &REGIONS)), "{one:?}");
    }
}

#[test]
fn a_new_record_finds_those_it_may_be() {
    let records = organizations::organizations(&mut Luck::new(6), &COUNTIES, 60);
    let known: Vec<Organization> = records.iter().skip(1).map(|(_, record)| record.clone()).collect();
    let (entity, new) = &records[0];
    let found = like(new, &known, &REGIONS, 0.5);
    assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
    let of = |id: &str| records.iter().find(|(_, record)| record.id == id).map(|(entity, _)| entity);
    let others = found.iter().map(|pair| if pair.a == new.id { &pair.b } else { &pair.a });
    assert!(others.clone().all(|id| of(id) == Some(entity)), "{found:?}");
}
