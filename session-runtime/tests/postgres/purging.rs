//! Of several instances on one database one removes what has expired.

use std::time::Duration;

use session_runtime::StoredSessions;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::store::PostgresStore;
use session_runtime::testing::TestClient;
use tokio_postgres::NoTls;

use crate::server::Server;

#[put("/theme")]
async fn set_theme(session: Session) -> Result<()> {
    session.set("theme", "dark")
}

fn instance(address: &str) -> (TestClient, StoredSessions) {
    let store = PostgresStore::new(address).unwrap();
    let config = SessionConfig::new(SecretKey::generate()).store(store);
    let mut stored = None;
    let client = TestClient::with_config(config, |sessions| {
        stored = sessions.stored_sessions();
        routes![set_theme].with_sessions(sessions)
    });
    (client, stored.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_one_instance_purges_another_does_not_and_does_not_wait() {
    let server = Server::shared();
    let address = server.database();
    let database = address.rsplit('/').next().unwrap();
    let rows = || {
        let count = "SELECT count(*) FROM session_runtime_sessions";
        server.sql(database, count)
    };
    let (one, _) = instance(&address);
    let (other, stored) = instance(&address);
    for _ in 0..3 {
        one.another().put("/theme").await;
    }
    // As an instance has it that purges.
    let (purging, connection) = tokio_postgres::connect(&address, NoTls).await.unwrap();
    tokio::spawn(connection);
    let turn = "BEGIN; SELECT pg_advisory_xact_lock(1936029541, 'session_runtime_sessions'::regclass::oid::int)";
    purging.batch_execute(turn).await.unwrap();

    other.clock().advance(Duration::from_secs(25 * 3600));
    assert_eq!(stored.purge(100).await, Ok(0));
    // Its first request begins a purge, which finds that it is not its turn.
    assert_eq!(other.put("/theme").await.status(), 200);
    assert_eq!(rows(), "4");

    purging.batch_execute("COMMIT").await.unwrap();
    other.clock().advance(Duration::from_secs(300));
    other
        .set_session(serde_json::json!({ "theme": "light" }))
        .await;
    for _ in 0..3_000 {
        if rows() == "1" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(rows(), "1");
    assert_eq!(other.session().await["theme"], "light");
}
