//! What a match promises, seen from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod properties;
#[path = "../../benches/province/mod.rs"]
#[expect(dead_code, reason = "shared with the benchmarks")]
mod province;

use std::sync::LazyLock;

use jiff::SignedDuration;
use lianjie_index::{
    Answer, Case, Entry, Index, Places, Rates, Setting, Verdict, Wgs84,
    entry::Delivery,
    matching::{self, PublicRule, answer::WhyNot},
    rule::Paper,
};
use province::{NOW, entry, index, term};

static PROVINCE: LazyLock<Index> = LazyLock::new(|| province::province(4_000));

fn setting<'a>(rates: &'a Rates, public_rules: &'a [PublicRule]) -> Setting<'a> {
    Setting::new(rates, public_rules, NOW, "2026-11-25".parse().unwrap())
}

fn answer(index: &Index, case: &str) -> Answer {
    let case = Case::read(case).unwrap();
    matching::answer(index, &case, &setting(&Rates::default(), &[])).unwrap()
}

/// A case in 六合区 of nine years with these members more.
fn case(more: &str) -> String {
    format!(r#"{{"age_months":110,"place":{{"division":"320116010"}},{more}}}"#)
}

fn counselling() -> String {
    case(r#""needs":[{"term":"PSY-03"}]"#)
}

/// An entry in 六合区, open to everybody.
fn open(id: &str) -> Entry {
    Entry { eligibility: Some(r#"{"all":[]}"#.parse().unwrap()), areas: vec!["320116".parse().unwrap()], point: home(), ..entry(id) }
}

fn home() -> Option<Wgs84> {
    province::gazetteer().seat(&"320116010".parse().unwrap())
}

fn away(degrees: f64) -> Option<Wgs84> {
    home().map(|home| Wgs84 { latitude: home.latitude + degrees, ..home })
}

fn with_rule(id: &str, rule: &str) -> Entry {
    Entry { eligibility: Some(rule.parse().unwrap()), ..open(id) }
}

fn services(answer: &Answer) -> Vec<&str> {
    answer.proposals[0].services.iter().map(|service| service.id.as_str()).collect()
}

#[test]
fn water_on_the_way_takes_longer_and_is_said() {
    let at = |division: &str| Entry { division: division.parse().ok(), point: Wgs84::new(118.74, 31.98), ..entry("south") };
    let home = r#"{"age_months":110,"place":{"division":"320111","longitude":118.63,"latitude":32.06},"needs":[{"term":"PSY-03"}]}"#;
    let way = |division: &str| {
        let found = answer(&index([at(division)]), home);
        let service = &found.proposals[0].services[0];
        let crossing = service.reasons.iter().find_map(|reason| match reason {
            matching::answer::Reason::Crossing { what, minutes_more } => Some((what.clone(), *minutes_more)),
            _ => None,
        });
        (service.minutes.unwrap(), crossing)
    };
    let (dry, none) = way("320111");
    let (wet, said) = way("320114");
    assert_eq!((wet - dry, none, said), (25, None, Some(("过长江".to_owned(), 25))));
}

#[test]
fn the_answer_has_the_promised_shape() {
    let index = index([open("a"), with_rule("b", r#"{"age_months":[120,200]}"#)]);
    let answer = answer(&index, &counselling().replacen('{', r#"{"id":"7","#, 1));
    insta::assert_json_snapshot!(answer);
}

#[test]
fn the_utility_is_the_product_of_the_documented_terms() {
    let index = index([open("a")]);
    index.set_places(&"site-a".into(), Some(Places { capacity: 3, used: 1, held: 0, as_of: NOW - SignedDuration::from_hours(24 * 7) }));
    let found = answer(&index, &counselling());
    let service = &found.proposals[0].services[0];
    let phi = (-7.0_f64 / 42.0).exp();
    let place = phi * 0.95 + (1.0 - phi) * 0.60;
    let start = 1.0 / (1.0 + (-3.2_f64).exp());
    let utility = place * 0.70 * start * 0.70 * (-14.0_f64 / 60.0).exp();
    assert!((f64::from(service.utility) - utility * 1000.0).abs() <= 0.5);
    assert!((f64::from(service.terms.p) - place * 1000.0).abs() <= 0.5);
    assert_eq!((service.terms.e, service.terms.f), (1000, 1000));
}

#[test]
fn a_service_that_is_full_is_proposed_lower_and_never_kept_out() {
    let index = index([open("full"), open("free")]);
    let post = |site: &str, capacity| index.set_places(&site.into(), Some(Places { capacity, used: 0, held: 0, as_of: NOW }));
    post("site-full", 0);
    post("site-free", 1);
    assert_eq!(services(&answer(&index, &counselling())), ["free", "full"]);
}

#[test]
fn what_fails_a_rule_is_excluded_with_what_would_open_it() {
    let index = index([with_rule("older", r#"{"age_months":[114,215]}"#), with_rule("girls", r#"{"sex":"female"}"#)]);
    let boy = case(r#""sex":"male","needs":[{"term":"PSY-03"}]"#);
    let found = answer(&index, &boy);
    let proposal = &found.proposals[0];
    assert!(proposal.services.is_empty());
    assert_eq!(proposal.considered, 2);
    let of = |id: &str| proposal.excluded.iter().find(|one| one.service.id.as_str() == id).unwrap();
    let relaxation = of("older").relaxation.as_ref().unwrap();
    assert_eq!(relaxation.text, "差 4 个月：2027-03 起可申请");
    assert_eq!(relaxation.relaxation.from_day, Some("2027-03-25".parse().unwrap()));
    assert_eq!((of("girls").fact.as_str(), of("girls").relaxation.is_none()), ("sex", true));
}

#[test]
fn an_area_that_does_not_hold_the_place_can_be_negotiated() {
    let index = index([Entry { areas: vec!["320111".parse().unwrap()], ..open("next") }]);
    let found = answer(&index, &counselling());
    let excluded = &found.proposals[0].excluded[0];
    assert_eq!((excluded.fact.as_str(), excluded.wanted.as_str()), ("residence", "需住在南京市浦口区"));
    assert_eq!(excluded.relaxation.as_ref().unwrap().relaxation.cost, 2000);
}

#[test]
fn a_zone_holds_its_townships() {
    let zone = || Entry { areas: vec!["zone:zone-320100-jiangbei".parse().unwrap()], ..open("zone") };
    let index = index([zone()]);
    assert_eq!(services(&answer(&index, &counselling())), ["zone"]);
    let outside = counselling().replace("320116010", "320116001");
    assert!(services(&answer(&index, &outside)).is_empty());
}

#[test]
fn decisions_of_an_authority_are_never_proposed() {
    for code in ["GUA-05", "GUA-07", "BEH-03"] {
        let index = index([Entry { terms: vec![term(code)], ..open("a") }]);
        let found = answer(&index, &case(&format!(r#""needs":[{{"term":"{code}"}}]"#)));
        assert!(found.proposals[0].services.is_empty() && found.proposals[0].excluded.is_empty());
        assert!(found.warnings.iter().any(|warning| warning.code == "forbidden"));
    }
}

#[test]
fn nobody_mediates_where_there_is_violence() {
    let mediator = || Entry { terms: vec![term("LAW-04"), term("LAW-09")], kind: "调解组织".to_owned(), ..open("mediator") };
    let court = || Entry { terms: vec![term("LAW-04")], kind: "法院".to_owned(), ..open("court") };
    let index = index([mediator(), court()]);
    let needs = r#""needs":[{"term":"LAW-04"},{"term":"LAW-09"}]"#;
    let peace = answer(&index, &case(needs));
    assert_eq!((peace.proposals[0].services.len(), peace.proposals[1].services.len()), (2, 1));
    let violence = answer(&index, &case(&format!(r#""text":"孩子被爸爸打",{needs}"#)));
    assert_eq!(services(&violence), ["court"]);
    assert!(violence.proposals[1].services.is_empty());
    let reported = answer(&index, &case(&format!(r#""forbid":["LAW-09"],{needs}"#)));
    assert_eq!(services(&reported), ["court"], "who forbids mediation forbids mediators");
}

#[test]
fn a_situation_of_the_nine_is_reported_first() {
    let found = answer(&PROVINCE, &case(r#""text":"她说被继父摸了，情绪低落","sex":"female""#));
    let first = found.first_step.unwrap();
    assert_eq!((first.term.as_str(), first.within_hours), ("report", 0));
    assert!(found.warnings.iter().any(|warning| warning.code == "mandatory_report"));
    assert_eq!((found.needs[0].term.as_str(), found.needs[0].tier), ("VIC-03", 1));
}

#[test]
fn a_need_in_words_that_must_be_reported_is_reported_first() {
    let found = answer(&PROVINCE, &case(r#""needs":[{"text":"爸爸老打我"}]"#));
    assert_eq!(found.first_step.map(|first| first.term), Some("report".into()), "{:?}", found.needs);
}

#[test]
fn a_word_of_suicide_comes_before_other_needs() {
    let found = answer(&PROVINCE, &case(r#""text":"成绩差，说不想活了""#));
    assert_eq!(found.first_step.unwrap().term, "EMG-06");
    assert_eq!((found.needs[0].term.as_str(), found.needs[0].tier), ("EMG-06", 1));
    let calm = answer(&PROVINCE, &case(r#""text":"成绩差，没有自杀想法""#));
    assert_eq!(calm.first_step, None);
}

#[test]
fn an_avoided_organisation_and_a_forbidden_term_are_left_out() {
    let index = index([open("a"), open("b")]);
    let avoid = case(r#""needs":[{"term":"PSY-03"}],"avoid":["org-a"]"#);
    assert_eq!(services(&answer(&index, &avoid)), ["b"]);
    let forbid = case(r#""needs":[{"term":"PSY-03"}],"forbid":["PSY"]"#);
    assert!(services(&answer(&index, &forbid)).is_empty());
}

#[test]
fn an_expired_verification_comes_after_valid_ones_of_equal_utility() {
    let expired = |n: u32| {
        let mut entry = open(&format!("expired{n}"));
        entry.visibility.verification_expired = true;
        entry
    };
    let index = index((0..3).map(expired).chain((0..3).map(|n| open(&format!("valid{n}")))));
    let found = answer(&index, &counselling());
    assert!(services(&found)[..3].iter().all(|id| id.starts_with("valid")));
}

#[test]
fn public_rules_forbid_and_grant() {
    let rule = |json: &str| serde_json::from_str::<PublicRule>(json).unwrap();
    let forbid = rule(r#"{"id":"f","division":"32","kind":"forbid","terms":["PSY-03"],"eligibility":{"age_months":[null,155]}}"#);
    let grant = rule(
        r#"{"id":"g","division":"3201","kind":"entitlement","terms":["PSY-03"],"eligibility":{"all":[]},"fee":{"audience":"other","level":"free"}}"#,
    );
    let mut paid = open("a");
    paid.fees = serde_json::from_str(r#"[{"audience":"other","level":"full","amount_fen":20000}]"#).unwrap();
    let index = index([paid]);
    let case = Case::read(&case(r#""can_pay":"free","needs":[{"term":"PSY-03"}]"#)).unwrap();
    let with = |rules: &[PublicRule]| matching::answer(&index, &case, &setting(&Rates::default(), rules)).unwrap();
    assert!(with(std::slice::from_ref(&forbid)).proposals[0].services.is_empty());
    let (paid, granted) = (with(&[]), with(&[grant]));
    assert_eq!(paid.proposals[0].services[0].fee_fen, Some(20_000));
    assert_eq!(granted.proposals[0].services[0].fee_fen, Some(0));
    assert!(granted.proposals[0].services[0].utility > paid.proposals[0].services[0].utility);
}

#[test]
fn a_question_that_changes_the_choice_is_worth_asking() {
    let near = with_rule("near", r#"{"holds":["dibao"]}"#);
    let far = Entry { point: away(0.05), ..open("far") };
    let index = index([near, far]);
    let found = answer(&index, &counselling());
    let near = found.proposals[0].services.iter().find(|service| service.id.as_str() == "near").unwrap();
    assert_eq!((near.eligible, near.ask[0].fact.as_str()), (Verdict::Ask, "holds"));
    assert!(near.ask[0].value_of_information > 20);
    assert_eq!(near.ask[0].question, "有没有这份材料？（需低保）");
}

#[test]
fn why_not_says_what_keeps_a_service_out() {
    let mut hidden = open("draft");
    hidden.visibility.matching = false;
    let index = index([
        open("a"),
        hidden,
        Entry { terms: vec![term("REH-04")], ..open("other") },
        with_rule("older", r#"{"age_months":[114,215]}"#),
        Entry { point: away(1.0), areas: vec![], ..open("far") },
    ]);
    let case = Case::read(&case(r#""needs":[{"term":"PSY-03"}],"avoid":["org-avoided"]"#)).unwrap();
    let rates = Rates::default();
    let why = |id: &str| matching::why_not(&index, &case, &setting(&rates, &[]), &term("PSY-03"), &id.into()).unwrap();
    assert_eq!(why("nobody"), WhyNot::Missing);
    assert_eq!(why("draft"), WhyNot::NotMatched);
    assert!(matches!(why("other"), WhyNot::OtherTerm { .. }));
    assert!(matches!(why("older"), WhyNot::Excluded(_)));
    assert!(matches!(why("far"), WhyNot::TooFar { km } if km > 100.0));
    let WhyNot::Ranked { rank, losses, .. } = why("a") else { panic!("ranked") };
    assert_eq!(rank, 1);
    assert!(losses.is_sorted_by(|a, b| a.1 >= b.1));
}

#[test]
fn a_service_that_comes_costs_no_minutes() {
    let online = Entry { delivery: vec![Delivery::Online], areas: vec!["32".parse().unwrap()], point: None, ..open("online") };
    let found = answer(&index([online]), &counselling());
    assert_eq!((found.proposals[0].services[0].minutes, found.proposals[0].services[0].km), (Some(0), None));
}

#[test]
fn what_is_read_names_its_characters() {
    let found = answer(&PROVINCE, &case(r#""text":"最近厌学，家里没人接送""#));
    let json = serde_json::to_value(&found.needs).unwrap();
    let why = &json[0]["why"][0];
    assert_eq!(why["kind"], "word");
    let at = |end: &str| usize::try_from(why[end].as_u64().unwrap()).unwrap();
    let (from, to) = (at("from"), at("to"));
    let text: Vec<char> = "最近厌学，家里没人接送".chars().collect();
    assert_eq!(text[from..to].iter().collect::<String>(), why["text"].as_str().unwrap());
}

#[test]
fn the_order_of_entries_needs_and_members_shows_nowhere() {
    let drawn: Vec<Entry> = (0..1_500).map(province::draw).collect();
    let forwards = index(drawn.iter().cloned());
    let backwards = index(drawn.into_iter().rev());
    let text = case(r#""text":"厌学，情绪低落，想做康复训练""#);
    let one = serde_json::to_string(&answer(&forwards, &text)).unwrap();
    let other = serde_json::to_string(&answer(&backwards, &text)).unwrap();
    assert_eq!(one, other);
}

#[test]
fn a_paper_not_held_can_be_applied_for() {
    let index = index([with_rule("a", r#"{"holds":["disability_certificate"]}"#)]);
    let found = answer(&index, &case(r#""needs":[{"term":"PSY-03"}],"holds":{"disability_certificate":false}"#));
    let relaxation = found.proposals[0].excluded[0].relaxation.as_ref().unwrap();
    assert_eq!(relaxation.text, "需残疾人证（可先申办）");
    assert!(
        matches!(&relaxation.relaxation.atoms[0].test, lianjie_index::rule::Test::Holds(papers) if papers == &[Paper::DisabilityCertificate])
    );
}
