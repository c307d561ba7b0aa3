//! What goes on after the response's head: a handle on the session that knows when it is over, and changes it by itself.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::{Extension, Router};
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;
use session_runtime::{SessionError, SessionHandle};

use site::{in_cookie, keys, login, logout, renew, set, sign_out, stored};

/// The handle of the last stream that was opened, as a task or a socket keeps it.
type Kept = Arc<Mutex<Option<SessionHandle>>>;

#[get("/events")]
async fn events(session: SessionHandle, Extension(kept): Extension<Kept>) {
    *kept.lock().unwrap() = Some(session);
}

#[get("/guarded")]
#[login_required(redirect = "/login")]
async fn guarded(session: SessionHandle, Extension(kept): Extension<Kept>) {
    *kept.lock().unwrap() = Some(session);
}

/// Logs in and keeps a handle, in one response.
#[post("/login-and-events")]
async fn login_and_events(
    session: Session,
    handle: SessionHandle,
    Extension(kept): Extension<Kept>,
) -> Result<String> {
    session.set("user_id", 1)?;
    let is_alive = handle.revalidate().await?;
    *kept.lock().unwrap() = Some(handle);
    Ok(is_alive.to_string())
}

struct Site {
    client: TestClient,
    kept: Kept,
}

impl Site {
    fn new(config: SessionConfig) -> Self {
        let kept = Kept::default();
        let client = TestClient::with_config(config, |sessions| -> Router {
            routes![login, logout, sign_out, renew, set, keys, events, guarded]
                .with_sessions(sessions)
                .layer(Extension(kept.clone()))
        });
        Self { client, kept }
    }

    async fn handle(&self, path: &str) -> SessionHandle {
        self.client.get(path).await;
        self.kept.lock().unwrap().take().unwrap()
    }
}

/// Whether the session is over within the time that is promised.
async fn ends(handle: &SessionHandle) -> bool {
    tokio::time::timeout(Duration::from_secs(4), handle.ended())
        .await
        .is_ok()
}

/// spring-projects/spring-session #44, spring-projects/spring-security #3293: sockets stayed open after the logout.
#[tokio::test(start_paused = true)]
async fn a_stream_does_not_outlive_a_logout() {
    for way_out in ["/logout", "/sign-out"] {
        let site = Site::new(stored());
        site.client.put("/key/theme/dark").await;
        site.client.get("/login/1").await;
        let handle = site.handle("/guarded").await;
        assert!(!ends(&handle).await);
        let waiting = tokio::spawn({
            let handle = handle.clone();
            async move { handle.ended().await }
        });
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert!(!waiting.is_finished());
        site.client.post(way_out).await;
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!(waiting.is_finished(), "{way_out}");
        assert_eq!(handle.revalidate().await, Ok(false));
        assert_eq!(
            handle.set("late", 1).await,
            Err(SessionError::Superseded),
            "it brings nothing back"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_when_somebody_else_logs_in() {
    let site = Site::new(stored());
    site.client.get("/login/1").await;
    let handle = site.handle("/events").await;
    site.client.get("/login/2").await;
    assert!(ends(&handle).await);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_does_not_end_a_stream_while_the_user_stays() {
    let site = Site::new(stored());
    site.client.get("/login/1").await;
    let handle = site.handle("/events").await;
    site.client.post("/renew").await;
    assert_eq!(handle.set("during", 1).await, Ok(()));
    assert!(!ends(&handle).await);
    // The secret that the request brought is worth nothing by then.
    site.client.clock().advance(Duration::from_secs(60));
    assert!(!ends(&handle).await);
    assert_eq!(handle.set("after", 1).await, Ok(()));
    assert_eq!(
        site.client.get("/keys").await.text(),
        "after during user_id"
    );
    site.client.post("/logout").await;
    assert!(ends(&handle).await);
}

#[tokio::test(start_paused = true)]
async fn an_open_stream_keeps_no_idle_session_alive() {
    let hour = Duration::from_secs(3600);
    let site = Site::new(stored().browser_lifetime(hour));
    site.client.get("/login/1").await;
    let handle = site.handle("/events").await;
    for _ in 0..6 {
        assert!(!ends(&handle).await);
        assert_eq!(handle.set("heard", 1).await, Ok(()));
        site.client.clock().advance(hour / 6);
    }
    assert!(!ends(&handle).await, "the last second counts");
    site.client.clock().advance(Duration::from_secs(1));
    assert!(ends(&handle).await);
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_with_the_absolute_lifetime() {
    let hour = Duration::from_secs(3600);
    let site = Site::new(stored().absolute_lifetime(hour));
    site.client.get("/login/1").await;
    let handle = site.handle("/events").await;
    site.client.clock().advance(hour);
    site.client.get("/keys").await;
    assert!(!ends(&handle).await);
    site.client.clock().advance(Duration::from_secs(1));
    assert!(ends(&handle).await);
}

#[tokio::test(start_paused = true)]
async fn a_handle_follows_the_session_that_its_own_response_makes() {
    for known in [false, true] {
        let kept = Kept::default();
        let client = TestClient::with_config(stored(), |sessions| -> Router {
            routes![login_and_events, set, keys, logout]
                .with_sessions(sessions)
                .layer(Extension(kept.clone()))
        });
        if known {
            client.put("/key/theme/dark").await;
        }
        let answer = client.post("/login-and-events").await;
        assert_eq!(answer.text(), "true", "as far as this request goes");
        let handle = kept.lock().unwrap().take().unwrap();
        assert!(!ends(&handle).await);
        handle.set("late", 1).await.unwrap();
        assert!(client.get("/keys").await.text().contains("late"));
        client.post("/logout").await;
        assert!(ends(&handle).await);
    }
}

#[tokio::test]
async fn what_a_handle_sets_is_in_the_session_beside_what_others_set() {
    let site = Site::new(stored());
    site.client.get("/login/1").await;
    let handle = site.handle("/events").await;
    site.client.put("/key/theme/dark").await;
    handle.set("heard", 17).await.unwrap();
    assert_eq!(
        site.client.session().await,
        serde_json::json!({ "user_id": 1, "theme": "dark", "heard": 17 })
    );
}

#[tokio::test]
async fn what_a_handle_cannot_set_is_a_typed_error() {
    let site = Site::new(stored());
    let stranger = site.handle("/events").await;
    let late = stranger.set("heard", 1).await;
    assert!(
        matches!(late, Err(SessionError::Committed { .. })),
        "{late:?}"
    );
    assert_eq!(stranger.revalidate().await, Ok(false));

    site.client.get("/login/1").await;
    let handle = site.handle("/events").await;
    let login = handle.set("user_id", 2).await;
    assert!(
        matches!(login, Err(SessionError::Committed { handler }) if handler.ends_with("/events"))
    );
    let reserved = handle.set("_permanent", true).await;
    assert!(matches!(reserved, Err(SessionError::Reserved { .. })));
    assert_eq!(
        site.client.session().await,
        serde_json::json!({ "user_id": 1 })
    );

    let kept = Site::new(in_cookie());
    kept.client.get("/login/1").await;
    let late = kept.handle("/events").await.set("heard", 1).await;
    assert!(
        matches!(late, Err(SessionError::Committed { .. })),
        "{late:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn in_a_cookie_the_session_is_over_when_the_cookie_is_too_old() {
    let hour = Duration::from_secs(3600);
    let site = Site::new(in_cookie().browser_lifetime(hour));
    assert_eq!(site.handle("/events").await.revalidate().await, Ok(false));
    site.client.get("/login/1").await;
    let handle = site.handle("/events").await;
    site.client.clock().advance(hour);
    assert!(!ends(&handle).await);
    site.client.clock().advance(Duration::from_secs(1));
    assert!(ends(&handle).await);
}

#[tokio::test]
async fn a_strangers_event_source_is_told_401_and_led_nowhere() {
    let site = Site::new(stored());
    let answer = site
        .client
        .get("/guarded")
        .header("accept", "text/event-stream")
        .await;
    assert_eq!((answer.status().as_u16(), answer.location()), (401, None));
    assert!(site.kept.lock().unwrap().is_none());
}

#[tokio::test]
async fn a_handle_depends_on_the_cookie_and_sends_none() {
    let site = Site::new(stored());
    site.client.get("/login/1").await;
    let answer = site.client.get("/events").await;
    assert_eq!(answer.header("vary"), Some("Cookie"));
    assert!(answer.set_cookie().is_empty());
}
