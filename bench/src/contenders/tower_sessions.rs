//! tower-sessions with its store in memory: no signature and no JSON, but a table behind a lock.

use axum::Router;
use axum::routing::{get, post};
use serde_json::Value;
use tower_sessions::cookie::SameSite;
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

use super::{Contender, Role, axum_alone};
use crate::app::served;
use crate::data::{self, LOGGED_IN, NOBODY};
use crate::visit::COOKIE;

pub(super) const CONTENDER: Contender = Contender {
    id: "tower-sessions",
    name: "tower-sessions 0.15, memory",
    role: Role::StorePeer,
    base_line: axum_alone::ID,
    app: || Box::new(served(router())),
};

fn router() -> Router {
    let layer = SessionManagerLayer::new(MemoryStore::default())
        .with_name(COOKIE)
        .with_same_site(SameSite::Lax);
    Router::new()
        .route("/untouched", get(async || "untouched"))
        .route("/read", get(read))
        .route("/change", post(change))
        .route("/login", post(login))
        .route("/fill/small", post(fill_small))
        .route("/fill/big", post(fill_big))
        .layer(layer)
}

async fn read(session: Session) -> String {
    match session.get::<u64>("user_id").await {
        Ok(Some(user)) => user.to_string(),
        _ => NOBODY.to_owned(),
    }
}

async fn change(session: Session) -> Result<String, String> {
    let visits = session.get::<u64>("visits").await.map_err(said)?;
    let visits = visits.unwrap_or(0) + 1;
    session.insert("visits", visits).await.map_err(said)?;
    Ok(visits.to_string())
}

async fn login(session: Session) -> Result<&'static str, String> {
    session.insert("user_id", LOGGED_IN).await.map_err(said)?;
    Ok("welcome")
}

async fn fill_small(session: Session) -> Result<(), String> {
    fill(&session, data::small()).await
}

async fn fill_big(session: Session) -> Result<(), String> {
    fill(&session, data::big()).await
}

async fn fill(session: &Session, data: Vec<(&'static str, Value)>) -> Result<(), String> {
    for (key, value) in data {
        session.insert_value(key, value).await.map_err(said)?;
    }
    Ok(())
}

fn said(error: impl std::error::Error) -> String {
    error.to_string()
}
