//! What all targets share: a product with its reference data, an empty directory, and an index in memory.

pub mod thrown;

use std::sync::{Arc, OnceLock};

use lianjie::app::App;
use lianjie::boot::{self, Indexed};
use lianjie::clock::Fixed;
use lianjie::config::{Config, Settings};
use lianjie::secret::Keyring;
use lianjie::store::Store;
use tokio::runtime::Runtime;

/// A product, made once for a process, and what runs its deeds.
pub fn product() -> &'static (Runtime, App) {
    static PRODUCT: OnceLock<(Runtime, App)> = OnceLock::new();
    PRODUCT.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        let app = runtime.block_on(async {
            let folder = tempfile::tempdir().expect("there is room for a folder").keep();
            let database = format!("sqlite://{}", folder.join("lianjie.db").display());
            let config = Config { database, data: folder, ..Settings::default().settle() };
            let clock = Arc::new(Fixed::at("2026-11-25T01:00:00Z".parse().expect("an instant")));
            let store = Store::create(&config.database).await.expect("a store is made");
            boot::load_reference(&store, &*clock, false).await.expect("reference data loads");
            boot::put_together(store, config, clock, Keyring::from_root(&[7; 32]), Indexed::Memory).await.expect("it starts")
        });
        (runtime, app)
    })
}
