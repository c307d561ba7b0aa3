//! The sessions of one user.

use std::num::NonZeroU32;
use std::time::Duration;

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
