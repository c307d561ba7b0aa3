//! What the layer does to requests and responses, seen from outside, on handlers without one of our attributes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test panics"
)]

#[path = "layer/around.rs"]
mod around;
mod common;
#[path = "layer/cookies.rs"]
mod cookies;
#[path = "layer/headers.rs"]
mod headers;
#[path = "layer/refusals.rs"]
mod refusals;
#[path = "layer/saving.rs"]
mod saving;

use axum::Router;
use axum::routing::get as on_get;
use http::StatusCode;
use session_runtime::signing::SecretKey;
use session_runtime::{Session, SessionConfig, SessionLayer};

fn layer() -> SessionLayer {
    SessionLayer::new(SessionConfig::new(SecretKey::generate()))
}

fn app() -> Router {
    routes().layer(layer())
}

fn routes() -> Router {
    Router::new()
        .route("/untouched", on_get(async || "ok"))
        .route("/extracted", on_get(async |_: Session| "ok"))
        .route("/read", on_get(read))
        .route("/write", on_get(write))
        .route(
            "/fail",
            on_get(async |session: Session| (StatusCode::BAD_GATEWAY, write(session).await)),
        )
        .route("/panic", on_get(panic))
        .route("/large", on_get(large))
        .route("/empty", on_get(async |session: Session| session.clear()))
}

async fn read(session: Session) -> session_runtime::Result<String> {
    Ok(session.get("name")?.unwrap_or_else(|| "nobody".to_owned()))
}

async fn write(session: Session) -> session_runtime::Result<&'static str> {
    session.set("name", "Ada")?;
    Ok("ok")
}

async fn panic(session: Session) -> &'static str {
    session.set("name", "Ada").unwrap();
    panic!("on purpose")
}

async fn large(session: Session) -> session_runtime::Result<&'static str> {
    let noise: String = (0..160)
        .map(|_| String::from_utf8(SecretKey::generate().expose_secret().to_vec()).unwrap())
        .collect();
    session.set("noise", noise)?;
    Ok("ok")
}
