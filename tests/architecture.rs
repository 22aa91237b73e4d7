//! The shape of the code: a folder imports to its left, a line knows its room.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders in import order; `app.rs`, `boot.rs`, `server.rs` and `cli.rs` put them together.
const FOLDERS: [&str; 31] = [
    "audit",
    "account",
    "calendar",
    "division",
    "taxonomy",
    "organization",
    "service",
    "duplicate",
    "search",
    "everyday",
    "case",
    "comparison",
    "consent",
    "matching",
    "link",
    "freshness",
    "shortlist",
    "referral",
    "schedule",
    "emergency",
    "conference",
    "allocation",
    "handover",
    "merge",
    "program",
    "outcome",
    "statistics",
    "exchange",
    "roster",
    "today",
    "demo",
];

/// What all of them may use.
const KITS: [&str; 13] = ["access", "api", "app", "clock", "config", "error", "grid", "id", "locale", "secret", "seed", "store", "web"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
    found
}

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The first segments of every `crate::…` path in a text.
fn imports(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for part in code.split("crate::").skip(1) {
        if let Some(group) = part.strip_prefix('{') {
            let group = group.split('}').next().unwrap_or_default();
            found.extend(group.split(',').filter_map(|name| name.trim().split("::").next()).map(str::to_owned));
        } else {
            found.push(part.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect());
        }
    }
    found
}

#[test]
fn a_folder_imports_folders_to_its_left_and_the_kits() {
    for (position, folder) in FOLDERS.iter().enumerate() {
        for file in files(&source("src").join(folder)) {
            for import in imports(&fs::read_to_string(&file).unwrap()) {
                let allowed = KITS.contains(&import.as_str()) || FOLDERS[..=position].contains(&import.as_str());
                let joined = ["boot", "server"].contains(&import.as_str()) && *folder == "demo";
                assert!(
                    allowed || joined || import.starts_with("test"),
                    "{} imports {import}, which is not to the left of {folder}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn every_folder_has_its_place_in_the_line() {
    for entry in fs::read_dir(source("src")).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        let name = entry.file_name().into_string().unwrap();
        assert!(
            FOLDERS.contains(&name.as_str()) || KITS.contains(&name.as_str()) || name == "cli",
            "src/{name} has no place in the import order"
        );
    }
}

/// The room a file is: `actions.rs`, and every file of a folder `actions/`.
fn room(file: &Path) -> String {
    let folder = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    if ["model", "store", "actions", "api", "page"].contains(&folder.as_str()) {
        return format!("{folder}.rs");
    }
    file.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn a_line_knows_its_room() {
    for folder in FOLDERS {
        for file in files(&source("src").join(folder)) {
            let name = room(&file);
            let text = fs::read_to_string(&file).unwrap();
            let refuse = |word: &str| assert!(!text.contains(word), "{} is no place for {word}", file.display());
            match name.as_str() {
                "model.rs" => ["sqlx::", "axum::", "askama::", "tokio::", "Timestamp::now", "rand::"].into_iter().for_each(refuse),
                "store.rs" | "places.rs" => ["axum::", "askama::", "decide("].into_iter().for_each(refuse),
                "actions.rs" => ["sqlx::query", "axum::", "askama::"].into_iter().for_each(refuse),
                "api.rs" => ["sqlx::", "askama::"].into_iter().for_each(refuse),
                "page.rs" => ["sqlx::"].into_iter().for_each(refuse),
                _ => {}
            }
        }
    }
}

#[test]
fn the_index_knows_no_database_and_no_web() {
    let manifest = fs::read_to_string(source("index/Cargo.toml")).unwrap();
    for banned in ["sqlx", "axum", "askama", "tokio"] {
        assert!(
            !manifest.contains(&format!("{banned}.workspace")) && !manifest.contains(&format!("{banned} =")),
            "index/ may not use {banned}"
        );
    }
    for file in files(&source("index/src")) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("use lianjie::"), "{} imports the product", file.display());
    }
}

#[test]
fn there_is_one_sqlx() {
    let lock = fs::read_to_string(source("Cargo.lock")).unwrap();
    for name in ["sqlx-core", "libsqlite3-sys"] {
        let count = lock.matches(&format!("name = \"{name}\"\n")).count();
        assert_eq!(count, 1, "{count} versions of {name} in Cargo.lock");
    }
    assert!(!lock.contains("name = \"sqlx\"\nversion = \"0.8"));
}
