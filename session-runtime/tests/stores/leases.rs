//! What a lease asks of a store: nothing more than a look and a commit, or a look and the way back.

use std::time::Duration;

use session_runtime::SessionConfig;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;
use tokio::time::timeout;

use super::observed::Observed;

#[post("/add/{number}")]
async fn add(
    #[session(default)] sum: &mut u32,
    axum::extract::Path(number): axum::extract::Path<u32>,
) -> String {
    *sum += number;
    sum.to_string()
}

/// Changes what it has as `&mut` by another way too, which is refused.
#[post("/contradict")]
async fn contradict(session: Session, #[session(default)] sum: &mut u32) -> Result<()> {
    *sum += 1;
    session.set("sum", 7)
}

fn site(store: &Observed) -> TestClient {
    let config = SessionConfig::new(SecretKey::generate()).store(store.clone());
    TestClient::with_config(config, |sessions| {
        routes![add, contradict].with_sessions(sessions)
    })
}

/// As where the visitor clicks twice: the browser hangs up, and asks again.
#[tokio::test(start_paused = true)]
async fn a_lease_whose_request_hung_up_before_it_was_told_of_it_is_given_back() {
    let store = Observed::default();
    let client = site(&store);
    client.post("/add/1").await;
    store.keep_openings_to_yourself(true);
    let hung_up = timeout(
        Duration::from_millis(1),
        client.post("/add/2").into_future(),
    );
    assert!(hung_up.await.is_err());
    store.keep_openings_to_yourself(false);
    assert_eq!(client.post("/add/4").await.text(), "5");
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_the_store_gave_too_late_is_given_back() {
    let store = Observed::default();
    let client = site(&store);
    client.post("/add/1").await;
    store.keep_openings_to_yourself(true);
    assert_eq!(client.post("/add/2").await.status(), 503);
    store.keep_openings_to_yourself(false);
    assert_eq!(client.post("/add/4").await.text(), "5");
}

#[tokio::test]
async fn a_lease_is_given_back_once_with_the_commit_or_without_one() {
    let store = Observed::default();
    let client = site(&store);
    client.post("/add/1").await;
    for (path, status, why) in [
        ("/add/2", 200, "to open and to commit"),
        ("/add/0", 200, "to open and to give the lease back"),
        ("/contradict", 409, "to open and to give the lease back"),
        ("/add/4", 200, "to open and to commit"),
    ] {
        store.questions();
        assert_eq!(client.post(path).await.status(), status, "{path}");
        assert_eq!(store.questions(), 2, "{path}: {why}");
    }
    assert_eq!(client.session().await["sum"], 7);
}
