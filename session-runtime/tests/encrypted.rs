//! Sessions that are encrypted, seen from outside: what a visitor can read and alter, and what an operator can change.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    dead_code,
    reason = "a test panics, and uses a part of what tests share"
)]

mod common;

use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::routing::get as on_get;
use common::Log;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;
use session_runtime::{Session, SessionConfig, SessionLayer};

const NAME: &str = "__Host-session";

fn app(sessions: SessionLayer) -> Router {
    let read = async |session: Session| -> session_runtime::Result<String> {
        Ok(session.get("city")?.unwrap_or_else(|| "nowhere".to_owned()))
    };
    let write = async |session: Session, Path(city): Path<String>| session.set("city", city);
    let fill =
        async |session: Session, Path(length): Path<usize>| session.set("city", "x".repeat(length));
    Router::new()
        .route("/read", on_get(read))
        .route("/write/{city}", on_get(write))
        .route("/fill/{length}", on_get(fill))
        .layer(sessions)
}

fn encrypted(key: &SecretKey) -> SessionConfig {
    SessionConfig::new(key.clone()).encrypted()
}

fn client(config: SessionConfig) -> TestClient {
    TestClient::with_config(config, app)
}

/// A visitor whose session says Reykjavik, and the cookie that it is in.
async fn visitor(config: SessionConfig) -> (TestClient, String) {
    let client = client(config);
    assert_eq!(client.get("/write/Reykjavik").await.status(), 200);
    let cookie = client.cookies().get(NAME).unwrap();
    (client, cookie)
}

/// What an application of `config` reads in `cookie`.
async fn read(config: SessionConfig, cookie: &str) -> String {
    let client = client(config);
    client.cookies().set(NAME, cookie);
    let answer = client.get("/read").await;
    assert_eq!(answer.status(), 200);
    answer.text()
}

#[tokio::test]
async fn an_encrypted_session_comes_back() {
    for config in [SessionConfig::new, SessionConfig::flask] {
        let client = client(config(SecretKey::generate()).encrypted());
        client.get("/write/Reykjavik").await;
        assert_eq!(client.get("/read").await.text(), "Reykjavik");
        client.get("/write/Akureyri").await;
        assert_eq!(client.get("/read").await.text(), "Akureyri");
    }
}

#[tokio::test]
async fn neither_names_nor_values_show_in_the_cookie() {
    let key = SecretKey::generate();
    let (_, cookie) = visitor(encrypted(&key)).await;
    let (_, signed) = visitor(SessionConfig::new(key)).await;
    let payload = r#"{"city":"Reykjavik"}"#;
    let readable = signed.split('.').next().unwrap();
    assert_eq!(readable, "eyJjaXR5IjoiUmV5a2phdmlrIn0");
    // Any eight characters of it stand for six bytes, wherever the text begins.
    for part in readable.as_bytes().windows(8) {
        assert!(!cookie.as_bytes().windows(8).any(|other| other == part));
    }
    assert!(!cookie.contains("Reykjavik"));
    assert_eq!(cookie.len(), ((payload.len() + 53) * 4).div_ceil(3));
}

#[tokio::test]
async fn the_same_session_is_another_cookie_each_time() {
    let config = encrypted(&SecretKey::generate());
    let ((_, one), (_, another)) = (visitor(config.clone()).await, visitor(config).await);
    assert_ne!(one, another);
    assert_eq!(one.len(), another.len());
}

#[tokio::test]
async fn a_tampered_cookie_is_an_empty_session_and_no_error() {
    let key = SecretKey::generate();
    let (_, cookie) = visitor(encrypted(&key)).await;
    for at in 0..cookie.len() {
        let other = if &cookie[at..=at] == "A" { "B" } else { "A" };
        let changed = format!("{}{other}{}", &cookie[..at], &cookie[at + 1..]);
        for tampered in [&changed, &cookie[..at]] {
            assert_eq!(
                read(encrypted(&key), tampered).await,
                "nowhere",
                "{tampered}"
            );
        }
    }
    assert_eq!(read(encrypted(&key), &cookie).await, "Reykjavik");
}

#[tokio::test]
async fn keys_are_rotated_with_fallbacks_and_the_next_change_is_under_the_new_one() {
    let [oldest, old, new] = [(); 3].map(|()| SecretKey::generate());
    let rotated = || encrypted(&new).fallbacks([oldest.clone(), old.clone()]);
    for key in [&oldest, &old] {
        let (_, cookie) = visitor(encrypted(key)).await;
        assert_eq!(read(encrypted(&new), &cookie).await, "nowhere");
        let client = client(rotated());
        client.cookies().set(NAME, &cookie);
        assert_eq!(client.get("/read").await.text(), "Reykjavik");
        client.get("/write/Akureyri").await;
        let rewritten = client.cookies().get(NAME).unwrap();
        assert_eq!(read(encrypted(&new), &rewritten).await, "Akureyri");
        assert_eq!(read(encrypted(key), &rewritten).await, "nowhere");
    }
}

#[tokio::test]
async fn another_salt_is_another_application() {
    let key = SecretKey::generate();
    let (_, cookie) = visitor(encrypted(&key)).await;
    assert_eq!(
        read(encrypted(&key).salt("admin"), &cookie).await,
        "nowhere"
    );
}

#[tokio::test]
async fn a_session_expires_by_the_time_at_which_it_was_sealed() {
    let hour = Duration::from_secs(3600);
    let config = encrypted(&SecretKey::generate()).browser_lifetime(hour);
    let (client, cookie) = visitor(config).await;
    client.clock().advance(hour);
    // Asking would send it again.
    let late = client.another();
    late.cookies().set(NAME, &cookie);
    assert_eq!(late.get("/read").await.text(), "Reykjavik");
    client.clock().advance(Duration::from_secs(1));
    assert_eq!(client.get("/read").await.text(), "nowhere");
}

#[tokio::test]
async fn the_limit_counts_the_cookie_as_it_is_sent() {
    let client = client(encrypted(&SecretKey::generate()));
    // `{"city":"…"}` of 3008 bytes: 4082 characters, and 14 of the name. It would pack well, and is not packed.
    assert_eq!(client.get("/fill/2997").await.status(), 200);
    let size = NAME.len() + client.cookies().get(NAME).unwrap().len();
    assert_eq!(size, 4096);
    let log = Log::new();
    let answer = client.get("/fill/2998").await;
    assert_eq!(
        (answer.status().as_u16(), answer.set_cookie().len()),
        (500, 0)
    );
    let log = log.text();
    assert!(
        log.contains("the cookie would have 4097 bytes and browsers keep 4096"),
        "{log}"
    );
    assert!(log.contains("`city` (3000 bytes)"), "{log}");
}

#[tokio::test]
async fn signed_and_encrypted_sessions_are_not_taken_for_each_other() {
    let key = SecretKey::generate();
    let (_, sealed) = visitor(encrypted(&key)).await;
    let (_, signed) = visitor(SessionConfig::new(key.clone())).await;
    assert_eq!(
        read(SessionConfig::new(key.clone()), &sealed).await,
        "nowhere"
    );
    let log = Log::new();
    assert_eq!(read(encrypted(&key), &signed).await, "nowhere");
    let log = log.text();
    assert!(
        log.contains("was it signed before the application began to encrypt?"),
        "{log}"
    );
    assert!(!log.contains(&signed), "{log}");
}

#[tokio::test]
async fn sessions_that_were_signed_are_read_until_a_day_and_written_encrypted() {
    let key = SecretKey::generate();
    let before = SessionConfig::new(key.clone());
    let (_, signed) = visitor(before.clone()).await;
    let client = client(encrypted(&key).also_read(before, "2999-12-31").unwrap());
    client.cookies().set(NAME, &signed);
    assert_eq!(client.get("/read").await.text(), "Reykjavik");
    let cookie = client.cookies().get(NAME).unwrap();
    assert_eq!(read(encrypted(&key), &cookie).await, "Reykjavik");
}

#[tokio::test]
async fn what_is_in_a_session_is_in_no_debug_text_of_the_configuration() {
    let key = SecretKey::generate();
    let config = encrypted(&key);
    let text = String::from_utf8(key.expose_secret().to_vec()).unwrap();
    let shown = format!("{config:?} {:?}", config.serializer());
    assert!(shown.contains("encrypted: true"), "{shown}");
    assert!(!shown.contains(&text), "{shown}");
}
