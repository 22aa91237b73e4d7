//! Paragraphs as workers write them, with the needs that belong to them. Written for these tests.

use super::*;
use crate::province;

fn rules() -> Vec<PublicRule> {
    let text = include_str!("../../../seed-data/public-rules.toml");
    let rule = |block: &str| {
        let mut rule = serde_json::Map::new();
        for (key, value) in block.lines().filter_map(|line| line.split_once(" = ")) {
            let json = serde_json::from_str(value.trim().trim_matches('\'')).unwrap();
            rule.insert(key.to_owned(), json);
        }
        serde_json::from_value(serde_json::Value::Object(rule)).unwrap()
    };
    text.split("[[rule]]").skip(1).map(rule).collect()
}

fn answered(case: &str) -> Answer {
    let case = Case::read(case).unwrap();
    let (rates, rules) = (Rates::default(), rules());
    let setting = Setting {
        rates: &rates,
        public_rules: &rules,
        now: province::NOW,
        today: "2026-11-25".parse().unwrap(),
        language: Language::Zh,
        viewer: Viewer::worker(),
    };
    super::answer(&province::index([]), &case, &setting).unwrap()
}

fn told(text: &str, more: &str) -> Answer {
    let text = serde_json::to_string(text).unwrap();
    answered(&format!(r#"{{"text":{text},"place":{{"division":"320116010"}}{more}}}"#))
}

#[test]
fn dev() {
    let Ok(file) = std::fs::read_to_string("/tmp/dev-texts.txt") else { return };
    let (mut hit, mut all, mut bad) = (0, 0, 0);
    let long: String = file.lines().take(9).filter_map(|line| line.split('\t').next()).collect();
    let vocabulary = province::vocabulary();
    for _ in 0..2 {
        let at = std::time::Instant::now();
        for _ in 0..10 { let _ = crate::reading::read(&long); }
        let facts = at.elapsed() / 10;
        let reading = crate::reading::read(&long);
        let at = std::time::Instant::now();
        for _ in 0..10 { let _ = reading.infer(&crate::reading::Known::default()); }
        let rules = at.elapsed() / 10;
        let at = std::time::Instant::now();
        for _ in 0..10 { let _ = vocabulary.read(&long); }
        let words = at.elapsed() / 10;
        println!("{} characters: facts {facts:?} rules {rules:?} words {words:?}", long.chars().count());
    }

    for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (text, more, belongs, forbidden, first) =
            (cells.next().unwrap(), cells.next().unwrap_or(""), cells.next().unwrap_or(""), cells.next().unwrap_or(""), cells.next().unwrap_or(""));
        let found = told(text, more);
        let ten: Vec<&str> = found.needs.iter().take(10).map(|need| need.term.as_str()).collect();
        let missed: Vec<&str> = belongs.split_whitespace().filter(|term| !ten.contains(term)).collect();
        let wrong: Vec<&str> = forbidden.split_whitespace().filter(|term| found.needs.iter().any(|need| need.term.as_str() == *term)).collect();
        all += belongs.split_whitespace().count();
        hit += belongs.split_whitespace().count() - missed.len();
        bad += wrong.len();
        let step = found.first_step.as_ref().map_or(String::from("-"), |step| format!("{}@{}", step.term, step.within_hours));
        let off = if first.is_empty() || step.starts_with(first) { "" } else { " FIRST!" };
        println!("\n{text}\n  missed {missed:?} wrong {wrong:?} first {step}{off}");
        println!("  {}", found.needs.iter().map(|need| format!("{}={}{}", need.term, need.score, if need.waits_for.is_empty() { String::new() } else { format!("<{:?}", need.waits_for.iter().map(|t| t.as_str()).collect::<Vec<_>>()) })).collect::<Vec<_>>().join(" "));
        let facts = crate::reading::read(text).facts;
        println!("  {}", facts.iter().map(|fact| format!("{:?}:{}{}", fact.who, fact.what, fact.months.map_or(String::new(), |m| format!("({m})")))).collect::<Vec<_>>().join(" "));
        for warning in found.warnings.iter().filter(|w| !matches!(w.code, "mandatory_report" | "danger")) {
            println!("  ! {} {}", warning.code, warning.text);
        }
    }
    println!("\n{hit}/{all}, forbidden {bad}");
}
