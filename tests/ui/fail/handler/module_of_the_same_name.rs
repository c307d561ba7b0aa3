use session_runtime::prelude::*;

mod admin {}

#[get("/admin")]
async fn admin() {}

fn main() {}
