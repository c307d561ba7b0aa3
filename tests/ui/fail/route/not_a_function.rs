use session_runtime::prelude::*;

#[get("/")]
struct Index;

fn main() {}
