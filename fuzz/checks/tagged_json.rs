//! Tagged JSON: whatever was signed is a session or none, and what we write of a session reads as the same session.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::HeaderValue;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;
use session_runtime::signing::{Digest, SecretKey, TokenSigner};
use session_runtime::{CookieSerializer, EncodeError, Session, SessionConfig, SessionError, flask};

use super::exact::{self, Json};
use super::forge::{NOW, SECRET};
use super::visit::{cookie, visit};

static SIGNER: LazyLock<TokenSigner> =
    LazyLock::new(|| TokenSigner::new(SecretKey::dangerous(SECRET)));

static SERIALIZER: LazyLock<CookieSerializer> =
    LazyLock::new(|| SessionConfig::flask(SecretKey::dangerous(SECRET)).serializer());

/// The same without tags.
static PLAIN: LazyLock<CookieSerializer> = LazyLock::new(|| {
    let config = SessionConfig::new(SecretKey::dangerous(SECRET));
    config.digest(Digest::Sha1).serializer()
});

/// Takes the input as the payload of a session.
pub fn check(data: &[u8]) {
    let token = SIGNER.sign(data, NOW);
    beside_serde_json(&token, data);
    let loaded = [cookie(&token)];
    let before = visit(&loaded, look).seen;
    outside_a_request(&token, data, &before);

    // Only what nobody touched.
    let touched = visit(&loaded, |session| session.set("touched", 1).unwrap());
    let mut expected = before.clone();
    expected.insert("touched".to_owned(), Some(Json::Integer("1".to_owned())));
    assert_eq!(kept(&touched.cookie, &loaded), expected);

    // Everything that can be set.
    let rewritten = visit(&loaded, rewrite);
    assert_eq!(kept(&rewritten.cookie, &loaded), before);

    // Everything taken out.
    let emptied = visit(&loaded, |session| {
        let _ = flask::flashes(session);
        session.clear().unwrap();
    });
    assert_eq!(kept(&emptied.cookie, &loaded), BTreeMap::new());
}

/// What is a session is what serde_json reads as an object or as null, but for what Python alone writes, and what it refuses.
fn beside_serde_json(token: &str, payload: &[u8]) {
    let text = str::from_utf8(payload).unwrap_or_default();
    let is_json = serde_json::from_str::<IgnoredAny>(text).is_ok();
    let is_object = text.trim_ascii() == "null" || text.trim_ascii().starts_with('{');
    let is_opened = PLAIN.decode(token).is_ok();
    if is_opened != (is_json && is_object) {
        let is_python_only = text.contains("NaN") || text.contains("Infinity");
        let is_too_much = text.len() > 4_300 || text.matches(['[', '{']).count() > 320;
        let is_excused = if is_opened {
            is_python_only
        } else {
            is_too_much
        };
        assert!(is_excused, "opened: {is_opened}");
    }
}

/// The serializer opens what a request opens, and what it writes of that is the same session.
fn outside_a_request(token: &str, payload: &[u8], expected: &Values) {
    let Ok(decoded) = SERIALIZER.decode(token) else {
        assert_eq!(*expected, Values::new());
        return;
    };
    assert_eq!(decoded.json().as_bytes(), payload);
    match SERIALIZER.encode(decoded.json(), NOW) {
        Ok(encoded) => assert_eq!(visit(&[cookie(&encoded)], look).seen, *expected),
        // `null`, and what only Python writes.
        Err(EncodeError::NoSession) => assert_eq!(*expected, Values::new()),
        Err(error) => assert_eq!(error, EncodeError::PythonOnly),
    }
}

/// The values by their names; nothing where a value is one that only Python has.
type Values = BTreeMap<String, Option<Json>>;

fn look(session: &Session) -> Values {
    let value = |name: String| {
        let value = read(session, &name).map(|value| exact::read(&value));
        (name, value)
    };
    session.keys().into_iter().map(value).collect()
}

fn rewrite(session: &Session) {
    for name in session.keys() {
        if let Some(value) = read(session, &name) {
            flask::set(session, &name, flask::Value::new(value)).unwrap();
        }
    }
}

fn read(session: &Session, name: &str) -> Option<Box<RawValue>> {
    let _ = session.get::<Value>(name);
    match session.get::<Box<RawValue>>(name) {
        Ok(value) => Some(value.unwrap()),
        Err(SessionError::WrongType { .. }) => None,
        Err(error) => panic!("{name}: {error}"),
    }
}

/// What the visitor's next request finds: the new cookie's session, or that of the old one if it was left alone.
fn kept(cookie: &Option<HeaderValue>, before: &[HeaderValue]) -> Values {
    match cookie {
        Some(cookie) => visit(std::slice::from_ref(cookie), look).seen,
        None => visit(before, look).seen,
    }
}
