//! A response that says of the session's cookie what the configuration does not.

#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test panics")]

#[allow(dead_code, reason = "each test program uses a part")]
mod common;

use axum::Router;
use axum::response::IntoResponse;
use common::get;
use http::StatusCode;
use http::header::SET_COOKIE;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::{CookieAttributes, Refusal, SameSite, SessionLayer, Sessions};

#[get("/plain")]
async fn plain(#[session(default)] visits: &mut u32) -> String {
    *visits += 1;
    visits.to_string()
}

#[get("/embedded")]
async fn embedded(#[session(default)] visits: &mut u32) -> (CookieAttributes, String) {
    *visits += 1;
    let attributes = CookieAttributes::new().same_site(SameSite::None);
    (attributes, visits.to_string())
}

#[get("/logout")]
#[session(clear)]
async fn logout() -> impl IntoResponse {
    let attributes = CookieAttributes::new().same_site(SameSite::None);
    (attributes, "good bye")
}

#[get("/contradiction")]
async fn contradiction(#[session(default)] visits: &mut u32) -> (CookieAttributes, String) {
    *visits += 1;
    let attributes = CookieAttributes::new()
        .secure(false)
        .same_site(SameSite::None);
    (attributes, visits.to_string())
}

#[get("/read")]
async fn read(#[session] visits: Option<u32>) -> (CookieAttributes, String) {
    (
        CookieAttributes::new().http_only(false),
        format!("{visits:?}"),
    )
}

fn app() -> Router {
    let layer = SessionLayer::new(SessionConfig::new(SecretKey::generate()));
    routes![plain, embedded, logout, contradiction, read].with_sessions(layer)
}

async fn set_cookie(app: &Router, path: &str, cookie: &str) -> String {
    get(app, path, cookie).await.header(SET_COOKIE)
}

#[tokio::test]
async fn they_count_for_that_response_alone() {
    let app = app();
    let embedded = set_cookie(&app, "/embedded", "").await;
    assert!(
        embedded.ends_with("; HttpOnly; SameSite=None; Secure; Path=/"),
        "{embedded}"
    );
    let plain = set_cookie(&app, "/plain", "").await;
    assert!(
        plain.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/"),
        "{plain}"
    );
}

#[tokio::test]
async fn the_cookie_keeps_its_name_so_that_it_is_the_same_one() {
    let app = app();
    let cookie = get(&app, "/embedded", "").await.cookie();
    assert!(cookie.starts_with("__Host-session="));
    assert_eq!(get(&app, "/plain", &cookie).await.text, "2");
}

#[tokio::test]
async fn deleting_carries_them_too() {
    let app = app();
    let cookie = get(&app, "/embedded", "").await.cookie();
    let deleted = set_cookie(&app, "/logout", &cookie).await;
    assert!(
        deleted.contains("; SameSite=None") && deleted.contains("; Max-Age=0"),
        "{deleted}"
    );
}

#[tokio::test]
async fn a_response_that_sends_no_cookie_sends_none_for_them() {
    let app = app();
    let cookie = get(&app, "/plain", "").await.cookie();
    assert_eq!(set_cookie(&app, "/read", &cookie).await, "");
}

#[tokio::test]
async fn attributes_that_a_browser_would_refuse_are_an_error_and_nothing_is_saved() {
    let answer = get(&app(), "/contradiction", "").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.header(SET_COOKIE), "");
}

#[tokio::test]
async fn they_are_for_the_innermost_layers_cookie_alone() {
    let layer = |name| {
        let config = SessionConfig::new(SecretKey::generate());
        let settings = config.cookie_settings().clone().name(name);
        SessionLayer::new(config.cookie(settings).unwrap())
    };
    async fn outer_alone(sessions: Sessions) -> Result<(CookieAttributes, &'static str), Refusal> {
        sessions.named("outer").await?.set("a", 1)?;
        let attributes = CookieAttributes::new().same_site(SameSite::None);
        Ok((attributes, "ok"))
    }
    let app = Router::new()
        .route("/", axum::routing::get(outer_alone))
        .layer(layer("inner"))
        .layer(layer("outer"));
    let set = set_cookie(&app, "/", "").await;
    assert!(
        set.starts_with("outer=") && set.contains("SameSite=Lax"),
        "{set}"
    );
}

#[tokio::test]
async fn several_sessions_show_no_header_in_their_debug_text() {
    async fn shown(sessions: Sessions) -> String {
        format!("{sessions:?}")
    }
    let config = SessionConfig::new(SecretKey::generate());
    let app = Router::new()
        .route("/", axum::routing::get(shown))
        .layer(SessionLayer::new(config));
    assert!(
        !get(&app, "/", "__Host-session=secret")
            .await
            .text
            .contains("secret")
    );
}
