//! An address of the search page, and the words in it: read, understood, searched.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lianjie::locale::Locale;
use lianjie::search;
use lianjie_index::Language;

fuzz_target!(|text: &str| {
    let (runtime, app) = lianjie_fuzz::product();
    if let Ok(params) = serde_html_form::from_str::<search::Params>(text) {
        let actor = lianjie::access::Actor::visitor();
        runtime.block_on(search::search(app, &actor, &params, Language::Zh, false)).expect("any address is answered");
    }
    runtime.block_on(search::search_text(app, text, None, 10, Locale::Zh)).expect("any words are answered");
});
