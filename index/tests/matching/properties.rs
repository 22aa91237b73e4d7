//! What holds of every match: no rule is broken, every open one is asked, facts only settle.

use std::{collections::BTreeSet, sync::LazyLock};

use lianjie_index::{
    Answer, Case, Entry, Facts, Index, Places, Rates, Verdict, Wgs84,
    entry::{Audience, Fee, FeeLevel},
    matching::{
        self,
        answer::{Proposed, WhyNot},
        rates::Tally,
    },
    rule::Rule,
};
use proptest::prelude::*;

use crate::{
    answer, away, counselling, home, open,
    province::{self, NOW, index, term},
    setting,
};

/// Few enough that ten thousand cases are matched in a minute.
static COUNTY: LazyLock<Index> = LazyLock::new(|| province::province(600));

/// How many cases each group is tried on: 10,000, or what `LIANJIE_PROPERTY_CASES` says.
fn many() -> u32 {
    std::env::var("LIANJIE_PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(10_000)
}

/// How many services, or children, share one index: making one costs more than asking it.
const SHARED: usize = 50;

/// As many cases, where each holds [`SHARED`] of them.
fn few() -> u32 {
    many().div_ceil(u32::try_from(SHARED).unwrap())
}

/// Some case; unknown facts are as likely as known ones.
fn cases() -> impl Strategy<Value = String> {
    let places = prop::sample::select(vec!["320116010", "320583104", "320305", "3201", "320981100"]);
    let needs = prop::sample::select(vec!["PSY-03", "DEV-02", "REH-04", "GUA-01", "ECO-04", "PSY"]);
    let categories = prop::sample::subsequence(vec!["\"ORPHAN\"", "\"LEFT\"", "\"POOR\"", "\"GENERAL\""], 0..=2);
    let dibao = prop::option::of(any::<bool>());
    let hukou = prop::option::of(prop::sample::select(vec!["320116", "340100"]));
    (0_u16..216, places, needs, categories, dibao, hukou).prop_map(|(age, place, need, categories, dibao, hukou)| {
        let dibao = dibao.map(|held| format!(r#","holds":{{"dibao":{held}}}"#)).unwrap_or_default();
        let hukou = hukou.map(|code| format!(r#","hukou":"{code}""#)).unwrap_or_default();
        format!(
            r#"{{"age_months":{age},"place":{{"division":"{place}"}},"categories":[{}],"needs":[{{"term":"{need}"}}]{dibao}{hukou}}}"#,
            categories.join(",")
        )
    })
}

fn facts(case: &str, service: &Proposed) -> Facts {
    let case = Case::read(case).unwrap();
    let facts = case.facts(&province::gazetteer(), "2026-11-25".parse().unwrap());
    Facts { minutes: service.minutes, ..facts }
}

fn entry_of(service: &Proposed) -> std::sync::Arc<Entry> {
    COUNTY.entry(&service.service_at_location).unwrap()
}

/// Everything an entry asks, as one rule, built apart from the matcher.
fn rule(entry: &Entry) -> Rule {
    let areas = (!entry.areas.is_empty()).then(|| Rule::test(lianjie_index::rule::Test::Residence(entry.areas.clone())));
    Rule::All(entry.eligibility.iter().cloned().chain(areas).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: many(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_rule_is_broken_and_every_open_one_is_asked(case in cases()) {
        let found = answer(&COUNTY, &case);
        for service in &found.proposals[0].services {
            let entry = entry_of(service);
            let verdict = rule(&entry).verdict(&facts(&case, service));
            prop_assert_ne!(verdict, Verdict::No);
            prop_assert_eq!(service.eligible == Verdict::Ask, !service.ask.is_empty());
            prop_assert!(entry.visibility.matching);
            prop_assert!(service.utility >= 1 && service.utility <= 1000);
            prop_assert!(service.natural.is_sorted_by(|a, b| a >= b));
        }
        let utilities: Vec<u16> = found.proposals[0].services.iter().map(|service| service.utility).collect();
        prop_assert!(utilities.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn shown_terms_multiply_to_the_shown_utility(case in cases()) {
        for service in &answer(&COUNTY, &case).proposals[0].services {
            let terms = service.terms;
            let product: f64 = [terms.e, terms.p, terms.a, terms.s, terms.c, terms.f, terms.d].iter().map(|term| f64::from(*term) / 1000.0).product();
            prop_assert!((product * 1000.0 - f64::from(service.utility)).abs() <= 4.0);
        }
    }

    #[test]
    fn a_relaxation_applied_lets_the_child_in(case in cases()) {
        for excluded in &answer(&COUNTY, &case).proposals[0].excluded {
            let entry = entry_of(&excluded.service);
            let facts = facts(&case, &excluded.service);
            prop_assert_eq!(rule(&entry).verdict(&facts), Verdict::No);
            let Some(given) = &excluded.relaxation else { continue };
            let turned = |skipped: Option<usize>| {
                let atoms: Vec<_> = given.relaxation.atoms.iter().enumerate().filter(|(n, _)| Some(*n) != skipped).map(|(_, atom)| &atom.test).collect();
                rule(&entry).verdict_by(&|test| {
                    let verdict = test.verdict(&facts);
                    if atoms.contains(&test) { !verdict } else { verdict }
                })
            };
            prop_assert_ne!(turned(None), Verdict::No);
            for one in 0..given.relaxation.atoms.len() {
                prop_assert_eq!(turned(Some(one)), Verdict::No);
            }
        }
    }

    #[test]
    fn an_added_fact_never_turns_yes_into_no(case in cases()) {
        let known = case.replacen('}', r#"},"sex":"female","school_stage":"primary","guardian":"consents""#, 1);
        let before = answer(&COUNTY, &case);
        let after = answer(&COUNTY, &known);
        let of = |found: &Answer, verdict: Verdict| -> BTreeSet<String> {
            let shown = found.proposals[0].services.iter().filter(|service| service.eligible == verdict);
            shown.map(|service| service.service_at_location.to_string()).collect()
        };
        let out: BTreeSet<String> = after.proposals[0].excluded.iter().map(|one| one.service.service_at_location.to_string()).collect();
        prop_assert!(of(&before, Verdict::Yes).is_disjoint(&out));
    }
}

/// A service, and by how much another is better.
#[derive(Debug, Clone)]
struct Pair {
    degrees: f64,
    nearer: f64,
    wait: (u16, u16),
    free: (u32, u32),
    /// Free, low, full, and how many steps cheaper.
    fee: (usize, usize),
    accepted: u32,
    refused: u32,
}

fn pairs() -> impl Strategy<Value = Vec<Pair>> {
    let pair = (0.0..0.4_f64, 0.0..1.0_f64, (0..60_u16, 0..60_u16), (0..5_u32, 0..5_u32), (0..3_usize, 0..3_usize), 0..4_u32, 0..4_u32);
    let pair = pair.prop_map(|(degrees, nearer, (wait, sooner), (free, freer), (fee, cheaper), accepted, refused)| Pair {
        degrees,
        nearer,
        wait: (wait, wait.saturating_sub(sooner)),
        free: (free, free + freer),
        fee: (fee, fee.saturating_sub(cheaper)),
        accepted,
        refused,
    });
    prop::collection::vec(pair, SHARED)
}

fn costing(step: usize) -> Vec<Fee> {
    let level = [FeeLevel::Free, FeeLevel::Low, FeeLevel::Full][step];
    let amount_fen = [0, 2_000, 9_000][step];
    vec![Fee {
        audience: Audience::Other,
        level,
        amount_fen: Some(amount_fen),
        unit: Some("visit".to_owned()),
        quota: None,
        payer: None,
        valid_from: None,
        valid_to: None,
    }]
}

fn ranked(index: &Index, rates: &Rates, service: &str) -> (usize, u16) {
    let case = Case::read(&counselling()).unwrap();
    match matching::why_not(index, &case, &setting(rates, &[]), &term("PSY-03"), &service.into()).unwrap() {
        WhyNot::Ranked { rank, service, .. } => (rank, service.utility),
        other => panic!("{service}: {other:?}"),
    }
}

/// The services proposed for counselling, in their order, with what does not depend on where zero lies.
fn order(index: &Index) -> Vec<(String, u16, Option<u16>)> {
    let shown = |one: &Proposed| (one.id.to_string(), one.utility, one.minutes);
    answer(index, &counselling()).proposals[0].services.iter().map(shown).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: few(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nearer_sooner_freer_cheaper_and_better_known_never_rank_lower(pairs in pairs()) {
        let entries = pairs.iter().enumerate().flat_map(|(n, pair)| {
            let of = |name: &str, degrees: f64, wait: u16, fee: usize| Entry {
                point: away(degrees),
                wait_days: Some(wait),
                fees: costing(fee),
                ..open(&format!("{name}-{n}"))
            };
            [of("worse", pair.degrees, pair.wait.0, pair.fee.0), of("better", pair.degrees * pair.nearer, pair.wait.1, pair.fee.1)]
        });
        let index = index(entries);
        let mut rates = Rates::default();
        for (n, pair) in pairs.iter().enumerate() {
            for (name, free) in [("worse", pair.free.0), ("better", pair.free.1)] {
                index.set_places(&format!("site-{name}-{n}").into(), Some(Places { capacity: free, used: 0, held: 0, as_of: NOW }));
            }
            let accepted = f64::from(pair.accepted);
            let worse = Tally { good: accepted, tried: accepted + f64::from(pair.refused) };
            rates.accepted.service.insert(format!("worse-{n}").into(), worse);
            rates.accepted.service.insert(format!("better-{n}").into(), Tally { good: accepted + 1.0, tried: accepted + 1.0 });
        }
        for (n, pair) in pairs.iter().enumerate() {
            let (worse, better) = (ranked(&index, &rates, &format!("worse-{n}")), ranked(&index, &rates, &format!("better-{n}")));
            prop_assert!(better.1 >= worse.1 && better.0 < worse.0, "{pair:?}: {better:?} {worse:?}");
        }
    }

    #[test]
    fn a_worse_service_never_changes_the_order_of_the_others(drawn in prop::collection::vec((0.0..0.2_f64, 0..30_u16), SHARED)) {
        let entries = |more: Option<Entry>| {
            let own = drawn.iter().enumerate().map(|(n, (degrees, wait))| Entry { point: away(*degrees), wait_days: Some(*wait), ..open(&n.to_string()) });
            index(own.chain(more))
        };
        let worse = Entry { point: away(0.39), wait_days: Some(365), fees: costing(2), ..open("worse") };
        let mut with = order(&entries(Some(worse)));
        with.retain(|(id, ..)| id != "worse");
        prop_assert_eq!(order(&entries(None)), with);
    }

    #[test]
    fn where_longitude_begins_changes_nothing(drawn in prop::collection::vec((0.0..0.2_f64, -0.2..0.2_f64), SHARED), shift in -60.0..60.0_f64) {
        let all = |by: f64| {
            let at = |latitude: f64, longitude: f64| home().map(|home| Wgs84 { latitude: home.latitude + latitude, longitude: home.longitude + longitude + by });
            let entries = drawn.iter().enumerate().map(|(n, (latitude, longitude))| Entry { point: at(*latitude, *longitude), ..open(&n.to_string()) });
            let home = at(0.0, 0.0).unwrap();
            let place = format!(r#""place":{{"division":"320116010","longitude":{},"latitude":{}}}"#, home.longitude, home.latitude);
            let case = format!(r#"{{"age_months":110,{place},"needs":[{{"term":"PSY-03"}}]}}"#);
            let shown = |one: &Proposed| (one.id.to_string(), one.utility, one.minutes);
            answer(&index(entries), &case).proposals[0].services.iter().map(shown).collect::<Vec<_>>()
        };
        // A service on the edge of a minute may fall on either side of it: a ten-millionth of a degree is a centimetre.
        let (here, there) = (all(0.0), all(shift));
        prop_assert_eq!(here.len(), there.len());
        for (one, other) in here.iter().zip(&there) {
            prop_assert!(one.1.abs_diff(other.1) <= 4 && one.2.zip(other.2).is_none_or(|(a, b)| a.abs_diff(b) <= 1), "{one:?} {other:?}");
        }
    }
}
