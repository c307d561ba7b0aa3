//! tokio-rs/axum #2317 and #1629: a body extractor that was not last was a wall of trait bounds.

use axum::extract::{Json, State};
use session_runtime::prelude::*;

#[post("/")]
async fn index(Json(order): Json<u32>, #[session] user_id: Option<u64>, State(()): State<()>) -> String {
    format!("{order} {user_id:?}")
}

fn main() {
    let _: Routes<()> = routes![index];
}
