use session_runtime::prelude::*;

#[get("/")]
#[guard]
async fn index() {}

fn main() {}
