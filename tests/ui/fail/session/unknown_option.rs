use session_runtime::prelude::*;

#[get("/")]
#[session(permanant)]
async fn index() {}

fn main() {}
