//! The routes that the tests of sessions in a store share, and how such a session is configured.

#![allow(dead_code, reason = "each test program uses a part")]

use axum::extract::Path;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;
use session_runtime::store::MemoryStore;
use session_runtime::testing::TestClient;

#[get("/login/{user}")]
pub(crate) async fn login(session: Session, Path(user): Path<u64>) -> Result<()> {
    session.set("user_id", user)
}

#[get("/login-permanently/{user}")]
#[session(permanent)]
pub(crate) async fn login_permanently(session: Session, Path(user): Path<u64>) -> Result<()> {
    session.set("user_id", user)
}

#[get("/whoami")]
pub(crate) async fn whoami(#[session] user_id: Option<u64>) -> String {
    user_id.map_or_else(|| "nobody".to_owned(), |id| id.to_string())
}

#[post("/logout")]
#[session(clear)]
pub(crate) async fn logout() {}

#[post("/sign-out")]
pub(crate) async fn sign_out(#[session(pop)] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

#[post("/renew")]
#[session(renew)]
pub(crate) async fn renew() {}

#[put("/key/{name}/{value}")]
pub(crate) async fn set(
    session: Session,
    Path((name, value)): Path<(String, String)>,
) -> Result<()> {
    session.set(name, value)
}

#[get("/keys")]
pub(crate) async fn keys(session: Session) -> String {
    let mut keys = session.keys();
    keys.sort();
    keys.join(" ")
}

/// Sessions in memory.
pub(crate) fn stored() -> SessionConfig {
    in_cookie().store(MemoryStore::new())
}

pub(crate) fn in_cookie() -> SessionConfig {
    SessionConfig::new(SecretKey::generate())
}

/// What the visitor's cookie says.
pub(crate) fn cookie(client: &TestClient) -> Option<String> {
    client.cookies().get("__Host-session")
}
