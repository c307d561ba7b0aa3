//! The answers that are ours, and what the application makes of them.

use axum::Router;
use axum::extract::Request as AxumRequest;
use axum::middleware::{Next, from_fn};
use axum::response::{AppendHeaders, Html, Response};
use axum::routing::get as on_get;
use http::header::{CACHE_CONTROL, LOCATION, VARY};
use http::{HeaderValue, Request, StatusCode};
use session_runtime::signing::SecretKey;
use session_runtime::{
    Refusal, Session, SessionConfig, SessionError, SessionLayer, login_required,
};

use super::{layer, routes};
use crate::common::{Log, get, send};

#[login_required]
async fn account() {}

#[tokio::test]
async fn the_application_sets_the_body_of_our_answers_and_not_their_status() {
    let page = |refusal: &Refusal| {
        (
            StatusCode::OK,
            Html(format!("<h1>{}</h1>", refusal.status())),
        )
    };
    let app = routes().layer(layer().on_refusal(page));
    let answer = get(&app, "/large", "").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.text, "<h1>500 Internal Server Error</h1>");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let twice = app.layer(layer().on_refusal(page));
    assert_eq!(
        get(&twice, "/read", "").await.text,
        "<h1>500 Internal Server Error</h1>"
    );
}

#[tokio::test]
async fn the_applications_page_takes_back_nothing_that_a_refusal_says() {
    async fn packed(request: AxumRequest, next: Next) -> Response {
        let mut response = next.run(request).await;
        let headers = response.headers_mut();
        headers.insert("content-encoding", HeaderValue::from_static("gzip"));
        headers.insert("x-request-id", HeaderValue::from_static("7"));
        response
    }
    let page = |_: &Refusal| {
        let headers = [
            ("location", "https://evil.example/"),
            ("cache-control", "public, max-age=60"),
            ("vary", "Accept-Language"),
            ("link", "</a>"),
            ("link", "</b>"),
        ];
        (AppendHeaders(headers), Html("<h1>Please log in</h1>"))
    };
    let config = SessionConfig::new(SecretKey::generate());
    let sessions = SessionLayer::new(config.login_page("/login").unwrap()).on_refusal(page);
    let app = Router::new()
        .route("/account", on_get(account))
        .layer(from_fn(packed))
        .layer(sessions);
    let request = Request::get("/account").header("accept", "text/html");
    let answer = send(&app, request).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header(LOCATION), "/login?next=/account");
    assert_eq!(answer.header(CACHE_CONTROL), "no-store");
    assert_eq!(answer.header(VARY), "Cookie | Accept-Language");
    assert_eq!(answer.header("content-encoding"), "");
    assert_eq!(answer.header("x-request-id"), "7");
    assert_eq!(answer.header("link"), "</a> | </b>");
    assert_eq!(answer.text, "<h1>Please log in</h1>");
}

/// The visitor reads no key's name, and somebody who has misspelt one looks for it.
#[tokio::test]
async fn what_a_session_lacks_stands_in_the_log() {
    let needing = async |session: Session| -> session_runtime::Result<String> {
        session.get("cart")?.ok_or_else(|| SessionError::Missing {
            key: "cart".to_owned(),
        })
    };
    let app = Router::new().route("/", on_get(needing)).layer(layer());
    let log = Log::new();
    let answer = get(&app, "/", "").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.text, "Your session lacks what this page needs.");
    let text = log.text();
    assert!(
        text.contains(" INFO ") && text.contains("the session has no `cart`"),
        "{text}"
    );
}

#[tokio::test]
async fn nothing_that_a_visitor_names_begins_a_line_in_the_log() {
    /// What an application may take for a key: a title, say, that somebody has typed.
    const TITLE: &str = "a\n2026-01-01 ERROR forged\u{9b}31m";

    async fn too_large(session: Session) -> session_runtime::Result<()> {
        let noise = (0..160).map(|_| SecretKey::generate().expose_secret().to_vec());
        session.set(TITLE, noise.collect::<Vec<_>>())
    }
    async fn of_another_type(session: Session) -> session_runtime::Result<()> {
        session.set(TITLE, 1)?;
        session.get::<String>(TITLE).map(drop)
    }
    let router = Router::new()
        .route("/large", on_get(too_large))
        .route("/type", on_get(of_another_type))
        .fallback(async |session: Session| session.set("_permanent", 1));
    let (inside, outside) = (router.clone().layer(layer()), router);
    for app in [inside, outside] {
        for path in ["/large", "/type", "/a\u{9b}31m\u{202e}b"] {
            let log = Log::new();
            let answer = get(&app, path, "").await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            let text = log.text();
            let line = text.strip_suffix('\n').unwrap_or_default();
            let is_obeyed = |c: char| c.is_control() || c == '\u{202e}';
            assert!(!line.is_empty() && !line.contains(is_obeyed), "{text:?}");
        }
    }
}

/// A visitor who tries again, as the page says, meets the same handler.
#[tokio::test]
async fn a_handler_whose_changes_contradict_each_other_is_told_of_in_the_log() {
    #[session_runtime::get("/")]
    async fn visit(session: Session, #[session(default)] visits: &mut u32) -> Result<(), Refusal> {
        *visits += 1;
        Ok(session.set("visits", 10)?)
    }
    let lost = async || Err::<(), _>(SessionError::LeaseLost);
    let app = Router::new()
        .route("/", on_get(visit))
        .route("/lost", on_get(lost))
        .layer(layer());
    for (path, what) in [
        (
            "/",
            "`visits` was written while the handler held it as `&mut`",
        ),
        ("/lost", "held the session for longer than its lease"),
    ] {
        let log = Log::new();
        assert_eq!(get(&app, path, "").await.status, StatusCode::CONFLICT);
        let text = log.text();
        assert_eq!(text.matches(" WARN ").count(), 1, "{text}");
        assert!(text.contains(what), "{text}");
    }
}
