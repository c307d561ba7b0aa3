//! The application that is measured, with the sessions of tower-sessions, in the store whose address is the argument.
//!
//! It answers as `../../src/application/mod.rs` says, which starts it.

#[path = "../../src/application/serve.rs"]
mod serve;
mod store;

use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use tower_sessions::{Session, SessionManagerLayer, SessionStore};

type Error = Box<dyn std::error::Error>;

/// What a handler answers where tower-sessions says that something went wrong.
type Result<T> = std::result::Result<T, (StatusCode, String)>;

const NOBODY: &str = "nobody";

fn main() -> std::result::Result<(), Error> {
    let address = std::env::args().nth(1).ok_or(
        "the address of a store is missing: memory, sqlite:FILE, redis://… or postgres://…",
    )?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(store::serve_from(&address))
}

/// Its defaults, but for the cookie's name, which is as long as the other's.
fn router(store: impl SessionStore + Clone) -> Router {
    Router::new()
        .route("/untouched", get(async || "untouched"))
        .route("/read", get(read))
        .route("/write", post(count))
        .route("/visit", post(count))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/user", get(user))
        .route("/key/{name}", get(has_key).put(set_key))
        .route("/slow/{milliseconds}", post(slow))
        .layer(SessionManagerLayer::new(store).with_name("__Host-session"))
}

async fn read(session: Session) -> Result<String> {
    shown(&session, "count").await
}

async fn user(session: Session) -> Result<String> {
    shown(&session, "user_id").await
}

async fn shown(session: &Session, key: &str) -> Result<String> {
    let value = session.get::<u64>(key).await.map_err(said)?;
    Ok(value.map_or_else(|| NOBODY.to_owned(), |value| value.to_string()))
}

async fn count(session: Session) -> Result<String> {
    let count = session.get::<u64>("count").await.map_err(said)?;
    let count = count.unwrap_or(0) + 1;
    session.insert("count", count).await.map_err(said)?;
    Ok(count.to_string())
}

async fn login(session: Session) -> Result<&'static str> {
    session.cycle_id().await.map_err(said)?;
    session.insert("user_id", 1).await.map_err(said)?;
    Ok("welcome")
}

async fn logout(session: Session) -> Result<&'static str> {
    session.flush().await.map_err(said)?;
    Ok("bye")
}

async fn has_key(session: Session, Path(name): Path<String>) -> Result<String> {
    shown(&session, &name).await
}

async fn set_key(session: Session, Path(name): Path<String>) -> Result<&'static str> {
    session.insert(&name, 1).await.map_err(said)?;
    Ok("kept")
}

async fn slow(session: Session, Path(milliseconds): Path<u64>) -> Result<&'static str> {
    session.get::<u64>("user_id").await.map_err(said)?;
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    session.insert("slow", 1).await.map_err(said)?;
    Ok("done")
}

fn said(error: impl std::error::Error) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}
