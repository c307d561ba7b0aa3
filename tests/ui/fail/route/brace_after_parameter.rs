use session_runtime::prelude::*;

#[get("/users/{{{id}}}")]
async fn user() {}

fn main() {}
