//! One option twice: the later one is marked.

use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session(key = "uid", pop, key = "user_id")] user: Option<u64>) -> String {
    format!("{user:?}")
}

fn main() {}
