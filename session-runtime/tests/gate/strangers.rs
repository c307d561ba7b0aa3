//! Who is let in, and what is said to whoever is not.

use axum::Router;
use axum::routing::{get as wire_get, post as wire_post};
use http::{Method, Request, StatusCode};
use tower::ServiceExt;

use super::{PAGE, Visitor, account, header_of, rows, unread};

#[tokio::test]
async fn a_stranger_gets_what_its_client_understands() {
    let mut stranger = Visitor::default();
    let page = stranger.get("/account?x=1", &[PAGE]).await;
    assert_eq!(
        (page.status(), header_of(&page, "location")),
        (StatusCode::SEE_OTHER, Some("/login?next=/account%3Fx%3D1"))
    );
    let htmx = stranger.get("/account", &[("hx-request", "true")]).await;
    assert_eq!(
        (htmx.status(), header_of(&htmx, "hx-redirect")),
        (StatusCode::UNAUTHORIZED, Some("/login?next=/account"))
    );
    for client in [
        ("accept", "application/json"),
        ("accept", "text/event-stream"),
        ("accept", "*/*"),
    ] {
        let answer = stranger.get("/account", &[client]).await;
        assert_eq!(
            (answer.status(), header_of(&answer, "location")),
            (StatusCode::UNAUTHORIZED, None),
            "{client:?}"
        );
    }
}

#[tokio::test]
async fn a_post_is_sent_to_the_login_page_without_next_and_its_body_is_not_read() {
    let answer = Visitor::default()
        .send(Method::POST, "/rows", &[PAGE], unread())
        .await;
    assert_eq!(
        (answer.status(), header_of(&answer, "location")),
        (StatusCode::SEE_OTHER, Some("/login?theme=dark"))
    );
    let shown = [
        ("hx-request", "true"),
        ("hx-current-url", "https://a.example/list?p=2"),
    ];
    let answer = Visitor::default()
        .send(Method::POST, "/rows", &shown, unread())
        .await;
    assert_eq!(
        header_of(&answer, "hx-redirect"),
        Some("/login?theme=dark&next=/list%3Fp%3D2")
    );
}

#[tokio::test]
async fn a_guarded_login_page_is_no_endless_redirect() {
    assert_eq!(
        Visitor::default().get("/signin", &[PAGE]).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn options_passes_the_login_guard_of_a_handler_that_serves_nothing_else() {
    let answer = Visitor::default()
        .send(Method::OPTIONS, "/rows", &[], "")
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_handler_of_several_methods_is_shut_to_every_one_of_them() {
    for uri in ["/signin", "/listed", "/by-hand"] {
        for method in [
            Method::OPTIONS,
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::from_bytes(b"PURGE").unwrap(),
        ] {
            let answer = Visitor::default()
                .send(method.clone(), uri, &[], unread())
                .await;
            let shut = [StatusCode::UNAUTHORIZED, StatusCode::METHOD_NOT_ALLOWED];
            assert!(shut.contains(&answer.status()), "{method} {uri}");
        }
    }
}

#[tokio::test]
async fn a_user_passes_and_the_answer_is_not_stored_unless_the_handler_says_so() {
    let mut user = Visitor::logged_in().await;
    let answer = user.get("/account", &[]).await;
    assert_eq!(
        (answer.status(), header_of(&answer, "cache-control")),
        (StatusCode::OK, Some("no-store"))
    );
    assert_eq!(header_of(&answer, "vary"), Some("Cookie"));
    assert_eq!(
        header_of(&user.get("/own-cache", &[]).await, "cache-control"),
        Some("private, max-age=60")
    );
    let refused = Visitor::default().get("/account", &[PAGE]).await;
    assert_eq!(header_of(&refused, "cache-control"), Some("no-store"));
}

#[tokio::test]
async fn without_a_layer_a_gated_handler_answers_500_and_stays_shut() {
    let bare: Router = Router::new()
        .route("/a", wire_get(account))
        .route("/rows", wire_post(rows));
    for (method, uri) in [(Method::GET, "/a"), (Method::POST, "/rows")] {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .body(unread())
            .unwrap();
        assert_eq!(
            bare.clone().oneshot(request).await.unwrap().status(),
            StatusCode::INTERNAL_SERVER_ERROR
        );
    }
}
