//! What holds of every match: no rule is broken, every open one is asked, facts only settle.

use std::collections::BTreeSet;

use lianjie_index::{
    Answer, Case, Entry, Facts, Places, Rates, Verdict,
    matching::{self, answer::Proposed, rates::Tally},
    rule::Rule,
};
use proptest::prelude::*;

use crate::{
    PROVINCE, answer, away, counselling, open,
    province::{self, NOW, index},
    services, setting,
};

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
    PROVINCE.entry(&service.service_at_location).unwrap()
}

/// Everything an entry asks, as one rule, built apart from the matcher.
fn rule(entry: &Entry) -> Rule {
    let areas = (!entry.areas.is_empty()).then(|| Rule::test(lianjie_index::rule::Test::Residence(entry.areas.clone())));
    Rule::All(entry.eligibility.iter().cloned().chain(areas).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_rule_is_broken_and_every_open_one_is_asked(case in cases()) {
        let found = answer(&PROVINCE, &case);
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
        for service in &answer(&PROVINCE, &case).proposals[0].services {
            let terms = service.terms;
            let product: f64 = [terms.e, terms.p, terms.a, terms.s, terms.c, terms.f, terms.d].iter().map(|term| f64::from(*term) / 1000.0).product();
            prop_assert!((product * 1000.0 - f64::from(service.utility)).abs() <= 4.0);
        }
    }

    #[test]
    fn a_relaxation_applied_lets_the_child_in(case in cases()) {
        for excluded in &answer(&PROVINCE, &case).proposals[0].excluded {
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
    fn nearer_sooner_freer_and_better_known_never_rank_lower(degrees in 0.0..0.4_f64, nearer in 0.0..1.0_f64, wait in 0..60_u16, sooner in 0..60_u16, free in 0..5_u32, freer in 0..5_u32, good in 0..4_u32) {
        let worse = Entry { point: away(degrees), wait_days: Some(wait), ..open("worse") };
        let better = Entry { point: away(degrees * nearer), wait_days: Some(wait.saturating_sub(sooner)), ..open("better") };
        let index = index([worse, better]);
        let post = |site: &str, capacity| index.set_places(&site.into(), Some(Places { capacity, used: 0, held: 0, as_of: NOW }));
        post("site-worse", free);
        post("site-better", free + freer);
        let mut rates = Rates::default();
        rates.accepted.service.insert("better".into(), Tally { good: f64::from(good), tried: f64::from(good) });
        let case = Case::read(&counselling()).unwrap();
        let found = matching::answer(&index, &case, &setting(&rates, &[])).unwrap();
        let utilities: Vec<u16> = found.proposals[0].services.iter().map(|service| service.utility).collect();
        let same = nearer > 0.999 && sooner == 0 && freer == 0 && good == 0;
        prop_assert!(same || services(&found)[0] == "better" || utilities.len() < 2, "{utilities:?}");
    }

    #[test]
    fn an_added_fact_never_turns_yes_into_no(case in cases()) {
        let known = case.replacen('}', r#"},"sex":"female","school_stage":"primary","guardian":"consents""#, 1);
        let before = answer(&PROVINCE, &case);
        let after = answer(&PROVINCE, &known);
        let of = |found: &Answer, verdict: Verdict| -> BTreeSet<String> {
            let shown = found.proposals[0].services.iter().filter(|service| service.eligible == verdict);
            shown.map(|service| service.service_at_location.to_string()).collect()
        };
        let out: BTreeSet<String> = after.proposals[0].excluded.iter().map(|one| one.service.service_at_location.to_string()).collect();
        prop_assert!(of(&before, Verdict::Yes).is_disjoint(&out));
    }
}
