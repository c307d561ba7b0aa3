//! A page that is fetched ahead of time leaves the session as it is, its life too.

use std::time::Duration;

use axum::Router;
use axum::http::Method;
use session_runtime::signing::SecretKey;
use session_runtime::store::MemoryStore;
use session_runtime::testing::TestClient;
use session_runtime::{
    ReadOnlySession, Routes, Session, SessionConfig, SessionError, SessionHandle, SessionLayer,
    Slot, get, routes,
};

const MOST_OF_ITS_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

#[get("/begin")]
async fn begin(#[session(set)] name: Slot<String>) -> Result<(), SessionError> {
    name.set("Ada".to_owned())
}

#[get("/values")]
async fn values(#[session] name: Option<String>) -> String {
    name.unwrap_or_default()
}

#[get("/needed")]
async fn needed(#[session] name: String) -> String {
    name
}

#[get("/beside")]
async fn beside(_: Method, #[session] name: Option<String>) -> String {
    name.unwrap_or_default()
}

#[get("/whole")]
async fn whole(session: Session) -> Result<String, SessionError> {
    Ok(session.get("name")?.unwrap_or_default())
}

#[get("/looked-at")]
async fn looked_at(session: ReadOnlySession) -> Result<String, SessionError> {
    Ok(session.get("name")?.unwrap_or_default())
}

#[get("/watched")]
async fn watched(session: SessionHandle) -> Result<String, SessionError> {
    session.revalidate().await?;
    Ok("Ada".to_owned())
}

const PAGES: [&str; 6] = [
    "/values",
    "/needed",
    "/beside",
    "/whole",
    "/looked-at",
    "/watched",
];

fn pages() -> Routes {
    routes![begin, values, needed, beside, whole, looked_at, watched]
}

fn in_each_handler(layer: SessionLayer) -> Router {
    pages().with_sessions(layer)
}

fn around_the_router(layer: SessionLayer) -> Router {
    pages().without_sessions().layer(layer)
}

#[tokio::test]
async fn a_page_that_is_fetched_ahead_does_not_extend_a_session_and_a_visit_does() {
    for application in [in_each_handler, around_the_router as fn(_) -> _] {
        let client = TestClient::new(application);
        client.get("/begin").await;
        client.clock().advance(MOST_OF_ITS_LIFE);
        for page in PAGES {
            for purpose in ["prefetch", "prefetch;prerender"] {
                let early = client.get(page).header("sec-purpose", purpose).await;
                assert_eq!((&*early.text(), early.header("set-cookie")), ("Ada", None));
                assert_eq!(early.header("vary"), Some("Cookie"), "{page}");
            }
        }
        for page in PAGES {
            client.clock().advance(MOST_OF_ITS_LIFE);
            let visit = client.get(page).await;
            assert!(visit.header("set-cookie").is_some(), "{page}");
        }
    }
}

#[tokio::test]
async fn a_page_that_is_fetched_ahead_does_not_extend_a_session_in_a_store_and_a_visit_does() {
    for application in [in_each_handler, around_the_router as fn(_) -> _] {
        for page in PAGES {
            for (is_fetched_ahead, seen) in [(true, ""), (false, "Ada")] {
                let config = SessionConfig::new(SecretKey::generate()).store(MemoryStore::new());
                let client = TestClient::with_config(config, application);
                client.get("/begin").await;
                client.clock().advance(MOST_OF_ITS_LIFE);
                let mut request = client.get(page);
                if is_fetched_ahead {
                    request = request.header("sec-purpose", "prefetch");
                }
                assert_eq!(request.await.text(), "Ada", "{page}");
                client
                    .clock()
                    .advance(MOST_OF_ITS_LIFE + Duration::from_secs(1));
                assert_eq!(client.get("/values").await.text(), seen, "{page}");
            }
        }
    }
}
