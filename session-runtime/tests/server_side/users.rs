//! The sessions of one user.

use std::num::NonZeroU32;
use std::time::Duration;

use session_runtime::SessionConfig;
use session_runtime::flask::SessionProtection;
use session_runtime::signing::SecretKey;
use session_runtime::store::SessionId;
use session_runtime::testing::TestClient;

use crate::app::{App, app};
use crate::site::{cookie, stored};

#[tokio::test]
async fn a_users_sessions_are_listed_and_ended_one_by_one_or_together() {
    let App { client, stored, .. } = app(stored());
    let phone = client.another();
    client.get("/login/1").await;
    phone.clock().advance(Duration::from_secs(5));
    phone.get("/login/1").await;
    client.another().get("/login/2").await;
    let records = stored.of_user(&1).await.unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!(records[1].created_at - records[0].created_at, 5);
    let of = |client: &TestClient| -> SessionId { cookie(client).unwrap()[..22].parse().unwrap() };
    assert_eq!(records[0].id, of(&client));
    let shown = format!("{records:?}");
    assert!(!shown.contains(&cookie(&client).unwrap()[23..]));

    assert_eq!(stored.end_others_of_user(&1, of(&phone)).await, Ok(1));
    assert_eq!(client.get("/whoami").await.text(), "nobody");
    assert_eq!(phone.get("/whoami").await.text(), "1");
    assert_eq!(stored.end(of(&phone)).await, Ok(true));
    assert_eq!(stored.end(of(&phone)).await, Ok(false));
    assert_eq!(phone.get("/whoami").await.text(), "nobody");
}

#[tokio::test]
async fn one_login_more_than_is_allowed_ends_the_oldest() {
    let App { client, .. } = app(stored().sessions_per_user(NonZeroU32::new(2).unwrap()));
    let browsers = [client.another(), client.another(), client.another()];
    for browser in &browsers {
        browser.get("/login/1").await;
        browser.clock().advance(Duration::from_secs(1));
    }
    let mut who = Vec::new();
    for browser in &browsers {
        who.push(browser.get("/whoami").await.text());
    }
    assert_eq!(who, ["nobody", "1", "1"]);
}

/// Python escapes what is not ASCII, and nobody who asks for the user's sessions does.
#[tokio::test]
async fn a_user_whose_id_flask_has_spelled_is_the_same_user() {
    let flask = SessionConfig::flask(SecretKey::generate());
    let config = stored()
        .also_read(flask.clone(), "2199-12-31")
        .unwrap()
        .sessions_per_user(NonZeroU32::new(1).unwrap());
    let App { client, stored, .. } = app(config);
    let (first, second) = (client.another(), client.another());
    for client in [&first, &second] {
        let session = r#"{"user_id":"Jos\u00e9 \ud83d\ude42"}"#;
        let now = client.clock().now();
        let flasks = flask.serializer().encode(session, now).unwrap();
        client.cookies().set("session", &flasks);
        assert_eq!(client.get("/keys").await.text(), "user_id");
        client.clock().advance(Duration::from_secs(1));
    }
    assert_eq!(stored.of_user(&"José 🙂").await.unwrap().len(), 1);
    assert_eq!(first.get("/keys").await.text(), "");
    assert_eq!(stored.end_all_of_user(&"José 🙂").await, Ok(1));
    assert_eq!(second.get("/keys").await.text(), "");
}

/// Flask-Login keeps an id as a text, whatever it is.
#[tokio::test]
async fn a_user_whose_id_is_a_number_is_found_where_flask_login_keeps_a_text() {
    let config = stored().flask_login(SessionProtection::Basic).unwrap();
    let App { client, stored, .. } = app(config);
    client.post("/log-in/7").await;
    assert_eq!(stored.of_user(&7).await.unwrap().len(), 1);
    assert_eq!(stored.of_user(&"7").await.unwrap().len(), 1);
    assert_eq!(stored.end_all_of_user(&7).await, Ok(1));
}
