use session_runtime::prelude::*;

#[get("/users/<int:id>")]
async fn user() {}

fn main() {}
