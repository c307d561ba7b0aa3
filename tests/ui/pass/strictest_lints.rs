//! What the attributes make raises no lint, however many are denied.
#![deny(warnings, missing_docs, clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(unreachable_pub, unused_qualifications, single_use_lifetimes, unused_results)]

use axum::Router;
use axum::extract::{Json, State};
use axum::response::IntoResponse;
use session_runtime::prelude::*;
use session_runtime::signing::SecretKey;

/// Counts.
///
/// # Errors
///
/// Never.
#[get("/count")]
#[session(permanent, lifetime = "15m")]
pub async fn count(
    #[session(default)] visits: &mut u32,
    #[session(pop)] notice: Option<String>,
    #[session(set)] user_id: Slot<u64>,
    #[session] name: Result<String, SessionError>,
    State(step): State<u32>,
) -> Result<impl IntoResponse> {
    *visits += step;
    user_id.set(5)?;
    Ok(format!("{visits} {notice:?} {}", name.unwrap_or_default()))
}

/// Counts, and leaves at its end alone.
#[post("/tick")]
pub async fn tick(#[session(default)] visits: &mut u32) {
    *visits += 1;
}

/// Never answers.
#[post("/wait")]
pub async fn wait(#[session(default)] visits: &mut u32) -> String {
    loop {
        *visits += 1;
        std::future::pending::<()>().await;
    }
}

/// Guarded.
#[login_required]
#[post("/guarded")]
pub async fn guarded(session: Session, Json(name): Json<String>) -> Result<()> {
    session.set("name", name)
}

/// Leads on.
#[get("/next")]
pub async fn next() -> String {
    let page = 2;
    url_for!(count, page = page + 1, of = "all")
}

fn main() {
    let config = SessionConfig::new(SecretKey::generate());
    let _: Router = routes![count, tick, wait, guarded, next].with_sessions(SessionLayer::new(config)).with_state(1);
}
