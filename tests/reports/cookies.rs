//! Cookies: two of one name, too large, and with the wrong life.

use std::time::Duration;

use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;

#[post("/login")]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<()> {
    user_id.set(1)
}

#[get("/")]
async fn index(#[session] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

/// expressjs/session #549, code-dot-org/code-dot-org pull request 74198, jitsucom/jitsu pull request 1361.
#[tokio::test]
async fn of_two_cookies_of_one_name_the_valid_one_counts_so_logging_in_again_helps() {
    let client = TestClient::new(|sessions| routes![login, index].with_sessions(sessions));
    client.post("/login").await;
    let name = "__Host-session";
    let valid = client.cookies().get(name).unwrap();
    let (_, rest) = valid.split_at(1);
    let other = TestClient::new(|sessions| routes![login, index].with_sessions(sessions));
    other.post("/login").await;
    let foreign = other.cookies().get(name).unwrap();
    for stale in [format!("A{rest}"), foreign, String::new(), "old".to_owned()] {
        for both in [
            format!("{name}={stale}; {name}={valid}"),
            format!("{name}={valid}; {name}={stale}"),
        ] {
            let answer = client.get("/").header("cookie", &both).await;
            assert_eq!(
                (answer.status().as_u16(), answer.text().as_str()),
                (200, "Some(1)"),
                "{both}"
            );
        }
    }
}

#[post("/grow/{bytes}")]
async fn grow(
    axum::extract::Path(bytes): axum::extract::Path<usize>,
    session: Session,
) -> Result<()> {
    session.set("small", 1)?;
    session.set("noise", noise(bytes))
}

/// Text that no compression makes shorter than its base64.
fn noise(bytes: usize) -> String {
    // A linear congruential generator: the same text in every run.
    let mut state = 1_u64;
    let letter = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from(
            b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
                [(state >> 58) as usize],
        )
    };
    std::iter::repeat_with(letter).take(bytes).collect()
}

/// rails/rails #54838.
#[tokio::test]
async fn the_size_limit_counts_the_name_and_a_cookie_over_it_is_an_error_and_never_sent() {
    let name = "__Host-a-name-of-forty-bytes-counts-with-it";
    let config = SessionConfig::new(SecretKey::generate())
        .cookie(session_runtime::CookieSettings::new().name(name))
        .unwrap();
    let client = TestClient::with_config(config, |sessions| routes![grow].with_sessions(sessions));
    let (mut kept, mut refused) = (0, 0);
    for bytes in 3_850..4_000 {
        let answer = client.post(format!("/grow/{bytes}")).await;
        match answer.set_cookie().first() {
            Some(line) => {
                let pair = line.split(';').next().unwrap();
                assert!(pair.len() - "=".len() <= 4_096, "{}", pair.len());
                kept = kept.max(pair.len() - "=".len());
            }
            None => {
                assert_eq!(answer.status().as_u16(), 500);
                refused += 1;
            }
        }
    }
    assert!(kept > 4_090, "the largest that was sent has {kept} bytes");
    assert!(refused > 0);
}

#[post("/ten_minutes")]
async fn ten_minutes(session: Session) -> Result<()> {
    session.set("user_id", 1)?;
    session.set_lifetime(Duration::from_secs(600))
}

#[post("/with_the_browser")]
async fn with_the_browser(session: Session) -> Result<()> {
    session.set_permanent(false)
}

/// maxcountryman/tower-sessions #178 and #147.
#[tokio::test]
async fn a_lifetime_set_for_one_session_is_in_its_cookie_and_ends_it_and_can_be_taken_back() {
    let client = TestClient::new(|sessions| {
        routes![ten_minutes, with_the_browser, index].with_sessions(sessions)
    });
    let now = client.clock().now();
    client.post("/ten_minutes").await;
    assert_eq!(client.cookies().expires("__Host-session"), Some(now + 600));
    client.clock().advance(Duration::from_secs(59));
    assert_eq!(client.get("/").await.text(), "Some(1)");

    let back = client.post("/with_the_browser").await;
    let line = back.set_cookie()[0];
    assert!(
        !line.contains("Expires") && !line.contains("Max-Age"),
        "{line}"
    );
    client.restart_browser();
    assert_eq!(client.get("/").await.text(), "None");

    client.post("/ten_minutes").await;
    let cookie = client.cookies().get("__Host-session").unwrap();
    client.clock().advance(Duration::from_secs(601));
    let replayed = client
        .get("/")
        .header("cookie", format!("__Host-session={cookie}"))
        .await;
    assert_eq!(
        replayed.text(),
        "None",
        "whatever the client did to its own copy"
    );
}

/// pow-auth/pow #435 tells of it for stores: an answer that changes nothing must not say anything of the cookie.
#[tokio::test]
async fn a_session_that_only_reads_sends_no_cookie_at_all() {
    let client = TestClient::new(|sessions| routes![index].with_sessions(sessions));
    client.set_session(json!({"user_id": 1})).await;
    assert!(client.get("/").await.set_cookie().is_empty());
}
