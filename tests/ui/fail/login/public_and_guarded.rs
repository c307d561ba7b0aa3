use session_runtime::prelude::*;

#[get("/")]
#[login_required]
#[public]
async fn index() {}

fn main() {}
