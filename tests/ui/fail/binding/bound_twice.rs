use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session] visits: Option<u32>, #[session(key = "visits", default)] more: &mut u32) -> String {
    *more += visits.unwrap_or(0);
    more.to_string()
}

fn main() {}
