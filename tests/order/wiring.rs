//! Without a route attribute, past `routes![]`, beside the layer or without it.

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::MethodRouter;
use session_runtime::login_required as lr;
use session_runtime::signing::SecretKey;
use session_runtime::{Routes, SessionConfig, SessionLayer, get, routes};

use crate::foreign;
use crate::visit::{app, cookie, log_in, send, sessions, shut, unread};

#[tokio::test]
async fn wired_by_hand() {
    use axum::handler::Handler;
    use axum::routing::{MethodFilter, get, on_service, post};
    let app = Router::new()
        .route("/unrouted", get(unrouted).post(unrouted))
        .route("/routed", get(routed))
        .route("/with-body", post(with_body))
        .route("/whole-request", post(whole_request))
        .route(
            "/service",
            on_service(MethodFilter::GET, routed.with_state(())),
        )
        .route(
            "/middleware",
            MethodRouter::new()
                .get(|| async { "middleware" })
                .layer(from_fn(middleware)),
        )
        .route("/log-in", get(log_in))
        .fallback(fallback)
        .layer(sessions());
    shut(&app, Method::GET, "/unrouted", "unrouted").await;
    shut(&app, Method::HEAD, "/unrouted", "").await;
    shut(&app, Method::POST, "/unrouted", "unrouted").await;
    shut(&app, Method::GET, "/routed", "routed").await;
    shut(&app, Method::POST, "/with-body", "with_body").await;
    shut(&app, Method::POST, "/whole-request", "whole_request").await;
    shut(&app, Method::GET, "/service", "routed").await;
    shut(&app, Method::GET, "/middleware", "middleware").await;
    shut(&app, Method::GET, "/unknown", "fallback").await;
}

#[tokio::test]
async fn where_the_layer_is_forgotten_it_is_shut_for_all() {
    let by_hand: Router = Router::new()
        .route("/with-body", axum::routing::post(with_body))
        .route("/routed", axum::routing::get(routed));
    let unlayered: Routes = routes![routed];
    let unlayered = unlayered.without_sessions();
    for (app, method, path) in [
        (&by_hand, Method::POST, "/with-body"),
        (&by_hand, Method::GET, "/routed"),
        (&unlayered, Method::GET, "/never-asked"),
    ] {
        let answer = send(app, None, method, path, unread()).await;
        assert_eq!(answer.0, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
}

/// librefang/librefang #3895: routes merged after the layer were open. maxcountryman/axum-login #57: they panicked for want of it.
#[tokio::test]
async fn merged_before_or_after_the_layer() {
    let group = || -> Routes { routes![foreign::traced_last, log_in] };
    let late = || -> Routes { routes![routed] };
    let before = Router::new()
        .merge(late().with_sessions(sessions()))
        .merge(group().with_sessions(sessions()));
    let after = Router::new()
        .merge(group().with_sessions(sessions()))
        .merge(late().with_sessions(sessions()));
    let outside = Router::new()
        .merge(late().without_sessions())
        .merge(group().without_sessions())
        .layer(sessions());
    for app in [before, after, outside] {
        shut(&app, Method::GET, "/traced-last", "traced_last").await;
        shut(&app, Method::GET, "/never-asked", "routed").await;
        assert_eq!(
            send(&app, None, Method::GET, "/unknown", unread()).await.0,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn against_cookies_that_are_not_ours() {
    let app = app(routes![routed]);
    let forger = SessionConfig::new(SecretKey::dangerous("another key"));
    let forged: Routes = routes![log_in];
    let forged = cookie(&forged.with_sessions(SessionLayer::new(forger))).await;
    let ours = cookie(&app).await;
    let (name, value) = ours.split_once('=').unwrap();
    let altered = [
        forged,
        format!("{name}="),
        format!("{name}={value}x"),
        format!("{name}=.{value}"),
        value.to_owned(),
    ];
    for cookie in altered {
        let answer = send(&app, Some(&cookie), Method::GET, "/never-asked", unread()).await;
        assert_eq!(answer.0, StatusCode::UNAUTHORIZED, "{cookie}");
    }
}

#[lr]
async fn unrouted() -> &'static str {
    "unrouted"
}

#[get("/never-asked")]
#[lr]
pub async fn routed() -> &'static str {
    "routed"
}

#[lr]
async fn with_body(body: String) -> String {
    format!("with_body{body}")
}

#[lr]
async fn whole_request(_: Request) -> &'static str {
    "whole_request"
}

#[lr]
async fn fallback() -> &'static str {
    "fallback"
}

#[lr]
async fn middleware(request: Request, next: Next) -> Response {
    next.run(request).await
}
