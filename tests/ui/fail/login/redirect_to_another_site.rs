use session_runtime::prelude::*;

#[get("/")]
#[login_required(redirect = "//evil.example/login")]
async fn index() {}

fn main() {}
