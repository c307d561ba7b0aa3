//! The gate of one handler opens no other.

use session_runtime::prelude::*;

#[get("/")]
#[session(permanent)]
async fn index(session: Session) -> &'static str {
    let _ = session;
    "open"
}

#[get("/admin")]
#[login_required]
async fn admin() -> &'static str {
    "secret"
}

async fn by_hand(gate: Gate<index>) -> &'static str {
    admin(gate).await
}

fn main() {
    let _ = axum::Router::<()>::new().route("/", axum::routing::get(by_hand));
    let _: Routes<()> = routes![index];
}
