//! How long a session lives.

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use session_runtime::prelude::*;
use session_runtime::testing::TestClient;

use crate::app::{App, app, visit};
use crate::site::{cookie, login_permanently, stored};

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

/// A middleware, perhaps, which has no need of the lease.
#[tokio::test]
async fn a_cookie_lives_on_although_another_has_looked_before_the_handler_that_updates() {
    let client = TestClient::with_config(stored(), |sessions| -> Router {
        let looks =
            from_fn(async |_: Session, request: Request, next: Next| next.run(request).await);
        let routes = routes![login_permanently, visit].without_sessions();
        routes.layer(looks).layer(sessions)
    });
    client.get("/login-permanently/1").await;
    client.clock().advance(Duration::from_hours(4 * 24));
    let expires = client.clock().now() + 31 * 24 * 60 * 60;
    client.post("/visit").await;
    assert_eq!(client.cookies().expires("__Host-session"), Some(expires));
}
