use session_runtime::prelude::*;

#[get("/")]
#[session(lifetime = "15 minutes")]
async fn index() {}

fn main() {}
