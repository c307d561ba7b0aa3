use session_runtime::prelude::*;

#[get("/files/*path")]
async fn file() {}

fn main() {}
