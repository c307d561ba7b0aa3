//! What guards of the application's own promise, in front of one handler, and in `guard/group.rs` in front of a group.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

#[path = "guard/group.rs"]
mod group;

use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::extract::{FromRef, FromRequestParts, Path};
use axum::response::IntoResponse;
use http::request::Parts;
use http::{Method, StatusCode};
use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;
use session_runtime::{Guard, ReadOnlySession, Refusal, testing};

/// Which user wrote which post.
#[derive(Clone)]
struct Posts(Vec<u64>);

/// A larger state, of which the posts are a part.
#[derive(Clone)]
struct App {
    posts: Posts,
}

impl FromRef<App> for Posts {
    fn from_ref(app: &App) -> Self {
        app.posts.clone()
    }
}

struct IsOwner;

impl<S: Send + Sync> Guard<S> for IsOwner
where
    Posts: FromRef<S>,
{
    type Refusal = (StatusCode, &'static str);

    async fn check(
        &self,
        session: &ReadOnlySession,
        parts: &mut Parts,
        state: &S,
    ) -> Result<(), Self::Refusal> {
        tokio::task::yield_now().await;
        let Path(post) = Path::<usize>::from_request_parts(parts, state)
            .await
            .map_err(|_| (StatusCode::NOT_FOUND, "no post"))?;
        let user: Option<u64> = session.get("user_id").unwrap_or_default();
        let owner = Posts::from_ref(state).0.get(post).copied();
        if owner.is_some() && owner == user {
            parts.extensions.insert(post);
            Ok(())
        } else {
            Err((StatusCode::FORBIDDEN, "not yours"))
        }
    }
}

/// Refuses with its name, so that a test sees who spoke.
struct Says(&'static str);

impl<S: Sync> Guard<S> for Says {
    type Refusal = axum::response::Response;

    async fn check(
        &self,
        session: &ReadOnlySession,
        _: &mut Parts,
        _: &S,
    ) -> Result<(), Self::Refusal> {
        if session.contains(self.0) {
            return Ok(());
        }
        let headers = [("cache-control", "private"), ("x-guard", self.0)];
        Err((StatusCode::FORBIDDEN, headers, self.0).into_response())
    }
}

/// Guards a preflight too.
struct Always;

impl<S: Sync> Guard<S> for Always {
    type Refusal = StatusCode;
    const ASKED_AT_OPTIONS: bool = true;

    async fn check(&self, _: &ReadOnlySession, _: &mut Parts, _: &S) -> Result<(), StatusCode> {
        Err(StatusCode::FORBIDDEN)
    }
}

/// Extracts the session itself, as a guard does that shares code with handlers.
struct LooksItself;

impl<S: Send + Sync> Guard<S> for LooksItself {
    type Refusal = axum::response::Response;

    async fn check(
        &self,
        _: &ReadOnlySession,
        parts: &mut Parts,
        state: &S,
    ) -> Result<(), Self::Refusal> {
        let session = Session::from_request_parts(parts, state).await;
        match session.map_err(IntoResponse::into_response)?.contains("a") {
            true => Ok(()),
            false => Err(StatusCode::FORBIDDEN.into_response()),
        }
    }
}

/// Lets the first two requests through.
struct Twice {
    seen: AtomicU32,
}

impl Twice {
    const fn new() -> Self {
        Self {
            seen: AtomicU32::new(0),
        }
    }
}

impl<S: Sync> Guard<S> for Twice {
    type Refusal = StatusCode;

    async fn check(&self, _: &ReadOnlySession, _: &mut Parts, _: &S) -> Result<(), StatusCode> {
        match self.seen.fetch_add(1, Ordering::Relaxed) {
            0 | 1 => Ok(()),
            _ => Err(StatusCode::TOO_MANY_REQUESTS),
        }
    }
}

#[post("/posts/{id}")]
#[guard(IsOwner)]
#[login_required]
async fn edit(axum::Extension(post): axum::Extension<usize>, body: String) -> String {
    format!("{post} {body}")
}

#[get("/two")]
#[guard(Says("a"))]
#[guard(Says("b"))]
async fn two() -> &'static str {
    "two"
}

#[get("/itself")]
#[guard(LooksItself)]
async fn itself() {}

#[get("/twice")]
#[guard(Twice::new())]
async fn twice() {}

#[options("/preflight")]
#[guard(Says("a"))]
async fn preflight() {}

#[options("/shut-preflight")]
#[guard(Says("a"), Always)]
async fn shut_preflight() {}

#[guard(Says("a"))]
async fn by_hand() -> &'static str {
    "by hand"
}

#[get("/open")]
async fn open() -> &'static str {
    "open"
}

fn client(routes: fn() -> Routes) -> TestClient {
    TestClient::new(move |sessions| routes().with_sessions(sessions))
}

#[tokio::test]
async fn a_guard_sees_the_session_the_path_and_the_state() {
    let client = TestClient::new(|sessions| {
        let app = App {
            posts: Posts(vec![7, 8]),
        };
        routes![edit].with_sessions(sessions).with_state(app)
    });
    let stranger = client.post("/posts/0").body("x").await;
    assert_eq!(stranger.status(), 401, "the login guard speaks first");
    client.login(7).await;
    assert_eq!(client.post("/posts/0").body("x").await.text(), "0 x");
    let refused = client.post("/posts/1").body("x").await;
    assert_eq!(
        (refused.status(), refused.text()),
        (StatusCode::FORBIDDEN, "not yours".to_owned())
    );
    assert_eq!(client.post("/posts/none").await.status(), 404);
}

#[tokio::test]
async fn guards_are_asked_in_the_order_in_which_they_are_written_and_the_first_refusal_is_the_answer()
 {
    let client = client(|| routes![two]);
    assert_eq!(client.get("/two").await.text(), "a");
    client.set_session(json!({"a": 1})).await;
    assert_eq!(client.get("/two").await.text(), "b");
    client.set_session(json!({"a": 1, "b": 1})).await;
    assert_eq!(client.get("/two").await.text(), "two");
    let table = (routes![two] as Routes).table();
    assert!(
        table.to_string().contains("Says(\"a\"), Says(\"b\")"),
        "{table}"
    );
}

#[tokio::test]
async fn a_guard_finds_the_session_in_the_request_too_where_the_handler_takes_nothing() {
    let own: fn() -> Routes = || routes![itself];
    let of_the_group: fn() -> Routes = || Routes::new().merge(routes![open]).guarded(LooksItself);
    for (routes, path) in [(own, "/itself"), (of_the_group, "/open")] {
        let client = client(routes);
        assert_eq!(client.get(path).await.status(), 403, "{path}");
        client.set_session(json!({"a": 1})).await;
        assert_eq!(client.get(path).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn what_a_guard_answers_is_not_cached_unless_it_says_otherwise() {
    let client = client(|| routes![two, twice]);
    for _ in 0..2 {
        assert_eq!(client.get("/twice").await.status(), 200, "a guard counts");
    }
    let plain = client.get("/twice").await;
    assert_eq!(plain.status(), 429);
    assert_eq!(plain.header("vary"), Some("Cookie"));
    assert_eq!(plain.header("cache-control"), Some("no-store"));
    let own = client.get("/two").await;
    assert_eq!(own.header("vary"), Some("Cookie"));
    assert_eq!(own.header("cache-control"), Some("private"));
}

#[tokio::test]
async fn options_passes_a_guard_that_does_not_ask_for_it() {
    let client = client(|| routes![preflight, shut_preflight]);
    assert_eq!(
        client.request(Method::OPTIONS, "/preflight").await.status(),
        200
    );
    assert_eq!(
        client
            .request(Method::OPTIONS, "/shut-preflight")
            .await
            .status(),
        403
    );
}

#[tokio::test]
async fn a_handler_that_is_wired_by_hand_is_guarded_too() {
    let client = TestClient::new(|sessions| {
        Router::new()
            .route("/by-hand", axum::routing::any(by_hand))
            .fallback(by_hand)
            .layer(sessions)
    });
    for path in ["/by-hand", "/unknown"] {
        assert_eq!(client.get(path).await.status(), 403, "{path}");
    }
    client.set_session(json!({"a": 1})).await;
    assert_eq!(client.get("/by-hand").await.text(), "by hand");
}

#[tokio::test]
async fn a_unit_test_shows_a_guard_its_request_and_its_state() {
    let session = testing::session_with(json!({"user_id": 8})).unwrap();
    let posts = Posts(vec![7, 8]);
    let request = |path: &str| http::Request::post(path).body(()).unwrap();
    let gate = Gate::<edit>::for_test_with(&session, request("/posts/1"), &posts).await;
    let body = edit(gate.unwrap(), axum::Extension(1), "x".to_owned()).await;
    assert_eq!(body, "1 x");
    for (path, status) in [("/posts/0", 403), ("/posts", 404)] {
        let refused = Gate::<edit>::for_test_with(&session, request(path), &posts).await;
        assert_eq!(refused.unwrap_err().status(), status, "{path}");
    }
    let stranger = testing::session();
    let refused = Gate::<edit>::for_test_with(&stranger, request("/posts/1"), &posts).await;
    let refusal = refused.unwrap_err().extensions().get::<Refusal>().cloned();
    assert_eq!(refusal, Some(Refusal::LoginRequired));
}
