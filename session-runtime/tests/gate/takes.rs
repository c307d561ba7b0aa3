//! When a value that is popped is gone, and when it stays.

use axum::Router;
use http::{Method, StatusCode};
use session_runtime::{get, routes};

use super::{Visitor, header_of, text};

#[tokio::test]
async fn a_prefetch_takes_nothing_and_a_read_is_served() {
    let mut visitor = Visitor::default();
    visitor.get("/notify", &[]).await;
    let early = visitor
        .get("/flash", &[("sec-purpose", "prefetch;prerender")])
        .await;
    assert_eq!(
        (early.status(), header_of(&early, "cache-control")),
        (StatusCode::SERVICE_UNAVAILABLE, Some("no-store"))
    );
    assert_eq!(
        header_of(&early, "vary"),
        None,
        "the session was not looked at"
    );
    assert_eq!(
        text(visitor.get("/flash", &[]).await).await,
        "Some(\"saved\")"
    );
    assert_eq!(text(visitor.get("/flash", &[]).await).await, "None");
    let mut user = Visitor::logged_in().await;
    assert_eq!(
        user.get("/account", &[("sec-purpose", "prefetch")])
            .await
            .status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_head_request_takes_nothing() {
    let mut visitor = Visitor::default();
    visitor.get("/notify", &[]).await;
    visitor.send(Method::HEAD, "/flash", &[], "").await;
    assert_eq!(
        text(visitor.get("/flash", &[]).await).await,
        "Some(\"saved\")"
    );
}

#[tokio::test]
async fn a_request_that_a_later_extractor_refuses_takes_nothing() {
    let mut visitor = Visitor::default();
    visitor.get("/notify", &[]).await;
    let json = [("content-type", "application/json")];
    let refused = visitor.send(Method::POST, "/flash", &json, "no json").await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        text(visitor.send(Method::POST, "/flash", &json, "1").await).await,
        "Some(\"saved\")"
    );
}

#[get("/panics")]
async fn panics(#[session(pop)] _notice: Option<String>) -> &'static str {
    panic!("on purpose")
}

#[tokio::test]
async fn a_panic_that_is_caught_inside_the_layer_gives_back_what_was_taken() {
    use axum::middleware::{Next, from_fn};
    use axum::response::{IntoResponse, Response};
    use session_runtime::testing::TestClient;

    async fn catch(request: axum::extract::Request, next: Next) -> Response {
        match tokio::spawn(next.run(request)).await {
            Ok(response) => response,
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
    let client = TestClient::new(|sessions| {
        let router: Router = routes![panics].without_sessions();
        router.layer(from_fn(catch)).layer(sessions)
    });
    client
        .set_session(serde_json::json!({"_notice": "hi"}))
        .await;
    let answer = client.get("/panics").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.set_cookie().is_empty());
    assert_eq!(client.session().await["_notice"], "hi");
}
