//! The application with this project's sessions, with the settings that it recommends.

use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;

use crate::Error;

const COUNT: Key<u64> = Key::new("count");
const USER: Key<u64> = Key::new("user_id");
const NOBODY: &str = "nobody";

pub(super) fn router(address: &str) -> Result<Router, Error> {
    let config = SessionConfig::new(SecretKey::generate()).store_at(address)?;
    let routes = routes![
        untouched, read, write, visit, login, logout, user, has_key, set_key, slow
    ];
    Ok(routes.with_sessions(SessionLayer::new(config)))
}

#[get("/untouched")]
async fn untouched() -> &'static str {
    "untouched"
}

#[get("/read")]
async fn read(#[session(key = COUNT)] count: Option<u64>) -> String {
    shown(count)
}

#[post("/write")]
async fn write(session: Session) -> Result<String> {
    let count = session.get(COUNT)?.unwrap_or(0) + 1;
    session.set(COUNT, count)?;
    Ok(count.to_string())
}

#[post("/visit")]
async fn visit(#[session(default, key = COUNT)] count: &mut u64) -> String {
    *count += 1;
    count.to_string()
}

#[post("/login")]
#[session(renew)]
async fn login(#[session(set, key = USER)] user: Slot<u64>) -> Result<&'static str> {
    user.set(1)?;
    Ok("welcome")
}

#[post("/logout")]
#[session(clear)]
async fn logout() -> &'static str {
    "bye"
}

#[get("/user")]
async fn user(#[session(key = USER)] user: Option<u64>) -> String {
    shown(user)
}

#[get("/key/{name}")]
async fn has_key(session: Session, Path(name): Path<String>) -> Result<String> {
    Ok(shown(session.get::<u64>(name)?))
}

#[put("/key/{name}")]
async fn set_key(session: Session, Path(name): Path<String>) -> Result<&'static str> {
    session.set(name, 1)?;
    Ok("kept")
}

#[post("/slow/{milliseconds}")]
async fn slow(session: Session, Path(milliseconds): Path<u64>) -> Result<&'static str> {
    session.get(USER)?;
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    session.set("slow", 1)?;
    Ok("done")
}

fn shown(value: Option<u64>) -> String {
    value.map_or_else(|| NOBODY.to_owned(), |value| value.to_string())
}
