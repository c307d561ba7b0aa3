//! What a response says of the session, and what it leaves unsaid.

use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::response::IntoResponse;
use axum::routing::get as on_get;
use http::StatusCode;
use http::header::{CACHE_CONTROL, SET_COOKIE, VARY};
use session_runtime::signing::SecretKey;
use session_runtime::{Clock, Session, SessionConfig, SessionError, SessionLayer};

use super::{app, layer, routes, write};
use crate::common::get;

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
