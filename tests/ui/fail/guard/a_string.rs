use session_runtime::prelude::*;

#[get("/")]
#[guard("admin")]
async fn index() {}

fn main() {}
