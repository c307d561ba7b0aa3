//! Which store an address names, set up as its own documentation shows it. It knows no route.

use tower_sessions::MemoryStore;
use tower_sessions_redis_store::RedisStore;
use tower_sessions_redis_store::fred::prelude::{ClientLike as _, Config, Pool};
use tower_sessions_sqlx_store::sqlx::postgres::PgPoolOptions;
use tower_sessions_sqlx_store::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use tower_sessions_sqlx_store::{PostgresStore, SqliteStore};

use crate::serve::serve;
use crate::{Error, router};

/// As many as this project's store for PostgreSQL uses; sqlx's default is 10.
const CONNECTIONS: u32 = 16;

/// As in the example of the store for Redis.
const REDIS_CONNECTIONS: usize = 6;

pub(crate) async fn serve_from(address: &str) -> Result<(), Error> {
    let router = match address.split_once(':').map_or(address, |(kind, _)| kind) {
        "memory" => router(MemoryStore::default()),
        "sqlite" => {
            // The same durability as this project's store has: sqlx alone would use no write-ahead log, and wait for the disk.
            let options: SqliteConnectOptions = address.parse()?;
            let options = options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal);
            let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
            let store = SqliteStore::new(pool.connect_with(options).await?);
            store.migrate().await?;
            router(store)
        }
        "redis" => {
            let pool = Pool::new(
                Config::from_url(address)?,
                None,
                None,
                None,
                REDIS_CONNECTIONS,
            )?;
            pool.connect();
            pool.wait_for_connect().await?;
            router(RedisStore::new(pool))
        }
        "postgres" => {
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS);
            let store = PostgresStore::new(pool.connect(address).await?);
            store.migrate().await?;
            router(store)
        }
        kind => {
            return Err(format!(
                "there is no store `{kind}`; there is memory, sqlite, redis and postgres"
            )
            .into());
        }
    };
    Ok(serve(router).await?)
}
