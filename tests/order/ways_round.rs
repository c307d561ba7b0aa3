//! Ways round a guard that somebody might think of: other spellings of the path, other methods, other routers around, a call
//! from another handler, a guard that breaks, and sessions that look like a login.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get as serve, get_service};
use session_runtime::testing::TestClient;
use session_runtime::{
    Gate, Guard, LoginRequired, ReadOnlySession, Routes, any, get, guard, login_required, route,
    routes,
};
use tower::{Layer, Service};

use crate::visit::{Writes, app, cookie, log_in, send, sessions, shut, shut_to_readers, unread};

#[get("/account")]
#[login_required]
async fn account() -> &'static str {
    "account"
}

#[any("/every")]
#[login_required]
#[guard(Writes)]
async fn every() -> &'static str {
    "every"
}

#[tokio::test]
async fn by_another_spelling_of_the_path() {
    let group: Routes = routes![account].guarded(LoginRequired);
    let app = app(Routes::new().nest("/in", group).merge(routes![account]));
    for path in [
        "/account",
        "/account/",
        "//account",
        "/./account",
        "/x/../account",
        "/ACCOUNT",
        "/%61ccount",
        "/account%2f",
        "/account;a=b",
        "/account?next=/",
        "http://app.example/account",
        "/in/account",
        "/in//account",
        "/in/%61ccount",
        "/in/../account",
    ] {
        let (status, _) = send(&app, None, Method::GET, path, unread()).await;
        assert!(
            status == StatusCode::UNAUTHORIZED || status == StatusCode::NOT_FOUND,
            "{path}: {status}"
        );
    }
}

#[tokio::test]
async fn by_a_method_that_nobody_thought_of() {
    let app = app(routes![account, every]);
    for (method, answer) in [
        ("PURGE", "every"),
        ("TRACE", "every"),
        ("get", "every"),
        ("OPTIONS", "every"),
        // axum answers it without a body.
        ("CONNECT", ""),
    ] {
        let method: Method = method.parse().unwrap();
        shut_to_readers(&app, method.clone(), "/every", answer).await;
        let (status, _) = send(&app, None, method.clone(), "/account", unread()).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

/// The guard goes where the handler goes, whatever is around it.
#[tokio::test]
async fn by_another_router_around() {
    let guarded = || -> Router { app(routes![account]) };
    let group = || -> Routes { routes![open].guarded(LoginRequired) };
    let outer = Router::new()
        .nest("/nest", guarded())
        .nest_service("/service", guarded())
        .nest("/group", group().with_sessions(sessions()))
        .nest("/outside", group().without_sessions().layer(sessions()))
        .route("/by-service", get_service(guarded()))
        .fallback_service(guarded());
    for (path, handler) in [
        ("/nest/account", "account"),
        ("/service/account", "account"),
        ("/account", "account"),
        ("/group/open", "open"),
        ("/outside/open", "open"),
    ] {
        let (status, _) = send(&outer, None, Method::GET, path, unread()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
        let user = cookie(&guarded()).await;
        let user = send(&outer, Some(&user), Method::GET, path, Body::empty()).await;
        assert_eq!(user, (StatusCode::OK, handler.to_owned()), "{path}");
    }
}

#[get("/open")]
async fn open() -> &'static str {
    "open"
}

/// A layer that rewrites the path stands before the router, and the handler that is found so has its guard.
#[tokio::test]
async fn by_a_layer_that_rewrites_the_path() {
    let rewrite =
        axum::middleware::from_fn(async |mut request: Request, next: axum::middleware::Next| {
            *request.uri_mut() = "/account".parse().unwrap();
            next.run(request).await
        });
    let rewritten = Router::new().fallback_service(rewrite.layer(app(routes![account])));
    let (status, _) = send(&rewritten, None, Method::GET, "/open", unread()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

/// Only who has passed the gate has one to hand on.
#[tokio::test]
async fn by_a_call_from_another_handler() {
    async fn calls(gate: Gate<account>) -> &'static str {
        account(gate).await
    }
    let by_hand = Router::new()
        .route("/calls", serve(calls))
        .route("/log-in", serve(log_in))
        .layer(sessions());
    shut(&by_hand, Method::GET, "/calls", "account").await;
}

#[route("/broken", methods(GET, POST))]
#[guard(Breaks)]
async fn broken() -> &'static str {
    "broken"
}

struct Breaks;

impl<S: Sync> Guard<S> for Breaks {
    type Refusal = StatusCode;

    async fn check(&self, _: &ReadOnlySession, _: &mut Parts, _: &S) -> Result<(), StatusCode> {
        panic!("a guard that breaks")
    }
}

/// Whoever catches the panic answers with something of its own, and the handler has not run.
#[tokio::test]
async fn by_a_guard_that_panics() {
    let group: Routes = routes![open].guarded(Breaks);
    let routes = Routes::new().merge(group).merge(routes![broken]);
    let app = app(routes).layer(Catch);
    let user = cookie(&app).await;
    for (method, path) in [
        (Method::GET, "/broken"),
        (Method::POST, "/broken"),
        (Method::GET, "/open"),
    ] {
        for cookie in [None, Some(&*user)] {
            let (status, _) = send(&app, cookie, method.clone(), path, unread()).await;
            assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        }
    }
}

/// As tower-http's `CatchPanic`.
#[derive(Clone)]
struct Catch;

#[derive(Clone)]
struct Catching<S>(S);

impl<S> Layer<S> for Catch {
    type Service = Catching<S>;

    fn layer(&self, inner: S) -> Catching<S> {
        Catching(inner)
    }
}

impl<S> Service<Request> for Catching<S>
where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let answer = self.0.call(request);
        Box::pin(async move {
            // In a task of its own a panic is an error.
            Ok(tokio::spawn(answer).await.map_or_else(
                |_| {
                    let mut response = Response::new(Body::empty());
                    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                    response
                },
                |Ok(response)| response,
            ))
        })
    }
}

/// Logged in is who has something under the login key, and nothing else of a session counts.
#[tokio::test]
async fn by_a_session_that_looks_like_a_login() {
    for session in [
        serde_json::json!({}),
        serde_json::json!({ "user_id": null }),
        serde_json::json!({ "user": 1, "USER_ID": 1, "user_id ": 1, "logged_in": true }),
        serde_json::json!({ "a": { "user_id": 1 } }),
    ] {
        let client = TestClient::new(|sessions| {
            let group: Routes = routes![open].guarded(LoginRequired);
            group.merge(routes![account]).with_sessions(sessions)
        });
        client.set_session(session.clone()).await;
        for path in ["/account", "/open"] {
            assert_eq!(client.get(path).await.status(), 401, "{path}: {session}");
        }
    }
}

/// Names that a proxy or a browser might be told to send mean nothing here.
#[tokio::test]
async fn by_a_header_that_overrides() {
    let client = TestClient::new(|sessions| routes![account, every].with_sessions(sessions));
    for (name, value) in [
        ("x-http-method-override", "OPTIONS"),
        ("x-original-url", "/open"),
        ("x-forwarded-user", "1"),
        ("x-user-id", "1"),
        ("authorization", "Basic MTox"),
        ("upgrade", "websocket"),
    ] {
        for path in ["/account", "/every?user_id=1&_method=OPTIONS"] {
            let answer = client.get(path).header(name, value).await;
            assert_eq!(answer.status(), 401, "{path} with {name}");
        }
    }
}
