use session_runtime::prelude::*;

const USER_ID: Key<u64> = Key::new("user_id");

#[get("/")]
async fn index(#[session(USER_ID)] user_id: Option<u64>) -> String {
    format!("{user_id:?}")
}

fn main() {}
