//! Judged cases: a worker's own paragraph, what is known of the child, and what two experienced workers would do. How well the
//! matcher reads them is printed and may not fall; how many forbidden needs are proposed may not rise.
//!
//! The files in `tests/matching` were written by the field's rules, without a look at how texts are read. Rules of reading are
//! weighed on the first halves only; the second halves are kept aside.

use std::collections::{BTreeMap, BTreeSet};

use lianjie_index::matching::{self, Setting};
use lianjie_index::{Answer, Case, Rates, TermCode, Verdict};
use serde::Deserialize;

use crate::relevance::{directory, gain};

/// A case with what belongs to it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vignette {
    id: String,
    /// What it is drawn from.
    #[serde(rename = "basis")]
    _basis: String,
    text: String,
    case: serde_json::Map<String, serde_json::Value>,
    /// `report`, a term, or nothing.
    first: String,
    grades: BTreeMap<TermCode, u8>,
    forbidden: BTreeSet<TermCode>,
    asks: Vec<String>,
    empty: bool,
}

#[derive(Deserialize)]
struct File {
    vignette: Vec<Vignette>,
}

/// All of them, by file.
fn vignettes() -> Vec<(String, Vec<Vignette>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matching");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|kind| kind == "toml"));
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let file: File =
            toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        (path.file_stem().unwrap().to_string_lossy().into_owned(), file.vignette)
    };
    files.iter().map(read).collect()
}

/// What came out for one, or for many together.
#[derive(Default, Clone)]
struct Figures {
    many: u32,
    /// Leaves of grade 2 and 3, and how many of them are among the first ten needs.
    belong: u32,
    found: u32,
    /// The same of grade 3.
    heart: u32,
    heart_found: u32,
    ndcg: f64,
    graded: u32,
    forbidden: u32,
    first: u32,
    first_right: u32,
    asks: u32,
    asked: u32,
    empty: u32,
    left_empty: u32,
    broken: u32,
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.many += other.many;
        self.belong += other.belong;
        self.found += other.found;
        self.heart += other.heart;
        self.heart_found += other.heart_found;
        self.ndcg += other.ndcg;
        self.graded += other.graded;
        self.forbidden += other.forbidden;
        self.first += other.first;
        self.first_right += other.first_right;
        self.asks += other.asks;
        self.asked += other.asked;
        self.empty += other.empty;
        self.left_empty += other.left_empty;
        self.broken += other.broken;
    }

    fn line(&self, name: &str) -> String {
        let share =
            |part: u32, whole: u32| if whole == 0 { "–".to_owned() } else { format!("{:.3}", f64::from(part) / f64::from(whole)) };
        let ndcg = if self.graded == 0 { "–".to_owned() } else { format!("{:.3}", self.ndcg / f64::from(self.graded)) };
        format!(
            "| {name} | {} | {} | {} | {ndcg} | {} | {} | {} | {} | {} |",
            self.many,
            share(self.found, self.belong),
            share(self.heart_found, self.heart),
            self.forbidden,
            share(self.first_right, self.first),
            share(self.asked, self.asks),
            share(self.left_empty, self.empty),
            self.broken,
        )
    }
}

/// How one was answered, with what went wrong in words.
fn judge(vignette: &Vignette, answer: &Answer, broken: u32) -> (Figures, Vec<String>) {
    let mut wrong = Vec::new();
    let terms: Vec<&TermCode> = answer.needs.iter().take(10).map(|need| &need.term).collect();
    let mut figures = Figures { many: 1, broken, ..Figures::default() };
    for (term, grade) in vignette.grades.iter().filter(|(_, grade)| **grade >= 2) {
        let found = u32::from(terms.contains(&term));
        figures.belong += 1;
        figures.found += found;
        if *grade == 3 {
            figures.heart += 1;
            figures.heart_found += found;
        }
        if found == 0 {
            wrong.push(format!("misses {term} ({grade})"));
        }
    }
    if !vignette.grades.is_empty() {
        let grade = |term: &&TermCode| vignette.grades.get(*term).copied().unwrap_or(0);
        let mut ideal: Vec<u8> = vignette.grades.values().copied().collect();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        figures.graded = 1;
        figures.ndcg = gain(terms.iter().map(grade)) / gain(ideal);
    }
    for proposal in answer.proposals.iter().filter(|proposal| vignette.forbidden.contains(&proposal.need) && !proposal.services.is_empty())
    {
        figures.forbidden += 1;
        wrong.push(format!("proposes {}", proposal.need));
    }
    let first = answer.first_step.as_ref().map_or("", |step| step.term.as_str());
    figures.first = 1;
    figures.first_right = u32::from(first == vignette.first);
    if first != vignette.first {
        wrong.push(format!("first {first:?}, not {:?}", vignette.first));
    }
    for fact in &vignette.asks {
        let asked = answer.proposals.iter().flat_map(|proposal| &proposal.services).flat_map(|one| &one.ask).any(|ask| ask.fact == *fact);
        figures.asks += 1;
        figures.asked += u32::from(asked);
        if !asked {
            wrong.push(format!("asks nothing of {fact}"));
        }
    }
    if vignette.empty {
        figures.empty = 1;
        figures.left_empty = u32::from(answer.needs.is_empty());
        if !answer.needs.is_empty() {
            wrong.push(format!("reads {terms:?}"));
        }
    }
    (figures, wrong)
}

/// Just under what was measured on 1 December 2026. The goal is 0.85 with none forbidden.
const FOUND: f64 = 0.61;
const FIRST: f64 = 0.74;
const FORBIDDEN: u32 = 31;
const LEFT_EMPTY: f64 = 0.5;
const NDCG: f64 = 0.49;
const ASKED: f64 = 0.57;

#[tokio::test]
async fn judged_cases_are_read_as_two_workers_would() {
    let (_database, app) = directory().await;
    let (index, rules, rates) = (app.index.get(), app.public_rules.get(), Rates::default());
    let setting = Setting::new(&rates, &rules, app.now(), app.today());
    let (mut all, mut halves) = (Figures::default(), [Figures::default(), Figures::default()]);
    let (mut lines, mut faults, mut ids) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (name, vignettes) in vignettes() {
        let mut file = Figures::default();
        for (number, vignette) in vignettes.iter().enumerate() {
            assert!(ids.insert(vignette.id.clone()), "{} is there twice", vignette.id);
            let mut json = vignette.case.clone();
            json.insert("text".into(), vignette.text.clone().into());
            let case = Case::read(&serde_json::Value::Object(json).to_string()).unwrap_or_else(|fault| panic!("{}: {fault}", vignette.id));
            let answer = matching::answer(&index, &case, &setting).unwrap();
            let facts = case.facts(index.gazetteer(), app.today());
            let breaks = |site: &lianjie_index::SiteId| {
                let rule = index.entry(site).and_then(|entry| entry.eligibility.clone());
                rule.is_some_and(|rule| rule.verdict(&facts) == Verdict::No)
            };
            let proposed = answer.proposals.iter().flat_map(|proposal| &proposal.services);
            let broken = u32::try_from(proposed.filter(|one| breaks(&one.service_at_location)).count()).unwrap();
            let (figures, wrong) = judge(vignette, &answer, broken);
            if !wrong.is_empty() {
                let read: Vec<String> = answer.needs.iter().map(|need| format!("{} {}", need.term, need.score)).collect();
                faults.push(format!("{}: {}\n      read {}", vignette.id, wrong.join("; "), read.join(", ")));
            }
            file.add(&figures);
            halves[number % 2].add(&figures);
        }
        lines.push(file.line(&name));
        all.add(&file);
    }
    println!("| file | cases | found@10 | heart@10 | nDCG@10 | forbidden | first step | asked | left empty | rule breaks |");
    println!("|---|---|---|---|---|---|---|---|---|---|\n{}", lines.join("\n"));
    println!("{}\n{}\n{}", halves[0].line("first halves"), halves[1].line("second halves"), all.line("all"));
    println!("\n{}", faults.join("\n"));
    assert!(all.many >= 60, "{} cases", all.many);
    assert_eq!(all.broken, 0, "a service whose rules say no was proposed");
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
    let (found, first) = (share(all.found, all.belong), share(all.first_right, all.first));
    assert!(found >= FOUND && first >= FIRST && all.forbidden <= FORBIDDEN, "{}", all.line("all"));
    assert!(share(all.left_empty, all.empty) >= LEFT_EMPTY, "{}", all.line("all"));
    assert!(all.ndcg / f64::from(all.graded) >= NDCG && share(all.asked, all.asks) >= ASKED, "{}", all.line("all"));
}
