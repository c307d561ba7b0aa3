//! Lifetimes that are set while the application runs.

use std::time::Duration;

use serde_json::json;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::testing::TestClient;

const TEN_MINUTES: Duration = Duration::from_secs(600);

#[post("/permanent")]
#[session(permanent)]
async fn permanent() {}

#[post("/lifetime")]
#[session(lifetime = "10m")]
async fn lifetime() {}

#[post("/set-permanent")]
async fn set_permanent(session: Session) -> Result<()> {
    session.set_permanent(true)
}

#[post("/set-lifetime")]
async fn set_lifetime(session: Session) -> Result<()> {
    session.set_lifetime(TEN_MINUTES)
}

#[post("/until-the-browser-ends")]
async fn until_the_browser_ends(session: Session) -> Result<()> {
    session.set_permanent(false)
}

/// maxcountryman/tower-sessions #178 and #147: a lifetime that was set at run time did not reach the cookie, and a session
/// that should end with the browser had a date.
#[tokio::test]
async fn a_lifetime_set_at_run_time_is_the_cookie_s_and_the_session_s_until_it_is_taken_back() {
    for path in ["/permanent", "/lifetime", "/set-permanent", "/set-lifetime"] {
        let client = client().await;
        let name = client.cookies().names().remove(0);
        assert_eq!(client.cookies().expires(&name), None, "{path}");

        let answer = client.post(path).await;
        let in_ten_minutes = client.clock().now() + TEN_MINUTES.as_secs();
        assert_eq!(
            client.cookies().expires(&name),
            Some(in_ten_minutes),
            "{path}"
        );
        let value = client.cookies().get(&name).unwrap();
        assert_eq!(answer.set_cookie().len(), 1, "{path}");

        // The session ends at that instant too, also for whoever has kept the cookie.
        client.clock().set(in_ten_minutes);
        client.cookies().set(&name, &value);
        assert_eq!(client.session().await, json!({ "user_id": 1 }), "{path}");
        client.clock().advance(Duration::from_secs(1));
        client.cookies().set(&name, &value);
        assert_eq!(client.session().await, json!({}), "{path}");

        client.login(1).await;
        client.post(path).await;
        let answer = client.post("/until-the-browser-ends").await;
        let lines = answer.set_cookie();
        assert_eq!(lines.len(), 1, "{path}");
        assert!(
            !lines[0].contains("Expires") && !lines[0].contains("Max-Age"),
            "{path}: {}",
            lines[0]
        );
        assert_eq!(client.cookies().expires(&name), None, "{path}");
        client.restart_browser();
        assert_eq!(client.session().await, json!({}), "{path}");
    }
}

/// A visitor whose session ends with the browser.
async fn client() -> TestClient {
    let config = SessionConfig::new(SecretKey::generate()).permanent_lifetime(TEN_MINUTES);
    let client = TestClient::with_config(config, |sessions| {
        let routes = routes![
            permanent,
            lifetime,
            set_permanent,
            set_lifetime,
            until_the_browser_ends
        ];
        routes.with_sessions(sessions)
    });
    client.login(1).await;
    client
}
