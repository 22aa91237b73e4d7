//! A need, a service and the number of cases, for tests.

use super::protocol::{Key, Need, Service, Several};

/// How many cases a property is tried on: `LIANJIE_PROPERTY_CASES`, or 10,000.
pub(crate) fn cases() -> u32 {
    std::env::var("LIANJIE_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(10_000)
}

/// A need of which everything is known.
pub(crate) fn need(id: i64) -> Need {
    Need {
        id: id.into(),
        child: None,
        town: 0.into(),
        x: 0.0,
        y: 0.0,
        age: Some(8.0),
        households: Some(Several::One(1.into())),
        hukou: Some("local".to_owned()),
        category: Key::Text("psy".to_owned()),
        tags: vec![Key::Text("psy.mood".to_owned())],
        tier: 2,
        travel_limit: Some(45.0),
        car: false,
        language: None,
        can_pay: Some(0),
        arrived: 0,
        tried: Vec::new(),
    }
}

/// A free service for everybody.
pub(crate) fn service(id: i64) -> Service {
    Service {
        id: id.into(),
        org: 1.into(),
        name: String::new(),
        category: Key::Text("psy".to_owned()),
        tags: vec![Key::Text("psy.mood".to_owned())],
        town: 0.into(),
        x: 0.0,
        y: 1.0,
        age: Some([0.0, 17.0]),
        households: Some(Several::Many(vec![1.into(), 2.into(), 3.into()])),
        hukou: Some("any".to_owned()),
        area: Some("county".to_owned()),
        fee: 0,
        languages: Vec::new(),
        posted_slots: Some(3),
        posted_week: Some(0),
        remote: false,
    }
}
