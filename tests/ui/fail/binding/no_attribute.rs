use session_runtime::prelude::*;

#[get("/")]
async fn index(user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

fn main() {}
