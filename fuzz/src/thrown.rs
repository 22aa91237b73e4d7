//! What each target does with what is thrown at it. The tests throw the corpora the same way.

use lianjie::app::App;
use lianjie::exchange::hsds::import::{self, Options};
use lianjie::exchange::sheet::{self, Kind};
use lianjie::locale::Locale;
use lianjie::search;
use lianjie_index::Language;

/// An address of the search page, and the words in it: read, understood, searched.
pub async fn query(app: &App, text: &str) {
    if let Ok(params) = lianjie::api::read_query::<search::Params>(text) {
        let actor = lianjie::access::Actor::visitor();
        search::search(app, &actor, &params, Language::Zh, false).await.expect("any address is answered");
    }
    search::search_text(app, text, None, 10, Locale::Zh).await.expect("any words are answered");
}

/// A package of HSDS as a zip or JSON: whatever is in it, no row is told of twice, and none that is not there.
pub fn hsds(app: &App, bytes: &[u8]) {
    let options = Options { source: "fuzz".into(), dry_run: true, ..Options::default() };
    if let Ok(report) = import::examine(app, bytes.to_vec(), &options) {
        let _ = report.text(Locale::Zh);
        for (table, counted) in &report.tables {
            assert!(counted.held_back + counted.not_kept <= counted.read, "{table}: a row is told of twice");
        }
    }
}

/// A list as a file of any kind: the first byte says what it lists, the rest is the file.
pub fn sheet(app: &App, bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let kind = [Kind::Organizations, Kind::Services, Kind::Children][usize::from(first % 3)];
    if let Ok(report) = sheet::read(app, kind, "list.csv", bytes, Locale::Zh) {
        let _ = report.text(Locale::Zh);
    }
}
