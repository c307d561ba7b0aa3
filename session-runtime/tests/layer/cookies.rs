//! What becomes of cookies that open nothing, and what the log says of them.

use axum::Router;
use axum::routing::get as on_get;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderValue, Request, StatusCode};
use session_runtime::signing::SecretKey;
use session_runtime::store::MemoryStore;
use session_runtime::{Session, SessionConfig, SessionLayer, login_required};

use super::app;
use crate::common::{Log, get, send};

#[tokio::test]
async fn a_cookie_that_is_no_text_is_passed_over_without_a_word() {
    let app = app();
    let cookie = get(&app, "/write", "").await.cookie();
    let lines = [
        [b"__Host-session=\xff; ", cookie.as_bytes()].concat(),
        [cookie.as_bytes(), b"; __Host-session=\"\\377\""].concat(),
    ];
    for line in lines {
        let log = Log::new();
        let line = HeaderValue::from_bytes(&line).unwrap();
        let answer = send(&app, Request::get("/read").header(COOKIE, line)).await;
        assert_eq!(answer.text, "Ada");
        assert!(!log.text().contains("cookie"), "{}", log.text());
    }
    let log = Log::new();
    get(&app, "/read", "__Host-session=altered").await;
    assert!(
        log.text().contains("a session cookie is malformed"),
        "{}",
        log.text()
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

/// What browsers keep from other sites and from plain HTTP is the name with its prefix, byte for byte. Whoever took another
/// spelling for it would take a cookie that a sibling domain has set.
#[tokio::test]
async fn no_other_spelling_of_the_name_is_the_sessions_cookie() {
    let app = app();
    let cookie = get(&app, "/write", "").await.cookie();
    for spelled in [
        "\u{2000}__Host-session",
        "\u{a0}__Host-session",
        "\u{85}__Host-session",
        "__Host-session\u{2000}",
        "__host-session",
        "%5F%5FHost-session",
        "\"__Host-session\"",
        "=__Host-session",
        "__Host-session[]",
        "$Version=1,__Host-session",
        "$Version=1, __Host-session",
        "x=\"__Host-session",
    ] {
        let line = cookie.replacen("__Host-session", spelled, 1);
        let request = Request::get("/read").header(COOKIE, line.as_bytes());
        assert_eq!(send(&app, request).await.text, "nobody", "{line}");
    }
}

#[login_required]
async fn account() {}

async fn log_in(session: Session) -> session_runtime::Result<()> {
    session.set("user_id", 1)?;
    session.remember()
}

/// Each costs an HMAC for every key, and a header has room for thousands.
#[tokio::test]
async fn of_a_flood_of_cookies_that_remember_only_the_first_are_looked_at() {
    let in_cookies = SessionConfig::new(SecretKey::generate());
    let in_a_store = in_cookies.clone().store(MemoryStore::new());
    for config in [in_cookies, in_a_store] {
        let app = Router::new()
            .route("/login", on_get(log_in))
            .route("/account", on_get(account))
            .layer(SessionLayer::new(config));
        let set = get(&app, "/login", "").await.cookie();
        let remembered = set
            .split("; ")
            .find(|set| set.starts_with("__Host-remember="));
        let after = async |others: usize| {
            let others = "__Host-remember=e30.ZVPxAA.AAAA; ".repeat(others);
            let line = [&others, remembered.unwrap()].concat();
            get(&app, "/account", &line).await.status
        };
        assert_eq!(after(15).await, StatusCode::OK);
        assert_eq!(after(16).await, StatusCode::UNAUTHORIZED);
    }
}
