//! What a lease asks of a store: nothing more than a look and a commit, or a look and the way back.

use session_runtime::SessionConfig;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;

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

#[tokio::test]
async fn a_lease_is_given_back_once_with_the_commit_or_without_one() {
    let store = Observed::default();
    let config = SessionConfig::new(SecretKey::generate()).store(store.clone());
    let client = TestClient::with_config(config, |sessions| {
        routes![add, contradict].with_sessions(sessions)
    });
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
