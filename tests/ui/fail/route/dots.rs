use session_runtime::prelude::*;

#[get("/admin/../users")]
async fn users() {}

fn main() {}
