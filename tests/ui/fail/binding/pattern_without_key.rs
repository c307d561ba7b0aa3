use session_runtime::prelude::*;

#[get("/")]
async fn index(#[session] (x, y): (u32, u32)) -> String {
    format!("{x} {y}")
}

fn main() {}
