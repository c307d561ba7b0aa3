//! What Flask writes with tags, as handlers of a session in Flask's settings see it and leave it.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

#[allow(
    dead_code,
    unreachable_pub,
    reason = "each test program uses a part of it"
)]
mod common;

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::get;
use common::get as visit;
use session_runtime::prelude::*;
use session_runtime::signing::{Digest, SecretKey, TokenSigner};
use session_runtime::{Clock, SessionConfig, SessionLayer, flask};

const NOW: u64 = 1_700_000_000;

fn key() -> SecretKey {
    SecretKey::dangerous("secret")
}

fn signer() -> TokenSigner {
    TokenSigner::builder(key())
        .salt("cookie-session")
        .digest(Digest::Sha1)
        .build()
}

fn layer(config: SessionConfig) -> SessionLayer {
    SessionLayer::new(config.clock(Clock::manual(NOW)))
}

/// The cookie that Flask sets for this payload.
fn cookie(payload: &str) -> String {
    format!("session={}", signer().sign(payload.as_bytes(), NOW))
}

/// The payload of the cookie in an answer; nothing if it has none.
fn payload(answer: &common::Answer) -> Option<String> {
    let cookie = answer.cookie();
    let token = cookie.strip_prefix("session=")?;
    let verified = signer().verify(token).unwrap();
    Some(String::from_utf8(verified.payload).unwrap())
}

const FLASKS: &str = r#"{"at":{" d":"Tue, 14 Nov 2023 22:13:20 GMT"},"html":{" m":"<b>"},"id":{" u":"00000000000000000000000000000001"},"pair":{" t":[7,"x"]},"raw":{" b":"//4="}}"#;

#[get("/read")]
async fn read(
    #[session] pair: Option<(u32, String)>,
    #[session] raw: Vec<u8>,
    session: Session,
) -> Result<String> {
    let texts: Vec<Option<String>> = ["html", "id", "at"]
        .into_iter()
        .map(|key| session.get(key))
        .collect::<Result<_>>()?;
    Ok(format!("{pair:?} {raw:?} {texts:?}"))
}

#[get("/push")]
async fn push(
    #[session(default)] pair: &mut Vec<serde_json::Value>,
    session: Session,
) -> Result<()> {
    if session.contains("push") {
        pair.push(true.into());
    }
    Ok(())
}

fn app() -> Router {
    // Not in one list: they read one key as two types, on purpose.
    let (read, push): (Routes, Routes) = (routes![read], routes![push]);
    read.without_sessions()
        .merge(push.without_sessions())
        .layer(layer(SessionConfig::flask(key())))
}

#[tokio::test]
async fn tags_are_read_as_what_they_mean_and_nothing_is_sent() {
    let answer = visit(&app(), "/read", &cookie(FLASKS)).await;
    assert_eq!(
        answer.text,
        r#"Some((7, "x")) [255, 254] [Some("<b>"), Some("00000000-0000-0000-0000-000000000001"), Some("Tue, 14 Nov 2023 22:13:20 GMT")]"#
    );
    assert_eq!(payload(&answer), None);
}

#[tokio::test]
async fn a_tuple_that_a_handler_borrowed_and_left_alone_stays_one() {
    let answer = visit(&app(), "/push", &cookie(FLASKS)).await;
    assert_eq!(payload(&answer), None);
}

#[tokio::test]
async fn a_tuple_that_a_handler_changed_is_a_list_and_the_others_stay_byte_for_byte() {
    let answer = visit(
        &app(),
        "/push",
        &cookie(&FLASKS.replace("\"raw\"", "\"push\":1,\"raw\"")),
    )
    .await;
    let expected = FLASKS
        .replace(r#"{" t":[7,"x"]}"#, r#"[7,"x",true]"#)
        .replace("\"raw\"", "\"push\":1,\"raw\"");
    assert_eq!(payload(&answer), Some(expected));
}

#[tokio::test]
async fn what_looks_like_a_tag_is_escaped_for_flask_and_reads_back() {
    async fn set(session: Session) -> Result<()> {
        session.set("odd", BTreeMap::from([(" t", [1])]))?;
        session.set("even", BTreeMap::from([(" t", 1), (" b", 2)]))
    }
    async fn get_odd(session: Session) -> Result<String> {
        Ok(format!(
            "{:?}",
            session.get::<BTreeMap<String, Vec<u8>>>("odd")?
        ))
    }
    let app = Router::new()
        .route("/set", get(set))
        .route("/get", get(get_odd))
        .layer(layer(SessionConfig::flask(key())));
    let answer = visit(&app, "/set", "").await;
    assert_eq!(
        payload(&answer).as_deref(),
        Some(r#"{"even":{" b":2," t":1},"odd":{" di":{" t__":[1]}}}"#)
    );
    let answer = visit(&app, "/get", &answer.cookie()).await;
    assert_eq!(answer.text, r#"Some({" t": [1]})"#);
}

#[tokio::test]
async fn only_flasks_settings_know_tags() {
    async fn handler(session: Session) -> Result<String> {
        session.set("odd", BTreeMap::from([(" t", [1])]))?;
        Ok(session
            .get::<serde_json::Value>("pair")?
            .unwrap_or_default()
            .to_string())
    }
    let config = SessionConfig::new(key())
        .digest(Digest::Sha1)
        .cookie(session_runtime::CookieSettings::flask())
        .unwrap();
    let app = Router::new().route("/", get(handler)).layer(layer(config));
    let answer = visit(&app, "/", &cookie(r#"{"pair":{" t":[7]},"a":{" t":5}}"#)).await;
    assert_eq!(answer.text, r#"{" t":[7]}"#);
    assert_eq!(
        payload(&answer).as_deref(),
        Some(r#"{"pair":{" t":[7]},"a":{" t":5},"odd":{" t":[1]}}"#)
    );
}

#[tokio::test]
async fn a_value_that_python_has_is_written_as_flask_writes_it() {
    async fn handler(session: Session) -> Result<()> {
        let place = flask::Value::tuple(["Paris".into(), flask::Value::new(2.35)]);
        flask::set(&session, "v", flask::Value::dict([(" t", place)]))
    }
    let app = Router::new()
        .route("/", get(handler))
        .layer(layer(SessionConfig::flask(key())));
    let answer = visit(&app, "/", "").await;
    assert_eq!(
        payload(&answer).as_deref(),
        Some(r#"{"v":{" di":{" t__":{" t":["Paris",2.35]}}}}"#)
    );
}
