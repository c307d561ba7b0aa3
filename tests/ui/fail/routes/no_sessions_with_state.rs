use axum::extract::State;
use session_runtime::prelude::*;

#[get("/")]
async fn index(State(start): State<u64>, #[session] user_id: Option<u64>) -> String {
    format!("{start} {user_id:?}")
}

fn main() {
    let _: axum::Router = routes![index].with_state(3);
}
