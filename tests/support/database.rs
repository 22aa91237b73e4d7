//! A store of a test's own, gone when the test is.

use sqlx::any::AnyPoolOptions;
use tempfile::TempDir;

/// A fresh database and a folder beside it.
pub struct Database {
    /// Its address.
    pub url: String,
    /// Folder for index and key.
    pub folder: TempDir,
}

impl Database {
    /// Makes one: SQLite, or PostgreSQL when `LIANJIE_TEST_DATABASE` names a server.
    pub async fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match std::env::var("LIANJIE_TEST_DATABASE") {
            Ok(server) if !server.is_empty() => on_server(&server).await,
            _ => format!("sqlite://{}", folder.path().join("lianjie.db").display()),
        };
        Self { url, folder }
    }
}

async fn on_server(server: &str) -> String {
    sqlx::any::install_default_drivers();
    let pool = AnyPoolOptions::new().max_connections(1).connect(server).await.expect("LIANJIE_TEST_DATABASE answers");
    let name = format!("lianjie_{}", uuid::Builder::from_random_bytes(rand::random()).into_uuid().simple());
    let statement = format!("CREATE DATABASE {name}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
    pool.close().await;
    let (base, _) = server.rsplit_once('/').expect("the address names a database");
    format!("{base}/{name}")
}
