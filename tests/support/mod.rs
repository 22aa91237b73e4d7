//! A running product for a test: a store of its own, an index in memory, a clock that stands still.
//!
//! Runs on SQLite in a temporary folder; with `LIANJIE_TEST_DATABASE=postgres://…` on a fresh database of that server.

pub mod browser;
pub mod cases;
mod database;
pub mod directory;
pub mod post;
pub mod referrals;

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::SignedDuration;
use lianjie::access::{Actor, Role, Scope};
use lianjie::account::{self, NewAccount};
use lianjie::app::App;
use lianjie::boot::{self, Indexed};
use lianjie::clock::Fixed;
use lianjie::config::{Config, Settings};
use lianjie::id::{AccountId, OrganizationId};
use lianjie::secret::{Hidden, Keyring};
use lianjie::server;
use lianjie::store::Store;

pub use browser::{Browser, Page};
pub use database::Database;

/// The password of every account made in a test.
pub const PASSWORD: &str = "长江边上的白猫正在晒太阳呢";

/// A running product.
pub struct TestApp {
    /// The product itself, for looking behind the pages.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: Arc<Fixed>,
    /// Where it listens.
    pub address: SocketAddr,
    _database: Database,
}

impl TestApp {
    /// Starts one on a Wednesday morning in November.
    pub async fn start() -> Self {
        Self::start_at("2026-11-25T09:00:00+08:00").await
    }

    /// Starts one that is configured otherwise.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_all("2026-11-25T09:00:00+08:00", change).await
    }

    /// Starts one at an instant.
    pub async fn start_at(now: &str) -> Self {
        Self::start_all(now, |_| {}).await
    }

    async fn start_all(now: &str, change: impl FnOnce(&mut Config)) -> Self {
        let clock = Arc::new(Fixed::at(now.parse().unwrap()));
        let database = Database::fresh().await;
        let mut config = Config { database: database.url.clone(), data: database.folder.path().into(), ..Settings::default().settle() };
        change(&mut config);
        let store = Store::create(&config.database).await.unwrap();
        boot::load_reference(&store, &*clock, false).await.unwrap();
        let app = boot::put_together(store, config, clock.clone(), Keyring::from_root(&[7; 32]), Indexed::Memory).await.unwrap();
        let app = Arc::new(app);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(server::serve(Arc::clone(&app), listener));
        Self { app, clock, address, _database: database }
    }

    /// Lets time pass.
    pub fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    /// Brings the search index up to what was stored.
    pub async fn indexed(&self) {
        lianjie::search::catch_up(&self.app).await.unwrap();
    }

    /// Makes an account with one grant.
    pub async fn account(&self, login: &str, organization: Option<&OrganizationId>, role: Role, scope: Scope) -> AccountId {
        let new = NewAccount {
            login: login.into(),
            name: format!("测试·{login}"),
            organization: organization.cloned(),
            password: Hidden::new(PASSWORD),
            must_change: false,
            grants: vec![(role, scope)],
        };
        account::create(&self.app, &Actor::system(), new).await.unwrap()
    }

    /// A browser without a session.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A browser signed in as somebody.
    pub async fn signed_in(&self, login: &str) -> Browser {
        let browser = self.visitor();
        let page = browser.post("/login", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 303, "{login} could not log in: {}", page.text);
        browser
    }
}
