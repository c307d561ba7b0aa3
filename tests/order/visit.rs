//! What every test here does: send a request as a stranger and as a user.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::request::{Builder, Parts};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use session_runtime::signing::SecretKey;
use session_runtime::{
    Guard, ReadOnlySession, Routes, Session, SessionConfig, SessionError, SessionLayer, get, routes,
};
use tower::ServiceExt;

#[get("/log-in")]
pub async fn log_in(session: Session) -> Result<(), SessionError> {
    session.set("writes", true)?;
    session.set("user_id", 1)
}

#[get("/log-in-to-read")]
pub async fn log_in_to_read(session: Session) -> Result<(), SessionError> {
    session.set("user_id", 2)
}

/// A guard of the application's own. Without a user it answers as the login guard does.
pub struct Writes;

impl<S: Sync> Guard<S> for Writes {
    type Refusal = StatusCode;

    async fn check(
        &self,
        session: &ReadOnlySession,
        _: &mut Parts,
        _: &S,
    ) -> Result<(), StatusCode> {
        match (session.contains("user_id"), session.get("writes")) {
            (false, _) => Err(StatusCode::UNAUTHORIZED),
            (true, Ok(Some(true))) => Ok(()),
            (true, _) => Err(StatusCode::FORBIDDEN),
        }
    }
}

pub fn sessions() -> SessionLayer {
    SessionLayer::new(SessionConfig::new(SecretKey::dangerous(
        "a key for tests only",
    )))
}

pub fn app(routes: Routes) -> Router {
    routes
        .merge(routes![log_in, log_in_to_read])
        .with_sessions(sessions())
}

/// The table has to know the guard too, or it could not be trusted.
pub fn assert_guarded(routes: &Routes) {
    for route in routes.table().routes() {
        assert!(route.is_guarded(), "{route:?}");
    }
}

pub async fn shut_everywhere(routes: Routes) {
    assert_guarded(&routes);
    let rows: Vec<_> = routes.table().routes().collect();
    let app = app(routes);
    for row in rows {
        shut(&app, Method::GET, row.path(), row.handler()).await;
    }
}

/// A stranger is refused and its body is not read; a user reaches the handler.
pub async fn shut(app: &Router, method: Method, path: &str, handler: &str) {
    let stranger = send(app, None, method.clone(), path, unread()).await;
    assert_eq!(
        stranger.0,
        StatusCode::UNAUTHORIZED,
        "{method} {path} for a stranger"
    );
    let user = cookie(app).await;
    let user = send(app, Some(&user), method.clone(), path, Body::empty()).await;
    assert_eq!(
        user,
        (StatusCode::OK, handler.to_owned()),
        "{method} {path} for a user"
    );
}

/// As [`shut`], and a user who may not write is refused too.
pub async fn shut_to_readers(app: &Router, method: Method, path: &str, handler: &str) {
    shut(app, method.clone(), path, handler).await;
    let reader = cookie_from(app, "/log-in-to-read").await;
    let reader = send(app, Some(&reader), method.clone(), path, unread()).await;
    assert_eq!(
        reader.0,
        StatusCode::FORBIDDEN,
        "{method} {path} for a reader"
    );
}

pub async fn cookie(app: &Router) -> String {
    cookie_from(app, "/log-in").await
}

async fn cookie_from(app: &Router, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// What a browser gets that shows pages and has no cookie.
pub async fn page_view(app: &Router, method: Method, path: &str, body: Body) -> StatusCode {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ACCEPT, "text/html");
    answer(app, request, body).await.status()
}

pub async fn send(
    app: &Router,
    cookie: Option<&str>,
    method: Method,
    path: &str,
    body: Body,
) -> (StatusCode, String) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let response = answer(app, request, body).await;
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 4096)
        .await
        .unwrap();
    let text = if status.is_success() {
        String::from_utf8(body.to_vec()).unwrap()
    } else {
        String::new()
    };
    (status, text)
}

async fn answer(app: &Router, request: Builder, body: Body) -> Response {
    let request = request.body(body).unwrap();
    app.clone().oneshot(request).await.unwrap()
}

/// A body that says when somebody reads it.
pub fn unread() -> Body {
    Body::from_stream(Unread)
}

struct Unread;

impl futures_core::Stream for Unread {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        panic!("the body was read before the guard had spoken")
    }
}
