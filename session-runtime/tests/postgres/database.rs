//! What is in the database: the tables, their versions, and nothing that authenticates.

use session_runtime::store::{Commit, NewSession, Opened, PostgresStore, SessionStore, StoreError};
use tokio::task::JoinSet;

use crate::ask::{NOW, commit, id, load, new_session, open, value};
use crate::server::Server;

fn name(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_that_start_at_once_make_the_tables_once() {
    let server = Server::shared();
    let address = server.database();
    let mut starts = JoinSet::new();
    for number in 0..8 {
        let store = PostgresStore::new(&address).unwrap();
        starts.spawn(async move {
            store.prepare().await.unwrap();
            store.create(new_session(id(number))).await.unwrap();
        });
    }
    starts.join_all().await;
    let versions = "SELECT version, works_with FROM session_runtime_schema";
    assert_eq!(server.sql(name(&address), versions), "1|1");
    let sessions = "SELECT count(*) FROM session_runtime_sessions";
    assert_eq!(server.sql(name(&address), sessions), "8");
}

#[tokio::test]
async fn the_first_question_makes_the_tables_too() {
    let server = Server::shared();
    let store = PostgresStore::new(&server.database()).unwrap();
    assert_eq!(store.open(open(id(0))).await, Ok(Opened::Unknown));
}

#[tokio::test]
async fn tables_of_a_newer_version_are_used_only_where_that_says_so() {
    let server = Server::shared();
    let address = server.database();
    PostgresStore::new(&address)
        .unwrap()
        .prepare()
        .await
        .unwrap();
    server.sql(
        name(&address),
        "INSERT INTO session_runtime_schema VALUES (1000, 1)",
    );
    let beside = PostgresStore::new(&address).unwrap();
    assert_eq!(beside.open(open(id(0))).await, Ok(Opened::Unknown));
    server.sql(
        name(&address),
        "INSERT INTO session_runtime_schema VALUES (1001, 1001)",
    );
    let behind = PostgresStore::new(&address).unwrap();
    let error = behind.open(open(id(0))).await.unwrap_err();
    assert!(matches!(error, StoreError::Incompatible { .. }), "{error}");
    assert!(error.to_string().contains("1001"), "{error}");
}

#[tokio::test]
async fn applications_with_a_schema_each_do_not_see_each_others_sessions() {
    let server = Server::shared();
    let address = server.database();
    server.sql(name(&address), "CREATE SCHEMA shop");
    let one = PostgresStore::new(&address).unwrap();
    let other = format!("{address}?options=-c%20search_path%3Dshop");
    let other = PostgresStore::new(&other).unwrap();
    one.create(new_session(id(0))).await.unwrap();
    assert_eq!(other.open(open(id(0))).await, Ok(Opened::Unknown));
    other.create(new_session(id(0))).await.unwrap();
    load(&one, id(0)).await;
}

#[tokio::test]
async fn a_role_that_may_not_make_tables_is_enough_once_they_are_there() {
    let server = Server::shared();
    let address = server.database();
    let database = name(&address);
    server.sql(
        database,
        "DROP ROLE IF EXISTS visitor; CREATE ROLE visitor LOGIN",
    );
    let visitors = address.replace("app@", "visitor@");
    let early = PostgresStore::new(&visitors).unwrap();
    let error = early.prepare().await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Failed { reason } if reason.contains("permission denied")),
        "{error}"
    );
    PostgresStore::new(&address)
        .unwrap()
        .prepare()
        .await
        .unwrap();
    server.sql(
        database,
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO visitor",
    );
    early.create(new_session(id(0))).await.unwrap();
    load(&early, id(0)).await;
    assert_eq!(early.purge(NOW, 10).await, Ok(0));
}

#[tokio::test]
async fn a_database_that_isolates_more_strictly_loses_nothing_either() {
    let server = Server::shared();
    let address = server.database();
    let database = name(&address);
    server.sql(
        database,
        &format!("ALTER DATABASE {database} SET default_transaction_isolation = 'serializable'"),
    );
    let store = std::sync::Arc::new(PostgresStore::new(&address).unwrap());
    store.create(new_session(id(0))).await.unwrap();
    let mut writers = JoinSet::new();
    for number in 0..32 {
        let store = store.clone();
        writers.spawn(async move {
            let set = vec![value(number, 1)];
            store
                .commit(Commit {
                    set,
                    ..commit(id(0))
                })
                .await
                .unwrap();
        });
    }
    writers.join_all().await;
    assert_eq!(load(&store, id(0)).await.values.len(), 32);
}

#[tokio::test]
async fn sessions_are_found_and_purged_by_an_index() {
    let server = Server::shared();
    let address = server.database();
    let database = name(&address);
    PostgresStore::new(&address)
        .unwrap()
        .prepare()
        .await
        .unwrap();
    server.sql(database, "INSERT INTO session_runtime_sessions (sid, secret, data, user_id, created_at, touched_at, expires_at, idle)
        SELECT int8send(n) || int8send(n), int8send(n), '{}', n, 1700000000, 1700000000, 1700000000 + n, 3600 FROM generate_series(1, 20000) n; ANALYZE session_runtime_sessions");
    for (question, index) in [
        (
            "SELECT sid FROM session_runtime_sessions WHERE sid = '\\x00'",
            "session_runtime_sessions_pkey",
        ),
        (
            "SELECT sid FROM session_runtime_sessions WHERE user_id = '7'",
            "session_runtime_sessions_user_id",
        ),
        (
            "SELECT sid FROM session_runtime_sessions WHERE expires_hour <= 1700000000 / 3600 AND expires_at < 1700000000 ORDER BY expires_hour LIMIT 100 FOR UPDATE SKIP LOCKED",
            "session_runtime_sessions_expires_hour",
        ),
    ] {
        let plan = server.sql(database, &format!("EXPLAIN {question}"));
        assert!(plan.contains(index), "{plan}");
    }
}

#[tokio::test]
async fn a_dump_holds_values_and_nothing_that_logs_anybody_in() {
    use session_runtime::prelude::*;
    use session_runtime::testing::TestClient;
    use session_runtime::{SessionConfig, signing::SecretKey};

    #[post("/login")]
    async fn login(session: Session) -> Result<&'static str> {
        session.set("user_id", "a-known-value")?;
        session.renew()?;
        Ok("ok")
    }

    let server = Server::shared();
    let address = server.database();
    let store = PostgresStore::new(&address).unwrap();
    let config = SessionConfig::new(SecretKey::generate()).store(store);
    let client = TestClient::with_config(config, |sessions| routes![login].with_sessions(sessions));
    let mut secrets = Vec::new();
    for _ in 0..2 {
        let response = client.post("/login").await;
        assert_eq!(response.text(), "ok");
        let cookie = response.header("set-cookie").unwrap().to_owned();
        let value = cookie.split(['=', ';']).nth(1).unwrap();
        secrets.push(value.split_once('.').unwrap().1.to_owned());
    }
    assert_ne!(secrets[0], secrets[1]);
    let dump = server.dump(name(&address));
    assert!(dump.contains("a-known-value"));
    for secret in secrets {
        let bytes = decoded(&secret);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!dump.contains(&secret) && !dump.contains(&hex));
    }
}

#[tokio::test]
async fn no_value_is_in_an_error() {
    let server = Server::shared();
    let address = server.database();
    let store = PostgresStore::new(&address).unwrap();
    store.prepare().await.unwrap();
    server.sql(
        name(&address),
        "ALTER TABLE session_runtime_sessions ADD CHECK (data = '{}')",
    );
    let values = vec![value("name", "\"hunter2\"")];
    let session = NewSession {
        values,
        ..new_session(id(0))
    };
    let error = store.create(session).await.unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }));
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

/// URL-safe base64 without padding.
fn decoded(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits = text.chars().map(|letter| LETTERS.find(letter).unwrap());
    let bits: String = bits.map(|number| format!("{number:06b}")).collect();
    let bytes = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| std::str::from_utf8(byte).unwrap());
    bytes
        .map(|byte| u8::from_str_radix(byte, 2).unwrap())
        .collect()
}
