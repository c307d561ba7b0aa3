use session_runtime::prelude::*;

#[get("/")]
#[session(permanent, renew, permanent)]
async fn index() {}

fn main() {}
