//! How long a session lives.

use std::time::Duration;

use crate::app::{App, app};
use crate::site::{cookie, stored};

#[tokio::test]
async fn a_session_lives_on_while_it_is_used_and_no_longer() {
    let day = Duration::from_secs(24 * 3600);
    let App { client, .. } = app(stored().permanent_lifetime(10 * day));
    client.get("/login-permanently/1").await;
    for _ in 0..12 {
        client.clock().advance(day);
        let response = client.get("/whoami").await;
        assert_eq!(response.text(), "1");
        assert_eq!(response.set_cookie().len(), 1, "after a tenth of its life");
        assert!(client.get("/whoami").await.set_cookie().is_empty());
    }
    let stolen = cookie(&client).unwrap();
    client.clock().advance(10 * day + Duration::from_secs(1));
    client.cookies().set("__Host-session", &stolen);
    assert_eq!(client.get("/whoami").await.text(), "nobody");
}

#[tokio::test]
async fn an_absolute_lifetime_ends_a_session_that_is_used_all_the_time() {
    let hour = Duration::from_secs(3600);
    let App { client, .. } = app(stored().absolute_lifetime(5 * hour));
    client.get("/login/1").await;
    let stolen = cookie(&client).unwrap();
    for _ in 0..4 {
        client.clock().advance(hour);
        assert_eq!(client.get("/whoami").await.text(), "1");
    }
    client.clock().advance(hour + Duration::from_secs(1));
    client.cookies().set("__Host-session", &stolen);
    assert_eq!(client.get("/whoami").await.text(), "nobody");
}
