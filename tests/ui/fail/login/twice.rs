//! One attribute twice: the later one is marked.

use session_runtime::prelude::*;

#[login_required]
#[get("/")]
#[login_required(redirect = "/login")]
async fn index() {}

fn main() {}
