//! The tables, and their versions. Each change of them is a file in migrations/, which is never changed again.

use deadpool::managed::Pool;
use tokio_postgres::{Client, GenericClient, IsolationLevel};

use super::connection::Connections;
use super::failure::Failure;
use super::pool::connected;
use crate::store::StoreError;

/// A step from one version of the tables to the next.
struct Migration {
    version: i32,
    /// The oldest version of this crate's tables whose statements still work after it. An older application goes on beside a
    /// newer one, as long as it is not older than this.
    works_with: i32,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    works_with: 1,
    sql: include_str!("migrations/0001_sessions.sql"),
}];

/// The version that the statements of this crate are made for.
const VERSION: i32 = MIGRATIONS[MIGRATIONS.len() - 1].version;

/// Instances that start at once come one after the other. The second number is the schema's, so that applications in
/// several schemas of one database do not wait for each other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(1936029541, hashtext(current_schema()))";

const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS session_runtime_schema (
    version integer PRIMARY KEY,
    works_with integer NOT NULL,
    migrated_at timestamptz NOT NULL DEFAULT now()
)";

/// What a database says of itself.
struct Found {
    version: i32,
    works_with: i32,
}

/// Makes the tables where they are missing or old, and otherwise only looks.
pub(super) async fn prepare(pool: &Pool<Connections>) -> Result<(), StoreError> {
    let mut connection = connected(pool).await?;
    let client = connection.begin();
    let found = found(client).await?;
    if !is_current(found.as_ref())? {
        migrate(client).await?;
    }
    connection.finish();
    Ok(())
}

async fn migrate(client: &mut Client) -> Result<(), StoreError> {
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::ReadCommitted)
        .start()
        .await
        .map_err(Failure::of)?;
    transaction
        .query_one(LOCK, &[])
        .await
        .map_err(Failure::of)?;
    // Another instance may have been quicker. Whether the table is there by now only making it tells: what is asked for
    // by name alone is answered from what this connection remembers.
    transaction
        .batch_execute(VERSIONS)
        .await
        .map_err(Failure::of)?;
    let found = latest(&transaction).await?;
    if is_current(found.as_ref())? {
        return Ok(());
    }
    let version = found.map_or(0, |found| found.version);
    for migration in MIGRATIONS.iter().filter(|next| next.version > version) {
        transaction
            .batch_execute(migration.sql)
            .await
            .map_err(Failure::of)?;
        transaction
            .execute(
                "INSERT INTO session_runtime_schema (version, works_with) VALUES ($1, $2)",
                &[&migration.version, &migration.works_with],
            )
            .await
            .map_err(Failure::of)?;
    }
    transaction.commit().await.map_err(Failure::of)?;
    tracing::info!(name: "session.store_migrated", version = VERSION, "the session store has made its tables");
    Ok(())
}

async fn found(client: &impl GenericClient) -> Result<Option<Found>, Failure> {
    let exists = "SELECT to_regclass('session_runtime_schema') IS NOT NULL";
    let exists: bool = client
        .query_one(exists, &[])
        .await
        .and_then(|row| row.try_get(0))
        .map_err(Failure::of)?;
    if !exists {
        return Ok(None);
    }
    latest(client).await
}

async fn latest(client: &impl GenericClient) -> Result<Option<Found>, Failure> {
    let latest =
        "SELECT version, works_with FROM session_runtime_schema ORDER BY version DESC LIMIT 1";
    let row = client.query_opt(latest, &[]).await.map_err(Failure::of)?;
    let found = row.map(|row| {
        Ok(Found {
            version: row.try_get(0)?,
            works_with: row.try_get(1)?,
        })
    });
    found.transpose().map_err(Failure::of)
}

/// Whether the tables are there, and new enough.
///
/// # Errors
///
/// They are too new.
fn is_current(found: Option<&Found>) -> Result<bool, StoreError> {
    let Some(found) = found else { return Ok(false) };
    if found.works_with > VERSION {
        let Found {
            version,
            works_with,
        } = found;
        return Err(StoreError::Incompatible {
            reason: format!(
                "its tables are of version {version}, which works with applications of version {works_with} and newer, and this one is of version {VERSION}; run the newer application, or give this one another schema"
            ),
        });
    }
    Ok(found.version >= VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_from_one_on() {
        let numbers: Vec<_> = MIGRATIONS.iter().map(|next| next.version).collect();
        assert_eq!(numbers, (1..=VERSION).collect::<Vec<_>>());
        assert!(
            MIGRATIONS
                .iter()
                .all(|next| next.works_with <= next.version)
        );
    }

    #[test]
    fn newer_tables_are_used_only_where_they_say_that_they_may_be() {
        let found = |version, works_with| Found {
            version,
            works_with,
        };
        assert_eq!(is_current(None), Ok(false));
        assert_eq!(is_current(Some(&found(VERSION, 1))), Ok(true));
        assert_eq!(is_current(Some(&found(VERSION + 1, VERSION))), Ok(true));
        let error = is_current(Some(&found(VERSION + 2, VERSION + 1))).unwrap_err();
        assert!(matches!(error, StoreError::Incompatible { .. }), "{error}");
    }
}
