//! Every text stands once, in both languages; and whatever the source says by a key has a text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Key, and its texts by language.
type Texts = BTreeMap<String, BTreeMap<String, String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All texts, and the keys that stand in two files.
fn read() -> (Texts, Vec<String>) {
    let (mut all, mut doubles) = (Texts::new(), Vec::new());
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("locales")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        // The reader refuses a key that stands twice in one map.
        let value: Value =
            serde_saphyr::from_str(&fs::read_to_string(&file).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        flatten("", &value, &mut |key, texts| {
            if all.insert(key.to_owned(), texts).is_some() {
                doubles.push(format!("{key} stands in {} and in another file", file.file_name().unwrap().display()));
            }
        });
    }
    (all, doubles)
}

fn texts() -> Texts {
    read().0
}

fn flatten(key: &str, value: &Value, found: &mut impl FnMut(&str, BTreeMap<String, String>)) {
    let Some(map) = value.as_object() else { return };
    if map.values().any(Value::is_string) && (map.contains_key("zh-CN") || map.contains_key("en")) {
        return found(key, map.iter().map(|(language, text)| (language.clone(), text.as_str().unwrap_or_default().to_owned())).collect());
    }
    for (name, value) in map {
        flatten(&if key.is_empty() { name.clone() } else { format!("{key}.{name}") }, value, found);
    }
}

/// Every source file and template.
fn sources(ends: &[&str]) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, ends: &[&str], found: &mut Vec<(PathBuf, String)>) {
        for path in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if path.is_dir() {
                walk(&path, ends, found);
            } else if path.extension().is_some_and(|end| ends.contains(&end.to_str().unwrap())) {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
                found.push((path, code));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join("src"), ends, &mut found);
    found
}

/// The string literals of the first arguments of a call, up to its closing bracket.
fn arguments(rest: &str) -> Vec<String> {
    let mut depth = 0;
    let mut end = rest.len();
    for (at, letter) in rest.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => {
                end = at;
                break;
            }
            ')' => depth -= 1,
            _ => {}
        }
    }
    rest[..end].split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The last literal of each call of a name: the reason, where a field is refused.
fn last_literals(calls: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for (path, code) in sources(&["rs"]) {
        for call in calls {
            for rest in code.split(call).skip(1) {
                let mut literals = arguments(rest);
                // Where the field is a literal and the reason is worked out, there is nothing to read here.
                let worked_out = rest.trim_start().starts_with('"') && literals.len() < 2;
                if let Some(literal) = literals.pop().filter(|literal| is_key(literal) && !worked_out) {
                    found.push((path.clone(), literal));
                }
            }
        }
    }
    found
}

/// The templates of notices.
fn templates() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for (path, code) in sources(&["rs"]) {
        for call in ["tell_owner(", "tell_provider(", "tell_supervisors("] {
            let said = code.split(call).skip(1).flat_map(arguments).filter(|literal| is_key(literal));
            found.extend(said.map(|literal| (path.clone(), literal)));
        }
    }
    found
}

#[test]
fn every_text_stands_once_in_both_languages_with_the_same_facts() {
    let facts = |text: &str| {
        let mut found: Vec<String> =
            text.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
        found.sort();
        found.dedup();
        found
    };
    let (all, mut faults) = read();
    assert!(all.len() > 1_000, "the texts were read: {}", all.len());
    for (key, by_language) in all {
        let text = |language: &str| by_language.get(language).map_or("", |text| text.as_str());
        if text("zh-CN").is_empty() || text("en").is_empty() {
            faults.push(format!("{key} lacks a language"));
        } else if facts(text("zh-CN")) != facts(text("en")) {
            faults.push(format!("{key} says other facts in English"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_key_of_a_page_has_a_text() {
    let all = texts();
    let (mut looked_up, mut faults) = (0, Vec::new());
    for (path, code) in sources(&["rs", "html"]) {
        let direct = code
            .split("t!(\"")
            .skip(1)
            .chain(code.split("Page::titled(").skip(1).filter_map(|rest| rest.split_once(", \"").map(|(_, key)| key)));
        for key in direct.filter_map(|rest| rest.split('"').next()).filter(|key| !key.contains('{') && key.contains('.')) {
            looked_up += 1;
            if !all.contains_key(key) {
                faults.push(format!("{}: {key}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "these have no text: {faults:#?}");
    assert!(looked_up > 800, "the keys were found: {looked_up}");
}

#[test]
fn every_event_of_a_case_is_worded_in_its_log() {
    let all = texts();
    let mut found = std::collections::BTreeSet::new();
    for (_, code) in sources(&["rs"]) {
        for rest in code.split("Event::new(\"").skip(1) {
            if let Some((action, rest)) = rest.split_once('"')
                && rest.starts_with(", \"case\"")
            {
                found.insert(format!("case.event.{}", action.trim_start_matches("case.").replace('.', "_")));
            }
        }
    }
    assert!(found.len() > 20, "the events were found: {found:?}");
    let missing: Vec<_> = found.iter().filter(|key| !all.contains_key(*key)).collect();
    assert!(missing.is_empty(), "these have no text: {missing:#?}");
}

#[test]
fn every_refusal_and_every_notice_has_a_text() {
    let all = texts();
    let mut faults = Vec::new();
    let mut has = |path: &Path, key: String| {
        if !all.contains_key(&key) {
            faults.push(format!("{}: {key}", path.display()));
        }
    };
    let refused = last_literals(&["Error::invalid(", "Fault::new("]);
    assert!(refused.len() > 100, "{}", refused.len());
    for (path, reason) in refused {
        has(&path, format!("fault.{reason}"));
    }
    for (path, template) in templates() {
        has(&path, format!("notification.{template}"));
    }
    for (path, code) in sources(&["rs"]) {
        for rest in code.split("why: \"").skip(1) {
            let reason = rest.split('"').next().unwrap();
            let root = ["conflict", "forbidden", "gone"].into_iter().find(|root| all.contains_key(&format!("{root}.{reason}")));
            has(&path, format!("{}.{reason}", root.unwrap_or("conflict")));
        }
        for rest in code.split("redirect(").skip(1) {
            if let Some(key) = arguments(rest).pop().filter(|key| is_key(key) && rest.contains(&format!("Some(\"{key}\")"))) {
                has(&path, format!("notice.{key}"));
            }
        }
    }
    assert!(faults.is_empty(), "these have no text: {faults:#?}");
}
