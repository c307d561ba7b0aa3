use session_runtime::prelude::*;

#[get("/")]
#[session(read_only, renew)]
async fn index() {}

fn main() {}
