use session_runtime::prelude::*;

struct App;

impl App {
    #[get("/")]
    async fn index(&self) {}
}

fn main() {}
