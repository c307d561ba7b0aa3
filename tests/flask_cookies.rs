//! 1,614 cookies and what real Flask made of each (`tests/data/flask/README.md`), opened by a router as `SessionConfig` of
//! the same settings opens them: same data, or an empty session, and never an error.

mod tagged;
mod vectors;

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{Request, StatusCode};
use axum::routing::get;
use serde_json::{Map, Value};
use session_runtime::signing::SecretKey;
use session_runtime::{Clock, Session, SessionConfig, SessionLayer};
use tagged::plain;
use tower::ServiceExt;
use vectors::{Outcome, Vector, vectors};

#[tokio::test]
async fn every_cookie_opens_as_it_does_in_flask() {
    let vectors = vectors();
    let (mut opened, mut stricter) = (0, 0);
    for (at, vector) in vectors.iter().enumerate() {
        let name = format!(
            "vector {at} ({}, {:?}): {}",
            vector.kind, vector.outcome, vector.cookie
        );
        let data = open(vector, &name).await;
        match (vector.outcome, data) {
            (Outcome::Session, Some(data)) => {
                opened += 1;
                if let Some(expected) = &vector.data {
                    assert_eq!(Value::Object(data), plain(expected), "{name}");
                }
            }
            (Outcome::Session, None) => {
                stricter += 1;
                // A session that Flask opened and that holds nothing looks the same as none.
                assert!(
                    vector.strict
                        || vector
                            .data
                            .as_ref()
                            .and_then(Value::as_object)
                            .is_some_and(Map::is_empty),
                    "{name}"
                );
            }
            (Outcome::Empty | Outcome::Error, data) => assert_eq!(data, None, "{name}"),
        }
    }
    assert!(
        opened > 400,
        "{opened} sessions opened, {stricter} were read as empty"
    );
}

/// What a handler sees of the session, or `None` if it is empty.
async fn open(vector: &Vector, name: &str) -> Option<Map<String, Value>> {
    let config = SessionConfig::flask(SecretKey::dangerous(vector.secret.clone()))
        .fallbacks(
            vector
                .fallbacks
                .iter()
                .map(|secret| SecretKey::dangerous(secret.clone())),
        )
        .salt(&vector.salt)
        .digest(vector.digest.parse().unwrap())
        .key_derivation(vector.key_derivation.parse().unwrap())
        .permanent_lifetime(Duration::from_secs(vector.lifetime))
        .clock(Clock::manual(vector.now));
    let app: Router = Router::new()
        .route("/", get(dump))
        .layer(SessionLayer::new(config));
    let request = Request::get("/").header(COOKIE, header(&vector.cookie));
    let response = app
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{name}");
    let deletes = response
        .headers()
        .get_all(SET_COOKIE)
        .iter()
        .any(|line| line.to_str().unwrap().contains("Max-Age=0"));
    assert!(
        !deletes,
        "a cookie that cannot be read is left alone: {name}"
    );
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let data: Map<String, Value> = serde_json::from_slice(&body).unwrap();
    (!data.is_empty()).then_some(data)
}

/// All values, the reserved ones too, as JSON. What JSON cannot say is left out.
async fn dump(session: Session) -> String {
    let reserved = ["_permanent", "_fresh", "_created", "_epoch"].map(str::to_owned);
    let names = session
        .keys()
        .into_iter()
        .chain(reserved.into_iter().filter(|name| session.contains(name)));
    let values = names.map(|name| {
        let value = session
            .get::<Value>(&name)
            .ok()
            .flatten()
            .unwrap_or(Value::Null);
        (name, value)
    });
    Value::Object(values.collect()).to_string()
}

/// The cookie as a browser's header would carry it: quoted where it has what a header separates by.
fn header(cookie: &str) -> Vec<u8> {
    let needs_quotes = |byte: u8| {
        matches!(byte, b' ' | b'"' | b';' | b',' | b'\\') || !(0x21..0x7f).contains(&byte)
    };
    let mut text = b"session=".to_vec();
    if !cookie.bytes().any(needs_quotes) {
        text.extend(cookie.bytes());
        return text;
    }
    text.push(b'"');
    for byte in cookie.bytes() {
        match byte {
            b'"' | b'\\' => text.extend([b'\\', byte]),
            b';' | b',' | 0..0x20 | 0x7f.. => text.extend(format!("\\{byte:03o}").bytes()),
            _ => text.push(byte),
        }
    }
    text.push(b'"');
    text
}
