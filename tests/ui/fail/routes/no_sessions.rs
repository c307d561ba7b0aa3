use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

fn main() {
    let _: axum::Router = routes![index];
}
