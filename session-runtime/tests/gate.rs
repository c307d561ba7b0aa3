//! What the gate promises, on whole requests.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

#[path = "gate/asked.rs"]
mod asked;
#[path = "gate/fetched_ahead.rs"]
mod fetched_ahead;
#[path = "gate/strangers.rs"]
mod strangers;
#[path = "gate/takes.rs"]
mod takes;
#[path = "gate/values.rs"]
mod values;

use std::task::Poll;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use axum::routing::any as wire_any;
use axum::{Json, Router};
use http::{Method, Request, header};
use session_runtime::signing::SecretKey;
use session_runtime::{
    Gate, Refusal, Routes, Session, Session as Renamed, SessionConfig, SessionError, SessionLayer,
    Slot, any, get, login_required, options, post, route, routes, session, testing,
};
use tower::ServiceExt;

#[get("/login")]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<(), SessionError> {
    user_id.set(1)
}

#[get("/account")]
#[login_required]
async fn account() -> &'static str {
    "account"
}

#[any("/signin")]
#[login_required(redirect = "/signin")]
async fn signin() {}

#[post("/rows")]
#[login_required(redirect = "/login?theme=dark")]
async fn rows() {}

#[options("/rows")]
#[login_required]
async fn may_post_rows() {}

#[route("/listed", methods(GET, OPTIONS))]
#[login_required]
async fn listed() {}

#[login_required]
async fn by_hand() {}

#[get("/flash")]
async fn flash(#[session(pop)] notice: Option<String>) -> String {
    format!("{notice:?}")
}

#[post("/flash")]
async fn flash_with_body(#[session(pop)] notice: Option<String>, Json(_): Json<u8>) -> String {
    format!("{notice:?}")
}

#[get("/notify")]
async fn notify(session: Session) -> Result<(), SessionError> {
    session.set("notice", "saved")
}

#[post("/needs")]
async fn needs(#[session] cart: u32, _: String) -> String {
    cart.to_string()
}

#[get("/both")]
async fn both(session: Session, #[session(default)] visits: &mut u32) -> Result<(), SessionError> {
    *visits += 1;
    session.set("visits", 100)
}

#[get("/looks")]
#[session(read_only)]
async fn looks(session: Renamed, by_name: Session) -> String {
    let _: &session_runtime::ReadOnlySession = &by_name;
    format!(
        "{:?}",
        session
            .set("x", 1)
            .map_err(|error| matches!(error, SessionError::ReadOnly { .. }))
    )
}

#[get("/own-cache")]
#[login_required]
async fn own_cache() -> ([(&'static str, &'static str); 1], ()) {
    ([("cache-control", "private, max-age=60")], ())
}

fn sessions() -> SessionLayer {
    let config = SessionConfig::new(SecretKey::dangerous("k"))
        .login_page("/login")
        .unwrap();
    SessionLayer::new(config)
}

fn app() -> Router {
    let routes: Routes = routes![
        login,
        account,
        signin,
        rows,
        may_post_rows,
        listed,
        flash,
        flash_with_body,
        notify,
        needs,
        both,
        looks,
        own_cache
    ];
    routes
        .without_sessions()
        .route("/by-hand", wire_any(by_hand))
        .layer(sessions())
}

/// A browser's cookie jar of one cookie.
#[derive(Default)]
struct Visitor {
    cookie: Option<String>,
}

impl Visitor {
    async fn logged_in() -> Self {
        let mut visitor = Self::default();
        visitor.get("/login", &[]).await;
        visitor
    }

    async fn get(&mut self, uri: &str, headers: &[(&str, &str)]) -> Response {
        self.send(Method::GET, uri, headers, Body::empty()).await
    }

    async fn send(
        &mut self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = app()
            .oneshot(request.body(body.into()).unwrap())
            .await
            .unwrap();
        if let Some(set) = response.headers().get(header::SET_COOKIE) {
            self.cookie = set.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        response
    }
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 4096).await.unwrap().to_vec()).unwrap()
}

fn header_of<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

const PAGE: (&str, &str) = ("accept", "text/html");

/// A body that says when somebody reads it.
fn unread() -> Body {
    struct Unread;
    impl http_body::Body for Unread {
        type Data = axum::body::Bytes;
        type Error = std::convert::Infallible;
        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
            panic!("the body was read")
        }
    }
    Body::new(Unread)
}

#[tokio::test]
async fn a_unit_test_passes_the_same_gate() {
    let session = testing::session();
    assert_eq!(
        Gate::<account>::for_test(&session).unwrap_err(),
        Refusal::LoginRequired
    );
    assert!(
        matches!(Gate::<needs>::for_test(&session), Err(Refusal::Session(SessionError::Missing { key })) if key == "cart")
    );
    session.set("user_id", None::<u64>).unwrap();
    assert!(
        Gate::<account>::for_test(&session).is_err(),
        "null is nobody"
    );
    session.set("user_id", 1).unwrap();
    assert_eq!(account(Gate::for_test(&session).unwrap()).await, "account");
    session.set("notice", "hi").unwrap();
    drop(Gate::<flash>::for_test(&session).unwrap());
    assert!(
        session.contains("notice"),
        "a gate that nobody enters takes nothing"
    );
    assert_eq!(
        flash(Gate::for_test(&session).unwrap()).await,
        "Some(\"hi\")"
    );
    assert!(!session.contains("notice"));
}
