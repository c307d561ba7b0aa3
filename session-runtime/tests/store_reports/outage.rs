//! What a store is asked, and what happens when it does not answer.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use session_runtime::Refresh;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::store::{
    Commit, Committed, Ending, LeaseId, MemoryStore, NewSession, Open, Opened, Record, SessionId,
    SessionStore, StoreError, Take, Taken,
};
use session_runtime::testing::TestClient;

/// A store in memory that counts what it is asked, and can be stopped.
#[derive(Clone, Default)]
struct Observed(Arc<Inner>);

#[derive(Default)]
struct Inner {
    store: MemoryStore,
    questions: AtomicUsize,
    is_silent: AtomicBool,
    is_refusing: AtomicBool,
}

impl Observed {
    async fn ask<T>(
        &self,
        answer: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.0.questions.fetch_add(1, Ordering::Relaxed);
        if self.0.is_silent.load(Ordering::Relaxed) {
            pending::<()>().await;
        }
        if self.0.is_refusing.load(Ordering::Relaxed) {
            return Err(StoreError::Unreachable {
                reason: "connection refused".to_owned(),
            });
        }
        answer.await
    }

    fn questions(&self) -> usize {
        self.0.questions.swap(0, Ordering::Relaxed)
    }
}

impl SessionStore for Observed {
    async fn create(&self, session: NewSession) -> Result<(), StoreError> {
        self.ask(self.0.store.create(session)).await
    }

    async fn open(&self, open: Open) -> Result<Opened, StoreError> {
        self.ask(self.0.store.open(open)).await
    }

    async fn take(&self, take: Take) -> Result<Taken, StoreError> {
        self.ask(self.0.store.take(take)).await
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        self.ask(self.0.store.commit(commit)).await
    }

    async fn release(&self, id: SessionId, lease: LeaseId) -> Result<(), StoreError> {
        self.ask(self.0.store.release(id, lease)).await
    }

    async fn end(&self, id: SessionId, now: u64, grace: Duration) -> Result<bool, StoreError> {
        self.ask(self.0.store.end(id, now, grace)).await
    }

    async fn sessions_of(&self, user: String, now: u64) -> Result<Vec<Record>, StoreError> {
        self.ask(self.0.store.sessions_of(user, now)).await
    }

    async fn end_sessions_of(&self, ending: Ending) -> Result<u64, StoreError> {
        self.ask(self.0.store.end_sessions_of(ending)).await
    }
}

#[get("/untouched")]
async fn untouched() -> &'static str {
    "ok"
}

#[get("/theme")]
async fn theme(#[session] theme: Option<String>) -> String {
    theme.unwrap_or_default()
}

#[put("/theme")]
async fn set_theme(#[session(set)] theme: Slot<String>) -> Result<()> {
    theme.set("dark".to_owned())
}

#[post("/theme/taken")]
async fn take_theme(#[session(pop)] theme: Option<String>) -> String {
    theme.unwrap_or_default()
}

#[post("/stay")]
#[session(permanent)]
async fn stay(#[session(set)] theme: Slot<String>) -> Result<()> {
    theme.set("dark".to_owned())
}

fn site() -> (TestClient, Observed) {
    let store = Observed::default();
    let config = SessionConfig::new(SecretKey::generate()).store(store.clone());
    let client = TestClient::with_config(config, |sessions| {
        routes![untouched, theme, set_theme].with_sessions(sessions)
    });
    (client, store)
}

/// pallets-eco/flask-session #19, actix/actix-extras PR 207: each visit without a cookie left an empty session behind.
#[tokio::test]
async fn visits_without_a_cookie_leave_nothing_and_ask_nothing() {
    let (client, store) = site();
    for _ in 0..1_000 {
        let answer = client.another().get("/theme").await;
        assert_eq!((answer.status().as_u16(), &*answer.text()), (200, ""));
        assert!(answer.set_cookie().is_empty());
    }
    assert_eq!(store.questions(), 0);
}

#[tokio::test]
async fn the_store_is_asked_once_to_look_twice_to_change_and_not_at_all_otherwise() {
    let (client, store) = site();
    client.put("/theme").await;
    // The client asks too: it shows what was stored.
    store.questions();
    client.get("/untouched").await;
    assert_eq!(store.questions(), 0);
    client.get("/theme").await;
    assert_eq!(store.questions(), 1);
    client.put("/theme").await;
    assert_eq!(store.questions(), 1, "it is what it was");
    client
        .set_session(serde_json::json!({ "theme": "light" }))
        .await;
    assert_eq!(store.questions(), 2);
}

/// Where another request has renewed the session meanwhile, the browser has another cookie by now.
#[tokio::test]
async fn before_a_cookie_is_sent_again_the_store_is_asked_whether_it_is_still_the_sessions() {
    let store = Observed::default();
    let config = SessionConfig::new(SecretKey::generate()).store(store.clone());
    let client = TestClient::with_config(config.refresh(Refresh::EachRequest), |sessions| {
        routes![untouched, theme, stay].with_sessions(sessions)
    });
    client.post("/stay").await;
    for (path, questions, why) in [
        ("/theme", 2, "to look, and whether it is"),
        ("/untouched", 1, "it is asked for last, and is"),
    ] {
        store.questions();
        assert_eq!(client.get(path).await.set_cookie().len(), 1, "{path}");
        // The client asks too, where there is a cookie: it shows what was stored.
        assert_eq!(store.questions() - 1, questions, "{path}: {why}");
    }
}

/// pallets-eco/flask-session #181: an outage of the store broke pages that use no session, and logged everybody out.
#[tokio::test(start_paused = true)]
async fn while_the_store_is_down_pages_without_a_session_are_served_and_nobody_is_logged_out() {
    let (client, store) = site();
    client.put("/theme").await;
    let cookie = client.cookies().get("__Host-session");
    for down in [&store.0.is_silent, &store.0.is_refusing] {
        down.store(true, Ordering::Relaxed);
        assert_eq!(client.get("/untouched").await.status(), 200);
        for answer in [client.get("/theme").await, client.put("/theme").await] {
            assert_eq!(answer.status(), 503);
            assert!(answer.header("retry-after").is_some());
            assert!(answer.set_cookie().is_empty());
        }
        down.store(false, Ordering::Relaxed);
        assert_eq!(client.get("/theme").await.text(), "dark");
        assert_eq!(client.cookies().get("__Host-session"), cookie);
    }
}

/// maxcountryman/tower-sessions with its Redis store hangs past 45 s.
#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_is_waited_for_no_longer_than_is_said() {
    let (client, store) = site();
    client.put("/theme").await;
    store.0.is_silent.store(true, Ordering::Relaxed);
    let began = tokio::time::Instant::now();
    assert_eq!(client.get("/theme").await.status(), 503);
    assert_eq!(began.elapsed().as_secs(), 2);
}

/// Many run handlers on a task of their own, so that none is dropped whose client hangs up.
#[tokio::test(start_paused = true)]
async fn a_take_that_fails_on_another_task_is_answered_all_the_same() {
    let store = Observed::default();
    let config = SessionConfig::new(SecretKey::generate()).store(store.clone());
    let goes_down = store.clone();
    let on_a_task = from_fn(move |_: Session, request: Request, next: Next| {
        goes_down.0.is_silent.store(true, Ordering::Relaxed);
        async move { tokio::spawn(next.run(request)).await.unwrap_or_default() }
    });
    let client = TestClient::with_config(config, |sessions| -> axum::Router {
        let routes = routes![take_theme].without_sessions();
        routes.layer(on_a_task).layer(sessions)
    });
    client
        .set_session(serde_json::json!({ "theme": "dark" }))
        .await;
    // On a task of its own too, which runs when it is woken and not because of the limit.
    let asked = tokio::spawn(client.post("/theme/taken").into_future());
    let answer = tokio::time::timeout(Duration::from_secs(3600), asked).await;
    assert_eq!(answer.unwrap().unwrap().status(), 503);
    store.0.is_silent.store(false, Ordering::Relaxed);
    assert_eq!(client.session().await["theme"], "dark");
}
