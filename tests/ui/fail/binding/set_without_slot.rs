use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session(set)] user_id: u64) -> String {
    user_id.to_string()
}

fn main() {}
