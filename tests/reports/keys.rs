//! Secret keys: which of them signs, and what a process without one does.

use session_runtime::SessionConfig;
use session_runtime::signing::{SecretKey, TokenSigner};

fn keys() -> [SecretKey; 3] {
    [(); 3].map(|()| SecretKey::generate())
}

/// pallets/flask #5690 and pull request 6089, pallets-eco/flask-wtf #675.
#[tokio::test]
async fn fallback_keys_read_and_the_current_key_alone_signs() {
    use session_runtime::prelude::*;
    use session_runtime::testing::TestClient;

    #[post("/visit")]
    async fn visit(#[session(default)] visits: &mut u32) -> String {
        *visits += 1;
        visits.to_string()
    }

    let [k0, k1, k2] = keys();
    let signed_by = |key: &SecretKey| {
        TokenSigner::builder(key.clone())
            .digest(session_runtime::signing::Digest::Sha256)
            .build()
    };
    let config = SessionConfig::new(k2.clone()).fallbacks([k0.clone(), k1.clone()]);
    let client = TestClient::with_config(config, |sessions| routes![visit].with_sessions(sessions));
    for key in [&k0, &k1, &k2] {
        let cookie = signed_by(key).sign(br#"{"visits":6}"#, client.clock().now());
        let answer = client
            .post("/visit")
            .header("cookie", format!("__Host-session={cookie}"))
            .await;
        assert_eq!(answer.text(), "7");
        let written = client.cookies().get("__Host-session").unwrap();
        assert!(signed_by(&k2).verify(&written).is_ok());
        assert!(
            signed_by(&k0).verify(&written).is_err() && signed_by(&k1).verify(&written).is_err()
        );
    }
    // A list that was one text would have made keys of its letters.
    let cookie =
        signed_by(&SecretKey::dangerous("o")).sign(br#"{"visits":6}"#, client.clock().now());
    assert_eq!(
        client
            .post("/visit")
            .header("cookie", format!("__Host-session={cookie}"))
            .await
            .text(),
        "1"
    );
}

/// rwf2/Rocket #2721, maxcountryman/flask-login #388 and #392. That a process without a key warns, and that another's cookie
/// is empty and logged with both causes, is shown on the started program in `tests/quickstart.rs`.
#[test]
fn in_production_a_process_without_a_key_does_not_start() {
    if std::env::var_os("SECRET_KEY").is_none() {
        let error = SessionConfig::from_env().unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("SECRET_KEY is not set; set it to a key of your own"),
            "{error}"
        );
    }
}
