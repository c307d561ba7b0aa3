//! When a change is saved, and when it is dropped or refused.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request as AxumRequest;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get as on_get;
use http::header::{CACHE_CONTROL, SET_COOKIE, VARY};
use http::{Request, StatusCode};
use session_runtime::signing::SecretKey;
use session_runtime::{
    Clock, CookieSettings, Session, SessionConfig, SessionError, SessionLayer, Sessions,
};

use super::{app, layer, routes};
use crate::common::{Log, get, send};

#[tokio::test]
async fn the_session_is_saved_whatever_the_status() {
    let app = app();
    let answer = get(&app, "/fail", "").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert_eq!(get(&app, "/read", &answer.cookie()).await.text, "Ada");
}

#[tokio::test]
async fn a_panic_saves_nothing_even_if_something_inside_catches_it() {
    async fn catch(request: AxumRequest, next: Next) -> Response {
        tokio::spawn(next.run(request))
            .await
            .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
    let app = routes().layer(from_fn(catch)).layer(layer());
    let answer = get(&app, "/panic", "").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.header(SET_COOKIE), "");
}

#[tokio::test]
async fn head_runs_the_handler_and_drops_its_changes() {
    let answer = send(&app(), Request::head("/write")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header(SET_COOKIE), "");
    assert_eq!(answer.header(VARY), "Cookie");
}

#[tokio::test]
async fn a_page_fetched_ahead_of_time_is_asked_again_where_it_would_change_the_session() {
    let app = app();
    for purpose in [
        "prefetch",
        "prefetch;prerender",
        "prefetch; anonymous-client-ip",
    ] {
        let answer = send(&app, Request::get("/write").header("sec-purpose", purpose)).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.header(SET_COOKIE), "");
        assert_eq!(answer.header(CACHE_CONTROL), "no-store");
        let read = send(&app, Request::get("/read").header("sec-purpose", purpose)).await;
        assert_eq!(read.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn middleware_reads_and_writes_before_and_after_the_handler() {
    async fn count(
        session: Session,
        request: AxumRequest,
        next: Next,
    ) -> session_runtime::Result<Response> {
        let before: Option<String> = session.get("name")?;
        let response = next.run(request).await;
        let after: Option<String> = session.get("name")?;
        session.set("seen", format!("{before:?} {after:?}"))?;
        Ok(response)
    }
    let seen =
        async |session: Session| session.get::<String>("seen").map(Option::unwrap_or_default);
    let app = routes()
        .layer(from_fn(count))
        .route("/seen", on_get(seen))
        .layer(layer());
    let cookie = get(&app, "/write", "").await.cookie();
    assert_eq!(
        get(&app, "/seen", &cookie).await.text,
        r#"None Some("Ada")"#
    );
}

#[tokio::test]
async fn a_session_too_large_for_a_cookie_is_an_error_and_keeps_the_old_one() {
    let log = Log::new();
    let app = app();
    let cookie = get(&app, "/write", "").await.cookie();
    let answer = get(&app, "/large", &cookie).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.header(SET_COOKIE), "");
    assert!(
        log.text()
            .contains("its largest keys are `noise` (10242 bytes), `name` (5 bytes)"),
        "{}",
        log.text()
    );
    assert!(log.text().contains("GET /large"), "{}", log.text());
}

#[tokio::test]
async fn a_session_that_only_compression_makes_small_is_never_lost_after_it_was_saved() {
    let app = routes()
        .route(
            "/long",
            on_get(async |session: Session| session.set("long", "a".repeat(2 << 20))),
        )
        .layer(layer());
    let cookie = get(&app, "/write", "").await.cookie();
    let answer = get(&app, "/long", &cookie).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.header(SET_COOKIE), "");
}

#[tokio::test]
async fn a_session_that_has_become_too_large_is_still_read_and_only_not_extended() {
    let clock = Clock::manual(1_700_000_000);
    let app = |max_size| {
        let cookie = CookieSettings::new().max_size(max_size);
        let config = SessionConfig::new(SecretKey::dangerous("k")).clock(clock.clone());
        routes().layer(SessionLayer::new(config.cookie(cookie).unwrap()))
    };
    let cookie = get(&app(4096), "/write", "").await.cookie();
    clock.advance(Duration::from_secs(12 * 3600));
    let log = Log::new();
    let answer = get(&app(40), "/read", &cookie).await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (StatusCode::OK, "Ada")
    );
    assert_eq!(answer.header(SET_COOKIE), "");
    assert_eq!(answer.header(VARY), "Cookie");
    assert!(log.text().contains("was not extended"), "{}", log.text());
}

#[tokio::test]
async fn a_change_from_a_streaming_body_is_an_error_and_the_log_names_the_handler() {
    async fn stream(session: Session) -> Body {
        let late = async_stream(move || match session.set("late", 1) {
            Err(error @ SessionError::Committed { .. }) => error.to_string(),
            other => format!("{other:?}"),
        });
        Body::from_stream(late)
    }
    fn async_stream(
        chunk: impl FnOnce() -> String + Send + 'static,
    ) -> impl futures_core::Stream<Item = Result<String, Infallible>> + Send {
        struct Once<F>(Option<F>);
        impl<F: FnOnce() -> String + Unpin> futures_core::Stream for Once<F> {
            type Item = Result<String, Infallible>;
            fn poll_next(
                mut self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Option<Self::Item>> {
                std::task::Poll::Ready(self.0.take().map(|chunk| Ok(chunk())))
            }
        }
        Once(Some(Box::new(chunk)))
    }
    let log = Log::new();
    let app = Router::new()
        .route("/stream", on_get(stream))
        .layer(layer());
    let answer = get(&app, "/stream", "").await;
    assert!(
        answer
            .text
            .starts_with("`GET /stream` changed the session after the response had begun"),
        "{}",
        answer.text
    );
    assert_eq!(answer.header(SET_COOKIE), "");
    assert!(
        log.text()
            .contains("the session was changed after the response had begun")
            && log.text().contains("GET /stream"),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn a_session_that_is_opened_only_after_the_response_cannot_be_changed() {
    for path in ["/untouched", "/read"] {
        let (keep, kept) = std::sync::mpsc::channel();
        let hand_out = move |sessions: Sessions, request: AxumRequest, next: Next| {
            keep.send(sessions).unwrap();
            next.run(request)
        };
        let app = routes().layer(from_fn(hand_out)).layer(layer());
        get(&app, path, "").await;
        let sessions = kept.recv().unwrap();
        let session = sessions.named("__Host-session").await.unwrap();
        assert!(
            matches!(session.set("late", 1), Err(SessionError::Committed { .. })),
            "{path}"
        );
    }
}
