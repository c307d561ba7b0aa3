use session_runtime::prelude::*;

struct App;

impl App {
    #[get("/")]
    async fn index(&self, #[session] user_id: Option<u64>) -> String {
        format!("{user_id:?}")
    }
}

fn main() {}
