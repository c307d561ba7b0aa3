//! One request through the layer, in this thread: no runtime, no socket.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::pin::pin;
use std::sync::{Arc, LazyLock, Mutex};
use std::task::{Context, Poll, Waker};

use axum::body::Body;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderValue, Request, StatusCode};
use axum::routing::get;
use axum::{Extension, Router};
use session_runtime::signing::SecretKey;
use session_runtime::{Clock, CookieSettings, Session, SessionConfig, SessionLayer};
use tower::ServiceExt;

use super::forge::{NOW, SECRET};

/// What the visit gave back.
pub struct Answer<T> {
    /// What the handler made of the session.
    pub seen: T,
    /// The session's cookie as a browser would send it back, if the response sets or deletes it.
    pub cookie: Option<HeaderValue>,
}

/// Sends a request with these `Cookie` lines to an application in Flask's settings whose handler does `handle`.
pub fn visit<T: Send + 'static>(
    cookies: &[HeaderValue],
    handle: impl Fn(&Session) -> T + Send + Sync + 'static,
) -> Answer<T> {
    let seen = Arc::new(Mutex::new(None));
    let keep = seen.clone();
    let handle: Handle = Arc::new(move |session| *keep.lock().unwrap() = Some(handle(session)));
    let mut request = Request::get("/").body(Body::empty()).unwrap();
    request.extensions_mut().insert(handle);
    for cookie in cookies {
        request.headers_mut().append(COOKIE, cookie.clone());
    }
    let response = ready(APPLICATION.clone().oneshot(request)).unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let cookie = response.headers().get(SET_COOKIE).map(|line| {
        let end = line.as_bytes().iter().position(|&byte| byte == b';');
        HeaderValue::from_bytes(&line.as_bytes()[..end.unwrap_or(line.len())]).unwrap()
    });
    let seen = seen.lock().unwrap().take().unwrap();
    Answer { seen, cookie }
}

/// The line that carries this token.
pub fn cookie(token: &str) -> HeaderValue {
    HeaderValue::try_from(format!("session={token}")).unwrap()
}

/// What the one handler of the application does in this request.
type Handle = Arc<dyn Fn(&Session) + Send + Sync>;

/// Made once: a fuzzer sends thousands of requests a second.
static APPLICATION: LazyLock<Router> = LazyLock::new(|| {
    let config = SessionConfig::flask(SecretKey::dangerous(SECRET))
        // A session that grows a little in being read and written again is none of these checks' business.
        .cookie(CookieSettings::flask().max_size(1 << 24))
        .unwrap()
        .clock(Clock::manual(NOW));
    let handler = async |Extension(handle): Extension<Handle>, session: Session| handle(&session);
    Router::new()
        .route("/", get(handler))
        .layer(SessionLayer::new(config))
});

/// The result of a future that waits for nothing.
fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a cookie session waited for something"),
    }
}
