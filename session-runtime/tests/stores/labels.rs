//! What a session is called in the list of its user's sessions.

use axum::extract::Path;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;
use session_runtime::{SessionConfig, StoredSessions};

use super::observed::Observed;

#[post("/login/{label}")]
async fn login(session: Session, Path(label): Path<String>) -> Result<()> {
    session.set("user_id", 7)?;
    session.set_label(&label)
}

#[put("/label/{label}")]
async fn relabel(session: Session, Path(label): Path<String>) -> Result<()> {
    session.set_label(&label)
}

#[delete("/label")]
async fn unlabel(session: Session) -> Result<()> {
    session.set_label("")
}

/// Changes something else too, and goes on where the label is refused.
#[put("/long-label/{length}")]
async fn long_label(session: Session, Path(length): Path<usize>) -> Result<String> {
    session.set("theme", "dark")?;
    Ok(match session.set_label(&"ä".repeat(length)) {
        Ok(()) => "ok".to_owned(),
        Err(error) => error.to_string(),
    })
}

#[get("/label")]
async fn label(session: Session) -> String {
    session.label().unwrap_or_default()
}

/// As a page that sets what it is called each time it is looked at.
#[get("/page/{label}")]
async fn page(session: Session, Path(label): Path<String>) -> Result<String> {
    session.set_label(&label)?;
    Ok(session.label().unwrap_or_default())
}

#[post("/renew")]
#[session(renew)]
async fn renew() {}

#[post("/begin-anew")]
async fn begin_anew(session: Session) -> Result<()> {
    session.clear()?;
    session.set("user_id", 7)
}

fn site(config: SessionConfig) -> (TestClient, Option<StoredSessions>) {
    let mut stored = None;
    let client = TestClient::with_config(config, |sessions| {
        stored = sessions.stored_sessions();
        routes![
            login, relabel, unlabel, long_label, label, page, renew, begin_anew
        ]
        .with_sessions(sessions)
    });
    (client, stored)
}

fn site_with_store() -> (TestClient, StoredSessions, Observed) {
    let store = Observed::default();
    let config = SessionConfig::new(SecretKey::generate()).store(store.clone());
    let (client, stored) = site(config);
    (client, stored.unwrap(), store)
}

/// The labels of the user's sessions, the oldest first.
async fn labels(stored: &StoredSessions) -> Vec<Option<String>> {
    let records = stored.of_user(&7).await.unwrap();
    records.into_iter().map(|record| record.label).collect()
}

#[tokio::test]
async fn a_label_is_in_the_list_of_the_users_sessions() {
    let (client, stored, _) = site_with_store();
    let phone = client.another();
    client.post("/login/Firefox%20on%20Linux").await;
    phone.post("/login/a%20phone").await;
    let mut listed = labels(&stored).await;
    listed.sort();
    let right = ["Firefox on Linux", "a phone"].map(|label| Some(label.to_owned()));
    assert_eq!(listed, right);
    assert_eq!(phone.get("/label").await.text(), "a phone");
}

#[tokio::test]
async fn a_label_is_kept_when_the_session_is_renewed_and_goes_when_it_is_cleared() {
    let (client, stored, _) = site_with_store();
    client.post("/login/Firefox%20on%20Linux").await;
    client.post("/renew").await;
    assert_eq!(labels(&stored).await, [Some("Firefox on Linux".to_owned())]);
    client.post("/begin-anew").await;
    assert_eq!(labels(&stored).await, [None]);
}

#[tokio::test]
async fn a_label_can_be_changed_and_removed() {
    let (client, stored, _) = site_with_store();
    client.post("/login/Firefox%20on%20Linux").await;
    client.put("/label/a%20laptop").await;
    assert_eq!(labels(&stored).await, [Some("a laptop".to_owned())]);
    client.delete("/label").await;
    assert_eq!(labels(&stored).await, [None]);
    assert_eq!(client.get("/label").await.text(), "");
}

#[tokio::test]
async fn a_label_travels_with_the_commit_and_the_same_again_is_no_change() {
    let (client, _, store) = site_with_store();
    client.post("/login/a%20phone").await;
    // The client asks too: it shows what was stored.
    store.questions();
    client.put("/label/a%20laptop").await;
    assert_eq!(store.questions(), 2, "to open it and to commit");
    client.put("/label/a%20laptop").await;
    assert_eq!(store.questions(), 1, "to open it");
    // Nor is it a reason to refuse a page that is fetched ahead of time, as a change is.
    let ahead = |path| client.get(path).header("sec-purpose", "prefetch");
    assert_eq!(ahead("/page/a%20laptop").await.status(), 200);
    assert_eq!(ahead("/page/a%20phone").await.status(), 503);
}

#[tokio::test]
async fn a_label_that_is_too_long_is_refused_and_the_rest_is_saved() {
    let (client, stored, _) = site_with_store();
    client.post("/login/a%20phone").await;
    let refused = client.put("/long-label/201").await.text();
    assert!(refused.contains("has 201 characters, and 200"), "{refused}");
    assert_eq!(labels(&stored).await, [Some("a phone".to_owned())]);
    assert_eq!(client.session().await["theme"], "dark");
    assert_eq!(client.put("/long-label/200").await.text(), "ok");
    assert_eq!(labels(&stored).await, [Some("ä".repeat(200))]);
}

#[tokio::test]
async fn a_label_alone_makes_no_session() {
    let (client, _, store) = site_with_store();
    let response = client.put("/label/a%20phone").await;
    assert_eq!(response.status(), 200);
    assert!(response.set_cookie().is_empty());
    assert_eq!(store.questions(), 0);
}

#[tokio::test]
async fn in_a_cookie_session_a_label_does_nothing() {
    let (client, stored) = site(SessionConfig::new(SecretKey::generate()));
    assert!(stored.is_none());
    assert_eq!(client.post("/login/a%20phone").await.status(), 200);
    assert_eq!(client.session().await, serde_json::json!({ "user_id": 7 }));
    assert_eq!(client.get("/page/a%20laptop").await.text(), "");
    let unchanged = client.put("/label/a%20laptop").await;
    assert_eq!(unchanged.status(), 200);
    assert!(unchanged.set_cookie().is_empty());
}
