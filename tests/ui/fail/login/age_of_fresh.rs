use session_runtime::prelude::*;

#[get("/email")]
#[login_required(fresh = "10m")]
async fn email() {}

fn main() {}
