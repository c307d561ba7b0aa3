use session_runtime::prelude::*;

#[get("/")]
fn index() -> &'static str {
    "hello"
}

fn main() {}
