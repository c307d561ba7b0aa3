//! The layer removes what has expired from its store, and no request notices.

use std::time::Duration;

use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;
use tokio::time::{Instant, sleep};

use super::observed::{Observed, Purges};
use crate::log::Log;

const INTERVAL: Duration = Duration::from_secs(300);

/// Longer than any purge takes, on a clock that runs ahead while nothing else happens.
const LATER: Duration = Duration::from_secs(3600);

#[put("/theme/{theme}")]
async fn set_theme(
    session: Session,
    axum::extract::Path(theme): axum::extract::Path<String>,
) -> Result<()> {
    session.set("theme", theme)
}

fn config(store: &Observed) -> SessionConfig {
    SessionConfig::new(SecretKey::generate()).store(store.clone())
}

fn site(config: SessionConfig) -> TestClient {
    TestClient::with_config(config, |sessions| {
        routes![set_theme].with_sessions(sessions)
    })
}

/// A request at the store, and time for what it leaves behind.
async fn commit(client: &TestClient, theme: &str) {
    let began = Instant::now();
    let answer = client.put(format!("/theme/{theme}")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(began.elapsed(), Duration::ZERO, "it has waited");
    sleep(LATER).await;
}

#[tokio::test(start_paused = true)]
async fn expired_sessions_are_removed_after_a_commit_in_bounded_batches() {
    let store = Observed::with_expired(1_200, 1_700_000_000).await;
    let client = site(config(&store));
    client.clock().set(1_700_000_000);
    commit(&client, "dark").await;
    assert_eq!(store.purged(), [(500, 500), (500, 500), (500, 200)]);
    assert_eq!(client.session().await["theme"], "dark");
}

#[tokio::test(start_paused = true)]
async fn a_store_is_purged_once_an_interval() {
    let store = Observed::default();
    let client = site(config(&store));
    commit(&client, "a").await;
    assert_eq!(store.purged().len(), 1);
    client.clock().advance(INTERVAL - Duration::from_secs(1));
    commit(&client, "b").await;
    assert_eq!(store.purged().len(), 0);
    client.clock().advance(Duration::from_secs(1));
    commit(&client, "c").await;
    assert_eq!(store.purged().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_store_is_purged_where_the_interval_is_none() {
    let store = Observed::with_expired(1, 1_700_000_000).await;
    let client = site(config(&store).purge_interval(None));
    commit(&client, "dark").await;
    assert_eq!(store.purged(), []);
}

#[tokio::test(start_paused = true)]
async fn a_purge_that_fails_hurts_no_request_is_logged_and_tried_again() {
    let log = Log::new();
    let store = Observed::default();
    let client = site(config(&store));
    for (how, logged) in [
        (Purges::Fails, "the disk is full"),
        (Purges::NeverAnswers, "did not answer within 10 s"),
    ] {
        store.purges(how);
        commit(&client, "a").await;
        commit(&client, "b").await;
        assert_eq!(store.purged().len(), 1, "{logged}");
        assert!(log.text().contains(logged), "{}", log.text());
        client.clock().advance(INTERVAL);
    }
    store.purges(Purges::Well);
    commit(&client, "c").await;
    assert_eq!(store.purged().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_purge_that_never_comes_to_an_end_is_ended() {
    let store = Observed::default();
    store.purges(Purges::FindsMoreAndMore);
    let client = site(config(&store));
    commit(&client, "dark").await;
    assert_eq!(store.purged().len(), 1_000);
    sleep(LATER).await;
    assert_eq!(store.purged().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_purge_ends_with_its_layer() {
    let store = Observed::default();
    store.purges(Purges::FindsMoreAndMore);
    let client = site(config(&store));
    client.put("/theme/dark").await;
    sleep(Duration::from_millis(100)).await;
    assert!(!store.purged().is_empty());
    drop(client);
    sleep(LATER).await;
    assert!(store.purged().len() < 100);
    assert!(store.is_ours_alone());
}
