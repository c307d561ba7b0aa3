//! The layer removes what has expired from the file.

use std::time::Duration;

use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;

use crate::Folder;

#[put("/theme")]
async fn set_theme(session: Session) -> Result<()> {
    session.set("theme", "dark")
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_sessions_are_removed_from_the_file_beside_the_requests() {
    let folder = Folder::new();
    let config = SessionConfig::new(SecretKey::generate()).store(folder.store());
    let client = TestClient::with_config(config, |sessions| {
        routes![set_theme].with_sessions(sessions)
    });
    let file = rusqlite::Connection::open(folder.file()).unwrap();
    let rows = |table: &str| -> u32 {
        let count = format!("SELECT count(*) FROM {table}");
        file.query_row(&count, [], |row| row.get(0)).unwrap()
    };
    for _ in 0..3 {
        client.another().put("/theme").await;
    }
    assert_eq!((rows("session"), rows("value")), (3, 3));
    client.clock().advance(Duration::from_secs(25 * 3600));
    client.put("/theme").await;
    // For as long as a test may take that has failed.
    for _ in 0..3_000 {
        if rows("session") == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!((rows("session"), rows("value")), (1, 1));
    assert_eq!(client.session().await["theme"], "dark");
}
