//! What browsers make of cookies: several of one name, and one that is too large.

use std::time::Duration;

use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::{Stored, TestClient};
use session_runtime::{CookieSettings, SameSite};

use crate::kept::either_way;

const HOUR: Duration = Duration::from_secs(3600);

#[get("/")]
async fn index(#[session] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

#[post("/login")]
async fn login(#[session(set)] user_id: Slot<u64>) -> Result<()> {
    user_id.set(1)
}

#[post("/logout")]
#[session(clear)]
async fn logout() {}

/// expressjs/session #549, code-dot-org/code-dot-org #74198, jitsucom/jitsu #1361: after a change of the cookie's Domain
/// browsers send an old and a new cookie, the old first, and logging in again never helped.
#[tokio::test]
async fn a_login_helps_whatever_old_cookie_of_the_name_comes_first() {
    for (kept, config) in either_way() {
        let named = |settings: CookieSettings| {
            let settings = settings.name("session");
            client(config.clone().cookie(settings).unwrap())
        };
        for hours in [0, 1, 48] {
            let host_only = named(CookieSettings::new());
            let valid = cookie_of(&host_only).await;
            let leaving = host_only.another();
            let ended = cookie_of(&leaving).await;
            leaving.post("/logout").await;
            let foreign = cookie_of(&client(SessionConfig::new(SecretKey::generate()))).await;
            let altered = format!("{}x", &valid[..valid.len() - 1]);
            let half = valid[..valid.len() / 2].to_owned();
            // The valid one last: from then on it is worth nothing in a store.
            for stale in [ended, foreign, altered, half, String::new(), valid] {
                let client = named(CookieSettings::new().domain("shop.example"));
                client.cookies().add(&format!("session={stale}")).unwrap();
                client.clock().advance(HOUR * hours);
                assert_eq!(client.get("/").await.status(), 200, "{kept}, {stale}");

                client.post("/login").await;
                let sent = client.cookies().header("/");
                assert!(
                    sent.starts_with(&format!("session={stale}; session=")),
                    "the old one is still there, and first: {sent}"
                );
                let answer = client.get("/").await;
                assert_eq!(answer.text(), "Some(1)", "{kept}, {stale} after {hours} h");
            }
        }
    }
}

/// rails/rails #54838: the size check looked at the value alone, so that a cookie just under the limit vanished.
#[tokio::test]
async fn a_session_is_kept_up_to_what_browsers_keep_of_name_and_value_and_is_an_error_beyond() {
    let name = "s".repeat(40);
    let settings = CookieSettings::new()
        .name(&name)
        .path("/")
        .same_site(SameSite::Strict);
    let config = config(&SecretKey::generate(), settings);
    let client = TestClient::with_config(config, |sessions| {
        routes![fill].with_sessions(sessions.on_refusal(ToString::to_string))
    });

    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    for length in 3700..4200 {
        let noise = noise(length);
        let answer = client.post("/fill").body(noise.clone()).await;
        if answer.status() == 200 {
            kept.push(40 + client.cookies().get(&name).unwrap().len());
            let stored = json!({ "few": "words", "noise": noise });
            assert_eq!(*answer.stored(), Stored::Values(stored));
        } else {
            assert_eq!(answer.status(), 500);
            assert_eq!(*answer.stored(), Stored::Nothing);
            let sentence = answer.text();
            assert!(
                sentence.contains("largest keys are `noise` ("),
                "{sentence}"
            );
            refused.push(size_in(&sentence));
        }
    }
    // One more letter is at the most two more bytes.
    let (largest, smallest) = (kept.iter().max().unwrap(), refused.iter().min().unwrap());
    assert!((4095..=4096).contains(largest), "{largest} bytes were kept");
    assert!(
        (4097..=4098).contains(smallest),
        "{smallest} bytes were refused"
    );
}

#[post("/fill")]
#[session(permanent)]
async fn fill(session: Session, noise: String) -> Result<()> {
    session.set("few", "words")?;
    session.set("noise", noise)
}

/// Text that hardly gets smaller when it is compressed, the same each time.
fn noise(length: usize) -> String {
    let mut state = 1_u64;
    let mut letter = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'#' + u8::try_from((state >> 33) % 57).unwrap())
    };
    (0..length).map(|_| letter()).collect()
}

/// The number in "the cookie would have 4100 bytes".
fn size_in(sentence: &str) -> usize {
    let (_, rest) = sentence.split_once("would have ").unwrap();
    rest.split(' ').next().unwrap().parse().unwrap()
}

fn config(key: &SecretKey, cookie: CookieSettings) -> SessionConfig {
    SessionConfig::new(key.clone()).cookie(cookie).unwrap()
}

fn client(config: SessionConfig) -> TestClient {
    TestClient::with_config(config, |sessions| {
        routes![index, login, logout].with_sessions(sessions)
    })
}

/// The cookie of a visitor who is not logged in, but has a session.
async fn cookie_of(client: &TestClient) -> String {
    client.set_session(json!({ "theme": "dark" })).await;
    let name = client.cookies().names().remove(0);
    client.cookies().get(&name).unwrap()
}
