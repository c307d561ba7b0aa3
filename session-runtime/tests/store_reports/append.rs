//! Two quick requests that change one value.

use std::sync::Arc;

use axum::extract::State;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::store::MemoryStore;
use session_runtime::testing::TestClient;
use tokio::sync::Notify;

#[post("/log")]
async fn log(#[session(default)] log: &mut Vec<u32>) -> String {
    // Long enough for another request to come in between, if it could.
    tokio::task::yield_now().await;
    log.push(1);
    log.len().to_string()
}

#[put("/log")]
async fn replace(#[session(set)] log: Slot<Vec<u32>>) -> Result<()> {
    log.set(vec![7])
}

/// Appends, but only when it is told to go on.
#[post("/slow-log")]
async fn slow_log(#[session(default)] log: &mut Vec<u32>, State(pause): State<Arc<Pause>>) {
    pause.opened.notify_one();
    pause.go_on.notified().await;
    log.push(1);
}

#[derive(Default)]
struct Pause {
    opened: Notify,
    go_on: Notify,
}

fn site() -> (TestClient, Arc<Pause>) {
    let pause = Arc::new(Pause::default());
    let config = SessionConfig::new(SecretKey::generate()).store(MemoryStore::new());
    let client = TestClient::with_config(config, |sessions| {
        routes![log, replace, slow_log]
            .with_sessions(sessions)
            .with_state(pause.clone())
    });
    (client, pause)
}

/// pallets-eco/flask-session #71 and #149: of two quick requests that appended to one list one was lost.
#[tokio::test]
async fn of_200_parallel_appends_none_is_lost() {
    let (client, _) = site();
    client
        .set_session(serde_json::json!({ "theme": "dark" }))
        .await;
    let running: Vec<_> = (0..200)
        .map(|_| tokio::spawn(client.post("/log").into_future()))
        .collect();
    for request in running {
        assert_eq!(request.await.unwrap().status(), 200);
    }
    assert_eq!(client.post("/log").await.text(), "201");
}

#[tokio::test]
async fn an_append_that_another_request_contradicts_is_told_so_and_overwrites_nothing() {
    let (client, pause) = site();
    client.post("/log").await;
    let slow = tokio::spawn(client.post("/slow-log").into_future());
    pause.opened.notified().await;
    assert_eq!(client.put("/log").await.status(), 200, "it needs no lease");
    pause.go_on.notify_one();
    assert_eq!(slow.await.unwrap().status(), 409);
    assert_eq!(client.session().await["log"], serde_json::json!([7]));
}
