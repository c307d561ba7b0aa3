use session_runtime::prelude::*;

trait App {
    #[get("/")]
    async fn index(#[session] user_id: Option<u64>) -> String;
}

fn main() {}
