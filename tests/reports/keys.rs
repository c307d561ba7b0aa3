//! Keys that have been replaced, and keys that differ.

use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;

use crate::log::Log;

#[get("/")]
async fn index(#[session(default)] visits: &mut u32) -> String {
    *visits += 1;
    visits.to_string()
}

/// pallets/flask #5690 and #6089, pallets-eco/flask-wtf #675: new cookies were signed with an old key.
#[tokio::test]
async fn every_fallback_is_read_and_the_current_key_alone_signs() {
    for settings in [SessionConfig::new, SessionConfig::flask] {
        let [oldest, old, current] = [(); 3].map(|()| SecretKey::generate());
        let rotated = || settings(current.clone()).fallbacks([oldest.clone(), old.clone()]);
        for key in [&oldest, &old, &current] {
            let before = client(settings(key.clone()));
            assert_eq!(before.get("/").await.text(), "1");

            let after = client(rotated());
            hand_over(&before, &after);
            assert_eq!(after.get("/").await.text(), "2", "it is read");

            for (key, text) in [(&current, "3"), (&old, "1"), (&oldest, "1")] {
                let alone = client(settings(key.clone()));
                hand_over(&after, &alone);
                assert_eq!(alone.get("/").await.text(), text);
            }
        }
        // A list that was taken apart into letters would accept this one.
        let letter = client(settings(SecretKey::dangerous("o")));
        letter.get("/").await;
        let rotated = client(rotated().fallbacks([SecretKey::dangerous("oldsecret")]));
        hand_over(&letter, &rotated);
        assert_eq!(rotated.get("/").await.text(), "1");
    }
}

/// rwf2/Rocket #2721, maxcountryman/flask-login #388 and #392: where each worker made a key of its own, users were logged
/// out at random.
#[tokio::test]
async fn a_cookie_of_another_worker_s_key_reads_as_empty_and_the_log_says_why() {
    let workers = [(); 3].map(|()| client(SessionConfig::new(SecretKey::generate())));
    workers[0].set_session(json!({ "visits": 41 })).await;
    for other in &workers[1..] {
        hand_over(&workers[0], other);
        let log = Log::new();
        let answer = other.get("/").await;
        assert_eq!(
            (answer.status().as_u16(), answer.text().as_str()),
            (200, "1")
        );
        let text = log.text();
        for cause in ["another key", "altered", "SECRET_KEY"] {
            assert!(text.contains(cause), "`{cause}` is not in {text}");
        }
    }
}

fn client(config: SessionConfig) -> TestClient {
    TestClient::with_config(config, |sessions| routes![index].with_sessions(sessions))
}

/// Gives one application's cookie to the other, as a browser does after a restart or behind a load balancer.
fn hand_over(from: &TestClient, to: &TestClient) {
    let name = from.cookies().names().remove(0);
    to.cookies().set(&name, &from.cookies().get(&name).unwrap());
}
