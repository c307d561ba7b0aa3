//! What the layer does to requests and responses, seen from outside, on handlers without one of our attributes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test panics"
)]

mod common;

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request as AxumRequest};
use axum::middleware::{Next, from_fn};
use axum::response::{AppendHeaders, Html, IntoResponse, Response};
use axum::routing::get as on_get;
use common::{Log, get, send};
use http::header::{CACHE_CONTROL, COOKIE, LOCATION, SET_COOKIE, VARY};
use http::{HeaderValue, Request, StatusCode};
use session_runtime::signing::SecretKey;
use session_runtime::{
    Clock, CookieSettings, Refusal, Session, SessionConfig, SessionError, SessionLayer, Sessions,
    login_required,
};

fn layer() -> SessionLayer {
    SessionLayer::new(SessionConfig::new(SecretKey::generate()))
}

fn app() -> Router {
    routes().layer(layer())
}

fn routes() -> Router {
    Router::new()
        .route("/untouched", on_get(async || "ok"))
        .route("/extracted", on_get(async |_: Session| "ok"))
        .route("/read", on_get(read))
        .route("/write", on_get(write))
        .route(
            "/fail",
            on_get(async |session: Session| (StatusCode::BAD_GATEWAY, write(session).await)),
        )
        .route("/panic", on_get(panic))
        .route("/large", on_get(large))
        .route("/empty", on_get(async |session: Session| session.clear()))
}

async fn read(session: Session) -> session_runtime::Result<String> {
    Ok(session.get("name")?.unwrap_or_else(|| "nobody".to_owned()))
}

async fn write(session: Session) -> session_runtime::Result<&'static str> {
    session.set("name", "Ada")?;
    Ok("ok")
}

#[login_required]
async fn account() {}

async fn panic(session: Session) -> &'static str {
    session.set("name", "Ada").unwrap();
    panic!("on purpose")
}

async fn large(session: Session) -> session_runtime::Result<&'static str> {
    let noise: String = (0..160)
        .map(|_| String::from_utf8(SecretKey::generate().expose_secret().to_vec()).unwrap())
        .collect();
    session.set("noise", noise)?;
    Ok("ok")
}

#[tokio::test]
async fn a_route_that_does_not_look_says_nothing_of_the_session() {
    let app = app();
    let cookie = get(&app, "/write", "").await.cookie();
    for path in ["/untouched", "/extracted"] {
        for cookie in ["", &cookie] {
            let answer = get(&app, path, cookie).await;
            assert_eq!(answer.status, StatusCode::OK);
            for name in [SET_COOKIE, VARY, CACHE_CONTROL] {
                assert_eq!(answer.header(&name), "", "{path} {name}");
            }
        }
    }
}

#[tokio::test]
async fn a_look_is_said_in_vary_and_sends_no_cookie() {
    let app = app();
    let cookie = get(&app, "/write", "").await.cookie();
    for cookie in ["", &cookie] {
        let answer = get(&app, "/read", cookie).await;
        assert_eq!(answer.header(VARY), "Cookie");
        assert_eq!(answer.header(SET_COOKIE), "");
        assert_eq!(answer.header(CACHE_CONTROL), "");
    }
}

#[tokio::test]
async fn a_change_sends_the_cookie_once_and_is_not_to_be_stored() {
    let app = app();
    let answer = get(&app, "/write", "").await;
    assert_eq!(answer.headers.get_all(SET_COOKIE).iter().count(), 1);
    assert_eq!(answer.header(VARY), "Cookie");
    assert_eq!(answer.header(CACHE_CONTROL), "no-store");
    assert_eq!(get(&app, "/read", &answer.cookie()).await.text, "Ada");
}

#[tokio::test]
async fn a_change_to_what_is_there_already_sends_nothing() {
    let app = app();
    let cookie = get(&app, "/write", "").await.cookie();
    assert_eq!(get(&app, "/write", &cookie).await.header(SET_COOKIE), "");
}

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
async fn a_login_and_a_logout_make_the_browser_forget_what_it_fetched_ahead_and_other_changes_do_not()
 {
    let app = Router::new()
        .route(
            "/login/{id}",
            on_get(async |session: Session, Path(id): Path<u64>| session.set("user_id", id)),
        )
        .route(
            "/logout",
            on_get(async |session: Session| session.pop::<u64>("user_id").map(drop)),
        )
        .route("/write", on_get(write))
        .route(
            "/clear",
            on_get(async |session: Session| {
                session.clear()?;
                Ok::<_, SessionError>([("clear-site-data", "\"cache\"")])
            }),
        )
        .layer(layer());
    let ours = r#""prefetchCache", "prerenderCache""#;
    let mut cookie = String::new();
    for (path, expected) in [
        ("/write", vec![]),
        ("/login/1", vec![ours]),
        ("/login/1", vec![]),
        ("/login/2", vec![ours]),
        ("/logout", vec![ours]),
        ("/logout", vec![]),
        ("/login/1", vec![ours]),
        ("/clear", vec!["\"cache\"", ours]),
    ] {
        let answer = get(&app, path, &cookie).await;
        let said: Vec<_> = answer.headers.get_all("clear-site-data").iter().collect();
        assert_eq!(said, expected, "{path}");
        if answer.headers.contains_key(SET_COOKIE) {
            cookie = answer.cookie();
        }
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
async fn without_a_layer_a_handler_answers_500_and_the_log_says_what_to_add() {
    let log = Log::new();
    let answer = get(&routes(), "/read", "").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.text, "Something went wrong on our side.");
    let text = log.text();
    assert!(
        text.contains("`GET /read` needs the session, but no `SessionLayer` is around it"),
        "{text}"
    );
    assert!(text.contains(".layer(SessionLayer::new(config))"), "{text}");
}

#[tokio::test]
async fn one_cookie_name_around_a_route_twice_is_found_and_said() {
    let log = Log::new();
    let app = app().layer(layer());
    let answer = get(&app, "/untouched", "").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        log.text()
            .contains("two `SessionLayer`s around this route both use the cookie `__Host-session`"),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn layers_with_different_cookie_names_live_around_one_route() {
    async fn both(sessions: Sessions) -> Result<String, Refusal> {
        let outer = sessions.named("__Host-outer").await?;
        let inner = sessions.named("__Host-inner").await?;
        outer.set("who", "outer")?;
        inner.set("who", "inner")?;
        Ok("ok".to_owned())
    }
    let named = |name: &str| {
        let config = SessionConfig::new(SecretKey::generate());
        SessionLayer::new(config.cookie(CookieSettings::new().name(name)).unwrap())
    };
    let who = async |session: Session| session.get::<String>("who").map(Option::unwrap_or_default);
    let app = Router::new()
        .route("/both", on_get(both))
        .route("/who", on_get(who))
        .route(
            "/none",
            on_get(async |sessions: Sessions| sessions.named("other").await.map(|_| "found")),
        )
        .layer(named("__Host-inner"))
        .layer(named("__Host-outer"));
    let answer = get(&app, "/both", "").await;
    assert_eq!(answer.headers.get_all(SET_COOKIE).iter().count(), 2);
    assert_eq!(get(&app, "/who", &answer.cookie()).await.text, "inner");
    assert_eq!(
        get(&app, "/none", "").await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
}

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
async fn an_emptied_session_deletes_its_cookie_and_an_empty_one_deletes_nothing() {
    let app = app();
    let cookie = get(&app, "/write", "").await.cookie();
    let answer = get(&app, "/empty", &cookie).await;
    assert!(
        answer.header(SET_COOKIE).contains("Max-Age=0"),
        "{}",
        answer.header(SET_COOKIE)
    );
    assert_eq!(get(&app, "/empty", "").await.header(SET_COOKIE), "");
    assert_eq!(
        get(&app, "/empty", "__Host-session=somebody-elses")
            .await
            .header(SET_COOKIE),
        ""
    );
}

#[tokio::test]
async fn whatever_a_client_sends_as_a_cookie_opens_an_empty_session() {
    let app = app();
    let cookie = get(&app, "/write", "").await.cookie();
    let value = cookie.strip_prefix("__Host-session=").unwrap();
    let mut sent: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b".".to_vec(),
        b"\xff\xfe".to_vec(),
        vec![b'a'; 100_000],
        b"\"".to_vec(),
    ];
    for at in 0..value.len() {
        let mut changed = value.as_bytes().to_vec();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        sent.push(changed);
        sent.push(value.as_bytes()[..at].to_vec());
    }
    for value in sent {
        let header = [b"__Host-session=", value.as_slice()].concat();
        let answer = send(&app, Request::get("/read").header(COOKIE, header)).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (StatusCode::OK, "nobody"),
            "{}",
            String::from_utf8_lossy(&value)
        );
        assert_eq!(answer.header(SET_COOKIE), "");
    }
}

#[tokio::test]
async fn a_rejected_cookie_is_logged_with_both_causes_and_the_setting_and_without_the_cookie() {
    let cookie = get(&app(), "/write", "").await.cookie();
    let log = Log::new();
    assert_eq!(get(&app(), "/read", &cookie).await.text, "nobody");
    let text = log.text();
    assert!(
        text.contains("signed with another key, or altered"),
        "{text}"
    );
    assert!(text.contains("SECRET_KEY_FALLBACKS"), "{text}");
    assert!(
        !text.contains(cookie.strip_prefix("__Host-session=").unwrap()),
        "{text}"
    );
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

#[tokio::test]
async fn vary_and_cache_control_of_the_handler_are_merged() {
    async fn own(session: Session) -> session_runtime::Result<impl IntoResponse> {
        session.set("name", "Ada")?;
        Ok((
            [
                ("vary", "Accept-Encoding"),
                ("cache-control", "public, max-age=60"),
            ],
            "ok",
        ))
    }
    let app = Router::new().route("/own", on_get(own)).layer(layer());
    let answer = get(&app, "/own", "").await;
    assert_eq!(answer.header(VARY), "Accept-Encoding, Cookie");
    assert_eq!(answer.header(CACHE_CONTROL), "no-store");
}

#[tokio::test]
async fn a_slow_read_does_not_undo_a_newer_write() {
    let clock = Clock::manual(1_700_000_000);
    let app = routes().layer(SessionLayer::new(
        SessionConfig::new(SecretKey::generate()).clock(clock.clone()),
    ));
    let old = get(&app, "/write", "").await.cookie();
    clock.advance(Duration::from_secs(60));
    // The slow answer says nothing of the cookie, so it cannot undo whatever came meanwhile.
    assert_eq!(get(&app, "/read", &old).await.header(SET_COOKIE), "");
}
