use session_runtime::prelude::*;

const USER_ID: &str = "user_id";

#[get("/")]
async fn index(#[session(key = USER_ID)] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

fn main() {}
