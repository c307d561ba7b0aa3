use axum::extract::FromRequestParts;
use session_runtime::prelude::*;

#[get("/")]
async fn index(user: impl FromRequestParts<()>) {
    let _ = user;
}

fn main() {}
