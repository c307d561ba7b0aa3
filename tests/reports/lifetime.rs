//! Lifetimes that are set while the application runs.

use std::time::Duration;

use serde_json::json;
use session_runtime::StoredSessions;
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;

use crate::kept::either_way;

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
    for (kept, config) in either_way() {
        for path in ["/permanent", "/lifetime", "/set-permanent", "/set-lifetime"] {
            let what = format!("{path}, {kept}");
            let (client, stored) = client(config.clone()).await;
            let name = client.cookies().names().remove(0);
            assert_eq!(client.cookies().expires(&name), None, "{what}");

            let answer = client.post(path).await;
            let in_ten_minutes = client.clock().now() + TEN_MINUTES.as_secs();
            assert_eq!(
                client.cookies().expires(&name),
                Some(in_ten_minutes),
                "{what}"
            );
            let value = client.cookies().get(&name).unwrap();
            assert_eq!(answer.set_cookie().len(), 1, "{what}");
            // The session ends at that instant too, also for whoever has kept the cookie.
            if let Some(stored) = &stored {
                let record = stored.of_user(&1).await.unwrap().remove(0);
                assert_eq!(record.expires_at, in_ten_minutes, "{what}");
            } else {
                client.clock().set(in_ten_minutes);
                client.cookies().set(&name, &value);
                assert_eq!(client.session().await, json!({ "user_id": 1 }), "{what}");
            }
            client.clock().set(in_ten_minutes + 1);
            client.cookies().set(&name, &value);
            assert_eq!(client.session().await, json!({}), "{what}");

            client.login(1).await;
            client.post(path).await;
            let answer = client.post("/until-the-browser-ends").await;
            let lines = answer.set_cookie();
            assert_eq!(lines.len(), 1, "{what}");
            assert!(
                !lines[0].contains("Expires") && !lines[0].contains("Max-Age"),
                "{what}: {}",
                lines[0]
            );
            assert_eq!(client.cookies().expires(&name), None, "{what}");
            client.restart_browser();
            assert_eq!(client.session().await, json!({}), "{what}");
        }
    }
}

/// A visitor whose session ends with the browser, and the store where there is one.
async fn client(config: SessionConfig) -> (TestClient, Option<StoredSessions>) {
    let mut stored = None;
    let config = config
        .permanent_lifetime(TEN_MINUTES)
        .browser_lifetime(TEN_MINUTES / 2);
    let client = TestClient::with_config(config, |sessions| {
        stored = sessions.stored_sessions();
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
    (client, stored)
}
