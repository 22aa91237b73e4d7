//! `docs/STATION.md` names pages and tests that are there: each of its rows has one of each.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The rows of the table: the cell of pages and the cell of tests.
fn rows() -> Vec<(String, String)> {
    let text = fs::read_to_string(source("docs/STATION.md")).unwrap();
    let cells = text.lines().filter(|line| line.starts_with("| ")).skip(1).map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 3, "what is said, page, test: {line}");
        (cells[1].to_owned(), cells[2].to_owned())
    });
    cells.collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The routes that the folders declare.
fn routes() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(source("src")).unwrap().map(Result::unwrap) {
        let text = fs::read_to_string(entry.path().join("mod.rs")).unwrap_or_default();
        for part in text.split(".route(").skip(1) {
            found.insert(part.trim_start().trim_start_matches('"').split('"').next().unwrap_or_default().to_owned());
        }
    }
    found
}

/// The tests of a file: functions below `#[test]` or `#[tokio::test]`.
fn tests(file: &str) -> Vec<String> {
    let text = fs::read_to_string(source("tests").join(file)).unwrap_or_else(|_| panic!("there is no tests/{file}"));
    let marked = text.split("test]\n").skip(1);
    let named = marked.filter_map(|rest| rest.split_once("fn ").and_then(|(_, rest)| rest.split_once('(')));
    named.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_row_names_a_page_that_is_served_and_a_test_that_is_there() {
    let (rows, routes) = (rows(), routes());
    assert!(rows.len() > 20 && routes.len() > 100, "{} rows, {} routes", rows.len(), routes.len());
    for (pages, checks) in rows {
        let named: Vec<String> = quoted(&pages).into_iter().filter(|text| text.starts_with('/')).collect();
        // A row on what is told on the page of today alone names it in words.
        assert!(!named.is_empty() || pages.contains("今日"), "no page: {pages}");
        for page in named {
            assert!(routes.contains(&page), "{page} is no route");
        }
        let checks = quoted(&checks);
        assert!(!checks.is_empty(), "no test for {pages}");
        for check in checks {
            let (file, name) = check.split_once("::").unwrap_or((&check, ""));
            let known = tests(file);
            let fits = |test: &String| name.strip_suffix('…').map_or(test == name, |start| test.starts_with(start));
            assert!(name.is_empty() || known.iter().any(fits), "no test {check}; there are {known:?}");
        }
    }
}
