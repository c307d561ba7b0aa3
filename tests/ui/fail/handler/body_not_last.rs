use axum::extract::{Json, State};
use session_runtime::prelude::*;

#[post("/")]
async fn index(Json(order): Json<u32>, #[session] user_id: Option<u64>, State(()): State<()>) -> String {
    format!("{order} {user_id:?}")
}

fn main() {
    let _: Routes<()> = routes![index];
}
