//! What fuzzing found worth keeping is read without a panic: `fuzz/corpus`, an archive a target (`fuzz/README.md`).

use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;

use crate::support::TestApp;

#[path = "../fuzz/src/thrown.rs"]
mod thrown;

/// The inputs of a target.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fuzz/corpus/{target}.zip"));
    let mut archive = ZipArchive::new(File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))).unwrap();
    let many = archive.len();
    assert!(many > 50, "{target} has {many} inputs");
    let read = |number| {
        let mut bytes = Vec::new();
        archive.by_index(number).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    (0..many).map(read).collect()
}

#[tokio::test]
async fn addresses_and_words_of_the_corpus_are_answered() {
    let test = TestApp::start().await;
    for bytes in corpus("query") {
        if let Ok(text) = std::str::from_utf8(&bytes) {
            thrown::query(&test.app, text).await;
        }
    }
}

#[tokio::test]
async fn packages_of_the_corpus_are_reported() {
    let test = TestApp::start().await;
    corpus("hsds").iter().for_each(|bytes| thrown::hsds(&test.app, bytes));
}

#[tokio::test]
async fn lists_of_the_corpus_are_reported() {
    let test = TestApp::start().await;
    corpus("sheet").iter().for_each(|bytes| thrown::sheet(&test.app, bytes));
}
